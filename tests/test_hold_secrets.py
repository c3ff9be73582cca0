"""What is never written anywhere: passwords; and of people, no more than is needed."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pandas as pd
import psutil
import pytest
from sheets import sheet, taken

from mktanalytics import store
from mktanalytics.__main__ import main
from mktanalytics.columns import AMOUNT, CITY
from mktanalytics.engines import without_password
from mktanalytics.ingest.private import quoted
from mktanalytics.ingest.readers.read import close_readers
from mktanalytics.publish.kernel import kernel_environment
from mktanalytics.publish.published import record
from mktanalytics.settings import Settings

SECRET = "Tr0ub4dor-口令"
PEOPLE = ("欧阳锋行", "令狐小冲")


def protected(path: Path, password: str) -> None:
    plain, locked = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    for row in (
        ("日期", "产品", "区域", "数量", "金额"),
        *((f"2026-10-0{d}", "甲", "华东", d, 10.5) for d in (1, 2, 3)),
    ):
        book.active.append(row)
    book.save(plain)
    plain.seek(0)
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt(password, locked)
    path.write_bytes(locked.getvalue())


def everything(folder: Path) -> bytes:
    """The bytes of all files below a folder, those of workbooks and tables unpacked."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.append(path.read_bytes())
        if path.suffix == ".parquet":
            found.append(pd.read_parquet(path).to_csv().encode())
        if path.suffix == ".xlsx":
            cells = (c.value for s in openpyxl.load_workbook(path) for row in s.iter_rows() for c in row)
            found.append("\n".join(map(str, cells)).encode())
    return b"\n".join(found)


@pytest.mark.parametrize("given", [SECRET, "wrong" + SECRET])
def test_a_password_is_in_no_output_no_log_and_no_list_of_processes(given: str, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    protected(tmp_path / "raw" / "密.xlsx", SECRET)
    command = [sys.executable, "-m", "mktanalytics", "clean", "--raw", str(tmp_path / "raw")]
    run = subprocess.Popen(
        [*command, "--processed", str(tmp_path / "out" / "processed")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"MKTANALYTICS_PASSWORD": given},
    )  # fmt: skip
    lines: set[str] = set()
    while run.poll() is None:
        for process in (psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)):
            try:
                lines |= set(process.cmdline())
            except psutil.Error:
                continue
    printed, _ = run.communicate()
    assert run.returncode == 0
    assert ("sales" in store.available(tmp_path / "out" / "processed")) == (given == SECRET)
    assert lines
    assert SECRET not in "\n".join(lines)
    assert SECRET.encode() not in printed + everything(tmp_path / "out")


def test_a_notebook_does_not_hear_the_password(tmp_path: Path) -> None:
    assert kernel_environment(tmp_path)["MKTANALYTICS_PASSWORD"] == ""


@pytest.mark.parametrize(
    ("engine", "kept"),
    [
        ("duckdb", "duckdb"),
        ("spark://host:7077", "spark://host:7077"),
        (f"postgres://ann:{SECRET}@host:5432/db", "postgres://ann:***@host:5432/db"),
        (
            f"trino://host/cat?user=ann&password={SECRET}&tz=UTC",
            "trino://host/cat?user=ann&password=***&tz=UTC",
        ),
        (f"snowflake://ann@acc/db?access_token={SECRET}", "snowflake://ann@acc/db?access_token=***"),
    ],
)
def test_a_connection_string_is_kept_without_its_password(engine: str, kept: str, tmp_path: Path) -> None:
    assert without_password(engine) == kept
    settings = Settings(engine=engine)
    record(
        tmp_path, "kpi", outcome="published", parameters={"month": "2026-10"}, inputs={}, settings=settings, files={}
    )  # fmt: skip
    text = (tmp_path / "manifest.json").read_text("utf-8")
    assert SECRET not in text
    assert f'"{kept}"' in text
    assert set(asdict(settings)) > {"engine"}


def test_people_are_not_named_where_their_rows_are_complained_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Customers and salespeople stand in the tidy table and the marked copies; messages do without them."""
    (tmp_path / "raw").mkdir()
    rows = [
        "日期,订单号,产品,客户,销售员,区域,数量,金额",
        *(f"2026-10-{d:02d},SO{d},甲,{PEOPLE[0]},{PEOPLE[1]},华东,{d},{100 + d}" for d in range(1, 9)),
        f"不详,SO20,甲,{PEOPLE[0]},{PEOPLE[1]},华东,1,5",  # no date
        f"2026-10-09,SO21,甲,{PEOPLE[0]},{PEOPLE[1]},华东,1,约五百",  # no figure
        f"2026-10-01,SO1,甲,{PEOPLE[0]},{PEOPLE[1]},华东,1,101",  # there already
        f"2026-10-02,SO2,甲,{PEOPLE[0]},{PEOPLE[1]},华东,2,999",  # contradicts
    ]
    (tmp_path / "raw" / "销售.csv").write_text("\n".join(rows) + "\n", "utf-8")
    out = tmp_path / "processed"
    assert main(["clean", "--raw", str(tmp_path / "raw"), "--processed", str(out)]) == 0
    printed = capsys.readouterr()
    told = store.load("issues", processed=out).to_csv() + store.load("ledger", processed=out).to_csv()
    assert len(store.load("issues", processed=out)) >= 3
    for person in PEOPLE:
        assert person not in printed.out + printed.err
        assert person not in told
        assert person not in (out / "manifest.json").read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "令狐小冲",
        "王丽",
        "张三、李四",
        "王丽（市场部）",
        "Anna Maria Smith",
        "13812345678 电话",
        "tel 138-1234-5678",
        "11010519491231002X",
        "li.na@example.com",
    ],
)
@pytest.mark.parametrize("place", [0, 3])
def test_a_person_typed_into_a_date_or_an_amount_is_not_quoted(text: str, place: int) -> None:
    rows = [[f"2026-03-0{d}", f"00{d}", "市场部", 10.0 * d] for d in range(1, 9)]
    rows[4][place] = text
    (block,) = taken(sheet([["凭证日期", "凭证号", "部门", "金额"], *rows]), file="费用.xlsx")
    (told,) = (i for i in block.issues if i.code == "bad_value")
    assert text not in "".join(map(str, told))
    assert told.cell == f"{'AD'[place == 3]}6"


@pytest.mark.parametrize("text", ["约五百", "待核实", "12月32日", "TBD", "王府井", "10OO"])
def test_what_is_no_person_is_quoted(text: str) -> None:
    assert quoted(text, AMOUNT if text != "王府井" else CITY) == text


def test_telephones_in_a_header_are_in_no_message() -> None:
    (block,) = taken(sheet([["王丽", "13812345678", "市场部"], ["李娜", "13912345678", "市场部"]]))
    assert not any("12345678" in str(i) for i in block.issues)


def test_a_password_may_be_typed_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw").mkdir()
    protected(tmp_path / "raw" / "密.xlsx", SECRET)
    monkeypatch.setenv("MKTANALYTICS_PASSWORD", "")  # what typing sets is taken back after the test
    monkeypatch.setattr("mktanalytics.__main__.getpass", lambda prompt: SECRET)
    places = ["--raw", str(tmp_path / "raw"), "--processed", str(tmp_path / "processed")]
    close_readers()
    assert main(["clean", *places]) == 0
    assert "sales" not in store.available(tmp_path / "processed")
    close_readers()
    assert main(["clean", "--ask-password", *places]) == 0
    assert "sales" in store.available(tmp_path / "processed")
    close_readers()
