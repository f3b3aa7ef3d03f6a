"""Bounds and targets as rows that are affine in their limits v: ``(c + v · d) x ≤ b + v · e``.

Every limit enters its row linearly, so rows at any limits come from one set of arrays; whoever
moves a limit reads there what it changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from model.activity import Activity, SiteYear
from model.balances import cementitious_product
from model.case import Case, Metric, Scope, Sense, Target
from model.columns import Column, Grid, Integers, Mask
from model.limits import Cells, bound_table, sides
from model.targets import target_limits
from optimizer.linear import Entries, Linear, collect_entries
from optimizer.row_block import RowMatrix
from optimizer.rows import NOISE, Floats, Numbers
from optimizer.scaling import bound_scale

Place = tuple[str, int]  # a bound or target, and a year


@dataclass(frozen=True, eq=False)
class AffineRows:
    """Rows as functions of their limits v, in inside units.

    index: bound or target and year of each row; limits: of the case; indices: the columns that a
    row can touch, whatever its limit; coefficient = fixed + v · slope;
    side = side_fixed + v · side_slope.
    """

    index: Sequence[Place]
    limits: Floats
    starts: Numbers
    indices: Numbers
    fixed: Floats
    slope: Floats
    side_fixed: Floats
    side_slope: Floats
    has_lower: Mask
    has_upper: Mask

    @cached_property
    def rows(self) -> Mapping[str, Mapping[int, int]]:
        """Bound or target -> year -> its row."""
        found: dict[str, dict[int, int]] = {}
        for row, (name, year) in enumerate(self.index):
            found.setdefault(name, {})[year] = row
        return found

    def at(self, limits: Floats) -> RowMatrix:
        """The rows at some limits, without what is 0 or cancels out but for rounding."""
        row = np.repeat(np.arange(len(limits)), np.diff(self.starts))
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

    activities, known: from the inventory year on, scaled; scope1, scope2: the accounts by site and
    year, scaled.
    """

    def __init__(
        self,
        case: Case,
        scale: float,
        activities: Grid[Activity[Linear]],
        known: Grid[SiteYear],
        accounts: Mapping[Scope, Linear],
    ) -> None:
        self._case, self._scale = case, scale
        self._activities, self._known, self._accounts = activities, known, accounts

    @cached_property
    def bounds(self) -> AffineRows:
        """``amount − limit · total`` by the bound's sense against 0, by bound and year."""
        table = bound_table(self._case)
        left = _Sums(len(table.bound))
        whole = _Sums(len(table.bound))
        for rows in table.groups:
            unit = replace(rows, limit=np.ones(len(rows.year)))
            found = sides(unit, self._activities, self._known, collect_entries)
            one = 1 / bound_scale(rows.like, self._scale)
            left.add(rows.number, found.left)
            right = found.right if isinstance(found.right, Entries) else _known(found.right)
            whole.add(rows.number, right * one)
        senses = np.array([bound.sense for bound in table.bounds], dtype=object)[table.bound]
        lower = (senses == Sense.MIN) | (senses == Sense.FIXED)
        ids = [bound.id for bound in table.bounds]
        pairs = zip(table.bound.tolist(), table.year.tolist(), strict=True)
        index = [(ids[bound], year) for bound, year in pairs]
        limits = np.zeros(len(index))
        for rows in table.groups:
            limits[rows.number] = rows.limit
        return _affine(index, limits, left, whole, lower, senses != Sense.MIN)

    @cached_property
    def targets(self) -> AffineRows:
        """``emissions − limit · cementitious product ≤ 0``, or ``emissions ≤ limit``."""
        case, limits = self._case, target_limits(self._case)
        targets = [case.targets[name] for name, _ in limits]
        sites, share = self._known.sites, self._known.sites.share[:, None]
        left, whole = _Sums(len(limits)), _Sums(len(limits))
        for scope, emissions in self._accounts.items():
            rows = [row for row, target in enumerate(targets) if target.scope is scope]
            cells = self._cells([(targets[row], list(limits)[row][1]) for row in rows])
            left.add(
                np.array(rows, dtype=np.int64), collect_entries(emissions * share, cells, len(rows))
            )
        product = cementitious_product(self._activities.columns, self._known.columns)
        made = product * (share * sites.makes_cement[:, None])
        absolute = np.array([target.metric is Metric.ABSOLUTE for target in targets], dtype=bool)
        ratio = np.flatnonzero(~absolute)
        pairs = [(targets[row], list(limits)[row][1]) for row in ratio.tolist()]
        whole.add(ratio, collect_entries(made, self._cells(pairs), len(pairs)))
        one = np.where(absolute, 1 / self._scale, 0.0)
        whole.add(np.arange(len(limits)), _known(one))
        values = np.array(list(limits.values()), dtype=np.float64)
        everywhere = np.ones(len(limits), dtype=bool)
        return _affine(list(limits), values, left, whole, ~everywhere, everywhere)

    def _cells(self, places: Sequence[tuple[Target, int]]) -> Cells:
        """The sites of targets in some years, by the place in their list."""
        sites = self._known.sites
        numbers = {target.sites: sites.numbers(target.sites) for target, _ in places}
        rows = [numbers[target.sites] for target, _ in places]
        none = np.zeros(0, dtype=np.int64)
        count = np.array([len(one) for one in rows], dtype=np.int64)
        year = np.array([year - self._known.years.start for _, year in places], dtype=np.int64)
        at = np.repeat(np.arange(len(rows)), count)
        return at, np.concatenate([none, *rows]), year[at]


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


def _known(constants: Column) -> Entries:
    """Rows of known numbers alone."""
    none = np.zeros(0, dtype=np.int64)
    return Entries(none, none, np.zeros(0), constants)


def _affine(
    index: Sequence[Place], limits: Floats, left: _Sums, whole: _Sums, lower: Mask, upper: Mask
) -> AffineRows:
    """Rows ``left − limit · whole`` against 0."""
    first, second = left.arrays, whole.arrays
    row, column = (np.concatenate([a, b]) for a, b in zip(first[:2], second[:2], strict=True))
    fixed = np.concatenate([first[2], np.zeros(len(second[2]))])
    slope = np.concatenate([np.zeros(len(first[2])), -second[2]])
    width = int(column.max(initial=0)) + 1
    place, inverse = np.unique(row * width + column, return_inverse=True)
    count = np.bincount(place // width, minlength=len(limits))
    return AffineRows(
        index,
        limits,
        np.concatenate([[0], np.cumsum(count)]).astype(np.int32),
        (place % width).astype(np.int32),
        _added(inverse, fixed, len(place)),
        _added(inverse, slope, len(place)),
        -left.constant,
        whole.constant,
        lower,
        upper,
    )


def _added(place: Integers, values: Floats, places: int) -> Floats:
    return np.bincount(place, weights=values, minlength=places).astype(np.float64)
