"""What a report starts from: its tables up to its month, or a refusal that says what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from mktanalytics import store
from mktanalytics.display import Block, Note, quality_blocks, speak
from mktanalytics.errors import NotPublishedError
from mktanalytics.metrics.periods.renames import KeyGroup, by_one_name, key_groups
from mktanalytics.metrics.share._market import choose_source
from mktanalytics.metrics.through import LEADING, complete_month, data_through
from mktanalytics.publish.large import report_table
from mktanalytics.publish.problems import problems_of
from mktanalytics.publish.refusals import missing, too_early
from mktanalytics.settings import Settings
from mktanalytics.settings_file import load_settings
from mktanalytics.tables import table

PLANS = ("budget", "targets")  # they speak of months to come: how far they reach says nothing about the data


@dataclass(frozen=True)
class Inputs:
    """The tables of one report, and what its last page says about them."""

    month: pd.Timestamp
    language: str
    settings: Settings
    tables: Mapping[str, pd.DataFrame]  # those it uses; a table nobody delivered is an empty frame
    needed: tuple[str, ...]
    through: dt.date
    regions: tuple[str, ...] = ()
    renamed: tuple[
        KeyGroup, ...
    ] = ()  # keys that had other names; those still one are under one name in the tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def has(self, name: str) -> bool:
        """Did any workbook give this table?"""
        return len(self.tables[name]) > 0

    def cut(self, name: str, *by: str) -> pd.DataFrame:
        """A table for a figure that cuts it by other columns: its rows or, where it was summed, sums by these."""
        frame = self.tables[name]
        return report_table(name, self.month, by=by, regions=self.regions) if "rows" in frame else frame

    def either(self, zh: str, en: str) -> str:
        """The words in the report's language."""
        return zh if self.language == "zh" else en

    @property
    def own_brands(self) -> list[str]:
        """The own brands that the settings name, else the brands of the sales table."""
        if self.settings.own_brands:
            return list(self.settings.own_brands)
        if "sales" not in self.tables:
            return []
        return sorted(self.tables["sales"]["brand"].dropna().unique().tolist())

    def origin(self, *names: str) -> str:
        """What stands under a chart: the tables it is made of, of which the data-quality page names the files."""
        held = [table(n) for n in names if self.has(n)]
        return self.either(
            f"来源：{'、'.join(kind.zh for kind in held)}。",
            f"Source: {', '.join(kind.en.lower() for kind in held)}. ",
        )

    def same_keys(self, *columns: str) -> str:
        """What stands under a table by `columns`: which keys are compared though they changed their names."""
        return "".join(self._same_key(g) for g in self.renamed if g.column in columns)

    def _same_key(self, group: KeyGroup) -> str:
        was, now = "、".join(group.was), "、".join(group.now)
        if group.split:
            return self.either(
                f"{was} 自 {group.since} 起分为 {now}：同比按 {group.label} 合计与原 {was} 比较。",
                f" {was} became {now} in {group.since}: last year's {was} is compared with {group.label} together.",
            )
        return self.either(
            f"{now} 在 {group.since} 之前名为 {was}，按同一口径比较。",
            f" Before {group.since} {now} was {was}: both are compared as one.",
        )

    def own_in_market(self) -> list[str]:
        """The own brands that the market data know.

        Raises
        ------
        NotPublishedError
            No own brand is named, or the market data know none of them.
        """
        there = set(self.tables["market"]["brand"].dropna())
        own = [b for b in self.own_brands if b in there]
        if own:
            return own
        brands = "、".join(sorted(there)[:12])
        todo = 'mktanalytics.toml: own_brands = ["…"]'
        if self.own_brands:
            lost = "、".join(self.own_brands)
            what = self.either(
                f"市场数据中没有自有品牌 {lost}", f"the market data know none of the own brands {lost}"
            )
        else:
            what = self.either("没有说明哪些是自有品牌", "nobody has said which brands are our own")
        raise NotPublishedError(what, found=brands, todo=todo)

    def cautions(self) -> list[Block]:
        """What must stand on the report's face: a month that is not over, an own brand nobody counts, several sources."""
        notes: list[Block] = []
        if complete_month(self.through) < self.month.date():
            notes.append(self._unfinished())
        if "market" in self.tables and self.has("market"):
            lost = sorted(set(self.own_brands) - set(self.tables["market"]["brand"].dropna()))
            if lost:
                names = "、".join(lost)
                notes.append(Note(
                    self.either(
                        f"市场数据中没有自有品牌 {names}：其份额未计入自有品牌合计。",
                        f"The market data lack the own brand {names}: it is in no share of our own brands.",
                    ),
                    kind="warning",
                ))  # fmt: skip
            notes += self._sources()
        return notes

    def _sources(self) -> list[Block]:
        """Which of several market sources the figures are of; another may give another share."""
        market = self.tables["market"]
        months = market[market["period"].fillna("month") == "month"]
        names = sorted(months["source"].dropna().unique())
        if len(names) < 2:
            return []
        rows, _ = choose_source(months, self.settings.methods.market_source or None)
        chosen, every = rows["source"].iloc[0], "、".join(names)
        todo = 'mktanalytics.toml: [methods] market_source = "…"'
        return [Note(
            self.either(
                f"市场数据有 {len(names)} 个来源（{every}），口径可能不同；本报告只用“{chosen}”。换用其他来源：{todo}",
                f"The market data have {len(names)} sources ({', '.join(names)}), which may disagree; "
                f"this report uses {chosen} alone. To use another: {todo}",
            ),
            kind="warning",
        )]  # fmt: skip

    def _unfinished(self) -> Note:
        return Note(
            self.either(
                f"数据截至 {self.through:%Y-%m-%d}，本月尚未结束：本月数字不完整，不宜与整月比较。",
                f"The data end on {self.through:%Y-%m-%d}: this month is not over, its figures are incomplete and not "
                "comparable with whole months.",
            ),
            kind="warning",
        )

    def quality(self) -> list[Block]:
        """The data-quality page."""
        facts = {n: frame for n, frame in self.tables.items() if n not in PLANS}
        reach = {n: end for n, frame in facts.items() if (end := data_through(frame)) is not None}
        words = [
            f"{table(n).zh if self.language == 'zh' else table(n).en} {end:%Y-%m-%d}"
            for n, end in reach.items()
        ]
        through = self.either(
            "各表数据截至：" + "；".join(words) + "。", "Data through: " + "; ".join(words) + "."
        )
        return [Note(through), *quality_blocks(
            store.load("ledger"),
            problems_of(list(self.tables)),
            store.manifest(),
            list(self.tables),
            self.through,
            self.language,
        )]  # fmt: skip


