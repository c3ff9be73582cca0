"""Which table a block is: each heading read as a column, a period, a label or a total, for every table in turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz import fuzz, process

from mktanalytics.ingest.evidence import by_words
from mktanalytics.ingest.header import Heading
from mktanalytics.ingest.said import Said, fits
from mktanalytics.ingest.vocabulary import (
    Claim,
    Vocabulary,
    halves,
    is_derived,
    is_serial,
    is_total,
    is_total_heading,
)
from mktanalytics.numbers import key
from mktanalytics.schema import Column, Table, Wide
from mktanalytics.tables import all_tables

FUZZY_CUTOFF = 84.0  # 产品名稱 passes for 产品名称 in five letters or more; 销售量 never for 销售额
FUZZY_SHORTEST = 4
NEAR_CUTOFF = 74.0  # 费用部们 may be 费用部门: told, not read
CLOSE = 0.06  # two tables nearer than this are told, not guessed
WORD_BONUS = 0.2
PLAIN = "sales"  # the table that plain columns (日期 客户 金额) speak for
WHOLE_MARKET = "合计"  # in `market`, the brand that is the whole market
_EACH = re.compile(r"^(月度|年度|季度|各月|分月|每月|逐月|当月|本月)")
_ASKS = re.compile(
    r"[您你?？吗]|满意|评价|性别|年龄|\b(you|your|how|what|which|why|do|are|is|satisf\w*)\b", re.IGNORECASE
)
_OF_PERIOD = {
    "month": re.compile(r"^(本月|当月|月度)"),
    "quarter": re.compile(r"^(本季度?|当季|季度)"),
    "year": re.compile(r"^(本年度?|年度|全年)"),
}
_QUESTION = re.compile(r"^\s*(\d{1,3}\s*[、.．:：]\s*\S|第\s*\d+\s*题|Q\d{1,3}\b)")

RoleKind = Literal["column", "period", "label", "total", "extra", "blank"]


@dataclass(frozen=True)
class Role:
    """How one table reads one heading."""

    kind: RoleKind
    column: str = ""  # the table's column; for periods and labels, the measure the cells hold
    label: str = ""  # for labels: the brand, question or KPI the heading names
    score: float = 0.0
    specific: bool = False  # by a word that this table has for itself
    runner_up: str = ""
    also: str = ""  # a second heading for a column that is already taken
    near: str = ""  # a column this might be, were its content or its letters another


@dataclass(frozen=True)
class Profile:
    """What the data cells under a heading are."""

    filled: int = 0
    numbers: int = 0
    dates: int = 0

    @property
    def numeric(self) -> bool:
        return self.numbers * 2 > self.filled > 0


@dataclass(frozen=True)
class Match:
    """A block read as one table."""

    table: Table
    roles: tuple[Role, ...]
    score: float
    missing: tuple[str, ...] = ()
    over: str = ""  # the column that labels across the sheet go to
    words: tuple[str, ...] = ()  # of the table, found in title, sheet or file name
    unsaid: bool = False  # neither a word around the block nor a header of its own speaks for it
    foreign: tuple[str, ...] = ()  # words there that speak for something else
    nearest: Mapping[int, str] = field(
        default_factory=dict
    )  # position of an unknown header → the column it resembles

    @property
    def mapped(self) -> dict[str, int]:
        """Column → position of its heading."""
        return {r.column: i for i, r in enumerate(self.roles) if r.kind == "column"}

    @property
    def wide(self) -> bool:
        return any(r.kind in ("period", "label") for r in self.roles)

    @property
    def lacks_only_time(self) -> bool:
        return bool(self.missing) and set(self.missing) <= {"month", "date"}


@dataclass(frozen=True)
class Context:
    """What is said around a block: its titles, its sheet, its file."""

    titles: tuple[str, ...]
    sheet: str
    file: str
    has_period: bool = False
    said: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)  # table → column → its one name
    length: str = ""  # of the period: month, quarter, year …

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.titles, self.sheet, self.file)


def match_block(
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    context: Context,
    tables: Mapping[str, Table],
    words: Vocabulary,
    own_brands: Sequence[str] = (),
) -> list[Match]:
    """Every table's reading of the block, best first; a table that lacks nothing comes before one that does."""
    spoken = {name: _words(t.words, context) for name, t in all_tables().items()}
    matches = [_match(t, headings, profiles, context, words, own_brands, spoken) for t in tables.values()]
    return sorted(by_words(matches, context.texts), key=_rank)


