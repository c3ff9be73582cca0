"""Units that only a number format shows: 12.5 under `0.00"万元"` reads as 12.5 万元 and is stored as 12.5."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from mktanalytics.ingest.readers.finish import Note

_UNIT: Final = re.compile("[百千]?[万亿]|千元|百万")
# a comma after the last digit place divides by a thousand: what is stored is then in 元 after all
_SCALED: Final = re.compile(r"[0#?],+(?![0#?,])")


def tells_a_unit(code: str) -> bool:
    """Whether a format adds 万, 亿 or the like to a number it doesn't scale."""
    first = code.split(";")[0]
    return bool(_UNIT.search(first)) and not _SCALED.search(re.sub('"[^"]*"|\\\\.', "", first))


def unit_styles(styles: bytes) -> dict[str, str]:
    """Cell style number → format, of the styles of an .xlsx whose format tells a unit."""
    root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    codes = {item.get("numFmtId"): item.get("formatCode", "") for item in root.iter("{*}numFmt")}
    telling = {number: code for number, code in codes.items() if tells_a_unit(code)}
    cells = next(root.iter("{*}cellXfs"), ())
    return {
        str(index): telling[item.get("numFmtId")]
        for index, item in enumerate(cells)
        if item.get("numFmtId") in telling
    }


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
