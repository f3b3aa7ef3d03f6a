"""Reads the yearly series of a case and gives each site its own line."""

from collections.abc import Mapping
from dataclasses import dataclass

from model.case.places import Places
from model.case.sites import Site, SiteKind
from model.case.tables import LARGEST, Row, Table
from model.case.types import YearValues
from model.case.units import Dimension as D
from model.case.units import with_which
from model.messages.faults import did_you_mean
from model.messages.message import Message, mark, message
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import provenance
from model.reading.rows.whole_line import whole_line

I, G, C, O = SiteKind.INTEGRATED, SiteKind.GRINDING, SiteKind.CONCRETE, SiteKind.OFFICE  # noqa: E741


@dataclass(frozen=True, slots=True)
class SeriesQuantity:
    """needed: kinds of site that must have it; allowed: kinds that may; most: in inside units."""

    dimension: D
    needed: tuple[SiteKind, ...]
    allowed: tuple[SiteKind, ...]
    most: float
    meaning: str


QUANTITIES: dict[str, SeriesQuantity] = {
    "cement": SeriesQuantity(D.MASS, (I, G), (I, G), LARGEST, mark("cement made")),
    "clinker_sold": SeriesQuantity(D.MASS, (), (I,), LARGEST, mark("clinker sold as clinker")),
    "clinker_bought": SeriesQuantity(
        D.MASS,
        (),
        (I, G),
        LARGEST,
        mark("clinker bought; a grinding station without it decides what it buys"),
    ),
    "substitutes_sold": SeriesQuantity(
        D.MASS, (), (I, G), LARGEST, mark("cement substitutes sold")
    ),
    "other_direct": SeriesQuantity(
        D.MASS, (), (I, G, C, O), LARGEST, mark("mobile, fugitive and small stationary sources")
    ),
    "other_power": SeriesQuantity(
        D.POWER, (), (I, G, C, O), LARGEST, mark("power beside kiln line and cement grinding")
    ),
    "power_clinker": SeriesQuantity(
        D.POWER_PER_MASS, (I,), (I,), 1.0, mark("raw mill and kiln power")
    ),
    "power_cement": SeriesQuantity(
        D.POWER_PER_MASS, (I, G), (I, G), 1.0, mark("cement grinding power")
    ),
    "grid_factor": SeriesQuantity(
        D.CO2_PER_POWER, (I, G, C, O), (I, G, C, O), 3.0, mark("emissions of grid power")
    ),
    "capture_heat": SeriesQuantity(
        D.HEAT_PER_MASS, (I,), (I,), 20.0, mark("heat that capture needs")
    ),
    "capture_power": SeriesQuantity(
        D.POWER_PER_MASS, (I,), (I,), 5.0, mark("power that capture needs")
    ),
    "waste_heat_yield": SeriesQuantity(
        D.POWER_PER_HEAT,
        (),
        (I,),
        0.1,
        mark("power that waste heat can give, per heat of the kiln; 14 kWh/GJ where not given"),
    ),
    "captured_biogenic_share": SeriesQuantity(
        D.SHARE, (), (I,), 1.0, mark("largest biogenic share of stack CO2, where it does not count")
    ),
    "bought_clinker_co2": SeriesQuantity(
        D.MASS_RATIO, (), (I, G), 2.0, mark("CO2 of clinker bought, of its maker; scope 3, memo")
    ),
    "cement_bought": SeriesQuantity(
        D.MASS, (), (I, G, C), LARGEST, mark("cement bought from others, for scope 3 alone")
    ),
    "bought_cement_co2": SeriesQuantity(
        D.MASS_RATIO, (), (I, G, C), 2.0, mark("CO2 of cement bought, of its maker; scope 3, memo")
    ),
    "biomass_fraction": SeriesQuantity(
        D.SHARE, (), (I, G), 1.0, mark("biomass fraction of a fuel")
    ),
}
COLUMNS: dict[str, D | None] = {
    "place": None,
    "quantity": None,
    "which": None,
    "unit": None,
    "source": None,
    "status": None,
}
_AMOUNTS = (D.MASS, D.POWER, D.HEAT)
Lines = dict[tuple[str, str, str], YearValues]


def read_series(
    table: Table | None,
    scenario: Table | None,
    context: Context,
    mixed_fuels: list[str],
    biogenic_counts: bool,
) -> Lines:
    """(site, quantity, which) -> values for every year; sites share a region's or group's line."""
    given: Lines = {}
    faults = context.faults
    lost: list[Row] = []
    for row in open_table(table, "series.csv", COLUMNS, faults, years=context.years):
        _read_line(row, context, mixed_fuels, given)
        if row.at_fault:
            lost.append(row)
    if scenario is not None:
        given |= _read_scenario(scenario, given, context, mixed_fuels)
    if table is None or "series.csv" in faults.unread:
        return {}
    if not table.rows:
        faults.add(table.name, message("has no rows; a case needs those of every site"))
        faults.unread.add("series.csv")
        return {}
    lines: Lines = {}
    missing: dict[str, list[str]] = {}
    for site in context.places.sites.values():
        for quantity, spec in QUANTITIES.items():
            whichs = mixed_fuels if quantity == "biomass_fraction" else [""]
            for which in whichs:
                values = _nearest(given, site, quantity, which)
                if values is not None and site.kind in spec.allowed:
                    lines[site.id, quantity, which] = values
            wanted = spec.needed
            if quantity == "captured_biogenic_share" and not biogenic_counts:
                wanted = spec.allowed
            if site.kind in wanted and (site.id, quantity, "") not in lines:
                missing.setdefault(quantity, []).append(site.id)
    _tell_missing(table.name, missing, lost, context)
    return lines


