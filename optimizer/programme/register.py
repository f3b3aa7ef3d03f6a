"""Bounds and targets as rows that are affine in their limits v: ``(c + v · d) x ≤ b + v · e``.

Every limit enters its row linearly, so rows at any limits come from one set of arrays; whoever
moves a limit reads there what it changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np

from model.case.columns import Column, Grid, Integers, Mask
from model.case.types import Case, Metric, Scope, Target
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import cementitious_product
from model.levers.bound_rows import Cells, bound_table, sides
from model.targets.limits import target_limits
from optimizer.programme.linear import Entries, Linear, collect_entries
from optimizer.programme.row_block import RowMatrix
from optimizer.programme.rows import NOISE, Floats, Numbers
from optimizer.programme.scaling import bound_scale

REGISTER = ("bound", "target")  # the names of its rows in a programme
Place = tuple[str, int]  # a bound or target, and a year
BINDS = 1e-7  # how near to its limit a row binds, relative to it


@dataclass(frozen=True, eq=False)
class AffineRows:
    """Rows as functions of their limits v, in inside units.

    index: bound or target and year of each row; rows: the same by bound or target and year;
    limits: of the case; indices: the columns that a row can touch, whatever its limit; row_of: the
    row of each coefficient; coefficient = fixed + v · slope; side = side_fixed + v · side_slope.
    """

    index: Sequence[Place]
    rows: Mapping[str, Mapping[int, int]]
    limits: Floats
    starts: Numbers
    indices: Numbers
    row_of: Integers
    fixed: Floats
    slope: Floats
    side_fixed: Floats
    side_slope: Floats
    has_lower: Mask
    has_upper: Mask

    @property
    def is_right_side(self) -> Mask:
        """Of which rows the limit stands on the right side only, and multiplies no decision."""
        found: Mask = self._summed(np.abs(self.slope)) == 0
        return found

    def entries(self, rows: Integers) -> Integers:
        """The places of the coefficients of some rows."""
        sizes = np.diff(self.starts)[rows]
        ends = np.cumsum(sizes)
        found: Integers = np.repeat(self.starts[rows] - ends + sizes, sizes) + np.arange(ends[-1])
        return found

    def gains(self, values: Column) -> Floats:
        """Room that each row gains per unit of its limit, at values of the programme's columns."""
        return self.side_slope - self._summed(self.slope * values[self.indices])

    def bind(self, values: Column) -> Mask:
        """Which rows are at their limits of the case, at values of the programme's columns."""
        terms = (self.fixed + self.limits[self.row_of] * self.slope) * values[self.indices]
        used, side = self._summed(terms), self.side_fixed + self.limits * self.side_slope
        size = np.maximum(np.maximum(np.abs(used), np.abs(side)), 1.0)
        found: Mask = np.abs(used - side) <= BINDS * size
        return found

    def _summed(self, terms: Column) -> Floats:
        """Sums over the coefficients of each row."""
        return _added(self.row_of, terms, len(self.limits))

    def at(self, limits: Floats) -> RowMatrix:
        """The rows at some limits, without what is 0 or cancels out but for rounding."""
        row = self.row_of
        values = self.fixed + limits[row] * self.slope
        sizes = np.where(np.isfinite(values), np.abs(values), 0.0)
        largest = np.zeros(len(limits))
        np.maximum.at(largest, row, sizes)
        kept = ~(np.abs(values) <= NOISE * largest[row])
        starts = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=len(limits)))])
        side = self.side_fixed + limits * self.side_slope
        return RowMatrix(
            starts.astype(np.int32),
            self.indices[kept],
            values[kept],
            np.where(self.has_lower, side, -np.inf),
            np.where(self.has_upper, side, np.inf),
        )


