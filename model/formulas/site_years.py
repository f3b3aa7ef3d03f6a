"""The parameters of each site and year of a case."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np

from model.case.columns import Column, Grid, Sites
from model.case.types import Case, FuelKind
from model.case.year_lines import numbers_over
from model.formulas.activity import SiteYear
from model.formulas.emissions import calcination_co2

MWH_PER_GJ = 1 / 3.6
_BIOMASS = "biomass_fraction"


def site_years(case: Case) -> Grid[SiteYear]:
    """(site, year) -> parameters, for every site and every year from base year to the last."""
    return case.once(_site_years)


def _site_years(case: Case) -> Grid[SiteYear]:
    sites = Sites.of(case)
    shape = (len(sites.ids), len(case.years))

    def line(quantity: str, which: str = "") -> Column:
        """The series of a quantity; 0 where a site has none."""
        values = np.zeros(shape)
        for row, site in enumerate(sites.ids):
            series = case.series.get((site, quantity, which))
            if series is not None:
                values[row] = numbers_over(series, case.years)
        return values

    counted = np.ones(shape)
    if not case.accounting.captured_biogenic_counts:
        counted = 1.0 - line("captured_biogenic_share")
    own = case.sites.values()
    clinker_co2 = np.array([calcination_co2(s.clinker_cao, s.clinker_mgo) for s in own])
    raw_per_clinker = np.array([s.raw_per_clinker for s in own])
    numbers: dict[str, Any] = {
        name: line(name)
        for name in (
            *("cement", "clinker_sold", "clinker_bought", "substitutes_sold", "other_direct"),
            *("other_power", "power_clinker", "power_cement", "grid_factor"),
            *("capture_heat", "capture_power"),
        )
    } | {
        "clinker_co2": np.broadcast_to(clinker_co2[:, None], shape),
        "raw_per_clinker": np.broadcast_to(raw_per_clinker[:, None], shape),
        "counted_storage": counted,
        "counted_use": counted if case.accounting.captured_use_counts else np.zeros(shape),
    }
    columns = SiteYear(**numbers, **_fuels(case, sites, line), **_materials(case, shape))
    return Grid(sites, case.years, columns)


def frozen(parameters: Grid[SiteYear], case: Case) -> Grid[SiteYear]:
    """Known numbers with the power intensities of the base year: the frozen baseline's technology.

    Output and grid factors follow their series; they are not the technology of the site.
    """
    p, first = parameters.columns, case.base_year - parameters.years.start

    def still(values: float) -> float:
        column = cast(Column, values)
        return cast(float, np.broadcast_to(column[:, first : first + 1], column.shape))

    columns = replace(p, power_clinker=still(p.power_clinker), power_cement=still(p.power_cement))
    return Grid(parameters.sites, parameters.years, columns)


def _materials(case: Case, shape: tuple[int, int]) -> dict[str, Any]:
    additions = case.additions
    numbers = {
        "raw_co2": {m.id: calcination_co2(m.cao, m.mgo, m.moisture) for m in case.raw_materials},
        "addition_co2": {m.id: m.co2 for m in additions},
        "addition_heat": {m.id: m.heat for m in additions},
        "addition_power": {m.id: m.power for m in additions},
    }
    return {
        name: {m: np.broadcast_to(np.float64(v), shape) for m, v in factors.items()}
        for name, factors in numbers.items()
    }


def _fuels(case: Case, sites: Sites, line: Callable[[str, str], Column]) -> dict[str, Any]:
    """Factors by fuel; a biomass fraction may move by site and year."""
    shape = (len(sites.ids), len(case.years))
    moving = {(site, which) for site, quantity, which in case.series if quantity == _BIOMASS}
    biomass, fuels = {}, case.fuels.values()
    for fuel in fuels:
        given = np.array([(site, fuel.id) in moving for site in sites.ids])[:, None]
        still = np.broadcast_to(np.float64(fuel.biomass_fraction), shape)
        moved = line(_BIOMASS, fuel.id) if given.any() else still
        biomass[fuel.id] = np.where(given, moved, still)
    electric = {f.id: MWH_PER_GJ if f.kind is FuelKind.ELECTRIC else 0.0 for f in fuels}
    return {
        "fossil_factor": {f.id: f.co2_factor * (1 - biomass[f.id]) for f in fuels},
        "biogenic_factor": {f.id: f.co2_factor * biomass[f.id] for f in fuels},
        "biomass_fraction": biomass,
        "heat_power": {f: np.broadcast_to(np.float64(v), shape) for f, v in electric.items()},
    }
