"""What can be typed after `mktanalytics`, and how its help explains it in either language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mktanalytics.language import LANGUAGES, Words, pick, use
from mktanalytics.settings_file import language_wished, project_root

ABOUT = (
    "市场部的工作簿 → 整洁表 → 市场份额、预算执行与 KPI 报告。",
    "A marketing department's workbooks → tidy tables → market-share, budget and KPI reports.",
)

EXAMPLES = (
    """\
示例：
  mktanalytics clean                                data/raw 的工作簿 → data/processed 的整洁表
  mktanalytics clean --raw ~/十月 --processed /tmp/out
  mktanalytics inspect data/raw/华东销售.xlsx          一份工作簿怎样被读懂，为什么；不写任何文件
  mktanalytics inspect --fix data/raw/华东销售.xlsx    设置里应写哪几行；得到同意后写入
  mktanalytics monthly-report                       先清洗，再出最近一个完整月份的全部报告
  mktanalytics monthly-report --month 2026-10 --language en
  mktanalytics report market_share kpi --month 2026-10
  mktanalytics dictionary                           每张表、每一列是什么
  mktanalytics template budget                      空白模板，交给填预算的人

退出码：0 完成 · 1 有失败，已指明 · 2 用法不对
""",
    """\
examples:
  mktanalytics clean                                workbooks in data/raw → tidy tables in data/processed
  mktanalytics clean --raw ~/october --processed /tmp/out
  mktanalytics inspect data/raw/east_sales.xlsx     how a workbook is understood, and why; writes nothing
  mktanalytics inspect --fix data/raw/east_sales.xlsx
                                                    what the settings would have to say; written after a yes
  mktanalytics monthly-report                       clean, then every report for the latest complete month
  mktanalytics monthly-report --month 2026-10 --language en
  mktanalytics report market_share kpi --month 2026-10
  mktanalytics dictionary                           what every table and column holds
  mktanalytics template budget                      a blank workbook for whoever fills the budget in

exit status: 0 done · 1 something failed, and was named · 2 wrong usage
""",
)

COMMANDS: dict[str, Words] = {
    "clean": (
        "工作簿 → 整洁表、台账与问题清单；每个数据块一行",
        "workbooks → tidy tables, ledger and issues; one line a block",
    ),
    "inspect": (
        "工作簿怎样被读懂，为什么；不写任何文件",
        "how workbooks are understood, and why; writes nothing",
    ),
    "report": ("先清洗，再出指定的报告", "clean, then publish the reports named"),
    "monthly-report": ("先清洗，再出全部报告", "clean, then publish every report"),
    "dictionary": ("数据字典，Markdown 格式", "the data dictionary, as Markdown"),
    "template": ("空白的 .xlsx 填报模板", "a blank, formatted .xlsx to fill in"),
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command typed and its options; ends the program after help or on wrong usage.

    From here on the language asked for is spoken (default: the settings', else Chinese).
    """
    first = argparse.ArgumentParser(add_help=False)
    first.add_argument("--language", nargs="?")
    wished = first.parse_known_args(arguments)[0].language
    use(wished if wished in LANGUAGES else language_wished())
    args = _parser().parse_args(arguments)
    args.language = wished
    return args


class _Parser(argparse.ArgumentParser):
    """A parser that says in the language spoken that the usage is wrong, and where the help is."""

    def error(self, message: str) -> NoReturn:
        wrong, todo = ("用法不对", "wrong usage"), ("运行 {} --help 查看用法", "run {} --help for its usage")
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {pick(wrong)}: {message} → {pick(todo).format(self.prog)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mktanalytics",
        description=pick(ABOUT),
        epilog=pick(EXAMPLES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _language_option(parser)
    commands = parser.add_subparsers(
        required=True, dest="command", metavar="COMMAND", title=pick(("命令", "commands"))
    )
    of = {
        name: commands.add_parser(name, help=pick(text), description=pick(text))
        for name, text in COMMANDS.items()
    }
    for command in of.values():
        _language_option(command)
    for name in ("clean", "inspect", "report", "monthly-report"):
        _password_option(of[name])
    for name in ("clean", "report", "monthly-report"):
        _folder_options(of[name])
    for name in ("report", "monthly-report"):
        _report_options(of[name])
    _add(
        of["report"], "names", nargs="+", metavar="NAME",
        help=("notebooks/ 里的笔记本，如 market_share", "a notebook in notebooks/, such as market_share"),
    )  # fmt: skip
    _inspect_options(of["inspect"])
    _template_options(of["template"])
    return parser


def _add(command: argparse.ArgumentParser, *names: str, help: Words, **how: object) -> None:
    command.add_argument(*names, help=pick(help), **how)  # type: ignore[arg-type]


def _language_option(command: argparse.ArgumentParser) -> None:
    """Before the command or after it: what isn't given must not hide what is."""
    _add(
        command, "--language", choices=LANGUAGES, default=argparse.SUPPRESS,
        help=("所写内容的语言（默认：按设置，否则 zh）", "language of what is written (default: settings, else zh)"),
    )  # fmt: skip


def _password_option(command: argparse.ArgumentParser) -> None:
    _add(
        command, "--ask-password", action="store_true",
        help=("询问受保护工作簿的密码；不作保存", "ask for the password of protected workbooks; it is kept nowhere"),
    )  # fmt: skip


def _folder_options(command: argparse.ArgumentParser) -> None:
    data = project_root() / "data"
    _add(
        command, "--raw", type=_path, default=data / "raw",
        help=("工作簿所在的文件夹（默认：data/raw）", "folder with workbooks (default: data/raw)"),
    )  # fmt: skip
    _add(
        command, "--processed", type=_path, default=data / "processed",
        help=("整洁表的文件夹（默认：data/processed）", "folder for tidy tables (default: data/processed)"),
    )  # fmt: skip


def _report_options(command: argparse.ArgumentParser) -> None:
    _add(
        command, "--month",
        help=("YYYY-MM（默认：数据中最近的完整月份）", "YYYY-MM (default: the latest complete month in the data)"),
    )  # fmt: skip
    _add(
        command, "--reports", type=_path, default=project_root() / "reports",
        help=("PDF 的文件夹（默认：reports）", "folder for PDFs (default: reports)"),
    )  # fmt: skip


def _inspect_options(command: argparse.ArgumentParser) -> None:
    _add(
        command, "files", nargs="+", type=_path, metavar="FILE",
        help=("工作簿，或装有工作簿的文件夹", "a workbook, or a folder of them"),
    )  # fmt: skip
    _add(
        command, "--fix", action="store_true",
        help=(
            "给出 mktanalytics.toml 应写的几行，并写入你同意的",
            "propose lines for mktanalytics.toml, and write those you agree to",
        ),
    )  # fmt: skip


def _template_options(command: argparse.ArgumentParser) -> None:
    _add(
        command, "table", metavar="TABLE",
        help=("数据表，如 sales、budget、targets", "a table, such as sales, budget or targets"),
    )  # fmt: skip
    _add(
        command, "--output", type=_path,
        help=("写到哪里（默认：当前文件夹的 TABLE.xlsx）", "where to write it (default: TABLE.xlsx in the current folder)"),
    )  # fmt: skip


def _path(text: str) -> Path:
    """The path, with ~ for the home folder: zsh leaves it as it is in `make RAW=~/october`."""
    return Path(text).expanduser()
