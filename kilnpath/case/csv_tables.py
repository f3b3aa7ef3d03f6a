"""A table of a case from the lines of a CSV file or of a sheet, whatever somebody wrote there."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from kilnpath.case.columns import COLUMNS, choices
from kilnpath.case.taken import Taken
from kilnpath.files.cells import NO_VALUE, cell_fault, clean, escape_control, has_numbers
from kilnpath.files.limits import LONGEST_CELL, LONGEST_COLUMN, MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from kilnpath.meant.headers import headers_meant
from kilnpath.meant.tables import table_meant
from model.case.tables import Cells, Table
from model.messages.faults import MOST_FAULTS, Fault
from model.messages.location import Location
from model.messages.message import Message, as_told, message

if TYPE_CHECKING:
    from kilnpath.files.xlsx_cells import Sheet

_MOST_KNOWN = 100_000
# Of cells between bars: blanks at an edge, and what may begin a formula.
_EDGE = re.compile(r"\|\s|\s\||[|;][=+\-@＝＋－＠]")
_SEPARATED = {  # as spreadsheet programs write too
    ";": message(
        "is separated by semicolons; save it separated by commas, as 'CSV UTF-8', with points in "
        "numbers"
    ),
    "\t": message(
        "is separated by tabs; save it separated by commas, as 'CSV UTF-8', with points in numbers"
    ),
}


def csv_table(name: str, content: bytes, faults: list[Fault], taken: Taken) -> Table:
    """A table from a CSV file in UTF-8; what is wrong with it is added to ``faults``.

    taken: gets what is read otherwise than it stands.
    """
    sheet = name.removesuffix(".csv")
    header = next((x for x in _lines(content) if x.strip(" ,;\t#\r\n") and x[0] != "#"), "")
    for separator, what in _SEPARATED.items():
        if header.count(separator) > header.count(","):
            faults.append(Fault(name, what))
            return Table(name, sheet, (), ())
    reader = csv.reader(_lines(content), strict=True)
    found: list[Fault] = []
    try:
        table = _table(name, sheet, ((reader.line_num, cells) for cells in reader), found, taken)
    except csv.Error as error:
        what = message("is not valid CSV: {error}", error=as_told(error))
        faults.append(Fault(Location(name, reader.line_num), what))
        return Table(name, sheet, (), ())
    faults += found
    return table


def _lines(content: bytes) -> io.TextIOWrapper:
    """The lines of a file with their ends, decoded as they are read."""
    return io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")


def _too_large(rows: int, columns: int, cells: Sequence[str]) -> Message | None:
    """Why no table can be as large as what was read so far; ``None`` where one can."""
    if len(cells) > MOST_COLUMNS:
        return message(
            "has {count:,} cells; no table has more than {most:,} columns",
            count=len(cells),
            most=MOST_COLUMNS,
        )
    if rows > MOST_ROWS:
        return message("is beyond {most:,} rows; no table has more", most=MOST_ROWS)
    if rows * columns > MOST_CELLS:
        return message("is beyond {most:,} cells; no table has more", most=MOST_CELLS)
    return None


def _table(
    name: str | Message,
    sheet: str,
    lines: Iterable[tuple[int, list[str]]],
    faults: list[Fault],
    taken: Taken,
    letters: Sequence[str] = (),
    hidden: frozenset[int] = frozenset(),
) -> Table:
    """A table from its lines; empty lines, and lines that start with ``#``, are comments.

    letters, hidden: of the columns and rows, where the lines are of a sheet.
    """
    kept = ((number, cells) for number, cells in lines if not _is_comment(cells))
    header, cells = next(kept, (1, []))
    if what := _too_large(0, len(cells), cells):
        faults.append(Fault(Location(name, header), what))
        return Table(name, sheet, (), ())
    named = [clean(cell) for cell in cells]
    if _kind(sheet) in COLUMNS:
        named = _named_as_meant(name, sheet, named, header, letters, taken)
    columns = _columns(name, named, faults)
    reader = _RowReader(name, columns, faults)
    rows: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in kept if columns else ():
        if what := _too_large(len(rows) + 1, len(columns), cells):
            faults.append(Fault(Location(name, number), what))
            return Table(name, sheet, (), ())
        rows.append((number, reader.row(number, cells)))
        if len(faults) >= MOST_FAULTS:
            break
    places = dict(zip(columns, letters, strict=False))
    table = Table(
        name=name,
        sheet=sheet,
        columns=tuple(columns),
        rows=tuple(rows),
        header=header,
        letters=places,
        hidden=hidden,
    )
    return table_meant(table, partial(choices, _kind(sheet)), taken)


def _kind(sheet: str) -> str:
    """The kind of table that a sheet or file holds: scenarios have lines of ``series``."""
    return "series" if sheet.startswith("scenario") else sheet


def _named_as_meant(
    name: str | Message,
    sheet: str,
    columns: list[str],
    header: int,
    letters: Sequence[str],
    taken: Taken,
) -> list[str]:
    """The names of columns as they are meant, where a table of a case has columns of its own."""

    def place(at: int) -> str | Message | Location:
        return Location(name, header, letters[at]) if letters else name

    return headers_meant(name, columns, COLUMNS[_kind(sheet)], place, taken)


def _columns(name: str | Message, columns: list[str], faults: list[Fault]) -> list[str]:
    """The names of the columns; none where they are not to be read."""
    while columns and not columns[-1]:
        columns = columns[:-1]
    for position, column in enumerate(columns, start=1):
        if not column:
            what = message("column {position} of the header row has no name", position=position)
            faults.append(Fault(name, what))
        elif len(column) > LONGEST_COLUMN or cell_fault(column, numeric=True):
            what = message(
                "column {position} has the name '{column}…', which none has",
                position=position,
                column=escape_control(column[:40]),
            )
            faults.append(Fault(name, what))
            return []
    counts = Counter(columns)
    twice = sorted(c for c in counts if c and counts[c] > 1)
    faults += [
        Fault(name, message("column '{column}' stands twice", column=column)) for column in twice
    ]
    return columns


class _RowReader:
    """Takes the rows of a table over: each cell clean, and without what would do harm."""

    def __init__(self, name: str | Message, columns: Sequence[str], faults: list[Fault]) -> None:
        self.name, self.columns, self.faults = name, columns, faults
        self.positions = {column: position for position, column in enumerate(columns)}
        self.numeric = [has_numbers(column) for column in columns]
        self.known: dict[str, str] = {}  # most words and numbers stand in many rows

    def row(self, number: int, cells: list[str]) -> Cells:
        """The cells of a row; what is wrong with them is added to the faults."""
        width = len(self.columns)
        if len(cells) != width:
            if any(cells[width:]):
                self._too_long(number, len(cells))
            cells = [*cells, *[""] * width][:width]
        if _is_suspicious(cells):
            cells = [clean(cell) for cell in cells]
            self._look_at(number, cells)
        if len(self.known) > _MOST_KNOWN:
            self.known.clear()
        return Cells(self.positions, tuple(map(self.known.setdefault, cells, cells)))

    def _too_long(self, number: int, length: int) -> None:
        hint = message("a comma inside a text needs quotes around the text")
        if isinstance(self.name, Message):  # of a sheet
            hint = message("give each column a name, or empty the cells beside the table")
        what = message(
            "has {count} cells, the header {wanted}; {hint}",
            count=length,
            wanted=len(self.columns),
            hint=hint,
        )
        self.faults.append(Fault(Location(self.name, number), what))

    def _look_at(self, number: int, cells: Sequence[str]) -> None:
        for column, numeric, cell in zip(self.columns, self.numeric, cells, strict=True):
            if what := cell_fault(cell, numeric or cell == NO_VALUE):
                said = message(
                    "column '{column}', '{cell}': {what}",
                    column=column[:40],
                    cell=escape_control(cell[:20]),
                    what=what,
                )
                self.faults.append(Fault(Location(self.name, number), said))


def _is_suspicious(cells: Sequence[str]) -> bool:
    """Whether a row may have cells that are not clean, or at fault: those are looked at one by one.

    Nearly no row has; so all its cells are looked at together.
    """
    row = "|".join(["", *cells, ""])
    plain = row.isprintable() and len(row) <= LONGEST_CELL
    plain = plain and unicodedata.is_normalized("NFC", row)
    return not plain or _EDGE.search(row) is not None


def _is_comment(cells: Sequence[str]) -> bool:
    return not any(map(str.strip, cells)) or cells[0].lstrip().startswith("#")


def sheet_table(
    name: Message, plain: str, sheet: "Sheet", faults: list[Fault], taken: Taken
) -> Table:
    """A table from a sheet; a cell that holds no value is a fault, outside comments.

    plain: the name of the sheet alone; taken: gets what is read otherwise than it stands.
    """
    letters = sheet.letters
    for row, column in sorted(sheet.unreadable):
        if row <= len(sheet.rows) and not _is_comment(sheet.rows[row - 1]):
            place = Location(name, row, letters[column - 1])
            faults.append(Fault(place, sheet.unreadable[row, column]))
        if len(faults) >= MOST_FAULTS:
            break
    lines, hidden = enumerate(sheet.rows, start=1), frozenset(sheet.hidden)
    return _table(name, plain, lines, faults, taken, letters, hidden)
