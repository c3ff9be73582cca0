"""The floors of the house: no module knows a floor above its own (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from mktanalytics import __path__ as package_path

PACKAGE = Path(package_path[0])
FLOORS = {
    "language": 0, "errors": 0, "disk": 0, "turns": 0, "schema": 0, "columns": 0, "text": 0, "units": 0, "unit_notes": 0, "numbers": 0, "spans": 0, "span_patterns": 0, "workdays": 0, "periods": 0, "settings": 0, "settings_file": 1, "settings_checks": 1, "progress": 0,
    "tables": 1,
    "swap": 2, "one_state": 2, "engines": 2, "aggregate": 2, "store": 2, "describe": 2, "ingest": 2,
    "metrics": 3, "display": 4, "publish": 5, "command_line": 6, "__main__": 6,
}  # fmt: skip
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The rooms that a module imports from, wherever the import stands in it."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mktanalytics"):
            parts = node.module.split(".")
            rooms |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            rooms |= {a.name.split(".")[1] for a in node.names if a.name.startswith("mktanalytics.")}
    return rooms


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_knows_no_floor_above_its_own(path):
    own = room(path)
    assert own in FLOORS, f"say in this test on which floor {own} stands"
    above = {r for r in imported(path) if FLOORS[r] > FLOORS[own]}
    assert not above, f"{path.name} on floor {FLOORS[own]} imports from above: {above}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "metrics").rglob("*.py")), ids=lambda p: p.name)
def test_metrics_do_no_input_or_output(path):
    assert not imported(path) & {"store", "ingest", "engines", "aggregate"}


# the stages of ingest: each folder may know those before it
STAGES = ["readers", "values", "sheets", "matching", "taking", "checks", "returning", "teaching"]
INGEST = PACKAGE / "ingest"
STAGED = sorted(p for p in INGEST.glob("*/**/*.py") if p.name != "__init__.py")


@pytest.mark.parametrize("path", STAGED, ids=lambda p: str(p.relative_to(INGEST)))
def test_a_stage_of_ingest_knows_no_later_one(path):
    own = STAGES.index(path.relative_to(INGEST).parts[0])
    known = re.findall(r"from mktanalytics\.ingest\.(\w+)\.", path.read_text("utf-8"))
    assert not [stage for stage in known if STAGES.index(stage) > own]


def named(path: Path) -> str:
    """A module's name in full."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_modules_import_one_another_in_a_circle():
    modules = {named(p): p for p in PACKAGE.rglob("*.py")}
    imports: dict[str, set[str]] = {}
    for name, path in modules.items():
        tree = ast.parse(path.read_text("utf-8"))
        froms = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
        # `from a import b` may name a module b of the package a
        targets = {t for n in froms for t in (n.module, *(f"{n.module}.{a.name}" for a in n.names))}
        imports[name] = {t for t in targets if t in modules and modules[t].name != "__init__.py"} - {name}
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle
