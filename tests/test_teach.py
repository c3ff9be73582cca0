"""Teaching it: for each kind of proposal, what was not understood before is understood after."""

from __future__ import annotations

import tomllib

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import sheet, taken

from mktanalytics.__main__ import main
from mktanalytics.errors import SettingsError
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.teaching.proposal import Alias, taught, works
from mktanalytics.ingest.teaching.teach import propose
from mktanalytics.ingest.teaching.teach_ask import fix_file
from mktanalytics.ingest.teaching.teach_text import with_alias, with_rule, write_settings
from mktanalytics.settings import FileRule, Settings
from mktanalytics.settings_file import load_settings

UNKNOWN = [
    ("日期", "产品", "区域", "流水"),
    ("2026-09-05", "甲", "华东", 100.5),
    ("2026-09-06", "乙", "华南", 10),
]
TIMELESS = [("产品", "区域", "金额"), ("甲", "华东", 100.5), ("乙", "华南", 10)]
YEARLESS = [("产品", "1月", "2月"), ("甲", 3, 100.5), ("乙", 5, 10)]
MEETING = [("开会时间", "地点", "人"), ("周五", "三楼", 5), ("周六", "四楼", 4)]
NUMBERED = [("日期", 1, 2, "销售额"), ("2026-09-05", "甲", "华东", 100.5), ("2026-09-06", "乙", "华南", 10)]
STAGGERED = [("日期",), (None, "产品"), (None, None, "区域", "销售额"), *UNKNOWN[1:]]


def book(rows, name="表一", file="book.xlsx"):
    return Workbook(file, "", "xlsx", sheets=(sheet(rows, name=name),))


def first(found, kind):
    return next(p for p in found if p.kind == kind)


def states(found, settings):
    """For each block of the workbook: tidy records, and why there are none."""
    blocks = taken(*found.sheets, file=found.file, settings=settings)
    return [(len(b.frame), b.trouble.code if b.trouble else "") for b in blocks]


@pytest.mark.parametrize(
    ("kind", "rows", "name", "month", "before", "after"),
    [
        ("alias", UNKNOWN, "表一", "", (0, "no_table"), (2, "")),
        ("month", TIMELESS, "销售", "2026-09", (0, "no_period"), (2, "")),
        ("month", YEARLESS, "销售额", "2026", (0, "no_period"), (4, "")),
        ("header_row", NUMBERED, "表一", "", (0, "no_header"), (2, "")),
        ("header_row", STAGGERED, "表一", "", (0, "no_period"), (2, "")),
        ("ignore", MEETING, "会议", "", (0, "no_table"), (0, "ignored_by_rule")),
    ],
)
def test_what_is_proposed_makes_the_block_readable(kind, rows, name, month, before, after):
    found = book(rows, name)
    assert states(found, Settings()) == [before]
    proposal = first(propose(found, Settings()), kind)
    assert proposal.asks_month == bool(month)
    proposal = proposal.with_month(month) if month else proposal
    assert works(found, Settings(), proposal)
    assert states(found, taught(Settings(), proposal, "因为")) == [after]


def test_a_table_is_named_where_it_could_be_two():
    rows = [("月份", "品牌", "区域", "销量"), ("2026-09", "甲", "华东", 5), ("2026-09", "乙", "华东", 7)]
    found = book(rows)
    (before,) = states(found, Settings())
    assert before == (0, "ambiguous")
    offered = [p for p in propose(found, Settings()) if p.kind == "table"]
    assert {p.rule.table for p in offered} == {"sales", "market"}
    for proposal in offered:
        after = taken(*found.sheets, settings=taught(Settings(), proposal, "因为"))
        assert [(b.table.name, len(b.frame)) for b in after] == [(proposal.rule.table, 2)]


@pytest.mark.parametrize("more", [(), ("甲数", "乙数", "丙数", "丁数", "戊数")])
def test_what_nobody_says_is_confirmed_by_one_yes(more):
    rows = [("日期", "区域", "金额", *more), ("2026-09-01", "华东", 10), ("2026-09-02", "华南", 20)]
    rows = [rows[0], *((*r, *range(1, len(more) + 1)) for r in rows[1:])]
    found = book(rows)
    assert states(found, Settings())[0][0] == 0
    (offer,) = (p for p in propose(found, Settings()) if p.kind == "table")
    after = taken(*found.sheets, settings=taught(Settings(), offer, "因为"))
    assert [(b.table.name, len(b.frame)) for b in after] == [("sales", 2)]


def test_no_table_is_offered_alone_where_others_are_as_likely():
    """Regions by months may be sales, targets or a budget."""
    rows = [("区域", "2026-01", "2026-02"), ("华东", 10, 20), ("华南", 20, 30)]
    assert "table" not in {p.kind for p in propose(book(rows), Settings())}


