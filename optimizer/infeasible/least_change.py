"""By how much limits must move, all by the same share of their sizes, to be possible to hold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.infeasible.subproblem import Subproblem
from optimizer.programme.rows import Floats
from optimizer.sensitivity.reoptimize import MovingRow
from optimizer.solver.highs import Highs

FAR = 1e3  # own sizes by which a limit without a most moves at most
_STEPS = 40
_SMALL = 1e-10  # a step that ends the search, relative to the move
_ROUNDING = 1e-9  # of a row's own terms: a limit exceeded by no more holds


@dataclass(frozen=True, slots=True)
class Limit:
    """A row whose limit moves from ``value`` by ``size`` times the part looked for.

    room: the part at which it stops, while others may go on; held: it stands there throughout.
    """

    row: MovingRow
    value: float
    size: float
    room: float
    held: bool = False

    def move(self, highs: Highs, relative: float) -> None:
        """Moves the limit, no further than its room."""
        part = self.room if self.held else min(relative, self.room)
        self.row.apply(highs, self.value + part * self.size)

    def restore(self, highs: Highs) -> None:
        """Puts the limit where it stands in the case."""
        self.row.apply(highs, self.value)

    def gain(self, values: Floats) -> float:
        """Room that the row gains per unit of the move, signed, at values of the columns."""
        slope = float(self.row.slope @ values[self.row.columns])
        return self.size * (self.row.limit_slope - slope)

    def needed(self, values: Floats) -> float:
        """The move with which the row holds at values of the columns."""
        chosen = values[self.row.columns]
        terms = (self.row.fixed + self.value * self.row.slope) * chosen
        side = self.row.limit_fixed + self.value * self.row.limit_slope
        excess = float(terms.sum()) - side
        loosened_up = self.size > 0
        least = _ROUNDING * max(float(np.abs(terms).max(initial=0.0)), abs(side))
        if (excess if loosened_up else -excess) <= least:
            return 0.0
        gain = self.gain(values)
        return excess / gain if excess * gain > 0 else np.inf


class Given(Limit):
    """An upper limit of 0 that a row has only while other limits are moved."""

    def move(self, highs: Highs, relative: float) -> None:
        """Gives the row its limit."""
        highs.set_row(self.row.row, -np.inf, 0.0)

    def restore(self, highs: Highs) -> None:
        """Takes the limit from the row, as in the case."""
        highs.set_row(self.row.row, -np.inf, np.inf)

    @staticmethod
    def of(row: int) -> "Given":
        """The limit of a row, by its number."""
        none: Floats = np.zeros(0)
        moving = MovingRow(
            row=row,
            columns=[],
            fixed=none,
            slope=none,
            limit_fixed=0.0,
            limit_slope=0.0,
            has_lower=False,
            has_upper=True,
        )
        return Given(moving, 0.0, 0.0, 0.0, held=True)


def least_move(subproblem: Subproblem, limits: Sequence[Limit]) -> float | None:
    """The least relative move, ``None`` where no move within the rooms is enough.

    A limit beyond its room counts as one at its end: no pathway has more than a whole of a share.
    """
    held = [limit for limit in limits if limit.held]
    free = [limit for limit in limits if not limit.held]
    for limit in held:
        limit.move(subproblem.highs, limit.room)
    relative = _least_of(subproblem, free) if free else None
    for limit in held:
        limit.restore(subproblem.highs)
    return relative


def _least_of(subproblem: Subproblem, limits: Sequence[Limit]) -> float | None:
    """The least relative move of limits as if their rooms had no end; ``None`` if in vain.

    Each pathway needs some move; the least is that of a pathway that needs no more than others, a
    ratio of two linear terms in each row. From a pathway found with limits at their widest, each
    step solves ``A(p) x − t · gain ≤ b(p)`` for the least t, the gain being that of the last
    pathway, and takes the move that the new pathway needs: it falls to the least (Dinkelbach's
    method: Crouzeix, Ferland and Schaible, Journal of Optimization Theory and Applications 47
    (1985)). Limits on right sides take one step.
    """
    values = _at_most(subproblem, limits)
    if values is None:
        return None
    relative = max(limit.needed(values) for limit in limits)
    for _ in range(_STEPS):
        if not 0.0 < relative < np.inf:
            break
        gains = [limit.gain(values) for limit in limits]
        largest = max(abs(gain) for gain in gains)
        for limit, gain in zip(limits, gains, strict=True):
            limit.row.apply(subproblem.highs, limit.value + relative * limit.size)
            subproblem.highs.set_coefficient(limit.row.row, subproblem.move, -gain / largest)
        # In amounts, not in parts: else reduced costs would be below what HiGHS tells from 0.
        subproblem.highs.set_column(subproblem.move, -relative * largest, 0.0, 1.0)
        found = subproblem.highs.solve()
        if found is None:  # at the very edge; the last pathway stands
            break
        values = found.values
        step = relative - max(limit.needed(values) for limit in limits)
        relative -= max(step, 0.0)
        if step <= _SMALL * relative:
            break
    for limit in limits:
        limit.restore(subproblem.highs)
        subproblem.highs.set_coefficient(limit.row.row, subproblem.move, 0.0)
    subproblem.highs.set_column(subproblem.move, 0.0, 0.0, 0.0)
    return relative if relative < np.inf else None


def _at_most(subproblem: Subproblem, limits: Sequence[Limit]) -> Floats | None:
    """Values of the columns where limits have moved as far as they can; ``None`` if in vain.

    A share has a largest value; other limits are let go instead, which HiGHS takes better.
    """
    for limit in limits:
        if limit.room < FAR:
            limit.move(subproblem.highs, limit.room)
        else:
            subproblem.relax(limit.row.row)
    found = subproblem.highs.solve()
    for limit in limits:
        limit.restore(subproblem.highs)
    return None if found is None else found.values
