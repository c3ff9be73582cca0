"""Clean a whole folder of workbooks and put the tidy tables in the place of the old ones."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from mktanalytics import store
from mktanalytics.disk import writing
from mktanalytics.errors import UsageError
from mktanalytics.ingest.clean import Cleaned, clean
from mktanalytics.ingest.files import list_files
from mktanalytics.ingest.place import refuse_place
from mktanalytics.ingest.readers.read import close_readers
from mktanalytics.ingest.returning.send_back import FOLDER, write_send_back
from mktanalytics.settings import Settings
from mktanalytics.swap import recover
from mktanalytics.turns import Say, alone


def clean_folder(
    raw: Path,
    processed: Path,
    settings: Settings,
    *,
    sample: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
    say: Say = print,
) -> Cleaned:
    """Workbooks in `raw` → tidy tables, ledger, issues and manifest in `processed`, whole or not at all.

    Parameters
    ----------
    say
        Hears that another run is waited for.

    Raises
    ------
    UsageError
        `raw` is no folder, or holds no file; or `processed` holds what is not ours to replace.
    DiskError
        The system refuses to write there; the old state stays.
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
    place = processed.resolve()  # a link stays a link
    refuse_place(raw, place)
    with alone(place, say):
        recover(place)
        cleaned = clean(raw, settings, progress=progress)

        def send_back(folder: Path) -> None:
            write_send_back(raw, cleaned.issues, cleaned.ledger, folder / FOLDER)

        with writing(processed):
            store.write(
                cleaned.tables,
                cleaned.ledger,
                cleaned.issues,
                _manifest(cleaned, sample),
                place,
                send_back,
                conflicts=cleaned.conflicts,
            )
    close_readers()
    return cleaned


def _manifest(cleaned: Cleaned, sample: bool) -> dict[str, object]:
    packages = ("mktanalytics", "pandas", "pyarrow", "python-calamine")
    return {
        "sample": sample,
        "inputs": [{"file": f, "sha256": sha, "bytes": size} for f, sha, size in cleaned.inputs],
        "rows": {name: len(frame) for name, frame in sorted(cleaned.tables.items())},
        "versions": {p: version(p) for p in packages},
    }
