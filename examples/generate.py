"""Write the sample company anew: `raw/` (its workbooks) and `truth/` (what they mean), bit for bit the same."""

from __future__ import annotations

import sys
from pathlib import Path

from company import write_goals, write_market, write_money, write_rivals, write_sales, write_survey
from company.book import Book, render
from company.truth import truth_files

HERE = Path(__file__).parent


def books() -> list[Book]:
    """Every workbook of the sample."""
    makers = (write_sales, write_market, write_survey, write_money, write_goals, write_rivals)
    return [book for maker in makers for book in maker.books()]


def generate(target: Path) -> None:
    """Write `raw/` and `truth/` under `target`."""
    everything = books()
    files = {f"raw/{book.file}": render(book) for book in everything}
    files |= {f"truth/{name}": text.encode() for name, text in truth_files(everything).items()}
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
