"""What every sheet, column and setting of a case means, and the words that may stand there.

``docs/case-format.md``, the comments of a workbook's headers and its drop-down lists are made of
these. ``{choices}`` stands for the words that a column may hold.
"""

from collections.abc import Mapping

from kilnpath.language.languages import Text, mark
from model.case.sectors import MarketShare
from model.case.senses import Sense
from model.case.sites import BaseYears, Consolidation, SiteKind
from model.case.types import (
    BoundKind,
    Confidence,
    FuelKind,
    MaterialUse,
    Metric,
    Objective,
    Scope,
    Second,
    Status,
)
from model.case.units import REDUCTIONS, UNITS, Dimension
from model.levers.levers import LEVERS, change_dimensions, level_dimensions
from model.reading.bounds import COLUMNS as BOUND_COLUMNS
from model.reading.generators import GENERATOR_COLUMNS
from model.reading.plan import COLUMNS as PLAN_COLUMNS
from model.reading.plan import PLANNED
from model.reading.products import PRODUCT_COLUMNS
from model.reading.routes import ROUTE_COLUMNS
from model.reading.sectors import COLUMNS as SECTOR_COLUMNS
from model.reading.sectors import QUANTITIES as SECTOR_QUANTITIES
from model.reading.series import COLUMNS as SERIES_COLUMNS
from model.reading.series import QUANTITIES
from model.reading.sites import FUEL_COLUMNS, MATERIAL_COLUMNS, SITE_COLUMNS
from model.reading.stages import STAGE_COLUMNS
from model.reading.targets import COLUMNS as TARGET_COLUMNS

