"""Rows of the programme: balances and laws of nature of each site and year.

All sums come from ``model.balances`` and ``model.emissions``; only the relation stands here.
"""

from typing import Any

import pyomo.environ as pyo

from model.activity import Activity, SiteYear
from model.balances import (
    cement_made,
    clinker_for_cement,
    kiln_heat,
    raw_meal,
)
from model.emissions import (
    biogenic_emissions,
    bought_power,
    captured,
    plain_sum,
    process_emissions,
    stack_co2,
)
from model.site_years import Key


def add_balances(
    m: pyo.ConcreteModel,
    activities: dict[Key, Activity[Any]],
    known: dict[Key, SiteYear],
    biogenic_counts: bool,
) -> None:
    """Adds the rows that hold whatever the register says."""

    @m.Constraint(m.CEMENT, m.YEARS)
    def cement_balance(m: Any, s: str, y: int) -> Any:
        """clinker_for_cement + Σ additions = cement"""
        return cement_made(activities[s, y], known[s, y]) == known[s, y].cement

    @m.Constraint(m.KILNS, m.YEARS)
    def clinker_for_own_cement(m: Any, s: str, y: int) -> Any:
        """clinker_for_cement ≥ 0"""
        return clinker_for_cement(activities[s, y], known[s, y]) >= 0

    @m.Constraint(m.HEATED, m.YEARS)
    def heat_balance(m: Any, s: str, y: int) -> Any:
        """Σ_f heat[f] = heat of additions + heat of capture, and what is left is the kiln's"""
        left = kiln_heat(activities[s, y], known[s, y])
        return left >= 0 if s in m.KILNS else left == 0

    @m.Constraint(m.KILNS, m.YEARS)
    def raw_meal_limit(m: Any, s: str, y: int) -> Any:
        """Σ_m alternative_raw[m] ≤ raw meal"""
        raw = plain_sum(list(activities[s, y].alternative_raw.values()))
        return raw - raw_meal(activities[s, y], known[s, y]) <= 0

    @m.Constraint(m.KILNS, m.YEARS)
    def process_limit(m: Any, s: str, y: int) -> Any:
        """process emissions ≥ 0"""
        return process_emissions(activities[s, y], known[s, y]) >= 0

    @m.Constraint(m.SITES, m.YEARS)
    def power_balance(m: Any, s: str, y: int) -> Any:
        """waste heat power + renewable power ≤ power demand"""
        return bought_power(activities[s, y], known[s, y]) >= 0

    @m.Constraint(m.KILNS, m.YEARS)
    def stack_limit(m: Any, s: str, y: int) -> Any:
        """captured ≤ stack CO2"""
        return captured(activities[s, y]) - stack_co2(activities[s, y], known[s, y]) <= 0

    if not biogenic_counts:

        @m.Constraint(m.KILNS, m.YEARS)
        def biogenic_limit(m: Any, s: str, y: int) -> Any:
            """biogenic ≤ captured_biogenic_share · stack CO2"""
            a, k = activities[s, y], known[s, y]
            share = 1 - k.counted_storage
            return biogenic_emissions(a, k) - stack_co2(a, k) * share <= 0
