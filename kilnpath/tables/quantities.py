"""The result tables, tidy, as pandas frames. Numbers come from the model; none is computed here."""

from collections.abc import Iterator, Mapping
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kilnpath.tables.tidy import by_scenario, named, tidy
from model.case.columns import Column, Grid, Key, Mask, grid_of
from model.case.places import PRODUCT
from model.case.types import Case
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import (
    additions_of,
    cementitious_product,
    kiln_heat,
    product_cement,
    total_heat,
)
from model.formulas.emissions import bought_power, power_demand, stack_co2
from model.formulas.inventory import Inventory
from model.formulas.ratios import ratios
from model.formulas.site_years import shares
from model.pathway.pathway import Pathway, target_tonnes
from optimizer.planning.shadow_prices import price_column

SCOPES = {
    "process": "1",
    "combustion": "1",
    "additions": "1",
    "own_power": "1",
    "other": "1",
    "counted": "1",
    "power": "2",
    "biogenic": "memo",
    "captured": "memo",
}


def pathway_frame(pathway: Pathway) -> pd.DataFrame:
    """Decided quantities and what follows from them, whole and consolidated, by site and year."""
    items = quantities(pathway)
    values = np.stack([one.values for one in items], axis=-1)
    there = np.stack([one.there for one in items], axis=-1)
    said = {name: [getattr(one, name) for one in items] for name in ("quantity", "which", "unit")}
    years = pathway.activities.years
    numbers = _whole(values, pathway.case, years)
    table = tidy(numbers, there[:, None], years, _places(pathway.case), said)
    columns = ["site", "region", "year", "quantity", "which", "value", "consolidated", "unit"]
    return table[columns]


def _whole(values: Column, case: Case, years: range) -> dict[str, Column]:
    """Numbers by site, year and item, whole and consolidated."""
    return {"value": values, "consolidated": values * shares(case, years)[..., None]}


def _places(case: Case) -> dict[str, list[str]]:
    """What is said of every site."""
    return {"site": list(case.sites), "region": [site.region for site in case.sites.values()]}


class Quantity(NamedTuple):
    """A quantity by site and year, and the sites that have it."""

    quantity: str
    which: str
    values: Column
    unit: str
    there: Mask


def quantities(pathway: Pathway) -> list[Quantity]:
    """Decided quantities and what follows from them, in the years of the activities."""
    sites, years = pathway.activities.sites, pathway.activities.years
    shape = (len(sites.ids), len(years))
    parameters = pathway.parameters.within(years).columns
    return [
        one._replace(
            values=np.broadcast_to(one.values, shape), there=np.broadcast_to(one.there, shape[:1])
        )
        for one in _quantities(pathway.case, pathway.activities, parameters)
    ]


def _quantities(case: Case, activities: Grid[Activity[Any]], p: SiteYear) -> Iterator[Quantity]:
    sites, a = activities.sites, activities.columns
    every = np.ones(1, dtype=bool)

    def one(quantity: str, values: Any, unit: str, which: str = "") -> Quantity:
        return Quantity(quantity, which, values, unit, every)

    def several(quantity: str, field: str, unit: str) -> Iterator[Quantity]:
        has = sites.has(field)
        there = every if has is None else has
        for which, values in getattr(a, field).items():
            yield Quantity(quantity, which, values, unit, there)

    def at(quantity: str, which: str, values: Any, unit: str, *own: str) -> Quantity:
        there = np.array([site in own for site in sites.ids], dtype=bool)
        return Quantity(quantity, which, values, unit, there)

    yield one("cement", a.cement, "t")
    yield one("clinker", a.clinker, "t")
    yield one("clinker_bought", a.clinker_bought, "t")
    yield one("clinker_sold", p.clinker_sold, "t")
    for r in case.routes.values():
        yield at("clinker_sent", r.id, a.clinker_sent[r.id], "t", r.origin)
        yield at("clinker_received", r.id, a.clinker_received[r.id], "t", r.destination)
    yield from several("addition", "additions", "t")
    for name, product in case.products.items():
        yield at("product_cement", name, product_cement(a, p, name), "t", *product.shares)
        for material, values in additions_of(a, name).items():
            which = f"{name}{PRODUCT}{material}"
            yield at("product_addition", which, values, "t", *product.shares)
    yield one("cementitious_product", cementitious_product(a, p), "t")
    yield from several("alternative_raw", "alternative_raw", "t")
    yield from several("uncredited", "uncredited", "t")
    yield from several("heat", "heat", "GJ")
    yield one("heat", total_heat(a), "GJ", "total")
    yield one("kiln_heat", kiln_heat(a, p), "GJ")
    yield one("power_demand", power_demand(a, p), "MWh")
    yield one("waste_heat_power", a.waste_heat_power, "MWh")
    yield one("renewable_power", a.renewable_power, "MWh")
    for g in case.generators.values():
        yield at("own_power", g.id, a.own_power[g.id], "MWh", g.site)
    yield one("bought_power", bought_power(a, p), "MWh")
    yield one("stack_co2", stack_co2(a, p), "t CO2")
    yield one("capture", a.captured_storage, "t CO2", "storage")
    yield one("capture", a.captured_use, "t CO2", "use")


