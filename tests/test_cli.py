"""The command line, as the people who use it meet it: what it prints, what it leaves, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys

import openpyxl
import pytest

from mktanalytics import store
from mktanalytics.__main__ import main
from mktanalytics.publish.template import header
from mktanalytics.tables import all_tables


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "raw").mkdir()
    names = {"raw": tmp_path / "raw", "processed": tmp_path / "processed", "reports": tmp_path / "reports"}
    return names | {"options": ["--raw", str(names["raw"]), "--processed", str(names["processed"])]}


def workbook(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


SALES = (
    ("日期", "产品", "区域", "数量", "金额"),
    ("2026-09-05", "甲", "华东", 1, 100.5),
    ("2026-10-31", "乙", "华南", 2, 200),
)


def test_help_teaches_by_example(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "mktanalytics monthly-report --month 2026-10" in text
    assert "退出码" in text and "exit status" not in text


@pytest.mark.parametrize(
    "arguments", [["--language", "en", "--help"], ["clean", "--language", "en", "--help"]]
)
def test_help_speaks_english_when_asked(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    text = capsys.readouterr().out
    assert "workbooks" in text and "工作簿" not in text


@pytest.mark.parametrize(
    "arguments", [["--language", "en", "dictionary"], ["dictionary", "--language", "en"]]
)
def test_the_language_may_stand_before_the_command_or_after_it(arguments, capsys):
    assert main(arguments) == 0
    assert "Data dictionary" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["cook"],
        ["clean", "--rw", "x"],
        ["report"],
        ["clean", "--language"],
        ["--language", "fr", "clean"],
    ],
)
def test_wrong_usage_ends_with_two(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "words"), [("zh", "用法不对"), ("en", "wrong usage")])
def test_wrong_usage_is_said_in_the_language_spoken_with_the_way_to_the_help(language, words, capsys):
    with pytest.raises(SystemExit):
        main(["--language", language, "cook"])
    said = capsys.readouterr().err
    assert words in said and "mktanalytics --help" in said and "cook" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["report", "shares"], "market_share"),
        (["monthly-report", "--month", "2026-13"], "2026-10"),
        (["monthly-report", "--month", "October"], "2026-10"),
        (["template", "sale"], "sales"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_what_there_is(arguments, told, capsys):
    assert main(arguments) != 0
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "没有报告 shares；应为：budget_execution"),
        ("en", "there is no report shares; expected budget_execution"),
    ],
)
def test_errors_are_said_in_the_language_asked_for(language, told, capsys):
    assert main(["report", "shares", "--language", language]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("command", [["report", "kpi"], ["monthly-report"]])
def test_a_place_without_reports_is_told(command, folders, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*command, *folders["options"]]) == 2
    assert "这里没有报告" in capsys.readouterr().err


def test_inspect_takes_a_folder_for_the_files_in_it(folders, capsys):
    assert main(["inspect", str(folders["raw"])]) == 2
    assert "文件夹里没有工作簿" in capsys.readouterr().err
    workbook(folders["raw"] / "销售.xlsx", *SALES)
    assert main(["inspect", str(folders["raw"])]) == 0
    assert "销售.xlsx" in capsys.readouterr().out


def test_an_empty_folder_and_a_missing_one_are_told(folders, capsys):
    assert main(["clean", *folders["options"]]) == 2
    assert "放进去" in capsys.readouterr().err
    assert (
        main(["clean", "--raw", str(folders["raw"] / "nowhere"), "--processed", str(folders["processed"])])
        == 2
    )
    assert not folders["processed"].exists()


def test_clean_prints_a_line_a_block_and_writes_tables(folders, capsys):
    workbook(folders["raw"] / "销售.xlsx", *SALES)
    assert main(["clean", *folders["options"]]) == 0
    line = next(x for x in capsys.readouterr().out.splitlines() if x.startswith("销售.xlsx"))
    assert "3" in line
    assert "2" in line
    assert sorted(p.name for p in folders["processed"].iterdir()) == [
        "conflicts.parquet", "issues.parquet", "ledger.parquet", "manifest.json", "sales.parquet",
    ]  # fmt: skip
    assert store.load("sales", processed=folders["processed"])["amount"].tolist() == [100.5, 200.0]


def test_one_broken_workbook_harms_no_other(folders, capsys):
    workbook(folders["raw"] / "销售.xlsx", *SALES)
    (folders["raw"] / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folders["raw"] / "笔记.xlsx").write_text("# 只是文字", "utf-8")
    assert main(["clean", *folders["options"]]) == 0
    printed = capsys.readouterr()
    assert "坏.xlsx" in printed.out
    assert "笔记.xlsx" in printed.out
    assert "Traceback" not in printed.out + printed.err
    assert len(store.load("sales", processed=folders["processed"])) == 2
    issues = store.load("issues", processed=folders["processed"])
    assert {"坏.xlsx", "笔记.xlsx"} <= set(issues["file"])


def test_raw_is_never_written(folders):
    workbook(folders["raw"] / "销售.xlsx", *SALES)
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folders["raw"].iterdir()}
    main(["clean", *folders["options"]])
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in folders["raw"].iterdir()} == before


def test_a_month_outside_the_data_is_told(folders, capsys):
    workbook(folders["raw"] / "销售.xlsx", *SALES)
    options = [*folders["options"], "--reports", str(folders["reports"])]
    assert main(["monthly-report", "--month", "2030-01", *options]) == 2
    assert "2026-09 到 2026-10" in capsys.readouterr().err


def test_nothing_to_report_on_is_told(folders, capsys):
    workbook(folders["raw"] / "备忘.xlsx", ("开会时间", "周五"), ("地点", "三楼"))
    options = [*folders["options"], "--reports", str(folders["reports"])]
    assert main(["monthly-report", *options]) == 2
    assert "--month" in capsys.readouterr().err


def test_a_fault_of_ours_is_one_line(folders, capsys, monkeypatch):
    workbook(folders["raw"] / "销售.xlsx", *SALES)

    def broken(*_args, **_kwargs):
        raise RuntimeError("boom")

    monkeypatch.setattr("mktanalytics.store.write", broken)
    monkeypatch.delenv("MKTANALYTICS_DEBUG", raising=False)
    assert main(["clean", *folders["options"]]) == 1
    error = capsys.readouterr().err
    assert "boom" in error
    assert len(error.splitlines()) == 1


def test_it_runs_as_a_module_and_as_a_command():
    done = subprocess.run(
        [sys.executable, "-m", "mktanalytics", "dictionary"], capture_output=True, text=True, check=True
    )
    assert "## sales" in done.stdout


# ---- templates: what we hand out, filled in, comes back whole

EXAMPLES = {
    "money": 1234.5, "number": 12, "count": 30, "rate": 0.25, "date": "2026-10-05", "month": "2026-10", "code": "0012", "text": "说明文字",
    "flag": "是",
}  # fmt: skip


def filled(column):
    if column.allowed:
        return next(iter(column.allowed))
    return EXAMPLES.get(column.kind, f"甲{column.zh}")


@pytest.mark.parametrize("kind", all_tables().values(), ids=lambda t: t.name)
def test_a_filled_template_comes_back_cell_for_cell(kind, folders):
    path = folders["raw"] / f"{kind.zh}.xlsx"
    assert main(["template", kind.name, "--output", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    sheet = book[kind.zh]
    headers = [cell.value for cell in sheet[1]]
    assert headers == [header(c) for c in kind.columns]
    for i, column in enumerate(kind.columns, 1):
        sheet.cell(2, i, filled(column))
        sheet.cell(
            3,
            i,
            filled(column) if column.is_number or column.is_time or column.allowed else f"{filled(column)}二",
        )
    book.save(path)
    assert main(["clean", *folders["options"]]) == 0
    ledger = store.load("ledger", processed=folders["processed"])
    assert set(ledger.loc[ledger["sheet"] == "填写说明", "reason"]) == {
        "notes"
    }  # it explains, and is no fault
    tidy = store.load(kind.name, processed=folders["processed"])
    assert tidy["source_row"].tolist() == [2, 3]
    for column in kind.columns:
        if column.is_number or not column.is_time:
            assert tidy[column.name].iloc[0] == filled(column), column.name


# ---- the main job, on the sample company


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    """Two whole runs of `monthly-report` on the sample, the second elsewhere on the globe."""
    runs = []
    for zone, locale in (("UTC", "C.UTF-8"), ("Asia/Shanghai", "C")):
        out = tmp_path_factory.mktemp("monthly")
        (out / "raw").mkdir()
        command = [sys.executable, "-m", "mktanalytics", "monthly-report", "--raw", out / "raw"]
        command += ["--processed", out / "processed", "--reports", out / "reports"]
        environment = os.environ | {"TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": str(len(runs) + 1)}
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False
        )
        runs.append((done, out))
    return runs


def test_the_monthly_report_publishes_every_report(monthly, root):
    done, out = monthly[0]
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    names = sorted(p.stem for p in (root / "notebooks").glob("*.ipynb"))
    expected = {f"{n}.{ending}" for n in names for ending in ("pdf", "xlsx", "ipynb")} | {"manifest.json"}
    assert {p.name for p in (out / "reports" / "2026-10").iterdir()} == expected
    assert "示例" in done.stdout


def test_the_same_inputs_give_the_same_bytes_anywhere(monthly):
    (_, one), (_, two) = monthly
    for folder in ("processed", "reports"):
        files = sorted(p.relative_to(one) for p in (one / folder).rglob("*") if p.is_file())
        assert files == sorted(p.relative_to(two) for p in (two / folder).rglob("*") if p.is_file())
        different = [str(f) for f in files if (one / f).read_bytes() != (two / f).read_bytes()]
        assert not different
