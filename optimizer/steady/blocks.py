"""A programme in blocks of sites that can each be solved by itself, and still fit together.

A row of one block's columns is the block's own. Of each other row, which is the group's (a market
of several regions, a target, the rise of capture), a block keeps its part where it was, and may
use its portion of what the row leaves over; then the blocks' parts add up to what the row allows.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from optimizer.programme.rows import Floats, Rows
from optimizer.steady.linear_programme import (
    Integers,
    LinearProgramme,
    Positions,
    Terms,
    entries_of,
    row_sums,
)

LARGEST = 7000  # columns of a block: its solve by simplex takes 6 s there, and 29 s at 11,000
_ROOM = 1e-11  # of a block's part of a row, for rounding


def blocks_of(sites: Integers, regions: Integers) -> Integers:
    """The block of each column: its region; a region of too many columns is cut between sites."""
    width = np.bincount(sites[sites >= 0], minlength=len(regions))
    block, last = np.zeros(len(regions), dtype=np.int32), 0
    for region in range(int(regions.max(initial=-1)) + 1):
        members = np.flatnonzero(regions == region)
        before = np.cumsum(width[members]) - width[members]
        whole = int(width[members].sum())
        parts = min(max(1, -(-whole // LARGEST)), max(1, len(members)))
        block[members] = last + before * parts // max(1, whole)
        last += parts
    found = np.where(sites >= 0, block[sites], -1)
    return np.unique(found, return_inverse=True)[1].astype(np.int32) - int((found < 0).any())


@dataclass(frozen=True, slots=True)
class Sparse:
    """A row by its columns, none twice, and their factors, none 0."""

    columns: Positions
    factors: Floats

    @staticmethod
    def added_up(columns: Positions, factors: Floats) -> "Sparse":
        """Of terms whose columns may stand several times."""
        found, place = np.unique(columns, return_inverse=True)
        sums = np.bincount(place, weights=factors, minlength=len(found))
        return Sparse(found[sums != 0], sums[sums != 0])


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its columns, its own rows as they are, and its parts of the group's rows."""

    columns: Positions
    programme: LinearProgramme
    renumbered: Integers

    def own(self, terms: Terms) -> Terms:
        """Numbers of this block, in its own columns."""
        return Terms(terms.starts, self.renumbered[terms.indices], terms.values, terms.constant)


