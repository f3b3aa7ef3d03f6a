"""Tables as they stand in a case, before anything is understood, and a reader that collects faults.

A ``Table`` comes from one CSV file or one sheet of a workbook; every cell is text.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TypeVar

from model.case.ids import Ids, id_fault, name_fault, taken_for
from model.case.numbers import hint_of, is_number
from model.case.units import UNITS, Dimension, accepted, with_unit
from model.messages.faults import MOST_FAULTS, Fault, TooManyFaultsError, did_you_mean
from model.messages.location import Location
from model.messages.message import Message, message

LARGEST = 1e12  # no cement group has a quantity above this, in t, GJ or MWh
_PLAIN_NUMBERS = re.compile(r"(?:[0-9]{1,15}(?:\.[0-9]{1,20})?(?:\0(?=[0-9])|$))*")
_ENDLESS = ("nan", "inf", "infinity")
E = TypeVar("E", bound=StrEnum)


class Cells(Mapping[str, str]):
    """The cells of a row by column; positions: of the columns, shared by all rows of a table."""

    __slots__ = ("positions", "texts")

    def __init__(self, positions: Mapping[str, int], texts: tuple[str, ...]) -> None:
        self.positions = positions
        self.texts = texts

    def __getitem__(self, column: str) -> str:
        return self.texts[self.positions[column]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.positions)

    def __len__(self) -> int:
        return len(self.positions)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True, slots=True)
class Table:
    """name: as its user knows it (``series.csv``); sheet: the plain name (``series``).

    rows: (line number, cells by column).

    What somebody else wrote is read into ``Cells``, which need little memory.

    Of a sheet also: header, the line of its column names; letters, column -> its letter there;
    hidden, the lines that its user does not see.
    """

    name: str | Message
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    header: int = 1
    letters: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()

    def place(self, number: int, column: str = "") -> Location:
        """A line, or in a sheet one of its cells."""
        return Location(self.name, number, self.letters.get(column, ""), number in self.hidden)

    def lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Number and cells of each line, in the order of the columns."""
        for number, cells in self.rows:
            if isinstance(cells, Cells):
                yield number, cells.texts
            else:
                yield number, [cells.get(column, "") for column in self.columns]

    def place_of_column(self, column: str) -> str | Message | Location:
        """Where the name of a column stands."""
        return self.place(self.header, column) if self.letters else self.name


@dataclass(slots=True)
class Faults:
    """Collects faults while a case is read, and what they leave in doubt.

    unread: tables whose header is at fault, so that of what is missing in them nothing is told;
    doubtful: ids of things whose rows are at fault, so that nothing is told that rests on them;
    years_told: whether columns beyond the years of the case are told already.
    """

    entries: list[Fault] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    years_told: bool = False
    _known: set[Fault] = field(default_factory=set)

    def add(self, place: str | Location | Message, what: Message) -> None:
        """Adds a fault that is not there yet. Raises ``TooManyFaultsError``."""
        fault = Fault(place, what)
        if fault not in self._known:
            self._known.add(fault)
            self.entries.append(fault)
        if len(self.entries) >= MOST_FAULTS:
            raise TooManyFaultsError


@dataclass(frozen=True, slots=True)
class Header:
    """What the first row of a table says, checked.

    positions, units, headers: by the plain name of a column, without its unit; years: of the year
    columns in the table's order, with the position of each; letters: in a sheet, of each column.
    """

    table: Table
    positions: Mapping[str, int]
    units: Mapping[str, str]
    headers: Mapping[str, str]
    years: tuple[tuple[int, int], ...]
    letters: Mapping[str, str]
    faults: Faults


