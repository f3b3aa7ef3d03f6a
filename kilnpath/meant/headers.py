"""Headers in other writings: years, and units in other brackets or signs."""

import re
from collections.abc import Callable, Mapping, Sequence

from kilnpath.meant.signs import LONGEST, plain_signs
from kilnpath.meant.units import unit_meant
from kilnpath.meant.ways import COLUMN, REPUBLIC, UNIT_OF_YEAR, YEAR_COLUMN, Notes, Place
from kilnpath.meant.years import year_meant, year_of_republic
from model.case.tables import is_year
from model.case.units import UNITS, Dimension
from model.messages.message import Message

_UNIT = re.compile(r"(?P<name>[^\[\]()]+?) *[\[(] *(?P<unit>[^\[\]()]*?) *[\])]")


def headers_meant(
    table: str | Message,
    columns: Sequence[str],
    known: Mapping[str, Dimension | None],
    place: Callable[[int], Place],
    notes: Notes,
) -> list[str]:
    """The names of columns as they are meant, those of years as four digits.

    known: the columns of its kind of table; one with a column ``unit`` has years. place: of the
    column at a position.
    """
    years = "unit" in known
    found = []
    for at, column in enumerate(columns):
        now = column
        if not is_year(column) and column not in known and len(column) <= LONGEST:
            now = _year(column, place(at), table, notes) if years else ""
            now = now or _with_unit(column, known) or column
            if now != column and not is_year(now):
                notes.add(table, place(at), COLUMN, column, now)
        found.append(now)
    return found


def _year(column: str, place: Place, table: str | Message, notes: Notes) -> str:
    """The year of a column; a doubtful one is told, and read on as the year that is proposed."""
    if year := year_meant(column):
        notes.add(table, place, YEAR_COLUMN, column, year)
    elif year := year_of_republic(column):
        notes.doubt(place, REPUBLIC, column, year)
    elif found := _UNIT.fullmatch(plain_signs(column)):
        year = year_meant(found["name"]) if unit_meant(found["unit"]) else ""
        if year:
            notes.doubt(place, UNIT_OF_YEAR, column, year)
    return year


def _with_unit(column: str, known: Mapping[str, Dimension | None]) -> str:
    """``name [unit]`` of a column that states its unit; empty where it is none."""
    found = _UNIT.fullmatch(plain_signs(column))
    if found is None:
        return ""
    name, unit = found["name"], unit_meant(found["unit"])
    if known.get(name) is None or not unit or UNITS[unit][0] is not known[name]:
        return ""
    return f"{name} [{unit}]"
