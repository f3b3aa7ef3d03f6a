"""Rows of things that may be used up to an amount a year: each is a line of the register too."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from model.case.senses import Sense
from model.case.tables import Row, Table, members
from model.case.types import Bound, BoundKind, Confidence, Names, Status
from model.case.units import Dimension as D
from model.case.year_lines import YearLine, interpolate
from model.levers.levers import LEVERS
from model.messages.message import message
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import OWN_NAMES, not_too_many, own_names, provenance

T = TypeVar("T")

COLUMNS: dict[str, D | None] = {
    "unit": None,
    "kind": None,
    "source": None,
    "status": None,
    "confidence": None,
}
DOUBT: dict[str, D] = {"doubt": D.SHARE}  # a column that it may have
MOST_THINGS = 5000  # of one table; the largest group has some 100


class Limited(NamedTuple, Generic[T]):
    """Things of a table by id, and the line of the register of each."""

    things: dict[str, T]
    lines: dict[str, Bound]


def rows_of_things(
    table: Table | None,
    name: str,
    columns: Mapping[str, D | None],
    numbers: Mapping[str, D],
    context: Context,
) -> list[Row]:
    """The rows of a table, by its name; none without one. numbers: columns that it may have."""
    if table is None:
        return []
    rows = open_table(
        table,
        name,
        columns,
        context.faults,
        years=context.years,
        optional=OWN_NAMES,
        measured=numbers,
    )
    return not_too_many(rows, MOST_THINGS)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much a year, in the words of the register."""

    lever: str
    unit: tuple[D, str, float]
    values: YearLine
    kind: BoundKind
    confidence: Confidence
    doubt: float | None


def read_capacity(row: Row, lever: str, column: str, context: Context) -> Capacity | None:
    """The capacity of a row; ``None``, and a fault, where it says none.

    column: in which its id stands.
    """
    kind, confidence = row.choice("kind", BoundKind), row.choice("confidence", Confidence)
    dimension = LEVERS[lever].quantity
    unit = row.unit(dimension, what=lever)
    given = row.years(unit[2] if unit else 1.0, unit[1] if unit else "", what=lever)
    provenance(row, len(given), context.sources, column)
    doubt = row.number_in("doubt", most=1.0) if row.text("doubt") else None
    values = _from_the_first_on(row, given, context)
    if not (kind and confidence and unit):
        return None
    return Capacity(lever, unit, values, kind, confidence, doubt)


def _from_the_first_on(row: Row, given: dict[int, float], context: Context) -> YearLine:
    """From the first year given to the end of the case; before it nothing, in the horizon."""
    years, first = context.years, min(given, default=context.years.stop)
    last = max(given, default=0)
    if not given:
        row.fault(message("has no values; write at least its first and its last year"))
    elif last < years.stop - 1:
        what = message(
            "its values end in {last}; the case ends in {year}: write the last value",
            last=last,
            year=years.stop - 1,
        )
        row.fault_of_years(what, behind=years.stop - 1)
    before = dict.fromkeys(range(context.horizon.start, first), 0.0)
    return interpolate({**before, **interpolate(given, years)}, years)


def line_of_capacity(row: Row, name: str, site: str, capacity: Capacity) -> Bound:
    """The line of the register: at most so much a year.

    name: its id, which is that of the thing; site: where it is used.
    """
    dimension, unit, factor = capacity.unit
    return Bound(
        id=name,
        lever=capacity.lever,
        which=name,
        weights={name: 1.0},
        place=site,
        sites=(site,),
        sense=Sense.MAX,
        dimension=dimension,
        unit=unit,
        factor=factor,
        values=capacity.values,
        kind=capacity.kind,
        source=row.text("source"),
        expires=None,
        status=members(Status).get(row.text("status"), Status.ASSUMED),
        confidence=capacity.confidence,
        names=own_names(row),
        doubt=capacity.doubt,
    )


def names_or_id(row: Row, name: str) -> Names:
    """The names of a thing; its id where it has none."""
    return own_names(row) or Names(name, name)
