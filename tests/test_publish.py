"""From notebook to PDF and workbook: one tiny notebook for each behaviour."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import openpyxl
import pandas as pd
import pypdf
import pytest

from mktanalytics import display as d
from mktanalytics.disk import write_whole
from mktanalytics.errors import DiskError, MetricError, NotPublishedError, UsageError
from mktanalytics.metrics.result import Figure, Status
from mktanalytics.publish.document import document
from mktanalytics.publish.failures import ReportError, kernel_error
from mktanalytics.publish.parameters import check_parameters, declared_parameters
from mktanalytics.publish.pdf import make_pdf
from mktanalytics.publish.run import Published, publish, publish_many
from mktanalytics.publish.workbook import make_workbook

PARAMETERS = 'month = "2026-01"\nlanguage = "zh"\nregions = []'
SETUP = "from mktanalytics.display import *\nfrom mktanalytics.metrics.result import Figure\nspeak(language)"
GOOD = """
import pandas as pd
frame = pd.DataFrame({"brand": ["清泉", "合计"], "x": [Figure(2.5e6, "cny", numerator=2.5e6), Figure(5e6, "cny")]})
show([Headline(f"{month} 销售额 {say(Figure(2.5e6, 'cny'))}"),
      Table(frame, "分品牌", [Col("brand", "品牌"), Col("x", "销售额")], total=True, note="含税")])
