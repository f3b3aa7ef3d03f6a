"""Reads the levers that the company itself reports and plans."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from model.case.places import Places, parts_of_place, place_of
from model.case.sites import Site
from model.case.tables import LARGEST, Faults, Row, Table
from model.case.types import PlanLine
from model.case.units import Dimension as D
from model.case.units import with_which
from model.case.year_lines import YearLine, interpolate
from model.levers.levers import LEVERS, MOST, level_dimensions
from model.messages.faults import did_you_mean
from model.messages.message import Message, message
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import provenance
from model.reading.rows.selection import Selection

COLUMNS: dict[str, D | None] = {
    "place": None,
    "lever": None,
    "which": None,
    "unit": None,
    "source": None,
    "status": None,
}
PLANNED = {
    name: LEVERS[name]
    for name in (
        "addition",
        "alternative_raw",
        "fuel",
        "heat_intensity",
        "waste_heat_power",
        "renewable_power",
        "own_power",
        "clinker_moved",
        "capture",
    )
}
_AMOUNTS = (D.MASS, D.HEAT, D.POWER)
_NEEDED = ("heat_intensity", "fuel")  # without which the plan of a kiln is not whole
_KEY = ("place", "lever", "which")  # the columns that name a line
Key = tuple[str, str, str]
Lines = dict[Key, tuple[Row, PlanLine]]
SiteLines = dict[tuple[str, str], PlanLine]  # by lever and which


def read_plan(
    table: Table | None, context: Context, selection: Selection
) -> dict[str, tuple[PlanLine, ...]]:
    """site -> plan lines. Each covers the reported years; all, or none, reach the last year."""
    if table is None:
        return {}
    faults = context.faults
    if table.columns and not table.rows:
        faults.add(table.name, message("has no rows; fill it, or leave it out"))
    given: Lines = {}
    doubtful = "plan.csv" in faults.unread
    for row in open_table(table, "plan.csv", COLUMNS, faults, years=context.years):
        before, lever = len(given), row.text("lever")
        _read_line(row, context, selection, given)
        lost = row.at_fault or len(given) == before
        doubtful |= lost and (lever in _NEEDED or lever not in PLANNED)
    _same_end(given, context.years)
    if not given:
        return {}
    by_place: dict[str, SiteLines] = {}
    for (place, lever, which), (_, line) in given.items():
        by_place.setdefault(place, {})[lever, which] = line
    made = _products_at(context.places)
    plan = {
        site.id: _lines_of(site, by_place, made.get(site.id, ()), selection)
        for site in context.places.sites.values()
    }
    heated = frozenset(m.id for m in selection.materials.values() if m.heat > 0)
    too_much: dict[tuple[int, ...], list[Message]] = {}  # sites of a region have the same lines
    for site in context.places.sites.values():
        lines = plan[site.id]
        if not doubtful and site.id not in context.places.at_fault:
            _complete(table.name, site, lines, heated, faults)
        same = tuple(map(id, lines))
        if same not in too_much:
            too_much[same] = list(_above_a_whole(lines, made.get(site.id, ())))
        for what in too_much[same]:
            faults.add(_site_of(table.name, site), what)
    return plan


def _read_line(row: Row, context: Context, selection: Selection, given: Lines) -> None:
    key = _key(row, context.places, selection, given)
    if key is None:
        return
    _, lever, which = key
    if lever == "fuel" and row.text("unit") == "rest":
        given[key] = (row, _rest(row, which, context))
    elif (line := _valued(row, key, context)) is not None:
        given[key] = (row, line)


def _key(row: Row, places: Places, selection: Selection, given: Lines) -> Key | None:
    """What a row speaks of; ``None``, and a fault, where nothing can be planned by it."""
    place, lever_name, which = row.needed("place"), row.needed("lever"), row.text("which")
    sites = places.resolve(row, place, single=True, product=lever_name == "addition")
    if lever_name and lever_name not in PLANNED:
        row.fault(
            message(
                "lever '{lever}' cannot be planned{known}",
                lever=lever_name,
                known=did_you_mean(lever_name, PLANNED),
            ),
            "lever",
        )
        return None
    if not sites or not lever_name:
        return None
    if not _is_there(row, lever_name, which, sites, selection):
        return None
    place = place_of(*parts_of_place(place))
    if (place, lever_name, which) in given:
        row.fault(
            message(
                "duplicate row: {what} of '{place}'",
                what=with_which(lever_name, which),
                place=place,
            )
        )
        return None
    return place, lever_name, which


def _is_there(
    row: Row, name: str, which: str, sites: tuple[str, ...], selection: Selection
) -> bool:
    """Whether a lever has what a row selects, at the place of the row; else it is told."""
    lever = PLANNED[name]
    singles = selection.single(lever) if lever.selects else [""]
    if which not in singles:
        none = message("; this lever takes none")
        known = did_you_mean(which, singles) if lever.selects else none
        what = message(
            "which '{which}' is unknown for {lever}{known}", which=which, lever=name, known=known
        )
        if lever.selects:
            selection.unknown(row, lever, which, what)
        else:
            row.fault(what, "which")
        return False
    homes = selection.homes(lever, [which])
    if homes is None or not homes.isdisjoint(sites):
        return True
    what = message(
        "'{which}' is at {sites}, not at '{place}'",
        which=which,
        sites=tuple(sorted(homes)),
        place=row.text("place"),
    )
    row.fault(what, "place")
    return False


def _rest(row: Row, fuel: str, context: Context) -> PlanLine:
    """The line of the fuel that takes what the others leave."""
    if row.years(1.0, "", what="rest"):
        row.fault(message("a 'rest' fuel takes what the others leave; leave its years empty"))
    provenance(row, 0, context.sources, *_KEY)
    values = interpolate(dict.fromkeys(context.years, 0.0), context.years)
    return PlanLine("fuel", fuel, D.SHARE, values, rest=True)


def _valued(row: Row, key: Key, context: Context) -> PlanLine | None:
    """A line that states values; ``None``, and a fault, for fuels in another unit than shares."""
    place, lever, which = key
    unit = row.unit(*level_dimensions(PLANNED[lever]), what=lever)
    if unit is None:
        return PlanLine(lever, which, D.SHARE, {}, rest=False)  # it is not missing
    dimension, unit_text, factor = unit
    product = parts_of_place(place)[1]
    if dimension in _AMOUNTS and product:
        what = message(
            "{unit} is an amount; additions of a product are parts of it, so write %",
            unit=unit_text,
        )
        row.fault(what, "unit")
    elif dimension in _AMOUNTS and place not in context.places.sites:
        row.fault(
            message(
                "{unit} is an amount, so its place must be one site, not '{place}'",
                unit=unit_text,
                place=place,
            ),
            "place",
        )
    if lever == "fuel" and dimension is not D.SHARE:
        row.fault(
            message("a plan gives fuels as shares of total heat; write % and one fuel as 'rest'"),
            "unit",
        )
        return None
    given = row.years(factor, unit_text, most=MOST.get(dimension, LARGEST), what=lever)
    provenance(row, len(given), context.sources, *_KEY)
    covered = _cover(row, given, context)
    return PlanLine(lever, which, dimension, covered, rest=False, product=product)


def _cover(row: Row, values: dict[int, float], context: Context) -> YearLine:
    reported, years = context.reported, context.years
    if not values or min(values) > reported.start or max(values) < reported.stop - 1:
        row.fault_of_years(
            message(
                "must cover at least the reported years {first} to {last}",
                first=reported.start,
                last=reported.stop - 1,
            ),
            before=reported.start,
            behind=reported.stop - 1,
        )
        return interpolate({}, years)
    if reported.stop - 1 < max(values) < years.stop - 1:
        row.fault_of_years(
            message(
                "ends in {last}; it must end in {final}, or in {reported} where only "
                "reported years are known",
                last=max(values),
                final=years.stop - 1,
                reported=reported.stop - 1,
            ),
            behind=years.stop - 1,
        )
    return interpolate(values, years)


def _same_end(given: Lines, years: range) -> None:
    planned = [line for _, line in given.values() if not line.rest]
    if any(years.stop - 1 in line.values for line in planned):
        for row, line in given.values():
            if line.values and years.stop - 1 not in line.values:
                row.fault(
                    message(
                        "ends in {last}, while other lines reach {final}",
                        last=max(line.values),
                        final=years.stop - 1,
                    )
                )
    elif planned:
        ends = max((max(line.values) for line in planned if line.values), default=0)
        for key, (row, line) in list(given.items()):
            if line.rest:
                kept = interpolate(line.values, range(years.start, ends + 1))
                given[key] = (row, replace(line, values=kept))


def _products_at(places: Places) -> dict[str, tuple[str, ...]]:
    """Site -> the products that it makes."""
    made: dict[str, list[str]] = {}
    for product, sites in places.products.items():
        for site in sites:
            made.setdefault(site, []).append(product)
    return {site: tuple(products) for site, products in made.items()}


def _lines_of(
    site: Site, given: Mapping[str, SiteLines], products: Iterable[str], selection: Selection
) -> tuple[PlanLine, ...]:
    """The lines of a site, its own before its region's before the group's; given: by place.

    Those of its products stand beside those of all its cement, and go before them there.
    """
    lines: dict[tuple[str, str, str], PlanLine] = {}
    for product in ("", *products):
        for place in ("group", site.region, site.id):
            for (lever, which), line in given.get(place_of(place, product), {}).items():
                if _fits(site, line, selection):
                    lines[lever, which, product] = line
    return tuple(lines.values())


def _fits(site: Site, line: PlanLine, selection: Selection) -> bool:
    """Whether a line has a meaning at a site."""
    lever, homes = line.lever, selection.homes(LEVERS[line.lever], [line.which])
    if homes is not None:
        return site.id in homes
    if lever == "renewable_power":
        return True
    if lever in ("addition", "fuel"):
        return site.kind.makes_cement
    return site.kind.has_kiln


def _site_of(table: str | Message, site: Site) -> Message:
    return message("{table}, site '{site}'", table=table, site=site.id)


def _complete(
    table: str | Message,
    site: Site,
    lines: tuple[PlanLine, ...],
    heated: frozenset[str],
    faults: Faults,
) -> None:
    """A kiln needs its heat; who burns fuel needs exactly one that takes the rest."""
    place = _site_of(table, site)
    burns = site.kind.has_kiln or any(
        line.which in heated and any(line.values.values()) for line in lines
    )
    rests = [line.which for line in lines if line.rest]
    if site.kind.has_kiln and not any(line.lever == "heat_intensity" for line in lines):
        what = message("heat_intensity is missing")
        if not rests:
            what = message("heat_intensity is missing, and a fuel with the unit 'rest'")
        faults.add(place, what)
        if not rests:
            return
    if burns and len(rests) != 1:
        said = message("none has")
        if rests:
            said = message("{fuels} have", fuels=tuple(rests))
        faults.add(
            place,
            message(
                "one fuel must have the unit 'rest' and take what others leave; {said}", said=said
            ),
        )


def _of_product(lines: Iterable[PlanLine], product: str) -> list[PlanLine]:
    """The lines that hold for a product: its own, and those of all cement where it has none."""
    found: dict[tuple[str, str], PlanLine] = {}
    for line in lines:
        key = line.lever, line.which
        if line.product == product or (not line.product and key not in found):
            found[key] = line
    return list(found.values())


def _above_a_whole(lines: tuple[PlanLine, ...], products: Iterable[str]) -> Iterator[Message]:
    """Shares that add up to more than 100 %, in the first such year; each told once.

    products: those of the site; of each the additions must leave clinker.
    """
    told = set[str]()
    for product in tuple(products) or ("",):
        for what in _above_in(_of_product(lines, product)):
            if str(what) not in told:
                yield what
            told.add(str(what))


def _above_in(lines: Iterable[PlanLine]) -> Iterator[Message]:
    """Shares that add up to more than 100 %, in the first such year, of lines that hold at once."""
    lines = list(lines)
    names = {
        "fuel": message("fuel shares"),
        "addition": message("additions"),
        "alternative_raw": message("alternative raw materials"),
    }
    for lever, name in names.items():
        shares = [
            line.values
            for line in lines
            if line.lever == lever and line.dimension is D.SHARE and line.values
        ]
        for year in sorted(set().union(*shares)) if shares else []:
            whole = sum(values.get(year, 0.0) for values in shares)
            if whole > 1 + 1e-9:
                yield message(
                    "{name} of {year} add up to {total:.1%}; 100 % is the most",
                    name=name,
                    year=year,
                    total=whole,
                )
                break
