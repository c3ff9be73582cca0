"""The isolated workers: a file that crashes, hangs or hoards costs itself only."""

from __future__ import annotations

import io
import os
import pickle
import random
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from hostile.writer import with_macros
from test_read_markup import ODS, PAGE, XML, ods, xlsb

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers import processes
from mktanalytics.ingest.readers import read as reading
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.readers.messages import Request, receive, send
from mktanalytics.ingest.readers.read import Reader, close_readers, make_of_many, read_many, read_workbook
from mktanalytics.ingest.readers.refusals import located, refuse
from mktanalytics.ingest.readers.worker import MEMORY_TEXT, read_file
from mktanalytics.tables import table


def xlsx(value: object = "销售") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(20):
            sheet.write_row(row, 0, [value, row, row / 7, "文本"])
        sheet.write_formula("E1", "=A1", None, "#N/A")
        sheet.merge_range("F1:F5", "合并")
    return buffer.getvalue()


def xls() -> bytes:
    book, buffer = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("s")
    for row in range(20):
        for column, value in enumerate(["销售", row, row / 7]):
            sheet.write(row, column, value)
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def reader() -> Iterator[Reader]:
    one = Reader()
    yield one
    one.close()


def test_a_workbook_and_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "销售 表.xlsx"
    path.write_bytes(xlsx())
    book = read_workbook(path, file="2026/销售 表.xlsx")
    assert book.file == "2026/销售 表.xlsx"
    assert len(book.sha256) == 64
    assert book.sheets[0].rows[3][:2] == ["销售", 3.0]


def test_errors_keep_everything_on_their_way() -> None:
    error = located(refuse("broken", "坏", "bad"), "a.xlsx")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is FileError
    assert vars(again) == vars(error)
    assert str(again) == str(error)


def test_what_is_not_there_or_not_ours_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_workbook(tmp_path / "a.xlsx", file="a.xlsx")
    assert caught.value.code == "missing"
    with pytest.raises(FileError) as caught:
        read_workbook(tmp_path / "~$a.xlsx", file="~$a.xlsx")
    assert caught.value.code == "skipped"
    (tmp_path / "b.xlsx").write_bytes(b"")
    with pytest.raises(FileError) as caught:
        read_workbook(tmp_path / "b.xlsx", file="b.xlsx")
    assert caught.value.code == "empty_file"
    with pytest.raises(FileError) as caught:
        read_workbook(tmp_path, file="folder.xlsx")
    assert caught.value.code == "locked"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx())
    path.chmod(stat.S_IWUSR)
    with pytest.raises(FileError) as caught:
        read_workbook(path, file="a.xlsx")
    assert caught.value.code == "locked"


def test_a_file_another_program_holds_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def held(_: Path) -> bytes:
        raise PermissionError(13, "held")

    monkeypatch.setattr(Path, "read_bytes", held)
    answer = read_file(Request("a.xlsx", "a.xlsx", None))
    assert isinstance(answer, FileError)
    assert answer.code == "locked"


def test_a_worker_killed_while_idle_is_replaced(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx())
    assert isinstance(reader.read(path, "a.xlsx"), Workbook)
    assert reader._process is not None
    reader._process.kill()
    reader._process.wait()
    assert isinstance(reader.read(path, "a.xlsx"), Workbook)


def test_a_crash_is_this_files_alone(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx())
    monkeypatch.setattr(processes, "COMMAND", [sys.executable, "-c", "import os; os.abort()"])
    answer = reader.read(path, "a.xlsx")
    assert isinstance(answer, FileError)
    assert answer.code == "crashed"
    monkeypatch.undo()
    assert isinstance(reader.read(path, "a.xlsx"), Workbook)


def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx())
    monkeypatch.setattr(processes, "COMMAND", [sys.executable, "-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(reading, "FLOOR_SECONDS", 0.3)
    start = time.monotonic()
    answer = reader.read(path, "a.xlsx")
    assert time.monotonic() - start < 10
    assert isinstance(answer, FileError)
    assert answer.code == "timeout"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_the_worker_can_not_take_the_machines_memory() -> None:
    code = "from mktanalytics.ingest.readers.worker import *; limit_memory(); bytearray(MEMORY)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in done.stderr


def test_running_out_of_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(_: Path) -> bytes:
        raise MemoryError

    monkeypatch.setattr(Path, "read_bytes", greedy)
    answer = read_file(Request("a.xlsx", "a.xlsx", None))
    assert isinstance(answer, FileError)
    assert answer.code == "memory"
    assert MEMORY_TEXT in answer.sentence()


def test_many_files_come_in_the_order_given(tmp_path: Path) -> None:
    files = []
    for number in range(9):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(xlsx(str(number)) if number % 3 else b"PK\x03\x04 broken")
        files.append((path, path.name))
    files.insert(4, (tmp_path / "none.xlsx", "none.xlsx"))
    answers = list(read_many(files))
    assert [name for name, _ in answers] == [name for _, name in files]
    for name, answer in answers:
        if isinstance(answer, Workbook):
            assert answer.sheets[0].rows[0][0] == name[0]
        else:
            assert answer.where == name
            assert answer.code == ("missing" if name == "none.xlsx" else "broken")


def sheet_count(book: Workbook) -> int:
    """What is made of a workbook where it is read; its name says what goes wrong there."""
    if "crash" in book.file:
        os.abort()
    if "memory" in book.file:
        raise MemoryError
    return len(book.sheets)


def test_what_is_made_of_files_comes_in_their_order_and_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))  # for `sheet_count`
    close_readers()
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx())
    names = ["1.xlsx", "crash.xlsx", "2.xlsx", "memory.xlsx", "none.xlsx", "3.xlsx"]
    files = [(tmp_path / "none.xlsx" if name == "none.xlsx" else path, name) for name in names]
    answers = list(make_of_many(files, sheet_count))
    assert [name for name, _ in answers] == names
    told = [a.code if isinstance(a, FileError) else a for _, a in answers]
    assert told == [1, "crashed", 1, "memory", "missing", 1]


