"""How a workbook is understood, and why, in words; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mktanalytics.errors import UsageError
from mktanalytics.ingest.checks.validate import validate
from mktanalytics.ingest.files import list_files, told_name
from mktanalytics.ingest.issues import Issue
from mktanalytics.ingest.knowledge import knowledge
from mktanalytics.ingest.matching.reading import Match, Role
from mktanalytics.ingest.matching.understood import Understood, unit_for
from mktanalytics.ingest.readers.cells import column_letters
from mktanalytics.ingest.readers.read import read_workbook
from mktanalytics.ingest.take_file import FileTaken, take_file
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.wording import reason_text
from mktanalytics.schema import Table
from mktanalytics.settings import Settings

ROWS_SHOWN = 12  # row numbers named one by one

_WORDS = {
    "zh": {
        "as": "按“{zh}”（{name}）理解，得分 {score:.2f}", "none": "不入表", "nearest": "最接近“{zh}”（{name}），得分 {score:.2f}，缺 {missing}",
        "next": "其次 {name} {score:.2f}", "lacks": "，缺 {missing}", "header": "表头：第 {rows} 行", "title": "标题：{text}",
        "period": "期间：{period}（来自{source}）", "units": "单位：{units}", "measure": "各列数值：{measure}", "rows": "行：{n} = {tidy} 入表 + {quarantined} 隔离 + {ignored} 忽略",
        "fate_quarantined": "隔离", "fate_ignored": "忽略", "at": "第 {rows} 行", "extra": "保留在 extra", "blank": "空列", "total": "合计列，用于核对",
        "values": "{over}＝{label} → {column}", "unit": "单位 {unit}", "also": "与另一列同为 {column}，保留在 extra", "close": "次选 {second}",
        "rule": "设置", "title_source": "标题", "sheet": "工作表名", "file": "文件名", "no_blocks": "没有数据",
    },
    "en": {
        "as": "read as {name}, score {score:.2f}", "none": "not taken", "nearest": "nearest is {name}, score {score:.2f}, which lacks {missing}",
        "next": "next {name} {score:.2f}", "lacks": ", lacks {missing}", "header": "header: row {rows}", "title": "title: {text}",
        "period": "period: {period} (from the {source})", "units": "units: {units}", "measure": "figures: {measure}", "rows": "rows: {n} = {tidy} tidy + {quarantined} quarantined + {ignored} ignored",
        "fate_quarantined": "quarantined", "fate_ignored": "ignored", "at": "row {rows}", "extra": "kept in extra", "blank": "empty", "total": "a total, used as a check",
        "values": "{over} = {label} → {column}", "unit": "unit {unit}", "also": "{column} as well; kept in extra", "close": "runner-up {second}",
        "rule": "settings", "title_source": "title", "sheet": "sheet name", "file": "file name", "no_blocks": "no data",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Inspection:
    """One file as it would be cleaned on its own."""

    file: str
    blocks: tuple[Taken, ...]
    issues: tuple[Issue, ...]  # of the file itself

    def text(self, language: str = "zh") -> str:
        """All of it, for a terminal."""
        return "\n".join(_file_lines(self, language))


def workbooks(paths: Iterable[Path]) -> list[Path]:
    """The files that are named, and those inside the folders that are.

    Raises
    ------
    UsageError
        A folder holds no file.
    """
    found: list[Path] = []
    for path in paths:
        inside = [file for _, file in list_files(path)] if path.is_dir() else [path]
        if not inside:
            raise UsageError(
                ("文件夹里没有工作簿", "the folder holds no workbook"), where=str(path),
                todo=("把 .xlsx、.xls 或 .csv 文件放进去，或指明文件", "drop .xlsx, .xls or .csv files into it, or name a file"),
            )  # fmt: skip
        found += inside
    return found


def inspect_file(path: Path, settings: Settings) -> Inspection:
    """Read and understand one workbook.

    Raises
    ------
    FileError
        The file can't be read.
    """
    file = told_name(path.name)
    taken: FileTaken = take_file(file, read_workbook(path, file=file), knowledge(settings))
    validate(taken.blocks)
    return Inspection(file, tuple(taken.blocks), tuple(taken.issues))


def _file_lines(found: Inspection, language: str) -> Iterator[str]:
    yield found.file
    for issue in found.issues:
        yield f"  ! {issue.message_zh if language == 'zh' else issue.message_en}"
    if not found.blocks:
        yield f"  {_WORDS[language]['no_blocks']}"
    for block in found.blocks:
        yield ""
        yield from _block_lines(block, language)


def _block_lines(block: Taken, language: str) -> Iterator[str]:
    u, words = block.u, _WORDS[language]
    yield f"  {f'[{u.sheet}] ' if u.sheet else ''}{u.block.range}  {_verdict(block, language)}"
    if block.u.block.header:
        yield f"    {words['header'].format(rows=_rows(u.block.header))}"
    for text in u.context.titles[:3]:
        yield f"    {words['title'].format(text=' '.join(text.split())[:70])}"
    if u.when.period:
        source = words.get(f"{u.when.source}_source", words.get(u.when.source, u.when.source))
        yield f"    {words['period'].format(period=u.when.period.label('zh' if language == 'zh' else 'en'), source=source)}"
    if u.units:
        yield f"    {words['units'].format(units=', '.join(x.written for x in u.units))}"
    if u.match and u.table:
        yield from (f"    {line}" for line in _column_lines(u, u.match, language))
    yield f"    {_count(block, language)}"
    yield from (f"      {line}" for line in _fate_lines(block, language))
    yield from (f"    ! {line}" for line in _issue_lines(block.issues, language))


def _verdict(block: Taken, language: str) -> str:
    """The table and its score, the runner-up, and why nothing is taken."""
    u, words = block.u, _WORDS[language]
    parts: list[str] = []
    if u.match and u.table:
        parts.append(words["as"].format(zh=u.match.table.zh, name=u.match.table.name, score=u.match.score))
        parts += [_next(m, words) for m in u.matches[1:2] if m.score > 0]
    elif u.match:
        best = u.match
        parts.append(words["none"])
        if best.missing:
            parts.append(
                words["nearest"].format(
                    zh=best.table.zh,
                    name=best.table.name,
                    score=best.score,
                    missing=_names(best.table, best.missing, language),
                )
            )
    else:
        parts.append(words["none"])
    if block.trouble and u.table:
        parts.append(f"{words['fate_' + block.trouble.fate]}: {reason_text(block.trouble.code, language)}")
    return "; ".join(parts)


def _next(match: Match, words: dict[str, str]) -> str:
    text = words["next"].format(name=match.table.name, score=match.score)
    return text + (words["lacks"].format(missing=", ".join(match.missing)) if match.missing else "")


def _names(table: Table, columns: Sequence[str], language: str) -> str:
    return ", ".join(f"{table.column(c).zh}（{c}）" if language == "zh" else c for c in columns)


def _column_lines(u: Understood, match: Match, language: str) -> Iterator[str]:
    words = _WORDS[language]
    if u.measure and any(r.kind in ("period", "label") and not r.column for r in match.roles):
        yield words["measure"].format(measure=u.measure)
    for i, (heading, role) in enumerate(zip(u.headings, match.roles, strict=True)):
        if role.kind == "blank" and not u.profiles[i].filled:
            continue
        yield f"{column_letters(heading.column + 1):>3} {u.header_of(i)[:28]:<28} {_role(u, match, i, role, words)}"


def _role(u: Understood, match: Match, i: int, role: Role, words: dict[str, str]) -> str:
    if role.kind == "column":
        column = match.table.column(role.column)
        unit = unit_for(column, u.headings[i], u.units) if column.is_number else None
        parts = [f"→ {role.column}  {role.score:.2f}"]
        parts += [words["unit"].format(unit=unit.written)] if unit else []
        parts += [words["close"].format(second=role.runner_up)] if role.runner_up else []
        return "  ".join(parts)
    if role.kind == "period":
        period = u.periods.periods.get(i)
        label = period.label() if period else u.headings[i].written
        return words["values"].format(over="month", label=label, column=role.column or u.measure)
    if role.kind == "label":
        return words["values"].format(over=match.over, label=role.label[:30], column=role.column or u.measure)
    if role.also:
        return words["also"].format(column=role.also)
    return words[role.kind] if role.kind in ("total", "blank") else words["extra"]


def _count(block: Taken, language: str) -> str:
    fates = [fate for fate, _ in block.fates.values()]
    return _WORDS[language]["rows"].format(
        n=len(fates),
        tidy=fates.count("tidy"),
        quarantined=fates.count("quarantined"),
        ignored=fates.count("ignored"),
    )


def _fate_lines(block: Taken, language: str) -> Iterator[str]:
    """Rows that are not taken, by reason."""
    words = _WORDS[language]
    rows: dict[tuple[str, str], list[int]] = {}
    for row, (fate, reason) in sorted(block.fates.items()):
        if fate != "tidy":
            rows.setdefault((fate, reason), []).append(row)
    for (fate, reason), found in rows.items():
        yield f"{words['fate_' + fate]}: {reason_text(reason, language)}: {words['at'].format(rows=_rows(found))}"


def _rows(rows: Sequence[int]) -> str:
    """0-based rows as Excel counts them, runs shortened: 3-4, 17."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = [f"{a + 1}" if a == b else f"{a + 1}-{b + 1}" for a, b in runs]
    return ", ".join(shown[:ROWS_SHOWN]) + (f" … ({len(rows)})" if len(shown) > ROWS_SHOWN else "")


def _issue_lines(issues: Sequence[Issue], language: str) -> Iterator[str]:
    """One line for each kind of issue and column, with its first place and how often it occurs."""
    groups: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        if issue.severity != "info":
            groups.setdefault((issue.code, issue.column), []).append(issue)
    for found in groups.values():
        one = found[0]
        message, todo = (one.message_zh, one.todo_zh) if language == "zh" else (one.message_en, one.todo_en)
        times = f" ×{len(found)}" if len(found) > 1 else ""
        value = f" [{one.value}]" if one.value else ""
        yield f"{one.cell}{value} {message}{times}" + (f" → {todo}" if todo else "")
