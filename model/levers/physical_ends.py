"""Where physics ends: how far a limit on a lever can be moved and still say something possible."""

import math

from model.case.types import Bound, Target
from model.case.units import Dimension as D
from model.levers.levers import MOST

# [GJ/t clinker] What the reactions take from a usual raw meal of limestone and clay, no loss
# counted: 420 kcal/kg (zur Strassen, Zement-Kalk-Gips 10 (1957)); 1.65 to 1.8 by the meal.
THEORETICAL_HEAT = 1.75
ROUNDING = 2e-4  # of a limit that is written with five digits


def physical_ends(line: Bound | Target) -> tuple[float, float]:
    """The least and the most that a limit can be, inside units; infinite where there is no end.

    A share goes from 0 to a whole, kiln heat from ``THEORETICAL_HEAT`` up, an amount from 0 up. A
    target has no ends: emissions may rise, and may fall below 0.
    """
    if isinstance(line, Target):
        return -math.inf, math.inf
    least = THEORETICAL_HEAT if line.dimension is D.HEAT_PER_MASS else 0.0
    return least, MOST.get(line.dimension, math.inf)
