"""The bounds of the register as rows: two sides each, for accounts and programme alike.

Bounds that speak of the same lever in the same way are worked on together: their rows are arrays,
and the amounts that they limit are computed once, for all sites and years.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, Protocol, TypeVar, cast

import numpy as np

from model.case.columns import Column, Grid, Integers, Mask
from model.case.senses import Sense
from model.case.types import Bound, Case, YearValues
from model.case.units import Dimension as D
from model.formulas.activity import Activity, Q, Quantity, SiteYear
from model.formulas.site_years import site_years
from model.levers.levers import amount, bound_weights, is_ratio, total

R = TypeVar("R", bound=Quantity, covariant=True)
_OF_POWER = ("renewable_power", "own_power", "grid_power")  # other power needs them too
Cells = tuple[Integers, Integers, Integers]  # number of a row, of a site, of a year


class Collect(Protocol[R]):
    """Sums a quantity of sites and years by rows: ``cells`` says which belong to which row."""

    def __call__(self, quantity: Quantity, cells: Cells, rows: int, /) -> R: ...


@dataclass(frozen=True, slots=True)
class Sides(Generic[Q]):
    """``left`` against ``right``, by rows: at most, at least or equal, by the bound's sense.

    left: the amount, or its change since the year before; right: limit times
    ``denominator``, which is the total of a ratio, or 1.
    """

    left: Q
    right: Q
    denominator: Q


@dataclass(frozen=True, eq=False)
class BoundRows:
    """Rows of bounds that speak of the same lever in the same way, one for a bound and a year.

    like: one of the bounds, for all that they share; number: of each row among those of all bounds
    of the case; year, limit, seed: of each row, the latter two in inside units; cells: row, site
    and year of what a row covers: its year, or each of those that it sums.
    """

    like: Bound
    number: Integers
    year: Integers
    limit: Column
    seed: Column
    cells: Cells

    def at(self, years: range, before: int = 0) -> Cells:
        """The cells in a grid of some years, so many years before those of the rows."""
        row, site, year = self.cells
        return row, site, year - years.start - before

    def all_in(self, year: int) -> "BoundRows":
        """The same limits on levels, in another year."""
        row, site, years = self.cells
        cells = row, site, np.full_like(years, year)
        return replace(self, year=np.full_like(self.year, year), cells=cells)


@dataclass(frozen=True, eq=False)
class BoundTable:
    """The rows of all bounds of a case, in the order of the register and then of years.

    bound: number of the bound of each row; groups: the same rows, by what they speak of.
    """

    bounds: tuple[Bound, ...]
    bound: Integers
    year: Integers
    groups: tuple[BoundRows, ...]

    @cached_property
    def least(self) -> Mask:
        """Which rows ask for so much at least."""
        return np.array([bound.sense.is_least for bound in self.bounds], dtype=bool)[self.bound]

    @cached_property
    def fixed(self) -> Mask:
        """Which rows ask for just so much."""
        fixed = [bound.sense is Sense.FIXED for bound in self.bounds]
        return np.array(fixed, dtype=bool)[self.bound]


def bound_table(case: Case, lines: Iterable[Bound] | None = None) -> BoundTable:
    """The rows of the case's bounds, or of some lines that stand in their place."""
    parameters = site_years(case)
    bounds = tuple(case.bounds.values() if lines is None else lines)
    starts = _ChangeYears(case, parameters)
    years = [_years(case, bound, starts) for bound in bounds]
    count = np.array([len(line) for line in years], dtype=np.int64)
    bound = np.repeat(np.arange(len(bounds)), count)
    year = np.array([y for line in years for y in line], dtype=np.int64)
    limit = np.array(
        [b.values[y] for b, line in zip(bounds, years, strict=True) for y in line],
        dtype=np.float64,
    )
    seed = np.array([b.seed for b in bounds], dtype=np.float64)[bound]
    cells = _Cells(parameters.sites.index, bounds)
    kinds: dict[object, list[int]] = {}
    for number, one in enumerate(bounds):
        kinds.setdefault(_kind(one), []).append(number)
    kind_of = np.zeros(len(bounds), dtype=np.int64)
    for kind, members in enumerate(kinds.values()):
        kind_of[members] = kind
    groups = []
    for kind, members in enumerate(kinds.values()):
        rows = np.flatnonzero(kind_of[bound] == kind) if len(bound) else bound
        if len(rows):
            own = cells.of(bound[rows], year[rows])
            groups.append(
                BoundRows(
                    like=bounds[members[0]],
                    number=rows,
                    year=year[rows],
                    limit=limit[rows],
                    seed=seed[rows],
                    cells=own,
                )
            )
    return BoundTable(bounds, bound, year, tuple(groups))


def bound_years(case: Case, bound: Bound) -> list[int]:
    """The years of the horizon in which a bound holds.

    A limit on the change into the first year needs the company's reported levers; without them it
    starts a year later. A limit on a change in points, or in parts of the level before, does not
    hold into and out of a year in which nothing is made, because then there is no level.
    """
    return _years(case, bound, _ChangeYears(case, site_years(case)))