def _rank(match: Match) -> tuple[bool, bool, float, str]:
    return (bool(match.missing) and not match.lacks_only_time, match.unsaid, -match.score, match.table.name)


def too_close(matches: Sequence[Match]) -> tuple[Match, Match] | None:
    """The best reading and another that is as good, where nothing decides between them.

    A table for which nothing speaks is a rival only where nothing speaks for the best either.
    """
    best = matches[0]
    whole = [m for m in matches[1:] if not m.missing or m.lacks_only_time]
    if not best.wide:  # a questionnaire takes any header for a question: no rival to columns that are known
        whole = [m for m in whole if m.over != "question"]
    rivals = [m for m in whole if not (m.unsaid and best.words) and best.score - m.score < CLOSE]
    return (best, max(rivals, key=lambda m: m.score)) if rivals else None


def _match(
    table: Table,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    context: Context,
    words: Vocabulary,
    own_brands: Sequence[str],
    spoken: Mapping[str, tuple[str, ...]],
) -> Match:
    found = spoken[table.name]
    roles = _columns(table, headings, profiles, words, _OF_PERIOD.get(context.length))
    roles = _periods(table, headings, roles, words)
    roles, over = _labels(table, headings, profiles, roles, words, bool(found), own_brands)
    roles = _totals(table, headings, roles, words, over)
    missing = _missing(table, roles, over, context)
    score = _score(headings, roles, found, missing)
    foreign = () if any(r.specific for r in roles) else _foreign(table, context, spoken)
    unsaid = not found and table.name != PLAIN and not _speaks(table, headings, roles, words, over)
    nearest = {
        i: near
        for i, (heading, role) in enumerate(zip(headings, roles, strict=True))
        if role.kind == "extra" and heading.levels and not role.also and not is_derived(heading.label)
        if (near := nearest_column(table, heading.label, words)) and near not in {r.column for r in roles}
    }
    return Match(table, tuple(roles), score, missing, over, found, unsaid, foreign, nearest)


def _speaks(
    table: Table, headings: Sequence[Heading], roles: Sequence[Role], words: Vocabulary, over: str
) -> bool:
    """Whether a header that no other table knows is among those it claims."""
    if over:
        return True  # labels across are only read with evidence
    for heading, role in zip(headings, roles, strict=True):
        if role.kind not in ("column", "period"):
            continue
        for text in (
            heading.label,
            *heading.levels,
            _unnumbered(heading.label),
            _EACH.sub("", heading.label),
        ):
            claims = words.get(key(text), ())
            if claims and {c.table for c in claims} == {table.name}:
                return True
    return False


# ---- headings that are columns


def claims_of(table: Table, text: str, words: Vocabulary) -> tuple[Claim, ...]:
    """The columns of the table that go by exactly this text."""
    return tuple(c for c in words.get(key(text), ()) if c.table == table.name)


def _columns(
    table: Table,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    words: Vocabulary,
    own: re.Pattern[str] | None,
) -> list[Role]:
    tops = Counter(h.levels[0] for h in headings if h.levels)
    offers = [
        (score, -i, column, specific, fuzzy)
        for i, heading in enumerate(headings)
        if heading.span is None and heading.levels and not heading.cumulative
        for column, score, specific, fuzzy in _offers(
            table, heading, words, own, lone=tops[heading.levels[0]] == 1
        )
        if _suits(table.column(column), profiles[i])
    ]
    roles = [Role("extra") if h.levels or h.span else Role("blank") for h in headings]
    taken: set[str] = set()
    for score, position, column, specific, fuzzy in sorted(offers, key=lambda o: (-o[0], -o[1], o[2])):
        i = -position
        if roles[i].kind == "column":
            continue
        if column in taken:
            if roles[i].also == "":
                roles[i] = Role("extra", also=column, score=score, specific=specific)
            continue
        taken.add(column)
        roles[i] = Role("column", column, score=score, specific=specific, runner_up=fuzzy)
    return [
        Role("extra", near=_near(table, h, words, taken))
        if r.kind == "extra" and not r.also and h.span is None
        else r
        for h, r in zip(headings, roles, strict=True)
    ]


