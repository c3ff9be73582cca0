"""A large .xlsx sheet in pieces of whole rows: every other one is read by a second process.

Only where rows and cells are written as the patterns of overlay.py expect, and come in order; any other sheet is left to
be read as a whole.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import chain, islice, zip_longest
from pathlib import PurePosixPath
from typing import IO, Any, Final, NamedTuple

import python_calamine as calamine

from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.readers.finish import MAX_AREA
from mktanalytics.ingest.readers.guard import MEGABYTE
from mktanalytics.ingest.readers.helper import HelperLostError, helper
from mktanalytics.ingest.readers.number_formats import LARGEST, Formats, first_with_unit, percent_cells
from mktanalytics.ingest.readers.overlay import Overlay, filled, first_row, read_extent
from mktanalytics.ingest.readers.plain import MIDNIGHT, Distinct, cells_of, restore_day_zero

LARGE: Final = 16 * MEGABYTE  # of a sheet's XML: a smaller one is read before pieces are cut
PIECE: Final = 8 * MEGABYTE  # small enough to stay near the processor
WIDTH: Final = 1000  # shared texts in a row
_OPEN: Final = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_CLOSE: Final = b"</sheetData></worksheet>"
_ENCODING: Final = re.compile(rb"""<\?xml[^>]*encoding=["'](?!utf-?8["'])""", re.IGNORECASE)
_OF_EVERY_SHEET: Final = ("workbook", "workbook.xml", "styles", "[content_types]", ".rels")
# A cell of a shared text holds its number. Pieces have it as a text of their own, after a sign that XML can't hold.
_SHARED: Final = b' t="s"'
_SHARED_VALUE: Final = b' t="s"><v>'
_NUMBER_VALUE: Final = b' t="str"><v>\x01'
_SIGN: Final = "\x01"


class _UnusualError(Exception):
    """The sheet isn't written as pieces need it."""


class Piece(NamedTuple):
    """The rows from `top` (0-based) on, what calamine hides of them, and the first number with a unit in its format."""

    top: int
    rows: list[list[Cell]]
    overlay: Overlay
    shown: tuple[str, str] | None


class _Texts(Distinct):
    """Each distinct text and date that one process meets, held once; the number of a shared text becomes that text."""

    def __init__(self, shared: list[Any]) -> None:
        super().__init__({"": None})
        self._shared = shared

    def __missing__(self, value: Any) -> Any:
        if value.__class__ is str and value.startswith(_SIGN):
            value, number = self._shared[int(value[1:])], value
            return self.setdefault(number, value or None)
        return super().__missing__(value)


@dataclass(frozen=True)
class _Source:
    """Where a sheet's pieces are taken from."""

    sheet: str
    part: str
    others: Mapping[str, bytes]  # the parts of the archive that every sheet needs
    formats: Formats
    shared: bool  # whether there are shared texts
    seen: Distinct


def read_in_pieces(data: bytes, part: str, sheet: str, formats: Formats) -> Piece | None:
    """All of a large sheet of the archive `data`; None where it has to be read as a whole."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        size = archive.getinfo(part).file_size
    if size < LARGE:
        return None
    if size > LARGEST:
        formats = replace(formats, percents=frozenset())
    whole = Piece(0, [], Overlay(), None)
    try:
        theirs = helper().begin(every_other, data, part, sheet, formats, 1, PIECE)
        mine = every_other(data, part, sheet, formats, 0, PIECE)
        for piece in filter(None, chain.from_iterable(zip_longest(mine, theirs))):
            whole = _joined(whole, piece)
    except (_UnusualError, HelperLostError):
        helper().close()  # it may be in the middle of the sheet
        return None
    return whole


def every_other(
    data: bytes, part: str, sheet: str, formats: Formats, first: int, size: int
) -> Iterator[Piece]:
    """The pieces of about `size` bytes of XML with an even number, or an odd one, as `first` has."""
    with zipfile.ZipFile(BytesIO(data)) as archive, archive.open(part) as stream:
        source = _source(archive, part, sheet, formats)
        for xml in islice(_documents(stream, size), first, None, 2):
            yield _read(xml, source)


def _source(archive: zipfile.ZipFile, part: str, sheet: str, formats: Formats) -> _Source:
    stems = {n: PurePosixPath(n.replace("\\", "/").lower()).stem for n in archive.namelist()}
    others = {name: archive.read(name) for name, stem in stems.items() if stem in _OF_EVERY_SHEET}
    texts = {name: archive.read(name) for name, stem in stems.items() if stem == "sharedstrings"}
    shared = _shared_texts({**others, **texts}, sum(map(_count, texts.values())), part, sheet)
    return _Source(sheet, part, others, formats, bool(texts), _Texts(shared))


def _count(texts: bytes) -> int:
    return texts.count(b"<si>") + texts.count(b"<si ") + texts.count(b"<si/")


def _shared_texts(parts: Mapping[str, bytes], count: int, part: str, sheet: str) -> list[Any]:
    """The shared texts in order, as calamine gives them to a sheet that holds each of them once."""
    if not count:
        return []
    rows = (range(first, min(first + WIDTH, count)) for first in range(0, count, WIDTH))
    body = b"".join(b"<row>%s</row>" % b"".join(b'<c t="s"><v>%d</v></c>' % i for i in row) for row in rows)
    found = _by_calamine({**parts, part: _OPEN + body + _CLOSE}, sheet)
    return [text for row in found.to_python() for text in row][:count]


def _documents(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """The sheet as several, each with its share of the rows; the first has what stands above them, the last what
    stands below."""
    opening, held = b"", b""
    while more := stream.read(size):
        held += more
        cut = held.rfind(b"<row ")
        if cut > 0:
            yield opening + held[:cut] + _CLOSE
            opening, held = _OPEN, held[cut:]
    yield opening + held


def _read(xml: bytes, source: _Source) -> Piece:
    """One piece, by calamine and by patterns."""
    reached = None if _ENCODING.match(xml) else read_extent(xml)
    if reached is None or (reached.last_row - first_row(xml)) * reached.last_column > MAX_AREA:
        raise _UnusualError
    reached.cell_count = xml.count(b"<c ")
    overlay = filled(reached, xml)
    if overlay is None:
        raise _UnusualError
    overlay.percents = percent_cells(xml, source.formats.percents)
    found = _by_calamine(
        {**source.others, source.part: _numbered(xml) if source.shared else xml}, source.sheet
    )
    top, left = found.start or (0, 0)
    rows = cells_of(found.to_python(), left, source.seen)
    if MIDNIGHT in source.seen:
        restore_day_zero(rows, top, lambda: xml)
    return Piece(top, rows, overlay, first_with_unit(xml, source.formats.units))


def _numbered(xml: bytes) -> bytes:
    """The piece with the numbers of the shared texts in place of the texts, which it then doesn't need."""
    numbered = xml.replace(_SHARED_VALUE, _NUMBER_VALUE)
    replaced = (len(numbered) - len(xml)) // (len(_NUMBER_VALUE) - len(_SHARED_VALUE))
    if replaced != xml.count(_SHARED) or _SIGN.encode() in xml:
        raise _UnusualError
    return numbered


def _by_calamine(parts: Mapping[str, bytes], sheet: str) -> Any:
    """A sheet of the workbook of these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    buffer.seek(0)
    try:
        return calamine.load_workbook(buffer).get_sheet_by_name(sheet)
    except BaseException as error:  # its PanicException isn't an Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise _UnusualError from error


def _joined(whole: Piece, piece: Piece) -> Piece:
    """The whole grown by its next piece."""
    if piece.rows:
        if piece.top < len(whole.rows):
            raise _UnusualError
        whole.rows.extend([] for _ in range(piece.top - len(whole.rows)))
        whole.rows.extend(piece.rows)
    whole.overlay.add(piece.overlay)
    return whole._replace(shown=whole.shown or piece.shown)
