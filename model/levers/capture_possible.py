"""Where something can be captured at all, by the register."""

from typing import cast

import numpy as np

from model.case.columns import Mask, Sites
from model.case.types import Case, Sense
from model.levers.levers import CAPTURE

_HOLDS = (Sense.MAX, Sense.FIXED)


def capture_possible(case: Case, years: range) -> Mask:
    """Whether a site can capture CO2 in a year, by site and year.

    It cannot where it has no kiln, or where limits of 0 hold, for storage and for use, in its year.
    """
    sites = Sites.of(case)
    held = {which: np.zeros((len(sites.ids), len(years)), dtype=bool) for which in CAPTURE}
    for bound in case.bounds.values():
        if bound.lever != "capture" or bound.sense not in _HOLDS:
            continue
        none = [bound.values.get(year) == 0 for year in years]
        if any(none):
            for which in bound.weights:
                held[which][sites.numbers(bound.sites)] |= np.array(none)
    nothing = np.logical_and.reduce([held[which] for which in CAPTURE])
    return cast(Mask, sites.kiln[:, None] & ~nothing)
