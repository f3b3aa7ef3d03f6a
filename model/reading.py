"""Reads a whole case from its raw tables, and tells every fault at once."""

from collections.abc import Mapping
from typing import Any

from model.case import Accounting, Case, Consolidation, FuelKind, Names, Site, Source
from model.faults import CaseError, TooManyFaultsError
from model.places import Places
from model.read_bounds import Selection, read_bounds
from model.read_plan import read_plan
from model.read_sectors import read_sectors
from model.read_series import read_series
from model.read_sites import read_fuels, read_materials, read_sites
from model.read_targets import TargetYears, read_targets
from model.settings import Settings, read_settings
from model.tables import Faults, Table

REQUIRED = ("sites", "series", "fuels", "materials", "bounds", "targets")
OPTIONAL = ("plan", "sectors")


def case_from_tables(
    case_id: str,
    where: str,
    settings_name: str,
    raw_settings: Mapping[str, Any],
    tables: Mapping[str, Table],
    case_hash: str,
    scenario: str = "",
    settings_places: Mapping[str, tuple[str, str]] | None = None,
) -> Case:
    """A case from its settings and raw tables (by name without ending).

    The table ``scenario``, where there is one, replaces lines of ``series``; ``scenario`` is its
    name. settings_places: key -> the cells of it and its value, in a workbook. Raises ``CaseError``
    with every fault found; ``where`` is how its user calls the case.
    """
    faults = Faults()
    try:
        settings = read_settings(raw_settings, settings_name, settings_places or {}, faults)
        if settings is None:
            read_sites(tables.get("sites"), Consolidation.EQUITY, [], faults)
            read_fuels(tables.get("fuels"), [], faults)
            read_materials(tables.get("materials"), [], faults)
            raise CaseError(where, faults.found)
        case = _read(case_id, settings, tables, faults, case_hash, scenario)
    except TooManyFaultsError:
        raise CaseError(where, faults.found) from None
    if faults.found:
        raise CaseError(where, faults.found)
    return case


def _read(
    case_id: str,
    settings: Settings,
    tables: Mapping[str, Table],
    faults: Faults,
    case_hash: str,
    scenario: str,
) -> Case:
    sources: list[Source] = []
    years = range(settings.base_year, settings.final_year + 1)
    reported = range(settings.base_year, settings.inventory_year + 1)
    horizon = range(settings.inventory_year + 1, settings.final_year + 1)
    get, accounting = tables.get, Accounting(**dict(settings.accounting))
    sites = read_sites(get("sites"), accounting.consolidation, sources, faults)
    fuels = read_fuels(get("fuels"), sources, faults)
    materials = read_materials(get("materials"), sources, faults)
    places, selection = Places(sites), Selection(fuels, materials)
    mixed = [f.id for f in fuels.values() if f.kind is FuelKind.MIXED_WASTE]
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
        "regions": _regions(settings, sites, faults),
    }
    given = TargetYears(settings.base_year, horizon, bool(parts["plan"]))
    limits = (get("targets"), places, parts["bounds"], given, parts["sectors"], sources, faults)
    parts |= {"targets": read_targets(*limits), "sources": tuple(sources)}
    return Case(id=case_id, hash=case_hash, scenario=scenario, **_facts(settings), **parts)


def _facts(settings: Settings) -> dict[str, Any]:
    """What the settings say of the whole case."""
    company = settings.company or settings.names
    return {
        "names": Names(settings.names.en, settings.names.zh),
        "company": Names(company.en, company.zh),
        "base_year": settings.base_year,
        "inventory_year": settings.inventory_year,
        "final_year": settings.final_year,
        "objective": settings.objective,
        "second": settings.then,
    }


def _regions(settings: Settings, sites: Mapping[str, Site], faults: Faults) -> dict[str, Names]:
    regions = {site.region: Names(site.region, site.region) for site in sites.values()}
    for region, names in settings.regions.items():
        if region not in regions:
            faults.add("case.toml", f"region '{region}' has no site in sites.csv")
        regions[region] = Names(names.en, names.zh)
    return regions
