"""One survey exported twice, as texts and as codes: counted once, where answer by answer they agree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken

if TYPE_CHECKING:
    import pandas as pd  # not at run time: the workers load this file, and use no frame

FEWEST = 20  # respondents before agreement is no chance
ASKED = ["respondent", "question_no"]


def ignore_coded_exports(blocks: Sequence[Taken]) -> None:
    """The coded export of a survey that is there as text is ignored."""
    surveys = [b for b in blocks if b.table is not None and b.table.name == "survey" and len(b.records)]
    for text, coded in permutations(surveys, 2):
        if text.trouble is None and coded.trouble is None and _same_survey(text.frame, coded.frame):
            place = f"{text.u.file} {text.u.sheet}".strip()
            coded.hold(Trouble("repeats", {"other": place}, "ignored"))


def _same_survey(text: pd.DataFrame, coded: pd.DataFrame) -> bool:
    """Same respondents and questions, the same options chosen, and a code for each text, one to one."""
    if not {"question_no", "option"} <= set(coded.columns) or "question_no" not in text:
        return False
    people = set(text["respondent"])
    if len(people) < FEWEST or people != set(coded["respondent"]) or not coded["option"].notna().any():
        return False
    if text.get("option") is not None and text["option"].notna().any():
        return False
    return _chosen(text) == _chosen(coded) and _one_to_one(text, coded)


def _chosen(frame: pd.DataFrame) -> set[tuple[str, str, str]]:
    """Options of multi-choice answers, without what was typed beside 其他 (〖…〗)."""
    many = frame[frame["kind"] == "multiple"]
    options = many["answer"].str.replace(r"〖.*〗$", "", regex=True)
    return set(zip(many["respondent"], many["question_no"].fillna(""), options, strict=True))


def _one_to_one(text: pd.DataFrame, coded: pd.DataFrame) -> bool:
    codes = coded[coded["option"].notna()]
    both = text[text["kind"] == "single"].merge(codes, on=ASKED, suffixes=("", "_code"))
    if len(both) < max(FEWEST, 0.9 * len(codes)):
        return False
    both["answer"] = both["answer"].str.replace(r"〖.*〗$", "", regex=True)
    pairs = both[["question_no", "answer", "option_code"]].drop_duplicates()
    asked, answered = ["question_no", "answer"], ["question_no", "option_code"]
    return not (pairs.duplicated(asked).any() or pairs.duplicated(answered).any())
