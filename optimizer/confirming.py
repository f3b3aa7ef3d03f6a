"""Answers that the recount confirms: what it refuses is solved again, nearer and in other ways."""

from collections.abc import Callable
from typing import TypeVar

from model.case.types import Case, Objective, Second
from model.pathway.pathway import Pathway
from model.pathway.recount import RecountError, verify
from optimizer.diagnosis import ImpossibleError, diagnose
from optimizer.guarding import SolverError
from optimizer.planning import SILENT, Solution, Watcher, compile_case, solve
from optimizer.ways import STRICTER, USUAL, Way

T = TypeVar("T")
_NEAR = 1e-6  # relative, as the recount's


def confirmed(attempt: Callable[[Way], T]) -> T:
    """What the first attempt gives that is confirmed: in the usual way, then in stricter ones.

    attempt: raises ``RecountError`` for what it does not confirm. Raises the last attempt's error
    where none is confirmed.
    """
    for way in (USUAL, *STRICTER[:-1]):
        try:
            return attempt(way)
        except (RecountError, SolverError):
            continue
    return attempt(STRICTER[-1])


def planned(
    case: Case,
    objective: Objective,
    second: Second,
    within: float,
    asked: bool,
    watcher: Watcher = SILENT,
) -> tuple[Pathway, Solution]:
    """The recounted pathway that needs at most (1 + within) times the least CCUS.

    asked: whether the second objective was asked for, however long it takes; watcher: hears how
    far it is. Each attempt builds the programme anew, so that nothing of a refused one is left.
    Raises ``ImpossibleError``, ``RecountError`` and ``SolverError``.
    """

    def attempt(way: Way) -> tuple[Pathway, Solution]:
        watcher.say("building")
        compiled = compile_case(case, objective)
        solution = solve(compiled, second, within, asked, way, watcher)
        if solution is None:
            raise ImpossibleError(case, diagnose(compiled))
        watcher.say("recounting")
        pathway = verify(case, solution.activities)
        confirm_least(pathway, objective, solution.least, solution.scale, within)
        return pathway, solution

    return confirmed(attempt)


def needed(pathway: Pathway, objective: Objective) -> float:
    """What a pathway needs of that which an objective makes least. [t CO2]"""
    years = {year: pathway.ccus(year) for year in pathway.case.horizon}
    return {
        Objective.CUMULATIVE: pathway.cumulative_ccus,
        Objective.FINAL: years[pathway.case.final_year],
        Objective.PEAK: max(years.values()),
    }[objective]


def confirm_least(
    pathway: Pathway, objective: Objective, least: float, scale: float, within: float = 0.0
) -> None:
    """Raises ``RecountError`` where a pathway does not need the least that HiGHS gave.

    within: how much more it may need, as a part of the least. [1]
    """
    found, rounding = needed(pathway, objective), _NEAR * max(least, scale * 1e3)
    if not least - rounding <= found <= least * (1 + within) + rounding:
        raise RecountError(
            f"the recount gives {found:.9g} t CO2 captured ({objective}), the programme {least:.9g}"
        )
