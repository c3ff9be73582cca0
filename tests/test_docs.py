"""The documents say what the code says."""

from __future__ import annotations

import re

import pytest

from mktanalytics import metrics
from mktanalytics.ingest.wording import PROBLEMS, WORDINGS
from mktanalytics.publish.messages import messages_reference
from mktanalytics.publish.reference import metrics_reference

CITED = re.compile(r"[Mm]ethods (\d(?:\.\d)?(?:(?:, | and |; |–)\d\.\d)*)")


def test_the_committed_metrics_reference_is_the_one_the_docstrings_give(root):
    assert (root / "docs" / "metrics.md").read_text("utf-8") == metrics_reference(), "run: make docs"


def test_the_reference_has_every_metric_and_all_it_says(root):
    text = metrics_reference()
    assert sorted(re.findall(r"^### `(\w+)`$", text, re.MULTILINE)) == sorted(metrics.all_metrics())
    share = text.split("### `market_share`\n")[1].split("\n### ")[0]
    for part in ("market_share(market, month, *", "**Parameters**", "**Returns**", "**Raises**", ">>> "):
        assert part in share
    assert not re.search(r"^-{4,}$", text, re.MULTILINE), "a section's underline was left as text"


def test_the_committed_messages_are_those_that_are_told(root):
    text = messages_reference()
    assert (root / "docs" / "messages.md").read_text("utf-8") == text, "run: make docs"
    assert sorted(re.findall(r"^\| `(\w+)`", text, re.M)) == sorted([*WORDINGS, *PROBLEMS])


def cited(path):
    for match in CITED.finditer(path.read_text("utf-8")):
        yield from re.findall(r"\d(?:\.\d)?", match[1])


def test_every_section_of_the_methods_that_is_cited_is_there(root):
    sections = set(
        re.findall(r"^#+ (\d(?:\.\d)?)\b", (root / "docs" / "methods.md").read_text("utf-8"), re.M)
    )
    assert {"0", "0.1", "1.1", "9"} <= sections
    files = [*(root / "mktanalytics").rglob("*.py"), *(root / "docs").glob("*.md")]
    missing = {(p.name, n) for p in files for n in cited(p) if n not in sections}
    assert not missing


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("methods 3.1–3.4", ["3.1", "3.4"]),
        ("Methods 0.8, 2.2.", ["0.8", "2.2"]),
        ("methods 5.2.7 and 5.4", ["5.2"]),
    ],
)
def test_citations_are_read(tmp_path, text, numbers):
    (tmp_path / "a.py").write_text(text)
    assert list(cited(tmp_path / "a.py")) == numbers