@pytest.mark.parametrize(("head", "name"), [("数据来源", "目标"), ("备注", "目标"), ("产品", "预算")])
def test_a_word_for_something_else_is_not_offered(head, name):
    """数据来源 says who counted, not who is assessed."""
    rows = [(head, "KPI", "目标值", "预算"), ("甲", "新增会员", 100, 5), ("乙", "销售额", 200, 6)]
    found = propose(book(rows, name, f"2026年{name}.xlsx"), Settings())
    assert not [a for p in found for a in p.aliases if a.header == head]


def test_several_missing_columns_are_named_together():
    rows = [("月份", "厂牌", "规模"), ("2026-09", "甲", 100.5), ("2026-09", "乙", 10)]
    found = book(rows, "市场")
    proposal = propose(found, Settings())[0]
    assert set(proposal.aliases) == {Alias("market", "brand", "厂牌"), Alias("market", "amount", "规模")}
    assert states(found, taught(Settings(), proposal, "因为")) == [(2, "")]


def test_an_alias_and_a_month_can_be_lacking_at_once():
    found = book([("部门", "科目", "计划数"), ("市场部", "广告", 100.5), ("销售部", "会务", 10)], "预算")
    proposal = first(propose(found, Settings()), "alias")
    assert proposal.asks_month
    assert states(found, taught(Settings(), proposal.with_month("2026"), "因为")) == [(2, "")]


def test_headers_in_another_language_are_offered_where_the_sheet_says_what_it_is():
    rows = [("Tanggal", "Barang", "Omzet"), ("2026-09-05", "A", 100.5), ("2026-09-06", "B", 10)]
    proposal = first(propose(book(rows, "销售"), Settings()), "alias")
    assert {(a.column, a.header) for a in proposal.aliases} >= {("date", "Tanggal"), ("amount", "Omzet")}


def test_what_is_no_data_is_not_forced_into_a_table():
    assert [p.kind for p in propose(book(MEETING, "会议", "销售.xlsx"), Settings())] == ["ignore"]


def test_nothing_is_proposed_for_what_is_understood_or_must_be_mended_in_the_sheet():
    good = [("日期", "产品", "金额"), ("2026-09-05", "甲", 1), ("2026-09-06", "乙", 2)]
    assert propose(book(good), Settings()) == []
    wrong_total = [*good, ("合计", None, 9)]
    assert states(book(wrong_total), Settings()) == [(0, "total_mismatch")]
    assert propose(book(wrong_total), Settings()) == []


def test_a_rule_is_about_its_own_file_and_sheet_though_their_names_look_like_patterns():
    found = book(TIMELESS, "销售[1]", "[新]*.xlsx")
    proposal = first(propose(found, Settings()), "month").with_month("2026-09")
    settings = taught(Settings(), proposal, "因为")
    assert states(found, settings) == [(2, "")]
    assert states(book(TIMELESS, "销售1", "新.xlsx"), settings) == [(0, "no_period")]


def test_what_an_older_rule_says_of_the_sheet_is_kept():
    old = FileRule(file="*.xlsx", reason="旧", table="sales")
    settings = Settings(files=(old,))
    proposal = first(propose(book(TIMELESS), settings), "month").with_month("2026-09")
    new = taught(settings, proposal, "新").files
    assert new[1] == old
    assert (new[0].table, new[0].month, new[0].reason) == ("sales", "2026-09", "旧; 新")


# ---- the text of the settings


TOML = """# 我们的设置
company = "甲公司"   # 不要改

[aliases.sales]
amount = [ "销售收入",   "实收" ]

# 旧系统
[[files]]
file = "旧*.xlsx"
ignore = true
reason = "重复"
"""
RULE = FileRule(file="a.xlsx", reason="r", month="2026-09")


def added(old, new):
    """The new lines, where the old ones all stand in the new text in their order."""
    rest = iter(new.splitlines(keepends=True))
    found = []
    for line in old.splitlines(keepends=True):
        for candidate in rest:
            if candidate == line:
                break
            found.append(candidate)
        else:
            raise AssertionError(f"lost: {line!r}")
    return [*found, *rest]


def test_a_rule_goes_before_the_others_and_leaves_the_rest_as_it_is():
    text = with_rule(TOML, RULE)
    assert "".join(added(TOML, text)) == '[[files]]\nfile = "a.xlsx"\nreason = "r"\nmonth = "2026-09"\n\n'
    assert [f["file"] for f in tomllib.loads(text)["files"]] == ["a.xlsx", "旧*.xlsx"]
    assert text.index("# 旧系统") > text.index("a.xlsx")


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (TOML, ["流水", "销售收入", "实收"]),
        ("", ["流水"]),
        ("[aliases.sales]", ["流水"]),
        ("[aliases.sales]\namount = []", ["流水"]),
        ('[aliases.sales]\namount = [\n  "旧", # 说明\n]\n', ["流水", "旧"]),
        ('["aliases"]\n[aliases.budget]\namount = ["旧"]\n', ["流水"]),
        ('company = "x"', ["流水"]),
    ],
)
def test_an_alias_joins_those_that_are_there(text, headers):
    new = with_alias(text, Alias("sales", "amount", "流水"), "本公司的叫法")
    assert tomllib.loads(new)["aliases"]["sales"]["amount"] == headers
    assert "# 本公司的叫法" in new


