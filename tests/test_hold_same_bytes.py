"""Law 5: the same inputs give the same bytes, wherever, whenever and by however many hands they are cleaned."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from test_hold_runs import tree, workbooks

SCATTERED = """
import os, random, sys
from mktanalytics.ingest.readers import read
read.WORKERS = int(sys.argv[1])
inner, rng = os.scandir, random.Random(int(sys.argv[1]))
class Scattered(list):
    __enter__ = lambda self: self
    __exit__ = lambda self, *_: None
def scandir(*arguments):
    found = list(inner(*arguments))
    rng.shuffle(found)
    return Scattered(found)
os.scandir = scandir
from mktanalytics.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with folders, a file twice, a corrected file, and files to be sent back."""
    folder = workbooks(tmp_path_factory.mktemp("bytes") / "raw", 100)
    workbooks(folder / "九月", 300)
    (folder / "东北.csv").write_text("日期,产品,区域,数量,金额\n2026-10-01,己,东北,1,约十\n", "utf-8")
    (folder / "东北（更正版）.csv").write_text("日期,产品,区域,数量,金额\n2026-10-01,己,东北,1,10\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def expected(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("plain") / "processed"
    run([sys.executable, "-m", "mktanalytics", "clean", "--raw", str(raw), "--processed", str(out)])
    return tree(out)


def run(command: list[str], cwd: Path | None = None, **environment: str) -> str:
    path = str(Path(__file__).parents[1])
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", cwd=cwd,
        env=os.environ | {"PYTHONPATH": path} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4242"},
        {"TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.GB18030", "PYTHONHASHSEED": "7"},
        {"OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1", "PYTHONOPTIMIZE": "1"},
    ],
    ids=["far east, C", "west, German", "GB18030", "one thread"],
)
def test_elsewhere(
    environment: dict[str, str], raw: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    """Time zone, locale, the order of sets, the folder it is started from."""
    out = tmp_path / "processed"
    command = [sys.executable, "-m", "mktanalytics", "clean", "--raw", str(raw), "--processed", str(out)]
    run(command, tmp_path, **environment)
    assert tree(out) == expected


@pytest.mark.parametrize("workers", [1, 5])
def test_by_other_hands(workers: int, raw: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    """More workers or one, and folders listed in another order each time."""
    out = tmp_path / "processed"
    folders = ["--raw", str(raw), "--processed", str(out)]
    run([sys.executable, "-c", SCATTERED, str(workers), "clean", *folders])
    assert tree(out) == expected


def test_at_another_time_and_place(raw: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    """A copy of the folder whose files are as old as Unix, or from the future, given by a relative path."""
    moved = copytree(raw, tmp_path / "elsewhere" / "工作簿 2026")
    for n, path in enumerate(sorted(moved.rglob("*"))):
        os.utime(path, (n % 2 * 4e9, n % 2 * 4e9))
        if path.is_file():
            path.chmod(0o600)
    command = [sys.executable, "-m", "mktanalytics", "clean", "--raw", "elsewhere/工作簿 2026"]
    run([*command, "--processed", "out"], tmp_path)
    assert tree(tmp_path / "out") == expected


def test_again_over_the_old_state(raw: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "processed"
    command = [sys.executable, "-m", "mktanalytics", "clean", "--raw", str(raw), "--processed", str(out)]
    said = {run(command) for _ in range(2)}
    assert tree(out) == expected
    assert len(said) == 1
