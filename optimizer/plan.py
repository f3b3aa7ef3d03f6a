"""Plans a case: the recounted pathway, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from model.case.types import Case, Objective, Second
from model.messages.message import mark
from model.pathway.pathway import Pathway
from model.pathway.recount import recount
from optimizer.infeasible.diagnose import ImpossibleError, diagnose
from optimizer.planning.at_plan import AtPlan, capture_at_plan
from optimizer.planning.confirm import confirm_least, confirm_total, confirmed
from optimizer.planning.solve import (
    SILENT,
    Compiled,
    Solution,
    Watcher,
    compile_case,
    solve,
)
from optimizer.planning.without_target import least_without
from optimizer.solver.ways import Way


@dataclass(frozen=True, slots=True)
class Planned:
    """A recounted pathway, how it was found, and what it stands beside.

    at_plan: the company's plan with capture optimised, where the plan reaches the last year;
    without: the least CCUS without one of the targets that bind, by its id. [t CO2]
    """

    pathway: Pathway
    solution: Solution
    at_plan: AtPlan | None
    without: Mapping[str, float]


def planned(
    case: Case,
    objective: Objective,
    second: Second,
    within: float,
    asked: bool,
    watcher: Watcher = SILENT,
) -> Planned:
    """The recounted pathway that needs at most (1 + within) times the least CCUS.

    With a least peak or final year, it also needs at most that part of the least total more.

    asked: whether the second objective was asked for, however long it takes; watcher: hears how
    far it is. Each attempt builds the programme anew, so that nothing of a refused one is left.
    Raises ``ImpossibleError``, ``RecountError`` and ``SolverError``.
    """

    def attempt(way: Way) -> tuple[Pathway, Solution, Compiled]:
        watcher.say(mark("building"))
        compiled = compile_case(case, objective)
        solution = solve(compiled, second, within, asked, way, watcher)
        if solution is None:
            raise ImpossibleError(case, diagnose(compiled))
        watcher.say(mark("recounting"))
        pathway = recount(case, solution.activities)
        confirm_least(pathway, objective, solution.least, solution.scale, within)
        if solution.total is not None:
            confirm_total(pathway, objective, solution.total, solution.scale, within)
        return pathway, solution, compiled

    pathway, solution, compiled = confirmed(attempt)
    watcher.say(mark("the plan's levers"))
    beside = None
    if case.plan_reaches_horizon:
        beside = confirmed(lambda way: capture_at_plan(compiled, objective, way))
    return Planned(pathway, solution, beside, least_without(compiled, solution))
