"""Whether a folder may be replaced by tidy tables: never the workbooks, never what somebody else put there."""

from __future__ import annotations

import json
from pathlib import Path

from mktanalytics.errors import UsageError
from mktanalytics.ingest.returning.send_back import FOLDER
from mktanalytics.store import BOOKS, MANIFEST

_CHOOSE = ("另选一个专用文件夹：--processed DIR", "choose a folder of its own: --processed DIR")


def refuse_place(raw: Path, processed: Path) -> None:
    """Refuse to replace a folder that holds anything but an earlier run's tables.

    Raises
    ------
    UsageError
        It holds the workbooks, lies among them, is a file, or holds files that we did not write.
    """
    place, source = processed.resolve(), raw.resolve()
    if place.is_relative_to(source) or source.is_relative_to(place):
        raise UsageError(
            (
                "数据表不能写到这里：该文件夹会被整个替换，而工作簿就在其中或在其上级",
                "the tidy tables can't go there: this folder is replaced as a whole, and the workbooks lie in it or around it",
            ),
            where=str(processed),
            todo=_CHOOSE,
        )
    if place.exists() and not place.is_dir():
        raise UsageError(
            ("数据表需要一个文件夹，而这是一个文件", "the tidy tables need a folder, and this is a file"),
            where=str(processed),
            todo=_CHOOSE,
        )
    others = sorted(_names(place) - _ours(place)) if place.is_dir() else []
    if others:
        raise UsageError(
            (
                "该文件夹会被数据表整个替换，而其中有不是本程序写的文件",
                "the tidy tables replace this folder as a whole, and it holds files that are not ours",
            ),
            where=str(processed),
            found=", ".join(others[:3]),
            todo=(f"把它们移走，或{_CHOOSE[0]}", f"move them elsewhere, or {_CHOOSE[1]}"),
        )


def _names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if not p.name.startswith(".")}


def _ours(folder: Path) -> set[str]:
    """What an earlier run wrote, by its manifest."""
    try:
        tables = json.loads((folder / MANIFEST).read_text("utf-8"))["rows"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {MANIFEST, FOLDER, *(f"{name}.parquet" for name in (*BOOKS, *tables))}


def refuse_reports(raw: Path, reports: Path) -> None:
    """Refuse to write reports among the workbooks, where the next run would read them.

    Raises
    ------
    UsageError
        `reports` lies in `raw`.
    """
    if reports.resolve().is_relative_to(raw.resolve()):
        raise UsageError(
            (
                "报告不能写到工作簿的文件夹里，那里从不写入",
                "reports can't go among the workbooks, where nothing is ever written",
            ),
            where=str(reports),
            todo=("另选文件夹：--reports DIR", "choose another folder: --reports DIR"),
        )
