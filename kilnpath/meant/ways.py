"""The ways in which something is read otherwise than it stands, and those that leave a doubt."""

from typing import NamedTuple, Protocol

from model.messages.location import Location
from model.messages.message import Message, mark

Place = str | Location | Message


class Notes(Protocol):
    """Collects what is read otherwise than it stands, and what may mean two things.

    looked_at: how many cells were looked at one by one, of which a case may have so many.
    """

    looked_at: int

    def add(self, table: str | Message, place: Place, way: str, was: str, now: str) -> None: ...

    def doubt(self, place: Place, way: str, was: str, now: str) -> None: ...


class Meaning(NamedTuple):
    """What a text is taken as, in which way; sure: whether it can mean nothing else."""

    now: str
    way: str
    sure: bool = True


PERCENT = mark("shown as percent: '{was}' is taken as {now} (such cells: {count})")
THOUSANDS = mark("with signs between thousands: '{was}' is taken as {now} (such cells: {count})")
SIGNS = mark("in signs of another keyboard: '{was}' is taken as {now} (such cells: {count})")
WITH_UNIT = mark("with its unit in the cell: '{was}' is taken as {now} (such cells: {count})")
NO_VALUE = mark(
    "'{was}' is taken as an empty cell, and a gap between two years is filled on a straight line "
    "(such cells: {count})"
)
EMPTY = mark("'{was}' is taken as an empty cell (such cells: {count})")
YEAR = mark("a year in another form: '{was}' is taken as {now} (such cells: {count})")
WORD = mark("a word in another form: '{was}' is taken as '{now}' (such cells: {count})")
UNIT = mark("a unit in another form: '{was}' is taken as '{now}' (such cells: {count})")
YEAR_COLUMN = mark(
    "column '{was}' is taken as the year {now} (such columns in this table: {count})"
)
COLUMN = mark("column '{was}' is taken as '{now}' (such columns in this table: {count})")
SETTING = mark("'{was}' is taken as {now} (such settings: {count})")

TOO_MANY = mark(
    "from here on, more than {now} cells of the case are written otherwise than plainly, as "
    "'{was}'; write 35 for 35 %, 2100000 for 2,100,000, and the words of the lists"
)
REPUBLIC = mark(
    "'{was}' looks like a year of the Republic of China, which begins in 1912; write {now}, and "
    "all years so (in all {count} such)"
)
UNIT_OF_YEAR = mark(
    "column '{was}' takes no unit; each row has its own: write {now} alone (such columns: {count})"
)
EITHER = mark(
    "'{was}' may be {now}; write it with one point at most and nothing else between the digits "
    "(such cells: {count})"
)
COMMA = mark(
    "'{was}' is not written as numbers are here; write it as {now}, with one point and nothing "
    "else between the digits (such cells: {count})"
)
PERCENT_OF_OTHER = mark(
    "'{was}' is shown as percent, but the unit of its numbers is '{now}'; write the number in that "
    "unit, in a cell not formatted as %, or % as the unit (such cells: {count})"
)
OTHER_UNIT = mark(
    "'{was}' has a unit of its own, but the unit of its numbers is '{now}'; write the number "
    "alone, in that unit (such cells: {count})"
)
DATE = mark(
    "'{was}' is not a number, it is a date: format the cell as a number (such cells: {count})"
)
DASH = mark(
    "'{was}' may be {now} or nothing; write {now}, or leave the cell empty (such cells: {count})"
)
