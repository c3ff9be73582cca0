"""Stage 2, read: from the bytes of one file to its Workbook, by what the bytes are."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from mktanalytics.ingest.readers.cells import Sheet, Workbook
from mktanalytics.ingest.readers.finish import Note
from mktanalytics.ingest.readers.guard import container_of
from mktanalytics.ingest.readers.refusals import refuse

PASSWORD_VARIABLE: Final = "MKTANALYTICS_PASSWORD"
# Excel opens files "encrypted" with this one without asking: protected structure, not protected content
_DEFAULT_PASSWORD: Final = "VelvetSweatshop"
_USUAL: Final = {
    "xlsx": {".xlsx", ".xlsm"},
    "xls": {".xls"},
    "xlsb": {".xlsb"},
    "ods": {".ods"},
    "csv": {".csv", ".tsv", ".txt", ".tab"},
    "html": {".html", ".htm", ".mht", ".mhtml"},
    "xml2003": {".xml"},
}


def read_bytes(data: bytes, file: str, digest: str, password: str | None = None) -> Workbook:
    """Guard and read one file; raises FileError."""
    container = container_of(data, file)
    if container == "encrypted" or (container == "xls" and _is_encrypted_xls(data)):
        data = decrypted(data, password)
        container = container_of(data, file)
    sheets, notes, container, encoding = _sheets(data, container)
    if PurePosixPath(file).suffix.lower() not in _USUAL[container]:
        notes.append(_misnamed(container))
    return Workbook(file, digest, container, encoding, sheets, tuple(notes))


def _sheets(data: bytes, container: str) -> tuple[tuple[Sheet, ...], list[Note], str, str]:
    """Sheets, notes, the container's public name and the encoding (text formats only)."""
    # each reader is imported when its format turns up: a folder of .xlsx shouldn't pay for .xls
    match container:
        case "xlsx":
            from mktanalytics.ingest.readers.read_excel import read_xlsx

            return *read_xlsx(data), container, ""
        case "xls":
            from mktanalytics.ingest.readers.read_xls import read_xls

            return *read_xls(data), container, ""
        case "xlsb":
            from mktanalytics.ingest.readers.read_xlsb import read_xlsb

            return *read_xlsb(data), container, ""
        case "ods":
            from mktanalytics.ingest.readers.read_ods import read_ods

            return *read_ods(data), container, ""
        case "text":
            from mktanalytics.ingest.readers.read_text import read_text

            sheets, notes, encoding = read_text(data)
            return sheets, notes, "csv", encoding
        case "xml2003":
            from mktanalytics.ingest.readers.read_xml2003 import read_xml2003

            sheets, notes, encoding = read_xml2003(data)
            return sheets, notes, container, encoding
        case _:
            from mktanalytics.ingest.readers.read_html import read_html, read_mhtml

            sheets, notes, encoding = read_mhtml(data) if container == "mhtml" else read_html(data)
            return sheets, notes, "html", encoding


def _is_encrypted_xls(data: bytes) -> bool:
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(BytesIO(data)).is_encrypted())
    except Exception:  # not understood here: the reader will say what is wrong
        return False


def decrypted(data: bytes, password: str | None) -> bytes:
    """The content of a protected workbook, by the given password, the environment's, or Excel's default one."""
    import msoffcrypto

    given = password or os.environ.get(PASSWORD_VARIABLE)
    for candidate in (given, _DEFAULT_PASSWORD):
        if not candidate:
            continue
        plain = BytesIO()
        try:
            office = msoffcrypto.OfficeFile(BytesIO(data))
            office.load_key(password=candidate)
            office.decrypt(plain)
        except Exception:  # the library raises many kinds, most of them for a wrong password
            continue
        return plain.getvalue()
    raise refuse("wrong_password" if given else "protected")


def _misnamed(container: str) -> Note:
    return (
        "misnamed",
        f"扩展名与内容不符，已按 {container} 读取",
        f"its name doesn't say what it is: read as {container}",
    )
