"""A run that is killed, finds the disk full or meets another run: the old state or the new one, never a mixture."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import psutil
import pytest

from mktanalytics.__main__ import main
from mktanalytics.ingest.readers.messages import Request, send
from mktanalytics.ingest.readers.processes import COMMAND

pytestmark = pytest.mark.skipif(os.name != "posix", reason="process groups and limits are of Unix")
KILLS = int(os.environ.get("MKTANALYTICS_KILLS", "6"))
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    """Every file below a folder, by its name."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def workbooks(folder: Path, amount: int) -> Path:
    """A department's month: three files that are read, one to be sent back, one that is none."""
    folder.mkdir()
    for place in ("华东", "华南", "华北"):
        lines = "".join(f"2026-10-{d:02d},{place}{d},{place},{d},{amount + d}\n" for d in range(1, 9))
        (folder / f"{place}.csv").write_text("日期,产品,区域,数量,金额\n" + lines, "utf-8")
    (folder / "待补.csv").write_text(
        "日期,产品,区域,数量,金额\n2026-10-09,丁,西南,3,待定\n2026-10-10,丁,西南,3,5\n", "utf-8"
    )
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    return folder


class States:
    """An old and a new folder of workbooks, and what cleaning either gives."""

    def __init__(self, place: Path) -> None:
        self.old_raw, self.new_raw = workbooks(place / "old", 100), workbooks(place / "new", 200)
        self.old, self.new = self._cleaned(self.old_raw), self._cleaned(self.new_raw)
        assert self.old.keys() == self.new.keys()
        assert self.old != self.new

    def _cleaned(self, raw: Path) -> Tree:
        self.folder = raw.with_name(f"{raw.name}-processed")
        assert main(["clean", "--raw", str(raw), "--processed", str(self.folder)]) == 0
        return tree(self.folder)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> States:
    return States(tmp_path_factory.mktemp("states"))


@pytest.fixture
def place(tmp_path: Path, states: States) -> Path:
    """A folder of tidy tables in the old state."""
    copytree(states.old_raw.with_name("old-processed"), tmp_path / "data" / "processed")
    return tmp_path / "data" / "processed"


def command(raw: Path, processed: Path) -> list[str]:
    folders = ["--raw", str(raw), "--processed", str(processed)]
    return [sys.executable, "-m", "mktanalytics", "clean", *folders, "--language", "en"]


def start(arguments: list[str], **options: object) -> subprocess.Popen[str]:
    """A run in a process group of its own."""
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        start_new_session=True, **options,
    )  # type: ignore[call-overload,no-any-return]  # fmt: skip


def beside(processed: Path) -> list[str]:
    """What lies beside the tidy tables, the lock aside."""
    return sorted(
        p.name for p in processed.parent.iterdir() if p.name not in ("processed", ".processed.lock")
    )


def works_again(states: States, processed: Path) -> None:
    """The next run gives the new state and removes what the last one left."""
    assert main(["clean", "--raw", str(states.new_raw), "--processed", str(processed)]) == 0
    assert tree(processed) == states.new
    assert beside(processed) == []


# ---- killed


def test_a_run_killed_at_any_moment_leaves_the_old_state_or_the_new(states: States, place: Path) -> None:
    began = time.monotonic()
    subprocess.run(command(states.new_raw, place), check=True, capture_output=True)
    whole = time.monotonic() - began
    rng = random.Random(20261123)
    for _ in range(KILLS):
        run = start(command(states.new_raw, place))
        time.sleep(rng.uniform(0.3, 1.1) * whole)
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        assert tree(place) in (states.old, states.new)
    works_again(states, place)


# Dies of the nth change to the folder of the tidy tables, as Python tells it before it happens.
DIES = """
import os, signal, sys
changes = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "ctypes.call_function", "os.chmod")
left, place = int(sys.argv[1]), sys.argv[2]
def hook(event, arguments):
    global left
    if event in changes and any(isinstance(a, (str, bytes)) and place in os.fsdecode(a) for a in arguments):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
from mktanalytics.__main__ import main
sys.addaudithook(hook)
sys.exit(main(sys.argv[3:]))
"""


