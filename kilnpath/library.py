"""kilnpath as a library: plan and account a case, with results as pandas tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kilnpath.frames import (
    bounds_frame,
    emissions_frame,
    levers_frame,
    pathway_frame,
    targets_frame,
)
from kilnpath.outcome_frames import (
    ccus_frame,
    certainty_frame,
    criteria_frame,
    intensities_frame,
    misses_frame,
    names_frame,
    residual_frame,
    sources_frame,
    summary_frame,
    unlimited_frame,
    waterfall_frame,
    wedges_frame,
    worth_frame,
)
from model.accounts import Inventory, inventories
from model.activity import Activity
from model.case import Case, Objective, Second
from model.changes import with_changes
from model.columns import Grid
from model.faults import CaseError, Fault
from model.pathway import Pathway, account_pathway
from model.plan import frozen_activities, plan_activities, with_reported
from model.site_years import site_years
from optimizer.confirming import planned
from optimizer.diagnosis import ImpossibleError
from optimizer.planning import Solution
from optimizer.prices import BoundWorth, bound_worths, shadow_prices

__all__ = ["AccountResult", "ImpossibleError", "PlanResult", "account", "plan"]

Scenario = Grid[Inventory]


@dataclass(frozen=True)
class AccountResult:
    """The accounts of the company's plan and of the frozen baseline.

    plan: checked against bounds and targets over the horizon, ``None`` where plan.csv ends with
    the inventory. scenarios: ``plan`` and ``baseline``, (site, year) -> inventory.
    """

    case: Case
    plan: Pathway | None
    scenarios: Mapping[str, Scenario]
    activities: Mapping[str, Grid[Activity[float]]]

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """emissions and levers, and where the plan reaches the horizon targets and bounds."""
        tables = {
            "emissions": emissions_frame(self.case, self.scenarios),
            "levers": levers_frame(self.case, {"plan": self.activities["plan"]}),
        }
        if self.plan is not None:
            tables["targets"] = targets_frame(self.plan)
            tables["bounds"] = bounds_frame(self.plan, {}).drop(columns="shadow_price")
        return tables


@dataclass(frozen=True)
class PlanResult:
    """A pathway that the recount confirmed, how it was found, and the company's own accounts.

    ranges: of ``kilnpath.policy.ranges``, where they were asked for.
    """

    pathway: Pathway
    solution: Solution
    objective: Objective
    second: Second
    changes: tuple[str, ...]
    company: AccountResult | None
    ranges: pd.DataFrame | None = None

    @property
    def case(self) -> Case:
        return self.pathway.case

    @cached_property
    def prices(self) -> dict[tuple[str, int], float]:
        """Shadow price of each bound and year. [t CO2 per unit of the limit, inside units]"""
        return shadow_prices(self.pathway, self.solution.duals, self.solution.scale)

    @cached_property
    def worths(self) -> list[BoundWorth]:
        """The bounds that hold the pathway back, the largest worth first."""
        return bound_worths(self.pathway, self.prices)

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The files of a result folder, as ``kilnpath.result_schema`` describes them.

        Scenarios of levers and emissions: ``pathway``, and where the case has a plan ``reported``
        (up to the inventory year), ``plan`` (after it) and ``baseline``.
        """
        ranges = {} if self.ranges is None else {"ranges": self.ranges}
        return {**self._accounts(), **self._outcome(), **ranges}

    def _accounts(self) -> dict[str, pd.DataFrame]:
        levers: dict[str, Grid[Activity[float]]] = {"pathway": self.pathway.activities}
        emissions: dict[str, Scenario] = {"pathway": self.pathway.accounts}
        if self.company is not None:
            planned, accounts = self.company.activities["plan"], self.company.scenarios["plan"]
            levers["reported"] = planned.within(self.case.reported)
            emissions["reported"] = accounts.within(self.case.reported)
            if self.company.plan is not None:
                levers["plan"] = planned.within(self.case.horizon)
                emissions["plan"] = accounts.within(self.case.horizon)
            emissions["baseline"] = self.company.scenarios["baseline"]
        return {
            "pathway": pathway_frame(self.pathway),
            "levers": levers_frame(self.case, levers),
            "emissions": emissions_frame(self.case, emissions),
            "intensities": intensities_frame(self.case, emissions),
            "targets": targets_frame(self.pathway),
            "bounds": bounds_frame(self.pathway, self.prices),
        }

    def _outcome(self) -> dict[str, pd.DataFrame]:
        case, pathway = self.case, self.pathway
        plan = self.company.plan if self.company else None
        known = self.company.scenarios if self.company else {}
        ccus = {"pathway": pathway} | ({"plan": plan} if plan is not None else {})
        activities = with_reported(case, pathway.activities)
        residual = residual_frame(case, activities, case.final_year)
        start = activities.years.start
        return {
            "summary": summary_frame(pathway, plan, known, residual, self.objective),
            "ccus": ccus_frame(ccus),
            "criteria": criteria_frame(case),
            "worth": worth_frame(self.worths),
            "wedges": wedges_frame(pathway, plan),
            "waterfall": waterfall_frame(case, activities, start, case.final_year),
            "residual": residual,
            "unlimited": unlimited_frame(pathway),
            "plan_misses": misses_frame(plan),
            "sources": sources_frame(case),
            "certainty": certainty_frame(case),
            "names": names_frame(case),
        }


def plan(
    case: Case,
    objective: Objective | str | None = None,
    then: Second | str | None = None,
    changes: Iterable[str] = (),
    say: Callable[[str], None] | None = None,
) -> PlanResult:
    """The pathway that needs the least CCUS.

    objective: ``cumulative``, ``final`` or ``peak``; then: ``steady`` or ``plan``; both as the case
    says where not given. changes: ``ID=VALUE`` texts, applied to the case first; say: is told the
    stage that begins.
    Raises ``CaseError`` for changes that do not fit, ``ImpossibleError`` where no pathway keeps
    every bound and target, ``RecountError`` where the answer does not recount.
    """
    changes = tuple(changes)
    case = with_changes(case, changes)
    first = Objective(objective or case.objective)
    second = Second(then or case.second)
    if second is Second.PLAN and not case.plan_reaches_horizon:
        fault = Fault("plan.csv", f"'then plan' needs a plan that reaches {case.final_year}")
        raise CaseError(case.id, [fault])
    pathway, solution = planned(case, first, second, say)
    company = account(case) if case.plan else None
    return PlanResult(pathway, solution, first, second, changes, company)


def account(case: Case) -> AccountResult:
    """The accounts of the company's plan and of the frozen baseline, without optimisation.

    Raises ``CaseError`` where the case has no plan.
    """
    if not case.plan:
        fault = Fault("plan.csv", "is missing; the accounts are of the levers that it holds")
        raise CaseError(case.id, [fault])
    planned = plan_activities(case)
    baseline, frozen_known = frozen_activities(case)
    scenarios = {
        "plan": inventories(planned, site_years(case)),
        "baseline": inventories(baseline, frozen_known),
    }
    checked = account_pathway(case, planned) if case.plan_reaches_horizon else None
    return AccountResult(case, checked, scenarios, {"plan": planned, "baseline": baseline})
