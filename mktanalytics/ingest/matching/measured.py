"""Which measure bare months and labels hold, when it was, and in what unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mktanalytics.ingest.knowledge import Knowledge
from mktanalytics.ingest.matching.claimed import claims_of
from mktanalytics.ingest.matching.evidence import OF_WHAT_WAS
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.matching.when import head_periods, occasion
from mktanalytics.ingest.sheets.vocabulary import is_total_heading
from mktanalytics.ingest.wording import Both
from mktanalytics.numbers import key
from mktanalytics.unit_notes import scales_said, unread_scale

_YEAR, _MONTH, _YEAR_AND_MONTH = (
    Both("年份", "a year"),
    Both("月份", "a month"),
    Both("年份和月份", "year and month"),
)
_ENDS_IN_SCALE = re.compile(r"[\s_-](?:k|m|w|mn|mm|bn)$", re.IGNORECASE)  # Sales K
_SHORT = ("day", "month")  # a whole year is no month, and only some tables can say how long a period is


def measured(u: Understood, match: Match, known: Knowledge) -> Understood:
    """What the cells under bare months or labels hold: said in a total's header, a title, or by the unit."""
    bare = [r for r in match.roles if r.kind in ("period", "label") and not r.column]
    if not bare:
        return u
    default = next(
        w.value
        for w in match.table.wide
        if w.over == match.over or (not match.over and w == match.table.over_time)
    )
    rivals = [c.name for c in match.table.columns if c.additive]
    if match.over == "question" or len(rivals) < 2 or default not in rivals or match.table.name == "budget":
        return replace(u, measure=default)
    rivals += [c for group in match.table.one_of for c in group if match.table.column(c).kind == "rate"]
    measure = _said(u, match, rivals, known)
    if measure is None:
        return replace(u, measure=default, trouble=Trouble("measure_unknown"))
    return replace(u, measure=measure)


def _said(u: Understood, match: Match, rivals: Sequence[str], known: Knowledge) -> str | None:
    table = match.table
    for heading, role in zip(u.headings, match.roles, strict=True):
        if role.kind == "total" and (
            role.column in rivals or any(is_total_heading(x) for x in heading.levels)
        ):
            named = [
                c.column
                for level in heading.levels
                for c in claims_of(table, level, known.words)
                if c.column in rivals
            ]
            if named or role.column in rivals:
                return (named or [role.column])[0]
    for text in u.context.texts:
        found = {c.column for word, claims in known.words.items() for c in claims
                 if c.table == table.name and c.column in rivals and len(word) >= 2 and word in key(text)
                 and word not in ("value", "volume", "sales", "总量", "数量", "金额")}  # fmt: skip
        if len(found) == 1:
            return found.pop()
    kinds = {unit.kind for unit in u.units} | {
        h.unit.kind
        for h, r in zip(u.headings, match.roles, strict=True)
        if h.unit and r.kind in ("period", "label")
    }
    if kinds & {"money", "count"} and len(kinds & {"money", "count"}) == 1:
        wanted = "money" if "money" in kinds else "number"
        return next((n for n in rivals if table.column(n).kind == wanted), None)
    return None