def _near(table: Table, heading: Heading, words: Vocabulary, taken: set[str]) -> str:
    """A column that nothing else on the sheet is, which the heading names with other content, or nearly names."""
    for text in dict.fromkeys((heading.label, heading.leaf)):
        named = [c.column for c in claims_of(table, text, words)]
        if key(text) not in words:
            named = [c.column for _, _, c in _similar(table, key(text), words, NEAR_CUTOFF)]
        if free := [c for c in named if c not in taken]:
            return free[0]
    return ""


def _offers(
    table: Table, heading: Heading, words: Vocabulary, own: re.Pattern[str] | None, *, lone: bool
) -> list[tuple[str, float, bool, str]]:
    """(column, score, specific, runner-up) for each column the heading may be."""
    texts: dict[str, None] = dict.fromkeys(
        [
            heading.label,
            _composed(heading),
            heading.leaf,
            _unnumbered(heading.label),
            *_languages(heading.label),
        ]
    )
    if own is not None and own.match(heading.label):  # 本月销售额 under a title that names the month
        texts |= {own.sub("", heading.label): None}
    if lone:  # 销售额 over 本月: a group of one column names it
        texts |= {heading.levels[0]: None}
    exact = [
        (c.column, 1.0 - c.rank / 1000 - n / 100, c.rank < 20, "")
        for n, text in enumerate(texts)
        for c in claims_of(table, text, words)
    ]
    return exact or _in_two_languages(table, heading.label, words) or _fuzzy(table, heading.label, words)


def _in_two_languages(table: Table, text: str, words: Vocabulary) -> list[tuple[str, float, bool, str]]:
    """区域 Region: what the Chinese says, unless the English says something else."""
    if not (parts := halves(text)):
        return []
    han, latin = (claims_of(table, part, words) for part in parts)
    agreed = {c.column for c in latin}
    if not agreed and key(parts[1]) in words:
        return []  # 金额 Units: one of the two is wrong
    return [
        (c.column, 0.95 - c.rank / 1000, c.rank < 20, "") for c in han if not agreed or c.column in agreed
    ]


def _composed(heading: Heading) -> str:
    """产品信息 over 编码 is 产品编码."""
    return "".join(re.sub(r"(信息|资料|情况|数据|明细)$", "", level) for level in heading.levels)


def nearest_column(table: Table, text: str, words: Vocabulary) -> str:
    """The column whose name an unknown header most resembles (部们, 责任部们); "" if it resembles none."""
    wanted = key(text)
    own = {
        w: c.column for w, claims in words.items() for c in claims if c.table == table.name and len(w) >= 2
    }
    found = process.extractOne(
        wanted, own.keys(), scorer=fuzz.ratio, score_cutoff=50.0 if len(wanted) <= 3 else 70.0
    )
    if not found or (len(wanted) <= 3 and len(found[0]) != len(wanted)):
        return ""
    return own[found[0]]


def _languages(text: str) -> list[str]:
    """部门 and Department of `部门 Department`, `部门/Department` or `Department（部门）`."""
    chinese = "".join(re.findall(r"[\u4e00-\u9fff]+", text))
    latin = " ".join(re.findall(r"[A-Za-z][A-Za-z.&'\-]*", text))
    return [chinese, latin] if chinese and latin else []


def _unnumbered(text: str) -> str:
    """性别 of `1、性别`."""
    return re.sub(r"^\s*(?:第\s*)?\d{1,3}\s*(?:题)?\s*[、.．:：]\s*", "", text)


def _fuzzy(table: Table, text: str, words: Vocabulary) -> list[tuple[str, float, bool, str]]:
    wanted = key(text)
    if len(wanted) < FUZZY_SHORTEST or wanted in words or is_derived(text) or is_total(text):
        return []
    found = _similar(table, wanted, words, FUZZY_CUTOFF)
    if not found:
        return []
    second = f"{found[1][2].column} {found[1][1]:.0f}" if len(found) > 1 else "-"
    return [(found[0][2].column, found[0][1] / 100 * 0.9, False, second)]


