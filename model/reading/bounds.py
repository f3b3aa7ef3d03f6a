"""Reads the register of bounds."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from model.case.at_kilns import AT
from model.case.places import Places, parts_of_place
from model.case.senses import Sense
from model.case.tables import LARGEST, Row, Table, members
from model.case.types import (
    Bound,
    BoundKind,
    Confidence,
    Names,
    Status,
)
from model.case.units import Dimension as D
from model.levers.levers import (
    LEVERS,
    MOST,
    change_dimensions,
    level_dimensions,
    sum_dimensions,
)
from model.messages.faults import did_you_mean
from model.messages.message import message
from model.reading.rows import capacity
from model.reading.rows.bound_years import SEED, expiry_of, first_of_sum, line_of_years, seed_of
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import OWN_NAMES, own_names, provenance
from model.reading.rows.register import Register
from model.reading.rows.selection import Selection

COLUMNS: dict[str, D | None] = {
    "id": None,
    "lever": None,
    "which": None,
    "place": None,
    "sense": None,
    "unit": None,
    "kind": None,
    "source": None,
    "expires": None,
    "status": None,
    "confidence": None,
}
DOUBT = capacity.DOUBT  # a column that it may have
_OF_KILNS = ("clinker", "alternative_raw", "heat_intensity", "capture", "waste_heat_power")
_ANYWHERE = ("renewable_power", "own_power", "grid_power", "clinker_moved")
OF_PRODUCTS = ("addition", "clinker_ratio")  # levers whose place may name a product
MOST_AT_KILNS = 200_000  # lines that least heats of several kilns become, as many as bounds


def read_bounds(table: Table | None, context: Context, selection: Selection) -> Register:
    """The register."""
    bounds: dict[str, Bound] = {}
    row_of: dict[str, Row] = {}
    lost = set[str]()
    rows = open_table(
        table,
        "bounds.csv",
        COLUMNS,
        context.faults,
        years=context.years,
        optional=(*OWN_NAMES, SEED),
        measured=DOUBT,
    )
    for row in rows:
        bound = _read_bound(row, context, selection)
        if bound is not None:
            bounds[bound.id] = bound
            if bound.lever == "cement" or bound.dimension is D.POINTS_PER_YEAR:
                row_of[bound.id] = row
        if row.at_fault:
            lost.add(row.text("lever") if row.text("lever") in LEVERS else "")
    if table is None or "bounds.csv" in context.faults.unread:
        lost.add("")
    return Register(bounds, row_of, frozenset(lost))


def at_kilns(bounds: Mapping[str, Bound], context: Context) -> dict[str, Bound]:
    """A least heat of several kilns as lines that hold at each of them; none where too many.

    bounds: the register by id.
    """
    found: dict[str, Bound] = {}
    kilns_of: dict[tuple[str, ...], list[str]] = {}
    count = 0
    for bound in bounds.values():
        if bound.lever != "heat_intensity" or bound.sense not in (Sense.MIN, Sense.FIXED):
            continue
        if bound.sites not in kilns_of:
            sites = context.places.sites
            kilns_of[bound.sites] = [site for site in bound.sites if sites[site].kind.has_kiln]
        kilns = kilns_of[bound.sites]
        count += len(kilns) if len(kilns) > 1 else 0
        if count > MOST_AT_KILNS:
            what = message(
                "'{bound}' and the least heats of several kilns before it hold at more than "
                "{most:,} kilns, all together; no group has as many",
                bound=bound.id,
                most=MOST_AT_KILNS,
            )
            context.faults.add("bounds.csv", what)
            return {}
        for site in kilns if len(kilns) > 1 else ():
            name, own = f"{bound.id}{AT}{site}", bound.names
            names = own and Names(f"{own.en}: {site}", f"{own.zh}：{site}")
            found[name] = replace(
                bound, id=name, place=site, sites=(site,), sense=Sense.MIN, names=names
            )
    return found


def _read_bound(row: Row, context: Context, selection: Selection) -> Bound | None:
    bound_id = row.identifier("id", context.ids)
    lever_name, which, place = row.needed("lever"), row.text("which"), row.needed("place")
    sense, kind = row.choice("sense", Sense), row.choice("kind", BoundKind)
    status = members(Status).get(row.text("status"), Status.ASSUMED)
    confidence = row.choice("confidence", Confidence)
    sites = _sites(row, lever_name, place, context.places)
    if not _is_lever(row, lever_name) or sense is None:
        return None
    allowed = _allowed(lever_name, sense)
    unit = row.unit(*allowed, what=message("{sense} of {lever}", sense=sense, lever=lever_name))
    dimension, unit_text, factor = unit or (allowed[0], "", 1.0)
    weights = _weights(row, selection, lever_name, which, dimension)
    most = MOST.get(dimension, LARGEST) if unit else LARGEST
    given = row.years(factor, unit_text, most=most, what=lever_name)
    provenance(row, len(given), context.sources, "id")
    expires = expiry_of(row)
    seed = seed_of(row, lever_name, dimension) if row.text(SEED) else 0.0
    doubt = row.number_in("doubt", most=1.0) if row.text("doubt") else None
    since = first_of_sum(row, given, expires, context.horizon) if sense.sums_years else None
    values = line_of_years(row, given, expires, context.years, is_sum=sense.sums_years)
    _meaningful_place(row, lever_name, place, context.places)
    if weights:
        _where_it_is(row, lever_name, place, sites, selection.homes(LEVERS[lever_name], weights))
    if not (bound_id and kind and confidence and unit and sites) or weights is None:
        return None
    return Bound(
        id=bound_id,
        lever=lever_name,
        which=which,
        weights=weights,
        place=place,
        sites=sites,
        sense=sense,
        dimension=dimension,
        unit=unit_text,
        factor=factor,
        values=values,
        kind=kind,
        source=row.text("source"),
        expires=expires,
        status=status,
        confidence=confidence,
        names=own_names(row),
        doubt=doubt,
        since=since,
        seed=seed,
        product=parts_of_place(place)[1],
    )


def _sites(row: Row, lever: str, place: str, places: Places) -> tuple[str, ...]:
    """The sites that a place covers; of cement those that make it, as others have none."""
    sites = places.resolve(row, place, product=lever in OF_PRODUCTS)
    if lever != "cement":
        return sites
    return tuple(site for site in sites if places.sites[site].kind.makes_cement)


def _is_lever(row: Row, name: str) -> bool:
    """Whether a lever is known; else it is told."""
    if name and name not in LEVERS:
        known = did_you_mean(name, LEVERS)
        row.fault(message("lever '{lever}' is unknown{known}", lever=name, known=known), "lever")
    return name in LEVERS


def _weights(
    row: Row, selection: Selection, lever: str, which: str, dimension: D
) -> Mapping[str, float] | None:
    """What a bound selects, each with its factor; ``None`` where that is at fault."""
    weights = selection.weights(row, LEVERS[lever], which)
    if weights is None:
        return None
    if LEVERS[lever].selects and not weights:
        what = message(
            "which '{which}' covers nothing: the case has no {what}",
            which=which,
            what=lever if which in ("", "all") else which,
        )
        selection.unknown(row, LEVERS[lever], which, what)
    if dimension is D.MASS and lever == "fuel":
        return selection.per_mass(row, which, weights)
    return weights


@cache
def _allowed(lever: str, sense: Sense) -> tuple[D, ...]:
    """The dimensions that a bound on a lever, its yearly change or its sum over years may have."""
    if sense.limits_change:
        return change_dimensions(LEVERS[lever])
    return (sum_dimensions if sense.sums_years else level_dimensions)(LEVERS[lever])


def _meaningful_place(row: Row, lever: str, place: str, places: Places) -> None:
    what = places.without(place, kiln=lever in _OF_KILNS)
    if what is not None and lever not in _ANYWHERE:
        row.fault(what, "place")


def _where_it_is(
    row: Row, lever: str, place: str, sites: tuple[str, ...], homes: frozenset[str] | None
) -> None:
    """A fault where no route begins at the place, or no power source stands there.

    homes: where what is selected is; ``None`` where that is at any site.
    """
    if homes is None or not sites or not homes.isdisjoint(sites):
        return
    what = message("has no meaning in '{place}', where no power source stands", place=place)
    if lever == "clinker_moved":
        what = message("has no meaning in '{place}', where no route begins", place=place)
    if row.text("which") not in ("", "all"):
        what = message(
            "'{which}' is at {sites}, not at '{place}'",
            which=row.text("which"),
            sites=tuple(sorted(homes)),
            place=place,
        )
    row.fault(what, "place")
