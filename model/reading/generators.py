"""Reads the power sources of sites that burn fuel."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from model.case.sites import Generator
from model.case.tables import Row, Table
from model.case.types import Bound, Fuel, FuelKind
from model.case.units import Dimension as D
from model.messages.faults import did_you_mean
from model.messages.message import message
from model.reading.rows import capacity
from model.reading.rows.capacity import line_of_capacity, names_or_id, read_capacity
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import OWN_NAMES, not_too_many
from model.reading.rows.words import free_id

GENERATOR_COLUMNS: dict[str, D | None] = {
    "generator": None,
    "site": None,
    "fuel": None,
    "heat_rate": D.HEAT_PER_POWER,
    **capacity.COLUMNS,
}
GENERATOR_NUMBERS: dict[str, D] = {**capacity.DOUBT}  # columns that it may have
MOST_GENERATORS = 5000  # of a case; the largest group has some 100
_HEAT_RATES = (3.6, 40.0)  # GJ/MWh: all heat becomes power, or 9 % of it


class Generators(NamedTuple):
    """The power sources by id, and the line of the register of each."""

    things: dict[str, Generator]
    lines: dict[str, Bound]


def read_generators(
    table: Table | None, context: Context, fuels: Mapping[str, Fuel], lost: Collection[str]
) -> Generators:
    """The power sources, each with the line that limits its power; none without a table.

    lost: ids of fuels whose rows are at fault, and are told there.
    """
    found = Generators({}, {})
    if table is None:
        return found
    rows = open_table(
        table,
        "generators.csv",
        GENERATOR_COLUMNS,
        context.faults,
        years=context.years,
        optional=OWN_NAMES,
        measured=GENERATOR_NUMBERS,
    )
    for row in not_too_many(rows, MOST_GENERATORS):
        _read_generator(row, context, fuels, lost, found)
    return found


def _read_generator(
    row: Row,
    context: Context,
    fuels: Mapping[str, Fuel],
    lost: Collection[str],
    found: Generators,
) -> None:
    name, site = free_id(row, "generator", context.ids), context.places.site(row, "site")
    fuel = row.needed("fuel")
    unread = "fuels.csv" in context.faults.unread
    if fuel and fuel not in fuels and not unread and fuel not in lost and "" not in lost:
        known = did_you_mean(fuel, fuels)
        row.fault(message("fuel '{fuel}' is unknown{known}", fuel=fuel, known=known), "fuel")
    elif fuel in fuels and fuels[fuel].kind is FuelKind.ELECTRIC:
        row.fault(message("'{fuel}' is power itself and makes none", fuel=fuel), "fuel")
    least, most = _HEAT_RATES
    heat_rate = row.number_in("heat_rate", least=least, most=most)
    power = read_capacity(row, "own_power", "generator", context)
    if name is None or site is None or fuel not in fuels or power is None:
        return
    found.things[name] = Generator(
        id=name, names=names_or_id(row, name), site=site.id, fuel=fuel, heat_rate=heat_rate
    )
    found.lines[name] = line_of_capacity(row, name, site.id, power)