def test_a_table_is_the_one_object_it_is_on_both_sides() -> None:
    stream = io.BytesIO()
    send(stream, [table("sales")])
    stream.seek(0)
    (same,) = receive(stream)  # type: ignore[misc]
    assert same is table("sales")


def test_a_worker_loads_no_frames() -> None:
    """They take longer to load than twenty small workbooks to clean."""
    code = (
        "import sys, mktanalytics.ingest.take_file; print(sorted({'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_leaving_early_ends_the_workers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx())
    answers = read_many((path, f"{n}.xlsx") for n in range(100))
    assert next(answers)[0] == "0.xlsx"
    answers.close()  # type: ignore[attr-defined]


def test_a_users_own_csv_module_does_not_become_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "csv.py").write_text("raise SystemExit(3)")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(tmp_path)
    reader = Reader()
    try:
        assert isinstance(reader.read(Path("a.csv"), "a.csv"), Workbook)
    finally:
        reader.close()


FORMATS: dict[str, Callable[[], bytes]] = {
    "xlsx": xlsx,
    "xls": xls,
    "xlsb": xlsb,
    "ods": lambda: ods(ODS),
    "xlsm": lambda: with_macros(xlsx()),
    "csv": lambda: "地区,金额\n华东,1\n".encode("gb18030") * 50,
    "tsv": lambda: ("地区\t金额\n" + "华东\t1\n" * 50).encode(),
    "txt": lambda: ("地区\t金额\n" + "华东\t1\n" * 50).encode("utf-16"),
    "html": lambda: PAGE.encode("gb18030"),
    "xml": lambda: XML.format(encoding="utf-8").encode(),
}
NAMES = {
    "html": "a.xls",
    "xml": "a.xls",
}  # every format that is read; any text may be called .xls or .xlsx too


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The bytes with some overwritten, cut out, doubled, or the end missing."""
    body = bytearray(data)
    for _ in range(rng.choice([1, 1, 3, 10, 50])):
        at = rng.randrange(len(body))
        match rng.randrange(4):
            case 0:
                body[at] = rng.randrange(256)
            case 1:
                body[at : at + rng.randrange(1, 9)] = rng.randbytes(rng.randrange(9))
            case 2:
                body[at:at] = body[at : at + rng.randrange(1, 60)]
            case _:
                if rng.random() < 0.1 and at:
                    del body[at:]
        if not body:
            break
    return bytes(body)


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_mutated_files_get_an_answer_each(kind: str, tmp_path: Path, reader: Reader) -> None:
    rng = random.Random(f"mutations of {kind}")
    whole, path = FORMATS[kind](), tmp_path / "a"
    name = NAMES.get(kind, f"a.{kind}")
    rounds = int(os.environ.get("MKTANALYTICS_MUTATIONS", "25"))
    for _ in range(rounds):
        path.write_bytes(mutated(whole, rng))
        answer = reader.read(path, name)
        assert isinstance(answer, (Workbook, FileError))
        if isinstance(answer, FileError):
            assert answer.code != "timeout"
            assert all(answer.what) and all(answer.todo)
    path.write_bytes(whole)
    assert isinstance(reader.read(path, name), Workbook)


@pytest.mark.parametrize("kind", ["xlsx", "xlsm", "xlsb", "ods"])
def test_mutated_contents_get_an_answer_each(kind: str, tmp_path: Path, reader: Reader) -> None:
    """As above, but inside the archive, where a checksum would have caught the others."""
    import zipfile

    rng = random.Random(f"contents of {kind}")
    whole, path = FORMATS[kind](), tmp_path / "a"
    rounds = int(os.environ.get("MKTANALYTICS_MUTATIONS", "25"))
    for _ in range(rounds):
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(path, "w") as new:
            victim = rng.choice([name for name in old.namelist() if name.endswith(("xml", "bin"))])
            for part in old.namelist():
                body = old.read(part)
                new.writestr(part, mutated(body, rng) if part == victim else body)
        answer = reader.read(path, f"a.{kind}")
        assert isinstance(answer, (Workbook, FileError))
        assert not isinstance(answer, FileError) or answer.code != "timeout"
