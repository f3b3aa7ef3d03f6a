"""Answers that the recount confirms: what it refuses is solved again, nearer and in other ways."""

from collections.abc import Callable
from typing import TypeVar

from model.case.types import Objective
from model.messages.message import Message, message
from model.pathway.pathway import Pathway
from model.pathway.recount import RecountError
from optimizer.planning.least_total import LeastTotal
from optimizer.solver.guard import SolverError
from optimizer.solver.ways import STRICTER, USUAL, Way

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


def needed(pathway: Pathway, objective: Objective) -> float:
    """What a pathway needs of that which an objective makes least. [t CO2]"""
    years = {year: pathway.ccus(year) for year in pathway.case.horizon}
    return {
        Objective.CUMULATIVE: pathway.cumulative_ccus,
        Objective.FINAL: years[pathway.case.final_year],
        Objective.PEAK: max(years.values()),
    }[objective]


def confirm_total(
    pathway: Pathway,
    objective: Objective,
    total: LeastTotal,
    scale: float,
    within: float = 0.0,
) -> None:
    """Raises ``RecountError`` where a pathway needs more, or less, in total than was proven.

    It may need ``within`` more than the least total, as a part of it [1]; and less only as far as
    its peak or final year lies above that which the least total holds for.
    """
    found, rounding = pathway.cumulative_ccus, _NEAR * max(total.least, scale * 1e3)
    above = max(needed(pathway, objective) - total.held, 0.0)
    if (
        not total.least - total.price * above - rounding
        <= found
        <= (total.least * (1 + within) + rounding)
    ):
        raise RecountError(
            message(
                "the recount gives {found:.9g} t CO2 captured in total, the programme {least:.9g}",
                found=found,
                least=total.least,
            )
        )


def confirm_least(
    pathway: Pathway, objective: Objective, least: float, scale: float, within: float = 0.0
) -> None:
    """Raises ``RecountError`` where a pathway does not need the least that HiGHS gave.

    within: how much more it may need, as a part of the least. [1]
    """
    found, rounding = needed(pathway, objective), _NEAR * max(least, scale * 1e3)
    if not least - rounding <= found <= least * (1 + within) + rounding:
        raise RecountError(
            message(
                "the recount gives {found:.9g} t CO2 captured ({objective}), the "
                "programme {least:.9g}",
                found=found,
                objective=Message(objective.value),
                least=least,
            )
        )
