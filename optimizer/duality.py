"""The least value that the solver's multipliers prove: what an optimum is worth without trust."""

import numpy as np

from optimizer.highs import Optimum
from optimizer.rows import Floats, Rows

_NOISE = 1e-6  # a multiplier or reduced cost on a side without a limit, beyond rounding


def proven_least(
    rows: Rows, lower: Floats, upper: Floats, costs: Floats, optimum: Optimum
) -> float:
    """``Σ y · side + Σ d · bound``, with ``d = c − Aᵀy``: no point has a lower objective.

    A multiplier belongs to the lower side of its row where it is positive, else to the upper; so
    does a reduced cost to its column's bounds. Where there is none on that side, rounding alone may
    stand there, and counts at the optimum's own values; anything more proves nothing: minus
    infinity. Weak duality; see any textbook of linear programming.
    """
    row_of = np.repeat(np.arange(len(rows)), np.diff(rows.starts))
    duals = optimum.duals[: len(rows)]
    products: Floats = np.zeros(len(costs))
    np.add.at(products, rows.indices, rows.values * duals[row_of])
    activity: Floats = np.zeros(len(duals))
    np.add.at(activity, row_of, rows.values * optimum.values[rows.indices])
    return _least(duals, rows.lower, rows.upper, activity) + _least(
        costs - products, lower, upper, optimum.values
    )


def _least(multipliers: Floats, lower: Floats, upper: Floats, found: Floats) -> float:
    sides = np.where(multipliers > 0, lower, upper)
    open_side = ~np.isfinite(sides)
    if not (np.abs(multipliers[open_side]) <= _NOISE).all():
        return -np.inf
    return float(multipliers @ np.where(open_side, found, sides))
