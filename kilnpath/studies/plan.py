"""kilnpath as a library: plan and account a case, with results as pandas tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from kilnpath.language.headline import PLAN_LEVERS
from kilnpath.tables.cautions import cautions_frame
from kilnpath.tables.counterparts import misses_frame, with_counterparts
from kilnpath.tables.outcome import (
    ccus_frame,
    certainty_frame,
    criteria_frame,
    doubtful_frame,
    intensities_frame,
    names_frame,
    places_of,
    residual_frame,
    sources_frame,
    summary_frame,
    unlimited_frame,
    waterfall_frame,
    wedges_frame,
    worth_frame,
)
from kilnpath.tables.quantities import (
    bounds_frame,
    emissions_frame,
    levers_frame,
    pathway_frame,
    targets_frame,
)
from kilnpath.tables.shown import Found, Row, ShowsTables, pathway_rows
from model.case.columns import Grid
from model.case.types import Case, Objective, Second
from model.changes.changes import with_changes
from model.formulas.activity import Activity
from model.formulas.inventory import Inventory, inventories
from model.formulas.site_years import site_years
from model.levers.company_plan import frozen_activities, plan_activities, with_reported
from model.messages.faults import CaseError, Fault
from model.messages.message import Message, message
from model.pathway.pathway import Pathway, account_pathway
from optimizer.infeasible.diagnose import ImpossibleError
from optimizer.plan import planned
from optimizer.planning.at_plan import AtPlan
from optimizer.planning.shadow_prices import BoundWorth, bound_worths, shadow_prices
from optimizer.planning.solve import SILENT, Solution, Watcher

__all__ = ["AccountResult", "ImpossibleError", "PlanResult", "account", "plan"]

Scenario = Grid[Inventory]


@dataclass(frozen=True, repr=False)
class AccountResult(ShowsTables):
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


@dataclass(frozen=True, repr=False)
class PathwayResult(ShowsTables):
    """A pathway that the recount confirmed, and the company's own accounts, as tables."""

    pathway: Pathway
    company: AccountResult | None

    @property
    def case(self) -> Case:
        return self.pathway.case

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The files of a result folder, as ``kilnpath.result.schema`` describes them.

        Scenarios of levers and emissions: ``pathway``, and where the case has a plan ``reported``
        (up to the inventory year), ``plan`` (after it) and ``baseline``. What only the solver's
        multipliers tell (prices, the least) stands in those of ``plan`` alone.
        """
        return {**self._accounts(), **self._outcome()}

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
            "bounds": self._bounds(),
        }

    def _outcome(self) -> dict[str, pd.DataFrame]:
        case, pathway = self.case, self.pathway
        plan = self.company.plan if self.company else None
        ccus = {"pathway": pathway} | ({"plan": plan} if plan is not None else {})
        activities = with_reported(case, pathway.activities)
        residual = residual_frame(case, activities, case.final_year)
        start = activities.years.start
        criteria = criteria_frame(case)
        return {
            **self._summary(residual, criteria),
            "ccus": ccus_frame(ccus),
            "criteria": criteria,
            **self._worth(),
            "wedges": wedges_frame(pathway, plan),
            "waterfall": waterfall_frame(case, activities, start, case.final_year, places_of(case)),
            "residual": residual,
            "unlimited": unlimited_frame(pathway),
            "plan_misses": misses_frame(self._missed()),
            "cautions": cautions_frame(pathway, plan, *self._hanging()),
            **self._doubts(),
            "sources": sources_frame(case),
            "certainty": certainty_frame(case),
            "names": names_frame(case),
        }

    def _doubts(self) -> dict[str, pd.DataFrame]:
        """What is doubtful in the case, where anything is."""
        found = doubtful_frame(self.case)
        return {} if found.empty else {"doubtful": found}

    @property
    def _plan(self) -> Pathway | None:
        return self.company.plan if self.company else None

    def title(self) -> Message:
        return message("pathway of {case}", case=self.case.id)

    def rows(self) -> Iterator[Row]:
        return pathway_rows(self.pathway, self._plan, None)

    def brief(self) -> str:
        return f"{self.case.id}: CCUS {self.pathway.cumulative_ccus:,.0f} t CO2"

    def _bounds(self) -> pd.DataFrame:
        return bounds_frame(self.pathway, {}).drop(columns="shadow_price")

    def _summary(self, residual: pd.DataFrame, criteria: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """The answer in few numbers, where the least is known."""
        return {}

    def _worth(self) -> dict[str, pd.DataFrame]:
        """What bounds are worth, where their prices are known."""
        return {}

    def _missed(self) -> dict[str, Mapping[str, list[int]]]:
        """What the company's plan violates as it is, and whatever is captured."""
        plan = self.company.plan if self.company else None
        return {} if plan is None else {"plan": plan.misses}

    def _hanging(self) -> tuple[float, Mapping[str, float]]:
        """The least CCUS, and without one of the targets, where they are known. [t CO2]"""
        return 0.0, {}


