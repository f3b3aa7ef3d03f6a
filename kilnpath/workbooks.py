"""Reads the sheets of a workbook as text, as a person sees them.

openpyxl, not a faster reader: it tells error values and the number format of a cell. A faster one
gives ``#DIV/0!`` as an empty cell, which would be interpolated, and a cell shown as 35 % as 0.35.
"""

import datetime
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import iterparse

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from kilnpath.cell_text import number_text

_LARGEST_FILE = 64 * 1024 * 1024
_LARGEST_CONTENT = 512 * 1024 * 1024
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .xls, and of what a password locks
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ERROR = "=?"  # stands for the value of a formula that has none: neither empty nor a comment
SAVE_AS = "save it as 'Excel Workbook (.xlsx)'"


class WorkbookError(Exception):
    """A file that is not a workbook; the message says what it is."""


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
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            names = [name for name in book.sheetnames if name in set(wanted)]
            return {name: _sheet(path, book[name]) for name in names}, list(book.sheetnames)
    except WorkbookError:
        raise
    except Exception as error:  # openpyxl lets many kinds of error of a broken file through
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WorkbookError(f"cannot be read as a workbook: {said}") from None


def _check_file(path: Path) -> None:
    if path.stat().st_size > _LARGEST_FILE:
        raise WorkbookError("is larger than 64 MiB; no case is")
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
        if sum(part.file_size for part in parts.infolist()) > _LARGEST_CONTENT:
            raise WorkbookError("unpacks to more than 512 MiB; no case does")
        if "xl/workbook.xml" in parts.namelist() and _STRICT in parts.read("xl/workbook.xml"):
            raise WorkbookError(f"is a 'Strict Open XML' workbook; {SAVE_AS}")
        if "mimetype" in parts.namelist():
            raise WorkbookError(f"is an OpenDocument spreadsheet under another name; {SAVE_AS}")


def _sheet(path: Path, sheet: Any) -> Sheet:
    unreadable, hidden = _marks(path, sheet._worksheet_path)  # not told otherwise when read-only
    sheet.reset_dimensions()  # what some programs state here is wrong
    rows = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        rows.append([_text(cell) for cell in row])
        for column, cell in enumerate(row, start=1):
            if cell.data_type == "e":
                unreadable[number, column] = (
                    f"'{str(cell.value)[:40]}' is the error of a formula; mend it, or write a value"
                )
                rows[-1][column - 1] = _ERROR
            elif (number, column) in unreadable and cell.value is None:
                rows[-1][column - 1] = _ERROR
    return Sheet(rows, unreadable, frozenset(hidden))


def _marks(path: Path, part: str) -> tuple[dict[tuple[int, int], str], set[int]]:
    """What cells and rows of a sheet hide: formulas without a value, merged cells, hidden rows."""
    unreadable: dict[tuple[int, int], str] = {}
    hidden: set[int] = set()
    with zipfile.ZipFile(path) as parts, parts.open(part) as content:
        for _, element in iterparse(content):
            if element.tag == f"{_MAIN}c":
                formula, value = element.find(f"{_MAIN}f"), element.findtext(f"{_MAIN}v")
                if formula is not None and not value and element.get("t") != "str":
                    unreadable[_position(element.get("r", "A1"))] = (
                        f"the value of the formula '={(formula.text or '')[:40]}' is not saved; "
                        "open the workbook in a spreadsheet program and save it, or write the value"
                    )
            elif element.tag == f"{_MAIN}row":
                if element.get("hidden") in ("1", "true"):
                    hidden.add(int(element.get("r", "0")))
                element.clear()
            elif element.tag == f"{_MAIN}mergeCell":
                cells = element.get("ref", "A1")
                message = f"the cells {cells} are merged; unmerge them, and fill each"
                unreadable[_position(cells)] = message
    return unreadable, hidden


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
        return number_text(float(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return str(value.date())
    return str(value).replace("_x000D_", "")  # how Excel writes the return of a line break
