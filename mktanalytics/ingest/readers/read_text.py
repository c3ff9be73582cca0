"""Read delimited text: encoding, delimiter and quotes by evidence; every cell stays text, every line keeps its number."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from typing import Final

from mktanalytics.ingest.readers.cells import Cell, Sheet
from mktanalytics.ingest.readers.finish import Note, trim
from mktanalytics.ingest.readers.refusals import refuse

DELIMITERS: Final = (",", ";", "\t", "|")
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# "省" in GBK is also UTF-8, for "ʡ": without one letter of a script in use, it isn't UTF-8
_PLAUSIBLE: Final = re.compile("[\u00a0-\u024f\u0370-\u052f\u0590-\U0010ffff]")
MAX_MENDED: Final = 50  # stray quotes repaired one by one; after that quotes mean nothing in this file
SAMPLE: Final = 500


def decoded(data: bytes) -> tuple[str, str]:
    """Text and the encoding that told it: BOM, UTF-16 by its NULs, UTF-8 if it is, else GB18030 strictly."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding), encoding
    head = data[:2000]
    if head.count(0) * 10 > len(head):  # a stray NUL or two isn't UTF-16
        # Latin letters, digits and line ends have their NUL second in little-endian
        encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return _strict(data, encoding), encoding
    try:
        text = data.decode("utf-8")
        if text.isascii() or _PLAUSIBLE.search(text):
            return text, "utf-8"
    except UnicodeDecodeError:
        pass
    return _strict(data, "gb18030"), "gb18030"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if encoding == "gb18030":  # the last try: neither of the two
            encoding = "UTF-8 / GB18030"
        detail = f"第 {line} 行有不合 {encoding} 的字节", f"line {line} has bytes that aren't {encoding}"
        raise refuse("encoding", *detail) from error


def read_text(data: bytes) -> tuple[tuple[Sheet, ...], list[Note], str]:
    """The one sheet of a .csv, .tsv or .txt file."""
    text, encoding = decoded(data)
    notes: list[Note] = []
    if text[:4].lower() == "sep=" and text[4:5] and text[5:6] in "\r\n":  # Excel's directive: it isn't a row
        delimiter, text = text[4], text[5:].removeprefix("\r").removeprefix("\n")
    else:
        delimiter = delimiter_of(text)
    rows: list[list[Cell]] = [
        [value or None for value in record] for record in records(text, delimiter, notes)
    ]
    trim(rows)
    return (Sheet(name="", position=0, rows=rows),), notes, encoding


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most records into the same number of cells; a comma if none does."""
    lines = "".join(text.splitlines(keepends=True)[:SAMPLE])

    def consistency(delimiter: str) -> tuple[float, int]:
        try:
            widths = Counter(
                len(record) for record in csv.reader(StringIO(lines), delimiter=delimiter) if record
            )
        except csv.Error:
            return 0.0, 0
        split = {width: count for width, count in widths.items() if width > 1}
        if not split:
            return 0.0, 0
        width, count = max(split.items(), key=lambda item: (item[1], item[0]))
        return count / sum(widths.values()), width

    return max(DELIMITERS, key=consistency)  # max keeps the first of equals


def records(text: str, delimiter: str, notes: list[Note]) -> list[list[str]]:
    """The records of the text; a quote that is never closed costs its own line, not the rest of the file."""
    csv.field_size_limit(1 << 30)
    lines = StringIO(text, newline="").readlines()
    found: list[list[str]] = []
    start, mended = 0, 0
    while start < len(lines):
        reader = csv.reader(
            lines[start:],
            delimiter=delimiter,
            strict=True,
            quoting=csv.QUOTE_MINIMAL if mended < MAX_MENDED else csv.QUOTE_NONE,
        )
        first = start
        try:
            for record in reader:
                found.append(record)
                start = first + reader.line_num
        except csv.Error:
            (record,) = csv.reader([lines[start]], delimiter=delimiter, quoting=csv.QUOTE_NONE)
            found.append(record)
            notes.append(_stray_quote(len(found)))
            start, mended = start + 1, mended + 1
    return found


def _stray_quote(row: int) -> Note:
    return (
        "stray_quote",
        f"第 {row} 行的引号不成对，该行按原样拆分",
        f"row {row} has a quote that isn't closed: it was split as it stands",
    )
