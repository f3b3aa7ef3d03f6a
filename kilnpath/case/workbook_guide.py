"""The sheet of a workbook that explains, in both languages, how a case is filled in."""

from collections.abc import Iterator
from typing import Any

from kilnpath.case.columns import COLUMNS, SHEETS
from kilnpath.files.xlsx_write import DARK, PALE, Book, print_in_parts, width
from kilnpath.language.languages import Language, mark, texts
from model.levers.levers import LEVERS, change_dimensions, level_dimensions
from model.reading.case import OPTIONAL
from model.reading.series import QUANTITIES

SHEET = "guide 說明"
_LANGUAGES = tuple(language.own_name for language in Language)
_WIDTHS = (36, 62, 62, 30, 30)  # of its columns
_TITLE = mark("How to fill in this workbook")
_STEPS = (
    mark("This workbook is a case of kilnpath: what is known of a cement group, sheet by sheet."),
    mark("The comment of a header tells what its column holds; lists offer the words of a cell."),
    mark(
        "Every number has a unit, in its header, as cao [%], or in the column unit. Write a share "
        "as 35 with the unit %, in a cell that is not formatted as a percentage."
    ),
    mark(
        "Years are columns; insert those you need. Fill the first and the last year: a gap between "
        "two years is filled on a straight line, a gap at an end is a fault."
    ),
    mark(
        "Every row has a source and a status. A row that starts with # is a comment, and a column "
        "note is allowed everywhere."
    ),
    mark(
        "A sheet of another name is not read, so your own calculations may stand in one. A formula "
        "counts with the value that was saved. Hidden and filtered rows are read too."
    ),
    mark("Then: `kilnpath check {file}` tells every fault, by sheet and cell."),
    mark("At last: `kilnpath plan {file}` finds the pathway that needs the least CCUS."),
)
_SHEETS = mark("Sheets")
_TO_ADD = mark("Columns of sheets that may be added, beside years")
_SERIES = mark("Quantities of the sheet series")
_LEVERS = mark("Levers of the sheets bounds and plan")
_NEEDED, _LEVEL, _CHANGE = mark("needed by"), mark("a level in"), mark("a yearly change in")


def add_guide(book: Book, file: str) -> None:
    """Adds the sheet that explains the others. file: what the workbook is called."""
    sheet = book.sheet(SHEET, DARK)
    sheet.hide_gridlines(2)
    for column, wide in enumerate(_WIDTHS):
        sheet.set_column(column, column, wide)
    row, parts = 0, []
    for section in (_steps(file), _sheets(), _to_add(), _quantities(), _levers()):
        first, high = row, 0.0
        for cells in section:
            high += _write(book, sheet, row, cells)
            row += 1
        parts.append((first, high))
        row += 1
    print_in_parts(sheet, _WIDTHS, parts)


Line = tuple[str, ...]


def _both(words: str) -> Iterator[str]:
    return (texts(language)(words) for language in Language)


def _steps(file: str) -> Iterator[Line]:
    yield ("#kilnpath", *_both(_TITLE))
    for number, step in enumerate(_STEPS, start=1):
        words = (text.format(file=file).replace("`", "") for text in _both(step))
        yield (str(number), *words)


def _sheets() -> Iterator[Line]:
    yield ("#" + " ".join(_both(_SHEETS)), *_LANGUAGES)
    for name, words in SHEETS.items():
        yield ("scenario …" if name == "scenario" else name, *_both(words))


def _to_add() -> Iterator[Line]:
    """The headers of tables that a new case does not have, without columns of years."""
    yield ("#" + " ".join(_both(_TO_ADD)),)
    for name in OPTIONAL:
        if name != "plan":
            columns = COLUMNS[name].items()
            yield (name, ", ".join(f"{c} [{unit}]" if unit else c for c, unit in columns))


def _quantities() -> Iterator[Line]:
    header = (" ".join(_both(words)) for words in (_NEEDED,))
    yield ("#" + " ".join(_both(_SERIES)), *_LANGUAGES, "unit", *header)
    for name, spec in QUANTITIES.items():
        yield (name, *_both(spec.meaning), str(spec.dimension), ", ".join(spec.needed) or "–")


def _levers() -> Iterator[Line]:
    header = (" ".join(_both(words)) for words in (_LEVEL, _CHANGE))
    yield ("#" + " ".join(_both(_LEVERS)), *_LANGUAGES, *header)
    for name, lever in LEVERS.items():
        level, change = level_dimensions(lever), change_dimensions(lever)
        yield (name, *_both(lever.meaning), ", ".join(level), ", ".join(change))


def _write(book: Book, sheet: Any, row: int, cells: Line) -> float:
    """Writes a line of the sheet, and says how high it is. [px]"""
    heading = cells[0].startswith("#")
    style = first = book.wrapped_header
    if not heading:
        style = book.format(text_wrap=True, bottom=1, border_color=PALE)
        first = book.format(text_wrap=True, bold=True)
    lines = max(1 + width(c) // (_WIDTHS[n] - 2) for n, c in enumerate(cells))
    points = 15 * lines + 1
    sheet.set_row(row, points)
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, cell.removeprefix("#"), first if column == 0 else style)
    return points * 4 / 3
