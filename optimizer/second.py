"""The second objective: the steadiest pathway, or the nearest to the company's own plan.

Both measure each lever of each site as a number of the order of 1: its amount per tonne of the
site's product (cement + clinker sold, known beforehand), divided by a nominal amount per tonne.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from model.activity import Activity, SiteYear
from model.case import Second
from optimizer.programme import Programme

# Nominal amounts per tonne of product: what makes a lever's number about 1 where it is used fully.
NOMINAL_HEAT = 3.0  # GJ, the heat of a tonne of clinker
NOMINAL_RAW = 1.5  # t, the raw meal of a tonne of clinker
NOMINAL_POWER = 0.1  # MWh, the power of a tonne of cement
NOMINAL_CO2 = 0.8  # t CO2, the stack of a tonne of clinker


@dataclass(frozen=True, slots=True)
class Measured:
    """One lever of one site in one year: what it is called, and its number."""

    lever: str
    value: Any


def measured(a: Activity[Any], k: SiteYear) -> Iterator[Measured]:
    """The levers of a site in a year as numbers of the order of 1."""
    product = k.cement + k.clinker_sold
    if product <= 0:
        if k.other_power > 0:  # offices and concrete plants
            yield Measured("renewable power", a.renewable_power * (1 / k.other_power))
        return
    for m, quantity in a.additions.items():
        yield Measured(f"addition {m}", quantity * (1 / product))
    for m, quantity in a.alternative_raw.items():
        yield Measured(f"raw {m}", quantity * (1 / (product * NOMINAL_RAW)))
    for f, quantity in a.heat.items():
        yield Measured(f"heat {f}", quantity * (1 / (product * NOMINAL_HEAT)))
    power = 1 / (product * NOMINAL_POWER)
    yield Measured("waste heat power", a.waste_heat_power * power)
    yield Measured("renewable power", a.renewable_power * power)
    co2 = 1 / (product * NOMINAL_CO2)
    yield Measured("storage", a.captured_storage * co2)
    yield Measured("use", a.captured_use * co2)


def add_second(programme: Programme, second: Second) -> None:
    """Adds ``m.second``: a block with rows and an objective, beside ``least_ccus``."""
    m, case = programme.m, programme.case
    m.least_ccus.deactivate()
    m.second = pyo.Block()
    deviations = dict(_changes_of_pace(programme) if second is Second.STEADY else _gaps(programme))
    m.second.ROWS = pyo.Set(initialize=list(deviations), dimen=3)
    m.second.over = pyo.Var(m.second.ROWS, within=pyo.NonNegativeReals)
    m.second.under = pyo.Var(m.second.ROWS, within=pyo.NonNegativeReals)
    over, under = m.second.over, m.second.under

    @m.second.Constraint(m.second.ROWS)
    def deviation(block: Any, s: str, lever: str, y: int) -> Any:
        """over − under = the deviation, so that over + under is its size"""
        return deviations[s, lever, y] - over[s, lever, y] + under[s, lever, y] == 0

    years = len(case.horizon)
    m.second.objective = pyo.Objective(
        expr=sum((over[key] + under[key]) * (1.0 / years) for key in deviations)
        if deviations
        else m.ccus[case.final_year] * 0.0
    )


def _changes_of_pace(programme: Programme) -> Iterator[tuple[tuple[str, str, int], Any]]:
    """Second differences ``x[y+1] − 2 x[y] + x[y−1]``, from the inventory year if it is known."""
    case = programme.case
    first = case.inventory_year if programme.planned else case.horizon.start
    for site in case.sites:
        lines: dict[str, dict[int, Any]] = {}
        for year in range(first, case.final_year + 1):
            for entry in measured(_activity(programme, site, year), programme.known[site, year]):
                lines.setdefault(entry.lever, {})[year] = entry.value
        for lever, line in lines.items():
            for year in range(first + 1, case.final_year):
                if {year - 1, year, year + 1} <= line.keys():
                    yield (
                        (site, lever, year),
                        line[year + 1] - line[year] * 2.0 + line[year - 1],
                    )


def _gaps(programme: Programme) -> Iterator[tuple[tuple[str, str, int], Any]]:
    """Differences from the company's plan."""
    for (site, year), a in programme.activities.items():
        k = programme.known[site, year]
        planned = {entry.lever: entry.value for entry in measured(programme.planned[site, year], k)}
        for entry in measured(a, k):
            yield (site, entry.lever, year), entry.value - planned[entry.lever]


def _activity(programme: Programme, site: str, year: int) -> Activity[Any]:
    chosen = programme.activities if year in programme.case.horizon else programme.planned
    return chosen[site, year]