COLUMNS: Mapping[str, Mapping[str, Dimension | None]] = {
    "sites": SITE_COLUMNS,
    "series": SERIES_COLUMNS,
    "fuels": FUEL_COLUMNS,
    "materials": MATERIAL_COLUMNS,
    "bounds": BOUND_COLUMNS,
    "targets": TARGET_COLUMNS,
    "plan": PLAN_COLUMNS,
    "sectors": SECTOR_COLUMNS,
    "routes": ROUTE_COLUMNS,
    "generators": GENERATOR_COLUMNS,
    "stages": STAGE_COLUMNS,
    "products": PRODUCT_COLUMNS,
}
SHEETS = {
    "case": mark("settings: years, names, the objective and the rules of accounting"),
    "sites": mark("a row for each site: what it is, where, whose, and its clinker"),
    "series": mark("what is given for each year: output, power, grid factors, capture"),
    "fuels": mark("the kiln fuels and their factors"),
    "materials": mark("alternative raw materials and mineral additions"),
    "bounds": mark("the register of permits, standards, markets, technical limits and policy"),
    "targets": mark("the targets that must be met"),
    "plan": mark("what the company itself reports and plans (may be left out)"),
    "sectors": mark("sector pathways of your own, for targets by SDA (may be left out)"),
    "routes": mark("clinker that may go from one site of the group to another (may be left out)"),
    "generators": mark("power sources of sites that burn fuel (may be left out)"),
    "stages": mark("what sites become in time: kind, equity share, control (may be left out)"),
    "products": mark("cement products and their part of the cement (may be left out)"),
    "scenario": mark("lines that replace those of series under --scenario NAME"),
}
MEANINGS = {
    "site": mark("id of the site"),
    "fuel": mark("id of the fuel"),
    "material": mark("id of the material"),
    "id": mark(
        "stable id, by which results and commands name the line; shared by bounds and targets"
    ),
    "name": mark("name in English"),
    "name_zh": mark("name in Traditional Chinese; the English one where empty"),
    "region": mark("id of the region"),
    "kind": "{choices}",
    "equity": mark("equity share of the group"),
    "control": mark("{choices}: whether the group controls the site"),
    "clinker_cao": mark("CaO in clinker; only for `integrated`"),
    "clinker_mgo": mark("MgO in clinker; only for `integrated`"),
    "raw_per_clinker": mark("raw meal per clinker; only for `integrated`"),
    "source": mark("where the numbers come from; never empty"),
    "status": mark("how they came to be: {choices}"),
    "heating_value": mark("lower heating value, wet basis; empty where the fuel is not weighed"),
    "co2_factor": mark("CO2 per heat, fossil and biogenic together"),
    "biomass_fraction": mark("part of that CO2, and of the heat, that is biogenic"),
    "use": "{choices}",
    "cao": mark("CaO that does not come from carbonates"),
    "mgo": mark("MgO that does not come from carbonates"),
    "moisture": mark("water in the material as used"),
    "co2": mark("own CO2 of an addition, on site"),
    "heat": mark("own heat of an addition, on site, from the site's fuels"),
    "power": mark("own power of an addition, on site"),
    "place": mark(
        "a site, a region or `group`; in bounds and targets also several joined by `+`; in bounds "
        "and plan also with a product, as `plant/cem2`"
    ),
    "quantity": mark("see the table of quantities"),
    "which": mark(
        "which fuel, material, route, power source or kind of capture, where the lever or quantity "
        "has several"
    ),
    "unit": mark("unit of the numbers under the year columns"),
    "lever": mark("see the table of levers"),
    "sense": mark("{choices}; a total is one amount, in the first of the years that it sums"),
    "expires": mark("last year in which the bound holds; empty: to the end of the case"),
    "confidence": "{choices}",
    "doubt": mark(
        "optional: plausible error of the limit, as a part of it; empty: by its confidence"
    ),
    "seed": mark("optional, of a pace in %/yr: what it allows besides, as `50 kt/yr`"),
    "scope": "{choices}",
    "metric": mark(
        "{choices} (`intensity`: per t cementitious product; `budget`: the sum over its years)"
    ),
    "form": mark("`points`: the years given; `line`: also the years between, on straight lines"),
    "base_year": mark("optional: a base year of its own, reported; empty: that of the case"),
    "since": mark("optional: first year of a budget; empty: the first that is decided"),
    "sector": mark("a sector pathway of sectors.csv; empty: the 1.5 °C anchors of scope 1"),
    "market_share": mark("{choices}; empty: `fixed`. See the mathematics"),
    "route": mark("id of the route; it is one of the register, as those of bounds"),
    "from": mark("the site that sends clinker"),
    "to": mark("the site that it is sent to"),
    "transport": mark("optional: CO2e of vehicles of the group's own, per t sent; else 0"),
    "loss": mark("optional: part of what is sent that does not arrive"),
    "generator": mark("id of the power source; it is one of the register, as those of bounds"),
    "heat_rate": mark("heat of the fuel per power that it gives"),
    "product": mark("id of the cement product"),
    "licence": mark("optional: on what terms the table may be used"),
    "note": mark("a note of your own; it is not read"),
}
_OWN = {  # where a column means something else than in other sheets
    ("materials", "kind"): mark(
        "a word of your own, by which bounds may name several (`slag`, `fly_ash`, …)"
    ),
    ("sites", "kind"): mark("{choices}; of the base year, and what it becomes in stages.csv"),
    ("sites", "equity"): mark("equity share of the group in the base year"),
    ("stages", "site"): mark("a site of sites.csv"),
    ("stages", "from"): mark("the year from which on it is so; as a whole step"),
    ("stages", "kind"): mark("{choices}; empty: as before"),
    ("stages", "equity"): mark("equity share of the group; empty: as before"),
    ("stages", "control"): mark("{choices}: whether the group controls the site; empty: as before"),
    ("generators", "site"): mark("the site where it stands"),
    ("generators", "fuel"): mark("a fuel of fuels.csv"),
    ("products", "place"): mark(
        "a site, a region or `group`; the nearest counts. An amount is of one site"
    ),
    ("sectors", "sector"): mark("name of the sector pathway"),
    ("sectors", "quantity"): mark("`emissions` or `activity` (cementitious product)"),
}
YEAR = mark("the value in this year; a gap between two years is filled on a straight line")
SETTINGS = {
    "base_year": mark("the year that targets are compared with"),
    "inventory_year": mark(
        "the last year known from an inventory; the pathway starts the year after"
    ),
    "final_year": mark("the last year of the pathway"),
    "objective": mark("{choices}: CCUS over all years, in the last, in the largest"),
    "then": mark(
        "{choices}: a steady pathway, the nearest to `plan.csv`, or as the solver finds it"
    ),
    "within": mark(
        "optional: how much more CCUS than the least that pathway may need, from `0 %`; `0.1 %` "
        "where nothing stands here"
    ),
    "names": mark("`en` and `zh-Hant`: names of the case"),
    "company": mark("optional: `en` and `zh-Hant`, the company's name in target statements"),
    "regions": mark("optional: for each region id `en` and `zh-Hant`"),
    "accounting": mark("a table with the switches below"),
    "consolidation": mark(
        "`equity`: by equity share; `control`: controlled sites whole, others not; or a table of "
        "years, from which on each holds"
    ),
    "base_years": mark(
        "where shares change: {choices}, by the shares of then, or of the year compared with"
    ),
    "captured_biogenic_counts": mark("whether captured biogenic CO2 is deducted from scope 1"),
    "captured_use_counts": mark("whether CO2 captured for use is deducted from scope 1"),
}
_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("sites", "kind"): tuple(SiteKind),
    ("sites", "control"): ("yes", "no"),
    ("series", "quantity"): tuple(QUANTITIES),
    ("fuels", "kind"): tuple(FuelKind),
    ("materials", "use"): tuple(MaterialUse),
    ("bounds", "lever"): tuple(LEVERS),
    ("bounds", "sense"): tuple(Sense),
    ("bounds", "kind"): tuple(BoundKind),
    ("bounds", "confidence"): tuple(Confidence),
    ("targets", "scope"): tuple(Scope),
    ("targets", "metric"): tuple(Metric),
    ("targets", "form"): ("points", "line"),
    ("targets", "market_share"): tuple(MarketShare),
    ("plan", "lever"): tuple(PLANNED),
    ("sectors", "scope"): (Scope.ONE, Scope.TWO),
    ("sectors", "quantity"): SECTOR_QUANTITIES,
    ("routes", "kind"): tuple(BoundKind),
    ("routes", "confidence"): tuple(Confidence),
    ("generators", "kind"): tuple(BoundKind),
    ("generators", "confidence"): tuple(Confidence),
    ("stages", "kind"): tuple(SiteKind),
    ("stages", "control"): ("yes", "no"),
    ("case", "objective"): tuple(Objective),
    ("case", "then"): tuple(Second),
    ("case", "consolidation"): tuple(Consolidation),
    ("case", "base_years"): tuple(BaseYears),
    ("case", "captured_biogenic_counts"): ("true", "false"),
    ("case", "captured_use_counts"): ("true", "false"),
}


