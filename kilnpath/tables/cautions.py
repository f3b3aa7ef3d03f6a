"""What must be told before an answer: how CCUS begins, and what it hangs on."""

from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np
import pandas as pd

from kilnpath.language.wording import spans
from kilnpath.tables.counterparts import emitted, yearly_rises
from kilnpath.tables.outcome import horizon_of
from model.case.columns import Column, Grid
from model.case.senses import Sense
from model.case.types import Case, Metric
from model.formulas.activity import Activity
from model.levers.company_plan import with_reported
from model.levers.levers import CAPTURE
from model.pathway.pathway import Pathway
from model.targets.limits import target_limits

PART = 0.5  # of the peak's CCUS, or of all of it, from which on a single year or target is told
_SAME = 5e-4  # relative: no more than that is as much
_MOVED = 1e-6  # of a site's largest capture: less than that is no rise
Row = tuple[str, str, str, float, str]


def cautions_frame(
    pathway: Pathway, plan: Pathway | None, least: float, without: Mapping[str, float]
) -> pd.DataFrame:
    """What is worse than in the plan, how CCUS begins, and what it hangs on; else nothing.

    ``more_than_plan``: the part by which CCUS of the final or the peak year, or what is emitted in
    all, is more than in the company's plan. ``jump``: more than half of the peak year's CCUS is
    added in one year. ``no_pace``: years in which capture rises at a site and no bound of the
    register limits how fast. ``single_years``: years of a target beside which it has no other.
    ``one_target``: the least CCUS without a target, where that is less than half of the least, and
    the part of the least that hangs on it.

    least: by the objective; without: the same without one of the targets. [t CO2]
    """
    case = pathway.case
    rows = [] if plan is None else list(_more_than(plan, pathway))
    rows += [*_jump(pathway), *_without_pace(pathway), *_single_years(case)]
    for target, value in without.items():
        if value < PART * least:
            rows.append(("one_target", target, horizon_of(case), value, "t CO2"))
            rows.append(("one_target", target, horizon_of(case), 1 - value / least, "1"))
    return pd.DataFrame(rows, columns=["caution", "id", "years", "value", "unit"])


def _more_than(plan: Pathway, pathway: Pathway) -> Iterator[Row]:
    case, final = pathway.case, pathway.case.final_year
    peaks = [max(case.horizon, key=one.ccus) for one in (pathway, plan)]
    ends = (pathway.ccus(final), plan.ccus(final))
    tops = (pathway.ccus(peaks[0]), plan.ccus(peaks[1]))
    told = [("ccus", str(final), *ends)]
    if peaks != [final, final]:
        told.append(("ccus_peak", str(peaks[0]), *tops))
    told.append(("scope12_total", horizon_of(case), emitted(pathway), emitted(plan)))
    for quantity, years, here, there in told:
        if there > 0 and here > there * (1 + _SAME):
            yield "more_than_plan", quantity, years, here / there - 1, "1"


def _jump(pathway: Pathway) -> Iterator[Row]:
    rises = yearly_rises(pathway)
    peak = max(pathway.ccus(year) for year in pathway.case.horizon)
    for year, rise in rises.items():
        if rise > PART * peak:
            yield "jump", "group", str(year), rise, "t CO2"


def _without_pace(pathway: Pathway) -> Iterator[Row]:
    """By site, the largest rise in a year that no bound limits."""
    case = pathway.case
    activities: Grid[Activity[float]] = pathway.activities
    if case.company_plan:
        activities = with_reported(case, pathway.activities)
    first = activities.years.start
    for row, site in enumerate(activities.sites.ids):
        found: dict[int, float] = {}
        for which in CAPTURE:
            held = _held_years(case, site, which)
            amounts = cast(Column, getattr(activities.columns, f"captured_{which}"))[row]
            for year in case.horizon:
                if year == first or year in held:
                    continue
                rise = float(amounts[year - first] - amounts[year - first - 1])
                if rise > _MOVED * float(np.max(amounts)):
                    found[year] = max(found.get(year, 0.0), rise)
        if found:
            yield "no_pace", site, spans(found), max(found.values()), "t CO2"


def _held_years(case: Case, site: str, which: str) -> set[int]:
    """The years in which a bound limits how fast a site's capture may rise."""
    return {
        year
        for bound in case.bounds.values()
        if bound.lever == "capture" and bound.sense is Sense.RISE_MAX
        if site in bound.sites and which in bound.weights
        for year in bound.values
    }


def _single_years(case: Case) -> Iterator[Row]:
    """Targets that hold in years of which neither neighbour has the target."""
    years: dict[str, list[int]] = {}
    for target, year in target_limits(case):
        years.setdefault(target, []).append(year)
    for target, own in years.items():
        if case.targets[target].metric is Metric.BUDGET:
            continue
        single = [y for y in own if y - 1 not in own and y + 1 not in own]
        if single and len(case.horizon) > 1:
            yield "single_years", target, spans(single), float(len(single)), "1"
