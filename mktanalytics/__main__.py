"""The command line: parsing and calls, nothing else."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from getpass import getpass
from io import TextIOWrapper
from pathlib import Path

from mktanalytics.disk import disk_error
from mktanalytics.errors import MktError, UsageError
from mktanalytics.language import pick, use
from mktanalytics.settings_file import language_wished, load_settings, project_root, settings_path

EXAMPLES = """\
examples:
  mktanalytics clean                                workbooks in data/raw → tidy tables in data/processed
  mktanalytics clean --raw ~/十月 --processed /tmp/out
  mktanalytics inspect data/raw/华东销售.xlsx          how a workbook is understood, and why; writes nothing
  mktanalytics inspect --fix data/raw/华东销售.xlsx    what the settings would have to say; written after a yes
  mktanalytics monthly-report                       clean, then every report for the latest complete month
  mktanalytics monthly-report --month 2026-10 --language en
  mktanalytics report market_share kpi --month 2026-10
  mktanalytics dictionary                           what every table and column holds
  mktanalytics template budget                      a blank workbook for whoever fills the budget in

exit status: 0 done · 1 something failed, and was named · 2 wrong usage
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status says how it went, and no bad input ever shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # 😀 on a console that has none
    args = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = args.run
    use(args.language or language_wished())
    try:
        if getattr(args, "ask_password", False):
            _ask_password()
        status = command(args)
        sys.stdout.flush()
    except UsageError as error:
        print(f"mktanalytics: {error}", file=sys.stderr)
        return 2
    except MktError as error:
        print(f"mktanalytics: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `mktanalytics clean | head`: whoever read has read enough
        _print_nowhere()
        return 0
    except OSError as error:
        _print_nowhere()
        where = str(error.filename or "") or ("输出", "the output")
        print(f"mktanalytics: {disk_error(error, where)}", file=sys.stderr)
        return 1
    except Exception as error:
        if os.environ.get("MKTANALYTICS_DEBUG"):
            raise
        print(f"mktanalytics: {_fault(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        stopped = ("已停止；没有留下写了一半的文件", "stopped; nothing was left half written")
        print(f"mktanalytics: {pick(stopped)}", file=sys.stderr)
        return 1
    return status


def _ask_password() -> None:
    """The password goes to the reading processes, as if the variable had been set; nothing stores it."""
    from mktanalytics.ingest.readers.formats import PASSWORD_VARIABLE

    os.environ[PASSWORD_VARIABLE] = getpass(
        pick(("受保护工作簿的密码：", "password of protected workbooks: "))
    )


def _print_nowhere() -> None:
    """What is still to be printed goes nowhere, so that the interpreter doesn't fail on it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fault(error: Exception) -> str:
    """One line for a fault that is ours, not the user's, precise enough to be reported."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    said = f"{type(error).__name__}: {error}"
    return pick((
        f"程序本身的故障，位于 {where}：{said}。没有留下写了一半的文件。→ 请报告这一行；MKTANALYTICS_DEBUG=1 显示更多",
        f"a fault in the program itself, at {where}: {said}. Nothing was left half written. "
        "→ report this line; MKTANALYTICS_DEBUG=1 shows more",
    ))  # fmt: skip


def _path(text: str) -> Path:
    """The path, with ~ for the home folder: zsh leaves it as it is in `make RAW=~/october`."""
    return Path(text).expanduser()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mktanalytics",
        description="A marketing department's workbooks → tidy tables → market-share, budget and KPI reports.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    root = project_root()

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run, language=None)
        command.add_argument(
            "--language",
            choices=("zh", "en"),
            help="language of what is written (default: settings, else zh)",
        )
        return command

    def reading(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
        command.add_argument(
            "--ask-password",
            action="store_true",
            help="ask for the password of protected workbooks; it is kept nowhere",
        )
        return command

    def folders(command: argparse.ArgumentParser) -> None:
        command.add_argument(
            "--raw",
            type=_path,
            default=root / "data" / "raw",
            help="folder with workbooks (default: data/raw)",
        )
        command.add_argument(
            "--processed",
            type=_path,
            default=root / "data" / "processed",
            help="folder for tidy tables (default: data/processed)",
        )

    folders(reading(add("clean", _clean, "workbooks → tidy tables, ledger and issues; one line a block")))
    inspect = reading(add("inspect", _inspect, "how workbooks are understood, and why; writes nothing"))
    inspect.add_argument(
        "files", nargs="+", type=_path, metavar="FILE", help="a workbook, or a folder of them"
    )
    inspect.add_argument(
        "--fix",
        action="store_true",
        help="propose lines for mktanalytics.toml, and write those you agree to",
    )
    for name, run, text in (
        ("report", _report, "clean, then publish the reports named"),
        ("monthly-report", _monthly_report, "clean, then publish every report"),
    ):
        command = reading(add(name, run, text))
        folders(command)
        if name == "report":
            command.add_argument(
                "names", nargs="+", metavar="NAME", help="a notebook in notebooks/, such as market_share"
            )
        command.add_argument("--month", help="YYYY-MM (default: the latest complete month in the data)")
        command.add_argument(
            "--reports", type=_path, default=root / "reports", help="folder for PDFs (default: reports)"
        )
    add("dictionary", _dictionary, "the data dictionary, as Markdown")
    template = add("template", _template, "a blank, formatted .xlsx to fill in")
    template.add_argument("table", metavar="TABLE", help="a table, such as sales, budget or targets")
    template.add_argument(
        "--output", type=_path, help="where to write it (default: TABLE.xlsx in the current folder)"
    )
    return parser


def _language(args: argparse.Namespace) -> str:
    return str(args.language or load_settings().language)


def _clean(args: argparse.Namespace) -> int:
    from mktanalytics.ingest.files import list_files
    from mktanalytics.ingest.readers.read import start_readers

    # they load while this process does
    start_readers("mktanalytics.ingest.take_file", len(list_files(args.raw)))

    from mktanalytics.ingest.folder import clean_folder
    from mktanalytics.ingest.tell import tell_blocks, tell_send_back, tell_totals
    from mktanalytics.progress import progress_bar

    settings = load_settings()
    with progress_bar() as progress:
        cleaned = clean_folder(args.raw, args.processed, settings, progress=progress, say=_say)
    print(tell_blocks(cleaned, _language(args)))
    print(tell_totals(cleaned, _language(args)))
    if back := tell_send_back(cleaned, args.processed, _language(args)):
        print(back)
    return 0


def _inspect(args: argparse.Namespace) -> int:
    from mktanalytics.ingest.inspect import inspect_file, workbooks
    from mktanalytics.ingest.teaching.teach_ask import answer, fix_file

    settings, language = load_settings(), _language(args)
    failed = 0
    for file in workbooks(args.files):
        try:
            if args.fix:
                fix_file(file, settings_path(), answer, print, language)
            else:
                print(inspect_file(file, settings).text(language))
        except MktError as error:
            print(f"mktanalytics: {error}", file=sys.stderr)
            failed = 1
    return failed


def _report(args: argparse.Namespace) -> int:
    return _run_reports(args, list(args.names))


def _monthly_report(args: argparse.Namespace) -> int:
    return _run_reports(args, None)


def _run_reports(args: argparse.Namespace, names: list[str] | None) -> int:
    from mktanalytics.ingest.place import refuse_reports
    from mktanalytics.ingest.tell import tell_blocks, tell_send_back, tell_totals
    from mktanalytics.progress import progress_bar
    from mktanalytics.publish import monthly
    from mktanalytics.publish.run import publish_many
    from mktanalytics.publish.tell import tell_published, tell_sample

    root = project_root()
    notebooks = root / "notebooks"
    names = monthly.report_names(notebooks) if names is None else names
    monthly.check_request(names, args.month, notebooks)
    source = monthly.choose_source(args.raw, root)
    refuse_reports(args.raw, args.reports)
    language = args.language or source.settings.language
    if source.sample:
        print(tell_sample(args.raw, language))
    with progress_bar() as progress:
        cleaned = monthly.clean_source(source, args.processed, progress, _say)
    print(tell_blocks(cleaned, language))
    print(tell_totals(cleaned, language))
    if back := tell_send_back(cleaned, args.processed, language):
        print(back)
    month = monthly.report_month(args.month, args.processed)
    published = publish_many(
        names,
        month=month,
        language=language,
        notebooks=notebooks,
        processed=args.processed,
        reports=args.reports,
        say=_say,
    )
    print(tell_published(published, month, language))
    return int(any(p.outcome == "failed" for p in published))


def _dictionary(args: argparse.Namespace) -> int:
    from mktanalytics.publish.dictionary import dictionary

    print(dictionary(_language(args)), end="")
    return 0


def _template(args: argparse.Namespace) -> int:
    from mktanalytics.publish.template import write_template
    from mktanalytics.tables import table

    kind = table(args.table)
    output = args.output or Path(f"{kind.name}.xlsx")
    write_template(kind, output)
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