def test_line_ends_and_byte_order_marks_stay():
    text = "﻿" + TOML.replace("\n", "\r\n")
    new = with_alias(with_rule(text, RULE), Alias("sales", "units", "件数量"), "r")
    assert new.startswith("﻿#")
    assert "\n" not in new.replace("\r\n", "")


@given(
    header=st.text(min_size=1, max_size=12),
    reason=st.text(max_size=12),
    file=st.text(min_size=1, max_size=12),
)
def test_any_name_survives_the_way_through_toml(tmp_path_factory, header, reason, file):
    path = tmp_path_factory.mktemp("toml") / "mktanalytics.toml"
    alias, rule = Alias("sales", "amount", header), FileRule(file=file, reason=reason)
    text = with_rule(with_alias("", alias, reason), rule)
    try:
        text.encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is no text
    meant = Settings(aliases={"sales": {"amount": (header,)}}, files=(rule,))
    write_settings(path, text, meant, [])
    assert load_settings(path) == meant


def test_a_file_laid_out_otherwise_is_left_as_it_is_and_the_lines_are_told(tmp_path):
    path = tmp_path / "mktanalytics.toml"
    path.write_text('aliases = {sales = {amount = ["旧"]}}\n', "utf-8")
    alias = Alias("sales", "amount", "流水")
    text = with_alias(path.read_text("utf-8"), alias, "r")
    meant = Settings(aliases={"sales": {"amount": ("流水", "旧")}})
    with pytest.raises(SettingsError, match="请手工添加：amount"):
        write_settings(path, text, meant, ['amount = ["流水"]'])
    assert path.read_text("utf-8") == 'aliases = {sales = {amount = ["旧"]}}\n'
    assert [p.name for p in tmp_path.iterdir()] == ["mktanalytics.toml"]


# ---- the dialogue


@pytest.fixture
def project(tmp_path, monkeypatch):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in (("明细", UNKNOWN), ("销售额汇总", YEARLESS), ("会议", MEETING)):
        target = made.create_sheet(name)
        for row in rows:
            target.append(row)
    made.save(tmp_path / "book.xlsx")
    settings = tmp_path / "mktanalytics.toml"
    settings.touch()
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(settings))
    return tmp_path


def dialogue(project, answers, language="zh"):
    """What was said, and whether anything was written; answers by a word of their question."""
    said = []

    def ask(question):
        said.append(question)
        return next((a for word, a in answers.items() if word in question), "")

    wrote = fix_file(project / "book.xlsx", project / "mktanalytics.toml", ask, said.append, language)
    return "\n".join(said), wrote


def test_yes_writes_reinspects_and_shows_the_difference(project):
    (project / "mktanalytics.toml").write_text(TOML, "utf-8")
    said, wrote = dialogue(project, {"写入": "y", "哪个月": "2026", "理由": "财务口径"})
    assert wrote
    settings = load_settings(project / "mktanalytics.toml")
    assert settings.aliases["sales"]["amount"] == ("流水", "销售收入", "实收")
    assert [(r.sheet, r.month, r.ignore, r.reason) for r in settings.files] == [
        ("会议", "", True, "财务口径"), ("销售额汇总", "2026", False, "财务口径"), ("", "", True, "重复"),
    ]  # fmt: skip
    assert added(
        TOML.replace('amount = [ "销售收入"', 'amount = ["流水",  "销售收入"'),
        (project / "mktanalytics.toml").read_text("utf-8"),
    )
    assert "-    行：3 = 0 入表 + 0 隔离 + 3 忽略" in said
    assert "+    行：3 = 2 入表 + 0 隔离 + 1 忽略" in said
    assert dialogue(project, {"写入": "y"})[1] is False  # nothing is left to say


@pytest.mark.parametrize("answers", [{}, {"写入": "n", "哪个月": "2026"}, {"写入": "好吧"}])
def test_no_writes_nothing(project, answers):
    said, wrote = dialogue(project, answers)
    assert not wrote
    assert "未写入任何内容" in said
    assert (project / "mktanalytics.toml").read_text() == ""


def test_a_month_that_does_not_help_is_not_taken(project):
    said, _ = dialogue(project, {"哪个月": "昨天", "写入": "n"})
    assert "这样写仍读不懂" in said


def test_the_command_asks_in_english_and_takes_a_closed_input_for_a_no(project, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115, PTH123
    assert main(["inspect", "--language", "en", "--fix", str(project / "book.xlsx")]) == 0
    printed = capsys.readouterr().out
    assert "write them? [y/n]" in printed
    assert "nothing was written" in printed
    assert (project / "mktanalytics.toml").read_text() == ""


def test_the_command_still_names_a_file_that_cannot_be_read(project, capsys):
    (project / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert main(["inspect", "--fix", str(project / "坏.xlsx")]) == 1
    assert "坏.xlsx" in capsys.readouterr().err
