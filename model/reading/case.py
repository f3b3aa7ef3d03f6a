"""Reads a whole case from its raw tables, and tells every fault at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from model.case.ids import Ids
from model.case.places import Places
from model.case.sites import Consolidation, Generator, Product, Route, Site, SiteKind
from model.case.tables import Faults, Table, is_year
from model.case.types import (
    Accounting,
    Case,
    Fuel,
    FuelKind,
    Material,
    MaterialUse,
    Names,
    PlanLine,
    Source,
)
from model.messages.faults import CaseError, Fault, TooManyFaultsError
from model.messages.location import Location
from model.messages.message import Message, message
from model.reading.bounds import at_kilns, read_bounds
from model.reading.generators import read_generators
from model.reading.plan import read_plan
from model.reading.products import products_of, read_products
from model.reading.routes import read_routes
from model.reading.rows.capacity import Limited
from model.reading.rows.context import Context
from model.reading.rows.register import Register
from model.reading.rows.selection import Selection, Things
from model.reading.sectors import read_sectors
from model.reading.series import read_series
from model.reading.settings import NamesSettings, Settings, part_of, read_settings
from model.reading.sites import read_fuels, read_materials, read_sites
from model.reading.stages import first_change, read_stages, with_stages
from model.reading.targets import BaseYear, read_targets
from model.reading.together.made import Made, Series, makes_something, none_is_idle
from model.reading.together.needs import what_is_needed
from model.reading.together.totals import check_amounts, check_totals, decided_sites

REQUIRED = ("sites", "series", "fuels", "materials", "bounds", "targets")
OPTIONAL = ("plan", "sectors", "routes", "generators", "stages", "products")
MOST_USES = 250_000  # sites times what each may use or make; the largest case has some 1,000


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
        known = _known(settings, raw, faults)
        _few_enough(known, raw.tables, faults)
        if settings is None or not known.sites:  # of the rest no place or year would be known
            raise CaseError(raw.where, faults.entries)
        case = _read(raw, hashes, settings, known, faults)
    except TooManyFaultsError:
        raise CaseError(raw.where, faults.entries) from None
    if faults.entries:
        raise CaseError(raw.where, faults.entries)
    return case


class _Sites(NamedTuple):
    """What the other tables name, and where its numbers come from."""

    sites: Mapping[str, Site]
    fuels: Mapping[str, Fuel]
    materials: Mapping[str, Material]
    sources: list[Source]


def _few_enough(known: _Sites, tables: Mapping[str, Table], faults: Faults) -> None:
    """Raises ``TooManyFaultsError`` where what each site may use is beyond all use."""
    additions = sum(m.use is MaterialUse.ADDITION for m in known.materials.values())
    products = {cells.get("product", "") for _, cells in _rows(tables.get("products"))}
    kinds = len(known.fuels) + len(known.materials) + len(products) * max(additions, 1)
    kinds += sum(len(_rows(tables.get(name))) for name in ("routes", "generators"))
    if len(known.sites) * kinds > MOST_USES:
        fault = message(
            "has {count:,} sites, and there are {kinds:,} fuels, materials, routes, power sources "
            "and additions of products; no group has more than {most:,} of both, one times the "
            "other",
            count=len(known.sites),
            kinds=kinds,
            most=MOST_USES,
        )
        faults.add("sites.csv", fault)
        raise TooManyFaultsError


def _rows(table: Table | None) -> tuple[tuple[int, Mapping[str, str]], ...]:
    return table.rows if table is not None else ()


def _known(settings: Settings | None, raw: RawCase, faults: Faults) -> _Sites:
    """Sites with what they become in time, fuels and materials."""
    get, sources, of_stages = raw.tables.get, list[Source](), list[Source]()
    first, last = (settings.base_year, settings.final_year) if settings else (0, 9999)
    stages = read_stages(get("stages"), range(first, last + 1), of_stages, faults)
    with_kiln = {stage.site for stage in stages if stage.kind is SiteKind.INTEGRATED}
    sites = read_sites(get("sites"), first, with_kiln, sources, faults)
    lost = _lost(get("sites"), ("site",), sites)
    approaches = {first: Consolidation.EQUITY}
    if settings is not None:
        approaches = settings.accounting.approaches(first)
    sites = with_stages(sites, stages, approaches, lost, faults)
    sources += of_stages
    if settings is not None:
        _says_base_years(settings, raw, sites, faults)
    return _Sites(
        sites=sites,
        fuels=read_fuels(get("fuels"), sources, faults),
        materials=read_materials(get("materials"), sources, faults),
        sources=sources,
    )


def _says_base_years(
    settings: Settings, raw: RawCase, sites: Mapping[str, Site], faults: Faults
) -> None:
    """A fault where shares change, and the case does not say by which base years count."""
    change = first_change(sites.values())
    if change is None or settings.accounting.says_base_years:
        return
    site, year = change
    what = message(
        "the share of '{site}' changes in {year}: say in accounting.base_years how base years "
        "count, 'as_reported' (by the shares of then) or 'recalculated' (by those of the year "
        "compared with)",
        site=site.id,
        year=year,
    )
    faults.add(raw.settings_name, what)


class _Lines(NamedTuple):
    """What tables say of the sites, and whether the series could be read."""

    context: Context
    routes: Limited[Route]
    generators: Limited[Generator]
    series: Series
    products: Mapping[str, Product]
    register: Register
    plan: Mapping[str, tuple[PlanLine, ...]]
    sound: bool


def _read(
    raw: RawCase, hashes: Mapping[str, str], settings: Settings, known: _Sites, faults: Faults
) -> Case:
    lines = _lines(raw, settings, known, faults)
    context, register = lines.context, lines.register
    base = _together(raw, settings, lines)
    sectors = read_sectors(raw.tables.get("sectors"), context)
    bounds = {**register.lines, **lines.routes.lines, **lines.generators.lines}
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
        sites=known.sites,
        fuels=known.fuels,
        materials=known.materials,
        routes=lines.routes.things,
        generators=lines.generators.things,
        products=lines.products,
        series=lines.series,
        bounds={**bounds, **at_kilns(register.lines, context)},
        targets=read_targets(raw.tables.get("targets"), context, base, sectors),
        company_plan=lines.plan,
        sectors=sectors,
        sources=tuple(known.sources),
        hashes=hashes,
        scenario=raw.scenario,
        taken=raw.taken,
    )


def _lines(raw: RawCase, settings: Settings, known: _Sites, faults: Faults) -> _Lines:
    get = raw.tables.get
    context = _context(settings, known, get("sites"), faults)
    _years_beyond(raw, context)
    lost_fuels = _lost(get("fuels"), ("fuel",), known.fuels) | faults.doubtful - {""}
    routes = read_routes(get("routes"), context)
    generators = read_generators(get("generators"), context, known.fuels, lost_fuels)
    things = Things(known.fuels, known.materials, routes.things, generators.things)
    selection = _selection(things, lost_fuels, raw.tables, faults)
    before = len(faults.entries)
    mixed = [f.id for f in known.fuels.values() if f.kind is FuelKind.MIXED_WASTE]
    series = read_series(
        get("series"),
        get("scenario"),
        context,
        mixed_fuels=mixed + sorted(lost_fuels),
        biogenic_counts=settings.accounting.captured_biogenic_counts,
    )
    sound = len(faults.entries) == before and "series.csv" not in faults.unread
    rows = read_products(get("products"), context)
    products = products_of(rows, series, context)
    context = context.with_products(products, rows.lost)
    register = read_bounds(get("bounds"), context, selection)
    check_amounts(rows.amounts, decided_sites(register.totals))
    return _Lines(
        context=context,
        routes=routes,
        generators=generators,
        series=series,
        products=products,
        register=register,
        plan=read_plan(get("plan"), context, selection),
        sound=sound,
    )


def _together(raw: RawCase, settings: Settings, lines: _Lines) -> BaseYear:
    """Tells what does not fit together; what targets need to know of the base year."""
    context, register, table = lines.context, lines.register, raw.tables.get("bounds")
    made = Made(
        sites=context.places.sites,
        series=lines.series,
        horizon=context.horizon,
        decided=frozenset(decided_sites(register.totals)),
        sending=_sending(lines),
    )
    if table is not None:
        what_is_needed(table.name, register, made, context, sound=lines.sound)
    if lines.sound:
        check_totals(register, lines.series, context)
        makes_something(made, context)
    return BaseYear(
        year=settings.base_year,
        reported=context.reported,
        has_plan=raw.tables.get("plan") is not None,
        idle=made.idle if lines.sound else none_is_idle,
        totals=tuple(register.totals),
    )


def _sending(lines: _Lines) -> dict[str, frozenset[int]]:
    """Site -> the years in which it sent clinker to others, by the plan, or may by its routes."""
    found: dict[str, set[int]] = {}
    for route in lines.routes.things.values():
        values = lines.routes.lines[route.id].values
        found.setdefault(route.origin, set()).update(y for y, most in values.items() if most > 0)
    for site, planned in lines.plan.items():
        for line in planned:
            if line.lever == "clinker_moved":
                known = (year for year in lines.context.reported if line.values.get(year, 0) > 0)
                found.setdefault(site, set()).update(known)
    return {site: frozenset(years) for site, years in found.items()}


def _selection(
    things: Things, lost_fuels: frozenset[str], tables: Mapping[str, Table], faults: Faults
) -> Selection:
    """What ``which`` may name, and what of it may stand in rows or tables that are at fault."""
    known = {*things.materials, *(material.kind for material in things.materials.values())}
    lost = lost_fuels | _lost(tables.get("materials"), ("material", "kind"), known)
    lost |= _lost(tables.get("routes"), ("route",), things.routes)
    lost |= _lost(tables.get("generators"), ("generator",), things.generators)
    named = ("fuels", "materials", "routes", "generators")
    unread = {name for name in named if f"{name}.csv" in faults.unread}
    return Selection(things, lost, unread)


def _context(settings: Settings, known: _Sites, sites: Table | None, faults: Faults) -> Context:
    regions = {site.region for site in known.sites.values()}
    lost = _lost(sites, ("site",), known.sites) | _lost(sites, ("region",), regions)
    lost |= faults.doubtful & {*known.sites, ""}
    lost |= {part.strip() for region in regions if "+" in region for part in region.split("+")}
    return Context(
        places=Places(known.sites, lost),
        years=range(settings.base_year, settings.final_year + 1),
        reported=range(settings.base_year, settings.inventory_year + 1),
        horizon=range(settings.inventory_year + 1, settings.final_year + 1),
        sources=known.sources,
        ids=Ids(),
        faults=faults,
    )


def _accounting(settings: Settings) -> Accounting:
    chosen, first = settings.accounting, settings.base_year
    approaches = chosen.approaches(first)
    return Accounting(
        consolidation=approaches.pop(first),
        captured_biogenic_counts=chosen.captured_biogenic_counts,
        captured_use_counts=chosen.captured_use_counts,
        later=approaches,
        base_years=chosen.base_years,
    )


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
    for name in ("series", "bounds", "targets", "plan", "routes", "generators", "products"):
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
