"""Reads a whole case from its raw tables, and tells every fault at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from model.case.consolidation import Consolidation
from model.case.ids import Ids
from model.case.places import Places
from model.case.tables import Faults, Table, is_year
from model.case.types import (
    Accounting,
    Case,
    Fuel,
    FuelKind,
    Material,
    Names,
    Site,
    Source,
    YearValues,
)
from model.messages.faults import CaseError, Fault, TooManyFaultsError
from model.messages.location import Location
from model.messages.message import Message, message
from model.reading.bounds import Selection, read_bounds
from model.reading.context import Context
from model.reading.plan import read_plan
from model.reading.sectors import read_sectors
from model.reading.series import read_series
from model.reading.settings import NamesSettings, Settings, part_of, read_settings
from model.reading.sites import read_fuels, read_materials, read_sites
from model.reading.targets import BaseYear, read_targets

REQUIRED = ("sites", "series", "fuels", "materials", "bounds", "targets")
OPTIONAL = ("plan", "sectors")
MOST_USES = 250_000  # sites times fuels and materials of a case; the largest has some 1,000


@dataclass(frozen=True)
class RawCase:
    """A case as its files have it, before anything is understood.

    where: how its user calls it; settings_places: key, as ``names.en`` -> the cells of it and its
    value, in a workbook; tables: by name without ending. The table ``scenario``, where there is
    one, replaces lines of ``series``; ``scenario`` is its name.

    taken: what was read otherwise than it stands: where, and what it was taken as.
    """

    id: str
    where: str
    settings_name: str | Message
    settings: Mapping[str, object]
    settings_places: Mapping[str, tuple[Location, Location]]
    tables: Mapping[str, Table]
    scenario: str
    taken: tuple[Fault, ...] = ()


def case_from_tables(raw: RawCase, hashes: Mapping[str, str]) -> Case:
    """A case from its settings and raw tables. Raises ``CaseError`` with every fault found."""
    faults = Faults()
    try:
        settings = read_settings(raw.settings, raw.settings_name, raw.settings_places, faults)
        things = _things(settings, raw.tables, faults)
        _few_enough(things, faults)
        if settings is None or not things.sites:  # of the rest no place or year would be known
            raise CaseError(raw.where, faults.entries)
        case = _read(raw, hashes, settings, things, faults)
    except TooManyFaultsError:
        raise CaseError(raw.where, faults.entries) from None
    if faults.entries:
        raise CaseError(raw.where, faults.entries)
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
    return _Things(
        sites=read_sites(tables.get("sites"), share, sources, faults),
        fuels=read_fuels(tables.get("fuels"), sources, faults),
        materials=read_materials(tables.get("materials"), sources, faults),
        sources=sources,
    )


def _read(
    raw: RawCase, hashes: Mapping[str, str], settings: Settings, things: _Things, faults: Faults
) -> Case:
    get, sites = raw.tables.get, things.sites
    context = _context(settings, things, get("sites"), faults)
    lost_fuels = _lost(get("fuels"), ("fuel",), things.fuels) | faults.doubtful - {""}
    selection = _selection(things, lost_fuels, get("materials"), faults)
    _years_beyond(raw, context)
    before = len(faults.entries)
    mixed = [f.id for f in things.fuels.values() if f.kind is FuelKind.MIXED_WASTE]
    series = read_series(
        get("series"),
        get("scenario"),
        context,
        mixed_fuels=mixed + sorted(lost_fuels),
        biogenic_counts=settings.accounting.captured_biogenic_counts,
    )
    sound = len(faults.entries) == before and "series.csv" not in faults.unread
    idle = partial(_idle, sites, series) if sound else _none_is_idle
    base = BaseYear(settings.base_year, context.reported, get("plan") is not None, idle)
    bounds = read_bounds(get("bounds"), context, selection, _without_clinker(sites, series))
    plan = read_plan(get("plan"), context, selection)
    sectors = read_sectors(get("sectors"), context)
    if sound:
        _makes_something(sites, series, context)
    return Case(
        id=raw.id,
        names=_both(settings.names),
        company=_both(settings.company or settings.names),
        regions=_regions(settings, context),
        base_year=settings.base_year,
        inventory_year=settings.inventory_year,
        final_year=settings.final_year,
        accounting=_accounting(settings),
        objective=settings.objective,
        second=settings.then,
        within=part_of(settings.within),
        sites=sites,
        fuels=things.fuels,
        materials=things.materials,
        series=series,
        bounds=bounds,
        targets=read_targets(get("targets"), context, base, sectors),
        company_plan=plan,
        sectors=sectors,
        sources=tuple(things.sources),
        hashes=hashes,
        scenario=raw.scenario,
        taken=raw.taken,
    )


def _selection(
    things: _Things, lost_fuels: frozenset[str], materials: Table | None, faults: Faults
) -> Selection:
    """What ``which`` may name, and what of it may stand in rows or tables that are at fault."""
    known = {*things.materials, *(material.kind for material in things.materials.values())}
    lost = lost_fuels | _lost(materials, ("material", "kind"), known)
    unread = {name for name in ("fuels", "materials") if f"{name}.csv" in faults.unread}
    return Selection(things.fuels, things.materials, lost, unread)


def _makes_something(
    sites: Mapping[str, Site], series: Mapping[tuple[str, str, str], YearValues], context: Context
) -> None:
    """A fault where the group makes nothing in any year of the horizon."""
    if all(_idle(sites, series, year).issuperset(sites) for year in context.horizon):
        fault = message("the group makes nothing from {start} on", start=context.horizon.start)
        context.faults.add("series.csv", fault)


def _context(settings: Settings, things: _Things, sites: Table | None, faults: Faults) -> Context:
    regions = {site.region for site in things.sites.values()}
    lost = _lost(sites, ("site",), things.sites) | _lost(sites, ("region",), regions)
    lost |= faults.doubtful & {*things.sites, ""}
    lost |= {part.strip() for region in regions if "+" in region for part in region.split("+")}
    return Context(
        places=Places(things.sites, lost),
        years=range(settings.base_year, settings.final_year + 1),
        reported=range(settings.base_year, settings.inventory_year + 1),
        horizon=range(settings.inventory_year + 1, settings.final_year + 1),
        sources=things.sources,
        ids=Ids(),
        faults=faults,
    )


def _accounting(settings: Settings) -> Accounting:
    chosen = settings.accounting
    return Accounting(
        consolidation=chosen.consolidation,
        captured_biogenic_counts=chosen.captured_biogenic_counts,
        captured_use_counts=chosen.captured_use_counts,
    )


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


def _none_is_idle(_: int) -> frozenset[str]:
    """Of series that could not be read: what would follow from them is not told."""
    return frozenset()


def _both(names: NamesSettings) -> Names:
    """Both names; the English one where there is none in Chinese, as in tables."""
    return Names(names.en, names.zh or names.en)


def _lost(table: Table | None, columns: Iterable[str], kept: Iterable[str]) -> frozenset[str]:
    """What columns say in rows that are at fault; kept: what they say in the others."""
    rows = table.rows if table is not None else ()
    said = (cells.get(column, "") for _, cells in rows for column in columns)
    return frozenset(said).difference(kept)


def _years_beyond(raw: RawCase, context: Context) -> None:
    """Columns of several tables before or behind the years of the case: a fault of its settings."""
    years, found = context.years, dict[str, list[str]]()
    for name in ("series", "bounds", "targets", "plan"):
        table = raw.tables.get(name)
        columns = [c for c in (table.columns if table else ()) if is_year(c)]
        if beyond := [c for c in columns if int(c) not in years]:
            found[name] = beyond
    if len(found) < 2:
        return
    shown = sorted({year for beyond in found.values() for year in beyond})
    what = message(
        "the case has the years {first} to {last}, and {tables} have columns beyond: {years}",
        first=years.start,
        last=years.stop - 1,
        tables=tuple(found),
        years=tuple(shown[:10]),
    )
    context.faults.add(raw.settings_name, what)
    context.faults.years_told = True


def _without_clinker(
    sites: Mapping[str, Site], series: Mapping[tuple[str, str, str], YearValues]
) -> Mapping[str, frozenset[int]]:
    """The years in which a site makes neither cement nor clinker to sell, so that no kiln runs."""
    found = {}
    for site in sites:
        cement = series.get((site, "cement", ""), {})
        sold = series.get((site, "clinker_sold", ""), {})
        found[site] = frozenset(y for y, made in cement.items() if made == 0 == sold.get(y, 0.0))
    return found


def _regions(settings: Settings, context: Context) -> dict[str, Names]:
    places, faults = context.places, context.faults
    regions = {region: Names(region, region) for region in places.regions}
    for region, names in settings.regions.items():
        if region not in regions and places.at_fault.isdisjoint((region, "")):
            faults.add(
                "case.toml", message("region '{region}' has no site in sites.csv", region=region)
            )
        regions[region] = _both(names)
    return regions
