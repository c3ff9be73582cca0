"""Workbooks made to harm: each is told or read in little time and memory, and the sound file beside it is read."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl
import pandas as pd
import psutil
import pytest

from mktanalytics import store
from mktanalytics.__main__ import main

SECONDS, MEGABYTES = 30, 3000  # the most that any file may take, on a machine with nothing else to do
HEAD = ("日期", "产品", "区域", "数量", "金额")
SECRET = "read-by-an-external-entity"

# ---- an .xlsx by hand

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPES = f"""<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""


def cell(address: str, value: object) -> str:
    if isinstance(value, (int, float)):
        return f'<c r="{address}"><v>{value}</v></c>'
    return f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number: int, *values: object) -> str:
    cells = "".join(
        cell(f"{openpyxl.utils.get_column_letter(i)}{number}", v) for i, v in enumerate(values, 1)
    )
    return f'<row r="{number}">{cells}</row>'


def lines(n: int = 20) -> str:
    return row(1, *HEAD) + "".join(
        row(i, f"2026-10-{i % 28 + 1:02d}", f"品{i}", "华东", i, i * 10.5) for i in range(2, n + 2)
    )


def xlsx(
    rows: str = "", after: str = "", *, sheets: int = 1, dtd: dict[str, str] | None = None, **parts: str
) -> bytes:
    """A workbook of such a sheet; `dtd` before the root of a part, `parts` beside or instead of the usual ones."""
    dtd = dtd or {}
    listed = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="r{i}"/>' for i in range(1, sheets + 1))
    related = "".join(
        f'<Relationship Id="r{i}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, sheets + 1)
    )
    sheet = f"{dtd.get('sheet', '')}<worksheet {_MAIN}><sheetData>{rows or lines()}</sheetData>{after}</worksheet>"
    whole = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{dtd.get("book", "")}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}<Relationship Id="s" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        **{f"xl/worksheets/sheet{i}.xml": sheet for i in range(1, sheets + 1)},
        "xl/sharedStrings.xml": f"<sst {_MAIN}/>",
        **parts,
    }
    return zipped(whole)


def zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def nested() -> bytes:
    inner = "0" * (10 << 20)
    data = zipped({"0.zip": inner})
    for _ in range(5):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(8):
                archive.writestr(f"{n}.zip", data)
        data = buffer.getvalue()
    return data


def lying() -> bytes:
    """An archive whose directory says that a part of 100 MB has a thousand bytes."""
    data = bytearray(xlsx(after=f"<!--{' ' * (100 << 20)}-->"))
    for magic, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(magic)
        while at >= 0:
            if int.from_bytes(data[at + place : at + place + 4], "little") > 1 << 20:
                data[at + place : at + place + 4] = (1000).to_bytes(4, "little")
            at = data.find(magic, at + 4)
    return bytes(data)


def laughs() -> str:
    """A billion laughs."""
    more = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE r [<!ENTITY l0 "lol">{more}]>'


def external(path: Path) -> str:
    return f'<!DOCTYPE r [<!ENTITY l9 SYSTEM "{path.as_uri()}">]>'


