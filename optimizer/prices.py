"""Shadow prices of bounds, in the words of the register, and what they are worth."""

from collections.abc import Mapping
from dataclasses import dataclass

from model.case import Bound
from model.pathway import Pathway
from model.units import Dimension as D

Prices = Mapping[tuple[str, int], float]


def shadow_prices(pathway: Pathway, duals: Prices, scale: float) -> dict[tuple[str, int], float]:
    """(bound, year) -> change of the least CCUS per unit of the limit, inside units. [t CO2 per …]

    The row of a ratio is ``amount − limit · total <= 0``, so its dual is per unit of amount and the
    limit is worth dual · total. To first order, at one optimum: duals of a degenerate programme are
    not unique, so a price is a hint until a solve with the limit moved confirms it.
    """
    prices = {}
    for check in pathway.bounds:
        dual = duals.get((check.bound.id, check.year), 0.0)
        if dual:
            in_points = check.bound.dimension is D.POINTS_PER_YEAR
            prices[check.bound.id, check.year] = dual * (scale if in_points else check.whole)
    return prices


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
    years: dict[str, list[int]] = {}
    saved: dict[str, float] = {}
    for check in pathway.bounds:
        worth = abs(prices.get((check.bound.id, check.year), 0.0) * check.limit) * 0.01
        if worth > 0 and check.binds:
            years.setdefault(check.bound.id, []).append(check.year)
            saved[check.bound.id] = saved.get(check.bound.id, 0.0) + worth
    bounds = pathway.case.bounds
    found = [BoundWorth(bounds[name], tuple(years[name]), saved[name]) for name in years]
    return sorted(found, key=lambda worth: -worth.saved)
