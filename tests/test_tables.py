"""Every table, whatever there is in the folder."""

from __future__ import annotations

import re

import pytest

from mktanalytics.errors import TableError
from mktanalytics.publish.dictionary import dictionary
from mktanalytics.schema import EXTRA, SOURCE, Table
from mktanalytics.tables import all_tables, table

TABLES = list(all_tables().values())


@pytest.fixture(params=TABLES, ids=lambda t: t.name)
def kind(request) -> Table:
    return request.param


def squeeze(text: str) -> str:
    return re.sub(r"[\s_]+", "", text).casefold()


def test_every_module_of_the_folder_is_a_table(root):
    modules = (root / "mktanalytics" / "tables").glob("[a-z]*.py")
    assert [t.name for t in TABLES] == sorted(m.stem for m in modules)


def test_every_column_is_described_in_both_languages(kind):
    for column in kind.columns:
        for text in (column.zh, column.en, column.about, column.about_zh):
            assert text.strip(), column.name


def test_column_names_are_unique_lower_case_and_not_ours(kind):
    assert len(set(kind.names)) == len(kind.names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", n) for n in kind.names)
    assert not {*SOURCE, EXTRA} & set(kind.names)


def test_what_a_table_refers_to_exists(kind):
    named = {*kind.grain, *kind.required, *kind.aliases, *kind.second_choice, *kind.defaults}
    named |= {n for group in kind.one_of for n in group} | {n for w in kind.wide for n in (w.over, w.value)}
    assert named <= set(kind.names)


@pytest.mark.parametrize("tier", ["table aliases", "second choice", "names and labels", "column aliases"])
def test_aliases_are_unique_inside_a_table(kind, tier):
    """A table's own aliases win over names and labels, those over a column's general aliases; no tie inside a tier."""
    met: dict[str, str] = {}
    for column in kind.columns:
        words = {
            "table aliases": kind.aliases.get(column.name, ()),
            "second choice": kind.second_choice.get(column.name, ()),
            "names and labels": (column.name, column.zh, column.en),
            "column aliases": column.aliases,
        }[tier]
        for alias in {squeeze(w) for w in words}:
            assert met.setdefault(alias, column.name) == column.name, alias


def test_the_same_name_is_the_same_column_everywhere():
    seen: dict[str, object] = {}
    for kind in TABLES:
        for column in kind.columns:
            assert seen.setdefault(column.name, column) is column, f"{kind.name}.{column.name}"


def test_an_unknown_table_is_told_with_the_known_ones():
    with pytest.raises(TableError, match="sales"):
        table("sale")


def test_the_committed_dictionary_is_the_one_the_tables_give(root):
    written = (root / "docs" / "dictionary.md").read_text("utf-8")
    assert written == dictionary("zh"), "run: mktanalytics dictionary --language zh > docs/dictionary.md"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_dictionary_names_every_column(language):
    text = dictionary(language)
    for kind in TABLES:
        assert f"## {kind.name}" in text
        assert all(f"`{n}`" in text for n in kind.names)
