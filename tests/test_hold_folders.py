"""Folders as they are found: odd names, links, what can't be read or isn't a file, and places nothing may be written to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from mktanalytics import store
from mktanalytics.__main__ import main
from mktanalytics.ingest.clean import list_files

POSIX = pytest.mark.skipif(os.name != "posix", reason="such names and links are of Unix")
HEADER = "日期,产品,区域,数量,金额\n"


def rows(name: str, n: int = 2) -> bytes:
    """A small sales export; `name` keeps the files of one folder apart."""
    return (HEADER + "".join(f"2026-10-0{i + 1},{name},华东,{i + 1},{100 + i}\n" for i in range(n))).encode()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "销售.csv").write_bytes(rows("甲"))
    return folder


def clean(raw: Path, *more: str) -> int:
    return main(["clean", "--raw", str(raw), "--processed", str(raw.parent / "processed"), *more])


def book(raw: Path, name: str) -> pd.DataFrame:
    return store.load(name, processed=raw.parent / "processed")


def tidy_files(raw: Path) -> set[str]:
    return set(book(raw, "sales")["source_file"])


def reasons(raw: Path) -> dict[str, str]:
    """File → what was said of it, for those that gave no block."""
    issues = book(raw, "issues")
    return {i.file: i.message_en for i in issues[issues["code"] == "unreadable"].itertuples()}


# ---- names


@POSIX
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("😀.csv".encode(), "😀.csv"),
        (("长" * 83 + "12.csv").encode(), "长" * 83 + "12.csv"),
        (" 十月 .csv".encode(), " 十月 .csv"),
        (b"a'b\"`$(x);&.csv", "a'b\"`$(x);&.csv"),
        (b"a\nb.csv", "a\\nb.csv"),
        (b"a\tb\x1b[31m.csv", "a\\tb\\x1b[31m.csv"),
        ("\u202ea.csv".encode(), "\\u202ea.csv"),
        (b"a\\b.csv", "a\\\\b.csv"),
        ("十月销售.csv".encode("gb18030"), "十月销售.csv"),  # unpacked from a zip of an old Windows
        (b"\xff\xfea.csv", "\\xff\\xfea.csv"),
        (b"-rf.csv", "-rf.csv"),
    ],
    ids=range(11),
)
def test_a_file_of_any_name_is_read_and_told_in_one_line(
    name: bytes, told: str, raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (raw / os.fsdecode(name)).write_bytes(rows("乙") + "2026-10-09,乙,华东,没有,没有\n".encode())
    assert clean(raw) == 0
    assert tidy_files(raw) == {"销售.csv", told}
    printed = capsys.readouterr().out
    assert any(line.startswith(told) for line in printed.splitlines())
    assert all(ch.isprintable() for ch in printed.replace("\n", ""))
    (copy,) = (raw.parent / "processed" / "send_back").iterdir()
    assert copy.suffix == ".xlsx"


@POSIX
def test_names_that_are_told_alike_stay_apart(raw: Path) -> None:
    for name in (b"a\nb.csv", b"a\\nb.csv", b"a\\x0ab.csv"):
        (raw / os.fsdecode(name)).write_bytes(rows(repr(name)))
    assert clean(raw) == 0
    assert len(tidy_files(raw)) == 4


def test_what_programs_leave_beside_workbooks_is_no_problem(raw: Path) -> None:
    for name in ("~$销售.xlsx", ".DS_Store", ".~lock.销售.xlsx#", "Thumbs.db", "desktop.ini", "销售.tmp"):
        (raw / name).write_bytes(b"\0" * 165)
    assert clean(raw) == 0
    issues = book(raw, "issues")
    assert set(issues.loc[issues["severity"] != "info", "file"]) == set()
    assert not (raw.parent / "processed" / "send_back").exists()


def test_folders_named_like_workbooks_are_folders(raw: Path) -> None:
    (raw / "十月.xlsx").mkdir()
    (raw / "十月.xlsx" / "华东.csv").write_bytes(rows("乙"))
    (raw / "空.xlsx").mkdir()
    assert clean(raw) == 0
    assert tidy_files(raw) == {"销售.csv", "十月.xlsx/华东.csv"}


# ---- links, pipes, what can't be read


@POSIX
def test_links_are_followed_once_and_loops_end(raw: Path) -> None:
    outside = raw.parent / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep" / "华南.csv").write_bytes(rows("乙"))
    (outside / "单.csv").write_bytes(rows("丙"))
    (raw / "linked").symlink_to(outside)
    (raw / "one.csv").symlink_to(outside / "单.csv")
    (raw / "loop").symlink_to(raw)
    (outside / "back").symlink_to(raw)
    (outside / "deep" / "up").symlink_to(outside)
    assert clean(raw) == 0
    # the same bytes twice count once: the first by name
    assert tidy_files(raw) == {"销售.csv", "linked/deep/华南.csv", "linked/单.csv"}
    assert [n for n, _ in list_files(raw)] == [
        "linked/deep/华南.csv", "linked/单.csv", "one.csv", "销售.csv",
    ]  # fmt: skip


@POSIX
def test_what_is_no_file_is_told_and_never_opened(raw: Path) -> None:
    (raw / "nowhere.xlsx").symlink_to(raw / "none.xlsx")
    (raw / "self.xlsx").symlink_to("self.xlsx")
    (raw / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(raw / "pipe.csv")
    (raw / "empty.csv").write_bytes(b"")
    assert clean(raw) == 0
    told = reasons(raw)
    assert set(told) == {"nowhere.xlsx", "self.xlsx", "zero.csv", "pipe.csv", "empty.csv"}
    assert "isn't there" in told["nowhere.xlsx"]
    assert "device" in told["zero.csv"] and "device" in told["pipe.csv"]
    assert tidy_files(raw) == {"销售.csv"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(raw: Path) -> None:
    (raw / "secret.csv").write_bytes(rows("乙"))
    (raw / "secret.csv").chmod(0)
    (raw / "closed").mkdir()
    (raw / "closed" / "a.csv").write_bytes(rows("丙"))
    (raw / "closed").chmod(0)
    try:
        assert clean(raw) == 0
    finally:
        (raw / "closed").chmod(0o755)
    assert set(reasons(raw)) == {"secret.csv", "closed"}
    assert tidy_files(raw) == {"销售.csv"}


@POSIX
@pytest.mark.parametrize(
    "change",
    ["path.unlink()", "path.write_bytes(path.read_bytes() + '2026-10-08,乙,华东,9,900\\n'.encode())"],
)
def test_files_that_vanish_or_grow_during_the_run_harm_no_other(change: str, raw: Path) -> None:
    """Changed after the folder was listed: what counts is the bytes that were read, and the manifest tells of those."""
    for n in range(4):
        (raw / f"{n}.csv").write_bytes(rows(f"品{n}", 3))
    code = f"""
