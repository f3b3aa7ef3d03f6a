"""Rows of the programme that name its accounts: scope 1 and 2 of each site, CCUS of the group."""

from typing import Any

import pyomo.environ as pyo

from model.activity import Activity, SiteYear
from model.case import Case
from model.emissions import captured, direct_emissions, indirect_emissions
from model.site_years import Key


def add_emissions(
    m: pyo.ConcreteModel,
    case: Case,
    activities: dict[Key, Activity[Any]],
    known: dict[Key, SiteYear],
) -> None:
    """Adds ``scope1``, ``scope2`` [t CO2e by site and year] and ``ccus`` [t CO2 by year]."""
    m.scope1 = pyo.Var(m.SITES, m.YEARS)
    m.scope2 = pyo.Var(m.SITES, m.YEARS)
    m.ccus = pyo.Var(m.YEARS)

    @m.Constraint(m.SITES, m.YEARS)
    def scope1_account(m: Any, s: str, y: int) -> Any:
        """scope1 = process + combustion + own CO2 of additions + other − counted capture"""
        return m.scope1[s, y] - direct_emissions(activities[s, y], known[s, y]) == 0

    @m.Constraint(m.SITES, m.YEARS)
    def scope2_account(m: Any, s: str, y: int) -> Any:
        """scope2 = bought power · grid factor"""
        return m.scope2[s, y] - indirect_emissions(activities[s, y], known[s, y]) == 0

    @m.Constraint(m.YEARS)
    def ccus_account(m: Any, y: int) -> Any:
        """ccus = Σ_s share_s · (storage + use)"""
        shares = ((case.sites[s].share, captured(activities[s, y])) for s in m.KILNS)
        return m.ccus[y] - sum(part * share for share, part in shares) == 0
