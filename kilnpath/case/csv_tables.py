"""A table of a case from the lines of a CSV file or of a sheet, whatever somebody wrote there."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from kilnpath.case.columns import choices
from kilnpath.case.header import Head, merged_cells, read_head
from kilnpath.case.layout import (
    LOOKED_AT,
    columns_of,
    find_layout,
    is_remark,
    is_total,
    kind_of_table,
    score,
    total_word,
)
from kilnpath.files.cells import NO_VALUE, cell_fault, clean, escape_control, has_numbers
from kilnpath.files.csv_rows import (
    SEPARATORS,
    CsvError,
    decimal_commas,
    rows,
    separator_of,
    with_point,
)
from kilnpath.files.limits import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from kilnpath.meant.tables import table_meant
from kilnpath.meant.taken import Taken
from model.case.numbers import is_number
from model.case.tables import Cells, Table
from model.messages.faults import MOST_FAULTS, Fault
from model.messages.location import Location
from model.messages.message import Message, mark, message

if TYPE_CHECKING:
    from kilnpath.files.xlsx_cells import Sheet

_MOST_KNOWN = 100_000
# Of cells between bars: blanks at an edge, and what may begin a formula.
_EDGE = re.compile(r"\|\s|\s\||[|;][=+\-@＝＋－＠]")
OWN_COLUMNS = mark("columns of your own, taken as notes and not read: {was}")
TOTALS = mark("rows of totals left out: {count}, the first '{was}'")
REMARKS = mark("rows with a sentence alone are taken as notes: {count}, the first '{was}'")
SEPARATED = mark("is separated by {was}, and read so")
DECIMALS = mark("{count} numbers with a decimal comma: '{was}' read as {now}")


def csv_table(name: str, content: bytes, faults: list[Fault], taken: Taken) -> Table:
    """A table from a CSV file in UTF-8; what is wrong with it is added to ``faults``.

    taken: gets what is read otherwise than it stands.
    """
    sheet = name.removesuffix(".csv")
    separator = separator_of(content, partial(score, known=columns_of(sheet)))
    found: list[Fault] = []
    try:
        commas = separator == ";" and decimal_commas(_numbers(sheet, content))
        table = _table(name, sheet, rows(content, separator), found, taken, commas=commas)
    except CsvError as error:
        faults.append(Fault(Location(name, error.line), error.message))
        return Table(name, sheet, (), ())
    if separator != ",":
        taken.add(name, name, SEPARATED, SEPARATORS[separator], "")
    faults += found
    return table


def _numbers(sheet: str, content: bytes) -> Iterator[tuple[int, str]]:
    """The cells of a file that hold numbers, with their lines."""
    kept = _without_comments(rows(content, ";"))
    first = list(islice(kept, LOOKED_AT))
    head = read_head(sheet, sheet, first, [], Taken())
    for number, cells in chain(first[head.below :], kept):
        yield from ((number, cells[p].strip()) for p in head.numeric if p < len(cells))


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


def _without_comments(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in lines if not _is_comment(cells))


def _table(
    name: str | Message,
    sheet: str,
    lines: Iterable[tuple[int, list[str]]],
    faults: list[Fault],
    taken: Taken,
    letters: Sequence[str] = (),
    hidden: frozenset[int] = frozenset(),
    commas: bool = False,
) -> Table:
    """A table from its lines; empty lines, and lines that start with ``#``, are comments.

    letters, hidden: of the columns and rows, where the lines are of a sheet; commas: whether
    numbers have a decimal comma.
    """
    kept = _without_comments(lines)
    first = list(islice(kept, LOOKED_AT))
    for number, cells in first:
        if what := _too_large(0, len(cells), cells):
            faults.append(Fault(Location(name, number), what))
            return Table(name, sheet, (), ())
    head = read_head(name, sheet, first, faults, taken, letters)
    reader = _RowReader(name, head, faults, taken, commas)
    read: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in chain(first[head.below :], kept) if head.columns else ():
        if what := _too_large(len(read) + 1, len(head.columns), cells):
            faults.append(Fault(Location(name, number), what))
            return Table(name, sheet, (), ())
        row = reader.row(number, cells)
        if row is not None:
            read.append((number, row))
        if len(faults) >= MOST_FAULTS:
            break
    reader.end(letters, columns_of(sheet).has_years)
    table = Table(
        name=name,
        sheet=sheet,
        columns=head.columns,
        rows=tuple(read),
        header=head.line,
        letters={c: letters[p] for c, p in zip(head.columns, head.at, strict=True) if letters},
        hidden=hidden,
    )
    return table_meant(table, partial(choices, kind_of_table(sheet)), taken)


class _RowReader:
    """Takes the rows of a table over: each cell clean, and without what would do harm."""

    def __init__(
        self, name: str | Message, head: Head, faults: list[Fault], taken: Taken, commas: bool
    ) -> None:
        self.name, self.head, self.faults, self.taken = name, head, faults, taken
        self.columns = head.columns
        self.positions = {column: position for position, column in enumerate(head.columns)}
        self.numeric = [has_numbers(column) for column in head.columns]
        self.known: dict[str, str] = {}  # most words and numbers stand in many rows
        self.commas = head.numeric if commas else ()
        self.whole = head.at == tuple(range(head.width))
        self.nameless: dict[int, int] = {}  # position of a column without a name -> first row
        self.amounts: dict[int, tuple[int, str]] = {}  # position of an own column -> row, number
        self.long: list[tuple[int, int]] = []  # rows longer than the header, with their lengths

    def row(self, number: int, cells: list[str]) -> Cells | None:
        """The cells of a row; what is wrong with them is added to the faults.

        None of a row of totals, which is left out.
        """
        width = self.head.width
        if len(cells) != width:
            if any(map(str.strip, cells[width:])):
                self.long.append((number, len(cells)))
            cells = [*cells, *[""] * width][:width]
        for position in self.commas:
            self._with_point(number, cells, position)
        if not self.whole:
            for position in self.head.nameless:
                if cells[position].strip():
                    self.nameless.setdefault(position, number)
            for position in self.head.own:
                if is_number(cells[position].strip()):
                    self.amounts.setdefault(position, (number, cells[position].strip()))
            cells = [cells[position] for position in self.head.at]
        if _is_suspicious(cells):
            cells = [clean(cell) for cell in cells]
            self._look_at(number, cells)
        if len(self.known) > _MOST_KNOWN:
            self.known.clear()
        row = Cells(self.positions, tuple(map(self.known.setdefault, cells, cells)))
        if is_total(cells) and (word := total_word(row, self.head.words)):
            self.taken.add(self.name, Location(self.name, number), TOTALS, word, "")
            return None
        if is_remark(cells):
            self.taken.add(self.name, Location(self.name, number), REMARKS, cells[0][:60], "")
            return None
        return row

    def _with_point(self, number: int, cells: list[str], position: int) -> None:
        cell = cells[position].strip()
        if (plain := with_point(cell)) != cell:
            self.taken.add(self.name, Location(self.name, number), DECIMALS, cell, plain)
            cells[position] = plain

    def end(self, letters: Sequence[str], has_years: bool) -> None:
        """Tells once what was found row by row: columns without a name, rows that are too long.

        A column of somebody's own is none where it may be a year's: where it holds numbers.
        """

        def place(position: int) -> str | Message | Location:
            return Location(self.name, self.head.line, letters[position]) if letters else self.name

        for position, number in self.nameless.items():
            what = message(
                "column {position} of the header row has no name, and row {row} something there",
                position=position + 1,
                row=number,
            )
            self.faults.append(Fault(place(position), what))
        doubtful = self.amounts if has_years else {}
        for position, (number, cell) in doubtful.items():
            what = message(
                "column '{column}' is unknown, and row {row} has the number {cell} there; write "
                "the year it is of, or take the column out",
                column=self.head.own[position],
                row=number,
                cell=cell[:20],
            )
            self.faults.append(Fault(place(position), what))
        own = [column for position, column in self.head.own.items() if position not in doubtful]
        if own:
            self.taken.add(self.name, self.name, OWN_COLUMNS, ", ".join(own), "")
        if self.long:
            self._too_long(*self.long[0], others=len(self.long) - 1)

    def _too_long(self, number: int, length: int, others: int) -> None:
        hint = message("a comma inside a text needs quotes around the text")
        if isinstance(self.name, Message):  # of a sheet
            hint = message("give each column a name, or empty the cells beside the table")
        elif others:
            hint = message("give each column a name")
        what = message(
            "has {count} cells, the header {wanted}; {hint}",
            count=length,
            wanted=self.head.width,
            hint=hint,
        )
        if others:
            what = message("{what} (other rows too: {others})", what=what, others=others)
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
    first = next((cell for cell in cells if cell and not cell.isspace()), "#")
    return first.lstrip().startswith("#")


def sheet_table(
    name: Message, plain: str, sheet: "Sheet", faults: list[Fault], taken: Taken
) -> Table:
    """A table from a sheet; a cell that holds no value is a fault, outside comments and titles.

    plain: the name of the sheet alone; taken: gets what is read otherwise than it stands.
    """
    letters = sheet.letters
    kept = _without_comments(enumerate(sheet.rows, start=1))
    layout = find_layout(list(islice(kept, LOOKED_AT)), columns_of(plain))
    merged = merged_cells(sheet, layout, columns_of(plain), taken, name)
    unreadable = {**merged, **sheet.unreadable}
    at_fault = any(layout.first <= row <= layout.last for row, _ in unreadable)
    for row, column in sorted(unreadable):
        is_read = layout.first <= row <= len(sheet.rows)
        if is_read and not _is_comment(sheet.rows[row - 1]):
            place = Location(name, row, letters[column - 1])
            faults.append(Fault(place, unreadable[row, column]))
        if len(faults) >= MOST_FAULTS:
            break
    if at_fault:  # of what stands below its header nothing is certain
        return Table(name, plain, (), ())
    lines, hidden = enumerate(sheet.rows, start=1), frozenset(sheet.hidden)
    return _table(name, plain, lines, faults, taken, letters, hidden)
