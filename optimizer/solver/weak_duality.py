"""The least value that multipliers of rows prove: what an optimum is worth without trust.

Weak duality, for a vertex and for a point of the interior alike. For multipliers y of rows, with
``d = c − Aᵀy``, every point x within rows and bounds has ``c x ≥ Σ y · side + Σ d · bound``: a
multiplier belongs to the lower side of its row where it is positive, else to the upper, and so does
a reduced cost to its column's bounds. See any textbook of linear programming.

The interior point method leaves multipliers a little aside: of the wrong sign by 1e-12, reduced
costs of −1e-9 on columns without an upper bound. So multipliers are repaired first; what then is
left is charged against bounds that follow from the rows. Nothing is taken from the solution.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.programme.rows import Floats, Rows

_PASSES = 4  # of deriving bounds: cement -> clinker and additions -> raw meal, heat, power
_ROUNDS = 20  # of repair
_BEYOND = 2.0  # a repair goes twice as far, so that what others undo of it leaves it repaired
_ROUNDING = 1e-14  # of a sum of floats, relative to its parts


@dataclass(frozen=True, slots=True)
class Proof:
    """least: no point has a lower objective; minus infinity where nothing is proven.

    multipliers: of the rows, repaired, by which it is proven.
    """

    least: float
    multipliers: Floats


@dataclass(frozen=True, slots=True)
class _Entries:
    """The coefficients of a matrix, by row, column and value; the sides of its rows."""

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    value: Floats
    lower: Floats
    upper: Floats

    def by_row(self, numbers: Floats) -> Floats:
        """Sums of what stands beside the entries of each row."""
        sums: Floats = np.bincount(self.row, numbers, len(self.lower)).astype(np.float64)
        return sums

    def reduced(self, costs: Floats, multipliers: Floats) -> Floats:
        """``c − Aᵀy`` by column."""
        products = np.bincount(self.column, self.value * multipliers[self.row], len(costs))
        found: Floats = costs - products
        return found

    def rounding(self, costs: Floats, multipliers: Floats) -> Floats:
        """How far a reduced cost may be off, being a sum of floats."""
        parts = np.abs(self.value * multipliers[self.row])
        sizes: Floats = np.abs(costs) + np.bincount(self.column, parts, len(costs))
        return sizes * _ROUNDING


def proven_least(rows: Rows, lower: Floats, upper: Floats, costs: Floats, duals: Floats) -> Proof:
    """What the multipliers of an optimum prove, once they are repaired.

    lower, upper: of the columns; duals: by row, as HiGHS gives them where it minimises.

    A column that no row bounds, such as the heat of a kiln without a most, is safer with an upper
    bound of its own, in the solve and here: else its reduced cost must come out as exactly 0.
    """
    row = np.repeat(np.arange(len(rows.lower)), np.diff(rows.starts))
    entries = _Entries(row, rows.indices.astype(np.intp), rows.values, rows.lower, rows.upper)
    least, most = bounds_by_rows(entries, lower, upper)
    multipliers = _on_their_sides(entries, duals[: len(rows.lower)])
    multipliers = _accounts_shifted(entries, costs, multipliers, np.isinf(lower) & np.isinf(upper))
    multipliers = _repaired(entries, costs, multipliers, least, most)
    reduced = entries.reduced(costs, multipliers)
    sides = np.where(multipliers > 0, entries.lower, entries.upper)
    bounds = np.where(reduced > 0, least, most)
    reduced[np.isinf(bounds) & (np.abs(reduced) <= entries.rounding(costs, multipliers))] = 0.0
    return Proof(_sum(multipliers, sides) + _sum(reduced, bounds), multipliers)


def _sum(factors: Floats, values: Floats) -> float:
    """``Σ factor · value``; nothing times infinity is nothing."""
    used = factors != 0
    return float(factors[used] @ values[used])


def bounds_by_rows(entries: _Entries, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Bounds of columns that follow from rows and from each other, a little too wide."""
    at_most = np.isfinite(entries.upper)[entries.row]
    at_least = np.isfinite(entries.lower)[entries.row]
    for _ in range(_PASSES):
        low, high = np.full_like(lower, -np.inf), np.full_like(upper, np.inf)
        for used, sign, side in ((at_most, 1.0, entries.upper), (at_least, -1.0, -entries.lower)):
            value = sign * entries.value[used]
            found = _by_others(entries, used, value, side, lower, upper)
            column = entries.column[used]
            np.minimum.at(high, column[value > 0], found[value > 0])
            np.maximum.at(low, column[value < 0], found[value < 0])
        lower, upper = np.maximum(lower, low), np.minimum(upper, high)
    return lower, upper