class Blocks:
    """A programme, cut into blocks at values of its columns that keep every row."""

    def __init__(
        self, programme: LinearProgramme, place: Integers, values: Floats, limit: float
    ) -> None:
        """place: the block of each column, −1 of the group's; limit: of the first objective."""
        self.programme, self.place, self.values = programme, place, values.copy()
        self.count = int(place.max(initial=-1)) + 1
        rows = programme.rows
        self._row_place = _row_places(rows, place)
        group = np.flatnonzero(self._row_place == -1)
        self._defined = self._definitions(group)
        used = np.flatnonzero(programme.costs)
        objective = self._substituted(Sparse(used, programme.costs[used]))
        self._use_room(objective, limit)
        for row in group[np.diff(rows.starts)[group] == 1].tolist():
            self._use_room(self._terms(row), rows.upper[row])
        parts = [(objective, -np.inf, limit)] if len(objective.columns) else []
        made = {row for row, _ in self._defined.values()}
        parts += [
            (self._substituted(self._terms(row)), rows.lower[row], rows.upper[row])
            for row in group.tolist()
            if row not in made
        ]
        self.objective = np.zeros(len(place))
        self.objective[objective.columns] = objective.factors
        self._shared: list[list[Rows]] = [[] for _ in range(self.count)]
        for one in parts:
            self._portion(*one)

    def _terms(self, row: int) -> Sparse:
        rows = self.programme.rows
        entries = slice(rows.starts[row], rows.starts[row + 1])
        return Sparse(rows.indices[entries].astype(np.int64), rows.values[entries])

    def _definitions(self, group: Positions) -> dict[int, tuple[int, Sparse]]:
        """Columns of the group that an equation gives: (row, what the column is made of)."""
        rows, found = self.programme.rows, dict[int, tuple[int, Sparse]]()
        free = np.isneginf(self.programme.lower) & np.isposinf(self.programme.upper)
        for row in group.tolist():
            columns = rows.indices[rows.starts[row] : rows.starts[row + 1]]
            own = columns[self.place[columns] < 0]
            if len(own) != 1 or not free[own[0]] or own[0] in found:
                continue
            if rows.lower[row] == rows.upper[row] == 0:
                terms = self._terms(row)
                others = terms.columns != own[0]
                factor = float(terms.factors[~others][0])
                made = Sparse(terms.columns[others], terms.factors[others] / -factor)
                found[int(own[0])] = (row, made)
        return found

    def _substituted(self, terms: Sparse) -> Sparse:
        """A row in which what is defined stands as what it is made of."""
        columns, factors = [terms.columns], [terms.factors.copy()]
        for at in np.flatnonzero(self.place[terms.columns] < 0).tolist():
            if (column := int(terms.columns[at])) in self._defined:
                made = self._defined[column][1]
                columns.append(made.columns)
                factors.append(terms.factors[at] * made.factors)
                factors[0][at] = 0.0
        return Sparse.added_up(np.concatenate(columns), np.concatenate(factors))

    def _use_room(self, terms: Sparse, limit: float) -> None:
        """A column of the group that alone makes up what is limited (the peak) rises to the limit.

        terms: of the objective, or of a row.
        """
        used = terms.columns
        if len(used) == 1 and self.place[used[0]] < 0 and np.isfinite(limit):
            raised = self.values.copy()
            raised[used[0]] = limit / terms.factors[0]
            if self.programme.exceeded(raised) <= max(1e-9, self.programme.exceeded(self.values)):
                self.values = raised

    def _portion(self, row: Sparse, lower: float, upper: float) -> None:
        """Gives each block its part of a row, and its portion of what the row leaves over."""
        whole = float(row.factors @ self.values[row.columns])
        here = self.place[row.columns] >= 0
        used, factors = row.columns[here], row.factors[here]
        order = np.argsort(self.place[used], kind="stable")
        used, factors = used[order], factors[order]
        terms, place = factors * self.values[used], self.place[used]
        size, part = (np.bincount(place, one, self.count) for one in (np.abs(terms), terms))
        columns = np.bincount(place, minlength=self.count)
        size = size if size.sum() > 0 else columns.astype(np.float64)
        share = size / max(float(size.sum()), 1e-300)
        room = _ROOM * np.maximum(1.0, np.abs(part))
        low, high = np.full(self.count, -np.inf), np.full(self.count, np.inf)
        if np.isfinite(lower):
            low = part - share * max(whole - lower, 0.0) - room
        if np.isfinite(upper):
            high = part + share * max(upper - whole, 0.0) + room
        ends = np.cumsum(columns)
        for block in np.flatnonzero(columns).tolist():
            its = slice(ends[block] - columns[block], ends[block])
            mine = used[its]
            self._shared[block].append(
                Rows(
                    (("part", [block]),),
                    low[block : block + 1],
                    high[block : block + 1],
                    np.array([0, len(mine)], dtype=np.int32),
                    mine.astype(np.int32),
                    factors[its],
                )
            )

    def block(self, number: int) -> Block:
        """One block."""
        columns = np.flatnonzero(self.place == number)
        renumbered = np.full(len(self.place), -1, dtype=np.int32)
        renumbered[columns] = np.arange(len(columns))
        rows = _joined([self._own_rows(number), *self._shared[number]], renumbered)
        p = self.programme
        return Block(
            columns,
            LinearProgramme(rows, p.lower[columns], p.upper[columns], self.objective[columns]),
            renumbered,
        )

    def _own_rows(self, block: int) -> Rows:
        rows, which = self.programme.rows, np.flatnonzero(self._row_place == block)
        entries, _, starts = entries_of(rows.starts, which[:, None], np.ones(1))
        return Rows(
            (("row", which.tolist()),),
            rows.lower[which],
            rows.upper[which],
            starts.astype(np.int32),
            rows.indices[entries],
            rows.values[entries],
        )

    def joined(self, found: list[tuple[Block, Floats]]) -> Floats:
        """The values of all columns from those of the blocks."""
        values = self.values.copy()
        for block, own in found:
            values[block.columns] = own[: len(block.columns)]
        for column, (_, made) in self._defined.items():
            values[column] = made.factors @ values[made.columns]
        return values


def by_block(terms: Terms, place: Integers, count: int) -> list[Terms]:
    """The numbers of each block."""
    owner = terms.where(place)
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], np.arange(count + 1))
    return [terms.chosen(order[a:b]) for a, b in pairwise(ends.tolist())]


def _row_places(rows: Rows, place: Integers) -> Integers:
    """The block whose columns alone a row has; −1 of the group's, −2 of one without columns."""
    counts = np.diff(rows.starts)
    first = place[rows.indices[np.minimum(rows.starts[:-1], max(0, len(rows.indices) - 1))]]
    other = place[rows.indices] != np.repeat(first, counts)
    found = np.where(row_sums(rows.starts, other.astype(np.float64)) > 0, -1, first)
    return np.where(counts > 0, found, -2).astype(np.int32)


def _joined(parts: list[Rows], renumbered: Integers) -> Rows:
    sizes = np.cumsum([0, *(len(rows.values) for rows in parts)])
    starts = [rows.starts[:-1] + at for rows, at in zip(parts, sizes[:-1], strict=True)]
    return Rows(
        tuple(block for rows in parts for block in rows.blocks),
        np.concatenate([rows.lower for rows in parts]),
        np.concatenate([rows.upper for rows in parts]),
        np.concatenate([*starts, sizes[-1:]]).astype(np.int32),
        renumbered[np.concatenate([rows.indices for rows in parts])],
        np.concatenate([rows.values for rows in parts]),
    )