def test_a_run_killed_at_any_change_it_makes_leaves_the_old_state_or_the_new(
    states: States, place: Path
) -> None:
    """One change after the other, in steps that are seeded and small in `make fuzz`."""
    step = 1 if KILLS > 6 else 5
    arguments = command(states.new_raw, place)[3:]
    died = 0
    for change in range(1 + step // 2, 200, step):
        run = subprocess.run(
            [sys.executable, "-c", DIES, str(change), str(place.parent), *arguments],
            capture_output=True, check=False,
        )  # fmt: skip
        assert tree(place) in (states.old, states.new)
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL, run.stderr
        died += 1
    assert died >= 3
    works_again(states, place)


def test_workers_whose_run_was_killed_end_themselves(states: States, place: Path) -> None:
    run = start(command(states.new_raw, place))
    workers: list[psutil.Process] = []
    until = time.monotonic() + 60
    while not workers and time.monotonic() < until:
        workers = psutil.Process(run.pid).children(recursive=True)
    run.kill()  # the run alone: its workers are not in the way of the signal
    run.communicate()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert workers
    assert not alive


def test_a_worker_that_hangs_ends_itself_when_nobody_is_left_to_end_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never.csv")  # nobody will ever write to it
    worker = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdin is not None
    send(worker.stdin, Request(str(tmp_path / "never.csv"), "never.csv", None, b"", 0.5))  # type: ignore[arg-type]
    assert worker.wait(60) == -signal.SIGALRM
    worker.communicate()


# ---- disk full


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from mktanalytics.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("size", [0, 100, 3000, 7000, 9000])
def test_a_file_that_can_not_be_written_is_told_and_the_old_state_stays(
    size: int, states: States, place: Path
) -> None:
    """The system refuses to write more than `size` bytes to any file, as a full disk does, wherever that happens."""
    arguments = command(states.new_raw, place)[3:]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )  # fmt: skip
    assert done.returncode == 1
    assert "fault in the program" not in done.stderr
    assert str(place.parent) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert tree(place) == states.old
    assert beside(place) == []
    works_again(states, place)


FULL = """
import errno, os, sys
left, place = int(sys.argv[1]), sys.argv[2]
def hook(event, arguments):
    global left
    writes = event in ("os.mkdir", "os.rename") or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))
    if writes and any(isinstance(a, (str, bytes)) and place in os.fsdecode(a) for a in arguments):
        left -= 1
        if left <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), arguments[0])
from mktanalytics.__main__ import main
sys.addaudithook(hook)
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.parametrize("change", [1, 2, 3, 4, 5])
def test_a_full_disk_is_told_in_one_sentence(change: int, states: States, place: Path) -> None:
    arguments = command(states.new_raw, place)[3:]
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(change), str(place.parent), *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "the disk is full" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert tree(place) == states.old
    works_again(states, place)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_an_output_nobody_can_write_to_is_told(states: States, place: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command(states.new_raw, place), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "fault in the program" not in done.stderr
    assert tree(place) == states.new  # what was to be printed couldn't be; the tables are whole


# ---- two at once


HOLDS = """
import sys, time
from pathlib import Path
from mktanalytics.ingest import folder
inner = folder.clean
def slowly(*args, **kwargs):
    print("holding", flush=True)
    time.sleep(float(sys.argv[1]))
    return inner(*args, **kwargs)
folder.clean = slowly
from mktanalytics.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def holding(states: States, place: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that holds the folder for a while."""
    run = start([sys.executable, "-c", HOLDS, "6", *command(states.old_raw, place)[3:]])
    assert run.stdout is not None
    assert run.stdout.readline().strip() == "holding"
    yield run
    run.kill()
    run.communicate()


def test_a_second_run_says_that_it_waits_and_then_works(
    holding: subprocess.Popen[str], states: States, place: Path
) -> None:
    done = subprocess.run(
        command(states.new_raw, place), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0
    assert "another run" in done.stderr
    assert holding.wait(60) == 0
    assert tree(place) == states.new
    assert beside(place) == []


def test_a_killed_run_holds_nothing(holding: subprocess.Popen[str], states: States, place: Path) -> None:
    os.killpg(holding.pid, signal.SIGKILL)
    holding.wait()
    began = time.monotonic()
    works_again(states, place)
    assert time.monotonic() - began < 30
