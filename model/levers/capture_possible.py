"""Where something can be captured at all, by the register."""

from typing import cast

import numpy as np

from model.case.columns import Mask, Sites
from model.case.senses import Sense
from model.case.types import Bound, Case
from model.formulas.site_years import site_years
from model.levers.levers import CAPTURE

_HOLDS = (Sense.MAX, Sense.FIXED, Sense.TOTAL_MAX)


def capture_possible(case: Case, years: range) -> Mask:
    """Whether a site can capture CO2 in a year, by site and year.

    It cannot while it has no kiln, or where limits of 0 hold, for storage and for use, in its year.
    """
    sites = Sites.of(case)
    held = {which: np.zeros((len(sites.ids), len(years)), dtype=bool) for which in CAPTURE}
    for bound in case.bounds.values():
        if bound.lever != "capture" or bound.sense not in _HOLDS:
            continue
        none = [_is_zero(bound, year) for year in years]
        if any(none):
            for which in bound.weights:
                held[which][sites.numbers(bound.sites)] |= np.array(none)
    nothing = np.logical_and.reduce([held[which] for which in CAPTURE])
    kiln = cast(Mask, site_years(case).within(years).columns.has_kiln)
    found: Mask = kiln & ~nothing
    return found


def _is_zero(bound: Bound, year: int) -> bool:
    """Whether a bound holds what it limits at 0 in a year: nothing is below 0, so a sum may too."""
    if bound.sense.sums_years:
        return year in bound.years and not any(bound.values.values())
    return bound.values.get(year) == 0