"""


def notebook(*cells, title=None):
    """A report: strings are code cells, pairs are (markdown, tag)."""
    made = []
    for i, cell in enumerate(cells):
        if isinstance(cell, tuple):
            made.append(nbformat.v4.new_markdown_cell(cell[0], id=f"t{i}"))
            made[-1].metadata["tags"] = [cell[1]] if cell[1] else []
        else:
            made.append(nbformat.v4.new_code_cell(cell, id=f"t{i}"))
    made[0].metadata["tags"] = ["parameters"]
    titles = {"zh": "小报告", "en": "Small report"} if title is None else title
    return nbformat.v4.new_notebook(cells=made, metadata={"report": {"title": titles}})


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Folders of a project: notebooks, processed data and reports."""
    monkeypatch.chdir(tmp_path)
    folders = {name: tmp_path / name for name in ("notebooks", "processed", "reports")}
    folders["notebooks"].mkdir()
    folders["processed"].mkdir()
    manifest = {"sample": True, "inputs": [{"file": "a.xlsx", "sha256": "00"}]}
    (folders["processed"] / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folders


def put(place, name, *cells):
    nbformat.write(notebook(*cells), place["notebooks"] / f"{name}.ipynb")


def pdf_text(content: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [page.extract_text().replace("\xa0", " ") for page in pages]


def shown(*blocks, **change):
    """A document that shows `blocks`, without running anything."""
    made = notebook(PARAMETERS, "show(blocks)")
    made.cells[1].outputs = [nbformat.v4.new_output("display_data", b._repr_mimebundle_()) for b in blocks]
    return document(made, PASSED | change, company="示例公司", sample=False, name="r")


PASSED = {"month": "2026-01", "language": "zh"}


# ---- whole runs


def test_reports_are_published_whole_in_order_and_in_their_language(place):
    put(place, "a", PARAMETERS, SETUP, ("## 一月\n\n增长**62%**以上。", "zh"), ("## January", "en"), GOOD)
    put(place, "b", PARAMETERS, SETUP, GOOD)
    done = publish_many(["b", "a"], month="2026-10", **place)
    assert [(p.name, p.outcome) for p in done] == [("b", "published"), ("a", "published")]
    folder = place["reports"] / "2026-10"
    assert sorted(p.name for p in folder.iterdir()) == [
        "a.ipynb", "a.pdf", "a.xlsx", "b.ipynb", "b.pdf", "b.xlsx", "manifest.json",
    ]  # fmt: skip
    first = {p.name: p.read_bytes() for p in folder.iterdir()}
    text = "".join(pdf_text(first["a.pdf"]))
    assert "示例数据" in text and "2026-10 销售额 250.0万元" in text and "增长62%以上" in text
    assert "January" not in text
    entry = json.loads(first["manifest.json"])["reports"]["a"]
    assert entry["inputs"][0]["file"] == "a.xlsx" and entry["parameters"]["month"] == "2026-10"
    publish_many(["b", "a"], month="2026-10", **place)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == first


def test_an_english_report_has_its_own_name(place):
    put(place, "a", PARAMETERS, SETUP, ("## 一月", "zh"), ("## January", "en"), "Headline('Up')")
    done = publish("a", month="2026-10", language="en", **place)
    assert [p.name for p in done.files] == ["a-en.pdf", "a-en.xlsx", "a-en.ipynb"]
    text = "".join(pdf_text(done.files[0].read_bytes()))
    assert "January" in text and "SAMPLE DATA" in text and "Page 1 of 1" in text
    assert not re.search("[一-鿿]", text)


def test_a_failing_notebook_is_kept_marked_and_takes_the_old_report_with_it(place):
    put(place, "a", PARAMETERS, SETUP, GOOD)
    publish("a", month="2026-10", **place)
    put(place, "a", PARAMETERS, SETUP, "1 / 0", GOOD)
    with pytest.raises(ReportError, match=r"In \[4\]: ZeroDivisionError.*failed\.ipynb"):
        publish("a", month="2026-10", **place)
    folder = place["reports"] / "2026-10"
    assert sorted(p.name for p in folder.iterdir()) == ["a.failed.ipynb", "manifest.json"]
    kept = nbformat.read(folder / "a.failed.ipynb", 4)
    at = next(i for i, c in enumerate(kept.cells) if c.source == "1 / 0")
    assert "papermill-error-cell" in kept.cells[at - 1].source
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["reports"]["a"]["outcome"] == "failed"


def test_what_would_be_incomplete_is_not_published_and_is_no_failure(place):
    reason = "from mktanalytics.errors import NotPublishedError\nraise NotPublishedError('no market table', todo='add one')"
    put(place, "a", PARAMETERS, reason)
    put(place, "b", PARAMETERS, "import mktanalytics.errors as e\nraise e.MetricError('no amount')")
    quiet, loud = publish_many(["a", "b"], month="2026-10", **place)
    assert quiet == Published(
        name="a", outcome="not published", reason="no market table. → add one", error=quiet.error
    )
    assert isinstance(quiet.error, NotPublishedError) and not quiet.failed
    assert loud.failed and isinstance(loud.error, MetricError) and loud.reason == "no amount"
    assert [p.name for p in loud.files] == ["b.failed.ipynb"]


def test_a_workbook_that_must_be_mended_is_no_failure_of_the_report(place):
    raised = (
        "from mktanalytics.errors import DataError\nraise DataError('权重之和不为 100%', found='目标.xlsx')"
    )
    put(place, "a", PARAMETERS, SETUP, raised)
    (done,) = publish_many(["a"], month="2026-10", **place)
    assert (done.outcome, done.reason) == ("not published", "权重之和不为 100%；实际：目标.xlsx")
    assert [p.name for p in (place["reports"] / "2026-10").iterdir()] == ["manifest.json"]


@pytest.mark.usefixtures("english")
def test_a_cell_that_runs_too_long_is_a_failure(place, monkeypatch):
    monkeypatch.setattr("mktanalytics.publish.execute.TIMEOUT", 3)
    put(place, "a", PARAMETERS, "import time; time.sleep(60)")
    with pytest.raises(ReportError, match=r"a\.ipynb, cell 3: the cell ran longer than 3 s"):
        publish("a", month="2026-10", **place)


@pytest.mark.usefixtures("english")
def test_a_run_that_only_looks_complete_is_a_failure(place):
    cells = {
        "exit": ("import sys; sys.exit(0)", "ended before its last cell"),
        "died": ("import os; os._exit(1)", "kernel died"),
        "frame": ("import pandas as pd; pd.DataFrame({'x': [1]})", "display.Table"),
    }
    for name, (cell, _) in cells.items():
        put(place, name, PARAMETERS, cell, "x = 1")
    for done in publish_many(list(cells), month="2026-10", **place):
        assert done.failed and cells[done.name][1] in done.reason
        assert f"{done.name}.ipynb, cell 3" in done.reason  # the parameters passed are a cell of their own
        assert [p.name for p in done.files] == [f"{done.name}.failed.ipynb"]
        if done.name != "frame":
            kept = nbformat.read(done.files[0], 4).cells
            assert done.reason in kept[2].source and kept[3].source == cells[done.name][0]
    assert not list(place["reports"].rglob("*.pdf"))


def test_a_notebook_runs_in_this_interpreter_and_knows_neither_home_nor_clock(place, monkeypatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    facts = "[sys.executable, os.environ['MKTANALYTICS_PROCESSED'], os.environ['TZ'], os.environ['LC_ALL'], month]"
    put(place, "a", PARAMETERS, f"import os, sys, json\nprint(json.dumps({facts}))", "print(object())")
    kept = publish("a", month="2026-10", **place).files[2]
    told, printed = nbformat.read(kept, 4).cells[-2:]
    assert json.loads(told.outputs[0].text) == [
        sys.executable, str(place["processed"].resolve()), "UTC", "C.UTF-8", "2026-10",
    ]  # fmt: skip
    assert printed.outputs[0].text == "<object object at 0x…>\n"
    assert "start_time" not in kept.read_text("utf-8")


# ---- parameters


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("passed", "what"),
    [
        ({"mnth": "2026-10"}, "perhaps 'month'"),
        ({"month": 202610}, "expected str"),
        ({"month": "2026-13"}, "not a month"),
        ({"language": "fr"}, "zh, en"),
        ({"regions": "华东"}, "expected list"),
        ({"regions": [1]}, "list of words"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(passed, what):
    declared = declared_parameters(notebook(PARAMETERS), "a.ipynb")
    with pytest.raises(UsageError, match=what):
        check_parameters(passed, declared, "report a")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("source", ["month = f()", "month = year = '2026'", "import os", "x = y + 1"])
def test_a_parameters_cell_holds_literals_only(source):
    with pytest.raises(ReportError, match="literals"):
        declared_parameters(notebook(source), "a.ipynb")


@pytest.mark.usefixtures("english")
def test_a_report_without_a_parameters_cell_is_refused():
    made = notebook(PARAMETERS)
    made.cells[0].metadata["tags"] = []
    with pytest.raises(ReportError, match="one cell tagged"):
        declared_parameters(made, "a.ipynb")


def test_an_unknown_report_names_the_ones_there_are(place):
    put(place, "market_share", PARAMETERS)
    with pytest.raises(UsageError, match="market_share"):
        publish("market", month="2026-10", **place)


def test_a_kernel_error_of_ours_is_told_in_its_own_words():
    assert isinstance(kernel_error("UsageError", "do this", "a.ipynb"), UsageError)
    assert (
        kernel_error("KeyError", "'x'", "a.ipynb, cell In [3]")
        .sentence()
        .startswith("a.ipynb, cell In [3]: KeyError: 'x'")
    )


# ---- the document


def test_a_block_in_another_language_is_refused():
    with pytest.raises(ReportError, match="speak"):
        shown(d.Headline("Up", language="en"))


def test_an_image_in_markdown_is_refused():
    with pytest.raises(ReportError, match="image"):
        shown(d.Text("![x](y.png)"))


def test_a_report_without_a_title_is_refused():
    with pytest.raises(ReportError, match="title"):
        document(notebook(PARAMETERS, title={"en": "x"}), PASSED, company="", sample=False, name="r")


# ---- the PDF

LONG = "华东大区_2026年10月_销售明细表_终版_修订.xlsx"


def figures(columns, rows):
    """A table of amounts in one unit."""
    frame = pd.DataFrame({f"c{j}": [1234567.8 * (i + 1) for i in range(rows)] for j in range(columns)})
    frame.insert(0, "brand", [f"品牌{i}" for i in range(rows)])
    cols = [d.Col("brand", "品牌"), *(d.Col(f"c{j}", f"2026-{j:02d}", unit="cny") for j in range(columns))]
    return d.Table(frame, "宽表", cols, note="含税")


def pages(*blocks):
    return pypdf.PdfReader(io.BytesIO(make_pdf(shown(*blocks)))).pages


def texts(*blocks):
    return pdf_text(make_pdf(shown(*blocks)))


def test_a_pdf_is_tagged_dated_by_its_month_and_numbers_its_tables():
    content = make_pdf(shown(figures(2, 3), figures(2, 3)))
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert "20260131" in str(reader.metadata["/CreationDate"])
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    (text,) = pdf_text(content)
    assert "表 1" in text and "表 2" in text and "第 1 页 / 共 1 页" in text and "2026年1月" in text


def test_a_long_table_breaks_and_repeats_its_header():
    text = texts(figures(3, 90))
    assert len(text) > 1 and all("2026-00" in t for t in text)


@pytest.mark.parametrize("rows", [44, 46, 52])
def test_a_note_never_stands_alone_on_a_page(rows):
    assert any(
        f"品牌{rows - 1} " in t and f"品牌{rows - 3} " in t and "含税" in t for t in texts(figures(3, rows))
    )


def test_a_wide_table_shrinks_turns_the_page_or_splits_and_loses_no_cell():
    upright, lying = pages(figures(10, 5)), pages(figures(18, 40))
    assert len(upright) == 1 and upright[0].mediabox.width < upright[0].mediabox.height
    assert any(float(p.mediabox.width) > float(p.mediabox.height) for p in lying)
    text = "".join(texts(figures(40, 5)))
    assert all(f"2026-{j:02d}" in text for j in range(40))
    assert text.count("表 1") > 1 and "表 2" not in text and "（续）" in text
    assert text.count("含税") == 1


def test_long_words_wrap_and_stay_whole_for_a_search():
    frame = pd.DataFrame({"file": [LONG] * 3, "what": ["说明文字" * 20] * 3, "n": [1.0, 2.0, 3.0]})
    page = pages(
        d.Table(frame, "文件", [d.Col("file", "文件"), d.Col("what", "说明"), d.Col("n", "行", unit="count")])
    )[0]
    inside = [x for x in _right_edges(page) if x > float(page.mediabox.width) - 40]
    assert not inside


def _right_edges(page):
    """Where each run of text begins, in points; none may begin in the right margin."""
    edges = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_: edges.append(cm[0] * tm[4] + cm[4]) if text.strip() else None
    )
    return edges


def test_a_character_the_font_lacks_is_an_error_not_a_blank():
    with pytest.raises(ReportError, match="can't be printed"):
        make_pdf(shown(d.Headline("销量 \U0001f680")))


def test_words_that_look_like_markup_are_only_words():
    (text,) = texts(d.Headline("#panic() $x$ *a* <b> \\"), d.Note("= x @ref [y]"))
    assert "#panic() $x$ *a* <b> \\" in text and "= x @ref [y]" in text


def test_every_block_has_its_place_on_the_page():
    when = pd.date_range("2025-11-01", periods=12, freq="MS")
    line = pd.DataFrame({"month": when, "value": 0.2, "unit": "fraction"})
    half = d.Chart(d.plot_lines(line, half=True), "半幅", "折线")
    blocks = [
        d.Headline("一句话"), d.Cards(*(d.Card(f"卡片{i}", Figure(i / 10, "fraction"), Figure(0.01, "pp"), "up", "同比") for i in range(6))),
        d.Text("## 节\n\n1. 甲\n2. 乙\n\n> 引\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n`码` ~~删~~ [链](https://example.com)\n\n---\n"),
        d.Chart(d.plot_lines(line), "全幅", "折线", "图注"), d.Row([half, half]), d.PageBreak(),
        d.Note("提示"), d.Note("小心", kind="warning"), figures(2, 2),
    ]  # fmt: skip
    text = texts(*blocks)
    for words in ("一句话", "卡片5", "一、", "图 1", "图注", "+1.0个百分点"):
        assert words in text[0], words
    assert "图 3" in text[1] and "! 注意" in text[2] and "宽表" in text[2]


# ---- the workbook


def book_of(*blocks):
    return openpyxl.load_workbook(io.BytesIO(make_workbook(shown(*blocks))))


def test_the_workbook_has_raw_numbers_units_and_evidence():
    frame = pd.DataFrame(
        {
            "brand": ["=1+1", "清泉"],
            "x": [
                Figure(0.23456, "fraction", Status.OK, 2.0, 8.0, 40),
                Figure(None, "fraction", Status.ZERO_BASE),
            ],
        }
    )
    points = pd.DataFrame({"brand": ["清泉"], "m": [Figure(2345678.9, "cny")], "p": [Figure(0.0125, "pp")]})
    book = book_of(
        d.Table(frame, "份额", [d.Col("brand", "品牌"), d.Col("x", "份额", group="本月")], note="口径"),
        d.Table(points, "金额", [d.Col("brand", "品牌"), d.Col("m", "销售额"), d.Col("p", "变动")]),
    )
    assert book.sheetnames == ["目录", "表 1", "表 2", "数据依据"]
    first, second = book["表 1"], book["表 2"]
    assert [c.value for c in first[3]] == ["品牌", "本月 · 份额"]
    assert first["A4"].value == "=1+1" and first["A4"].data_type == "s"
    assert (
        first["B4"].value == 0.23456 and first["B4"].number_format == "0.0%" and first["B5"].value == "无基数"
    )
    assert [c.value for c in second[3]] == ["品牌", "销售额（元）", "变动（百分点）"]
    assert second["B4"].value == 2345678.9 and second["C4"].value == pytest.approx(1.25)
    evidence = [c.value for c in book["数据依据"][2]]
    assert evidence[:9] == ["表 1", "=1+1", "本月 · 份额", 0.23456, "fraction", "ok", 2, 8, 40]


def test_the_workbook_is_the_same_bytes_each_time():
    document_ = shown(figures(3, 4))
    assert make_workbook(document_) == make_workbook(document_)


# ---- files


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    write_whole({path: b"old"})
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(DiskError, match="full"):
        write_whole({path: b"new", path.with_name("b.pdf"): b"new"})
    assert path.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_publishing_builds_no_grammar_of_addresses():
    """jsonschema would, for a second, whichever module imports it first."""
    code = "import sys, mktanalytics.publish.run; print('rfc3987_syntax.syntax_helpers' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
