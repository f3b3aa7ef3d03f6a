"""The books that rules are read from: accounts and products of a site in a year, or of several."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import numpy as np

from model.accounting.switches import BIOGENIC, USE, Activities, biogenic_shares, with_rule
from model.case.columns import Column, Grid, Key, Mask, divided, grid_of
from model.case.types import Case, FuelKind
from model.formulas.activity import Activity
from model.formulas.balances import cementitious_product
from model.formulas.emissions import stack_co2, waste_emissions
from model.formulas.inventory import Inventory, added, inventories
from model.formulas.site_years import site_years

Amounts = tuple[Column, Mask]  # by site and year, and the sites that have such an amount


class CaptureRule(StrEnum):
    """Which captured CO2 is deducted."""

    CASE = "as the case's switches say"
    FOSSIL = "fossil CO2 alone; CO2 used as the case's switch says"
    FOSSIL_STORED = "fossil CO2 stored alone"


@dataclass(frozen=True, slots=True)
class RuleInventory:
    """Accounts by what captured CO2 is deducted [t CO2e], and amounts by name.

    Products [t]: ``cement``; ``cementitious`` and its parts ``clinker_own`` (made for own cement),
    ``clinker_sold``, ``addition <material>``, ``substitutes_sold``; ``clinker`` (made in all);
    ``clinker_bought``, outside it. CO2 [t]: ``stored`` and ``used``, ``stored_biogenic`` of it, and
    fossil CO2 of waste fuels: ``waste``, ``waste_left`` of it after the capture that counts.
    """

    accounts: Mapping[CaptureRule, Inventory]
    amounts: Mapping[str, float]


def rule_inventories(case: Case, activities: Activities) -> dict[Key, RuleInventory]:
    """(site, year) -> books, unconsolidated."""
    if not activities:
        return {}
    chosen = grid_of(case, activities)
    cases = {
        CaptureRule.CASE: case,
        CaptureRule.FOSSIL: with_rule(case, chosen, {BIOGENIC: "false"}),
        CaptureRule.FOSSIL_STORED: with_rule(case, chosen, {BIOGENIC: "false", USE: "false"}),
    }
    accounts = {counted: inventories(chosen, site_years(one)) for counted, one in cases.items()}
    amounts = {**_products(case, chosen), **_co2(case, chosen)}
    listed = {name: (values.tolist(), has.tolist()) for name, (values, has) in amounts.items()}
    rows = {site: row for row, site in enumerate(chosen.sites.ids)}
    return {
        (site, year): RuleInventory(
            {counted: grid[site, year] for counted, grid in accounts.items()},
            {
                name: values[rows[site]][year - chosen.years.start]
                for name, (values, has) in listed.items()
                if has[rows[site]]
            },
        )
        for site, year in activities
    }


def total(parts: Iterable[tuple[float, RuleInventory]]) -> RuleInventory:
    """The sum of books, each by a share; what one has none of is 0 there."""
    parts = list(parts)
    names = dict.fromkeys(name for _, b in parts for name in b.amounts)
    return RuleInventory(
        {c: added((share, b.accounts[c]) for share, b in parts) for c in CaptureRule},
        {n: float(sum(share * b.amounts.get(n, 0.0) for share, b in parts)) for n in names},
    )


def scope3_purchases(case: Case, key: Key, clinker_bought: float) -> float | None:
    """Scope 3 category 1 of clinker [t] and cement bought from others: a memo. [t CO2]

    ``clinker_bought · bought_clinker_co2 + cement_bought · bought_cement_co2``; ``None`` where
    something is bought and the case gives no factor for it.
    Source: SBTi, Cement Science Based Target Setting Guidance, 2022: per tonne purchased.
    """
    site, year = key

    def given(quantity: str, otherwise: float | None) -> float | None:
        line = case.series.get((site, quantity, ""))
        return otherwise if line is None else line[year]

    bought = {"clinker": clinker_bought, "cement": given("cement_bought", 0.0) or 0.0}
    emitted = 0.0
    for what, amount in bought.items():
        factor = given(f"bought_{what}_co2", 0.0 if not amount else None)
        if factor is None:
            return None
        emitted += amount * factor
    return emitted


def _products(case: Case, activities: Grid[Activity[float]]) -> dict[str, Amounts]:
    sites, years, a = activities.sites, activities.years, activities.columns
    p = site_years(case).within(years).columns
    every = np.ones(len(sites.ids), dtype=bool)
    products = {
        "cement": (a.cement, every),
        "cementitious": (cementitious_product(a, p), every),
        "clinker": (a.clinker, every),
        "clinker_own": (a.clinker - p.clinker_sold, every),
        "clinker_sold": (p.clinker_sold, every),
        **{f"addition {m}": (amount, sites.makes_cement) for m, amount in a.additions.items()},
        "substitutes_sold": (p.substitutes_sold, every),
        "clinker_bought": (a.clinker_bought, every),
    }
    return cast(dict[str, Amounts], products)


def _co2(case: Case, activities: Grid[Activity[float]]) -> dict[str, Amounts]:
    a, p = activities.columns, site_years(case).within(activities.years).columns
    wastes = [f.id for f in case.fuels.values() if f.kind is not FuelKind.FOSSIL]
    shape = (len(activities.sites.ids), len(activities.years))
    waste = np.broadcast_to(waste_emissions(a, p, wastes), shape)
    counted = a.captured_storage + a.captured_use * case.accounting.captured_use_counts
    # A tonne that is captured and deducted is not deducted once more as waste.
    left = 1 - divided(cast(Column, counted), cast(Column, stack_co2(a, p)))
    found = {
        "stored": a.captured_storage,
        "used": a.captured_use,
        "stored_biogenic": a.captured_storage * biogenic_shares(case, activities),
        "waste": waste,
        "waste_left": waste * np.where(np.isnan(left), 1.0, np.maximum(left, 0.0)),
    }
    every = np.ones(shape[0], dtype=bool)
    return {name: (cast(Column, values), every) for name, values in found.items()}