def _by_others(
    entries: _Entries,
    used: NDArray[np.bool_],
    value: Floats,
    side: Floats,
    lower: Floats,
    upper: Floats,
) -> Floats:
    """What a row ``Σ value · x ≤ side`` says of each of its columns, the others at their least."""
    row, column = entries.row[used], entries.column[used]
    parts = value * np.where(value > 0, lower[column], upper[column])
    open_ = np.isinf(parts)
    known = np.where(open_, 0.0, parts)
    count = len(side)
    sums = np.bincount(row, known, count)[row]
    others_open = np.bincount(row, open_, count)[row] > open_
    sizes = np.bincount(row, np.abs(known), count)[row] + np.abs(side[row])
    left = side[row] - (sums - known) + _ROUNDING * sizes
    found: Floats = np.where(others_open, np.inf * np.sign(value), left / value)
    return found


def _on_their_sides(entries: _Entries, duals: Floats) -> Floats:
    """Multipliers, 0 where their row has no limit on that side."""
    above = np.where(np.isfinite(entries.lower), duals, 0.0)
    below = np.where(np.isfinite(entries.upper), duals, 0.0)
    found: Floats = np.maximum(above, 0.0) + np.minimum(below, 0.0)
    return found


def _accounts_shifted(
    entries: _Entries, costs: Floats, multipliers: Floats, free: NDArray[np.bool_]
) -> Floats:
    """Multipliers by which each free column costs nothing, through the equation that defines it.

    In that no other free column stands. What has none is left to the repair.
    """
    equations = entries.lower == entries.upper
    defines = equations[entries.row] & free[entries.column]
    alone = entries.by_row(defines.astype(np.float64))[entries.row] == 1
    candidates = np.flatnonzero(defines & alone)
    columns, first = np.unique(entries.column[candidates], return_index=True)
    chosen = candidates[first]
    shifted = multipliers.copy()
    reduced = entries.reduced(costs, multipliers)
    shifted[entries.row[chosen]] += reduced[columns] / entries.value[chosen]
    return shifted


def _repaired(
    entries: _Entries, costs: Floats, multipliers: Floats, least: Floats, most: Floats
) -> Floats:
    """Multipliers moved until no reduced cost asks for a bound that its column has not.

    For each such column the multiplier of one row moves, and keeps its sign. What that undoes is
    repaired in turn, and mostly fades: heat for capture makes far less CO2 than is captured by it.
    It need not: then nothing is proven, unless the column is given a bound.
    """
    no_most, no_least = np.isposinf(most), np.isneginf(least)
    free = no_most & no_least
    rounding = entries.rounding(costs, multipliers)
    harm = _harm(entries, no_most, no_least)
    movable = ~_define_others(entries, free)
    for _ in range(_ROUNDS):
        reduced = entries.reduced(costs, multipliers)
        bad = ((reduced < -rounding) & no_most) | ((reduced > rounding) & no_least)
        at = np.flatnonzero(bad[entries.column] & movable)
        if not len(at):
            break
        far = np.where(free, reduced, _BEYOND * (reduced + np.copysign(rounding, reduced)))
        wanted = far[entries.column[at]] / entries.value[at]
        multipliers = multipliers + _moves(entries, at, wanted, multipliers, harm)
    return multipliers


def _define_others(entries: _Entries, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The entries of other columns in the equation of a free one: that is not moved for them."""
    equations = (entries.lower == entries.upper)[entries.row]
    has_free = entries.by_row((equations & free[entries.column]).astype(np.float64)) > 0
    found: NDArray[np.bool_] = has_free[entries.row] & ~free[entries.column]
    return found


def _harm(
    entries: _Entries, no_most: NDArray[np.bool_], no_least: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """By row: how much columns without a bound lose where its multiplier rises, and falls, by 1."""
    size, positive = np.abs(entries.value), entries.value > 0
    most, least = no_most[entries.column], no_least[entries.column]
    return (
        entries.by_row(size * np.where(positive, most, least)),
        entries.by_row(size * np.where(positive, least, most)),
    )


def _moves(
    entries: _Entries,
    at: NDArray[np.intp],
    wanted: Floats,
    multipliers: Floats,
    harm: tuple[Floats, Floats],
) -> Floats:
    """By row: the farthest of the moves of the columns that chose it.

    A multiplier moves to 0 at most where its row has no limit on the other side. Each column takes
    one that harms others less than it helps, else one that becomes smaller; of several the one with
    least harm.
    """
    row = entries.row[at]
    before, after = multipliers[row], multipliers[row] + wanted
    side = np.where(after > 0, entries.lower[row], entries.upper[row])
    move = np.where(np.isfinite(side), wanted, np.where(before * wanted < 0, -before, 0.0))
    rate = np.where(wanted > 0, harm[0][row], harm[1][row]) / np.abs(entries.value[at])
    late = np.where(rate < 1, 0, np.where(before * wanted < 0, 1, 2))
    rate[move == 0], late[move == 0] = np.inf, 3
    gain = np.abs(move * entries.value[at])
    order = np.lexsort((-gain, rate, late, entries.column[at]))
    _, first = np.unique(entries.column[at][order], return_index=True)
    chosen = order[first]
    up, down = np.zeros_like(entries.lower), np.zeros_like(entries.lower)
    np.maximum.at(up, row[chosen], move[chosen])
    np.minimum.at(down, row[chosen], move[chosen])
    found: Floats = up + down
    return found
