"""Single slips in a case: one header, row, cell, file or setting that is wrong."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.tools.case_tools import KEYS, Rows, file_of, header_at, read_rows, write_rows

_ROWS = 6  # of a table, spread over it, in which cells are broken


class Slip(NamedTuple):
    """What is wrong, and how a case is made so."""

    name: str
    make: Callable[[Path], object]


def slips(case: Path) -> Iterator[Slip]:
    """Slips of every kind in every table of a case, and in its settings."""
    for table in KEYS:
        yield from _of_file(table)
        rows = read_rows(case, table)
        for column in rows[header_at(rows)]:
            yield from _of_column(table, column)
        at = [n for n in range(header_at(rows) + 1, len(rows)) if any(rows[n])]
        for row in at[:: max(1, len(at) // _ROWS)]:
            yield from _of_row(table, rows, row)
    yield from _of_settings(file_of(case, "case").read_text(encoding="utf-8"))


def typo(word: str) -> str:
    """A word with a slip of a finger: two letters changed over, or one more."""
    return word[:1] + word[2:3] + word[1:2] + word[3:] if len(set(word[1:3])) == 2 else f"{word}x"


def _of_file(table: str) -> Iterator[Slip]:
    name = f"{table}.csv"
    yield Slip(f"{name} is not there", lambda case: file_of(case, table).unlink())
    yield Slip(
        f"{name} is called {typo(table)}.csv",
        lambda case: file_of(case, table).rename(case / f"{typo(table)}.csv"),
    )
    yield Slip(f"{name} has only its header", lambda case: _cut(case, table))
    yield Slip(f"{name} has no header", lambda case: _change(case, table, _without_header))


def _cut(case: Path, table: str) -> None:
    _change(case, table, lambda rows: rows[: header_at(rows) + 1])


def _without_header(rows: Rows) -> Rows:
    return rows[header_at(rows) + 1 :]


def _change(case: Path, table: str, change: Callable[[Rows], Rows]) -> None:
    write_rows(case, table, change(read_rows(case, table)))


def _of_column(table: str, column: str) -> Iterator[Slip]:
    def header(new: str) -> Callable[[Path], object]:
        def change(rows: Rows) -> Rows:
            at = header_at(rows)
            rows[at] = [new if cell == column else cell for cell in rows[at]]
            return rows

        return lambda case: _change(case, table, change)

    def without(rows: Rows) -> Rows:
        at = header_at(rows)
        position = rows[at].index(column)
        return rows[:at] + [row[:position] + row[position + 1 :] for row in rows[at:]]

    where = f"{table}.csv, header {column}"
    yield Slip(f"{where} is empty", header(""))
    yield Slip(f"{where} is {typo(column)}", header(typo(column)))
    yield Slip(f"{where} is 數據", header("數據"))
    yield Slip(f"{where} is gone with its column", lambda case: _change(case, table, without))
    if "[" in column:
        yield Slip(f"{where} has no unit", header(column.split(" [")[0]))
        yield Slip(f"{where} has another unit", header(re.sub(r"\[.*", "[kWh/GJ]", column)))


def _of_row(table: str, rows: Rows, row: int) -> Iterator[Slip]:
    where = f"{table}.csv row {row + 1}"

    def gone(rows: Rows) -> Rows:
        return rows[:row] + rows[row + 1 :]

    def twice(rows: Rows) -> Rows:
        return [*rows, rows[row]]

    yield Slip(f"{where} is gone", lambda case: _change(case, table, gone))
    yield Slip(f"{where} stands twice", lambda case: _change(case, table, twice))
    for column, cell in zip(rows[header_at(rows)], rows[row], strict=True):
        for wrong in _wrong(column, cell):
            yield Slip(f"{where}, {column} '{cell}' is '{wrong}'", _cell(table, row, column, wrong))


def _cell(table: str, row: int, column: str, wrong: str) -> Callable[[Path], object]:
    def change(rows: Rows) -> Rows:
        rows[row][rows[header_at(rows)].index(column)] = wrong
        return rows

    return lambda case: _change(case, table, change)


_OTHER = {  # words that stand in their place, but not there
    "integrated": "grinding",
    "grinding": "integrated",
    "fossil": "biomass",
    "biomass": "fossil",
    "mixed_waste": "fossil",
    "addition": "alternative_raw",
    "alternative_raw": "addition",
    "intensity": "absolute",
    "min": "max",
    "yes": "no",
}


def _wrong(column: str, cell: str) -> Iterator[str]:
    if not cell:
        return
    yield ""
    if column.isdigit() or column.endswith("]"):
        yield from ("a lot", "-5", "1e15")
    else:
        yield typo(cell)
        if cell in _OTHER:
            yield _OTHER[cell]
    if column == "unit":
        yield from ("kWh/GJ", "tonnes")


def _of_settings(text: str) -> Iterator[Slip]:
    for number, line in enumerate(text.split("\n")):
        key, _, value = line.partition(" = ")
        if not value or key.startswith("#"):
            continue
        wrongs = {"": "left out", f"{typo(key)} = {value}": "another key"}
        first = value.split("  ")[0].strip()
        wrongs[f"{key} = 5.5"] = "5.5"
        if first.isdigit():
            for other in (int(first) - 5, int(first) + 3, int(first) + 20):
                wrongs[f"{key} = {other}"] = str(other)
        for wrong, told in wrongs.items():
            yield Slip(f"case.toml, {key} is {told}", _line(number, wrong))


def _line(number: int, wrong: str) -> Callable[[Path], object]:
    def make(case: Path) -> None:
        lines = file_of(case, "case").read_text(encoding="utf-8").split("\n")
        lines[number] = wrong
        file_of(case, "case").write_text("\n".join(lines), encoding="utf-8")

    return make
