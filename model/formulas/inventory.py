"""Accounts: the emissions of activities by site, source and year, and their consolidation."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.case.columns import Grid, mapped
from model.case.types import Case, Metric, Scope
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import cementitious_product
from model.formulas.emissions import (
    addition_emissions,
    all_biogenic_emissions,
    captured,
    combustion_emissions,
    counted_capture,
    indirect_emissions,
    own_power_emissions,
    process_emissions,
    transport_emissions,
)
from model.formulas.site_years import shares


@dataclass(frozen=True, slots=True)
class Inventory:
    """Emissions of one site, or of several consolidated, in one year, by source. [t CO2e]

    process, combustion (of kilns), additions, own_power, other (with the group's own transport of
    clinker): gross scope 1 by source; counted: captured CO2 deducted from it; power: scope 2. Memo:
    biogenic CO2 of fuels, all CO2 captured. cementitious: [t].
    """

    process: float
    combustion: float
    additions: float
    other: float
    counted: float
    power: float
    biogenic: float
    captured: float
    cementitious: float
    own_power: float = 0.0

    @property
    def gross(self) -> float:
        return self.process + self.combustion + self.additions + self.own_power + self.other

    @property
    def scope1(self) -> float:
        return self.gross - self.counted

    def scope(self, scope: Scope) -> float:
        """Scope 1, scope 2 or both, after the capture that counts. [t CO2e]"""
        match scope:
            case Scope.ONE:
                return self.scope1
            case Scope.TWO:
                return self.power
            case Scope.BOTH:
                return self.scope1 + self.power

    def measure(self, scope: Scope, metric: Metric) -> float:
        """What a target limits: an intensity [t/t cementitious product] or an amount [t]."""
        value = self.scope(scope)
        if metric is not Metric.INTENSITY:
            return value
        return value / self.cementitious if self.cementitious else 0.0


def inventory(a: Activity[Any], p: SiteYear) -> Inventory:
    """The inventory of one site in one year, unconsolidated; of columns, in columns."""
    return Inventory(
        process=process_emissions(a, p),
        combustion=combustion_emissions(a, p),
        additions=addition_emissions(a, p),
        own_power=own_power_emissions(a, p),
        other=transport_emissions(a, p) + p.other_direct,
        counted=counted_capture(a, p),
        power=indirect_emissions(a, p),
        biogenic=all_biogenic_emissions(a, p),
        captured=captured(a),
        cementitious=cementitious_product(a, p),
    )


def inventories(activities: Grid[Activity[float]], parameters: Grid[SiteYear]) -> Grid[Inventory]:
    """(site, year) -> inventory, of every year of the activities.

    parameters: of these years at least. Raises ``KeyError``.
    """
    years = activities.years
    found = inventory(activities.columns, parameters.within(years).columns)
    shape = (len(parameters.sites.ids), len(years))
    return Grid(
        parameters.sites, years, mapped(found, lambda values: np.broadcast_to(values, shape))
    )


def consolidated(
    case: Case,
    sites: Iterable[str],
    year: int,
    accounts: Grid[Inventory],
    shares_of: int | None = None,
) -> Inventory:
    """The sum over sites in one year, each by its consolidated share, or that of another year.

    shares_of: that other year, where it is not the same.
    """
    one = accounts.within(range(year, year + 1))
    shares = None if shares_of is None else range(shares_of, shares_of + 1)
    return mapped(consolidated_years(case, sites, one, shares), lambda values: values.item())


def consolidated_years(
    case: Case,
    sites: Iterable[str],
    accounts: Grid[Inventory],
    shares_of: range | None = None,
) -> Inventory:
    """The sum over sites, each by its consolidated share, as columns by year.

    shares_of: the years of these shares, where they are not those of the accounts.
    """
    rows = accounts.sites.numbers(sites)
    share = shares(case, accounts.years if shares_of is None else shares_of)[rows]
    return mapped(accounts.columns, lambda values: (share * values[rows]).sum(axis=0))


def added(parts: Iterable[tuple[float, Inventory]]) -> Inventory:
    """The sum of inventories, each by a share [1]."""
    chosen = list(parts)

    def add(source: Callable[[Inventory], float]) -> float:
        return float(sum(share * source(account) for share, account in chosen))

    return Inventory(
        process=add(lambda one: one.process),
        combustion=add(lambda one: one.combustion),
        additions=add(lambda one: one.additions),
        own_power=add(lambda one: one.own_power),
        other=add(lambda one: one.other),
        counted=add(lambda one: one.counted),
        power=add(lambda one: one.power),
        biogenic=add(lambda one: one.biogenic),
        captured=add(lambda one: one.captured),
        cementitious=add(lambda one: one.cementitious),
    )
