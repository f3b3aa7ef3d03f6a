"""Reads the sheets of a workbook as text, as a person sees them.

openpyxl, not a faster reader: it tells error values and the number format of a cell. A faster one
gives ``#DIV/0!`` as an empty cell, which would be interpolated, and a cell shown as 35 % as 0.35.
"""

import datetime
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from kilnpath.cell_text import NO_VALUE, number_text
from kilnpath.input_limits import (
    LARGEST_TABLE,
    LARGEST_WORKBOOK,
    MIB,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
)
from kilnpath.workbook_parts import WorkbookError, check_parts

_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .xls, and of what a password locks
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SAVE_AS = "save it as 'Excel Workbook (.xlsx)'"


@dataclass(frozen=True)
class Sheet:
    """rows: cells as text. unreadable: (row, column) from 1 -> why that cell holds no value."""

    rows: list[list[str]]
    unreadable: Mapping[tuple[int, int], str]
    hidden: frozenset[int]

    @property
    def letters(self) -> list[str]:
        """The letters of its columns."""
        return [get_column_letter(n + 1) for n in range(max(map(len, self.rows), default=0))]


def read_sheets(path: Path, wanted: Iterable[str]) -> tuple[dict[str, Sheet], list[str]]:
    """The wanted sheets that are there, by name; and all sheet names.

    Raises ``WorkbookError`` where the file is not a workbook, or larger than a case can be.
    """
    try:
        _check_file(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it does not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            names = [name for name in book.sheetnames if name in set(wanted)]
            return {name: _sheet(path, book[name]) for name in names}, list(book.sheetnames)
    except WorkbookError:
        raise
    except Exception as error:  # openpyxl lets many kinds of error of a broken file through
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WorkbookError(f"cannot be read as a workbook: {said}") from None


def _check_file(path: Path) -> None:
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise WorkbookError(f"is larger than {LARGEST_WORKBOOK // MIB} MiB; no case is")
    with path.open("rb") as file:
        if file.read(len(_OLD_FORMAT)) == _OLD_FORMAT:
            locked = "EncryptedPackage".encode("utf-16-le") in file.read()
            raise WorkbookError(
                "is locked with a password; save it without one"
                if locked
                else f"is a workbook of the old format .xls, whatever its name; {SAVE_AS}"
            )
    if not zipfile.is_zipfile(path):
        raise WorkbookError(f"cannot be read as a workbook: it is none, or damaged; {SAVE_AS}")
    with zipfile.ZipFile(path) as parts:
        check_parts(parts)
        if "xl/workbook.xml" in parts.namelist() and _STRICT in parts.read("xl/workbook.xml"):
            raise WorkbookError(f"is a 'Strict Open XML' workbook; {SAVE_AS}")
        if "mimetype" in parts.namelist():
            raise WorkbookError(f"is an OpenDocument spreadsheet under another name; {SAVE_AS}")


def _sheet(path: Path, sheet: Any) -> Sheet:
    marks = _marks(path, sheet._worksheet_path)  # not told otherwise when read-only
    sheet.reset_dimensions()  # what some programs state here is wrong
    rows: list[list[str]] = []
    length = 0
    lines = sheet.iter_rows(max_row=marks.last_row, max_col=marks.last_column)
    for number, row in enumerate(lines if marks.last_row else (), start=1):
        rows.append([_text(cell) for cell in row])
        length += sum(map(len, rows[-1]))
        if length > LARGEST_TABLE:
            raise WorkbookError(f"has too much text, in sheet {sheet.title} row {number}")
        for column, cell in enumerate(row, start=1):
            if cell.data_type == "e":
                marks.unreadable[number, column] = (
                    f"'{str(cell.value)[:40]}' is the error of a formula; mend it, or write a value"
                )
                rows[-1][column - 1] = NO_VALUE
            elif (number, column) in marks.unreadable and cell.value is None:
                rows[-1][column - 1] = NO_VALUE
    return Sheet(rows, marks.unreadable, frozenset(marks.hidden))


@dataclass
class _Marks:
    """What cells and rows of a sheet hide, and the last row and column that hold something.

    unreadable: formulas without a value, and merged cells; hidden: rows.
    """

    unreadable: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0
    row: int = 0
    column: int = 0

    def end_of_row(self, row: Any) -> None:
        """A row with its cells, which need not say where they are: then beside the one before."""
        self.row, self.column = int(row.get("r") or self.row + 1), 0
        if row.get("hidden") in ("1", "true"):
            self.hidden.add(self.row)
        for cell in row.iterfind(f"{_MAIN}c"):
            self.column += 1
            if place := cell.get("r"):
                self.column = _position(place)[1]
            if len(cell):
                self._filled(cell)

    def _filled(self, cell: Any) -> None:
        formula, value = cell.find(f"{_MAIN}f"), cell.findtext(f"{_MAIN}v")
        self.last_row, self.last_column = self.row, max(self.last_column, self.column)
        area = self.last_row * self.last_column
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS or area > MOST_CELLS:
            place = f"{get_column_letter(min(self.column, 18278))}{self.row}"
            raise WorkbookError(f"has something in cell {place}, beyond what a table of a case has")
        if formula is not None and not value and cell.get("t") != "str":
            self.unreadable[self.row, self.column] = (
                f"the value of the formula '={(formula.text or '')[:40]}' is not saved; "
                "open the workbook in a spreadsheet program and save it, or write the value"
            )


def _marks(path: Path, part: str) -> _Marks:
    marks = _Marks()
    with zipfile.ZipFile(path) as parts, parts.open(part) as content:
        for _, element in iterparse(content):
            if element.tag == f"{_MAIN}row":
                marks.end_of_row(element)
                element.clear()
            elif element.tag == f"{_MAIN}mergeCell":
                cells = element.get("ref", "A1")
                message = f"the cells {cells[:40]} are merged; unmerge them, and fill each"
                marks.unreadable[_position(cells)] = message
    return marks


def _position(cells: str) -> tuple[int, int]:
    """(row, column) of the first of some cells."""
    column, row, _, _ = range_boundaries(cells)
    return row or 1, column or 1


def _text(cell: Any) -> str:
    """A cell as text, a percentage as it is shown."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        if "%" in (cell.number_format or ""):
            return f"{float(value) * 100:.12g}%"
        try:
            return number_text(float(value))
        except OverflowError:
            return str(value)[:60]
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return str(value.date())
    return str(value).replace("_x000D_", "")  # how Excel writes the return of a line break
