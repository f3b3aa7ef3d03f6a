"""Reads the cement products that sites make, as parts of their cement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from model.case.ids import Ids
from model.case.sites import Product, Site
from model.case.tables import LARGEST, Row, Table
from model.case.types import Names, YearValues
from model.case.units import Dimension as D
from model.case.year_lines import YearLine, interpolate
from model.messages.message import message
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import names_of, not_too_many, provenance
from model.reading.rows.whole_line import whole_line
from model.reading.rows.words import is_word

PRODUCT_COLUMNS: dict[str, D | None] = {
    "product": None,
    "name": None,
    "name_zh": None,
    "place": None,
    "unit": None,
    "source": None,
    "status": None,
}
MOST_PRODUCT_ROWS = 20_000  # of a case; four for each of the most sites
_NEAR = 1e-6  # of the whole, within which products must add up to it
Series = Mapping[tuple[str, str, str], YearValues]


@dataclass(frozen=True, slots=True)
class ProductLine:
    """What a row says of a product: by year an amount [t], or a part of each site's cement [1]."""

    row: Row
    dimension: D
    values: YearLine


@dataclass(slots=True)
class ProductRows:
    """The rows of the table; lines: (place, product) -> line; lost: ids in rows at fault."""

    names: dict[str, Names] = field(default_factory=dict)
    lines: dict[tuple[str, str], ProductLine] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def of_site(self, site: Site) -> Iterator[tuple[str, ProductLine]]:
        """Each product of a site, by its own line before its region's before the group's."""
        for product in self.names:
            for place in (site.id, site.region, "group"):
                if (place, product) in self.lines:
                    yield product, self.lines[place, product]
                    break

    @property
    def amounts(self) -> dict[str, Row]:
        """Site -> a row that gives a product of it as an amount."""
        return {
            place: line.row for (place, _), line in self.lines.items() if line.dimension is D.MASS
        }


def read_products(table: Table | None, context: Context) -> ProductRows:
    """The rows of the table; none without one."""
    found, ids = ProductRows(), Ids()
    if table is None:
        return found
    years, faults = context.years, context.faults
    rows = open_table(table, "products.csv", PRODUCT_COLUMNS, faults, years=years)
    if "products.csv" in faults.unread:
        found.lost.add("")
    for row in not_too_many(rows, MOST_PRODUCT_ROWS):
        _read_row(row, context, ids, found)
        if row.at_fault:
            found.lost.add(row.text("product"))
    if table.columns and not table.rows:
        faults.add(table.name, message("has no rows; fill it, or leave it out"))
    return found


def _read_row(row: Row, context: Context, ids: Ids, found: ProductRows) -> None:
    product, place, places = row.group_id("product", ids), row.needed("place"), context.places
    is_word(row, "product", product)
    names = found.names.get(product)
    if names is None or row.text("name"):
        names = names_of(row)
    sites = places.resolve(row, place, single=True)
    if what := places.without(place, kiln=False, single=True):
        row.fault(what, "place")
    unit = row.unit(D.SHARE, D.MASS, what=message("a product"))
    dimension, text, factor = unit or (D.SHARE, "", 1.0)
    if unit and dimension is D.MASS and sites and place not in places.sites:
        what = message(
            "{unit} is an amount, so its place must be one site, not '{place}'",
            unit=text,
            place=place,
        )
        row.fault(what, "place")
    most = 1.0 if unit and dimension is D.SHARE else LARGEST
    given = row.years(factor, text, most=most, what=product or message("the line"))
    provenance(row, len(given), context.sources, "product", "place")
    if not (product and sites and unit):
        return
    if names != found.names.setdefault(product, names):
        what = message("'{product}' has another name in a row before", product=product)
        row.fault(what, "name")
    if (place, product) in found.lines:
        what = message("duplicate row: '{product}' of '{place}'", product=product, place=place)
        row.fault(what)
        return
    what = message("'{product}' of '{place}'", product=product, place=place)
    values = whole_line(row, given, context.years, what)
    found.lines[place, product] = ProductLine(row, dimension, values)


def products_of(rows: ProductRows, series: Series, context: Context) -> dict[str, Product]:
    """The products with their part of the cement of each site that makes them.

    Those of a site must add up to its cement.
    """
    shares: dict[str, dict[str, YearLine]] = {name: {} for name in rows.names}
    looked_at = set[frozenset[int]]()  # sites of a region have the same lines
    for site in context.places.sites.values():
        lines = dict(rows.of_site(site)) if site.kind.makes_cement else {}
        cement = series.get((site.id, "cement", ""), {})
        if not lines or not all(year in cement for year in context.years):
            continue
        for product, line in lines.items():
            share = _share(line, cement, context.years)
            if any(share.values()):
                shares[product][site.id] = share
        same = frozenset(map(id, lines.values()))
        if not rows.lost and site.id not in context.places.at_fault and same not in looked_at:
            _check_whole(site.id, lines, cement, context)
            looked_at.add(same)
    return {
        name: Product(id=name, names=names, shares=shares[name])
        for name, names in rows.names.items()
    }


def _share(line: ProductLine, cement: YearValues, years: range) -> YearLine:
    """A product's part of the cement by year; 0 of an amount where no cement is made. [1]"""
    if line.dimension is D.SHARE:
        return line.values
    parts = {y: line.values.get(y, 0.0) / cement[y] if cement[y] else 0.0 for y in years}
    return interpolate(parts, years)


def _check_whole(
    site: str, lines: Mapping[str, ProductLine], cement: YearValues, context: Context
) -> None:
    """Tells the first year in which the products of a site do not add up to its cement."""
    parts = all(line.dimension is D.SHARE for line in lines.values())
    for year in context.years:
        whole = 1.0 if parts else cement[year]
        amounts = (
            line.values.get(year, 0.0) * (1.0 if line.dimension is D.MASS else whole)
            for line in lines.values()
        )
        made = sum(amounts)
        if abs(made - whole) > _NEAR * whole:
            what = message(
                "the products of '{site}' add up to {made} in {year}; its cement is {whole}",
                site=site,
                made=f"{made * 100:.8g} %" if parts else f"{made:,.8g} t",
                year=year,
                whole="100 %" if parts else f"{whole:,.8g} t",
            )
            context.faults.add(next(iter(lines.values())).row.place, what)
            return
