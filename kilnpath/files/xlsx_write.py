"""Writes a workbook: whole or not at all, the same bytes from run to run, every number exact."""

import datetime
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from kilnpath.files.write import write_bytes

_CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # a date of its own would differ
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,  # a source may start with = and is no formula
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
DARK, PALE, LINE = "#24475B", "#EAF0F3", "#C9D5DB"
_HEADER = {
    "bold": True,
    "font_color": "white",
    "bg_color": DARK,
    "border": 1,
    "border_color": LINE,
}
_WIDEST = 60
_A4 = 9


class _Exact(float):
    """A number that is written with all its digits; xlsxwriter would write 16 of 17."""

    def __format__(self, spec: str) -> str:
        return float.__format__(self, ".17G")


class Book:
    """A workbook that is being written, with its formats."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """A cell format; the same properties give the same one."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "top", **properties})
        return self._formats[key]

    @property
    def header(self) -> Any:
        """The format of column names."""
        return self.format(**_HEADER)

    @property
    def wrapped_header(self) -> Any:
        """The format of long column names."""
        return self.format(**_HEADER, text_wrap=True)

    def sheet(self, name: str, color: str = "") -> Any:
        """A new sheet, with the colour of its tab; printed as wide as a page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_comments_author("kilnpath")
        if color:
            sheet.set_tab_color(color)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet


def put_number(sheet: Any, row: int, column: int, value: float, style: Any = None) -> None:
    """Writes a number with all its digits."""
    sheet.write_number(row, column, _Exact(value), style)


def put_comment(sheet: Any, row: int, column: int, text: str) -> None:
    """A comment of a cell, in a box that holds it."""
    lines = sum(1 + width(line) // 38 for line in text.split("\n"))
    box = {"width": 280, "height": 24 + 17 * lines, "font_size": 9}
    sheet.write_comment(row, column, text, box)


def width(text: str) -> int:
    """The width of a text in signs; those of Chinese take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def column_width(texts: Sequence[str], least: int = 8) -> float:
    """The width of a column that shows its texts, within reason."""
    longest = max((width(line) for text in texts for line in text.split("\n")), default=0)
    return float(min(max(longest + 2, least), _WIDEST))


@contextmanager
def new_book(
    path: Path, title: str, write: Callable[[Path, bytes], object] = write_bytes
) -> Iterator[Book]:
    """A workbook that is put in the place of ``path`` when it is complete.

    write: puts its content there. Raises ``ResultError`` where it cannot be written.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    book.set_properties({"title": title, "author": "kilnpath", "created": _CREATED})
    yield Book(book)
    book.close()
    write(path, content.getvalue())