def timed(u: Understood, match: Match) -> Understood:
    """Give the month headers their years, and refuse what has no time at all."""
    if u.trouble:
        return u
    mapped = match.mapped
    compared = match.table.name in OF_WHAT_WAS  # a plan for the year may well stand in the report of a month
    periods = head_periods(u.headings, match.roles, u.when, _years_in_rows(u, mapped), compared)
    u = replace(u, periods=periods)
    if periods.problem == "no_period":
        return replace(u, trouble=Trouble("no_period", {"what": _YEAR}, value=periods.shown[:80]))
    if periods.problem:
        return replace(u, trouble=Trouble(periods.problem, value=periods.shown[:80]))
    if "period" not in match.table.names and (
        long := [x for x in periods.periods.values() if x.length not in _SHORT]
    ):
        return replace(u, trouble=Trouble("no_period", {"what": _MONTH}, value=long[0].label()))
    needs = any("month" in group for group in match.table.one_of)
    own = {"month", "date"} & set(mapped) & {c for g in match.table.one_of for c in g} or any(
        r.kind == "period" for r in match.roles
    )
    if needs and not own:
        if u.when.conflict:
            return replace(
                u,
                trouble=Trouble(
                    "period_conflict", {"first": u.when.conflict[0], "second": u.when.conflict[1]}
                ),
            )
        if u.when.period is not None and u.when.period.length == "year" and occasion(u.context.texts):
            return replace(u, trouble=Trouble("no_period", {"what": _MONTH}))
        days = next((i for i, r in enumerate(match.roles) if r.near == "date"), None)
        if u.when.period is None and days is not None:
            return replace(u, trouble=_nearly_dated(u, days))
        if u.when.period is None:
            what = _YEAR if u.when.span else _YEAR_AND_MONTH
            return replace(u, trouble=Trouble("no_period", {"what": what}))
        if u.when.period.length not in _SHORT and "period" not in match.table.names:
            return replace(u, trouble=Trouble("no_period", {"what": _MONTH}, value=u.when.period.label()))
        if u.when.period.length == "day" and days is not None:  # the day of the title is that of the export
            return replace(u, trouble=_nearly_dated(u, days))
    return _unit_gate(u, match)


def _years_in_rows(u: Understood, mapped: Mapping[str, int]) -> bool:
    """Whether a column beside the months across may hold their years: 月份 over the names of products does not."""
    place = mapped.get("month")
    return place is not None and u.profiles[place].numbers + u.profiles[place].dates > 0


def _nearly_dated(u: Understood, place: int) -> Trouble:
    """A column of days that nobody knows, where the table needs one."""
    words = {"header": u.header_of(place), "near": Both("日期(date)", "date")}
    return Trouble("nearly_named", words, cell=u.cell(u.block.header[-1], place))


def _unit_gate(u: Understood, match: Match) -> Understood:
    """A unit stated above the table must be the unit of something in it, and be understood."""
    kinds = _unit_kinds(u, match)
    money = {unit.currency: unit.written for unit in u.units if unit.kind == "money"}
    if len(money) > 1 and "money" in kinds:
        return replace(u, trouble=Trouble("two_currencies", value="、".join(money.values())))
    if unread := _unread_unit(u, match):
        return replace(u, trouble=Trouble("unread_unit", value=unread[:80]))
    unused = next(
        (unit for unit in u.units if unit.kind in ("money", "count", "rate") and unit.kind not in kinds), None
    )
    return replace(u, trouble=Trouble("unused_unit", value=unused.written)) if unused else u


def _unread_unit(u: Understood, match: Match) -> str:
    """What seems to say the scale of figures whose own header says none, and can't be read, or is said in two ways."""
    bare = [
        h.written
        for h, role in zip(u.headings, match.roles, strict=True)
        if role.kind in ("column", "period", "label")
        and h.unit is None
        and _is_sized(match, role.column or u.measure)
    ]
    two = len(scales_said(u.units)) > 1
    said = "、".join(unit.written for unit in u.units) if two else u.scale_unread
    return next((h for h in bare if unread_scale(h) or _ENDS_IN_SCALE.search(h)), said if bare else "")


def _is_sized(match: Match, name: str) -> bool:
    """Whether a column's figures may be written in thousands: amounts and quantities."""
    return name in match.table.names and match.table.column(name).kind in ("money", "count", "number")


def _unit_kinds(u: Understood, match: Match) -> set[str]:
    names = [r.column or u.measure for r in match.roles if r.kind in ("column", "period", "label")]
    columns = [match.table.column(n) for n in names if n in match.table.names]
    kinds = {"money": {"money"}, "number": {"count"}, "count": {"count"}, "rate": {"rate"}}
    free = any(c.kind == "number" and not c.unit for c in columns)
    return {"money", "count", "rate"} if free else {k for c in columns for k in kinds.get(c.kind, set())}