def choices(sheet: str, column: str) -> tuple[str, ...]:
    """The words that a column (or a setting) may hold; none: any word."""
    found = tuple(Status) if column == "status" else _CHOICES.get((sheet, column), ())
    return tuple(str(choice) for choice in found)


def meaning(sheet: str, column: str, text: Text = mark, quote: str = "") -> str:
    """What a column means, in a language; quote: around the words that stand in cells."""
    known = SETTINGS if sheet == "case" else MEANINGS
    words = _OWN.get((sheet, column)) or known[column]
    listed = ", ".join(f"`{choice}`" for choice in choices(sheet, column))
    translated = text(words) if words not in ("", "{choices}") else words
    return translated.format(choices=listed).replace("`", quote)


def units(sheet: str) -> tuple[str, ...]:
    """The units that rows of a sheet may have."""
    dimensions = {
        "series": [spec.dimension for spec in QUANTITIES.values()],
        "bounds": [
            d for x in LEVERS.values() for d in (*level_dimensions(x), *change_dimensions(x))
        ],
        "targets": [Dimension.MASS_RATIO, Dimension.MASS, *REDUCTIONS],
        "plan": [d for lever in PLANNED.values() for d in level_dimensions(lever)],
        "sectors": [Dimension.MASS],
        "routes": [LEVERS["clinker_moved"].quantity],
        "generators": [LEVERS["own_power"].quantity],
        "products": [Dimension.SHARE, Dimension.MASS],
    }[sheet]
    found = [unit for wanted in Dimension if wanted in dimensions for unit in units_like(wanted)]
    return (*found, "rest") if sheet == "plan" else tuple(found)


def units_like(dimension: Dimension) -> tuple[str, ...]:
    """The units of a dimension."""
    return tuple(unit for unit, (of, _) in UNITS.items() if of is dimension)