def _similar(table: Table, wanted: str, words: Vocabulary, cutoff: float) -> list[tuple[str, float, Claim]]:
    """The two words of the table nearest to a text, with their similarity."""
    own = {
        w: c
        for w, claims in words.items()
        for c in claims
        if c.table == table.name and len(w) >= FUZZY_SHORTEST
    }
    found = process.extract(wanted, own.keys(), scorer=fuzz.ratio, score_cutoff=cutoff, limit=2)
    return [(word, score, own[word]) for word, score, _ in found if len(wanted) >= FUZZY_SHORTEST]


def _suits(column: Column, profile: Profile) -> bool:
    """A column of figures holds figures; a date column dates (numbers may be serials)."""
    if not profile.filled:
        return True
    if column.is_number:
        return profile.numbers * 2 >= profile.filled
    if column.kind == "date":
        return (profile.dates + profile.numbers) * 2 >= profile.filled
    return True


# ---- headings that are values


def _periods(table: Table, headings: Sequence[Heading], roles: list[Role], words: Vocabulary) -> list[Role]:
    wide = next((w for w in table.wide if w.over == "month"), None)
    if wide is None:
        return roles
    result = list(roles)
    spans = [h for h in headings if h.span is not None and not h.cumulative]
    labels = {h.label for h in spans}
    shared = labels if len(labels) == 1 and not any(key(x) in words for x in labels) else set()
    for i, heading in enumerate(headings):
        if heading not in spans:
            continue
        measure, label = _measure(table, heading, words)
        if heading.levels and (not measure or label) and heading.label not in shared:
            continue
        result[i] = Role("period", measure, score=1.0, specific=bool(measure))
    return result


def _measure(table: Table, heading: Heading, words: Vocabulary) -> tuple[str, str]:
    """The measure one of the levels names, and the words of the others."""
    for position in range(len(heading.levels) - 1, -1, -1):
        level = heading.levels[position]
        for claim in claims_of(table, level, words) or claims_of(table, _EACH.sub("", level), words):
            if table.column(claim.column).is_number:
                rest = [x for j, x in enumerate(heading.levels) if j != position]
                return claim.column, " ".join(rest)
    return "", heading.label


def _labels(
    table: Table,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    roles: list[Role],
    words: Vocabulary,
    spoken: bool,
    own_brands: Sequence[str],
) -> tuple[list[Role], str]:
    mapped = {r.column for r in roles if r.kind == "column"}
    if any(r.kind == "period" for r in roles):
        return roles, ""
    for wide in (w for w in table.wide if w.over != "month"):
        if wide.over in mapped or wide.value in mapped:
            continue
        found = _label_roles(table, wide, headings, profiles, roles, words)
        names = {key(found[i].label) for i in found}
        asked = any(_ASKS.search(h.written) or is_question(h.written) for h in headings)
        if wide.over == "question" and not asked:
            continue  # a title that says 调查 makes no questionnaire of a list of prices
        if len(found) >= 2 and (spoken or _evident(table, wide, headings, names, own_brands)):
            return [found.get(i, r) for i, r in enumerate(roles)], wide.over
    return roles, ""


def _label_roles(
    table: Table,
    wide: Wide,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    roles: list[Role],
    words: Vocabulary,
) -> dict[int, Role]:
    found: dict[int, Role] = {}
    figures = table.column(wide.value).is_number
    numbered = wide.over == "question" and sum(is_question(h.written) for h in headings) >= 2
    for i, (heading, role) in enumerate(zip(headings, roles, strict=True)):
        if (
            role.kind != "extra"
            or (role.also and not heading.levels)
            or heading.span is not None
            or heading.cumulative
        ):
            continue
        measure, label = _measure(table, heading, words) if len(heading.levels) > 1 else ("", heading.label)
        if not label or (figures and profiles[i].filled and not profiles[i].numeric):
            continue
        if (figures and (is_derived(label) or is_serial(label))) or (
            numbered and not is_question(heading.written)
        ):
            continue
        found[i] = Role("label", measure, label=label, score=1.0)
    return found


