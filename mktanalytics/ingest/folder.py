"""Clean a whole folder of workbooks and put the tidy tables in the place of the old ones."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from mktanalytics import store
from mktanalytics.errors import MktError, UsageError
from mktanalytics.ingest.clean import Cleaned, clean, list_files
from mktanalytics.ingest.returning.send_back import FOLDER, write_send_back
from mktanalytics.settings import Settings

WAIT_SECONDS = 600  # for another run to finish


def clean_folder(
    raw: Path,
    processed: Path,
    settings: Settings,
    *,
    sample: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Cleaned:
    """Workbooks in `raw` → tidy tables, ledger, issues and manifest in `processed`, whole or not at all.

    Raises
    ------
    UsageError
        `raw` is no folder, or holds no file.
    MktError
        Another run holds `processed` for longer than ten minutes.
    """
    if not raw.is_dir():
        raise UsageError(
            ("没有这个文件夹", "there is no such folder"),
            where=str(raw),
            todo=("用 --raw 指明存放工作簿的文件夹", "name the folder with your workbooks: --raw DIR"),
        )
    if not list_files(raw):
        raise UsageError(
            ("文件夹里没有工作簿", "the folder holds no workbook"),
            where=str(raw),
            todo=("把 .xlsx、.xls 或 .csv 文件放进去", "drop .xlsx, .xls or .csv files into it"),
        )
    processed.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(processed.parent / f".{processed.name}.lock", timeout=WAIT_SECONDS)
    try:
        with lock:
            cleaned = clean(raw, settings, progress=progress)

            def send_back(folder: Path) -> None:
                write_send_back(raw, cleaned.issues, cleaned.ledger, folder / FOLDER)

            store.write(
                cleaned.tables,
                cleaned.ledger,
                cleaned.issues,
                _manifest(cleaned, sample),
                processed,
                send_back,
            )
    except Timeout:
        raise MktError(
            ("另一次运行仍在写入", "another run is still writing there"),
            where=str(processed),
            todo=("等它结束，或先停止它", "wait for it, or stop it"),
        ) from None
    return cleaned


def _manifest(cleaned: Cleaned, sample: bool) -> dict[str, object]:
    packages = ("mktanalytics", "pandas", "pyarrow", "python-calamine")
    return {
        "sample": sample,
        "inputs": [{"file": f, "sha256": sha, "bytes": size} for f, sha, size in cleaned.inputs],
        "rows": {name: len(frame) for name, frame in sorted(cleaned.tables.items())},
        "versions": {p: version(p) for p in packages},
    }
