"""Scaling: a programme is homogeneous in its amounts, so one number suits a whole case.

Dividing every amount of a case (t, GJ, MWh) by the same number leaves all ratios as they are. The
number is the power of ten that brings the largest yearly amount to between 1e3 and 1e4, where
HiGHS's absolute tolerances are small beside it.
"""

import math
from dataclasses import replace

import numpy as np

from model.case.columns import Grid, mapped
from model.case.types import Bound
from model.case.units import AMOUNTS
from model.formulas.activity import Activity, SiteYear


def scale_of(parameters: Grid[SiteYear]) -> float:
    """The number that all amounts of the programme are divided by. [t, GJ or MWh]"""
    p = parameters.columns
    largest = float(np.max(p.cement + p.clinker_sold, initial=0.0))
    largest = largest or float(np.max(p.other_power, initial=0.0))
    return 10.0 ** (math.floor(math.log10(largest)) - 3) if largest > 0 else 1.0


def scaled_parameters(parameters: Grid[SiteYear], scale: float) -> Grid[SiteYear]:
    """Parameters with their amounts divided by ``scale``."""
    p = parameters.columns
    columns = replace(
        p,
        cement=p.cement / scale,
        most_cement=p.most_cement / scale,
        clinker_sold=p.clinker_sold / scale,
        clinker_bought=p.clinker_bought / scale,
        substitutes_sold=p.substitutes_sold / scale,
        other_direct=p.other_direct / scale,
        other_power=p.other_power / scale,
    )
    return Grid(parameters.sites, parameters.years, columns)


def scaled_activities(activities: Grid[Activity[float]], factor: float) -> Grid[Activity[float]]:
    """Activities with every quantity multiplied by ``factor``."""
    columns = mapped(activities.columns, lambda values: values * factor)
    return Grid(activities.sites, activities.years, columns)


def bound_scale(bound: Bound, scale: float) -> float:
    """What a bound's limit is divided by in the programme: amounts are scaled, ratios are not."""
    return scale if bound.dimension in AMOUNTS else 1.0
