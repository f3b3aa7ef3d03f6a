"""What stands beside a least CCUS, so that no favourable number stands alone.

The company's plan with capture optimised, which is the like-for-like comparison; and of pathway and
plan alike the largest rise of CCUS in a year, what is emitted over the horizon, and what is kept.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from kilnpath.language.headline import PLAN_LEVERS
from kilnpath.language.wording import spans
from kilnpath.tables.outcome import horizon_of, years_of
from model.case.types import Case, Confidence, Objective, Scope, Status
from model.formulas.inventory import consolidated_years
from model.formulas.site_years import shares
from model.levers.company_plan import plan_activities
from model.pathway.pathway import Pathway
from optimizer.planning.shadow_prices import BoundWorth

Row = tuple[str, str, str, float, str]


def with_counterparts(
    summary: pd.DataFrame,
    pathway: Pathway,
    plan: Pathway | None,
    least: tuple[Objective, float],
    at_plan: float | None,
    verdicts: pd.Series,
    worths: Iterable[BoundWorth],
) -> pd.DataFrame:
    """The table ``summary`` with what stands beside the least, after the rows on CCUS.

    at_plan: the least CCUS with the plan's levers, by the objective; ``None`` where there is none;
    verdicts: of the criteria that the case's targets are held against; worths: of all bounds that
    hold the pathway back.
    """
    case, objective = pathway.case, least[0]
    rows = list(_like_for_like(case, objective, least[1], at_plan))
    for scenario, one in (("pathway", pathway), ("plan", plan)):
        rows += [] if one is None else _both(one, scenario)
    rows.append(("criteria_failed", "", "", float((verdicts == "failed").sum()), "1"))
    rows += _rests_on(worths)
    found = pd.DataFrame(rows, columns=summary.columns)
    at = int(summary.index[summary["quantity"].str.startswith("ccus")].max()) + 1
    return pd.concat([summary[:at], found, summary[at:]], ignore_index=True)


def _like_for_like(
    case: Case, objective: Objective, least: float, at_plan: float | None
) -> Iterator[Row]:
    """The least with the plan's levers, and how much less the pathway's levers need."""
    if at_plan is None:
        return
    years = years_of(case, objective)
    yield "least_ccus", PLAN_LEVERS, years, at_plan, "t CO2"
    yield "ccus_less_by_levers", "pathway", years, at_plan - least, "t CO2"
    if at_plan:
        yield "ccus_less_by_levers_share", "pathway", years, 1 - least / at_plan, "1"


def _rests_on(worths: Iterable[BoundWorth]) -> Iterator[Row]:
    """How much of what wider bounds would save is of bounds that are assumed, or unsure."""
    chosen = list(worths)
    total = sum(one.saved for one in chosen)
    if total > 0:
        assumed = sum(w.saved for w in chosen if w.bound.status is Status.ASSUMED)
        low = sum(w.saved for w in chosen if w.bound.confidence is Confidence.LOW)
        yield "worth_assumed_share", "", "", assumed / total, "1"
        yield "worth_low_confidence_share", "", "", low / total, "1"


def _both(pathway: Pathway, scenario: str) -> Iterator[Row]:
    """What is told of pathway and plan alike, besides CCUS itself."""
    case = pathway.case
    rises = yearly_rises(pathway)
    year = max(rises, key=rises.__getitem__, default=None)
    if year is not None and rises[year] > 0:
        yield "ccus_rise", scenario, str(year), rises[year], "t CO2"
    yield "scope12_total", scenario, horizon_of(case), emitted(pathway), "t CO2e"
    missed = sum(name in case.targets for name in pathway.misses)
    yield "targets_kept", scenario, "", float(len(case.targets) - missed), "1"
    broken = sum(name in case.bounds for name in pathway.misses)
    yield "bounds_broken", scenario, "", float(broken), "1"


def emitted(pathway: Pathway) -> float:
    """Scope 1 and 2 over the horizon, after capture that counts, consolidated. [t CO2e]"""
    case, accounts = pathway.case, pathway.accounts.within(pathway.case.horizon)
    years = consolidated_years(case, case.sites, accounts).scope(Scope.BOTH)
    return float(np.sum(years))


def yearly_rises(pathway: Pathway) -> dict[int, float]:
    """By how much CCUS is higher than the year before. [t CO2]

    Into the first year only where the company reports what it captured before it.
    """
    case = pathway.case
    levels = {year: pathway.ccus(year) for year in case.horizon}
    if case.company_plan:
        levels[case.inventory_year] = _reported(case)
    return {year: levels[year] - levels[year - 1] for year in case.horizon if year - 1 in levels}


def _reported(case: Case) -> float:
    """CO2 captured in the last year of the inventory, consolidated. [t CO2]"""
    last = range(case.inventory_year, case.inventory_year + 1)
    a = plan_activities(case).within(last)
    sums = (a.columns.captured_storage + a.columns.captured_use)[:, 0]  # type: ignore[index]
    return float(shares(case, last)[:, 0] @ sums)


def misses_frame(missed: Mapping[str, Mapping[str, list[int]]]) -> pd.DataFrame:
    """What the company's plan violates, by scenario: as it is, and whatever is captured."""
    rows = [
        (scenario, name, spans(years))
        for scenario, found in missed.items()
        for name, years in found.items()
    ]
    return pd.DataFrame(rows, columns=["scenario", "id", "years"])
