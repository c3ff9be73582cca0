"""What a case writes: sheets of cells by place, and the files that hold them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Page:
    """One sheet to be written: cells by 0-based place, merges, what is hidden."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    @property
    def height(self) -> int:
        return max((r for r, _ in self.cells), default=-1) + 1

    @property
    def width(self) -> int:
        return max((c for _, c in self.cells), default=-1) + 1

    def put(self, row: int, column: int, value: object) -> None:
        if value is not None and value != "":
            self.cells[row, column] = value


@dataclass
class Book:
    name: str
    container: str
    pages: list[Page]
