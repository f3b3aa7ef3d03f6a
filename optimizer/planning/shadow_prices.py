"""Shadow prices of bounds, in the words of the register, and what they are worth."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.case.columns import Column
from model.case.types import Bound
from model.case.units import Dimension as D
from model.pathway.pathway import BoundChecks, Pathway

Prices = Mapping[tuple[str, int], float]
_YEARS = 10_000  # more than any year


def shadow_prices(pathway: Pathway, duals: Prices, scale: float) -> dict[tuple[str, int], float]:
    """(bound, year) -> change of the least CCUS per unit of the limit, inside units. [t CO2 per …]

    The row of a ratio is ``amount − limit · total <= 0``, so its dual is per unit of amount and the
    limit is worth dual · total. To first order, at one optimum: duals of a degenerate programme are
    not unique, so a price is a hint until a solve with the limit moved confirms it.
    """
    checks = pathway.bounds
    points = np.array([b.dimension is D.POINTS_PER_YEAR for b in checks.bounds], dtype=bool)
    column = price_column(checks, duals)
    prices = column * np.where(points[checks.bound], scale, checks.denominator)
    rows = np.flatnonzero(column)
    names = [checks.bounds[bound].id for bound in checks.bound[rows].tolist()]
    keys = zip(names, checks.year[rows].tolist(), strict=True)
    return dict(zip(keys, prices[rows].tolist(), strict=True))


def price_column(checks: BoundChecks, prices: Prices) -> Column:
    """Prices by (bound, year) as a column beside the checks; 0 where none is given."""
    column = np.zeros(len(checks))
    number = {bound.id: n for n, bound in enumerate(checks.bounds)}
    given = [(number[k], year, v) for (k, year), v in prices.items() if v and k in number]
    if len(checks) and given:
        bound, year, price = (np.array(part) for part in zip(*given, strict=True))
        rows = checks.bound * _YEARS + checks.year  # in order, as the checks are
        wanted = bound * _YEARS + year
        at = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
        there = rows[at] == wanted
        column[at[there]] = price[there]
    return column


@dataclass(frozen=True, slots=True)
class BoundWorth:
    """What a 1 % wider limit of a bound saves, in the years in which it holds a pathway back.

    saved: of the least CCUS, to first order. [t CO2]
    """

    bound: Bound
    years: tuple[int, ...]
    saved: float


def bound_worths(pathway: Pathway, prices: Prices) -> list[BoundWorth]:
    """The binding bounds that have a shadow price [t CO2 per unit], the largest worth first."""
    checks = pathway.bounds
    worth = abs(price_column(checks, prices) * checks.limit) * 0.01
    rows = np.flatnonzero((worth > 0) & checks.binds)
    years: dict[int, list[int]] = {}
    saved: dict[int, float] = {}
    for row in rows.tolist():
        bound = int(checks.bound[row])
        years.setdefault(bound, []).append(int(checks.year[row]))
        saved[bound] = saved.get(bound, 0.0) + float(worth[row])
    found = [BoundWorth(checks.bounds[b], tuple(years[b]), saved[b]) for b in years]
    return sorted(found, key=lambda worth: -worth.saved)