ODS = """{dtd}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
XML = """<?xml version="1.0"?>{dtd}<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>{rows}</Table></Worksheet></Workbook>"""
_P = "<table:table-row><table:table-cell{0}><text:p>{1}</text:p></table:table-cell></table:table-row>"


def ods(rows: str, dtd: str = "") -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped(
        {"mimetype": kind, "content.xml": ODS.format(dtd=dtd, rows=rows), "META-INF/manifest.xml": "<m/>"}
    )


def xml(rows: str, dtd: str = "") -> bytes:
    return XML.format(dtd=dtd, rows=rows).encode()


def merged(*ranges: str) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{r}{chr(34)}/>' for r in ranges)}</mergeCells>"


# name -> the file's bytes, and whether it is read (True), refused (False), or either
BOMBS: dict[str, tuple[Callable[[], bytes], bool | None]] = {
    "inflates a thousandfold.xlsx": (lambda: xlsx(after=f"<!--{' ' * (200 << 20)}-->"), False),
    "inflates to 60 MB.xlsx": (lambda: xlsx(after=f"<!--{' ' * (60 << 20)}-->"), None),
    "says it is small.xlsx": (lying, False),
    "zips in zips.xlsx": (nested, False),
    "one text of 60 MB.xlsx": (lambda: xlsx(**{"xl/sharedStrings.xml": f"<sst {_MAIN}><si><t>{'x' * (60 << 20)}</t></si></sst>"}), None),
    "a million texts.xlsx": (lambda: xlsx(**{"xl/sharedStrings.xml": f"<sst {_MAIN}>{'<si><t>x</t></si>' * 1_000_000}</sst>"}), None),
    "traversal.xlsx": (lambda: xlsx(**{"../../../outside.txt": "x"}), False),
    "absolute.xlsx": (lambda: xlsx(**{"/outside.txt": "x"}), None),
    "far cell.xlsx": (lambda: xlsx(lines() + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), False),
    "far column.xlsx": (lambda: xlsx(lines(5000) + '<row r="6000"><c r="XFD6000"><v>1</v></c></row>'), False),
    "merge of all.xlsx": (lambda: xlsx(after=merged("A1:XFD1048576")), None),
    "merge of a column.xlsx": (lambda: xlsx(after=merged("H2:H1048576")), True),
    "a million merges.xlsx": (lambda: xlsx(after=merged(*(f"H{2 * i + 1}:H{2 * i + 2}" for i in range(500_000)), *(f"I{2 * i + 1}:I{2 * i + 2}" for i in range(500_000)))), True),
    "merges over one another.xlsx": (lambda: xlsx(lines(2000), after=merged(*(f"F{i % 900 + 1}:J{i % 1000 + 1000}" for i in range(100_000)))), True),
    "text of 32,000 letters.xlsx": (lambda: xlsx(row(1, *HEAD) + "".join(row(i, "2026-10-01", f"{i}" + "1,(二〇年1月" * 4000, "9" * 32000, i, "1%-" * 10000) for i in range(2, 40))), None),
    "deep.xlsx": (lambda: xlsx("<a>" * 200_000 + "</a>" * 200_000 + lines()), None),
    "laughs in a sheet.xlsx": (lambda: xlsx(lines() + row(30, "&l9;"), dtd={"sheet": laughs()}), None),
    "laughs in the book.xlsx": (lambda: xlsx(dtd={"book": laughs()}), None),
    "laughs in texts.xlsx": (lambda: xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', **{"xl/sharedStrings.xml": f"{laughs()}<sst {_MAIN}><si><t>&l9;</t></si></sst>"}), None),
    "laughs in styles.xlsx": (lambda: xlsx(**{"xl/styles.xml": f'{laughs()}<styleSheet {_MAIN}><numFmts><numFmt numFmtId="1" formatCode="&l9;"/></numFmts></styleSheet>'}), None),
    "laughs.ods": (lambda: ods(_P.format("", "&l9;"), laughs()), False),
    "laughs.xls": (lambda: xml('<Row><Cell><Data ss:Type="String">&l9;</Data></Cell></Row>', laughs()), False),
    "repeats.ods": (lambda: ods('<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell></table:table-row>'), False),
    "spans.ods": (lambda: ods(_P.format(' table:number-columns-spanned="16384" table:number-rows-spanned="1048576"', "x")), None),
    "far cell.xls": (lambda: xml('<Row ss:Index="1048576"><Cell ss:Index="16384"><Data ss:Type="Number">1</Data></Cell></Row>'), False),
    "spans.xls": (lambda: xml('<Row><Cell ss:MergeAcross="16000" ss:MergeDown="1000000"><Data ss:Type="Number">1</Data></Cell></Row>'), None),
    "spanning page.xls": (lambda: b"<table>" + b"<tr><td rowspan=60000 colspan=1000>x</td></tr>" * 50 + b"</table>", None),
    "deep page.xls": (lambda: b"<html>" + b"<table><tr><td>" * 20_000, False),
    "one line.csv": (lambda: b"a" * (20 << 20), None),
    "only commas.csv": (lambda: b"," * (5 << 20), None),
    "only quotes.csv": (lambda: b'"' * (5 << 20), None),
    "only lines.csv": (lambda: b"\n" * (5 << 20), None),
    "zero bytes.csv": (lambda: b"a,b\n" + bytes(5 << 20), None),
    "noise.xlsb": (lambda: Random(1).randbytes(1 << 20), False),
    "noise.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(2).randbytes(1 << 20), False),
}  # fmt: skip


def measured(command: list[str]) -> tuple[int, float, int, str]:
    """Exit status, processor seconds and the largest megabytes of a run and its processes, and what it said."""
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    used: dict[int, float] = {}
    largest = 0
    while run.poll() is None:
        try:
            for process in (psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)):
                with process.oneshot():
                    used[process.pid] = sum(process.cpu_times()[:2])
                    largest = max(largest, process.memory_info().rss >> 20)
        except psutil.Error:
            pass
        time.sleep(0.05)
    said, _ = run.communicate()
    return run.returncode, sum(used.values()), largest, said


@pytest.fixture(scope="module")
def all_cleaned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[int, float, int, str]]:
    """Every bomb in one folder, with a sound file among them."""
    folder = tmp_path_factory.mktemp("bombs")
    (folder / "raw").mkdir()
    for name, (made, _) in BOMBS.items():
        (folder / "raw" / name).write_bytes(made())
    (folder / "secret.txt").write_text(SECRET)
    leak = external(folder / "secret.txt")
    for name, data in {
        "entity sheet.xlsx": xlsx(lines() + row(30, "&l9;"), dtd={"sheet": leak}),
        "entity texts.xlsx": xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', **{"xl/sharedStrings.xml": f"{leak}<sst {_MAIN}><si><t>&l9;</t></si></sst>"}),
        "entity.ods": ods(_P.format("", "&l9;"), leak),
        "entity.xls": xml('<Row><Cell><Data ss:Type="String">&l9;</Data></Cell></Row>', leak),
        "entity page.xls": f"{leak}<table><tr><td>&l9;</td></tr></table>".encode(),
    }.items():  # fmt: skip
        (folder / "raw" / name).write_bytes(data)
    (folder / "raw" / "好.csv").write_text(
        "日期,产品,区域,数量,金额\n2026-10-01,甲,华东,1,5\n2026-10-02,乙,华东,1,6\n", "utf-8"
    )
    command = [sys.executable, "-m", "mktanalytics", "clean", "--raw", str(folder / "raw")]
    return folder, measured([*command, "--processed", str(folder / "processed"), "--language", "en"])


@pytest.mark.slow
def test_no_bomb_takes_much_time_or_memory_or_harms_another_file(
    all_cleaned: tuple[Path, tuple[int, float, int, str]],
) -> None:
    folder, (status, seconds, megabytes, said) = all_cleaned
    assert status == 0, said
    assert "Traceback" not in said
    assert megabytes < MEGABYTES
    assert seconds < SECONDS * 4  # all of them together
    ledger = store.load("ledger", processed=folder / "processed")
    assert ledger.loc[ledger["file"] == "好.csv", "rows_tidy"].tolist() == [2]


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_each_bomb_is_read_or_told_in_a_sentence(
    name: str, all_cleaned: tuple[Path, tuple[int, float, int, str]]
) -> None:
    folder, _ = all_cleaned
    ledger = store.load("ledger", processed=folder / "processed")
    issues = store.load("issues", processed=folder / "processed")
    blocks, told = ledger[ledger["file"] == name], issues[issues["file"] == name]
    assert len(blocks)
    refused = set(blocks["reason"]) == {"unreadable"}
    if refused:
        assert told["message_en"].str.len().min() > 10
        assert told["todo_en"].str.len().min() > 0
        assert "internal" not in set(told["code"])
    assert BOMBS[name][1] in (None, not refused), told["message_en"].tolist()


@pytest.mark.slow
def test_no_entity_reads_a_file_and_no_name_leaves_the_folder(
    all_cleaned: tuple[Path, tuple[int, float, int, str]],
) -> None:
    folder, (_, _, _, said) = all_cleaned
    assert SECRET not in said
    for path in (p for p in (folder / "processed").rglob("*") if p.is_file()):
        text = (
            pd.read_parquet(path).to_csv()
            if path.suffix == ".parquet"
            else path.read_bytes().decode("latin-1")
        )
        assert SECRET not in text, path
    assert not list(folder.rglob("outside.txt"))
    assert sorted(p.name for p in folder.iterdir()) == [".processed.lock", "processed", "raw", "secret.txt"]


# ---- what would be run when somebody opens what we write

LIVE = ("=cmd|' /c calc'!A0", "@SUM(1+1)", "+1+cmd|' /c calc'!A0", "-2+3", "＝1+1", "=HYPERLINK(\"http://evil\")", "http://evil.example", "\t=1+1", "DDE(\"cmd\")")  # fmt: skip


def test_text_that_would_run_stays_text(tmp_path: Path) -> None:
    """Cells that look like formulas, DDE or links, in a workbook that is sent back."""
    (tmp_path / "raw").mkdir()
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for n, text in enumerate(LIVE, 2):
        for column, value in enumerate((f"2026-10-{n:02d}", text, "华东", n, "约五" if n % 3 else n * 10), 1):
            target = book.active.cell(n, column, value)
            if isinstance(value, str):
                target.data_type = "s"
    book.save(tmp_path / "raw" / "=1+1.xlsx")
    assert main(["clean", "--raw", str(tmp_path / "raw"), "--processed", str(tmp_path / "out")]) == 0
    (path,) = (tmp_path / "out" / "send_back").iterdir()
    copy = openpyxl.load_workbook(path)
    cells = [c for sheet in copy for line in sheet.iter_rows() for c in line if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n", "d"}
    assert {t.strip() for t in LIVE} <= {str(c.value).strip() for c in cells}
    with zipfile.ZipFile(path) as archive:
        parts = "".join(
            archive.read(n).decode("utf-8") for n in archive.namelist() if n.endswith((".xml", ".rels"))
        )
    assert "<f>" not in parts
    assert "TargetMode" not in parts