def _evident(
    table: Table, wide: Wide, headings: Sequence[Heading], names: set[str], own_brands: Sequence[str]
) -> bool:
    """Whether the headings themselves say what they are: numbered questions, own brands, allowed values."""
    if wide.over == "question":
        return sum(is_question(h.written) for h in headings) >= 2
    if wide.over == "brand" and {key(b) for b in own_brands} & names:
        return True
    allowed = table.column(wide.over).allowed
    return len(names & {key(v) for v in allowed}) >= 2


def is_question(text: str) -> bool:
    """Whether a header is a numbered question: `6、兴趣爱好`, `第6题(运动)`, `Q3 …`."""
    return bool(_QUESTION.match(text))


def _totals(
    table: Table, headings: Sequence[Heading], roles: list[Role], words: Vocabulary, over: str
) -> list[Role]:
    """合计 beside months is their sum, a check; 总量 too, though it may name the units elsewhere.

    Beside brands it is the whole market, a brand of its own.
    """
    if sum(r.kind in ("period", "label") for r in roles) < 2:
        return roles
    result = list(roles)
    for i, (heading, role) in enumerate(zip(headings, roles, strict=True)):
        if role.kind not in ("extra", "column", "label") or not _is_total_heading(heading, role):
            continue
        measure = _measure(table, heading, words)[0] or role.column
        result[i] = Role("label", measure, WHOLE_MARKET) if over == "brand" else Role("total", measure)
    return result


def _is_total_heading(heading: Heading, role: Role) -> bool:
    if heading.span is not None and role.kind != "extra":
        return False
    return any(is_total_heading(level) for level in heading.levels)


# ---- how good a reading is


def _words(words: Sequence[str], context: Context) -> tuple[str, ...]:
    texts = [t.casefold() for t in context.texts]
    return tuple(w for w in words if any(w.casefold() in t for t in texts))


def _foreign(table: Table, context: Context, spoken: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the words around the block speak for, if not for this table."""
    if spoken[table.name]:
        return ()
    others = [w for name, found in spoken.items() if name != table.name for w in found]
    return tuple(dict.fromkeys([*_words(table.foreign, context), *others]))


def _missing(table: Table, roles: Sequence[Role], over: str, context: Context) -> tuple[str, ...]:
    have = {r.column for r in roles if r.kind == "column"}
    if any(r.kind == "period" for r in roles):
        have |= {"month"} | _values(table, "month", roles)
    if over:
        have |= {over} | _values(table, over, roles)
    if context.has_period:
        have.add("month")
    have |= {c for c in context.said.get(table.name, {}) if fits(c, have)}
    lacking = [c for c in table.required if c not in have]
    lacking += [
        group[0] if "month" not in group else "month" for group in table.one_of if not set(group) & have
    ]
    return tuple(dict.fromkeys(lacking))


def _values(table: Table, over: str, roles: Sequence[Role]) -> set[str]:
    named = {r.column for r in roles if r.kind in ("period", "label") and r.column}
    return named or {w.value for w in table.wide if w.over == over}


def _score(
    headings: Sequence[Heading],
    roles: Sequence[Role],
    found: Sequence[str],
    missing: Sequence[str],
) -> float:
    """0 to 1: how much of the header the table explains, with a bonus for its words around the block."""
    told = [
        r
        for h, r in zip(headings, roles, strict=True)
        if r.kind not in ("blank", "total") and not (r.kind == "extra" and is_derived(h.written))
    ]
    wide = [r for r in told if r.kind in ("period", "label")]
    narrow = [r for r in told if r.kind not in ("period", "label")]
    claimed = sum(r.score for r in narrow if r.kind == "column") + (1.0 if wide else 0.0)
    share = claimed / max(len(narrow) + bool(wide), 1)
    specific = any(r.specific for r in roles)
    score = 0.7 * share + _word_bonus(found) + (0.1 if specific else 0.0)
    return round(max(score - 0.1 * len(missing), 0.0), 4)


def _word_bonus(found: Sequence[str]) -> float:
    """One word speaks for a table, two speak louder."""
    return WORD_BONUS + 0.08 * min(len(found) - 1, 2) if found else 0.0
