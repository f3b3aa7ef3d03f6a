"""Tables as they stand in a case, before anything is understood, and a reader that collects faults.

A ``Table`` comes from one CSV file or one sheet of a workbook; every cell is text.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from model.faults import Fault, did_you_mean
from model.units import UNITS, Dimension, accepted

LARGEST = 1e12  # no cement group has a quantity above this, in t, GJ or MWh
_HEADER = re.compile(r"^(?P<name>[^\[\]]+?)\s*(\[(?P<unit>[^\[\]]*)\])?$")
_IDENTIFIER = re.compile(r"^[A-Za-z][A-Za-z0-9_.-]*$")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Table:
    """name: as its user knows it (``series.csv``); rows: (line number, cells by column)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


@dataclass(slots=True)
class Faults:
    """Collects faults while a case is read."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: str, message: str) -> None:
        fault = Fault(place, message)
        if fault not in self.found:
            self.found.append(fault)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its place; every reading that fails adds a fault and gives a harmless value."""

    table: str
    number: int
    cells: Mapping[str, str]
    units: Mapping[str, str]
    faults: Faults

    @property
    def place(self) -> str:
        return f"{self.table} row {self.number}"

    def fault(self, message: str) -> None:
        self.faults.add(self.place, message)

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def needed(self, column: str) -> str:
        value = self.text(column)
        if not value:
            self.fault(f"'{column}' is empty")
        return value

    def identifier(self, column: str, taken: Iterable[str]) -> str | None:
        """A new id; ``None``, and a fault, where it is missing, malformed or taken."""
        value = self.needed(column)
        if not value:
            return None
        if not _IDENTIFIER.match(value):
            self.fault(
                f"'{value}' cannot be an id; use letters, digits, '_', '-' and '.', a letter first"
            )
            return None
        if value in taken:
            self.fault(f"'{value}' stands here a second time; each {column} may stand only once")
            return None
        return value

    def choice(self, column: str, kinds: type[E]) -> E | None:
        value = self.needed(column)
        if not value:
            return None
        try:
            return kinds(value)
        except ValueError:
            known = [str(kind) for kind in kinds]
            self.fault(f"{column} '{value}' is unknown{did_you_mean(value, known)}")
            return None

    def unit(self, *dimensions: Dimension, what: str) -> tuple[Dimension, str, float] | None:
        """The row's own unit, of one of the dimensions."""
        unit = self.needed("unit")
        if not unit:
            return None
        if unit not in UNITS:
            self.fault(
                f"unit '{unit}' is not known; for {what} write one of: {accepted(*dimensions)}"
            )
            return None
        dimension, factor = UNITS[unit]
        if dimension not in dimensions:
            self.fault(f"unit '{unit}' does not fit {what}; write one of: {accepted(*dimensions)}")
            return None
        return dimension, unit, factor

    def number_in(self, column: str, *, least: float = 0.0, most: float = LARGEST) -> float:
        """A number of a column whose header states its unit, within limits stated inside units."""
        factor = UNITS[self.units[column]][1] if column in self.units else 1.0
        value = parse_number(self, column, self.needed(column))
        if value is None:
            return max(least, 0.0)
        return self.in_range(column, value, factor, self.units.get(column, ""), least, most)

    def in_range(
        self, what: str, value: float, factor: float, unit: str, least: float, most: float
    ) -> float:
        inside = value * factor
        if not least <= inside <= most:
            limits = f"{_short(least / factor)} and {_short(most / factor)}"
            self.fault(f"{what} is {_short(value)} {unit}; it must lie between {limits} {unit}")
            return max(least, 0.0)
        return inside

    def years(
        self, factor: float, unit: str, *, least: float = 0.0, most: float = LARGEST, what: str
    ) -> dict[int, float]:
        """The numbers under year columns, inside units; empty cells are left out."""
        values = {}
        for column, cell in self.cells.items():
            if is_year(column) and cell.strip():
                number = parse_number(self, column, cell)
                if number is not None:
                    place = f"{what} of {column}"
                    values[int(column)] = self.in_range(place, number, factor, unit, least, most)
        return dict(sorted(values.items()))


def _short(value: float) -> str:
    return f"{value:.10g}"


def is_year(column: str) -> bool:
    """Whether a column stands for a year: four digits."""
    return len(column) == 4 and column.isascii() and column.isdigit()


