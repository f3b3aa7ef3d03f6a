"""Reads the routes on which clinker goes from one site of the group to another."""

from model.case.sites import Route, Site
from model.case.tables import Row, Table
from model.case.units import Dimension as D
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

ROUTE_COLUMNS: dict[str, D | None] = {"route": None, "from": None, "to": None, **capacity.COLUMNS}
ROUTE_NUMBERS: dict[str, D] = {  # columns that it may have
    "transport": D.MASS_RATIO,
    "loss": D.SHARE,
    **capacity.DOUBT,
}
_MOST_TRANSPORT = 1.0  # t CO2e/t: a truck that goes 10,000 km
_MOST_LOSS = 0.5


def read_routes(table: Table | None, context: Context) -> Limited[Route]:
    """The routes, each with the line that limits what it carries; none without a table."""
    found = Limited[Route]({}, {})
    for row in rows_of_things(table, "routes.csv", ROUTE_COLUMNS, ROUTE_NUMBERS, context):
        _read_route(row, context, found)
    return found


def _read_route(row: Row, context: Context, found: Limited[Route]) -> None:
    name = free_id(row, "route", context.ids)
    origin, destination = (context.places.site(row, column) for column in ("from", "to"))
    _check_ends(row, origin, destination, context)
    transport = row.number_in("transport", most=_MOST_TRANSPORT) if row.text("transport") else 0.0
    loss = row.number_in("loss", most=_MOST_LOSS) if row.text("loss") else 0.0
    most = read_capacity(row, "clinker_moved", "route", context)
    if name is None or origin is None or destination is None or most is None:
        return
    found.things[name] = Route(
        id=name,
        names=names_or_id(row, name),
        origin=origin.id,
        destination=destination.id,
        transport=transport,
        loss=loss,
    )
    found.lines[name] = line_of_capacity(row, name, origin.id, most)


def _check_ends(row: Row, origin: Site | None, destination: Site | None, context: Context) -> None:
    """Clinker is sent by a kiln, to another site that makes cement."""
    lost = context.places.at_fault
    if origin is not None and origin == destination:
        row.fault(message("goes from '{site}' to itself", site=origin.id), "to")
        return
    if origin is not None and not origin.kind.has_kiln and origin.id not in lost:
        what = message("begins at '{site}', which never has a kiln to send clinker", site=origin.id)
        row.fault(what, "from")
    if destination is not None and not destination.kind.makes_cement and destination.id not in lost:
        what = message("ends at '{site}', which makes no cement", site=destination.id)
        row.fault(what, "to")
