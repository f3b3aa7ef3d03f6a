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
ROW = 20  # px of a row whose height nobody sets
_A4 = 9
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.75, "bottom": 0.65}  # [inch]
_PAGE = (11.69 - 0.8, 8.27 - 1.4)  # what A4 leaves between them, across [inch]
_SIGN, _PADDING, _INCH = 7, 5, 96  # px of a sign in a cell, around a cell, and of an inch
_SPARE = 0.97  # of a page's width: fonts differ from machine to machine


class _Exact(float):
    """A number that is written with all its digits; xlsxwriter would write 16 of 17."""

    def __format__(self, spec: str) -> str:
        return float.__format__(self, ".17G")


class Book:
    """A workbook that is being written, with its formats."""

    def __init__(self, book: Any, title: str) -> None:
        self.book, self.title = book, title
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
        """A new sheet, with the colour of its tab.

        It is printed as wide as a page, each with the names of workbook and sheet and its number.
        """
        sheet = self.book.add_worksheet(name)
        sheet.set_comments_author("kilnpath")
        if color:
            sheet.set_tab_color(color)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(**_MARGINS)
        sheet.set_header(f"&L{_in_header(self.title)}&R&A")
        sheet.set_footer("&C&P / &N")
        return sheet


def _in_header(words: str) -> str:
    """Words as they stand in a page's header, where & begins a command; Excel takes 255 signs."""
    return words[:100].replace("&", "&&")


def print_in_parts(
    sheet: Any, columns: Sequence[float], parts: Sequence[tuple[int, float]]
) -> None:
    """Prints a sheet as wide as a page, and begins a new page for a part that the last one cuts.

    Pages break where they are told to only where the sheet is not fitted to pages, so its scale is
    found here. columns: their widths in signs; parts: the first row of each, and its height [px].
    """
    wide = sum(_SIGN * signs + _PADDING for signs in columns)
    across, high = (inches * _INCH for inches in _PAGE)
    scale = min(100, int(100 * _SPARE * across / wide))
    sheet.set_print_scale(scale)
    room, used, breaks = 100 * high / scale, 0.0, []
    for first, height in parts:
        if used and used + height > room:
            breaks.append(first)
            used = 0.0
        used += height
    sheet.set_h_pagebreaks(breaks)


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
    yield Book(book, title)
    for sheet in book.worksheets():
        sheet.print_area(0, 0, sheet.dim_rowmax, sheet.dim_colmax)
    book.close()
    write(path, content.getvalue())