def parse_number(row: Row, column: str, cell: str) -> float | None:
    """A finite number as a spreadsheet would write it in English, or ``None`` and a fault."""
    text = cell.strip()
    if not text:
        return None
    if text.startswith(("=", "+=", "@")):
        row.fault(f"column {column} holds the formula '{text[:40]}'; write its value")
        return None
    try:
        value = float(text.replace("_", " "))  # Python reads 1_000, a spreadsheet does not
    except ValueError:
        hint = ""
        if re.fullmatch(r"-?[\d.]+\s*[%％]", text):
            hint = "; write the number alone and '%' as the unit"
        elif re.fullmatch(r"-?\d[\d\s,.'’，]*", text):
            hint = "; write it as 1234.5, with one point and nothing else between the digits"
        row.fault(f"column {column} holds '{text[:40]}', which is not a number{hint}")
        return None
    if not math.isfinite(value):
        row.fault(f"column {column} holds '{text[:40]}'; a number must be finite")
        return None
    return value


def open_table(
    table: Table | None,
    name: str,
    columns: Mapping[str, Dimension | None],
    faults: Faults,
    *,
    years: range | None = None,
    optional: Iterable[str] = (),
) -> list[Row]:
    """The rows of a table whose header has been checked; no rows where the header is unusable.

    columns: the columns it must have, with the dimension stated in the header as ``name [unit]``.
    years: the years that a year column may stand for, where the table has year columns.
    """
    if table is None:
        faults.add(name, "is missing; a case needs it")
        return []
    if not table.columns:
        faults.add(table.name, "is empty; its first row must name the columns")
        return []
    names, units, sound = _header(table, columns, faults, years, set(optional) | {"note"})
    for missing in [c for c in columns if c not in names.values()]:
        dimension = columns[missing]
        shown = f"{missing} [{dimension}]" if dimension else missing
        faults.add(table.name, f"column '{shown}' is missing")
        sound = False
    if not sound:
        return []
    return [
        Row(
            table.name, number, {names[c]: v for c, v in cells.items() if c in names}, units, faults
        )
        for number, cells in table.rows
    ]


def _header(
    table: Table,
    columns: Mapping[str, Dimension | None],
    faults: Faults,
    years: range | None,
    optional: set[str],
) -> tuple[dict[str, str], dict[str, str], bool]:
    """Column -> plain name, plain name -> unit, and whether the header is usable."""
    names: dict[str, str] = {}
    units: dict[str, str] = {}
    before = len(faults.found)
    for column in table.columns:
        match = _HEADER.match(column)
        name = match["name"] if match else column
        if name in names.values():
            faults.add(table.name, f"column '{name}' stands twice")
        names[column] = name
        if is_year(name) and years is not None:
            if match and match["unit"] is not None:
                faults.add(table.name, f"column '{column}' takes no unit; each row has its own")
            if int(name) not in years:
                faults.add(
                    table.name,
                    f"column '{name}' is outside the years {years.start} to {years.stop - 1}",
                )
        elif name in columns:
            _header_unit(table, name, match["unit"] if match else None, columns, units, faults)
        elif name not in optional:
            faults.add(
                table.name,
                f"column '{column}' is unknown{did_you_mean(name, [*columns, *optional])}",
            )
    return names, units, len(faults.found) == before


def _header_unit(
    table: Table,
    name: str,
    unit: str | None,
    columns: Mapping[str, Dimension | None],
    units: dict[str, str],
    faults: Faults,
) -> None:
    dimension = columns[name]
    if dimension is None:
        if unit is not None:
            faults.add(table.name, f"column '{name}' takes no unit")
        return
    if unit is None or unit not in UNITS or UNITS[unit][0] is not dimension:
        said = f"has the unit '{unit}'" if unit else "has no unit"
        faults.add(
            table.name,
            f"column '{name}' {said}; write '{name} [unit]' with one of: {accepted(dimension)}",
        )
        return
    units[name] = unit


def interpolate(values: Mapping[int, float], years: range) -> dict[int, float]:
    """Straight lines between given years, for the years of ``years`` between first and last given.

    >>> interpolate({2020: 1.0, 2022: 3.0}, range(2020, 2023))
    {2020: 1.0, 2021: 2.0, 2022: 3.0}
    """
    known = sorted(values)
    result: dict[int, float] = {}
    for left, right in pairwise(known):
        for year in range(left, right):
            part = (year - left) / (right - left)
            result[year] = values[left] + part * (values[right] - values[left])
    if known:
        result[known[-1]] = values[known[-1]]
    return {year: value for year, value in result.items() if year in years}


def whole_line(row: Row, values: Mapping[int, float], years: range, what: str) -> dict[int, float]:
    """Interpolated values for every year of ``years``; a gap at an end is a fault."""
    if not values:
        row.fault(f"{what} has no values")
        return {}
    first, last = min(values), max(values)
    if first > years.start:
        row.fault(f"{what} starts in {first}; it is needed from {years.start}")
    if last < years.stop - 1:
        row.fault(f"{what} ends in {last}; it is needed to {years.stop - 1}")
    return interpolate(values, years)
