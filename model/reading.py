"""Reads a whole case from its raw tables, and tells every fault at once."""

from collections.abc import Mapping
from typing import Any

from model.case import Accounting, Case, Consolidation, Names, Site, Status
from model.faults import CaseError
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
) -> Case:
    """A case from its settings and raw tables (by name without ending).

    The table ``scenario``, where there is one, replaces lines of ``series``; ``scenario`` is its
    name. Raises ``CaseError`` with every fault found; ``where`` is how its user calls the case.
    """
    faults = Faults()
    settings = read_settings(raw_settings, settings_name, faults)
    if settings is None:
        read_sites(tables.get("sites"), Consolidation.EQUITY, dict.fromkeys(Status, 0), faults)
        read_fuels(tables.get("fuels"), dict.fromkeys(Status, 0), faults)
        read_materials(tables.get("materials"), dict.fromkeys(Status, 0), faults)
        raise CaseError(where, faults.found)
    case = _read(case_id, settings, tables, faults, case_hash, scenario)
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
    counts = dict.fromkeys(Status, 0)
    years = range(settings.base_year, settings.final_year + 1)
    reported = range(settings.base_year, settings.inventory_year + 1)
    horizon = range(settings.inventory_year + 1, settings.final_year + 1)
    accounting, company = settings.accounting, settings.company or settings.names
    sites = read_sites(tables.get("sites"), accounting.consolidation, counts, faults)
    fuels = read_fuels(tables.get("fuels"), counts, faults)
    materials = read_materials(tables.get("materials"), counts, faults)
    places, selection = Places(sites), Selection(fuels, materials)
    mixed = [f.id for f in fuels.values() if f.kind.value == "mixed_waste"]
    biogenic_counts = accounting.captured_biogenic_counts
    series = read_series(
        tables.get("series"),
        tables.get("scenario"),
        places,
        mixed,
        years,
        counts,
        biogenic_counts,
        faults,
    )
    bounds = read_bounds(tables.get("bounds"), places, selection, years, horizon, counts, faults)
    plan = read_plan(tables.get("plan"), places, selection, reported, years, counts, faults)
    sectors = read_sectors(tables.get("sectors"), counts, faults)
    targets = read_targets(
        tables.get("targets"),
        places,
        bounds,
        TargetYears(settings.base_year, horizon, bool(plan)),
        sectors,
        counts,
        faults,
    )
    return Case(
        id=case_id,
        names=Names(settings.names.en, settings.names.zh),
        company=Names(company.en, company.zh),
        regions=_regions(settings, sites, faults),
        base_year=settings.base_year,
        inventory_year=settings.inventory_year,
        final_year=settings.final_year,
        accounting=Accounting(
            accounting.consolidation, biogenic_counts, accounting.captured_use_counts
        ),
        objective=settings.objective,
        second=settings.then,
        sites=sites,
        fuels=fuels,
        materials=materials,
        series=series,
        bounds=bounds,
        targets=targets,
        plan=plan,
        sectors=sectors,
        provenance=counts,
        hash=case_hash,
        scenario=scenario,
    )


def _regions(settings: Settings, sites: Mapping[str, Site], faults: Faults) -> dict[str, Names]:
    regions = {site.region: Names(site.region, site.region) for site in sites.values()}
    for region, names in settings.regions.items():
        if region not in regions:
            faults.add("case.toml", f"region '{region}' has no site in sites.csv")
        regions[region] = Names(names.en, names.zh)
    return regions