class Register:
    """The rows of a case's bounds and targets.

    activities, parameters: from the inventory year on, scaled; scope1, scope2: the accounts by
    site and year, scaled.
    """

    def __init__(
        self,
        case: Case,
        scale: float,
        activities: Grid[Activity[Linear]],
        parameters: Grid[SiteYear],
        accounts: Mapping[Scope, Linear],
    ) -> None:
        self._case, self._scale = case, scale
        self._activities, self._parameters, self._accounts = activities, parameters, accounts

    @cached_property
    def bounds(self) -> AffineRows:
        """``amount − limit · total`` by the bound's sense against 0, by bound and year."""
        table = bound_table(self._case)
        left = _Sums(len(table.bound))
        denominator = _Sums(len(table.bound))
        for rows in table.groups:
            one_each = np.ones(len(rows.year))
            unit = replace(rows, limit=one_each, seed=rows.seed / self._scale)
            found = sides(unit, self._activities, self._parameters, collect_entries)
            one = 1 / bound_scale(rows.like, self._scale)
            left.add(rows.number, found.left)
            right = found.right if isinstance(found.right, Entries) else _constants(found.right)
            denominator.add(rows.number, right * one)
        ids = [bound.id for bound in table.bounds]
        pairs = zip(table.bound.tolist(), table.year.tolist(), strict=True)
        index = [(ids[bound], year) for bound, year in pairs]
        limits = np.zeros(len(index))
        for rows in table.groups:
            limits[rows.number] = rows.limit
        return _affine(index, limits, left, denominator, table.least | table.fixed, ~table.least)

    @cached_property
    def targets(self) -> AffineRows:
        """``emissions − limit · cementitious product ≤ 0``, or ``emissions ≤ limit``."""
        case, limits = self._case, target_limits(self._case)
        targets = [case.targets[name] for name, _ in limits]
        p = self._parameters.columns
        share = cast(Column, p.share)
        left, denominator = _Sums(len(limits)), _Sums(len(limits))
        for scope, emissions in self._accounts.items():
            rows = [row for row, target in enumerate(targets) if target.scope is scope]
            cells = self._cells([(targets[row], list(limits)[row][1]) for row in rows])
            left.add(
                np.array(rows, dtype=np.int64), collect_entries(emissions * share, cells, len(rows))
            )
        product = cementitious_product(self._activities.columns, p)
        made = product * (share * p.makes_cement)
        absolute = np.array([t.metric is not Metric.INTENSITY for t in targets], dtype=bool)
        ratio = np.flatnonzero(~absolute)
        pairs = [(targets[row], list(limits)[row][1]) for row in ratio.tolist()]
        denominator.add(ratio, collect_entries(made, self._cells(pairs), len(pairs)))
        one = np.where(absolute, 1 / self._scale, 0.0)
        denominator.add(np.arange(len(limits)), _constants(one))
        values = np.array(list(limits.values()), dtype=np.float64)
        everywhere = np.ones(len(limits), dtype=bool)
        return _affine(list(limits), values, left, denominator, ~everywhere, everywhere)

    def _cells(self, places: Sequence[tuple[Target, int]]) -> Cells:
        """The sites of targets in some years, by the place in their list; of budgets in all."""
        sites, first = self._parameters.sites, self._parameters.years.start
        numbers = {target.sites: sites.numbers(target.sites) for target, _ in places}
        spans = [(year,) if target.since is None else target.years for target, year in places]
        each = [np.array(span, dtype=np.int64) - first for span in spans]
        rows = [numbers[target.sites] for target, _ in places]
        none = np.zeros(0, dtype=np.int64)
        both = zip(rows, each, strict=True)
        pairs = [(np.tile(row, len(span)), span.repeat(len(row))) for row, span in both]
        count = np.array([len(site) for site, _ in pairs], dtype=np.int64)
        at = np.repeat(np.arange(len(rows)), count)
        site, year = (np.concatenate([none, *(pair[i] for pair in pairs)]) for i in range(2))
        return at, site, year


class _Sums:
    """Entries of some rows added up into those of all rows."""

    def __init__(self, rows: int) -> None:
        self.constant = np.zeros(rows)
        self._parts: list[Entries] = []

    def add(self, rows: Integers, entries: Entries) -> None:
        """rows: the number of each row of the entries among all."""
        self.constant[rows] += entries.constant
        self._parts.append(replace(entries, row=rows[entries.row]))

    @property
    def arrays(self) -> tuple[Integers, Integers, Column]:
        """Row, column and value of each entry."""
        none = np.zeros(0, dtype=np.int64)
        return (
            np.concatenate([none, *(part.row for part in self._parts)]),
            np.concatenate([none, *(part.column for part in self._parts)]),
            np.concatenate([np.zeros(0), *(part.value for part in self._parts)]),
        )


def _constants(constants: Column) -> Entries:
    """Rows of constants alone."""
    none = np.zeros(0, dtype=np.int64)
    return Entries(none, none, np.zeros(0), constants)


def _affine(
    index: Sequence[Place],
    limits: Floats,
    left: _Sums,
    denominator: _Sums,
    lower: Mask,
    upper: Mask,
) -> AffineRows:
    """Rows ``left − limit · denominator`` against 0."""
    first, second = left.arrays, denominator.arrays
    row, column = (np.concatenate([a, b]) for a, b in zip(first[:2], second[:2], strict=True))
    fixed = np.concatenate([first[2], np.zeros(len(second[2]))])
    slope = np.concatenate([np.zeros(len(first[2])), -second[2]])
    width = int(column.max(initial=0)) + 1
    place, inverse = np.unique(row * width + column, return_inverse=True)
    row_of = place // width
    count = np.bincount(row_of, minlength=len(limits))
    rows: dict[str, dict[int, int]] = {}
    for number, (name, year) in enumerate(index):
        rows.setdefault(name, {})[year] = number
    return AffineRows(
        index=index,
        rows=rows,
        limits=limits,
        starts=np.concatenate([[0], np.cumsum(count)]).astype(np.int32),
        indices=(place % width).astype(np.int32),
        row_of=row_of,
        fixed=_added(inverse, fixed, len(place)),
        slope=_added(inverse, slope, len(place)),
        side_fixed=-left.constant,
        side_slope=denominator.constant,
        has_lower=lower,
        has_upper=upper,
    )


def _added(place: Integers, values: Floats, places: int) -> Floats:
    return np.bincount(place, weights=values, minlength=places).astype(np.float64)
