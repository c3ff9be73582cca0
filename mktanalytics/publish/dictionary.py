"""The data dictionary: what every table and column holds, said by the tables themselves."""

from __future__ import annotations

from mktanalytics.schema import Column, Table
from mktanalytics.tables import all_tables

_WORDS = {
    "zh": ("数据字典", "每行", "列", "名称", "类型", "单位", "说明", "可取值", "表头别名", "必需", "至少其一"),
    "en": ("Data dictionary", "One row", "Column", "Label", "Kind", "Unit", "What it holds", "Values", "Also read as", "Required", "At least one of"),
}  # fmt: skip
_KINDS_ZH = {
    "text": "文本", "code": "编码", "category": "分类", "money": "金额", "number": "数值", "count": "计数",
    "rate": "比率", "date": "日期", "month": "月份", "flag": "是否",
}  # fmt: skip


def dictionary(language: str = "zh") -> str:
    """The dictionary of all tables as Markdown, in Chinese (`zh`) or English (`en`)."""
    parts = [f"# {_WORDS[language][0]}"]
    parts += [_section(kind, language) for kind in all_tables().values()]
    return "\n\n".join(parts) + "\n"


def _section(kind: Table, language: str) -> str:
    zh = language == "zh"
    _, row, column, label, type_, unit, about, values, aliases, required, one_of = _WORDS[language]
    lines = [
        f"## {kind.name}　{kind.zh}" if zh else f"## {kind.name}: {kind.en}",
        "",
        kind.about_zh if zh else kind.about,
        "",
        f"- {row}: " + " × ".join(f"`{g}`" for g in kind.grain),
    ]
    if kind.required:
        lines.append(f"- {required}: " + ", ".join(f"`{r}`" for r in kind.required))
    lines += [f"- {one_of}: " + ", ".join(f"`{r}`" for r in group) for group in kind.one_of]
    lines += [
        "",
        f"| {column} | {label} | {type_} | {unit} | {about} | {values} | {aliases} |",
        "|" + "---|" * 7,
    ]
    lines += ["| " + " | ".join(_cells(c, kind, language)) + " |" for c in kind.columns]
    return "\n".join(lines)


def _cells(column: Column, kind: Table, language: str) -> tuple[str, ...]:
    zh = language == "zh"
    own = (*kind.aliases.get(column.name, ()), *kind.second_choice.get(column.name, ()))
    aliases = dict.fromkeys((*own, *column.aliases))
    return (
        f"`{column.name}`",
        column.zh if zh else column.en,
        _KINDS_ZH[column.kind] if zh else column.kind,
        column.unit,
        column.about_zh if zh else column.about,
        "; ".join(f"{value} ({', '.join(met)})" for value, met in column.allowed.items()),
        ", ".join(a.replace("|", "/") for a in aliases),
    )
