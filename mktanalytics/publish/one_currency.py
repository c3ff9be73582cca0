"""The tables of a report in one currency, and the sentence about the rows that are in another (methods 0.4)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mktanalytics.display import Block, Note
from mktanalytics.language import pick, plural
from mktanalytics.metrics.currency import one_currency
from mktanalytics.publish.inputs import Inputs
from mktanalytics.tables import table

_LEFT_OUT = (
    "{zh}中 {rows} 行为 {currency}（合计 {amount}），不与 {kept} 相加，未计入以 {kept} 表示的金额。",
    "{counted} of {en} in {currency} ({amount} in all): not added to {kept}, and in no amount in {kept}.",
)


@dataclass(frozen=True)
class OneCurrency:
    """Some tables of a report, the rows of one currency only."""

    tables: Mapping[str, pd.DataFrame]
    currency: str
    left_out: pd.DataFrame  # table, currency, rows, amount

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    @property
    def unit(self) -> str:
        """The unit of its amounts, as figures name it."""
        return self.currency.lower()

    def only(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of another table, or of the same one by other columns, that are in this currency."""
        return one_currency({"": frame}, preferred=self.currency)[0][""]

    def cautions(self) -> list[Block]:
        """What had to be left out, in a sentence for each table and currency."""
        return [Note(self._said(row), kind="warning") for row in self.left_out.to_dict("records")]

    def _said(self, row: Mapping[Hashable, Any]) -> str:
        kind = table(str(row["table"]))
        amount = "—" if pd.isna(row["amount"]) else f"{row['amount']:,.0f}"
        return pick(_LEFT_OUT).format(
            zh=kind.zh, en=kind.en.lower(), rows=row["rows"], counted=plural(int(row["rows"]), "row"), currency=row["currency"], amount=amount,
            kept=self.currency,
        )  # fmt: skip


def in_one_currency(data: Inputs, names: Sequence[str]) -> OneCurrency:
    """The tables `names` of a report in the settings' currency, if the first of them has it, else in its most frequent."""
    kept, left_out, currency = one_currency(
        {n: data[n] for n in names}, preferred=data.settings.currency
    )  # fmt: skip
    return OneCurrency(kept, currency, left_out)
