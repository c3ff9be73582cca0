"""A whole monthly run that is killed, or meets another: tables and reports are old or new, never a mixture."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree

import pytest
from test_hold_runs import KILLS, Tree, start, tree, workbooks
from test_publish import PARAMETERS, SETUP, notebook

from mktanalytics.swap import renewed

nbformat = pytest.importorskip("nbformat")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="process groups and limits are of Unix")
TOTAL = """
import mktanalytics as mk
amount = float(mk.load("sales")["amount"].sum())
show([Headline(f"{month} 销售额 {say(Figure(amount, 'cny', numerator=amount))}")])
"""
POINTS = 2 if KILLS == 6 else KILLS  # whole runs with kernels and PDFs take long


class Project:
    """A folder with workbooks, two small reports, and what an old and a new month of workbooks give."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.old_raw, self.new_raw = workbooks(place / "old", 100), workbooks(place / "new", 200)
        (place / "notebooks").mkdir()
        (place / "mktanalytics.toml").touch()
        for name in ("a", "b"):
            nbformat.write(notebook(PARAMETERS, SETUP, TOTAL), place / "notebooks" / f"{name}.ipynb")
        self.old = self.after(self.old_raw)
        copytree(place / "out", place / "out-old")
        began = time.monotonic()
        self.new = self.after(self.new_raw)
        self.seconds = time.monotonic() - began

    def command(self, raw: Path) -> list[str]:
        folders = ["--raw", str(raw), "--processed", "out/processed", "--reports", "out/reports"]
        return [sys.executable, "-m", "mktanalytics", "monthly-report", "--month", "2026-10", *folders]

    def after(self, raw: Path) -> tuple[Tree, Tree]:
        """Tables and reports after a run."""
        subprocess.run(self.command(raw), cwd=self.place, check=True, capture_output=True)
        return self.outputs()

    def outputs(self) -> tuple[Tree, Tree]:
        out = self.place / "out"
        return tree(out / "processed"), tree(out / "reports" / "2026-10")

    def left(self) -> list[str]:
        """What lies beside the outputs, locks aside."""
        out = self.place / "out"
        names = [p.name for folder in (out, out / "reports") for p in folder.iterdir()]
        return sorted(
            n for n in names if not n.endswith(".lock") and n not in ("processed", "reports", "2026-10")
        )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


@pytest.mark.slow
def test_a_monthly_run_killed_at_any_moment_leaves_old_or_new_and_the_next_just_works(
    project: Project,
) -> None:
    assert project.old[0] != project.new[0]
    assert {"a.pdf", "a.xlsx", "a.ipynb", "b.pdf", "manifest.json"} < project.new[1].keys()
    rng = random.Random(20261124)
    states = (project.old, project.new)
    raws = [project.old_raw, project.new_raw]
    for n in range(POINTS):
        run = start(project.command(raws[n % 2]), cwd=project.place)
        time.sleep(rng.uniform(0.2, 1.05) * project.seconds)
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        tables, reports = project.outputs()
        assert tables in [s[0] for s in states]
        assert reports in [s[1] for s in states]
    assert project.after(project.new_raw) == project.new
    assert project.left() == []


@pytest.mark.slow
def test_two_monthly_runs_at_once_give_what_one_gives(project: Project) -> None:
    """Each waits for the other's tables and reports; the reports are of the tables of one of them."""
    runs = [start(project.command(raw), cwd=project.place) for raw in (project.old_raw, project.new_raw)]
    said = [run.communicate(timeout=300) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    tables, reports = project.outputs()
    assert (tables, reports) in (project.old, project.new)
    assert project.left() == []


def test_a_folder_is_renewed_whole_or_not_at_all_and_keeps_what_a_person_wrote_meanwhile(
    tmp_path: Path,
) -> None:
    place = tmp_path / "2026-10"
    place.mkdir()
    for name in ("a", "b", "c"):
        (place / name).write_text("old")
    with pytest.raises(ZeroDivisionError), renewed(place) as new:
        (new / "a").write_text("new")
        raise ZeroDivisionError
    assert {p.name: p.read_text() for p in place.iterdir()} == dict.fromkeys("abc", "old")
    with renewed(place) as new:
        (new / "a").write_text("new report")
        (new / "c").unlink()
        (place / "b").write_text("a remark")
        (place / "d").write_text("a new file")
    assert {p.name: p.read_text() for p in place.iterdir()} == {
        "a": "new report",
        "b": "a remark",
        "d": "a new file",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["2026-10"]
