"""A table of a case from the lines of a CSV file or of a sheet, whatever somebody wrote there."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kilnpath.cell_text import NO_VALUE, clean, fault_of, has_numbers, visible
from kilnpath.input_limits import LONGEST_COLUMN, MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from model.faults import Fault
from model.tables import Table

if TYPE_CHECKING:
    from kilnpath.workbooks import Sheet

_SEPARATORS = {";": "semicolons", "\t": "tabs"}  # that spreadsheet programs write too


def csv_table(name: str, content: str, faults: list[Fault]) -> Table:
    """A table from the text of a CSV file; what is wrong with it is added to ``faults``."""
    header = next((x for x in content.splitlines() if x.strip(" ,;\t#") and x[0] != "#"), "")
    for separator, words in _SEPARATORS.items():
        if header.count(separator) > header.count(","):
            message = f"is separated by {words}; save it separated by commas, as 'CSV UTF-8'"
            faults.append(Fault(name, f"{message}, with points in numbers"))
            return Table(name, (), ())
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if not cells:
                continue
            if not _is_comment(cells):
                lines.append((reader.line_num, cells))
            if message := _too_large(lines, cells):
                faults.append(Fault(f"{name} row {reader.line_num}", message))
                return Table(name, (), ())
    except csv.Error as error:
        faults.append(Fault(f"{name} row {reader.line_num}", f"is not valid CSV: {error}"))
        return Table(name, (), ())
    return _table(name, lines, faults)


def _too_large(lines: Sequence[tuple[int, list[str]]], last: Sequence[str]) -> str:
    """Why no table can be as large as the lines read so far; nothing where one can."""
    if len(last) > MOST_COLUMNS:
        return f"has {len(last):,} cells; no table has more than {MOST_COLUMNS:,} columns"
    if len(lines) > MOST_ROWS:
        return f"is beyond {MOST_ROWS:,} rows; no table has more"
    if lines and len(lines) * len(lines[0][1]) > MOST_CELLS:
        return f"is beyond {MOST_CELLS:,} cells; no table has more"
    return ""


def _table(
    name: str,
    lines: Iterable[tuple[int, list[str]]],
    faults: list[Fault],
    letters: Sequence[str] = (),
    hidden: frozenset[int] = frozenset(),
) -> Table:
    """A table from its lines; empty lines, and lines that start with ``#``, are comments.

    letters, hidden: of the columns and rows, where the lines are of a sheet.
    """
    kept = [(n, [clean(c) for c in cells]) for n, cells in lines if not _is_comment(cells)]
    if not kept:
        return Table(name, (), ())
    header, columns = kept[0]
    while columns and not columns[-1]:
        columns = columns[:-1]
    for position, column in enumerate(columns):
        if not column:
            faults.append(Fault(name, f"column {position + 1} of the header row has no name"))
        elif len(column) > LONGEST_COLUMN or fault_of(column, numeric=True):
            message = (
                f"column {position + 1} has the name '{visible(column[:40])}…', which none has"
            )
            faults.append(Fault(name, message))
            return Table(name, (), ())
    counts = Counter(columns)
    twice = sorted(c for c in counts if c and counts[c] > 1)
    faults += [Fault(name, f"column '{column}' stands twice") for column in twice]
    hint = "a comma inside a text needs quotes around the text"
    if not name.endswith(".csv"):
        hint = "give each column a name, or empty the cells beside the table"
    rows = []
    for number, cells in kept[1:]:
        if any(cells[len(columns) :]):
            faults.append(
                Fault(
                    f"{name} row {number}",
                    f"has {len(cells)} cells, the header {len(columns)}; {hint}",
                )
            )
        for column, cell in zip(columns, cells, strict=False):
            if message := fault_of(cell, has_numbers(column) or cell == NO_VALUE):
                place = f"{name} row {number}"
                faults.append(
                    Fault(place, f"column '{column[:40]}', '{visible(cell[:20])}': {message}")
                )
        padded = [*cells, *[""] * len(columns)][: len(columns)]
        rows.append((number, dict(zip(columns, padded, strict=True))))
    places = dict(zip(columns, letters, strict=False))
    return Table(name, tuple(columns), tuple(rows), header, places, hidden)


def _is_comment(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#")


def sheet_table(name: str, sheet: "Sheet", faults: list[Fault]) -> Table:
    """A table from a sheet; a cell that holds no value is a fault, outside comments."""
    for (row, column), message in sorted(sheet.unreadable.items()):
        if row <= len(sheet.rows) and not _is_comment(sheet.rows[row - 1]):
            faults.append(Fault(f"{name}, cell {sheet.letters[column - 1]}{row}", message))
    return _table(name, enumerate(sheet.rows, start=1), faults, sheet.letters, sheet.hidden)