@dataclass(slots=True)
class Row:
    """One row with its place; every reading that fails adds a fault and gives a harmless value.

    cells: in the order of the table's columns, without blanks around them; at_fault: whether a
    fault of it was told.
    """

    header: Header
    number: int
    cells: Sequence[str]
    at_fault: bool = False

    @property
    def place(self) -> Location:
        return self.header.table.place(self.number)

    def fault(self, what: Message, column: str = "") -> None:
        """column: of the one cell that is at fault, where it is one."""
        header, self.at_fault = self.header, True
        header.faults.add(header.table.place(self.number, header.headers.get(column, "")), what)

    def fault_of_years(self, what: Message, *, before: int = 0, behind: int = 0) -> None:
        """A line that begins or ends too soon: of the table itself, where it has no such column.

        before, behind: the year up to which, or from which on, the line needs a column.
        """
        years, table = [year for year, _ in self.header.years], self.header.table
        gap = 0
        if before and min(years, default=9999) > before:
            gap = before
        elif behind and max(years, default=0) < behind:
            gap = behind
        if gap:
            self.at_fault = True
            none = message("has no column for {year}, which its lines need", year=gap)
            self.header.faults.add(table.name, none)
        else:
            self.fault(what)

    def text(self, column: str) -> str:
        position = self.header.positions.get(column)
        return "" if position is None else self.cells[position]

    def needed(self, column: str) -> str:
        value = self.text(column)
        if not value:
            self.fault(message("'{column}' is empty", column=column), column)
        return value

    def name(self, column: str) -> str:
        """A name that people read; empty where there is none."""
        value = self.text(column)
        if what := name_fault(value):
            self.fault(what, column)
        return value

    def identifier(self, column: str, ids: Ids) -> str | None:
        """A new id; ``None``, and a fault, where it is missing or taken.

        A malformed one is a fault, and given all the same: other tables may call the thing so.
        """
        if value := self.needed(column):
            if ids.has(value):
                fault = message("duplicate {column} '{value}'", column=column, value=value)
                self.fault(fault, column)
                return None
            return self._sound_id(column, value, ids)
        return None

    def group_id(self, column: str, ids: Ids) -> str:
        """An id that several rows may have, as a region; a fault where it is missing.

        What is wrong with it is told at the first of its rows.
        """
        value = self.needed(column)
        return self._sound_id(column, value, ids) if value and not ids.has(value) else value

    def _sound_id(self, column: str, value: str, ids: Ids) -> str:
        """An id that is kept; a fault where it cannot be one, or may be taken for another."""
        if what := id_fault(value):
            self.fault(what, column)
        if before := ids.like(value):
            self.fault(taken_for(value, before), column)
        ids.add(value, self.place)
        return value

    def choice(self, column: str, kinds: type[E]) -> E | None:
        value = self.needed(column)
        if not value:
            return None
        chosen = members(kinds).get(value)
        if chosen is None:
            known = did_you_mean(value, members(kinds))
            self.fault(
                message(
                    "{column} '{value}' is unknown{known}", column=column, value=value, known=known
                ),
                column,
            )
        return chosen

    def unit(
        self, *dimensions: Dimension, what: str | Message
    ) -> tuple[Dimension, str, float] | None:
        """The row's own unit, of one of the dimensions."""
        unit = self.needed("unit")
        if not unit:
            return None
        if unit not in UNITS:
            known = accepted(*dimensions)
            self.fault(
                message(
                    "unit '{unit}' is not known; for {what} write one of: {known}",
                    unit=unit,
                    what=what,
                    known=known,
                ),
                "unit",
            )
            return None
        dimension, factor = UNITS[unit]
        if dimension not in dimensions:
            known = accepted(*dimensions)
            self.fault(
                message(
                    "unit '{unit}' does not fit {what}; write one of: {known}",
                    unit=unit,
                    what=what,
                    known=known,
                ),
                "unit",
            )
            return None
        return dimension, unit, factor

    def number_in(self, column: str, *, least: float = 0.0, most: float = LARGEST) -> float:
        """A number of a column whose header states its unit, within limits stated inside units."""
        unit = self.header.units.get(column, "")
        factor = UNITS[unit][1] if unit else 1.0
        value = parse_number(self, column, self.needed(column))
        if value is None:
            return max(least, 0.0)
        return self._in_range(column, column, value, factor, unit, least, most)

    def _in_range(
        self,
        column: str,
        what: str | Message,
        value: float,
        factor: float,
        unit: str,
        least: float,
        most: float,
    ) -> float:
        inside = value * factor
        if not least <= inside <= most:
            fault = message(
                "{what} is {value}; it must lie between {least} and {most}",
                what=what,
                value=with_unit(_short(value), unit),
                least=_short(least / factor),
                most=with_unit(_short(most / factor), unit),
            )
            self.fault(fault, column)
            return max(least, 0.0)
        return inside

    def years(
        self,
        factor: float,
        unit: str,
        *,
        least: float = 0.0,
        most: float = LARGEST,
        what: str | Message,
    ) -> dict[int, float]:
        """The numbers under year columns, inside units; empty cells are left out."""
        given = [(year, cell) for year, at in self.header.years if (cell := self.cells[at])]
        cells = [cell for _, cell in given]
        numbers: list[float] = []
        if _PLAIN_NUMBERS.fullmatch("\0".join(cells)):  # a sign that no cell may hold
            numbers = [float(cell) * factor for cell in cells]
        if not (numbers and least <= min(numbers) and max(numbers) <= most):
            return self._years_one_by_one(given, factor, unit, least, most, what)
        return dict(sorted(zip([year for year, _ in given], numbers, strict=True)))

    def _years_one_by_one(
        self,
        given: Iterable[tuple[int, str]],
        factor: float,
        unit: str,
        least: float,
        most: float,
        what: str | Message,
    ) -> dict[int, float]:
        values = {}
        for year, cell in given:
            number = parse_number(self, str(year), cell)
            values[year] = math.nan  # given, so that it is not missing too
            if number is not None:
                of_year = message("{what} of {year}", what=what, year=year)
                limits = (factor, unit, least, most)
                inside = self._in_range(str(year), of_year, number, *limits)
                values[year] = inside if least <= number * factor <= most else math.nan
        return dict(sorted(values.items()))

    def year_cells(self) -> Iterator[tuple[int, str]]:
        """The years whose cells are not empty, and what stands there."""
        for year, position in self.header.years:
            if self.cells[position]:
                yield year, self.cells[position]


@cache
def members(kinds: type[E]) -> Mapping[str, E]:
    """The members of an enumeration, by the words that tables have for them."""
    return {kind.value: kind for kind in kinds}


def _short(value: float) -> str:
    return f"{value:.10g}"


def is_year(column: str) -> bool:
    """Whether a column stands for a year: four digits."""
    return len(column) == 4 and column.isascii() and column.isdigit()


def parse_number(row: Row, column: str, cell: str) -> float | None:
    """A finite number as a spreadsheet would write it in English, or ``None`` and a fault."""
    if is_number(cell) and math.isfinite(value := float(cell)):
        return value
    text = cell.strip()
    if not text:
        return None
    if text.startswith(("=", "+=", "@")):
        row.fault(
            message(
                "column {column} holds the formula '{text}'; write its value",
                column=column,
                text=text[:40],
            ),
            column,
        )
        return None
    if not is_number(text) and text.lower().lstrip("+-") not in _ENDLESS:
        fault = message(
            "column {column} holds '{text}', which is not a number{hint}",
            column=column,
            text=text[:40],
            hint=hint_of(text),
        )
        row.fault(fault, column)
        return None
    row.fault(
        message(
            "column {column} holds '{text}'; a number must be finite", column=column, text=text[:40]
        ),
        column,
    )
    return None