def _tell_missing(
    table: str | Message, missing: Mapping[str, list[str]], lost: list[Row], context: Context
) -> None:
    """Tells what sites lack, but for what may stand in a row that is at fault, or be no lack.

    missing: quantity -> sites without it; lost: rows that are at fault.
    """
    places = context.places
    without: dict[tuple[str, ...], list[str]] = {}
    for quantity, sites in missing.items():
        found = tuple(
            site
            for site in sites
            if site not in places.at_fault
            and not any(_may_be(row, quantity, places.sites[site], places) for row in lost)
        )
        if found:
            without.setdefault(found, []).append(quantity)
    for found, quantities in without.items():
        one = len(found) == len(quantities) == 1
        what = message(
            "{quantity} of {site} is missing ({meaning})",
            quantity=tuple(quantities),
            site=message("'{word}'", word=found[0]) if one else found,
            meaning=tuple(message(QUANTITIES[quantity].meaning) for quantity in quantities),
        )
        context.faults.add(table, what)


def _may_be(row: Row, quantity: str, site: Site, places: Places) -> bool:
    """Whether a row that is at fault may be meant as the line of a site."""
    said, place = row.text("quantity"), row.text("place")
    of_site = place in (site.id, site.region, "group") or not places.covered((place,))[0]
    return of_site and (said == quantity or said not in QUANTITIES)


def _read_scenario(table: Table, given: Lines, context: Context, mixed_fuels: list[str]) -> Lines:
    """Lines that replace those of the same place and quantity in ``series.csv``."""
    instead: Lines = {}
    faults = context.faults
    for row in open_table(table, table.name, COLUMNS, faults, years=context.years):
        before = len(instead)
        _read_line(row, context, mixed_fuels, instead)
        last = next(reversed(instead), None)
        if len(instead) > before and last is not None and last not in given:
            place, quantity, which = last
            what = with_which(quantity, which)
            row.fault(
                message(
                    "replaces {what} of '{place}', which series.csv does not have",
                    what=what,
                    place=place,
                )
            )
    if table.columns and not table.rows:
        faults.add(
            table.name, message("has no rows; a scenario replaces at least one line of series.csv")
        )
    return instead


def _nearest(given: Lines, site: Site, quantity: str, which: str) -> YearValues | None:
    for place in (site.id, site.region, "group"):
        if (place, quantity, which) in given:
            return given[place, quantity, which]
    return None


def _read_line(row: Row, context: Context, mixed_fuels: list[str], given: Lines) -> None:
    place, quantity, which = row.needed("place"), row.needed("quantity"), row.text("which")
    if quantity and quantity not in QUANTITIES:
        row.fault(
            message(
                "quantity '{quantity}' is unknown{known}",
                quantity=quantity,
                known=did_you_mean(quantity, QUANTITIES),
            ),
            "quantity",
        )
        return
    sites = context.places.resolve(row, place, single=True)
    if not sites or not quantity:
        return
    spec = QUANTITIES[quantity]
    _check_place(row, place, context.places, quantity, spec)
    if quantity == "biomass_fraction":
        if which not in mixed_fuels:
            row.fault(
                message(
                    "which '{which}' must be a mixed_waste fuel{known}",
                    which=which,
                    known=did_you_mean(which, mixed_fuels),
                ),
                "which",
            )
            return
    elif which:
        row.fault(
            message("which is '{which}'; {quantity} takes none", which=which, quantity=quantity),
            "which",
        )
    unit = row.unit(spec.dimension, what=quantity)
    factor, unit_text = (unit[2], unit[1]) if unit else (1.0, "")
    most = spec.most if unit else LARGEST
    values = row.years(factor, unit_text, most=most, what=quantity)
    provenance(row, len(values), context.sources, "place", "quantity", "which")
    if (place, quantity, which) in given:
        what = with_which(quantity, which)
        row.fault(message("duplicate row: {what} of '{place}'", what=what, place=place))
        return
    given[place, quantity, which] = whole_line(
        row, values, context.years, message("{what} of '{place}'", what=quantity, place=place)
    )


def _check_place(row: Row, place: str, places: Places, quantity: str, spec: SeriesQuantity) -> None:
    if spec.dimension in _AMOUNTS and place not in places.sites:
        row.fault(
            message(
                "{quantity} is an amount, so its place must be one site, not '{place}'",
                quantity=quantity,
                place=place,
            ),
            "place",
        )
    found = places.kinds(place, single=True)
    if not found or not found.isdisjoint(spec.allowed):
        return
    what = places.without(place, kiln=spec.allowed == (I,), single=True)
    if what is not None and C not in spec.allowed:
        row.fault(what, "place")
    else:
        kinds = tuple(spec.allowed)
        row.fault(
            message(
                "{quantity} of '{place}' has no meaning there; it is of {kinds} sites",
                quantity=quantity,
                place=place,
                kinds=kinds,
            ),
            "place",
        )
