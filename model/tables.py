"""Tables as they stand in a case, before anything is understood, and a reader that collects faults.

A ``Table`` comes from one CSV file or one sheet of a workbook; every cell is text.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from model.faults import MOST_FAULTS, Fault, TooManyFaultsError, did_you_mean
from model.units import UNITS, Dimension, accepted

LARGEST = 1e12  # no cement group has a quantity above this, in t, GJ or MWh
_HEADER = re.compile(r"^(?P<name>[^\[\]]+?)\s*(\[(?P<unit>[^\[\]]*)\])?$")
_IDENTIFIER = re.compile(r"^[A-Za-z][A-Za-z0-9_.-]*$")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_LONGEST_NUMBER = 60  # characters; a float has 17 digits
_ENDLESS = dict.fromkeys(("nan", "inf", "infinity"), math.nan)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Table:
    """name: as its user knows it (``series.csv``); rows: (line number, cells by column).

    Of a sheet also: header, the line of its column names; letters, column -> its letter there;
    hidden, the lines that its user does not see.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    header: int = 1
    letters: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()

    def place(self, number: int, column: str = "") -> str:
        """How its user calls a line, or in a sheet one of its cells."""
        if column in self.letters:
            place = f"{self.name}, cell {self.letters[column]}{number}"
        else:
            place = f"{self.name} row {number}"
        return f"{place} (hidden)" if number in self.hidden else place

    def place_of_column(self, column: str) -> str:
        """Where the name of a column stands."""
        return self.place(self.header, column) if self.letters else self.name


@dataclass(slots=True)
class Faults:
    """Collects faults while a case is read."""

    found: list[Fault] = field(default_factory=list)
    _known: set[Fault] = field(default_factory=set)

    def add(self, place: str, message: str) -> None:
        """Adds a fault that is not there yet. Raises ``TooManyFaultsError``."""
        fault = Fault(place, message)
        if fault not in self._known:
            self._known.add(fault)
            self.found.append(fault)
        if len(self.found) >= MOST_FAULTS:
            raise TooManyFaultsError


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its place; every reading that fails adds a fault and gives a harmless value.

    cells, units, headers: by the plain name of a column, without its unit.
    """

    table: Table
    number: int
    cells: Mapping[str, str]
    units: Mapping[str, str]
    headers: Mapping[str, str]
    faults: Faults

    def fault(self, message: str, column: str = "") -> None:
        """column: of the one cell that is at fault, where it is one."""
        place = self.table.place(self.number, self.headers.get(column, ""))
        self.faults.add(place, message)

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def needed(self, column: str) -> str:
        value = self.text(column)
        if not value:
            self.fault(f"'{column}' is empty", column)
        return value

    def identifier(self, column: str, taken: Iterable[str]) -> str | None:
        """A new id; ``None``, and a fault, where it is missing or taken.

        A malformed one is a fault, and given all the same: other tables may call the thing so.
        """
        value = self.needed(column)
        if not value:
            return None
        if not _IDENTIFIER.match(value):
            self.fault(
                f"'{value}' cannot be an id; use a–z, A–Z, 0–9, '_', '-' and '.', a letter first",
                column,
            )
        if value in taken:
            message = f"'{value}' stands here a second time; each {column} may stand only once"
            self.fault(message, column)
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
            self.fault(f"{column} '{value}' is unknown{did_you_mean(value, known)}", column)
            return None

    def unit(self, *dimensions: Dimension, what: str) -> tuple[Dimension, str, float] | None:
        """The row's own unit, of one of the dimensions."""
        unit = self.needed("unit")
        if not unit:
            return None
        if unit not in UNITS:
            known = accepted(*dimensions)
            self.fault(f"unit '{unit}' is not known; for {what} write one of: {known}", "unit")
            return None
        dimension, factor = UNITS[unit]
        if dimension not in dimensions:
            known = accepted(*dimensions)
            self.fault(f"unit '{unit}' does not fit {what}; write one of: {known}", "unit")
            return None
        return dimension, unit, factor

    def number_in(self, column: str, *, least: float = 0.0, most: float = LARGEST) -> float:
        """A number of a column whose header states its unit, within limits stated inside units."""
        factor = UNITS[self.units[column]][1] if column in self.units else 1.0
        value = parse_number(self, column, self.needed(column))
        if value is None:
            return max(least, 0.0)
        unit = self.units.get(column, "")
        return self._in_range(column, column, value, factor, unit, least, most)

    def _in_range(
        self,
        column: str,
        what: str,
        value: float,
        factor: float,
        unit: str,
        least: float,
        most: float,
    ) -> float:
        inside = value * factor
        if not least <= inside <= most:
            limits = f"{_short(least / factor)} and {_short(most / factor)}"
            message = f"{what} is {_short(value)} {unit}; it must lie between {limits} {unit}"
            self.fault(message, column)
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
                    name = f"{what} of {column}"
                    values[int(column)] = self._in_range(
                        column, name, number, factor, unit, least, most
                    )
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
        row.fault(f"column {column} holds the formula '{text[:40]}'; write its value", column)
        return None
    value = float(text) if is_number(text) else _ENDLESS.get(text.lower().lstrip("+-"))
    if value is None:
        message = f"column {column} holds '{text[:40]}', which is not a number{_hint(text)}"
        row.fault(message, column)
        return None
    if not math.isfinite(value):
        row.fault(f"column {column} holds '{text[:40]}'; a number must be finite", column)
        return None
    return value