def activities_from(frame: pd.DataFrame) -> dict[Key, Activity[float]]:
    """The decided quantities of a ``pathway`` table: (site, year) -> activity."""
    cell, keys = pd.MultiIndex.from_frame(frame[["site", "year"]]).factorize()
    item, items = pd.MultiIndex.from_frame(frame[["quantity", "which"]].fillna("")).factorize()
    there = np.zeros((len(keys), len(items)), dtype=bool)
    values = np.zeros(there.shape)
    there[cell, item] = True
    values[cell, item] = frame["value"]
    names = [(str(quantity), str(which)) for quantity, which in items]
    cells = zip(keys, values.tolist(), there.tolist(), strict=True)
    return {
        (str(site), int(year)): _activity(dict(compress(zip(names, row, strict=True), has)))
        for (site, year), row, has in cells
    }


def _activity(values: Mapping[tuple[str, str], float]) -> Activity[float]:
    """What is decided, out of all quantities of a site in a year.

    Raises ``KeyError`` with the (quantity, which) that is missing.
    """

    def several(quantity: str) -> dict[str, float]:
        return {w: v for (q, w), v in values.items() if q == quantity and w != "total"}

    return Activity(
        cement=values["cement", ""],
        clinker=values["clinker", ""],
        clinker_bought=values["clinker_bought", ""],
        additions=several("addition"),
        alternative_raw=several("alternative_raw"),
        heat=several("heat"),
        waste_heat_power=values["waste_heat_power", ""],
        renewable_power=values["renewable_power", ""],
        captured_storage=values["capture", "storage"],
        captured_use=values["capture", "use"],
        uncredited=several("uncredited"),
        clinker_sent=several("clinker_sent"),
        clinker_received=several("clinker_received"),
        own_power=several("own_power"),
        product_additions={
            _both(which): value for which, value in several("product_addition").items()
        },
    )


def _both(which: str) -> tuple[str, str]:
    """Product and material of a quantity."""
    product, _, material = which.partition(PRODUCT)
    return product, material


def levers_frame(
    case: Case, scenarios: Mapping[str, Mapping[Key, Activity[float]]]
) -> pd.DataFrame:
    """The levers as ratios, by site, region and group, year and scenario.

    Regions and the group are consolidated by each site's share.
    """
    tables = {}
    for scenario, activities in scenarios.items():
        found = ratios(case, activities)
        said = dict(zip(("lever", "which", "unit"), zip(*found.levers, strict=True), strict=True))
        there = ~np.isnan(found.values)
        places = {"place": found.places}
        tables[scenario] = tidy({"value": found.values}, there, found.years, places, said)
    columns = ["scenario", "place", "year", "lever", "which", "value", "unit"]
    return by_scenario(tables)[columns]


def emissions_frame(case: Case, scenarios: Mapping[str, Mapping[Key, Inventory]]) -> pd.DataFrame:
    """Emissions by scenario, site, year, scope and source, whole and consolidated. [t CO2e]

    The source ``counted`` is captured CO2 deducted from scope 1, and so negative.
    """
    tables = {}
    for scenario, accounts in scenarios.items():
        grid = grid_of(case, accounts)
        chosen = {s: scope for s, scope in SCOPES.items() if case.generators or s != "own_power"}
        signs = {source: -1.0 if source == "counted" else 1.0 for source in chosen}
        each = [signs[source] * getattr(grid.columns, source) + 0.0 for source in chosen]
        numbers = _whole(np.stack(each, axis=-1), case, grid.years)
        said = {"scope": list(chosen.values()), "source": list(chosen)}
        every = np.ones(1, dtype=bool)
        tables[scenario] = tidy(numbers, every, grid.years, _places(case), said)
    return by_scenario(tables).assign(unit="t CO2e")


def targets_frame(pathway: Pathway) -> pd.DataFrame:
    """Each target in each year: limit, value and margin."""
    targets = pathway.case.targets
    rows = [
        (
            check.target,
            targets[check.target].place,
            str(targets[check.target].scope),
            str(targets[check.target].metric),
            check.year,
            check.limit,
            check.value,
            check.margin,
            check.unit,
            target_tonnes(pathway, check),
            check.holds,
        )
        for check in pathway.targets
    ]
    columns = [
        "target",
        "place",
        "scope",
        "metric",
        "year",
        "limit",
        "value",
        "margin",
        "unit",
        "tonnes",
        "holds",
    ]
    return pd.DataFrame(rows, columns=columns)


def bounds_frame(pathway: Pathway, prices: Mapping[tuple[str, int], float]) -> pd.DataFrame:
    """Each bound in each year, in its own unit: value, limit, slack, and what it is worth.

    shadow_price: change of the least CCUS [t CO2] per unit of the limit, to first order.
    """
    checks = pathway.bounds
    said = {
        name: named([str(getattr(bound, name)) for bound in checks.bounds], checks.bound)
        for name in (
            *("id", "lever", "which", "place", "sense", "kind"),
            *("unit", "confidence"),
        )
    }
    factor = np.array([bound.factor for bound in checks.bounds], dtype=float)[checks.bound]
    numbers = {
        "year": checks.year,
        "value": checks.value / factor,
        "limit": checks.limit / factor,
        "slack": checks.slack / factor + 0.0,
        "binds": checks.binds,
        "holds": checks.holds,
        "shadow_price": price_column(checks, prices) * factor,
    }
    columns = [
        *("id", "lever", "which", "place", "sense", "kind", "year", "value", "limit", "slack"),
        *("unit", "binds", "holds", "shadow_price", "confidence"),
    ]
    return pd.DataFrame({**said, **numbers})[columns]
