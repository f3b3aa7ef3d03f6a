"""Reads the sheets of a workbook as text, as a person sees them.

openpyxl, not a faster reader: it tells error values and the number format of a cell. A faster one
gives ``#DIV/0!`` as an empty cell, which would be interpolated, and a cell shown as 35 % as 0.35.
"""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl

_LARGEST_FILE = 64 * 1024 * 1024
_LARGEST_CONTENT = 512 * 1024 * 1024


class WorkbookError(Exception):
    """A file that is not a workbook; the message says what it is."""


def read_sheets(path: Path, wanted: Iterable[str]) -> tuple[dict[str, list[list[str]]], list[str]]:
    """Sheet -> rows of cells as text, for the wanted sheets that are there; and all sheet names.

    Raises ``WorkbookError`` where the file is not a workbook, or larger than a case can be.
    """
    try:
        _check_size(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        names = [name for name in book.sheetnames if name in set(wanted)]
        return {name: list(_rows(book[name])) for name in names}, list(book.sheetnames)
    except WorkbookError:
        raise
    except Exception as error:  # openpyxl lets many kinds of error of a broken file through
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WorkbookError(f"cannot be read as a workbook: {said}") from None


def _check_size(path: Path) -> None:
    if path.stat().st_size > _LARGEST_FILE:
        raise WorkbookError("is larger than 64 MiB; no case is")
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > _LARGEST_CONTENT:
            raise WorkbookError("unpacks to more than 512 MiB; no case does")


def _rows(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [_cell(cell) for cell in row]


def _cell(cell: Any) -> str:
    """A cell as text; a whole number without its decimal point, as year headers need it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        if "%" in (cell.number_format or ""):
            return f"{float(value) * 100:.12g}%"
        whole = float(value).is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(float(value))
    return str(value)
