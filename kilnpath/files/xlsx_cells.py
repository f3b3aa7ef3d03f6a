"""The cells of a workbook's sheets as text, as a person sees them, in one pass over each part."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kilnpath.files.cells import NO_VALUE, number_text
from kilnpath.files.limits import (
    LARGEST_TABLE,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_MERGED,
    MOST_ROWS,
)
from kilnpath.files.xlsx_guard import MAIN, PartReader, Parts, WorkbookError
from model.messages.message import Message, message

_CELL, _ROW, _VALUE, _FORMULA = f"{MAIN}c", f"{MAIN}row", f"{MAIN}v", f"{MAIN}f"
_TEXT, _SPOKEN, _STRING, _MERGED = f"{MAIN}t", f"{MAIN}rPh", f"{MAIN}si", f"{MAIN}mergeCell"
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,10})")
_PERCENTS = {"9": "0%", "10": "0.00%"}  # formats without a text of their own
_PLAIN = {*"01234", "11", "12", "13", *map(str, range(37, 41)), "48", "49"}
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')  # what a format shows beside the number


class Range(NamedTuple):
    """Cells that are merged: rows and columns from 1, and how the workbook calls them."""

    top: int
    left: int
    bottom: int
    right: int
    shown: str


@dataclass
class Sheet:
    """rows: cells as text. unreadable: (row, column) from 1 -> why that cell holds no value.

    merged: cells that are one; hidden: the rows that its user does not see.
    """

    rows: list[list[str]] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    unreadable: dict[tuple[int, int], Message] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    @property
    def letters(self) -> list[str]:
        """The letters of its columns."""
        widths = (*map(len, self.rows), *(column for _, column in self.unreadable))
        return [column_letters(n + 1) for n in range(max(widths, default=0))]


def column_letters(number: int) -> str:
    """The letters of a column.

    >>> column_letters(1), column_letters(27), column_letters(703)
    ('A', 'AA', 'AAA')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def position(place: str) -> tuple[int, int]:
    """(row, column) of a cell, from 1.

    >>> position("AB12")
    (12, 28)
    """
    match = _PLACE.match(place)
    if match is None:
        raise WorkbookError(message("has a cell called '{place}'", place=place[:40]))
    column = 0
    for letter in match[1].upper():
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


class Strings(PartReader):
    """The texts that cells share."""

    def __init__(self, parts: Parts, name: str) -> None:
        super().__init__(name)
        self.values: list[str] = []
        self._parts: list[str] = []
        self._taken, self._spoken = False, 0
        self.read(parts)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == _STRING:
            self._parts = []
        self._spoken += tag == _SPOKEN  # how a text is read aloud
        self._taken = tag == _TEXT and not self._spoken

    def text(self, text: str) -> None:
        if self._taken:
            self._parts.append(text)

    def end(self, tag: str) -> None:
        self._taken = False
        self._spoken -= tag == _SPOKEN
        if tag == _STRING:
            self.values.append("".join(self._parts).replace("x005F_", ""))


class Formats(PartReader):
    """The number formats of a workbook's styles, by their position."""

    def __init__(self, parts: Parts, name: str) -> None:
        super().__init__(name)
        self.values: list[str] = []
        self._own: dict[str, str] = {}
        self._in_cells = False
        self.read(parts)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == f"{MAIN}numFmt":
            self._own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == f"{MAIN}cellXfs":
            self._in_cells = True
        elif tag == f"{MAIN}xf" and self._in_cells:
            self.values.append(self._format(attributes.get("numFmtId", "0")))

    def end(self, tag: str) -> None:
        if tag == f"{MAIN}cellXfs":
            self._in_cells = False

    def _format(self, number: str) -> str:
        if number in _PLAIN:
            return "General"
        if number in self._own or number in _PERCENTS:
            return self._own.get(number) or _PERCENTS.get(number, "General")
        from openpyxl.styles.numbers import builtin_format_code  # knows all, and is slow to load

        return str(builtin_format_code(int(number)) or "General")


@dataclass(frozen=True)
class Values:
    """Turns what a cell holds into text; strings: those that cells share."""

    strings: Sequence[str]
    formats: Sequence[str]
    from_1904: bool

    def text(self, kind: str, style: int, value: str) -> str:
        """The text of a value. Raises ``ValueError`` where it is none, as of a date beyond all."""
        if kind == "s":
            return self.strings[int(value)].replace("_x000D_", "")
        if kind == "n":
            return self._number(style, value)
        if kind == "b":
            return "yes" if int(value) else "no"
        if kind == "d":
            return _day(datetime.datetime.fromisoformat(value.removesuffix("Z")))
        return value.replace("_x000D_", "")  # how Excel writes the return of a line break

    def _number(self, style: int, value: str) -> str:
        shown = self.formats[style] if style < len(self.formats) else "General"
        if shown != "General" and self._is_date(shown):
            return self._date(float(value), shown)
        if _is_percent(shown):
            return f"{float(value) * 100:.12g}%"
        if value.isdigit() and len(value) < 16 and value[0] != "0":
            return value
        return number_text(float(value))

    def _is_date(self, shown: str) -> bool:
        if not re.search("[dmhysDMHYS]", shown):
            return False
        from openpyxl.styles.numbers import is_date_format

        return bool(is_date_format(shown))

    def _date(self, value: float, shown: str) -> str:
        from openpyxl.styles.numbers import is_timedelta_format
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel

        epoch = CALENDAR_MAC_1904 if self.from_1904 else WINDOWS_EPOCH
        return _day(from_excel(value, epoch, timedelta=is_timedelta_format(shown)))


