"""The guard: what a file is by its bytes, and what is refused before it is read."""

from __future__ import annotations

import io
import zipfile

import pytest

from mktanalytics.errors import FileError, MktError
from mktanalytics.ingest.readers.guard import MAX_ENTRIES, container_of, skip_reason
from mktanalytics.ingest.readers.refusals import REFUSALS, located, refuse


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def code_of(data: bytes, file: str) -> str:
    with pytest.raises(FileError) as caught:
        container_of(data, file)
    return caught.value.code


@pytest.mark.parametrize(
    ("file", "skipped"),
    [
        ("~$预算.xlsx", True),
        ("sub/~$预算.xlsx", True),
        (".~lock.预算.xlsx#", True),
        (".~预算.xlsx", True),
        (".DS_Store", True),
        ("Thumbs.db", True),
        ("__MACOSX/a/预算.xlsx", True),
        ("预算.xlsx.tmp", True),
        ("预算.xlsx", False),
        ("10~11月.xlsx", False),
        ("sub.folder/预算.csv", False),
    ],
)
def test_side_files_are_skipped_with_a_reason(file: str, skipped: bool) -> None:
    reason = skip_reason(file)
    assert (reason is not None) is skipped
    if reason:
        assert all(reason)


@pytest.mark.parametrize(
    ("data", "file", "code", "word"),
    [
        (b"", "a.xlsx", "empty_file", "0 bytes"),
        (b"%PDF-1.7 ...", "a.xlsx", "not_a_workbook", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "a.xls", "not_a_workbook", "picture"),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "broken", "zip structure"),
        (zipped(**{"word/document.xml": b"<w/>"}), "a.xlsx", "not_a_workbook", "Word"),
        (zipped(**{"预算.xlsx": b"x"}), "a.zip", "not_a_workbook", "unpack"),
        (b"%TSD-Header-###%" + bytes(100), "a.xlsx", "company_encrypted", "document protection"),
        ("# 任务\n\n| 日期 | 金额 |\n|---|---|\n".encode(), "练习.xlsx", "not_what_it_says", "Markdown"),
        ("日期,金额\n1,2\n".encode(), "练习.xlsx", "not_what_it_says", "text file"),
        (b'{"a": 1}', "a.json", "not_a_workbook", "JSON"),
        ("说明".encode(), "README.md", "not_a_workbook", "text"),
        (bytes([1, 2, 0, 0, 0, 5]) * 50, "a.xls", "not_what_it_says", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "broken", "workbook stream"),
    ],
)
def test_what_is_no_workbook_is_refused_by_what_it_is(data: bytes, file: str, code: str, word: str) -> None:
    with pytest.raises(FileError) as caught:
        container_of(data, file)
    assert caught.value.code == code
    assert word in caught.value.sentence("en")


@pytest.mark.parametrize(
    ("data", "file", "container"),
    [
        (zipped(**{"xl/workbook.xml": b"<w/>"}), "a.xls", "xlsx"),
        (zipped(**{"xl/workbook.bin": b""}), "a.xlsx", "xlsb"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "a.ods", "ods"),
        (b"<html><body><table></table></body></html>", "a.xls", "html"),
        ("\ufeff<HTML>".encode("utf-16-le"), "a.xls", "html"),
        (b"<table border=1><tr><td>1</td></tr></table>", "a.xls", "html"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>', "a.xls", "xml2003"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "a.xls", "mhtml"),
        ("地区\t金额\n华东\t1\n".encode("gb18030"), "a.xls", "text"),
        ("地区,<b>,金额".encode(), "a.csv", "text"),
    ],
)
def test_the_bytes_tell_the_container_not_the_name(data: bytes, file: str, container: str) -> None:
    assert container_of(data, file) == container


def test_bombs_are_refused_before_they_are_inflated() -> None:
    bomb = zipped(**{"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": bytes(100 << 20)})
    assert len(bomb) < 200_000
    assert code_of(bomb, "a.xlsx") == "suspicious"


def test_an_archive_reaching_outside_itself_is_refused() -> None:
    assert code_of(zipped(**{"xl/workbook.xml": b"", "../../evil": b"x"}), "a.xlsx") == "suspicious"


def test_an_archive_of_endless_entries_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(MAX_ENTRIES + 1):
            archive.writestr(f"xl/{number}", b"")
    assert code_of(buffer.getvalue(), "a.xlsx") == "suspicious"


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_speaks_both_languages_and_tells_what_to_do(code: str) -> None:
    error = located(refuse(code, "甲", "A"), "sub/预算.xlsx")
    assert isinstance(error, MktError)
    assert error.where == "sub/预算.xlsx"
    assert str(error).startswith("sub/预算.xlsx: ")
    assert all(error.what) and all(error.todo)
    zh, en = (error.sentence(language).replace("预算", "").replace("甲", "") for language in ("zh", "en"))
    assert "{" not in zh + en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in en)
