"""Units that only a number format shows: 12.5 under `0.00"万元"` reads as 12.5 万元 and is stored as 12.5."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from mktanalytics.ingest.readers.finish import Note
from mktanalytics.ingest.readers.overlay import column_number

_UNIT: Final = re.compile("[百千]?[万亿]|千元|百万")
# a comma after the last digit place divides by a thousand: what is stored is then in 元 after all
_SCALED: Final = re.compile(r"[0#?],+(?![0#?,])")

_LITERAL: Final = r'"[^"]*"|\\.|_.|\[[^\]]*\]'
_BUILT_IN: Final = {"9": "0%", "10": "0.00%"}
LARGEST: Final = 50_000_000  # bytes of a sheet's XML
Place = tuple[int, int]  # row and column, 1-based


def tells_a_unit(code: str) -> bool:
    """Whether a format adds 万, 亿 or the like to a number it doesn't scale."""
    first = code.split(";")[0]
    return bool(_UNIT.search(first)) and not _SCALED.search(re.sub(_LITERAL, "", first))


def is_percent(code: str) -> bool:
    """Whether a format shows a number a hundredfold, with a percent sign: 0.0%, but not 0.0"%"."""
    return "%" in re.sub(_LITERAL, "", code.split(";")[0])


@dataclass(frozen=True)
class Formats:
    """Cell style numbers of an .xlsx: those whose format tells a unit, with it, and those that show percentages."""

    units: Mapping[str, str] = field(default_factory=dict)
    percents: frozenset[str] = frozenset()


def read_formats(styles: bytes) -> Formats:
    """What the styles of an .xlsx tell of the numbers under them."""
    root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    codes = {**_BUILT_IN, **{f.get("numFmtId"): f.get("formatCode", "") for f in root.iter("{*}numFmt")}}
    cells = [codes.get(item.get("numFmtId"), "") for item in next(root.iter("{*}cellXfs"), ())]
    return Formats(
        {str(i): code for i, code in enumerate(cells) if tells_a_unit(code)},
        frozenset(str(i) for i, code in enumerate(cells) if is_percent(code)),
    )


def percent_cells(xml: bytes, styles: frozenset[str]) -> list[Place]:
    """The numbers of a sheet that are shown as percentages; of a very large sheet none, which leaves them in doubt."""
    if not styles or len(xml) > LARGEST:
        return []
    pattern = (
        f'<c r="([A-Z]+)([0-9]+)" s="(?:{"|".join(styles)})"(?: t="n")?>(?:<f[^>]*(?:/>|>[^<]*</f>))?<v>'
    )
    return [(int(row), column_number(c.decode())) for c, row in re.findall(pattern.encode(), xml)]


def first_with_unit(xml: bytes, styles: Mapping[str, str]) -> tuple[str, str] | None:
    """The first number of a sheet under such a format: address and format."""
    if not styles:
        return None
    wanted = "|".join(styles)
    pattern = f'<c r="([A-Z]+[0-9]+)" s="({wanted})"(?: t="n")?>(?:<f.*?)?<v>'
    found = re.search(pattern.encode(), xml)
    return (found[1].decode(), styles[found[2].decode()]) if found else None


def unit_in_format(sheet: str, cell: str, code: str) -> Note:
    """The note for a unit that is shown and not stored."""
    return (
        "unit_in_format",
        f"“{sheet}”{cell} 等单元格的单位写在数字格式里（{code}），数值本身不含该单位，请在表头注明单位",
        f"{sheet!r} {cell} and maybe others show a unit by their number format only ({code}): say the unit in the header",
    )
