"""Shadow prices of bounds, in the words of the register."""

from collections.abc import Mapping

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
