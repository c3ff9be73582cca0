"""Stage 1, guard: what a file really is, by its bytes, and whether it is safe to read."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from mktanalytics.ingest.readers.refusals import refuse

TEXT_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt", ".tab"})
MEGABYTE: Final = 1 << 20
MAX_FILE: Final = 400 * MEGABYTE
MAX_INFLATED: Final = 1600 * MEGABYTE  # a flat sheet of 1,048,576 x 20 is about 1 GB of XML
MAX_ENTRIES: Final = 10_000
# A bomb inflates a thousandfold; the most repetitive real sheets stay below a hundred.
MAX_RATIO: Final = 250
RATIO_FROM: Final = 64 * MEGABYTE

# Names that programs leave beside workbooks, and what they are.
_SKIPPED: Final = (
    (re.compile(r"^~\$"), "Excel 打开文件时的锁文件", "Excel's lock file of an open workbook"),
    (re.compile(r"^\.~lock\..*#$"), "LibreOffice 的锁文件", "LibreOffice's lock file of an open workbook"),
    (re.compile(r"^\.~"), "WPS 的临时文件", "a temporary file of WPS"),
    (re.compile(r"^(thumbs\.db|desktop\.ini)$", re.I), "系统文件", "a file of the operating system"),
    (re.compile(r"^\."), "隐藏文件", "a hidden file"),
    (re.compile(r"(\.tmp|\.bak|\.crdownload|\.part|~)$", re.I), "临时文件", "a temporary file"),
)

# First bytes → what it is, for files that are no workbook at all.
_OTHER_MAGIC: Final = (
    (b"%PDF", "PDF 文档", "a PDF document"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"Rar!", "RAR 压缩包，请先解压", "a RAR archive: unpack it first"),
    (b"7z\xbc\xaf", "7z 压缩包，请先解压", "a 7z archive: unpack it first"),
    (b"\x1f\x8b", "gzip 压缩包，请先解压", "a gzip archive: unpack it first"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"PAR1", "Parquet 文件", "a Parquet file"),
    (b"SQLite format 3", "SQLite 数据库", "a SQLite database"),
)
_COMPANY_MAGIC: Final = ((b"%TSD-Header-###%", "亿赛通"), (b"b\x14#e", "IP-guard"))
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")


def skip_reason(file: str) -> tuple[str, str] | None:
    """Why this path isn't looked into at all (Chinese, English); None if it is."""
    path = PurePosixPath(file)
    if "__MACOSX" in path.parts:
        return "macOS 压缩包的附带文件", "a side file of a macOS archive"
    for pattern, zh, en in _SKIPPED:
        if pattern.search(path.name):
            return zh, en
    return None


def container_of(data: bytes, file: str) -> str:
    """What the bytes are: xlsx, xlsb, ods, xls, encrypted, xml2003, html, mhtml or text; else a FileError."""
    if not data:
        raise refuse("empty_file")
    if len(data) > MAX_FILE:
        raise refuse("too_large", f"{len(data) // MEGABYTE} MB")
    for magic, program in _COMPANY_MAGIC:
        if data.startswith(magic):
            raise refuse("company_encrypted", program)
    for magic, zh, en in _OTHER_MAGIC:
        if data.startswith(magic):
            raise refuse("not_a_workbook", zh, en)
    if data.startswith(b"PK"):
        return _zip_container(data)
    if data.startswith(_OLE):
        return _ole_container(data)
    if data.startswith(_BARE_BIFF):  # Excel 2 to 4 wrote no OLE wrapper
        return "xls"
    return _text_container(data, file)


