"""Words the blocks and the PDF use, in Chinese and English. Data, so that they can be read in one place."""

from __future__ import annotations

from mktanalytics import language as tongue
from mktanalytics.errors import UsageError
from mktanalytics.language import LANGUAGES, pick, spoken
from mktanalytics.metrics.result import Status

WORDS: dict[str, tuple[str, str]] = {
    "total": ("合计", "Total"),
    # the frame of a page
    "table": ("表", "Table"),
    "report_month": ("报告期", "Report month"),
    "data_through": ("数据截至", "Data through"),
    "edition": ("版本", "Edition"),
    "regions": ("区域范围", "Regions"),
    "sample": ("示例数据", "SAMPLE DATA"),
    "warning": ("注意", "Warning"),
    "info": ("说明", "Note"),
    "page": ("第 {page} 页 / 共 {pages} 页", "Page {page} of {pages}"),
    "note": ("注：", "Note: "),
    "continued": ("（续）", " (continued)"),
    "no_rows": ("没有符合条件的记录。", "There are no such records."),
    "contents": ("目录", "Contents"),
    "evidence": ("数据依据", "Evidence"),
    "unit": ("单位", "Unit"),
    "status": ("状态", "Status"),
    "value": ("数值", "Value"),
    "numerator": ("分子", "Numerator"),
    "denominator": ("分母", "Denominator"),
    "n": ("样本量", "n"),
    "sheet": ("工作表", "Sheet"),
    "row": ("行", "Row"),
    "column": ("列", "Column"),
    "remark": ("备注", "Remark"),
    "yuan_sheet": (
        "金额单位为元，比率为小数，未经四舍五入。",
        "Money in full currency units, rates as fractions, nothing rounded.",
    ),
    # charts
    "unit_mark": ("单位：{unit}", "{unit}"),
    "reach_mark": ("竖线为目标，斜纹为未达标", "line: target; hatched: missed"),
    "stay_under_mark": ("竖线为上限，斜纹为超出", "line: limit; hatched: exceeded"),
    "cut_axis": ("纵轴未从零开始", "axis does not start at zero"),
    # data quality
    "file": ("文件", "File"),
    "tidy_table": ("数据表", "Table"),
    "rows_in": ("读入行", "Rows in"),
    "rows_tidy": ("入库行", "Used"),
    "rows_quarantined": ("隔离行", "Quarantined"),
    "rows_ignored": ("忽略行", "Ignored"),
    "files": ("{n} 个文件", "files: {n}"),
    "other_files": ("其余 {n} 个文件", "other files: {n}"),
    "unrecognised": ("未识别", "not recognised"),
    "ledger_caption": ("数据来源与行数核对", "Where the data came from, and where every row went"),
    "ledger_note": (
        "读入行 = 入库行 + 隔离行 + 忽略行。标题、空行、小计等为忽略行；无法确定的数据被隔离，不进入本报告。",
        "Rows in = used + quarantined + ignored. Titles, blank lines and subtotals are ignored; "
        "what is not certain is quarantined and is not in this report.",
    ),
    "issues_caption": ("待处理的数据问题", "Data problems to put right"),
    "issues_more": (
        "另有 {more} 条问题，见 issues.parquet 或数据问题清单。",
        "{more} more are in issues.parquet and in the workbook of problems.",
    ),
    "where": ("位置", "Where"),
    "problem": ("问题", "Problem"),
    "todo": ("处理办法", "What to do"),
    "count": ("条数", "Count"),
    "error": ("错误", "Error"),
    "missing_tables": (
        "缺少数据表：{tables}。凡需要它们的内容均未列出。",
        "Missing tables: {tables}. What needs them is left out.",
    ),
    "unbalanced": (
        "行数不平：{files}。请重新运行数据清洗。",
        "Rows do not balance in {files}: clean the data again.",
    ),
    "conflict_note": (
        "有 {rows} 行与另一份来源说法不同，双方都保留在 conflicts 表中，都未计入本报告；写明以哪份为准后重新清洗。",
        "{rows} rows disagree with another source: both sides are kept in conflicts, and neither counts in this report "
        "until somebody says which to trust.",
    ),
    "outvoted_note": (
        "有 {rows} 行与另一份来源说法不同，已按设置以另一份为准。",
        "{rows} rows disagree with another source, which counts instead, as the settings say.",
    ),
    "quarantine_note": (
        "有 {rows} 行数据被隔离，未计入本报告的任何数字。",
        "{rows} rows are quarantined and count in no figure of this report.",
    ),
    "no_issues": ("未发现数据问题。", "No data problems were found."),
}

# what a cell says where a figure has no value, and what a footnote says where it has one all the same
STATUS_WORDS: dict[Status, tuple[str, str]] = {
    Status.MISSING: ("缺数据", "no data"),
    Status.ZERO_BASE: ("无基数", "no base"),
    Status.NONPOSITIVE_BASE: ("基数≤0", "base ≤ 0"),
    Status.INCOMPLETE_PERIOD: ("期间不全", "incomplete"),
    Status.SMALL_BASE: ("样本不足", "small n"),
    Status.NEW: ("新增", "new"),
    Status.DISCONTINUED: ("已停", "ended"),
    Status.UNBUDGETED: ("预算外", "unbudgeted"),
    Status.CLAMPED: ("已截断", "clamped"),
    Status.COVERAGE: ("口径不符", "coverage"),
}
FOOTNOTES: dict[Status, tuple[str, str]] = {
    Status.MISSING: ("部分数据缺失", "part of the data is missing"),
    Status.INCOMPLETE_PERIOD: ("期间数据不全", "the period is incomplete"),
    Status.SMALL_BASE: ("样本量小，仅供参考", "small sample, indicative only"),
    Status.NEW: ("本期新增", "new in this period"),
    Status.DISCONTINUED: ("本期已停止", "ended"),
    Status.UNBUDGETED: ("预算外", "unbudgeted"),
    Status.CLAMPED: ("按上下限截断", "cut at its cap or floor"),
    Status.COVERAGE: (
        "自有销售超过市场总量，口径不符",
        "own sales exceed the market's total: coverage differs",
    ),
}


def speak(language: str) -> None:
    """Set the language that blocks made from here on speak, and errors: `zh` or `en`."""
    if language not in LANGUAGES:
        raise UsageError(
            (f"没有语言 {language!r}", f"unknown language {language!r}"),
            expected=("、".join(LANGUAGES), " or ".join(LANGUAGES)), todo=("选用其中之一", "use one of these"),
        )  # fmt: skip
    tongue.use(language)


def W(key: str, language: str | None = None, **values: object) -> str:  # noqa: N802 - short, as gettext's _()
    """The wording called `key` in `language` (default: the one spoken), filled with `values`."""
    return pick(WORDS[key], language or spoken()).format(**values)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def month_words(year: int, month: int, language: str) -> str:
    """2026年10月, or Oct 2026."""
    return f"{year}年{month}月" if language == "zh" else f"{MONTHS[month - 1]} {year}"
