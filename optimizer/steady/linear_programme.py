"""A linear programme as arrays, and how it grows: numbers of columns, their sizes and limits."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.programme.rows import Floats, Rows

Integers = NDArray[np.int32]
Positions = NDArray[np.int64]
Indices = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class LinearProgramme:
    """Minimise ``costs · x`` within ``rows`` and ``lower <= x <= upper``."""

    rows: Rows
    lower: Floats
    upper: Floats
    costs: Floats

    def exceeded(self, values: Floats) -> float:
        """By how much the row or bound that holds least fails at some values; 0 where none does."""
        rows = self.rows
        sums = row_sums(rows.starts, rows.values * values[rows.indices])
        gaps = (rows.lower - sums, sums - rows.upper, self.lower - values, values - self.upper)
        return max(float(gap.max(initial=0.0)) for gap in gaps)


@dataclass(frozen=True, slots=True)
class Terms:
    """Numbers that are linear in the columns: ``Σ values · x[indices] + constant``, one a row.

    starts: one more than there are numbers; no column stands twice in a number.
    """

    starts: Indices
    indices: Indices
    values: Floats
    constant: Floats

    def at(self, x: Floats) -> Floats:
        """The numbers at values of the columns."""
        return row_sums(self.starts, self.values * x[self.indices]) + self.constant

    def combined(self, which: Positions, factors: Floats) -> "Terms":
        """Numbers ``Σ_k factors[k] · number[which[:, k]]``."""
        count = which.shape[1]
        entries, factor, starts = entries_of(self.starts, which, factors)
        return Terms(
            starts[::count],
            self.indices[entries],
            self.values[entries] * factor,
            self.constant[which] @ factors,
        )

    def chosen(self, which: Positions) -> "Terms":
        """Some of the numbers."""
        return self.combined(which[:, None], np.ones(1))

    def where(self, place: Integers) -> Integers:
        """The place of each number: that of its first column; −1 of one without columns."""
        empty = np.diff(self.starts) == 0
        if not len(self.indices):
            return np.full(len(self.constant), -1, dtype=np.int32)
        first = self.indices[np.minimum(self.starts[:-1], len(self.indices) - 1)]
        return np.where(empty, -1, place[first]).astype(np.int32)


def row_sums(starts: Indices, entries: Floats) -> Floats:
    """The sum of each row's entries; 0 of a row without any."""
    sums = np.add.reduceat(np.append(entries, 0.0), starts[:-1]) if len(starts) > 1 else np.zeros(0)
    return np.where(np.diff(starts) > 0, sums, 0.0)


def entries_of(
    starts: Indices, which: Positions, factors: Floats
) -> tuple[Positions, Floats, Positions]:
    """The entries of rows one after the other, the factor of each, and where each row starts."""
    rows = which.ravel()
    counts = (starts[1:] - starts[:-1])[rows].astype(np.int64)
    ends = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    entries = np.arange(ends[-1]) + np.repeat(starts[rows] - ends[:-1], counts)
    return entries, np.repeat(np.tile(factors, len(which)), counts), ends


class Growing:
    """A programme that gets rows, and columns of cost that belong to them."""

    def __init__(self, programme: LinearProgramme, costs: Floats) -> None:
        """The programme with another objective."""
        rows = programme.rows
        self._rows: list[tuple[Indices, Indices, Floats]] = [
            (rows.starts, rows.indices, rows.values)
        ]
        self._limits = [(rows.lower, rows.upper)]
        self._blocks = list(rows.blocks)
        self._columns = [(programme.lower, programme.upper, costs)]
        self.width = len(costs)

    def limit(self, terms: Terms, lower: Floats, upper: Floats, name: str) -> None:
        """Rows ``lower <= number <= upper``."""
        self._rows.append((terms.starts, terms.indices, terms.values))
        self._limits.append((lower - terms.constant, upper - terms.constant))
        self._blocks.append((name, range(len(terms.constant))))

    def hold(self, factors: Floats, most: float, name: str) -> None:
        """A row by which ``factors · x`` stays at most at a limit."""
        used = np.flatnonzero(factors)
        number = Terms(np.array([0, len(used)]), used, factors[used], np.zeros(1))
        self.limit(number, np.array([-np.inf]), np.array([most]), name)

    def count_sizes(self, terms: Terms, cost: float) -> None:
        """Adds ``cost · |number|`` to the objective: number − over + under = 0."""
        self._count(terms, cost, (-1.0, 1.0), "size")

    def count_excess(self, terms: Terms, cost: float) -> None:
        """Adds ``cost · max(0, number)`` to the objective: number − excess <= 0."""
        self._count(terms, cost, (-1.0,), "excess")

    def _count(self, terms: Terms, cost: float, signs: tuple[float, ...], name: str) -> None:
        many, each = len(terms.constant), len(signs)
        if not many:
            return
        place = np.repeat(terms.starts[1:], each)
        own = self.width + np.arange(many)[:, None] + many * np.arange(each)
        wider = Terms(
            terms.starts + each * np.arange(many + 1),
            np.insert(terms.indices, place, own.ravel()),
            np.insert(terms.values, place, np.tile(signs, many)),
            terms.constant,
        )
        lowest = np.zeros(many) if each == 2 else np.full(many, -np.inf)
        self.limit(wider, lowest, np.zeros(many), name)
        new = many * each
        self._columns.append((np.zeros(new), np.full(new, np.inf), np.full(new, cost)))
        self.width += new

    def programme(self) -> LinearProgramme:
        """The programme as it has grown."""
        sizes = np.cumsum([0, *(len(values) for _, _, values in self._rows)])
        starts = [one[0][:-1] + before for one, before in zip(self._rows, sizes[:-1], strict=True)]
        rows = Rows(
            tuple(self._blocks),
            np.concatenate([lower for lower, _ in self._limits]),
            np.concatenate([upper for _, upper in self._limits]),
            np.concatenate([*starts, sizes[-1:]]).astype(np.int32),
            np.concatenate([one[1] for one in self._rows]).astype(np.int32),
            np.concatenate([one[2] for one in self._rows]),
        )
        lower, upper, costs = (np.concatenate(parts) for parts in zip(*self._columns, strict=True))
        return LinearProgramme(rows, lower, upper, costs)


def with_row(
    programme: LinearProgramme, factors: Floats, most: float, name: str
) -> LinearProgramme:
    """The programme with one row more, ``factors · x <= most``, which is its last."""
    grown = Growing(programme, programme.costs)
    grown.hold(factors, most, name)
    return grown.programme()