import sys
from pathlib import Path
from mktanalytics.ingest import clean
from mktanalytics.__main__ import main
listed = clean.list_files
def then(raw):
    found = listed(raw)
    path = Path({str(raw / "2.csv")!r})
    if path.exists():
        {change}
    return found
clean.list_files = then
sys.exit(main(["clean", "--raw", {str(raw)!r}, "--processed", {str(raw.parent / "processed")!r}]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {"销售.csv", "0.csv", "1.csv", "3.csv"} <= tidy_files(raw)
    manifest = store.manifest(raw.parent / "processed")
    (entry,) = [x for x in manifest["inputs"] if x["file"] == "2.csv"]
    if "unlink" in change:
        assert "isn't there" in reasons(raw)["2.csv"]
        assert entry["sha256"] == ""
    else:
        assert entry["bytes"] == (raw / "2.csv").stat().st_size


# ---- places that must not be written to


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on standard error: one line, no traceback, no fault of ours."""
    error = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1, error
    assert "Traceback" not in error and "fault in the program" not in error
    assert "→" in error
    return error


@pytest.mark.parametrize("place", ["raw", "raw/processed", "."])
def test_tables_are_never_put_over_the_workbooks(
    place: str, raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {p: p.read_bytes() for p in raw.iterdir()}
    assert main(["clean", "--raw", str(raw), "--processed", str(raw.parent / place)]) == 2
    sentence(capsys)
    assert {p: p.read_bytes() for p in raw.iterdir()} == before


@POSIX
def test_a_link_to_the_workbooks_is_the_workbooks(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (raw.parent / "link").symlink_to(raw)
    assert main(["clean", "--raw", str(raw), "--processed", str(raw.parent / "link")]) == 2
    sentence(capsys)
    assert (raw / "销售.csv").exists()


def test_a_folder_of_other_things_is_never_replaced(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = raw.parent / "processed"
    place.mkdir()
    (place / "毕业论文.docx").write_bytes(b"years of work")
    assert clean(raw) == 2
    assert "毕业论文.docx" in sentence(capsys)
    assert [p.name for p in place.iterdir()] == ["毕业论文.docx"]
    (place / "毕业论文.docx").unlink()
    assert clean(raw) == 0


def test_a_file_in_the_place_of_the_folder_is_never_replaced(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = raw.parent / "processed"
    place.write_bytes(b"mine")
    assert clean(raw) == 2
    sentence(capsys)
    assert place.read_bytes() == b"mine"


def test_a_place_that_can_not_be_made_is_told(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = raw.parent / "file"
    place.write_bytes(b"mine")
    assert main(["clean", "--raw", str(raw), "--processed", str(place / "sub" / "processed")]) == 1
    assert "file" in sentence(capsys)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_place_is_told(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = raw.parent / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    assert main(["clean", "--raw", str(raw), "--processed", str(locked / "processed")]) == 1
    assert "locked" in sentence(capsys)


def test_reports_are_never_put_among_the_workbooks(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--raw", str(raw), "--processed", str(raw.parent / "processed")]
    assert main(["monthly-report", *options, "--reports", str(raw / "reports")]) == 2
    sentence(capsys)
    assert [p.name for p in raw.iterdir()] == ["销售.csv"]
