"""The result tables, tidy, as pandas frames. Numbers come from the model; none is computed here."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from model.accounts import Inventory
from model.activity import Activity, SiteYear
from model.balances import cementitious_product, kiln_heat, total_heat
from model.case import Case
from model.columns import Key
from model.emissions import bought_power, power_demand, stack_co2
from model.pathway import Pathway, target_tonnes
from model.ratios import ratios

SCOPES = {
    "process": "1",
    "combustion": "1",
    "additions": "1",
    "other": "1",
    "counted": "1",
    "power": "2",
    "biogenic": "memo",
    "captured": "memo",
}
_BOUND_COLUMNS = (
    *("id", "lever", "which", "place", "sense", "kind", "year", "value", "limit", "slack", "unit"),
    *("binds", "holds", "shadow_price", "confidence"),
)


def pathway_frame(pathway: Pathway) -> pd.DataFrame:
    """Decided quantities and what follows from them, whole and consolidated, by site and year."""
    case = pathway.case
    rows = [
        (site, place.region, year, quantity, which, value, value * place.share, unit)
        for (site, year), a in pathway.activities.items()
        for place in (case.sites[site],)
        for quantity, which, value, unit in _quantities(a, pathway.known[site, year])
    ]
    columns = ["site", "region", "year", "quantity", "which", "value", "consolidated", "unit"]
    return pd.DataFrame(rows, columns=columns)


def _quantities(a: Activity[float], k: SiteYear) -> Iterator[tuple[str, str, float, str]]:
    yield "cement", "", k.cement, "t"
    yield "clinker", "", a.clinker, "t"
    yield "clinker_bought", "", a.clinker_bought, "t"
    yield "clinker_sold", "", k.clinker_sold, "t"
    yield from (("addition", m, q, "t") for m, q in a.additions.items())
    yield "cementitious_product", "", cementitious_product(a, k), "t"
    yield from (("alternative_raw", m, q, "t") for m, q in a.alternative_raw.items())
    yield from (("heat", f, q, "GJ") for f, q in a.heat.items())
    yield "heat", "total", total_heat(a), "GJ"
    yield "kiln_heat", "", kiln_heat(a, k), "GJ"
    yield "power_demand", "", power_demand(a, k), "MWh"
    yield "waste_heat_power", "", a.waste_heat_power, "MWh"
    yield "renewable_power", "", a.renewable_power, "MWh"
    yield "bought_power", "", bought_power(a, k), "MWh"
    yield "stack_co2", "", stack_co2(a, k), "t CO2"
    yield "capture", "storage", a.captured_storage, "t CO2"
    yield "capture", "use", a.captured_use, "t CO2"


def activities_from(frame: pd.DataFrame) -> dict[Key, Activity[float]]:
    """The decided quantities of a ``pathway`` table: (site, year) -> activity."""
    activities = {}
    for key, rows in frame.fillna({"which": ""}).groupby(["site", "year"], sort=False):
        site, year = str(key[0]), int(str(key[1]))
        values = dict(
            zip(zip(rows["quantity"], rows["which"], strict=True), rows["value"], strict=True)
        )

        def several(quantity: str, values: dict[Any, float] = values) -> dict[str, float]:
            return {w: v for (q, w), v in values.items() if q == quantity and w != "total"}

        activities[site, year] = Activity(
            clinker=values["clinker", ""],
            clinker_bought=values["clinker_bought", ""],
            additions=several("addition"),
            alternative_raw=several("alternative_raw"),
            heat=several("heat"),
            waste_heat_power=values["waste_heat_power", ""],
            renewable_power=values["renewable_power", ""],
            captured_storage=values["capture", "storage"],
            captured_use=values["capture", "use"],
        )
    return activities


def levers_frame(
    case: Case, scenarios: Mapping[str, Mapping[Key, Activity[float]]]
) -> pd.DataFrame:
    """The levers as ratios, by site, region and group, year and scenario.

    Regions and the group are consolidated by each site's share.
    """
    rows = [
        (scenario, place, year, *entry)
        for scenario, activities in scenarios.items()
        for place, year, *entry in ratios(case, activities)
    ]
    columns = ["scenario", "place", "year", "lever", "which", "value", "unit"]
    return pd.DataFrame(rows, columns=columns)


def emissions_frame(case: Case, scenarios: Mapping[str, Mapping[Key, Inventory]]) -> pd.DataFrame:
    """Emissions by scenario, site, year, scope and source, whole and consolidated. [t CO2e]

    The source ``counted`` is captured CO2 deducted from scope 1, and so negative.
    """
    rows: list[tuple[Any, ...]] = []
    for scenario, accounts in scenarios.items():
        for (site, year), account in accounts.items():
            place = case.sites[site]
            for source, scope in SCOPES.items():
                sign = -1.0 if source == "counted" else 1.0
                value = sign * getattr(account, source) + 0.0
                rows.append(
                    (scenario, site, place.region, year, scope, source, value, value * place.share)
                )
    columns = ["scenario", "site", "region", "year", "scope", "source", "value", "consolidated"]
    return pd.DataFrame(rows, columns=columns).assign(unit="t CO2e")


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
    rows = []
    for check in pathway.bounds:
        b = check.bound
        rows.append(
            (
                b.id,
                b.lever,
                b.which,
                b.place,
                str(b.sense),
                str(b.kind),
                check.year,
                check.value / b.factor,
                check.limit / b.factor,
                check.slack / b.factor + 0.0,
                b.unit,
                check.binds,
                check.holds,
                prices.get((b.id, check.year), 0.0) * b.factor,
                str(b.confidence),
            )
        )
    columns = [
        "id",
        "lever",
        "which",
        "place",
        "sense",
        "kind",
        "year",
        "value",
        "limit",
        "slack",
        "unit",
        "binds",
        "holds",
        "shadow_price",
        "confidence",
    ]
    return pd.DataFrame(rows, columns=columns)
