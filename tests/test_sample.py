"""The sample company: every tidy cell equals the truth, every row of every sheet is accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mktanalytics.ingest.clean import Cleaned, clean
from mktanalytics.settings_file import load_settings
from mktanalytics.tables import all_tables


@pytest.fixture(scope="module")
def cleaned(root: Path) -> Cleaned:
    examples = root / "examples"
    return clean(examples / "raw", load_settings(examples / "mktanalytics.toml"))


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """As the truth writes it: ISO dates, floats in full, "" for nothing."""
    columns: dict[str, list[str]] = {}
    for name in frame.columns:
        values = frame[name]
        if str(values.dtype).startswith("datetime"):
            columns[name] = values.dt.strftime("%Y-%m-%d").fillna("").tolist()
        elif values.dtype == "float64":
            columns[name] = ["" if v != v else repr(float(v)) for v in values]
        else:
            columns[name] = ["" if m else str(v) for v, m in zip(values, values.isna(), strict=True)]
    return pd.DataFrame(columns)


@pytest.mark.parametrize("name", sorted(all_tables()))
def test_every_cell_equals_the_truth(name: str, cleaned: Cleaned, root: Path) -> None:
    truth = pd.read_csv(root / "examples" / "truth" / f"{name}.csv", dtype=str, keep_default_na=False)
    assert len(truth), "the sample has rows of every table"
    got = as_text(cleaned.tables[name])
    assert list(got.columns) == list(truth.columns)
    assert len(got) == len(truth)
    wrong = got.to_numpy() != truth.to_numpy()
    places = [
        f"{truth['source_file'][r]} {truth['source_sheet'][r]} row {truth['source_row'][r]} {truth.columns[c]}: "
        f"{got.iat[r, c]!r}, truth {truth.iat[r, c]!r}"
        for r, c in np.argwhere(wrong)[:5]
    ]
    assert not wrong.any(), f"{int(wrong.sum())} cells differ: {places}"


def test_rows_tidy_are_the_rows_of_the_truth(cleaned: Cleaned, root: Path) -> None:
    truth = pd.read_csv(root / "examples" / "truth" / "ledger.csv", dtype=str, keep_default_na=False)
    got = cleaned.ledger.groupby(["file", "sheet"])[["rows_tidy", "records"]].sum()
    for line in truth.itertuples():
        assert tuple(got.loc[(line.file, line.sheet)]) == (int(line.rows), int(line.records)), line.file
    assert len(got) == len(truth)


def test_the_ledger_balances(cleaned: Cleaned) -> None:
    ledger = cleaned.ledger
    parts = ledger["rows_tidy"] + ledger["rows_quarantined"] + ledger["rows_ignored"]
    assert (ledger["rows_in"] == parts).all()
    for sums in ledger["sums"]:
        for name, s in json.loads(sums).items():
            assert s["in"] == pytest.approx(s["tidy"] + s["quarantined"] + s["ignored"], rel=1e-9), name


def test_amounts_in_the_ledger_are_those_of_the_tables(cleaned: Cleaned) -> None:
    for name in ("sales", "budget", "spend", "market"):
        lines = cleaned.ledger[cleaned.ledger["table"] == name]["sums"]
        stated = sum(json.loads(s).get("amount", {}).get("tidy", 0.0) for s in lines)
        assert stated == pytest.approx(cleaned.tables[name]["amount"].sum())


def test_what_was_sent_twice_or_corrected_is_told(cleaned: Cleaned) -> None:
    issues = cleaned.issues.set_index("code")
    assert "更正版" in issues.loc["replaced_by", "message_zh"]
    assert issues.loc["replaced_by", "file"] == "北区2026年9月销售.xlsx"
    assert issues.loc["same_file", "file"] == "南区10月销售（发财务）.xlsx"


def test_nothing_of_the_sample_is_quarantined(cleaned: Cleaned) -> None:
    assert cleaned.ledger["rows_quarantined"].sum() == 0
