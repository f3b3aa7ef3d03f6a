"""Weak duality: what no pathway can go below, proven by multipliers of the rows.

For multipliers y (y ≥ 0 of a row ``form ≥ 0``, y ≤ 0 of ``form ≤ 0``, any of ``form = 0``) every
pathway x has ``objective(x) ≥ objective(x) − Σ y · form(x)``. The right side is a sum of quantity
times factor. As no quantity is negative, a factor of 0 or more costs nothing; one below 0 costs at
most factor times the quantity's largest value. What is left is a number: the proven bound. Whoever
made the multipliers, and however badly rounded: the bound can only be too low, never too high.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .case import ZERO
from .formulas import Form, Quantity
from .rows import Name, Row


@dataclass(frozen=True)
class Proof:
    """bound: no pathway goes below it. used: the multipliers it rests on, by row."""

    bound: Fraction
    used: Mapping[Name, Fraction]


def prove(
    objective: Form,
    rows: Iterable[Row],
    multipliers: Mapping[Name, Fraction],
    most: Mapping[Quantity, Fraction],
) -> Proof:
    """The bound that multipliers prove; one of the wrong sign counts as 0.

    most: the largest value of every quantity.
    """
    used: dict[Name, Fraction] = {}
    left = dict(objective)  # objective − Σ y · form
    for row in rows:
        y = multipliers.get(row.name, ZERO)
        if not y or (row.sense == ">" and y < 0) or (row.sense == "<" and y > 0):
            continue
        used[row.name] = y
        for quantity, factor in row.form.items():
            part = y * factor
            left[quantity] = left[quantity] - part if quantity in left else -part
    bound = left.pop(None, ZERO)
    for quantity, factor in left.items():
        if factor < 0 and quantity is not None:
            bound += factor * most[quantity]
    return Proof(bound, used)
