"""The words of the budget metrics, apart from the arithmetic: note and band texts in both languages."""

from __future__ import annotations

from mktanalytics.metrics.result import need_known

UNSPECIFIED = "未注明"  # a key the row leaves blank: kept as a group of its own, never dropped

_WORDS: dict[str, tuple[str, str]] = {
    # ---- denominators (methods 4.2: always name them)
    "per_ba_year": ("分母：调整后预算（全年）", "denominator: adjusted budget, full year"),
    "per_ba_ytd": ("分母：调整后预算（本年累计）", "denominator: adjusted budget, year to date"),
    "per_ba_month": ("分母：调整后预算（当月）", "denominator: adjusted budget, month"),
    "per_b0_year": ("分母：年初预算（全年）", "denominator: original budget, full year"),
    "per_b0_ytd": ("分母：年初预算（本年累计）", "denominator: original budget, year to date"),
    "per_b0_month": ("分母：年初预算（当月）", "denominator: original budget, month"),
    "per_sales": ("分母：同期销售额", "denominator: sales of the same months"),
    # ---- where the numbers come from
    "actual_from_budget": (
        "实际额取自预算表自带的实际列（本年度无费用凭证）",
        "actuals are those stated on the budget sheet (no vouchers this fiscal year)",
    ),
    "no_commitments": ("无承诺额数据，可用余额未扣除占用", "no commitments known: available is BA − A"),
    "no_actuals": ("本年度无费用数据", "no spend in this fiscal year"),
    "no_budget": ("本年度无预算数据", "no budget in this fiscal year"),
    "missing_months": ("缺 {n} 个月费用数据：{months}", "spend missing for {n} months: {months}"),
    "missing_sales": ("缺 {n} 个月，两边均不计：{months}", "{n} months left out on both sides: {months}"),
    "carry_over": ("另有上年结转 {amount}，未计入预算", "{amount} carried over beside it, not in the budget"),
    "with_carry_over": ("含结余", "carry-over included"),
    "credit_line": ("预算为负（收入或贷项），不计算比率", "negative budget (income or credit line): no rate"),
    "unbudgeted": ("预算外支出", "unbudgeted"),
    "doubled": (
        "有预算行同时给出全年数与分月数，以全年数为准，不重复计",
        "some lines are planned both by year and by months: the year's figure counts, once",
    ),
    "holiday_month": (
        "1、2 月单月受春节影响，请看 1–2 月合计",
        "January and February alone: see both together",
    ),
    # ---- pace
    "pace_phased": ("序时进度：分月计划累计/全年", "pace: phased plan to date / full year"),
    "pace_months": ("序时进度：月数/12", "pace: months / 12"),
    "pace_days": ("序时进度：天数/全年天数", "pace: days / days of the year"),
    "pace_fallback": ("无可用分月计划，序时进度按月数/12", "no usable phased plan: pace is months / 12"),
    "pace_partly": (
        "其中 {share} 的预算只有全年数，按月均摊",
        "{share} of the budget has no months: spread evenly",
    ),
    "pace_grey": (
        "年初不足 {n} 个月，不评色（春节在 1–2 月间移动）",
        "fewer than {n} months: no colour (Spring Festival moves between January and February)",
    ),
    "pace_january": (
        "截至 1 月，春节前后未合并，差距仅供参考",
        "up to January: Spring Festival falls on one side only, read the gap with care",
    ),
    "partial_month": ("数据截至 {day}，当月按天数折算", "data through {day}: the month counts by its days"),
    # ---- bands
    "behind": ("滞后", "Behind"),
    "normal": ("正常", "Normal"),
    "watch": ("关注", "Watch"),
    "over_pace": ("超进度", "Over pace"),
    "grey": ("暂不评", "Too early"),
    "warning": ("预警", "Warning"),
    "frozen": ("冻结", "Frozen"),
    "none": ("—", "—"),
    # ---- variance
    "favourable": ("有利", "favourable"),
    "unfavourable": ("不利", "unfavourable"),
    "nil": ("无差异", "none"),
}


def word(key: str, language: str = "zh", **values: object) -> str:
    """The text for `key` in `language` (zh or en), with `values` filled in.

    Raises
    ------
    MetricError
        `language` is neither zh nor en.

    >>> word("behind"), word("behind", "en")
    ('滞后', 'Behind')
    >>> word("missing_months", n=1, months="2026-03")
    '缺 1 个月费用数据：2026-03'
    """
    need_known(language, ("zh", "en"), ("语言", "language"))
    need_known(key, _WORDS, ("用语", "word"))
    zh, en = _WORDS[key]
    return (zh if language == "zh" else en).format(**values)


def join_notes(*notes: str, language: str = "zh") -> str:
    """The notes that say something, in one line."""
    return ("；" if language == "zh" else "; ").join(n for n in notes if n)