def is_number(text: str) -> bool:
    """Whether a text is a number as spreadsheets write it in English, with digits that matter.

    >>> is_number("1.5e-3"), is_number("1_000"), is_number("１２"), is_number("1e99999")
    (True, False, False, False)
    """
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def _hint(text: str) -> str:
    """What would be right in place of a text that is nearly a number."""
    if is_number(plain := unicodedata.normalize("NFKC", text)):
        return f"; write it as {plain}"
    if re.fullmatch(r"[-−－]?[\d.．,，]+\s*[%％]", text):
        return "; write the number alone and '%' as the unit, in a cell not formatted as %"
    if re.fullmatch(r"[-+−－＋]?\s*[\d.．][\d\s,.'’，．、。・]*", text):
        return "; write it as 1234.5, with one point and nothing else between the digits"
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return "; it is a date: format the cell as a number"
    number = re.fullmatch(r"[-−－]?[\d.,]+\s*(?P<unit>[^\d\s].*)", text)
    if number and number["unit"] in UNITS:
        return "; write the number alone, its unit stands in the column 'unit' or in the header"
    return ""


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
    headers = {name: column for column, name in names.items()}
    return [
        Row(
            table,
            number,
            {names[c]: v for c, v in cells.items() if c in names},
            units,
            headers,
            faults,
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
        place = table.place_of_column(column)
        if name in names.values():
            faults.add(place, f"column '{name}' stands twice")
        names[column] = name
        if is_year(name) and years is not None:
            if match and match["unit"] is not None:
                faults.add(place, f"column '{column}' takes no unit; each row has its own")
            if int(name) not in years:
                message = f"column '{name}' is outside the years {years.start} to {years.stop - 1}"
                faults.add(place, message)
        elif name in columns:
            unit = match["unit"] if match else None
            _header_unit(place, name, unit, columns[name], units, faults)
        elif name not in optional:
            hint = did_you_mean(name, [*columns, *optional])
            if years is not None and (year := _year_in(column)):
                hint = f"; is it the year {year}? write {year} alone, as a plain number"
            faults.add(place, f"column '{column}' is unknown{hint}")
    return names, units, len(faults.found) == before


def _year_in(column: str) -> str:
    """The year that is meant by ``2030年``, ``FY2030``, a date, or full-width digits."""
    digits = unicodedata.normalize("NFKC", column)
    if serial := re.match(r"1905-\d\d-\d\d", digits):  # the number 2030, formatted as a date
        return str((date.fromisoformat(serial[0]) - date(1899, 12, 30)).days)
    found: list[str] = re.findall(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", digits)
    return found[0] if len(found) == 1 else ""


def _header_unit(
    place: str,
    name: str,
    unit: str | None,
    dimension: Dimension | None,
    units: dict[str, str],
    faults: Faults,
) -> None:
    if dimension is None:
        if unit is not None:
            faults.add(place, f"column '{name}' takes no unit")
        return
    if unit is None or unit not in UNITS or UNITS[unit][0] is not dimension:
        said = f"has the unit '{unit}'" if unit else "has no unit"
        known = accepted(dimension)
        faults.add(place, f"column '{name}' {said}; write '{name} [unit]' with one of: {known}")
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
