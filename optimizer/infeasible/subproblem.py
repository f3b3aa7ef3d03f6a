"""A part of a programme: chosen bounds and targets with the balances that hang together with them.

A conflict of a large group often lies in a few years. Its subproblem has some fifteenth of the
columns, and what holds for it (no pathway) holds for the whole.
"""

from collections.abc import Collection
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.solve import Compiled
from optimizer.programme.register import REGISTER
from optimizer.programme.rows import Floats, Rows
from optimizer.sensitivity.reoptimize import MovingRow
from optimizer.solver.highs import Highs

_SUPPORT = 1e-9
_NOTHING_DECIDED = 1e-6  # by how much such a row fails at least, for HiGHS to find it
Mask = NDArray[np.bool_]


def register_rows(compiled: Compiled) -> list[int]:
    """The rows of bounds and targets."""
    found: list[int] = np.flatnonzero(compiled.rows.of(*REGISTER)).tolist()
    return found


def subproblem_of(compiled: Compiled, register: Collection[int]) -> "Subproblem":
    """Register rows and all balances that hang together with them."""
    rows = compiled.rows
    allowed = ~rows.of(*REGISTER)
    allowed[list(register)] = True
    row_mask, column_mask = _together(rows, len(compiled.costs), allowed, register)
    return Subproblem(compiled, row_mask, column_mask)


def whole(compiled: Compiled) -> "Subproblem":
    """All rows and columns."""
    rows, columns = len(compiled.rows), len(compiled.costs)
    return Subproblem(compiled, np.ones(rows, dtype=bool), np.ones(columns, dtype=bool))


class Subproblem:
    """Chosen rows and columns of a programme in a HiGHS of their own, without an objective.

    number: row of the whole programme -> row of this one; size: columns; move: a further column,
    at 0 and in no row, for those who look for a least move.
    """

    def __init__(self, compiled: Compiled, row_mask: Mask, column_mask: Mask) -> None:
        self._whole = np.flatnonzero(row_mask)
        self.number = {int(row): i for i, row in enumerate(self._whole)}
        self.size = int(column_mask.sum())
        self._column = np.where(column_mask, np.cumsum(column_mask) - 1, -1)
        self.rows = _chosen(compiled.rows, row_mask, self._column)
        costs = np.zeros(self.size)
        self.highs = Highs(
            self.rows, compiled.lower[column_mask], compiled.upper[column_mask], costs
        )
        self.highs.use_primal_simplex()
        self.move = self.highs.add_column(0.0, 0.0, [], [])

    def possible(self) -> bool:
        """Whether it has a pathway."""
        return self.highs.solve() is not None

    def relax(self, number: int) -> None:
        """Takes the limits from a row of the subproblem."""
        self.highs.set_row(number, -np.inf, np.inf)

    def restore(self, number: int) -> None:
        """Gives a row of the subproblem its limits back."""
        self.highs.set_row(number, self.rows.lower[number], self.rows.upper[number])

    def proof(self) -> list[int]:
        """Register rows of the whole that a proof of impossibility uses, after it was found so."""
        found = self._farkas()
        register: list[int] = np.flatnonzero(self.rows.of(*REGISTER)).tolist()
        if found is not None:
            least = _SUPPORT * np.abs(found).max()
            register = [i for i in register if abs(found[i]) > least]
        return [int(self._whole[i]) for i in register]

    def multipliers(self) -> Floats | None:
        """Multipliers of the rows that prove impossibility, after it was found so.

        One is above 0 where it weighs a lower limit, below 0 for an upper one; what rounding leaves
        of limits that are not there is left out. ``None`` where HiGHS gives none.
        """
        found = self._farkas()
        if found is None:
            return None
        found = min(found, -found, key=lambda one: np.abs(one[self._misplaced(one)]).sum())
        return np.where(self._misplaced(found), 0.0, found)

    def _misplaced(self, multipliers: Floats) -> Mask:
        """The multipliers that weigh limits that are not there."""
        no_lower = np.isinf(self.rows.lower) & (multipliers > 0)
        no_upper = np.isinf(self.rows.upper) & (multipliers < 0)
        found: Mask = no_lower | no_upper
        return found

    def _farkas(self) -> Floats | None:
        """Multipliers of a proof: of a row in which nothing is decided alone, else HiGHS's own."""
        over = np.maximum(self.rows.lower, -self.rows.upper)
        over[np.diff(self.rows.starts) > 0] = 0.0
        row = int(np.argmax(over)) if len(over) else 0
        if not len(over) or over[row] <= _NOTHING_DECIDED:
            return self.highs.farkas()
        found = np.zeros(len(over))
        found[row] = 1.0 if self.rows.lower[row] > 0 else -1.0
        return found

    def holds(self, row: MovingRow) -> bool:
        """Whether all columns are in the subproblem that a moving row may touch."""
        return bool((self._column[row.columns] >= 0).all())

    def moving(self, row: MovingRow) -> MovingRow:
        """A moving row of the whole, which the subproblem has, as one of it."""
        columns = [int(self._column[column]) for column in row.columns]
        return row.at(self.number[row.row], columns)


def _together(
    rows: Rows,
    columns: int,
    allowed: Mask,
    register: Collection[int],
) -> tuple[Mask, Mask]:
    """The rows that hang together with the register's by shared columns, and these columns."""
    lengths = np.diff(rows.starts)
    row_of = np.repeat(np.arange(len(lengths)), lengths)
    inside = allowed[row_of]
    row_of, column_of = row_of[inside], rows.indices[inside]
    row_mask, column_mask = np.zeros(len(lengths), dtype=bool), np.zeros(columns, dtype=bool)
    row_mask[list(register)] = True
    reached = -1
    while int(row_mask.sum()) > reached:
        reached = int(row_mask.sum())
        column_mask[column_of[row_mask[row_of]]] = True
        row_mask[row_of[column_mask[column_of]]] = True
    return row_mask, column_mask


def _chosen(rows: Rows, row_mask: Mask, column: NDArray[np.int64]) -> Rows:
    lengths = np.diff(rows.starts)
    entries = np.repeat(row_mask, lengths)
    values: Floats = rows.values[entries]
    keys, start = [], 0
    for name, index in rows.blocks:
        mask = row_mask[start : start + len(index)].tolist()
        keys.append((name, list(compress(index, mask))))
        start += len(index)
    return Rows(
        tuple(keys),
        rows.lower[row_mask],
        rows.upper[row_mask],
        np.concatenate([[0], np.cumsum(lengths[row_mask])]).astype(np.int32),
        column[rows.indices[entries]].astype(np.int32),
        values,
    )