@lru_cache(maxsize=1000)
def _is_percent(shown: str) -> bool:
    """Whether a number format multiplies by 100; a sign in quotes or behind a bar does not."""
    return "%" in _LITERAL.sub("", shown)


def _day(value: object) -> str:
    midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
    return str(value)[:10] if midnight else str(value)


class SheetReader(PartReader):
    """The cells of a sheet up to the last row and column that hold something."""

    def __init__(self, parts: Parts, name: str, title: str, values: Values) -> None:
        super().__init__(name)
        self.sheet = Sheet()
        self._title, self._values = title, values
        self._columns: dict[str, int] = {}  # letters -> number
        self._row = self._column = self._filled = self._length = self._last = 0
        self._cell: Mapping[str, str] = {}
        self._value: list[str] | None = None
        self._formula: list[str] | None = None
        self._taken: list[str] | None = None
        self._inside = self._spoken = False
        self.read(parts)
        self._end_of_sheet()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == _CELL:
            self._begin_cell(attributes)
        elif tag in (_VALUE, _TEXT):
            if self._inside and not self._spoken:
                self._value = self._value or []
                self._taken = self._value
        elif tag == _FORMULA:
            self._taken = self._formula = []
        elif tag == _ROW:
            self._begin_row(attributes)
        elif tag == _SPOKEN:
            self._spoken = True
        elif tag == _MERGED:
            self._merge(attributes.get("ref", "A1"))

    def text(self, text: str) -> None:
        if self._taken is not None:
            self._taken.append(text)

    def end(self, tag: str) -> None:
        self._taken = None
        if tag == _CELL:
            self._inside = False
            if self._value is not None or self._formula is not None:
                self._end_of_cell()
        elif tag == _SPOKEN:
            self._spoken = False

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        row = int(attributes.get("r") or self._row + 1)
        if row <= self._row:
            raise WorkbookError(
                message(
                    "has row {row} twice or out of order, in sheet {sheet}",
                    row=row,
                    sheet=self._title,
                )
            )
        self._row, self._column = row, 0
        if attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden.add(row)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._cell, self._inside, self._value, self._formula = attributes, True, None, None
        place = attributes.get("r")
        if place:
            letters = place.rstrip("0123456789")
            if letters not in self._columns:
                self._columns[letters] = position(place)[1]
            self._column = self._columns[letters]
        else:
            self._column += 1

    def _merge(self, shown: str) -> None:
        first, _, last = shown.partition(":")
        top, left = position(first)
        bottom, right = position(last or first)
        if right > MOST_COLUMNS:
            right = max(left, MOST_COLUMNS)
        self.sheet.merged.append(Range(top, left, max(top, bottom), max(left, right), shown[:40]))
        if len(self.sheet.merged) > MOST_MERGED:
            raise WorkbookError(
                message(
                    "has over {most:,} merged cells in sheet {sheet}; no case does",
                    most=MOST_MERGED,
                    sheet=self._title,
                )
            )

    def _end_of_cell(self) -> None:
        rows, row, column = self.sheet.rows, self._row, self._column
        self._filled += 1
        self._last = max(self._last, column)
        size = max(row * self._last, self._filled)
        if row > MOST_ROWS + 1 or column > MOST_COLUMNS or size > MOST_CELLS:
            cell = f"{column_letters(column)}{row}"
            raise WorkbookError(
                message(
                    "has something in cell {cell}, beyond what a table of a case has", cell=cell
                )
            )
        text = self._text()
        self._length += len(text)
        if self._length > LARGEST_TABLE:
            raise WorkbookError(
                message("has too much text, in sheet {sheet} row {row}", sheet=self._title, row=row)
            )
        while len(rows) < row:
            rows.append([])
        cells = rows[-1]
        if len(cells) < column:
            cells += [""] * (column - len(cells))
        cells[column - 1] = text

    def _text(self) -> str:
        value, kind = "".join(self._value or ()), self._cell.get("t", "n")
        what: Message | None = None
        if self._formula is not None and not value and kind != "str":
            what = message(
                "the value of the formula '={formula}' is not saved; open the workbook in a "
                "spreadsheet program and save it, or write the value",
                formula="".join(self._formula)[:40],
            )
        elif not value:
            return ""
        elif kind != "e":
            try:
                return self._values.text(kind, int(self._cell.get("s") or 0), value)
            except IndexError:
                raise WorkbookError(
                    message(
                        "has no string {number}, of cell {cell}",
                        number=value[:20],
                        cell=self._place,
                    )
                ) from None
            except (OverflowError, ValueError):
                value = "#VALUE!"
        self.sheet.unreadable[self._row, self._column] = what or message(
            "'{value}' is the error of a formula; repair it, or write a value", value=value[:40]
        )
        return NO_VALUE

    @property
    def _place(self) -> str:
        return f"{column_letters(self._column)}{self._row}"

    def _end_of_sheet(self) -> None:
        """Merged cells without a value are told, as they are no empty ones."""
        rows = self.sheet.rows
        for row, column in [*self.sheet.unreadable, *(m[:2] for m in self.sheet.merged)]:
            if row <= len(rows) and column <= self._last:
                cells = rows[row - 1]
                cells += [""] * (column - len(cells))
                cells[column - 1] = cells[column - 1] or NO_VALUE
