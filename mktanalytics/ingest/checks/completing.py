"""A record completed by another that speaks of the same thing and says what the first leaves out."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.texts import Texts, everywhere, texts
from mktanalytics.ingest.values.tidy import Records, Values
from mktanalytics.schema import EXTRA

ORIGIN = "补自 (completed from)"


def complete(block: Taken, place: int, source: Records, at: int, names: Sequence[str]) -> None:
    """Give the block's record at `place` these columns of the source's record `at`."""
    patched = {name: _patched(block.records, name, place, source[name], at) for name in names}
    block.records = block.records.having(**patched)


def note_origin(block: Taken, place: int, source: Records, at: int, origin: str) -> None:
    """Keep beside the block's record what the source's record kept, and where what completes it comes from."""
    mine, its = (_beside(records, i) for records, i in ((block.records, place), (source, at)))
    origins = "; ".join(o for o in (mine.get(ORIGIN), origin) if o)
    said = block.records.texts(EXTRA).tolist()
    said[place] = json.dumps({**its, **mine, ORIGIN: origins}, ensure_ascii=False)
    block.records = block.records.having(**{EXTRA: texts(said)})


def _beside(records: Records, place: int) -> dict[str, str]:
    """What a record keeps beside its columns."""
    text = records.texts(EXTRA).tolist()[place]
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def _patched(records: Records, name: str, place: int, values: Values, at: int) -> Values:
    if isinstance(values, Texts):
        mine = records.columns.get(name, everywhere(None, len(records)))
        said = mine.tolist() if isinstance(mine, Texts) else []
        said[place] = values.tolist()[at]
        return texts(said)
    nothing = np.full(len(records), np.nan if values.dtype.kind == "f" else np.datetime64("NaT", "us"))
    mine = records.columns.get(name, nothing)
    assert not isinstance(mine, Texts)
    copy = mine.copy()
    copy[place] = values[at]
    return copy