@dataclass(frozen=True, repr=False)
class PlanResult(PathwayResult):
    """A pathway that the recount confirmed, how it was found, and the company's own accounts.

    within: the part of the least CCUS that the pathway may need beyond it [1]; at_plan: the
    company's plan with capture optimised, where the plan reaches the last year; without: the least
    CCUS without one of the targets, by its id [t CO2]; ranges: of
    ``kilnpath.studies.bounds.ranges``, where they were asked for; assumptions: tables of
    ``kilnpath.studies.assumptions``, empty where they were not.
    """

    solution: Solution
    objective: Objective
    within: float
    changes: tuple[str, ...]
    at_plan: AtPlan | None = None
    without: Mapping[str, float] = field(default_factory=dict)
    ranges: pd.DataFrame | None = None
    assumptions: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def second(self) -> Second:
        """How the pathway was chosen among those that need hardly more."""
        return self.solution.then

    @cached_property
    def prices(self) -> dict[tuple[str, int], float]:
        """Shadow price of each bound and year. [t CO2 per unit of the limit, inside units]"""
        return shadow_prices(self.pathway, self.solution.duals, self.solution.scale)

    @cached_property
    def worths(self) -> list[BoundWorth]:
        """The bounds that hold the pathway back, the largest worth first."""
        return bound_worths(self.pathway, self.prices)

    def rows(self) -> Iterator[Row]:
        held = [worth.bound.id for worth in self.worths]
        found = Found(self.objective, self.solution.least, held, self.changes)
        return pathway_rows(self.pathway, self._plan, found)

    def brief(self) -> str:
        least = f"least CCUS {self.solution.least:,.0f} t CO2 ({self.objective})"
        return "; ".join([f"{self.case.id}: {least}", *self.changes])

    def _bounds(self) -> pd.DataFrame:
        return bounds_frame(self.pathway, self.prices)

    def _outcome(self) -> dict[str, pd.DataFrame]:
        ranges = {} if self.ranges is None else {"ranges": self.ranges}
        return {**super()._outcome(), **ranges, **self.assumptions}

    def _summary(self, residual: pd.DataFrame, criteria: pd.DataFrame) -> dict[str, pd.DataFrame]:
        plan = self.company.plan if self.company else None
        known = self.company.scenarios if self.company else {}
        least, total = (self.objective, self.solution.least), self.solution.total
        least_total = None if total is None else total.least
        table = summary_frame(self.pathway, plan, known, residual, least, least_total)
        levers = None if self.at_plan is None else self.at_plan.least
        beside = (least, levers, criteria["verdict"], self.worths)
        return {"summary": with_counterparts(table, self.pathway, plan, *beside)}

    def _worth(self) -> dict[str, pd.DataFrame]:
        return {"worth": worth_frame(self.worths)}

    def _missed(self) -> dict[str, Mapping[str, list[int]]]:
        at_plan = {} if self.at_plan is None else {PLAN_LEVERS: self.at_plan.missed}
        return {**super()._missed(), **at_plan}

    def _hanging(self) -> tuple[float, Mapping[str, float]]:
        return self.solution.least, self.without


def plan(
    case: Case,
    objective: Objective | str | None = None,
    then: Second | str | None = None,
    changes: Iterable[str] = (),
    within: float | None = None,
    watcher: Watcher = SILENT,
) -> PlanResult:
    """The least CCUS, proven, and a steady pathway that needs hardly more.

    objective: ``cumulative``, ``final`` or ``peak``; then: ``steady``, ``plan`` or ``none``;
    within: how much more CCUS than the least the pathway may need, as a part of it [1]; all three
    as the case says where not given, but in a very large group a second objective is left out
    unless one of the latter is given. changes: ``ID=VALUE`` texts, applied to the case first;
    watcher: hears how far it is.
    Raises ``CaseError`` for changes that do not fit, ``ImpossibleError`` where no pathway keeps
    every bound and target, ``RecountError`` where the answer does not recount.
    """
    changes = tuple(changes)
    case = with_changes(case, changes)
    room = case.within if within is None else within
    if not 0 <= room <= 1:
        what = message("is {value}; it must lie between 0 and 1", value=room)
        raise CaseError(case.id, [Fault("within", what)])
    first = Objective(objective or case.objective)
    second = Second(then or case.second)
    if second is Second.PLAN and not case.plan_reaches_horizon:
        what = message("'then plan' needs a plan that reaches {year}", year=case.final_year)
        raise CaseError(case.id, [Fault("plan.csv", what)])
    asked = then is not None or within is not None
    found = planned(case, first, second, room, asked, watcher)
    return PlanResult(
        pathway=found.pathway,
        company=company_of(case),
        solution=found.solution,
        objective=first,
        within=room,
        changes=changes,
        at_plan=found.at_plan,
        without=found.without,
    )


def company_of(case: Case) -> AccountResult | None:
    """The company's own accounts, where the case has its plan."""
    return account(case) if case.company_plan else None


def account(case: Case) -> AccountResult:
    """The accounts of the company's plan and of the frozen baseline, without optimisation.

    Raises ``CaseError`` where the case has no plan.
    """
    if not case.company_plan:
        what = message("is missing; the accounts are of the levers that it holds")
        raise CaseError(case.id, [Fault("plan.csv", what)])
    planned = plan_activities(case)
    baseline, frozen_known = frozen_activities(case)
    scenarios = {
        "plan": inventories(planned, site_years(case)),
        "baseline": inventories(baseline, frozen_known),
    }
    checked = account_pathway(case, planned) if case.plan_reaches_horizon else None
    return AccountResult(case, checked, scenarios, {"plan": planned, "baseline": baseline})
