"""What was reached: KPI values derived from the tables that yield them, else taken as stated (methods 5, 0.2).

`DERIVED` is the registry: add a `Derived` to it and every scorecard can use it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import month_label, month_numbers
from mktanalytics.metrics.kpi._execution import execution_rates_of
from mktanalytics.metrics.kpi._kpi_rows import OfEntity, Query, Tables, of_each, ratio, sums_of
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Figure, Status, figure, need_columns
from mktanalytics.metrics.share._market import market_cells
from mktanalytics.metrics.survey.satisfaction import net_promoter_score, satisfaction
from mktanalytics.settings import Settings


@dataclass(frozen=True)
class Derived:
    """A KPI that tables yield: its names, its unit, whether months add up, and how it is computed."""

    name: str
    english: str
    aliases: tuple[str, ...]
    tables: tuple[str, ...]
    unit: str  # money (in the currency of its rows), units, fraction or pp
    flow: bool
    compute: Callable[[Tables, Query, Settings], OfEntity]


def plain_name(name: str) -> str:
    """A KPI's name without brackets, blanks and case: "月度销售额（万元）" is 销售额.

    >>> plain_name("月度销售额（万元）"), plain_name("NPS (分)")
    ('销售额', 'nps')
    """
    text = re.sub(r"\(.*?\)|\[.*?\]|\s", "", unicodedata.normalize("NFKC", name)).lower()
    return re.sub(r"^(月度|当月|本月|年度|季度)(?=.)", "", text)


def derived_kpi(name: str) -> Derived | None:
    """The entry of the registry that a KPI's name means, or None.

    >>> derived_kpi("月度销售额（万元）").name
    '销售额'
    >>> derived_kpi("工作态度") is None
    True
    """
    return _BY_NAME.get(plain_name(name))


def kpi_word(name: str, language: str = "zh") -> str:
    """A KPI's name as a report in `language` shows it: one that tables yield has an English name.

    >>> kpi_word("月度销售额（万元）", "en"), kpi_word("工作态度", "en"), kpi_word("费销比")
    ('Sales', '工作态度', '费销比')
    """
    known = derived_kpi(name) if language == "en" else None
    return known.english if known else name


@checked
def derived_actuals(kpi: str, tables: Tables, query: Query, settings: Settings) -> Callable[[str], Figure]:
    """The value the tables yield for a KPI of each entity, or a figure whose status and note say why they don't.

    Parameters
    ----------
    kpi : a name in the registry, Chinese or English.
    tables : tidy tables by name; those that are missing yield nothing.
    query : level of the entities, and months.

    Returns
    -------
    A function that gives an entity's figure: what all of them share is computed once.
        unit the currency of the rows (such as `cny`), `units`, `fraction` or `pp`. `na_missing` when the KPI isn't in the registry, a table
        is absent, a month of the span has no rows, or the entity isn't found: missing is not zero.

    Source
    ------
    methods 0.2 (ratios of sums), 0.6, 5.

    Examples
    --------
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2026-10-01"] * 2), "period": "day",
    ...     "region": ["华东", "华南"], "amount": [3e6, 2e6]})
    >>> query = Query("region", (2026 * 12 + 9,))  # 2026 年 10 月
    >>> of = derived_actuals("销售额（万元）", {"sales": sales}, query, Settings())
    >>> of("华东").value, of("华南").value
    (3000000.0, 2000000.0)
    """
    entry = derived_kpi(kpi)
    if entry is None:
        return lambda entity: _none(say("no_source"))
    absent = [t for t in entry.tables if t not in tables or tables[t].empty]
    if absent:
        return lambda entity: _none(say("no_table", "、".join(absent)), entry.unit)
    try:
        of = entry.compute(tables, query, settings)
    except MetricError as error:
        refused = _none(error.sentence(), entry.unit)
        return lambda entity: refused

    def told(entity: str) -> Figure:
        try:
            return of(entity)
        except MetricError as error:
            return _none(error.sentence(), entry.unit)

    return told


def _none(note: str, unit: str = "", status: Status = Status.MISSING) -> Figure:
    return Figure(None, unit, status, note=note)


# ---- the KPIs


def _sales(measure: str) -> Callable[[Tables, Query, Settings], OfEntity]:
    return lambda tables, query, settings: sums_of(tables, "sales", measure, query)


def _share(measure: str) -> Callable[[Tables, Query, Settings], OfEntity]:
    def compute(tables: Tables, query: Query, settings: Settings) -> OfEntity:
        if not settings.own_brands:
            raise MetricError(say("no_own_brands"))
        return of_each(
            tables["market"], "market", query, lambda rows: _own_share(rows, measure, query, settings)
        )

    return compute


def _own_share(market: pd.DataFrame, measure: str, query: Query, settings: Settings) -> Figure:
    by = [] if query.company and query.level != "region" else ["region"]
    source = settings.methods.market_source or None
    cells = market_cells(market, measure=measure, by=by, months=query.months, source=source)
    gaps = sorted(set(query.months) - set(cells.months))
    if gaps:
        raise MetricError(say("no_months", "market", "、".join(month_label(m) for m in gaps)))
    brands = cells.brands[cells.brands["m"].isin(query.months)]
    own = brands[brands["brand"].isin(settings.own_brands)]
    if own.empty:
        raise MetricError(say("no_own_rows"))
    total = float(cells.markets.loc[cells.markets["m"].isin(query.months), "market"].sum())
    return ratio(float(own["value"].sum()), total, n=own["brand"].nunique(), note=cells.note)


def _cost_to_sales(tables: Tables, query: Query, settings: Settings) -> OfEntity:
    """Recognised marketing cost over sales of the same months (methods 4.7, 费销比)."""
    spend = tables["spend"]
    if "status" in spend:
        spend = spend[spend["status"].fillna("recognised").isin(["recognised", "paid"])]
    costs = sums_of({"spend": spend}, "spend", "amount", query)
    sold = sums_of(tables, "sales", "amount", query)

    def of(entity: str) -> Figure:
        cost, sales = costs(entity), sold(entity)
        if cost.unit != sales.unit:
            raise MetricError(say("two_currencies", cost.unit.upper(), sales.unit.upper()))
        note = join(say("rate_cost"), cost.note, sales.note)
        return ratio(cost.value or 0.0, sales.value or 0.0, note=note)

    return of


def _survey(
    metric: Callable[..., pd.DataFrame], prefer: tuple[str, ...]
) -> Callable[[Tables, Query, Settings], OfEntity]:
    def of_latest(rows: pd.DataFrame, query: Query, settings: Settings) -> Figure:
        need_columns(rows, ["month", "question"], metric="scorecard (survey)")
        rows = rows.assign(m=month_numbers(rows["month"]))
        waves = metric(rows[rows["m"] <= query.months[-1]], by=["m"], settings=settings)
        if waves.empty:
            raise MetricError(say("no_question"))
        latest = waves[waves["m"] == waves["m"].max()]
        chosen = _headline_question(latest, prefer)
        wave = say("wave", month_label(int(chosen["m"])), chosen["question"])
        found = figure(chosen)
        return replace(found, note=join(wave, found.note))

    return lambda tables, query, settings: of_each(
        tables["survey"], "survey", query, lambda rows: of_latest(rows, query, settings)
    )


def _headline_question(latest: pd.DataFrame, prefer: tuple[str, ...]) -> pd.Series:
    """The one question a KPI means: the only one, or the only one that speaks of the whole."""
    if len(latest) > 1:
        words = latest["question"].astype("str").str.lower().str.contains("|".join(prefer))
        latest = latest[words] if words.any() else latest
    if len(latest) > 1:
        raise MetricError(say("many_questions", len(latest), "、".join(latest["question"])))
    return latest.iloc[0]


_OVERALL = ("总体", "整体", "综合", "overall")

DERIVED: tuple[Derived, ...] = (
    Derived("销售额", "Sales", ("销售金额", "销售收入", "销售业绩", "营业额", "sales", "salesamount", "revenue",
                    "netsales", "salesrevenue"), ("sales",), "money", True, _sales("amount")),
    Derived("销量", "Units sold", ("销售量", "销售数量", "units", "salesvolume", "unitssold"), ("sales",), "units", True, _sales("units")),
    Derived("市场份额", "Market share", ("市场占有率", "份额", "占有率", "销售额份额", "销售额市场份额", "marketshare", "valueshare", "share"),
            ("market",), "fraction", False, _share("amount")),
    Derived("销量份额", "Volume share", ("销量市场份额", "volumeshare"), ("market",), "fraction", False, _share("units")),
    Derived("顾客满意度", "Customer satisfaction", ("客户满意度", "满意度", "消费者满意度", "用户满意度", "满意率", "t2b", "csat", "satisfaction",
                      "customersatisfaction"), ("survey",), "fraction", False, _survey(satisfaction, _OVERALL)),
    Derived("NPS", "NPS", ("净推荐值", "推荐值", "净推荐率", "netpromoterscore"), ("survey",), "pp", False,
            _survey(net_promoter_score, _OVERALL)),
    Derived("预算执行率", "Budget execution rate", ("费用预算执行率", "预算使用率", "budgetexecution", "budgetexecutionrate", "executionrate"),
            ("budget",), "fraction", False, execution_rates_of),
    Derived("费销比", "Cost to sales", ("费用率", "营销费用率", "市场费用率", "费销率", "营销费销比", "costtosales", "marketingcostratio",
                    "costtosalesratio"), ("spend", "sales"), "fraction", False, _cost_to_sales),
)  # fmt: skip
_BY_NAME = {plain_name(name): d for d in DERIVED for name in (d.name, *d.aliases)}
