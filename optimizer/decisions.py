"""The variables of the programme: the quantities decided for each site and year of the horizon."""

from typing import Any

import pyomo.environ as pyo

from model.activity import Activity, SiteYear
from model.case import Case
from model.site_years import Key, heated


def declare_decisions(
    m: pyo.ConcreteModel, case: Case, known: dict[Key, SiteYear]
) -> dict[Key, Activity[Any]]:
    """Declares all variables, and gives them as activities; what a site cannot do is 0.

    Variables are in t, GJ, MWh and t CO2, divided by the programme's scale, and none is negative.
    """
    years = list(case.horizon)
    kilns = [s.id for s in case.sites.values() if s.kind.has_kiln]
    grinding = [s.id for s in case.sites.values() if s.kind.makes_cement and not s.kind.has_kiln]
    m.YEARS = pyo.Set(initialize=years)
    m.SITES = pyo.Set(initialize=list(case.sites))
    m.KILNS = pyo.Set(initialize=kilns)
    m.GRINDING = pyo.Set(initialize=grinding)
    m.CEMENT = pyo.Set(initialize=[s for s in case.sites if s in kilns or s in grinding])
    m.HEATED = pyo.Set(initialize=[s.id for s in case.sites.values() if heated(case, s)])
    m.FUELS = pyo.Set(initialize=list(case.fuels))
    m.ADDITIONS = pyo.Set(initialize=[a.id for a in case.additions])
    m.RAW = pyo.Set(initialize=[r.id for r in case.raw_materials])

    m.clinker = pyo.Var(m.KILNS, m.YEARS, within=pyo.NonNegativeReals)
    m.clinker_bought = pyo.Var(m.GRINDING, m.YEARS, within=pyo.NonNegativeReals)
    m.addition = pyo.Var(m.CEMENT, m.ADDITIONS, m.YEARS, within=pyo.NonNegativeReals)
    m.alternative_raw = pyo.Var(m.KILNS, m.RAW, m.YEARS, within=pyo.NonNegativeReals)
    m.heat = pyo.Var(m.HEATED, m.FUELS, m.YEARS, within=pyo.NonNegativeReals)
    m.waste_heat_power = pyo.Var(m.KILNS, m.YEARS, within=pyo.NonNegativeReals)
    m.renewable_power = pyo.Var(m.SITES, m.YEARS, within=pyo.NonNegativeReals)
    m.captured_storage = pyo.Var(m.KILNS, m.YEARS, within=pyo.NonNegativeReals)
    m.captured_use = pyo.Var(m.KILNS, m.YEARS, within=pyo.NonNegativeReals)

    return {
        (site, year): _activity(m, case, site, year, known[site, year])
        for site in case.sites
        for year in years
    }


def _activity(m: pyo.ConcreteModel, case: Case, site: str, year: int, k: SiteYear) -> Activity[Any]:
    kiln = case.sites[site].kind.has_kiln
    makes_cement = case.sites[site].kind.makes_cement
    return Activity(
        clinker=m.clinker[site, year] if kiln else 0.0,
        clinker_bought=_bought(m, site, year, k, kiln, makes_cement),
        additions={a: m.addition[site, a, year] for a in m.ADDITIONS} if makes_cement else {},
        alternative_raw={r: m.alternative_raw[site, r, year] for r in m.RAW} if kiln else {},
        heat={f: m.heat[site, f, year] for f in m.FUELS} if site in m.HEATED else {},
        waste_heat_power=m.waste_heat_power[site, year] if kiln else 0.0,
        renewable_power=m.renewable_power[site, year],
        captured_storage=m.captured_storage[site, year] if kiln else 0.0,
        captured_use=m.captured_use[site, year] if kiln else 0.0,
    )


def _bought(
    m: pyo.ConcreteModel, site: str, year: int, k: SiteYear, kiln: bool, makes_cement: bool
) -> Any:
    """Clinker bought: given where there is a kiln, decided by a grinding station."""
    if makes_cement and not kiln:
        return m.clinker_bought[site, year]
    return k.clinker_bought
