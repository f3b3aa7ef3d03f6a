"""Bounds ten times off what the company's own plan does, and shares that look like parts of 1."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.case.at_kilns import line_of
from model.case.columns import Column, Grid, divided
from model.case.senses import Sense
from model.case.types import Bound, Case
from model.case.units import Dimension
from model.formulas.activity import Activity, SiteYear
from model.formulas.site_years import site_years
from model.levers.bound_rows import BoundRows, bound_table, collect_column, sides
from model.levers.company_plan import plan_activities
from model.levers.levers import LEVERS
from model.messages.faults import Fault
from model.messages.message import message
from model.plausibility.natural import meant
from model.plausibility.table_rows import TableRows, Written

TIMES = 10.0  # how far off a bound may be from the plan: assumed; units differ by 10, 100, 1000
_LEAST_SHARE = 0.01  # below it a share under % is rather a part of 1: assumed
_NEAR = 5.0  # how near to the plan a number is in the unit that was meant: assumed


@dataclass(frozen=True, slots=True)
class _Held:
    """A bound over its years: limits, and the plan's levels of it, NaN where it has none.

    now: the level of the inventory year. All in inside units.
    """

    bound: Bound
    years: tuple[int, ...]
    limits: Column
    plan: Column
    now: float


def off_plan(case: Case) -> Iterator[Fault]:
    """Each bound on a level that is ten times off the plan's, or a share that stays below 1 %."""
    rows = TableRows(case)
    for held in _held(case):
        found = _tenth(case, held, rows) or _tenfold(case, held, rows) or _part_of_1(held, rows)
        if found is not None:
            yield found


def _held(case: Case) -> Iterator[_Held]:
    lines = [
        bound
        for bound in case.bounds.values()
        if bound.sense.is_level and line_of(bound.id) == bound.id
    ]
    table = bound_table(case, lines)
    count = len(table.bound)
    limit, plan, now = np.empty(count), np.full(count, np.nan), np.full(count, np.nan)
    planned = plan_activities(case)
    parameters = site_years(case).within(planned.years)
    for rows in table.groups:
        limit[rows.number] = rows.limit
        if case.company_plan:
            known = rows.all_in(case.inventory_year)
            now[rows.number] = _levels(known, planned, parameters)
        if case.plan_reaches_horizon:
            plan[rows.number] = _levels(rows, planned, parameters)
    starts = np.searchsorted(table.bound, np.arange(len(lines)))
    ends = np.searchsorted(table.bound, np.arange(len(lines)), side="right")
    for bound, start, end in zip(table.bounds, starts.tolist(), ends.tolist(), strict=True):
        if end > start:
            years = tuple(table.year[start:end].tolist())
            yield _Held(bound, years, limit[start:end], plan[start:end], float(now[start]))


def _levels(rows: BoundRows, planned: Grid[Activity[float]], parameters: Grid[SiteYear]) -> Column:
    """What the plan does of each row of bounds, in the dimension of the bound."""
    found = sides(rows, planned, parameters, collect_column)
    return divided(found.left, found.denominator)


def _tenth(case: Case, held: _Held, rows: TableRows) -> Fault | None:
    """A limit that is a tenth of what the plan does, or less: throughout, or in the first year."""
    small_floor = held.bound.sense is Sense.MIN and not _small_share(held)
    if small_floor or not np.any(held.limits > 0):
        return None
    at = int(np.argmax(held.limits))
    if held.limits[at] <= _most(held.plan) / TIMES:
        level = int(np.nanargmax(held.plan))
        return _off(held, rows, at, (held.years[level], float(held.plan[level])), tenth=True)
    first = held.limits[0]
    if held.years[0] == case.horizon.start and 0 < first <= _known(held.now) / TIMES:
        return _off(held, rows, 0, (case.inventory_year, held.now), tenth=True)
    return None


def _tenfold(case: Case, held: _Held, rows: TableRows) -> Fault | None:
    """A limit that is ten times what the plan does, or more, in each year.

    A largest share is not told of: who has 2 % of a fuel may have a permit for 30 %.
    """
    if held.bound.sense is Sense.MAX and held.bound.dimension is Dimension.SHARE:
        return None
    at = int(np.argmin(held.limits))
    most = max(_most(held.plan), _known(held.now))
    if case.plan_reaches_horizon:
        if 0 < most <= held.limits[at] / TIMES:
            known = _most(held.plan) == most
            level = int(np.nanargmax(held.plan)) if known else 0
            year = held.years[level] if known else case.inventory_year
            return _off(held, rows, at, (year, most), tenth=False)
    elif held.years[0] == case.horizon.start and 0 < most <= held.limits[0] / TIMES:
        return _off(held, rows, 0, (case.inventory_year, most), tenth=False)
    return None


def _off(held: _Held, rows: TableRows, at: int, plan: tuple[int, float], *, tenth: bool) -> Fault:
    """plan: year and level of the plan that it is compared with."""
    bound, (year, level) = held.bound, plan
    written = Written(bound.unit, bound.factor, bound.dimension)
    value = float(held.limits[at])
    times = message("a tenth or less") if tenth else message("ten times or more")
    largest = level * _NEAR
    if bound.dimension is Dimension.SHARE:
        largest = min(1.0, largest)
    what = message(
        "'{bound}' is {value} in {year}, {times} of the {level} that the company's plan has in "
        "{then}{meant}",
        bound=bound.id,
        value=written.told(value),
        year=held.years[at],
        times=times,
        level=written.told(level),
        then=year,
        meant=meant(written, value, level / _NEAR, largest),
    )
    return Fault(rows.find("bounds", bound.id, held.years[at]), what)


def _part_of_1(held: _Held, rows: TableRows) -> Fault | None:
    """A share under % that stays below 1 %, of a whole lever of which the plan has none to tell."""
    bound = held.bound
    whole = len(bound.weights) > 1 or not LEVERS[bound.lever].selects
    known = max(_most(held.plan), _known(held.now)) > 0
    if not whole or known or bound.unit != "%" or not _small_share(held):
        return None
    at = int(np.argmax(held.limits))
    written = Written(bound.unit, bound.factor, bound.dimension)
    value = float(held.limits[at])
    what = message(
        "'{bound}' stays below 1 %, at {value} in {year}{meant}",
        bound=bound.id,
        value=written.told(value),
        year=held.years[at],
        meant=meant(written, value, _LEAST_SHARE, 1.0),
    )
    return Fault(rows.find("bounds", bound.id, held.years[at]), what)


def _small_share(held: _Held) -> bool:
    share = held.bound.dimension is Dimension.SHARE
    return share and bool(0 < np.max(held.limits) < _LEAST_SHARE)


def _most(levels: Column) -> float:
    """The largest level that the plan has; 0 where it has none."""
    return float(np.nanmax(levels)) if np.any(~np.isnan(levels)) else 0.0


def _known(level: float) -> float:
    return 0.0 if np.isnan(level) else level
