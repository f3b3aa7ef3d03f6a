"""The header of a table, found among its first lines; and the merged cells of a sheet."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from kilnpath.case.layout import (
    Columns,
    Layout,
    Numbered,
    columns_of,
    find_layout,
    like_year,
    own_columns,
    spelled,
    word_columns,
)
from kilnpath.files.cells import cell_fault, clean, escape_control, has_numbers
from kilnpath.files.limits import LONGEST_COLUMN
from kilnpath.meant.headers import headers_meant
from kilnpath.meant.taken import Taken
from model.messages.faults import Fault
from model.messages.location import Location
from model.messages.message import Message, mark, message

if TYPE_CHECKING:
    from kilnpath.files.xlsx_cells import Range, Sheet

TITLE = mark("the header stands in row {now}; '{was}' above it is taken as a title")
SPELLED = mark("names in the header are taken as the format writes them: '{was}' as {now}")
FILLED = mark("cells merged over rows, {count} of them: '{was}' is taken as that of each row")
_SHOWN = 60  # characters of what stood there


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """line: of the header; below: how many of the first lines it ends; columns: their names.

    at: their positions in a row; width: up to the last that has a name; nameless: positions
    without a name; own: columns of their user's own, by position, which are not read; numeric:
    positions under years and units; words: columns that hold no numbers.
    """

    line: int
    below: int
    columns: tuple[str, ...]
    at: tuple[int, ...]
    width: int
    nameless: tuple[int, ...]
    own: Mapping[int, str]
    numeric: tuple[int, ...]
    words: tuple[str, ...]


def read_head(
    name: str | Message,
    sheet: str,
    first: Sequence[Numbered],
    faults: list[Fault],
    taken: Taken,
    letters: Sequence[str] = (),
) -> Head:
    """The header of a table by its first lines; where it is none, without columns and with a fault.

    letters: of the columns, where the table is a sheet.
    """
    known = columns_of(sheet)
    layout = find_layout(first, known)
    names = _sound_names(name, layout, known, faults)
    own = own_columns(names, known)
    plain = _as_the_format(name, layout, names, known, taken)
    plain = headers_meant(name, plain, known.all, partial(_place, name, layout, letters), taken)
    read = [(p, column) for p, column in enumerate(plain) if column and names[p] not in own]
    columns = tuple(column for _, column in read)
    twice = sorted(column for column, count in Counter(columns).items() if count > 1)
    faults += [Fault(name, message("column '{column}' stands twice", column=c)) for c in twice]
    _tell(name, layout, taken)
    return Head(
        line=layout.last,
        below=layout.below,
        columns=columns,
        at=tuple(p for p, _ in read),
        width=len(names),
        own={p: column for p, column in enumerate(names) if column in own},
        nameless=tuple(p for p, column in enumerate(names) if not column),
        numeric=tuple(p for p, column in read if has_numbers(column) or like_year(column)),
        words=tuple(word_columns(columns, known)),
    )


def _place(
    name: str | Message, layout: Layout, letters: Sequence[str], at: int
) -> str | Message | Location:
    return Location(name, layout.last, letters[at]) if letters else name


def _sound_names(
    name: str | Message, layout: Layout, known: Columns, faults: list[Fault]
) -> list[str]:
    """The names of the columns by position; none where they are not to be read."""
    names = [clean(cell) for cell in layout.names]
    while names and not names[-1]:
        names.pop()
    for position, column in enumerate(names, start=1):
        if len(column) > LONGEST_COLUMN or cell_fault(column, numeric=True):
            what = message(
                "column {position} has the name '{column}…', which none has",
                position=position,
                column=escape_control(column[:40]),
            )
            faults.append(Fault(name, what))
            return []
    if names and not layout.found:
        what = message(
            "names no column of this table; its first row must name them: {columns}",
            columns=tuple(known.needed),
        )
        faults.append(Fault(Location(name, layout.first), what))
        return []
    if layout.misplaced:
        what = message(
            "stands above the header, which is in row {row}; put it below, or delete it",
            row=layout.first,
        )
        faults.append(Fault(Location(name, layout.misplaced[0]), what))
    return names


def _as_the_format(
    name: str | Message, layout: Layout, names: Sequence[str], known: Columns, taken: Taken
) -> list[str]:
    """The names as the format writes them, where another spelling is certainly meant."""
    plain = []
    for was, now in spelled(names, known):
        if was != now:
            taken.add(name, Location(name, layout.last), SPELLED, was[:_SHOWN], now)
        plain.append(now)
    return plain


def _tell(name: str | Message, layout: Layout, taken: Taken) -> None:
    """What is read otherwise than it stands: a title, a second row of the header."""
    place = Location(name, layout.first)
    if layout.titles and not layout.misplaced:
        title = " / ".join(layout.titles)[:_SHOWN]
        taken.add(name, Location(name, layout.above), TITLE, title, str(layout.first))
    for way, was, now in layout.said:
        taken.add(name, place, way, was, now)


def merged_cells(
    sheet: "Sheet", layout: Layout, known: Columns, taken: Taken, name: Message
) -> Mapping[tuple[int, int], Message]:
    """(row, column) of merged cells -> why they are at fault.

    A title is none, nor a name of the header over two rows. A word merged over rows stands for
    each of them, and is written into each.
    """
    words = set(word_columns(layout.names, known))
    found = {}
    for cells in sheet.merged:
        inside = [n for n in range(cells.left, cells.right + 1) if n <= len(layout.names)]
        names = [layout.names[n - 1] for n in inside]
        if not names:  # beside the table
            continue
        if cells.bottom <= layout.last and (cells.top < layout.first or _is_named(names)):
            continue
        word = cells.left == cells.right and cells.top > layout.last and words.issuperset(names)
        if word and _fill(sheet, cells):
            text = sheet.rows[cells.top - 1][cells.left - 1]
            taken.add(name, Location(name, cells.top), FILLED, text[:60], "")
            continue
        found[cells.top, cells.left] = message(
            "the cells {cells} are merged; unmerge them, and fill each", cells=cells.shown[:40]
        )
    return found


def _is_named(names: Iterable[str]) -> bool:
    """Whether the header names every column that a cell of it is merged over."""
    return all(names)


def _fill(sheet: "Sheet", cells: "Range") -> bool:
    """Writes a merged cell's text into each row that it is merged over, where it has one."""
    rows = sheet.rows[cells.top - 1 : cells.bottom]
    at = cells.left - 1
    if not rows or len(rows[0]) <= at or not rows[0][at]:
        return False
    for row in rows[1:]:
        if any(row):
            row += [""] * (at + 1 - len(row))
            row[at] = row[at] or rows[0][at]
    return True
