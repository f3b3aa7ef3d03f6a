"""Scaling: a programme is homogeneous in its amounts, so one number suits a whole case.

Dividing every amount of a case (t, GJ, MWh) by the same number leaves all ratios as they are. The
number is the power of ten that brings the largest yearly amount to between 1e3 and 1e4, where
HiGHS's absolute tolerances are small beside it.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

from model.activity import Activity, SiteYear
from model.case import Bound, Metric, Target
from model.units import AMOUNTS


def scale_of(known: Mapping[tuple[str, int], SiteYear]) -> float:
    """The number that all amounts of the programme are divided by. [t, GJ or MWh]"""
    largest = max((k.cement + k.clinker_sold for k in known.values()), default=0.0)
    largest = largest or max((k.other_power for k in known.values()), default=0.0)
    return 10.0 ** (math.floor(math.log10(largest)) - 3) if largest > 0 else 1.0


def scaled_known(k: SiteYear, scale: float) -> SiteYear:
    """Known numbers with their amounts divided by ``scale``."""
    return replace(
        k,
        cement=k.cement / scale,
        clinker_sold=k.clinker_sold / scale,
        clinker_bought=k.clinker_bought / scale,
        substitutes_sold=k.substitutes_sold / scale,
        other_direct=k.other_direct / scale,
        other_power=k.other_power / scale,
    )


def scaled_activity(a: Activity[float], factor: float) -> Activity[float]:
    """An activity with every quantity multiplied by ``factor``."""
    return Activity(
        a.clinker * factor,
        a.clinker_bought * factor,
        {key: q * factor for key, q in a.additions.items()},
        {key: q * factor for key, q in a.alternative_raw.items()},
        {key: q * factor for key, q in a.heat.items()},
        a.waste_heat_power * factor,
        a.renewable_power * factor,
        a.captured_storage * factor,
        a.captured_use * factor,
    )


def scaled_bound(bound: Bound, scale: float) -> Bound:
    """A bound on an amount with its limits divided by ``scale``; a ratio as it is."""
    if bound.dimension not in AMOUNTS:
        return bound
    return replace(bound, values={year: v / scale for year, v in bound.values.items()})


def scaled_limit(target: Target, limit: float, scale: float) -> float:
    """The limit of a target as the programme has it."""
    return limit / scale if target.metric is Metric.ABSOLUTE else limit
