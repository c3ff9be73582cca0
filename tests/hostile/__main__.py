"""`python -m hostile SEED`: write the case of a seed and say how cleaning it compares; `FROM-TO` sums up a range."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

from hostile.compose import DEFECTS, make
from hostile.judge import Verdict, judge, run
from hostile.writer import write


def exact_share(verdicts: list[Verdict]) -> float:
    """The part of the cases that can be known with certainty whose every cell is read."""
    knowable = [v for v in verdicts if v.knowable]
    return sum(v.outcome == "exact" for v in knowable) / max(len(knowable), 1)


def report(verdicts: list[Verdict]) -> str:
    """How many came out how, and for every kind of defect how many of its cases did not come out right."""
    inexact = [v for v in verdicts if not v.right]
    outcomes = Counter(v.outcome for v in verdicts)
    seen = Counter(
        n for v in verdicts for n in {*v.case.defects, f"= {v.case.table} {v.case.layout} {v.case.lang}"}
    )
    failed = Counter(
        n for v in inexact for n in {*v.case.defects, f"= {v.case.table} {v.case.layout} {v.case.lang}"}
    )
    lines = [
        f"{len(verdicts)} cases: {outcomes['exact']} exact, {outcomes['held']} rightly held, {outcomes['told']} not exact but told, "
        f"{outcomes['silent']} silently wrong, {sum(bool(v.unbalanced) for v in verdicts)} unbalanced; "
        f"of {sum(v.knowable for v in verdicts)} that can be known with certainty {exact_share(verdicts):.1%} exact"
    ]
    lines += [
        f"  {failed[n]:4d} of {seen[n]:4d}  {n}"
        for n, _ in sorted(failed.items(), key=lambda x: -x[1] / seen[x[0]])
    ]
    for v in (*(v for v in verdicts if v.silent or v.unbalanced), *(v for v in inexact if not v.silent)):
        kind = "SILENT" if v.silent else "UNBALANCED" if v.unbalanced else "told"
        lines.append(
            f"{kind} seed {v.case.seed} {v.case.table} {v.case.layout} {v.case.lang} {'+'.join(v.case.defects)}"
        )
        lines += [f"    {x[:300]}" for x in (v.silent or v.unbalanced or v.differences)[:2]]
    return "\n".join(lines)


def show(seed: int) -> None:
    """Write the files of one case, what became of their blocks, and how that compares."""
    case = make(seed)
    folder = Path(mkdtemp(prefix=f"hostile_{seed}_"))
    for book in case.books:
        (folder / book.name).write_bytes(write(book))
        print(folder / book.name)
        for page in book.pages:
            print(f"--- {page.name!r} merges {page.merges}")
            for r in range(page.height):
                cells = [page.cells.get((r, c)) for c in range(page.width)]
                print(r + 1, " | ".join("" if v is None else str(v).replace("\n", "⏎") for v in cells))
    taken, cleaned = run(case)
    for f in taken:
        for b in f.blocks:
            print(
                b.u.file,
                b.u.sheet,
                b.u.block.range,
                b.u.table or "-",
                b.trouble and b.trouble.code,
                dict(Counter(b.fates.values())),
            )
    for i in cleaned.issues.itertuples():
        print("  ", i.severity, i.code, i.sheet, i.cell, i.column, i.value, i.message_en)
    print(report([judge(case)]))


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        first, _, last = argument.partition("-")
        if last:
            start = time.time()
            print(report([judge(make(s)) for s in range(int(first), int(last))]))
            print(f"{time.time() - start:.1f} s; {len(DEFECTS)} kinds of defect")
        else:
            show(int(first))
