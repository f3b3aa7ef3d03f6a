"""The programme: the least-CCUS pathway of a case as a linear programme in Pyomo."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pyomo.environ as pyo

from model.activity import Activity, SiteYear
from model.case import Case, Objective
from model.faults import CaseError, Fault
from model.plan import plan_activities
from model.site_years import Key, site_years
from model.targets import target_limits
from optimizer.balances import add_balances
from optimizer.decisions import declare_decisions
from optimizer.emission_rows import add_emissions
from optimizer.limit_rows import add_bounds, add_targets
from optimizer.scaling import scale_of, scaled_activity, scaled_known


@dataclass(frozen=True, slots=True)
class Programme:
    """m: the Pyomo object, with every amount divided by ``scale``.

    known: the known numbers, scaled; activities: the decisions of each site and year; planned: the
    company's own plan, scaled, as far as the case has it.
    """

    m: pyo.ConcreteModel
    case: Case
    scale: float
    known: dict[Key, SiteYear]
    activities: dict[Key, Activity[Any]]
    planned: dict[Key, Activity[float]]

    def at(self, site: str, year: int) -> tuple[Activity[Any], SiteYear]:
        """The decisions of a year of the horizon, the plan's quantities of a year before it."""
        chosen = self.activities if year in self.case.horizon else self.planned
        return chosen[site, year], self.known[site, year]


def build(case: Case, objective: Objective, scale: float | None = None) -> Programme:
    """The programme of a case with its first objective: least CCUS.

    scale: of another programme, with whose numbers these are compared; the case's own where none.
    Raises ``CaseError`` for numbers that are not finite.
    """
    unscaled = site_years(case)
    _refuse_what_is_not_finite(case, unscaled)
    scale = scale_of(unscaled) if scale is None else scale
    known = {key: scaled_known(k, scale) for key, k in unscaled.items()}
    planned = {key: scaled_activity(a, 1 / scale) for key, a in plan_activities(case).items()}
    m = pyo.ConcreteModel(name=case.id)
    activities = declare_decisions(m, case, known)
    programme = Programme(m, case, scale, known, activities, planned)
    add_balances(m, activities, known, case.accounting.captured_biogenic_counts)
    add_emissions(m, case, activities, known)
    add_bounds(m, case, programme.at, scale)
    add_targets(m, case, programme.at, target_limits(case), scale)
    _add_objective(m, case, objective)
    return programme


def _refuse_what_is_not_finite(case: Case, known: Mapping[Key, SiteYear]) -> None:
    """The tables hold no such number, but a case may be made without them. Raises ``CaseError``."""
    names = [one.name for one in fields(SiteYear) if one.type in (float, "float")]
    faults = [
        Fault(f"{name} of '{site}' in {year}", f"is {getattr(k, name)}; a number must be finite")
        for (site, year), k in known.items()
        for name in names
        if not math.isfinite(getattr(k, name))
    ]
    if faults:
        raise CaseError(case.id, faults)


def _add_objective(m: pyo.ConcreteModel, case: Case, objective: Objective) -> None:
    """Least CCUS: over the horizon, in the final year, or in the year with the most."""
    if objective is Objective.CUMULATIVE:
        m.least_ccus = pyo.Objective(expr=sum(m.ccus[y] for y in m.YEARS))
    elif objective is Objective.FINAL:
        m.least_ccus = pyo.Objective(expr=m.ccus[case.final_year])
    else:
        m.peak = pyo.Var()

        @m.Constraint(m.YEARS)
        def peak_account(m: Any, y: int) -> Any:
            """ccus ≤ peak"""
            return m.ccus[y] - m.peak <= 0

        m.least_ccus = pyo.Objective(expr=m.peak + 0.0)
