"""Bounds moved from their own value towards the level of the company's plan.

What lies between the two is the room that the case's author drew: of a bound whose value is
assumed, nothing else is known to be possible.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from model.case.senses import Sense
from model.case.types import YearValues
from model.pathway.pathway import TOLERANCE, Pathway


def limits_at_plan(plan: Pathway) -> dict[str, dict[int, float]]:
    """Bound -> year -> the limit that leaves no room beyond the company's plan. [inside units]

    plan: the plan over the horizon, with its checks. The limit is the plan's own level and what the
    recount lets pass, so that rounding does not make the plan impossible. Only of bounds from one
    side on a level or a sum over years: a fixed one has no room, and a pace is no level. Without
    years in which the plan breaks the bound, which have no room, or has no such level, because
    nothing is made.
    """
    checks, found = plan.bounds, dict[str, dict[int, float]]()
    for row in _of_levels(plan):
        bound, level = checks.bounds[checks.bound[row]], float(checks.value[row])
        rounding = TOLERANCE * max(1.0, abs(level))
        end = level - rounding if bound.sense.is_least else level + rounding
        found.setdefault(bound.id, {})[int(checks.year[row])] = end
    return found


def _of_levels(plan: Pathway) -> Iterator[int]:
    """The rows of bounds that limit a level from one side, where there is one and it is kept."""
    senses = [bound.sense for bound in plan.bounds.bounds]
    one_side = [not (sense.limits_change or sense is Sense.FIXED) for sense in senses]
    chosen = np.array(one_side, dtype=bool)[plan.bounds.bound]
    chosen = chosen & plan.bounds.holds & ~np.isnan(plan.bounds.value)
    yield from np.flatnonzero(chosen).tolist()


def with_room(own: YearValues, at_plan: Mapping[int, float], room: float) -> dict[int, float]:
    """The values of a bound with a part of its room. [inside units]

    own: its values; at_plan: its limits without any room; room: 1 leaves its own values, 0 none
    beyond the plan. Years without a limit at the plan are left out. Raises ``ValueError`` for a
    room that is no part.
    """
    if not 0 <= room <= 1:
        raise ValueError(f"{room} is no part of 1")
    return {
        year: own[year] + (end - own[year]) * (1 - room)
        for year, end in at_plan.items()
        if year in own
    }
