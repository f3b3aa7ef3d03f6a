"""Reads the power sources of sites that burn fuel."""

from collections.abc import Collection, Mapping

from model.case.sites import Generator
from model.case.tables import Row, Table
from model.case.types import Fuel, FuelKind
from model.case.units import Dimension as D
from model.messages.faults import did_you_mean
from model.messages.message import message
from model.reading.rows import capacity
from model.reading.rows.capacity import (
    Limited,
    line_of_capacity,
    names_or_id,
    read_capacity,
    rows_of_things,
)
from model.reading.rows.context import Context
from model.reading.rows.words import free_id

GENERATOR_COLUMNS: dict[str, D | None] = {
    "generator": None,
    "site": None,
    "fuel": None,
    "heat_rate": D.HEAT_PER_POWER,
    **capacity.COLUMNS,
}
GENERATOR_NUMBERS: dict[str, D] = {**capacity.DOUBT}  # columns that it may have
_HEAT_RATES = (3.6, 40.0)  # GJ/MWh: all heat becomes power, or 9 % of it


def read_generators(
    table: Table | None, context: Context, fuels: Mapping[str, Fuel], lost: Collection[str]
) -> Limited[Generator]:
    """The power sources, each with the line that limits its power; none without a table.

    lost: ids of fuels whose rows are at fault, and are told there.
    """
    found = Limited[Generator]({}, {})
    columns, numbers = GENERATOR_COLUMNS, GENERATOR_NUMBERS
    for row in rows_of_things(table, "generators.csv", columns, numbers, context):
        _read_generator(row, context, fuels, lost, found)
    return found


def _read_generator(
    row: Row,
    context: Context,
    fuels: Mapping[str, Fuel],
    lost: Collection[str],
    found: Limited[Generator],
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
