"""Answers that the recount confirms: what it refuses is solved again, nearer and in other ways."""

from collections.abc import Callable
from typing import TypeVar

from model.case import Case, Objective, Second
from model.pathway import Pathway
from model.recount import RecountError, verify
from optimizer.diagnosis import ImpossibleError, diagnose
from optimizer.highs import STRICTER, USUAL, SolverError, Way
from optimizer.planning import Solution, compile_case, solve

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
    case: Case, objective: Objective, second: Second, say: Callable[[str], None] | None = None
) -> tuple[Pathway, Solution]:
    """The recounted pathway with the least CCUS; say: is told the stage that begins.

    Each attempt builds the programme anew, so that nothing of a refused one is left. Raises
    ``ImpossibleError``, ``RecountError`` and ``SolverError``.
    """

    tell = say or (lambda stage: None)

    def attempt(way: Way) -> tuple[Pathway, Solution]:
        tell("building")
        compiled = compile_case(case, objective)
        tell("solving")
        solution = solve(compiled, second, way)
        if solution is None:
            raise ImpossibleError(case, diagnose(compiled))
        tell("recounting")
        pathway = verify(case, solution.activities)
        confirm_least(pathway, objective, solution.least, solution.scale)
        return pathway, solution

    return confirmed(attempt)


def confirm_least(pathway: Pathway, objective: Objective, least: float, scale: float) -> None:
    """Raises ``RecountError`` where the pathway's own CCUS is not the least that HiGHS gave."""
    years = {year: pathway.ccus(year) for year in pathway.case.horizon}
    found = {
        Objective.CUMULATIVE: pathway.cumulative_ccus,
        Objective.FINAL: years[pathway.case.final_year],
        Objective.PEAK: max(years.values()),
    }[objective]
    if not abs(found - least) <= _NEAR * max(least, scale * 1e3):
        raise RecountError(
            f"the recount gives {found:.9g} t CO2 captured ({objective}), the programme {least:.9g}"
        )
