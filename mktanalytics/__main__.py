"""The command line: calls, and how each ends; `command_line` says what can be typed."""

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

from mktanalytics.command_line import parse
from mktanalytics.disk import disk_error
from mktanalytics.errors import MktError, UsageError
from mktanalytics.language import pick
from mktanalytics.settings_file import load_settings, project_root, settings_path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status says how it went, and no bad input ever shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # 😀 on a console that has none
    args = parse(arguments)
    try:
        if getattr(args, "ask_password", False):
            _ask_password()
        status = COMMANDS[args.command](args)
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
    from mktanalytics.ingest.readers.read import start_readers

    start_readers("mktanalytics.ingest.readers.formats", 1)

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


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "clean": _clean, "inspect": _inspect, "report": _report, "monthly-report": _monthly_report,
    "dictionary": _dictionary, "template": _template,
}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
