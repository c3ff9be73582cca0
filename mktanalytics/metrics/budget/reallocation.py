"""预算调剂: moves of budget between lines, checked one after the other and kept for the audit (methods 4.6)."""

from __future__ import annotations

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics.budget._budget_rows import FEN
from mktanalytics.metrics.result import need_columns, need_numbers

MOVE = ["from", "to", "amount", "date", "approver", "reason"]


@checked
def reallocate(
    amounts: pd.DataFrame, moves: pd.DataFrame, *, line: str = "category"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Apply the moves in the order of their dates: the lines as they stand after, and the ledger of moves.

    Parameters
    ----------
    amounts : `line` (one row each), ba, recognised, committed (CNY). moves : from, to (lines), amount (CNY,
        > 0), date, approver, reason: all required.

    Returns
    -------
    lines : `line`, ba_before, moved (CNY, sums to 0 over the lines), ba, recognised, committed, available,
        execution_rate_before, execution_rate (fractions, on the BA before and after; NaN unless BA > 0).
    ledger : the moves in order, with from_ba, from_ba_after, to_ba, to_ba_after, from_rate, from_rate_after,
        to_rate, to_rate_after: the rates before the move stay on record.

    Raises
    ------
    MetricError
        A column or a required entry is missing, an amount isn't positive, a line is unknown or moves to
        itself, or the source would fall below what it has spent and committed.

    Source
    ------
    methods 4.6.

    Examples
    --------
    >>> a = pd.DataFrame({"category": ["会展", "直播"], "ba": [100e4, 50e4], "recognised": [30e4, 45e4], "committed": [10e4, 0.0]})
    >>> m = pd.DataFrame({"from": ["会展"], "to": ["直播"], "amount": [20e4], "date": pd.to_datetime(["2026-05-08"]),
    ...                   "approver": ["王磊"], "reason": ["618 加投"]})
    >>> reallocate(a, m)[0][["category", "ba", "execution_rate_before", "execution_rate"]].round(4).values.tolist()
    [['会展', 800000.0, 0.3, 0.375], ['直播', 700000.0, 0.9, 0.6429]]
    """
    need_columns(amounts, [line, "ba", "recognised", "committed"], metric="reallocate (amounts)")
    need_columns(moves, MOVE, metric="reallocate (moves)")
    need_numbers(amounts, ["ba", "recognised", "committed"], metric="reallocate (amounts)")
    need_numbers(moves, ["amount"], metric="reallocate (moves)")
    if amounts[line].duplicated().any():
        raise MetricError(
            ("同一预算行出现两次", "a line stands twice"),
            found=str(amounts.loc[amounts[line].duplicated(), line].iloc[0]),
            todo=("请先合并", "sum it first"),
        )
    start = amounts.set_index(line)["ba"].astype("float64")
    spent = amounts.set_index(line)["recognised"].astype("float64")
    used = spent + amounts.set_index(line)["committed"].astype("float64").fillna(0.0)
    now, ledger = start.copy(), []
    for move in moves.sort_values("date", kind="stable")[MOVE].to_dict("records"):
        source, target, amount = move["from"], move["to"], move["amount"]
        _check(move, now, used)
        after = {source: now[source] - amount, target: now[target] + amount}
        entry = dict(move)
        for side, name in (("from", source), ("to", target)):
            entry |= {f"{side}_ba": now[name], f"{side}_ba_after": after[name]}
            entry |= {
                f"{side}_rate": _rate(spent[name], now[name]),
                f"{side}_rate_after": _rate(spent[name], after[name]),
            }
        ledger.append(entry)
        for name, value in after.items():
            now[name] = value
    lines = amounts[[line, "recognised", "committed"]].reset_index(drop=True)
    lines.insert(1, "ba_before", start.to_numpy())
    lines.insert(2, "moved", (now - start).to_numpy())
    lines.insert(3, "ba", now.to_numpy())
    lines["available"] = lines["ba"] - used.to_numpy()
    lines["execution_rate_before"] = lines["recognised"] / lines["ba_before"].where(lines["ba_before"] > 0)
    lines["execution_rate"] = lines["recognised"] / lines["ba"].where(lines["ba"] > 0)
    sides = [f"{s}_{c}" for c in ("ba", "ba_after", "rate", "rate_after") for s in ("from", "to")]
    return lines, pd.DataFrame(ledger, columns=[*MOVE, *sides])


@checked
def adjustments(moves: pd.DataFrame, *, line: str = "category") -> pd.DataFrame:
    """The moves as rows of the tidy `budget`: one taken, one given, which cancel.

    Parameters
    ----------
    moves : as in `reallocate`.

    Returns
    -------
    month, `line`, version (adjustment), amount (CNY, signed), date, approver, reason.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.6: transfers sum to 0.

    Examples
    --------
    >>> m = pd.DataFrame({"from": ["会展"], "to": ["直播"], "amount": [20e4], "date": pd.to_datetime(["2026-05-08"]),
    ...                   "approver": ["王磊"], "reason": ["618 加投"]})
    >>> adjustments(m)[["category", "amount"]].values.tolist()
    [['会展', -200000.0], ['直播', 200000.0]]
    """
    need_columns(moves, MOVE, metric="adjustments")
    need_numbers(moves, ["amount"], metric="adjustments")
    moves = moves.astype({"amount": "float64"})
    taken = moves.assign(**{line: moves["from"], "amount": -moves["amount"]})
    given = moves.assign(**{line: moves["to"]})
    both = pd.concat([taken, given]).sort_index(kind="stable").reset_index(drop=True)
    month = stamps(both["date"]).dt.to_period("M").dt.to_timestamp()
    return both.assign(month=month, version="adjustment")[
        ["month", line, "version", "amount", "date", "approver", "reason"]
    ]


def _check(move: dict, now: pd.Series, used: pd.Series) -> None:  # type: ignore[type-arg]
    source, target, amount = move["from"], move["to"], move["amount"]
    where = f"{source} → {target}"
    empty = [c for c in MOVE if pd.isna(move[c]) or move[c] == ""]
    if empty:
        raise MetricError(
            (f"调剂缺 {', '.join(empty)}", f"a move lacks {', '.join(empty)}"),
            where=where,
            expected=", ".join(MOVE),
            todo=("请补上", "fill it in"),
        )
    unknown = [str(x) for x in (source, target) if x not in now.index]
    if unknown:
        raise MetricError(
            ("没有这一预算行", "unknown line"),
            where=where,
            found=", ".join(unknown),
            expected=", ".join(map(str, now.index)),
            todo=("改正名称", "correct the name"),
        )
    if source == target:
        raise MetricError(
            ("不能调剂给自己", "a line can't move budget to itself"),
            where=where,
            todo=("改正该笔调剂", "correct the move"),
        )
    if not amount > 0:
        raise MetricError(
            ("调剂金额须大于 0", "the amount of a move must be above 0"),
            where=where,
            found=f"{amount:g}",
            todo=("把调出与调入对换", "turn from and to around"),
        )
    if now[source] - amount < used[source] - FEN:
        raise MetricError(
            ("调出后低于已执行与已承诺之和", "the source would fall below what it has spent and committed"), where=where,
            found=(f"剩 {now[source] - amount:,.2f}", f"{now[source] - amount:,.2f} left"), expected=(f"不低于 {used[source]:,.2f}", f"at least {used[source]:,.2f}"), todo=("少调一些，或先释放承诺额", "move less, or release commitments first"),
        )  # fmt: skip


def _rate(spent: float, budget: float) -> float:
    return spent / budget if budget > 0 else float("nan")
