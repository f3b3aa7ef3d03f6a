"""The header of a table: what it must have, in which units, and the rows below it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches

from model.case.tables import Faults, Header, Row, Table, is_year
from model.case.units import UNITS, Dimension, accepted
from model.messages.faults import did_you_mean
from model.messages.location import Location
from model.messages.message import Message, message

_HEADER = re.compile(r"^(?P<name>[^\[\]]+?)\s*(\[(?P<unit>[^\[\]]*)\])?$")


def open_table(
    table: Table | None,
    name: str | Message,
    columns: Mapping[str, Dimension | None],
    faults: Faults,
    *,
    years: range | None = None,
    optional: Iterable[str] = (),
    measured: Mapping[str, Dimension] | None = None,
) -> list[Row]:
    """The rows of a table whose header has been checked; no rows where the header is unusable.

    columns: the columns it must have, with the dimension stated in the header as ``name [unit]``.
    years: the years that a year column may stand for, where the table has year columns.
    optional: columns that it may have; measured: the same of those that state a dimension.
    """
    before = len(faults.entries)
    if table is None:
        faults.add(name, message("is missing; a case needs it"))
    elif not table.columns:
        faults.add(table.name, message("is empty; its first row must name the columns"))
    if table is None or not table.columns:
        faults.unread.add(str(name))
        return []
    stated = {**columns, **(measured or {})}
    names, units, unknown = _header(table, stated, faults, years, set(optional) | {"note"})
    _unknown_and_missing(table, columns, names, unknown, faults)
    if len(faults.entries) > before:
        faults.unread.add(str(name))
        return []
    positions = {names[column]: place for place, column in enumerate(table.columns)}
    headers = {name: column for column, name in names.items()}
    letters = {n: table.letters[c] for n, c in headers.items() if c in table.letters}
    year_columns = tuple((int(name), at) for name, at in positions.items() if is_year(name))
    header = Header(
        table=table,
        positions=positions,
        units=units,
        headers=headers,
        years=year_columns,
        letters=letters,
        faults=faults,
    )
    return [Row(header, number, cells) for number, cells in table.lines()]


def _header(
    table: Table,
    columns: Mapping[str, Dimension | None],
    faults: Faults,
    years: range | None,
    optional: set[str],
) -> tuple[dict[str, str], dict[str, str], dict[str, Message]]:
    """Column -> plain name, plain name -> unit, and unknown column -> what may be meant."""
    names: dict[str, str] = {}
    units: dict[str, str] = {}
    unknown: dict[str, Message] = {}
    for column in table.columns:
        match = _HEADER.match(column)
        name = match["name"] if match else column
        place = table.place_of_column(column)
        if name in names.values():
            faults.add(place, message("column '{name}' stands twice", name=name))
        names[column] = name
        if is_year(name) and years is not None:
            if match and match["unit"] is not None:
                faults.add(
                    place,
                    message("column '{column}' takes no unit; each row has its own", column=column),
                )
            if int(name) not in years and not faults.years_told:
                fault = message(
                    "column '{name}' is outside the years {first} to {last}",
                    name=name,
                    first=years.start,
                    last=years.stop - 1,
                )
                faults.add(place, fault)
        elif name in columns:
            unit = match["unit"] if match else None
            _header_unit(place, name, unit, columns[name], units, faults)
        elif name not in optional:
            hint = did_you_mean(name, [*columns, *optional])
            if years is not None and (year := _year_in(column)):
                hint = message(
                    "; is it the year {year}? write {year} alone, as a plain number", year=year
                )
            unknown[column] = hint
    return names, units, unknown


def _unknown_and_missing(
    table: Table,
    columns: Mapping[str, Dimension | None],
    names: Mapping[str, str],
    unknown: Mapping[str, Message],
    faults: Faults,
) -> None:
    """Tells unknown columns and missing ones; one that is a slip of another is one fault.

    names: column -> its plain name; unknown: column -> what may be meant by it.
    """
    missing = [name for name in columns if name not in names.values()]
    others = []
    for column, hint in unknown.items():
        slip = get_close_matches(names[column], missing, n=1, cutoff=0.6)
        missing = [name for name in missing if name not in slip]
        if slip or _year_in(column):
            _unknown(table, column, hint, faults)
        else:
            others.append(column)
    if len(missing) != 1 or len(others) != 1:
        for column in others:
            _unknown(table, column, unknown[column], faults)
    shown = [f"{name} [{columns[name]}]" if columns[name] else name for name in missing]
    if len(shown) > 1:
        faults.add(table.name, message("the columns {columns} are missing", columns=tuple(shown)))
    elif shown:
        what = message("column '{column}' is missing", column=shown[0])
        if len(others) == 1:
            what = message("{what}; is it '{column}'?", what=what, column=others[0])
        faults.add(table.name, what)


def _unknown(table: Table, column: str, hint: Message, faults: Faults) -> None:
    what = message("column '{column}' is unknown{hint}", column=column, hint=hint)
    faults.add(table.place_of_column(column), what)


def _year_in(column: str) -> str:
    """The year that is meant by ``2030年``, ``FY2030``, a date, or full-width digits."""
    digits = unicodedata.normalize("NFKC", column)
    if serial := re.match(r"1905-\d\d-\d\d", digits):  # the number 2030, formatted as a date
        return str((date.fromisoformat(serial[0]) - date(1899, 12, 30)).days)
    found: list[str] = re.findall(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", digits)
    return found[0] if len(found) == 1 else ""


def _header_unit(
    place: str | Message | Location,
    name: str,
    unit: str | None,
    dimension: Dimension | None,
    units: dict[str, str],
    faults: Faults,
) -> None:
    if dimension is None:
        if unit is not None:
            faults.add(place, message("column '{name}' takes no unit", name=name))
        return
    if unit is None or unit not in UNITS or UNITS[unit][0] is not dimension:
        said = message("has the unit '{unit}'", unit=unit) if unit else message("has no unit")
        known = accepted(dimension)
        faults.add(
            place,
            message(
                "column '{name}' {said}; write '{name} [unit]' with one of: {known}",
                name=name,
                said=said,
                known=known,
            ),
        )
        return
    units[name] = unit