def report_inputs(
    month: str,
    language: str,
    *,
    need: Sequence[str],
    monthly: Sequence[str] = (),
    any_of: Sequence[str] = (),
    use: Sequence[str] = (),
    by: Mapping[str, Sequence[str]] | None = None,
    regions: Sequence[str] = (),
) -> Inputs:
    """Load the tables `need` and `use`, and set the language the report's blocks speak.

    Parameters
    ----------
    month : YYYY-MM.
    need : tables without which the report is not published.
    monthly : those of them that must hold rows of the very month, not of a year or quarter only.
    any_of : tables of which one must be there; the first is the one that is asked for.
    use : tables that add to it where they are delivered.
    by : of tables that may be summed before the report sees them, the columns it cuts them by (`large.report_table`).
    regions : only rows of these regions (of tables that have one); all by default.

    Raises
    ------
    NotPublishedError
        A needed table holds no row, or none in `month`; names the table, its columns and the nearest workbook.
        A table has too many rows, and can't be summed.
    """
    speak(language)
    first = pd.Timestamp(f"{month}-01")
    here = store.available()
    for name in (*need, *([] if {*any_of} & {*here} else any_of[:1])):
        if name not in here:
            raise missing(name)
    tables = {
        name: report_table(name, first, by=(by or {}).get(name, ()), regions=regions)
        for name in (*need, *any_of, *use)
    }
    ends = [end for name in (*need, *any_of) if (end := data_through(tables[name])) is not None]
    if not ends or max(ends) < first.date():
        raise too_early([*need, *any_of], month, max(ends, default=None))
    for name in monthly:
        if not ((tables[name]["month"] == first) & tables[name]["period"].isin(["month", "day"])).any():
            raise too_early([name], month, max(ends))
    through = _through(tables, [*need, *any_of]) or max(ends)
    settings = load_settings()
    groups = tuple(key_groups(settings.renames, first, first - pd.DateOffset(years=2)))
    own = by_one_name(pd.DataFrame({"brand": pd.Series(settings.own_brands, dtype="str")}), groups)["brand"]
    return Inputs(
        first, language, replace(settings, own_brands=tuple(dict.fromkeys(own))),
        {name: by_one_name(frame, groups) for name, frame in tables.items()}, tuple(need), through,
        tuple(regions), groups,
    )  # fmt: skip


def _through(tables: Mapping[str, pd.DataFrame], need: Sequence[str]) -> dt.date | None:
    """The last day of what happened: of the needed tables that hold facts, else of the leading one that was used."""
    facts = [n for n in (*need, *LEADING) if n in tables and n not in PLANS]
    ends = [end for n in facts if (end := data_through(tables[n])) is not None]
    return ends[0] if ends else None
