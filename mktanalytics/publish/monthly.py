"""The main job: workbooks → tidy tables → notebooks → PDFs, for one month."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mktanalytics import store
from mktanalytics.errors import UsageError
from mktanalytics.ingest.clean import Cleaned
from mktanalytics.ingest.files import list_files
from mktanalytics.ingest.folder import clean_folder
from mktanalytics.metrics.through import LEADING, latest_complete_month
from mktanalytics.settings import Settings
from mktanalytics.settings_file import FILE, load_settings
from mktanalytics.turns import Say


@dataclass(frozen=True)
class Source:
    """Where the workbooks come from: the user's folder, or the sample company while that is empty."""

    raw: Path
    settings: Settings
    sample: bool


def choose_source(raw: Path, root: Path) -> Source:
    """The user's workbooks if there is a single one; else the sample company, whose settings apply then."""
    if raw.is_dir() and not list_files(raw) and (root / "examples" / "raw").is_dir():
        settings_file = root / "examples" / FILE
        os.environ["MKTANALYTICS_SETTINGS"] = str(settings_file)  # the notebooks' kernels read it too
        return Source(root / "examples" / "raw", load_settings(settings_file), sample=True)
    return Source(raw, load_settings(), sample=False)


def clean_source(
    source: Source,
    processed: Path,
    progress: Callable[[int, int, str], None] | None = None,
    say: Say = print,
) -> Cleaned:
    """Clean what `choose_source` chose."""
    return clean_folder(
        source.raw, processed, source.settings, sample=source.sample, progress=progress, say=say
    )


def report_names(notebooks: Path) -> list[str]:
    """Every report there is: the notebooks of the folder."""
    return sorted(p.stem for p in notebooks.glob("*.ipynb"))


def check_request(names: Sequence[str], month: str | None, notebooks: Path) -> None:
    """Refuse, before anything runs, a place without reports, a report that there isn't, a month that is none."""
    known = report_names(notebooks)
    if not known:
        raise UsageError(
            ("这里没有报告", "there are no reports here"),
            where=str(notebooks),
            found=("没有 .ipynb 笔记本", "no .ipynb notebook"),
            todo=(
                "在项目文件夹（含 mktanalytics.toml 和 notebooks/）里运行",
                "run it inside the project's folder, which holds mktanalytics.toml and notebooks/",
            ),
        )
    unknown = [n for n in names if n not in known]
    if unknown:
        raise UsageError(
            (f"没有报告 {'、'.join(unknown)}", f"there is no report {', '.join(unknown)}"),
            expected=", ".join(known),
            todo=("选用其中之一", "use one of these names"),
        )
    if month is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise UsageError(
            ("不是月份", "not a month"),
            found=repr(month),
            expected=("形如 2026-10 的月份", "a month such as 2026-10"),
            todo=("写作 --month 2026-10", "write --month 2026-10"),
        )


def report_month(text: str | None, processed: Path) -> str:
    """The month as YYYY-MM: as given, else the latest complete one in the data.

    Raises
    ------
    UsageError
        `text` lies outside the data, or no table has a complete month.
    """
    months = _months(processed)
    if text is None:
        latest = latest_complete_month(months)
        if latest is None:
            raise UsageError(
                ("没有数据表含有完整月份，无法出报告", "no table has a complete month to report on"),
                where=str(processed),
                found=", ".join(store.available(processed)) or ("没有任何数据表", "no tables"),
                todo=(
                    "看上面的清单中每个工作簿缺什么，或指明月份：--month 2026-10",
                    "see the list of blocks above for what each workbook lacks, or name the month: --month 2026-10",
                ),
            )
        return f"{latest:%Y-%m}"
    _refuse_outside(text, months)
    return text


def _months(processed: Path) -> dict[str, pd.DataFrame]:
    """The leading tables, reduced to their time columns."""
    frames = {}
    for name in LEADING:
        if name in store.available(processed):
            known = store.table(name).names
            frames[name] = store.rollup(
                name,
                by=[c for c in ("month", "period", "date") if c in known],
                measures=[],
                processed=processed,
            )
    return frames


def _refuse_outside(text: str, months: dict[str, pd.DataFrame]) -> None:
    seen = (
        pd.concat([f["month"] for f in months.values()]).dropna()
        if months
        else pd.Series(dtype="datetime64[us]")
    )
    wanted = pd.Timestamp(dt.date.fromisoformat(f"{text}-01"))
    if len(seen) and not seen.min() <= wanted <= seen.max():
        raise UsageError(
            (f"没有 {text} 的数据", f"there are no data for {text}"),
            found=(
                f"数据从 {seen.min():%Y-%m} 到 {seen.max():%Y-%m}",
                f"data from {seen.min():%Y-%m} to {seen.max():%Y-%m}",
            ),
            todo=(
                "选择其间的月份，或把缺的工作簿放进 data/raw",
                "choose a month in between, or drop the missing workbooks into data/raw",
            ),
        )  # fmt: skip