def sides(
    rows: BoundRows, grid: Grid[Activity[Q]], parameters: Grid[SiteYear], collect: Collect[R]
) -> Sides[R]:
    """The two sides of rows of bounds.

    grid: activities of the years of the rows, and of the year before where they limit a change;
    parameters: of the same years. In points both sides are ratios, else amounts.
    """
    like, a, p, years = rows.like, grid.columns, parameters.columns, grid.years
    amounts = amount(like.lever, bound_weights(like, p), a, p, like.product)
    count, cells = len(rows.year), rows.at(years)
    now = collect(amounts, cells, count)
    one = cast(R, np.ones(count))
    limit = cast(float, rows.limit)
    if not like.sense.limits_change:
        denominator = one
        if is_ratio(like):
            whole = total(like.lever, like.dimension, a, p, like.product)
            denominator = collect(whole, cells, count)
        return Sides(now, denominator * limit, denominator)
    earlier = rows.at(years, before=1)
    before = collect(amounts, earlier, count)
    if like.dimension is D.POINTS_PER_YEAR:
        cement = p.cement * p.product_share[like.product] if like.product else p.cement
        now = now * cast(float, 1 / _sum(cement, cells, count))
        before = before * cast(float, 1 / _sum(cement, earlier, count))
    change = now - before if like.sense is Sense.RISE_MAX else before - now
    if like.dimension is D.RELATIVE_PER_YEAR:
        return Sides(change - cast(float, rows.seed), before * limit, before)
    return Sides(change, one * limit, one)


def collect_column(quantity: Quantity, cells: Cells, rows: int) -> Column:
    """``Collect`` for columns: the sums of each row."""
    return _sum(quantity, cells, rows)


def _sum(quantity: object, cells: Cells, rows: int) -> Column:
    row, site, year = cells
    column = np.asarray(quantity, dtype=np.float64)
    values = column[site, year] if column.ndim else np.full(len(row), float(column))
    sums: Column = np.bincount(row, weights=values, minlength=rows).astype(np.float64)
    return sums


class _Cells:
    """The sites and years of bounds, from which those of any rows are told."""

    def __init__(self, index: Mapping[str, int], bounds: Sequence[Bound]) -> None:
        numbers: dict[tuple[str, ...], list[int]] = {}
        for bound in bounds:
            if bound.sites not in numbers:
                numbers[bound.sites] = [index[site] for site in bound.sites]
        each = [numbers[bound.sites] for bound in bounds]
        self._count = np.array([len(sites) for sites in each], dtype=np.int64)
        self._first = np.concatenate([[0], np.cumsum(self._count)])
        self._sites = np.array([site for sites in each for site in sites], dtype=np.int64)
        sums = [0 if b.since is None else max(b.values) - b.since for b in bounds]
        self._before = np.array(sums, dtype=np.int64)  # years that a row sums before its own

    def of(self, bound: Integers, year: Integers) -> Cells:
        """Row, site and year of what rows cover whose bounds and years are given."""
        row, within = _repeated(self._count[bound])
        site = self._sites[self._first[bound[row]] + within]
        cell, before = _repeated(self._before[bound[row]] + 1)
        row = row[cell]
        return row, site[cell], year[row] - before


def _repeated(counts: Integers) -> tuple[Integers, Integers]:
    """Each number below ``len(counts)`` so many times, and which time it is, from 0."""
    number = np.repeat(np.arange(len(counts)), counts)
    start = np.cumsum(counts) - counts
    return number, np.arange(len(number)) - start[number]


def _kind(bound: Bound) -> object:
    """What the rows of two bounds must share to be worked on together."""
    moves = bound.sense if bound.sense.limits_change else None
    weights = tuple(sorted(bound.weights.items()))
    biomass = bound.which == "biomass"
    return bound.lever, biomass, weights, bound.dimension, moves, bound.product


class _ChangeYears:
    """The years in which a change may be limited, by what must be made in them and before them."""

    def __init__(self, case: Case, parameters: Grid[SiteYear]) -> None:
        self._case, self._parameters = case, parameters
        self._found: dict[tuple[tuple[str, ...], bool, bool, str], set[int]] = {}

    def of(self, bound: Bound) -> set[int]:
        in_points = bound.dimension is D.POINTS_PER_YEAR
        if not in_points and bound.dimension is not D.RELATIVE_PER_YEAR:
            return self._started(np.ones(len(self._parameters.years), dtype=bool))
        power = bound.lever in _OF_POWER and not in_points
        key = (bound.sites, in_points, power, bound.product)
        if key not in self._found:
            rows, p = self._parameters.sites.numbers(bound.sites), self._parameters.columns
            made = cast(Column, p.most_cement)
            if bound.product:
                made = made * p.product_share[bound.product]
            elif not in_points:
                made = made + p.clinker_sold + (p.other_power if power else 0.0)
            self._found[key] = self._started(np.any(made[rows] > 0, axis=0))
        return self._found[key]

    def _started(self, made: Mask) -> set[int]:
        case, first = self._case, self._parameters.years.start
        start = case.horizon.start if case.company_plan else case.horizon.start + 1
        chosen = range(start, case.final_year + 1)
        return {y for y in chosen if made[y - first] and made[y - 1 - first]}


def _years(case: Case, bound: Bound, changes: _ChangeYears) -> list[int]:
    values: YearValues = bound.values
    if bound.sense.limits_change:
        allowed = changes.of(bound)
        return [year for year in case.horizon if year in values and year in allowed]
    return [year for year in case.horizon if year in values]
