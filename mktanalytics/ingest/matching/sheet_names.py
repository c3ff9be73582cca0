"""Workbooks with a sheet for each person, brand or shop: what the names of sheets that are alike stand for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from mktanalytics.ingest.readers.cells import Sheet
from mktanalytics.ingest.sheets.places import is_shop, known_as, one_kind
from mktanalytics.numbers import key, parse_number, simplified
from mktanalytics.periods import find_span

_LOOKED_AT = 12  # rows in which the header of a sheet is looked for
_FORM = re.compile(
    r"表|汇总|合计|总|明细|数据|统计|分析|说明|目录|封面|模板|附[件录]|备注|填写|清单|台账|sheet|summary|total|data|notes?|cover|readme|index|template",
    re.IGNORECASE,
)
_SAYS = {  # words of a file name by which each of its sheets is one of these
    "salesperson": re.compile(r"业务员|销售员|销售代表|业务代表|导购|客户经理|[分各]人|个人|人员|by (rep|salesperson)|sales ?reps?\b"),
    "brand": re.compile(r"品牌|by brand|brands\b"),
    "customer": re.compile(r"客户|门店|[分各]店|by (customer|store|account)|stores\b"),
    "dealer": re.compile(r"经销商|代理商|分销商|dealers?\b|distributors?\b"),
    "channel": re.compile(r"渠道|平台|by channel|channels\b"),
    "product": re.compile(r"[分各](产品|单品)|by product"),
    "category": re.compile(r"品类|类目|by category"),
    "city": re.compile(r"[分各]城市|[分各]市|by city"),
    "province": re.compile(r"[分各]省|by province"),
    "region": re.compile(r"[分各](大?区|区域|地区)|大区|by region|regions\b"),
}  # fmt: skip


@dataclass(frozen=True)
class SheetName:
    """A sheet's name that is one of several of a kind; `column` is "" where nothing says of which."""

    value: str
    column: str = ""


def sheet_names(file: str, sheets: Sequence[Sheet]) -> Mapping[str, SheetName]:
    """For each sheet that is laid out as others of the workbook: what its name is, where the names are of a kind."""
    found: dict[str, SheetName] = {}
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for sheet in sheets:
        for row in _head_rows(sheet):
            groups[row].append(sheet.name)
    for names in groups.values():
        values = [n for n in dict.fromkeys(names) if _is_name(n)]
        if len(values) >= 2:
            column = _column(values, PurePosixPath(file).stem)
            found |= {v: SheetName(v, column) for v in values if v not in found}
    return found


def _head_rows(sheet: Sheet) -> set[tuple[str, ...]]:
    """The rows near the top that hold words and no figures, as keys."""
    rows: set[tuple[str, ...]] = set()
    for row in sheet.rows[:_LOOKED_AT]:
        texts = [v for v in row if isinstance(v, str) and v.strip()]
        if len(texts) >= 2 and not any(
            isinstance(v, float) or parse_number(str(v)) for v in row if v is not None
        ):
            rows.add(tuple(key(str(v)) for v in row if v is not None))
    return rows


def _is_name(text: str) -> bool:
    return (
        bool(text.strip())
        and not _FORM.search(text)
        and find_span(text) is None
        and parse_number(text) is None
    )


def _column(names: Sequence[str], file: str) -> str:
    """The column whose values the names are: places and channels by themselves, others where the file says so."""
    if (kind := one_kind(names)) and kind != "outlet":
        return kind
    if all(known_as(n) & {"region", "province", "city"} for n in names):
        return "region"  # 华东, 华南 and 上海
    said = {c for c, words in _SAYS.items() if words.search(simplified(file).casefold().replace("_", " "))}
    if len(said) == 1:
        return said.pop()
    return "customer" if all(is_shop(n) for n in names) else ""
