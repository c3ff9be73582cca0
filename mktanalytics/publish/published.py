"""What was published, why not, and what it was made of."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from mktanalytics.disk import write_whole
from mktanalytics.engines import without_password
from mktanalytics.errors import MktError
from mktanalytics.settings import Settings

MANIFEST = "manifest.json"
PACKAGES = ("mktanalytics", "numpy", "pandas", "pyarrow", "duckdb", "matplotlib", "typst", "mpl-font")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Published:
    """The outcome of one report.

    `published` has its files; `not published` has the reason it would be wrong or incomplete, and is no
    failure; `failed` has the error, and `files` names the notebook marked at the failing cell.
    """

    name: str
    outcome: Literal["published", "not published", "failed"]
    files: tuple[Path, ...] = ()
    reason: str = ""
    error: MktError | None = None

    @property
    def failed(self) -> bool:
        return self.outcome == "failed"


def processed_manifest(processed: Path) -> dict[str, Any]:
    """What ingestion says about the tables it wrote; empty if it never ran."""
    path = processed / MANIFEST
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def record(
    folder: Path,
    stem: str,
    *,
    outcome: str,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, Any],
    settings: Settings,
    files: Mapping[str, bytes],
    reason: str = "",
) -> None:
    """Enter one report in the month's manifest, beside the others."""
    entry = {
        "outcome": outcome,
        "reason": reason,
        "parameters": dict(parameters),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "sample": bool(inputs.get("sample", False)),
        "inputs": inputs.get("inputs", []),
        "versions": {name: version(name) for name in PACKAGES},
        "settings": asdict(settings) | {"engine": without_password(settings.engine)},
    }
    with _one_at_a_time:
        path = folder / MANIFEST
        known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        reports = known.get("reports", {}) | {stem: entry}
        content = {"month": parameters["month"], "reports": dict(sorted(reports.items()))}
        write_whole({path: (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()})
