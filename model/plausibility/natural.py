"""Numbers beyond what nature and practice know, on either side, with the unit that may be meant."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from model.case.at_kilns import line_of
from model.case.sites import Site
from model.case.types import Case, MaterialUse, YearValues
from model.case.units import Dimension, with_which
from model.messages.faults import Fault
from model.messages.location import Location
from model.messages.message import Message, message
from model.plausibility.ranges import (
    ADDITION,
    GENERATORS,
    GRID_TODAY,
    LEVELS,
    RAW,
    ROUTES,
    SECTORS,
    SERIES,
    SHARES,
    SITES,
    SMALL_SHARE,
    Range,
    fuel_ranges,
)
from model.plausibility.scale import size_of
from model.plausibility.table_rows import TableRows, Written
from model.reading.generators import GENERATOR_COLUMNS
from model.reading.routes import ROUTE_NUMBERS
from model.reading.series import QUANTITIES
from model.reading.sites import FUEL_COLUMNS, MATERIAL_COLUMNS, SITE_COLUMNS

Place = Location | str


class Line(NamedTuple):
    """Yearly numbers of a table: what they are, and where and in which unit they are written."""

    what: Message
    values: YearValues
    written: Written
    place: Callable[[int], Place]


def unnatural(case: Case) -> Iterator[Fault]:
    """Each number, or line of yearly numbers, that no kiln, material, fuel or grid has."""
    rows = TableRows(case)
    yield from _of_bounds(case, rows)
    yield from _of_plan(case, rows)
    yield from _of_still(case, rows)
    yield from _of_series(case, rows)
    yield from _of_sectors(case, rows)


def meant(written: Written, value: float, least: float, most: float) -> Message | str:
    """The end of a doubt: the number in another unit, where that would be likely."""
    number = written.meant(value, least, most)
    return message("; were {number} meant?", number=number) if number else ""


def _of_bounds(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Levels of the register; of kiln heat only in years in which clinker may be made."""
    makes = _Makers(case)
    for bound in case.bounds.values():
        ranges = LEVELS.get((bound.lever, bound.dimension), ())
        if not ranges or not bound.sense.is_level or line_of(bound.id) != bound.id:
            continue
        values = {y: v for y, v in bound.values.items() if makes.any(bound.sites, y)}
        line = Line(
            message("'{bound}'", bound=bound.id),
            values,
            Written(bound.unit, bound.factor, bound.dimension),
            partial(rows.find, "bounds", bound.id),
        )
        yield from _beyond(line, ranges)


