"""Reads a whole case from its raw tables, and tells every fault at once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from model.case.faults import CaseError, TooManyFaultsError
from model.case.location import Location
from model.case.messages import Message, message
from model.case.places import Places
from model.case.tables import Faults, Table
from model.case.types import (
    Accounting,
    Case,
    Consolidation,
    Fuel,
    FuelKind,
    Material,
    Names,
    Site,
    Source,
    YearValues,
)
from model.reading.bounds import Selection, read_bounds
from model.reading.plan import read_plan
from model.reading.sectors import read_sectors
from model.reading.series import read_series
from model.reading.settings import NamesSettings, Settings, part_of, read_settings
from model.reading.sites import read_fuels, read_materials, read_sites
from model.reading.targets import TargetYears, read_targets

REQUIRED = ("sites", "series", "fuels", "materials", "bounds", "targets")
OPTIONAL = ("plan", "sectors")
MOST_USES = 250_000  # sites times fuels and materials of a case; the largest has some 1,000


def case_from_tables(
    case_id: str,
    where: str,
    settings_name: str | Message,
    raw_settings: Mapping[str, Any],
    tables: Mapping[str, Table],
    hashes: Mapping[str, str],
    scenario: str = "",
    settings_places: Mapping[str, tuple[Location, Location]] | None = None,
) -> Case:
    """A case from its settings and raw tables (by name without ending).

    The table ``scenario``, where there is one, replaces lines of ``series``; ``scenario`` is its
    name. settings_places: key -> the cells of it and its value, in a workbook. Raises ``CaseError``
    with every fault found; ``where`` is how its user calls the case.
    """
    faults = Faults()
    try:
        settings = read_settings(raw_settings, settings_name, settings_places or {}, faults)
        things = _things(settings, tables, faults)
        _few_enough(things, faults)
        if settings is None or not things.sites:  # of the rest no place or year would be known
            raise CaseError(where, faults.entries)
        case = _read(case_id, settings, things, tables, faults, hashes, scenario)
    except TooManyFaultsError:
        raise CaseError(where, faults.entries) from None
    if faults.entries:
        raise CaseError(where, faults.entries)
    return case


class _Things(NamedTuple):
    """What the other tables name, and where its numbers come from."""

    sites: Mapping[str, Site]
    fuels: Mapping[str, Fuel]
    materials: Mapping[str, Material]
    sources: list[Source]


def _few_enough(things: _Things, faults: Faults) -> None:
    """Raises ``TooManyFaultsError`` where what each site may use is beyond all use."""
    kinds = len(things.fuels) + len(things.materials)
    if len(things.sites) * kinds > MOST_USES:
        fault = message(
            "has {count:,} sites, and there are {kinds:,} fuels and materials; no group has more "
            "than {most:,} of both, one times the other",
            count=len(things.sites),
            kinds=kinds,
            most=MOST_USES,
        )
        faults.add("sites.csv", fault)
        raise TooManyFaultsError


def _things(settings: Settings | None, tables: Mapping[str, Table], faults: Faults) -> _Things:
    share = Consolidation.EQUITY if settings is None else settings.accounting.consolidation
    sources: list[Source] = []
    sites = read_sites(tables.get("sites"), share, sources, faults)
    fuels = read_fuels(tables.get("fuels"), sources, faults)
    return _Things(sites, fuels, read_materials(tables.get("materials"), sources, faults), sources)


def _read(
    case_id: str,
    settings: Settings,
    things: _Things,
    tables: Mapping[str, Table],
    faults: Faults,
    hashes: Mapping[str, str],
    scenario: str,
) -> Case:
    years = range(settings.base_year, settings.final_year + 1)
    reported = range(settings.base_year, settings.inventory_year + 1)
    horizon = range(settings.inventory_year + 1, settings.final_year + 1)
    get, accounting = tables.get, Accounting(**dict(settings.accounting))
    sites, fuels, materials, sources = things
    lost_fuels = _named(get("fuels"), "fuel") - set(fuels)
    lost_materials = _named(get("materials"), "material") - set(materials)
    lost_sites = _named(get("sites"), "site") - set(sites)
    lost_regions = _named(get("sites"), "region") - {site.region for site in sites.values()}
    places = Places(sites, lost_sites | lost_regions)
    selection = Selection(fuels, materials, lost_fuels | lost_materials)
    mixed = [f.id for f in fuels.values() if f.kind is FuelKind.MIXED_WASTE] + sorted(lost_fuels)
    biogenic = accounting.captured_biogenic_counts
    series = (get("series"), get("scenario"), places, mixed, years, sources, biogenic, faults)
    bounds = (get("bounds"), places, selection, years, horizon, sources, faults)
    parts: dict[str, Any] = {
        "accounting": accounting,
        "sites": sites,
        "fuels": fuels,
        "materials": materials,
        "series": read_series(*series),
        "bounds": read_bounds(*bounds),
        "plan": read_plan(get("plan"), places, selection, reported, years, sources, faults),
        "sectors": read_sectors(get("sectors"), sources, faults),
        "regions": _regions(settings, places, faults),
    }
    idle = _idle(sites, parts["series"], settings.base_year)
    if all(_idle(sites, parts["series"], year).issuperset(sites) for year in horizon):
        faults.add(
            "series.csv", message("the group makes nothing from {start} on", start=horizon.start)
        )
    given = TargetYears(settings.base_year, horizon, get("plan") is not None, idle)
    limits = (get("targets"), places, parts["bounds"], given, parts["sectors"], sources, faults)
    parts |= {"targets": read_targets(*limits), "sources": tuple(sources)}
    return Case(id=case_id, hashes=hashes, scenario=scenario, **_facts(settings), **parts)


def _idle(
    sites: Mapping[str, Site], series: Mapping[tuple[str, str, str], YearValues], year: int
) -> frozenset[str]:
    """The sites that make no product of the group's in a year."""
    made = ("cement", "clinker_sold", "substitutes_sold")

    def makes(site: Site) -> bool:
        lines = (series.get((site.id, quantity, ""), {}) for quantity in made)
        return site.share > 0 and any(line.get(year) for line in lines)

    def is_known(site: Site) -> bool:
        return not site.kind.makes_cement or year in series.get((site.id, "cement", ""), {})

    return frozenset(s.id for s in sites.values() if is_known(s) and not makes(s))


def _facts(settings: Settings) -> dict[str, Any]:
    """What the settings say of the whole case."""
    company = settings.company or settings.names
    return {
        "names": _both(settings.names),
        "company": _both(company),
        "base_year": settings.base_year,
        "inventory_year": settings.inventory_year,
        "final_year": settings.final_year,
        "objective": settings.objective,
        "second": settings.then,
        "within": part_of(settings.within),
    }


def _both(names: NamesSettings) -> Names:
    """Both names; the English one where there is none in Chinese, as in tables."""
    return Names(names.en, names.zh or names.en)


def _named(table: Table | None, *columns: str) -> frozenset[str]:
    """What columns of a table say, also in rows at fault."""
    rows = table.rows if table is not None else ()
    return frozenset(cells.get(column, "") for _, cells in rows for column in columns)


def _regions(settings: Settings, places: Places, faults: Faults) -> dict[str, Names]:
    regions = {region: Names(region, region) for region in places.regions}
    for region, names in settings.regions.items():
        if region not in regions and region not in places.at_fault:
            faults.add(
                "case.toml", message("region '{region}' has no site in sites.csv", region=region)
            )
        regions[region] = _both(names)
    return regions
