"""`inspect --fix`: show each proposal, ask, write what was agreed to, and show the difference it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from mktanalytics.ingest.checks.validate import validate
from mktanalytics.ingest.files import told_name
from mktanalytics.ingest.inspect import Inspection
from mktanalytics.ingest.knowledge import knowledge
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.readers.read import read_workbook
from mktanalytics.ingest.take_file import take_file
from mktanalytics.ingest.teaching.proposal import Proposal, merged_rule, taught, works
from mktanalytics.ingest.teaching.teach import propose
from mktanalytics.ingest.teaching.teach_text import (
    alias_lines,
    read_text,
    rule_lines,
    with_alias,
    with_rule,
    write_settings,
)
from mktanalytics.settings import Settings
from mktanalytics.settings_file import load_settings

_WORDS = {
    "zh": {
        "nothing": "没有可以在设置中说明的内容；请按上面的提示修改工作簿", "month": "“{sheet}”说的是哪个月（或年）？如 2026-10；直接回车跳过：", "useless": "这样写仍读不懂，未采用",
        "offer": "[{sheet}] {range}：建议在 {file} 中写入", "write": "写入吗？[y/n] ", "reason": "理由（直接回车用：{default}）：", "written": "已写入 {path}", "left": "未写入任何内容",
    },
    "en": {
        "nothing": "nothing that could be said in the settings; mend the workbook as told above", "month": "which month (or year) does {sheet} speak of? such as 2026-10; Enter skips: ", "useless": "it would still not be understood; not taken",
        "offer": "[{sheet}] {range}: lines for {file}", "write": "write them? [y/n] ", "reason": "reason (Enter: {default}): ", "written": "written to {path}", "left": "nothing was written",
    },
}  # fmt: skip

Ask = Callable[[str], str]
Say = Callable[[str], None]


@dataclass
class _Lesson:
    """What has been agreed to so far: the settings meant, their text, and the lines one by one."""

    settings: Settings
    text: str
    lines: list[str] = field(default_factory=list)

    def add(self, proposal: Proposal, reason: str) -> None:
        rule = merged_rule(self.settings, proposal, reason)
        self.lines += self.lines_of(proposal, reason)
        self.settings = taught(self.settings, proposal, reason)
        for alias in proposal.aliases:
            self.text = with_alias(self.text, alias, reason)
        if rule:
            self.text = with_rule(self.text, rule)

    def lines_of(self, proposal: Proposal, reason: str) -> list[str]:
        """The proposal as TOML."""
        lines = [line for a in proposal.aliases for line in alias_lines(a, reason)]
        rule = merged_rule(self.settings, proposal, reason)
        return lines + (rule_lines(rule) if rule else [])


def fix_file(path: Path, place: Path, ask: Ask, say: Say, language: str = "zh") -> bool:
    """Propose, ask and write for one workbook; whether anything was written to the settings file `place`.

    Raises
    ------
    FileError
        The workbook can't be read.
    SettingsError
        The settings can't be read, or lines can't be added to them safely; they are left as they are.
    """
    words = _WORDS[language]
    book = read_workbook(path, file=told_name(path.name))
    settings = load_settings(place)
    before = _inspected(book, settings).text(language)
    say(before)
    lesson = _Lesson(settings, read_text(place))
    asked = _teach(book, lesson, ask, say, place.name, language)
    if not lesson.lines:
        say(words["left" if asked else "nothing"])
        return False
    write_settings(place, lesson.text, lesson.settings, lesson.lines)
    say(words["written"].format(path=place))
    after = _inspected(book, load_settings(place)).text(language)
    say("\n".join(_difference(before, after)))
    return True


def answer(question: str) -> str:
    """What is typed at the terminal; nothing where nobody can answer."""
    try:
        return input(question)
    except EOFError:
        return ""


def _inspected(book: Workbook, settings: Settings) -> Inspection:
    taken = take_file(book.file, book, knowledge(settings))
    validate(taken.blocks)
    return Inspection(book.file, tuple(taken.blocks), tuple(taken.issues))


def _teach(book: Workbook, lesson: _Lesson, ask: Ask, say: Say, file: str, language: str) -> int:
    """Ask until nothing is left to propose; each yes changes what the rest needs. Gives how much was asked."""
    seen: list[Proposal] = []
    waiting = propose(book, lesson.settings)
    while waiting:
        proposal = waiting.pop(0)
        seen.append(proposal)
        if settled := _agreed(book, proposal, lesson, ask, say, file, language):
            lesson.add(*settled)
            waiting = [p for p in propose(book, lesson.settings) if p not in seen]
    return len(seen)


def _agreed(
    book: Workbook, proposal: Proposal, lesson: _Lesson, ask: Ask, say: Say, file: str, language: str
) -> tuple[Proposal, str] | None:
    """The proposal and its reason, after a yes; None after a no."""
    words, sheet = _WORDS[language], proposal.sheet or proposal.file
    default = proposal.reason_zh if language == "zh" else proposal.reason_en
    shown = proposal.with_month("?") if proposal.asks_month else proposal
    say(words["offer"].format(sheet=sheet, range=proposal.range, file=file))
    say("\n".join(f"    {line}" for line in lesson.lines_of(shown, default)))
    if proposal.asks_month:
        month = ask(words["month"].format(sheet=sheet)).strip()
        if not month:
            return None
        proposal = proposal.with_month(month)
        if not works(book, lesson.settings, proposal):
            say(words["useless"])
            return None
    if ask(words["write"]).strip().casefold() not in ("y", "yes", "是"):
        return None
    reason = ask(words["reason"].format(default=default)).strip()
    return proposal, reason or default


def _difference(before: str, after: str) -> list[str]:
    """The lines that changed, without the marks of a patch."""
    changed = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in changed if not line.startswith(("---", "+++", "@@"))]
