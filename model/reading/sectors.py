"""Reads the sector pathways that a case brings along, for SDA."""

from collections.abc import Mapping

from model.case.ids import Ids
from model.case.sectors import CEMENT_1_5C_SCOPE_1, SectorPathway
from model.case.tables import Row, Table
from model.case.types import Scope, Source
from model.case.units import Dimension as D
from model.messages.message import message
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import provenance

COLUMNS: dict[str, D | None] = {
    "sector": None,
    "scope": None,
    "quantity": None,
    "unit": None,
    "source": None,
    "status": None,
}
OPTIONAL = ("licence",)
YEARS = range(1990, 2101)
QUANTITIES = ("emissions", "activity")
_MOST = 1e15  # t: the world's cement is some 4e9
Sectors = dict[tuple[str, Scope], SectorPathway]
Lines = dict[tuple[str, Scope], dict[str, tuple[dict[int, float], Row]]]


def read_sectors(table: Table | None, context: Context) -> Sectors:
    """Sector pathways by name and scope, with the one of the package under an empty name.

    Each needs a row of emissions and one of activity, over the same years or more.
    """
    sectors: Sectors = {("", Scope.ONE): CEMENT_1_5C_SCOPE_1}
    lines: Lines = {}
    ids = Ids()
    if table is not None:
        faults = context.faults
        for row in open_table(
            table, "sectors.csv", COLUMNS, faults, years=YEARS, optional=OPTIONAL
        ):
            _read_line(row, ids, lines, context.sources)
    for (name, scope), found in lines.items():
        pathway = _pathway(found)
        if pathway is not None:
            sectors[name, scope] = pathway
    return sectors


def _read_line(row: Row, ids: Ids, lines: Lines, sources: list[Source]) -> None:
    name, scope = row.group_id("sector", ids), row.choice("scope", Scope)
    if scope is Scope.BOTH:
        row.fault(
            message("scope is '1+2'; scope 1 and scope 2 are separate pathways, write two"), "scope"
        )
        scope = None
    quantity = row.needed("quantity")
    if quantity and quantity not in QUANTITIES:
        row.fault(
            message("quantity is '{quantity}'; write 'emissions' or 'activity'", quantity=quantity),
            "quantity",
        )
    unit = row.unit(D.MASS, what=message("a sector pathway"))
    _, text, factor = unit or (D.MASS, "", 1.0)
    least = -_MOST if quantity == "emissions" else 0.0  # a sector may remove more than it emits
    what = quantity or message("the line")
    values = row.years(factor, text, least=least, most=_MOST, what=what)
    provenance(row, len(values), sources, "sector", "scope", "quantity")
    if not name or scope is None or quantity not in QUANTITIES or unit is None:
        return
    if len(values) < 2:
        row.fault(message("needs numbers in at least two years"))
        return
    if quantity == "activity" and min(values.values()) <= 0:
        row.fault(message("activity must be more than 0 in every year"))
        return
    if quantity in lines.setdefault((name, scope), {}):
        row.fault(
            message(
                "duplicate row: {quantity} of '{name}', scope {scope}",
                quantity=quantity,
                name=name,
                scope=scope,
            )
        )
        return
    lines[name, scope][quantity] = values, row


def _pathway(rows: Mapping[str, tuple[dict[int, float], Row]]) -> SectorPathway | None:
    for wanted in QUANTITIES:
        if wanted not in rows:
            _, row = next(iter(rows.values()))
            row.fault(
                message(
                    "this sector pathway has no row of {wanted}; intensity is their ratio",
                    wanted=wanted,
                )
            )
            return None
    (emissions, row), (activity, _) = rows["emissions"], rows["activity"]
    if (min(emissions), max(emissions)) != (min(activity), max(activity)):
        row.fault(
            message(
                "emissions are given for {first} to {last}, activity for "
                "{start} to {end}; both need the same first and last year",
                first=min(emissions),
                last=max(emissions),
                start=min(activity),
                end=max(activity),
            )
        )
        return None
    return SectorPathway(emissions, activity, row.text("source"))