def _of_plan(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Levels of the company's plan; a line that several sites share is told once."""
    makes, known = _Makers(case), set[int]()
    for site, lines in case.company_plan.items():
        for one in lines:
            ranges = LEVELS.get((one.lever, one.dimension), ())
            if not ranges or id(one) in known:
                continue
            known.add(id(one))
            key = (site, one.lever, one.which)
            line = Line(
                message(
                    "{quantity} of '{site}'", quantity=with_which(one.lever, one.which), site=site
                ),
                {y: v for y, v in one.values.items() if makes.any((site,), y)},
                rows.unit_of_plan(*key, one.dimension),
                partial(rows.of_plan, *key),
            )
            yield from _beyond(line, ranges)


class _Makers:
    """Which sites make something in which years."""

    def __init__(self, case: Case) -> None:
        self._case, self._totals = case, case.decides_output
        self._sizes: dict[str, Mapping[int, float]] = {}

    def any(self, sites: Sequence[str], year: int) -> bool:
        """Whether one of some sites makes cement or clinker in a year; outside the case, yes."""
        return any(self._size(site).get(year, 1.0) > 0 for site in sites)

    def _size(self, site: str) -> Mapping[int, float]:
        if site not in self._sizes:
            total = self._totals.get(site)
            own = size_of(self._case, site) if total is None else total.values
            self._sizes[site] = own
        return self._sizes[site]


def _beyond(line: Line, ranges: Sequence[Range]) -> Iterator[Fault]:
    """The first range that a line leaves, at its lowest or its highest number.

    A line is straight between the cells of its table, so these are cells: of its lowest numbers
    those are asked that are no higher than their neighbours, so that no way to 0 is told of.
    """
    lows = _lowest(line.values)
    most = max(line.values, key=line.values.__getitem__, default=None)
    for one in ranges:
        for year in (*lows, *([] if most is None else [most])):
            value = line.values[year]
            if why := one.why_not(value):
                what = message(
                    "{what} is {value} in {year}, but {why}{meant}",
                    what=line.what,
                    value=line.written.told(value),
                    year=year,
                    why=message(why),
                    meant=meant(line.written, value, ranges[-1].least, ranges[-1].most),
                )
                yield Fault(line.place(year), what)
                return


def _lowest(values: YearValues) -> list[int]:
    """The years whose numbers are no higher than those of the years beside them, lowest first."""
    years = sorted(values)
    found = [
        year
        for year in years
        if all(values[year] <= values[near] for near in (year - 1, year + 1) if near in values)
    ]
    return sorted(found, key=values.__getitem__)


def _of_still(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Sites, fuels, materials, routes and power sources: what stands still."""
    for site in case.sites.values():
        numbers = _chemistry(site)
        yield from _columns(rows, "sites", site.id, numbers, SITES, SITE_COLUMNS)
    for fuel in case.fuels.values():
        numbers = {
            "heating_value": fuel.heating_value,
            "co2_factor": fuel.co2_factor,
            "biomass_fraction": fuel.biomass_fraction,
        }
        yield from _columns(rows, "fuels", fuel.id, numbers, fuel_ranges(fuel), FUEL_COLUMNS)
    for one in case.materials.values():
        raw = one.use is MaterialUse.ALTERNATIVE_RAW
        numbers = {"co2": one.co2, "heat": one.heat, "power": one.power}
        if raw:
            numbers = {"cao": one.cao, "mgo": one.mgo, "moisture": one.moisture}
        ranges = RAW if raw else ADDITION
        yield from _columns(rows, "materials", one.id, numbers, ranges, MATERIAL_COLUMNS)
    for route in case.routes.values():
        numbers = {"transport": route.transport}
        yield from _columns(rows, "routes", route.id, numbers, ROUTES, ROUTE_NUMBERS)
    for source in case.generators.values():
        numbers = {"heat_rate": source.heat_rate}
        yield from _columns(rows, "generators", source.id, numbers, GENERATORS, GENERATOR_COLUMNS)


def _chemistry(site: Site) -> dict[str, float]:
    if not site.kind.has_kiln:
        return {}
    return {
        "clinker_cao": site.clinker_cao,
        "clinker_mgo": site.clinker_mgo,
        "raw_per_clinker": site.raw_per_clinker,
    }


def _columns(
    rows: TableRows,
    table: str,
    name: str,
    numbers: Mapping[str, float],
    ranges: Mapping[str, Range],
    dimensions: Mapping[str, Dimension | None],
) -> Iterator[Fault]:
    """The numbers of one row of a table that state their units in its header."""
    for column, value in numbers.items():
        one, dimension = ranges.get(column), dimensions[column]
        if one is None or dimension is None or not (why := one.why_not(value)):
            continue
        written = rows.unit(table, name, column, dimension)
        what = message(
            "{column} of '{name}' is {value}, but {why}{meant}",
            column=column,
            name=name,
            value=written.told(value),
            why=message(why),
            meant=meant(written, value, one.least, one.most),
        )
        yield Fault(rows.find(table, name, column), what)


def _of_series(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Yearly numbers; a line that several sites share is told once."""
    known = set[int]()
    for (site, quantity, which), values in case.series.items():
        if id(values) in known:
            continue
        known.add(id(values))
        written = rows.unit_of_series(site, quantity, which, QUANTITIES[quantity].dimension)
        key = (site, quantity, which)
        line = Line(
            message("{quantity} of '{site}'", quantity=with_which(quantity, which), site=site),
            values,
            written,
            partial(rows.of_series, *key),
        )
        if quantity in SERIES:
            found = list(_beyond(line, (SERIES[quantity],)))
            yield from found
            if quantity == "grid_factor" and not found:
                today = {case.inventory_year: values[case.inventory_year]}
                yield from _beyond(line._replace(values=today), (GRID_TODAY,))
        if quantity in SHARES:
            most = max(values, key=values.__getitem__)
            yield from _beyond(line._replace(values={most: values[most]}), (SMALL_SHARE,))


def _of_sectors(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Sector pathways whose emissions and activity do not fit each other."""
    for (name, scope), sector in case.sectors.items():
        first = min(sector.emissions)
        intensity = sector.intensity(first)
        if name and (why := SECTORS[scope].why_not(intensity)):
            what = message(
                "emissions by activity of '{name}' are {intensity:.4g} t CO2/t in {year}, but "
                "{why}; look at the units of both",
                name=name,
                intensity=intensity,
                year=first,
                why=message(why),
            )
            yield Fault(rows.find("sectors", f"{name} {scope} emissions", first), what)
