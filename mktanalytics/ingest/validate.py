"""What only shows when blocks are laid side by side: repetitions, corrections, contradictions."""

from __future__ import annotations

from collections.abc import Sequence

from mktanalytics.ingest.take import Taken


def validate(blocks: Sequence[Taken]) -> None:
    """Within each block, then between blocks of one table; rows leave the tidy ones with a reason, never silently."""
    for block in blocks:
        if len(block.frame):
            duplicates_inside(block)


IDENTIFIERS = ("order_id", "order_line", "voucher", "respondent")


def duplicates_inside(block: Taken) -> None:
    """Rows that are identical in every cell: a repetition where they carry a number, else perhaps two true lines."""
    frame = block.frame
    if block.u.match is None or block.u.match.wide:
        return
    named = [c for c in IDENTIFIERS if c in frame]
    columns = [c for c in frame.columns if c not in ("_row", "source_row")]
    again = frame.duplicated(columns, keep="first")
    if not again.any():
        return
    known = again & frame[named].notna().any(axis=1) if named else again & False
    unknown = int((again & ~known).sum())
    if unknown:
        block.issues.append(block.issue("identical_rows", n=unknown))
    if not known.any():
        return
    groups = frame.groupby(columns, dropna=False, sort=False)["source_row"].transform("first")
    for source, other in frame.loc[known, ["source_row"]].assign(o=groups[known]).itertuples(index=False):
        block.issues.append(
            block.issue("exact_duplicate", row=int(source), cell=f"A{int(source)}", other=int(other))
        )
    block.drop(frame.loc[known, "_row"].tolist(), "quarantined", "exact_duplicate")
