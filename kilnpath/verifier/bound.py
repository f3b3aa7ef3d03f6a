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

_PASSES = 200


@dataclass(frozen=True)
class Proof:
    """bound: no pathway goes below; ``None``: the multipliers prove nothing. used: by row."""

    bound: Fraction | None
    used: Mapping[Name, Fraction]


def prove(
    objective: Form,
    rows: Iterable[Row],
    multipliers: Mapping[Name, Fraction],
    most: Mapping[Quantity, Fraction],
) -> Proof:
    """The bound that multipliers prove; one of the wrong sign counts as 0."""
    used: dict[Name, tuple[Row, Fraction]] = {}
    left = dict(objective)
    for row in rows:
        y = multipliers.get(row.name, ZERO)
        if y and not (row.sense == ">" and y < 0) and not (row.sense == "<" and y > 0):
            used[row.name] = (row, y)
            _take(left, row.form, y)
    if not _repair(left, used, most):
        return Proof(None, {})
    bound = left.pop(None, ZERO)
    for quantity, factor in left.items():
        if factor < 0 and quantity is not None:
            bound += factor * most[quantity]
    return Proof(bound, {name: y for name, (_, y) in used.items()})


def _take(left: Form, form: Form, y: Fraction) -> None:
    """left − y · form"""
    for quantity, factor in form.items():
        part = y * factor
        left[quantity] = left[quantity] - part if quantity in left else -part


def _repair(
    left: Form, used: dict[Name, tuple[Row, Fraction]], most: Mapping[Quantity, Fraction]
) -> bool:
    """Whether every quantity without a largest value has a factor of 0 or more, after repair.

    A factor a hair below 0 is lifted to 0 by bringing the multiplier of one of its rows nearer to
    0, which keeps that multiplier's sign: again a set of multipliers that anyone may use.
    """
    holders: dict[Quantity, list[Name]] = {}
    for _ in range(_PASSES):
        low = [q for q, f in left.items() if f < 0 and q is not None and q not in most]
        if not low:
            return True
        if not holders:
            for name, (row, _y) in used.items():
                for q in row.form:
                    if q is not None:
                        holders.setdefault(q, []).append(name)
        for q in low:
            for name in sorted(holders.get(q, ()), key=lambda n: -abs(used[n][1])):
                row, y = used[name]
                if left[q] >= 0 or y * row.form[q] <= 0:
                    continue
                step = min(-left[q], y * row.form[q]) / row.form[q]
                used[name] = (row, y - step)
                _take(left, row.form, -step)
    return False
