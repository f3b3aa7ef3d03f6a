"""The lines that a steady pathway steadies, of a programme as Pyomo has it."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pyomo.repn.linear import LinearRepnVisitor

from model.activity import Activity, SiteYear
from model.balances import all_additions, kiln_heat, raw_meal, total_heat
from model.case import Case, FuelKind
from model.emissions import captured, plain_sum, power_demand
from optimizer.compiling import Columns
from optimizer.programme import Programme
from optimizer.second import (
    NOMINAL_CO2,
    NOMINAL_HEAT,
    NOMINAL_POWER,
    NOMINAL_RAW,
    measured,
)
from optimizer.steady_lines import Lines, SteadyLines

Number = tuple[str, Any]
ByYear = dict[tuple[str, str], dict[int, Any]]


def steady_lines(programme: Programme, columns: Columns) -> SteadyLines:
    """All lines of a programme, and the region of each of its columns."""
    case = programme.case
    first = case.inventory_year if programme.planned else case.horizon.start
    years = range(first, case.final_year + 1)
    levers, totals, behind, planned = ByYear(), ByYear(), ByYear(), ByYear()
    for site in case.sites:
        for year in years:
            a, k = programme.at(site, year)
            _add(levers, site, year, ((one.lever, one.value) for one in measured(a, k)))
            _add(totals, site, year, _totals(case, a, k))
            if programme.planned:
                today = programme.at(site, case.inventory_year)
                _add(behind, site, year, _behind(case, a, k, today))
            if case.plan_reaches_horizon:
                pairs = (
                    (one.lever, one.value) for one in measured(programme.planned[site, year], k)
                )
                _add(planned, site, year, pairs)
    aims = np.full((len(levers), len(years)), np.nan)
    for number, key in enumerate(levers):
        for year, value in planned.get(key, {}).items():
            aims[number, year - first] = value
    return SteadyLines(
        _lines(levers, years, columns),
        _lines(totals, years, columns),
        _lines(behind, years, columns),
        aims,
        _sites(case, columns),
        _regions(case),
        len(case.horizon),
    )


def _add(lines: ByYear, site: str, year: int, numbers: Iterator[Number]) -> None:
    for name, value in numbers:
        lines.setdefault((site, name), {})[year] = value


def _totals(case: Case, a: Activity[Any], k: SiteYear) -> Iterator[Number]:
    """The totals of levers that planners speak of, as numbers of the order of 1."""
    product = k.cement + k.clinker_sold
    if product <= 0:
        if k.other_power > 0:
            yield "renewable power", a.renewable_power * (1 / k.other_power)
        return
    if a.additions:
        yield "additions", all_additions(a) * (1 / product)
    if not isinstance(a.clinker, float) or a.clinker > 0:
        heat, power = 1 / (product * NOMINAL_HEAT), 1 / (product * NOMINAL_POWER)
        raw = plain_sum(list(a.alternative_raw.values()))
        yield "alternative raw", raw * (1 / (product * NOMINAL_RAW))
        yield "alternative fuels", _alternative(case, a) * heat
        yield "kiln heat", kiln_heat(a, k) * heat
        yield "waste heat power", a.waste_heat_power * power
        yield "capture", captured(a) * (1 / (product * NOMINAL_CO2))
    yield "renewable power", a.renewable_power * (1 / (product * NOMINAL_POWER))


def _alternative(case: Case, a: Activity[Any]) -> Any:
    return plain_sum([q for f, q in a.heat.items() if case.fuels[f].kind is not FuelKind.FOSSIL])


def _behind(
    case: Case, a: Activity[Any], k: SiteYear, today: tuple[Activity[float], SiteYear]
) -> Iterator[Number]:
    """By how much each total is worse than it would be at the inventory year's ratio.

    Ratios: additions per cement, alternative raw materials per raw meal, alternative fuels per
    heat, kiln heat and waste heat power per clinker, renewable power per demand.
    """
    product = k.cement + k.clinker_sold
    power = 1 / (product * NOMINAL_POWER) if product > 0 else 0.0
    b, j = today
    if product > 0 and b.clinker > 0:
        heat = 1 / (product * NOMINAL_HEAT)
        worse = kiln_heat(a, k) - a.clinker * (kiln_heat(b, j) / b.clinker)
        yield "kiln heat", worse * heat
        share = _part(_alternative(case, b), total_heat(b))
        if share:
            yield "alternative fuels", (total_heat(a) * share - _alternative(case, a)) * heat
        share = _part(plain_sum(list(b.alternative_raw.values())), raw_meal(b, j))
        if share:
            short = raw_meal(a, k) * share - plain_sum(list(a.alternative_raw.values()))
            yield "alternative raw", short * (1 / (product * NOMINAL_RAW))
        share = _part(b.waste_heat_power, b.clinker)
        if share:
            yield "waste heat power", (a.clinker * share - a.waste_heat_power) * power
    share = _part(all_additions(b), j.cement) if b.additions else 0.0
    if product > 0 and share:
        yield "additions", (all_additions(a) * -1.0 + k.cement * share) * (1 / product)
    power = power if product > 0 or k.other_power <= 0 else 1 / k.other_power
    share = _part(b.renewable_power, power_demand(b, j))
    if share and power:
        yield "renewable power", (power_demand(a, k) * share - a.renewable_power) * power


def _part(amount: float, whole: float) -> float:
    return amount / whole if whole > 0 else 0.0


def _lines(lines: Mapping[Any, dict[int, Any]], years: range, columns: Columns) -> Lines:
    visitor = LinearRepnVisitor({})
    starts, indices, values = [0], list[int](), list[float]()
    known = np.full((len(lines), len(years)), np.nan)
    for number, line in enumerate(lines.values()):
        for year in years:
            if year in line:
                repn = visitor.walk_expression(line[year])
                known[number, year - years.start] = repn.constant
                indices.extend(columns.index[key] for key in repn.linear)
                values.extend(repn.linear.values())
            starts.append(len(indices))
    as_index = [np.array(one, dtype=np.int32) for one in (starts, indices)]
    return Lines(as_index[0], as_index[1], np.array(values), known)


def _sites(case: Case, columns: Columns) -> Any:
    """The number of each column's site, −1 of a column that is the group's."""
    order = {site: n for n, site in enumerate(case.sites)}
    found = []
    for variable in columns.variables:
        index = variable.index()
        found.append(order.get(index[0], -1) if isinstance(index, tuple) else -1)
    return np.array(found, dtype=np.int32)


def _regions(case: Case) -> Any:
    """The number of each site's region."""
    order = {region: n for n, region in enumerate({s.region: 0 for s in case.sites.values()})}
    return np.array([order[site.region] for site in case.sites.values()], dtype=np.int32)
