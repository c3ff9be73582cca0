"""Defects of answers and rates: several options in a cell, an option a column, respondents counted anew, rates in two ways."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hostile.company import WORDS
from hostile.draft import Col, Draft, Formatted, Record
from hostile.registry import CELLS, DATA, defect

ASKED = 1  # the question of which several options may be chosen: where one buys


def _options(d: Draft) -> tuple[int, str, list[list[str]]]:
    """Position and wording of the question, and what each respondent chooses; -1 if it isn't asked."""
    question = WORDS[d.lang]["question"][ASKED]
    at = next((i for i, c in enumerate(d.columns) if c.role == "wide" and c.label == question), -1)
    channels = WORDS[d.lang]["channel"]
    chosen = [
        [channels[i] for i in sorted(d.rng.sample(range(len(channels)), d.rng.randint(1, 2)))]
        for _ in d.lines
    ]
    return at, question, [[*channels[:2]], *chosen[1:]]


def _choose(d: Draft, question: str, chosen: list[list[str]]) -> None:
    """A record for each option chosen."""
    for line, options in zip(d.lines, chosen, strict=True):
        mine = next(r for r in line.records if r["question"] == question)
        others = [r for r in line.records if r["question"] != question]
        line.records = [*others, *(mine | {"answer": o, "score": None} for o in options)]


@defect(DATA, "options")
def packed_options(d: Draft) -> bool:
    """商超┋电商: all options that were chosen, in one cell."""
    at, question, chosen = _options(d) if d.table == "survey" and d.layout == "labels" else (-1, "", [])
    if at < 0:
        return False
    _choose(d, question, chosen)
    for line, options in zip(d.lines, chosen, strict=True):
        line.cells[at] = "┋".join(options)
    return True


@defect(DATA, "options")
def option_columns(d: Draft) -> bool:
    """A column for each option, 1 where it was chosen, else 0, or empty."""
    at, question, chosen = _options(d) if d.table == "survey" and d.layout == "labels" else (-1, "", [])
    if at < 0:
        return False
    _choose(d, question, chosen)
    channels = [c for c in WORDS[d.lang]["channel"] if any(c in options for options in chosen)]
    form, no = d.rng.choice(("{}({})", "{}:{}")), d.rng.choice((Decimal(0), None))
    title = str(d.columns[at].header[0])
    d.remove(at)
    for n, channel in enumerate(channels):
        cells: list[object] = [Decimal(1) if channel in options else no for options in chosen]
        d.insert(at + n, Col("answer", [form.format(title, channel)], "option", "answer"), cells)
    return True


@defect(DATA, "respondents")
def respondents_anew(d: Draft) -> bool:
    """The numbers begin again at 1 in each city, one city after the other: a batch each."""
    at, city = d.at("respondent"), d.at("city")
    if d.table != "survey" or d.layout != "labels" or min(at, city) < 0:
        return False
    cities = list(dict.fromkeys(str(x.cells[city]) for x in d.lines))
    if len(cities) < 2:
        return False
    d.lines.sort(key=lambda x: cities.index(str(x.cells[city])))
    seen: dict[str, int] = {}
    for line in d.lines:
        where = str(line.cells[city])
        seen[where] = seen.get(where, 0) + 1
        line.cells[at] = str(seen[where])
        for r in line.records:
            r["respondent"] = f"{cities.index(where) + 1}-{seen[where]}"
    d.facts.add("keys")  # a batch cut in two is none
    return True


# ---- rates in several ways


@defect(DATA, "rates")
def mixed_rates(d: Draft) -> bool:
    """30% beside 0.3 in one column, and sometimes 30: of that one nobody can be sure."""
    name, title = {
        "market": ("value_share", ("市场份额", "Market Share")),
        "targets": ("weight", ("权重", "Weight")),
    }.get(d.table, ("", ("", "")))
    if not name or d.layout != "long" or len(d.lines) < 4:
        return False
    bare = d.rng.random() < 0.4
    ways: list[Callable[[Decimal], object]] = [
        lambda v: f"{(v * 100).normalize():f}%", lambda v: Formatted(v, "0%"), lambda v: v, *([lambda v: v * 100] if bare else [])
    ]  # fmt: skip
    cells: list[object] = []
    for n, line in enumerate(d.lines):
        value = Decimal(d.rng.randint(2, 60)) / 100
        record: Record = line.records[0]
        record[name] = value
        cells.append(ways[n % len(ways)](value))
    d.insert(len(d.columns), Col(name, [title[0 if d.zh else 1]], "key", "text"), cells)
    d.may_hold = d.may_hold or bare
    return True


@defect(CELLS, "percents")
def percents_of_targets(d: Draft) -> bool:
    """A target in % as 85%, as 0.85 that a format shows as a percentage, or as 85."""
    if d.table != "targets" or "numbers" in d.facts:
        return False
    ways: list[Callable[[Decimal], object]] = [
        lambda v: f"{v.normalize():f}%", lambda v: Formatted(v / 100, "0%"), lambda v: v
    ]  # fmt: skip
    done = False
    for line in d.data:
        for i in [i for i, c in enumerate(d.columns) if c.name in ("target", "actual")]:
            said = [r for r in line.records if r.get("unit") == "fraction"]
            if said and i in line.figures and isinstance(v := line.cells[i], Decimal):
                line.cells[i] = d.rng.choice(ways)(v)
                done = True
    return done