def _zip_container(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            mimetype = archive.read("mimetype")[:100] if "mimetype" in archive.namelist() else b""
    except (
        Exception
    ) as error:  # zipfile raises anything from struct.error to NotImplementedError on bad bytes
        raise refuse("broken", "压缩结构不完整", "its zip structure is damaged") from error
    check_entries(entries, len(data))
    names = {entry.filename.replace("\\", "/").lower().lstrip("/") for entry in entries}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") and name.endswith(".xml") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if any(name.startswith("word/") for name in names):
        raise refuse("not_a_workbook", "Word 文档", "a Word document")
    if any(name.startswith("ppt/") for name in names):
        raise refuse("not_a_workbook", "PowerPoint 演示文稿", "a PowerPoint presentation")
    if "index/document.iwa" in names or any(name.endswith(".iwa") for name in names):
        raise refuse("not_a_workbook", "Apple Numbers 文件", "an Apple Numbers document")
    raise refuse("not_a_workbook", "zip 压缩包，请先解压", "a zip archive: unpack it first")


def check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse an archive that would inflate beyond reason or reach outside itself."""
    if len(entries) > MAX_ENTRIES:
        raise refuse("suspicious", f"压缩包内有 {len(entries)} 个文件", f"{len(entries)} files inside")
    inflated = sum(entry.file_size for entry in entries)
    if inflated > MAX_INFLATED:
        raise refuse(
            "too_large", f"解压后 {inflated // MEGABYTE} MB", f"{inflated // MEGABYTE} MB when inflated"
        )
    for entry in entries:
        if ".." in PurePosixPath(entry.filename.replace("\\", "/")).parts:
            raise refuse("suspicious", f"内部文件名 {entry.filename!r}", f"an inner name {entry.filename!r}")
    if inflated > RATIO_FROM and inflated > MAX_RATIO * packed:
        ratio = inflated // packed
        raise refuse("suspicious", f"解压后是原来的 {ratio} 倍", f"it inflates {ratio} times")


def check_sums(archive: zipfile.ZipFile) -> None:
    """Inflate the parts every sheet draws on and compare their checksums: calamine doesn't, and reads altered text."""
    for name in archive.namelist():
        if PurePosixPath(name.lower()).stem in ("sharedstrings", "styles", "workbook"):
            with archive.open(name) as part:
                while part.read(MEGABYTE):
                    pass


def _ole_container(data: bytes) -> str:
    if _has_stream(data, "EncryptedPackage"):
        return "encrypted"
    if _has_stream(data, "Workbook") or _has_stream(data, "Book") or _has_stream(data, "WORKBOOK"):
        return "xls"
    if _has_stream(data, "WordDocument"):
        raise refuse("not_a_workbook", "Word 文档", "a Word document")
    if _has_stream(data, "PowerPoint Document"):
        raise refuse("not_a_workbook", "PowerPoint 演示文稿", "a PowerPoint presentation")
    raise refuse("broken", "其中没有工作簿内容", "it holds no workbook stream")


def _has_stream(data: bytes, name: str) -> bool:
    """Whether an OLE directory entry has this name: entries are 128 bytes, name first, in sectors of 512."""
    needle = f"{name}\0".encode("utf-16-le")
    at = data.find(needle)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = data.find(needle, at + 1)
    return False


def _text_container(data: bytes, file: str) -> str:
    """Markup by its first tag; other text only under a name that text may have."""
    head = data[:4096].replace(b"\0", b"").lower()  # UTF-16 markup loses its NULs and still shows its tags
    if (
        b"mso-application" in head and b"excel.sheet" in head
    ) or b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "xml2003"
    if re.match(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*mime-version:", head):
        return "mhtml"
    if re.search(rb"<(!doctype html|html|table|head|meta|body|div)[\s>]", head) and head.lstrip(
        b"\xef\xbb\xbf\xff\xfe \t\r\n"
    ).startswith(b"<"):
        return "html"
    suffix = PurePosixPath(file).suffix.lower()
    if suffix in TEXT_SUFFIXES:
        return "text"
    zh, en = what_text_is(data)
    if suffix == ".xls" and en in ("a text file", "a tab-separated text file"):
        return "text"  # report servers write TSV and CSV under .xls
    if suffix in {".xls", ".xlsx", ".xlsm", ".xlsb", ".ods"}:
        raise refuse("not_what_it_says", zh, en)
    raise refuse("not_a_workbook", zh, en)


def what_text_is(data: bytes) -> tuple[str, str]:
    """Name a file that is no workbook, from its first kilobytes (Chinese, English)."""
    head = data[:8192]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (
            ("制表符分隔的文本", "a tab-separated text file")
            if b"\t" in head
            else ("文本文件", "a text file")
        )
    if not head.strip(b"\0 \r\n\t"):
        return "全是空白的文件", "a file of blanks"
    if b"\0" in head and not (b"\0" * 2 not in head and b"\t" in head):
        return "未知的二进制文件", "an unknown binary file"
    lines = head.splitlines()
    if any(re.match(rb"\s*(#{1,6} |\|?\s*:?-{3,}:?\s*\||```)", line) for line in lines):
        return "Markdown 文本", "Markdown text"
    if head.lstrip()[:1] in (b"{", b"["):
        return "JSON 文本", "JSON text"
    if head.lstrip().startswith(b"<"):
        return "XML 文本", "XML text"
    if lines and sum(b"\t" in line for line in lines) > len(lines) // 2:
        return "制表符分隔的文本", "a tab-separated text file"
    return "文本文件", "a text file"
