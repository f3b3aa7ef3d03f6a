"""The least CCUS in total, among the pathways with the least peak or the least final year.

The programme gets one row, ``held``: the first objective is at most its least; and another
objective, CCUS over the horizon. The first optimum keeps that row, so a solve goes on from it.
"""

from dataclasses import dataclass, replace

import numpy as np

from model.messages.message import message
from model.pathway.recount import RecountError
from optimizer.programme.build import Programme
from optimizer.programme.multipliers import Name, named
from optimizer.solver.guard import SolverError
from optimizer.solver.highs import Highs, Optimum
from optimizer.solver.weak_duality import Proof, proven_least
from optimizer.steady.linear_programme import LinearProgramme, with_row
from optimizer.steady.second_pathway import ROOMS

HELD = "held"  # the row of the first objective
PROVEN = 1e-7  # relative gap up to which a least counts as proved


@dataclass(frozen=True, slots=True)
class LeastTotal:
    """The least CCUS in total of the pathways whose first objective is at most ``held``.

    least, held: [t CO2]; held: the least of the first objective, with room for rounding;
    multipliers: of all rows and of ``held``, by which the least is proven.
    """

    least: float
    held: float
    multipliers: dict[Name, float]

    @property
    def price(self) -> float:
        """By how much less is needed in total where the first objective may be higher by 1. [1]"""
        return max(-self.multipliers.get((HELD,), 0.0), 0.0)


def of_total(given: LinearProgramme, programme: Programme, held: float) -> LinearProgramme:
    """The programme with CCUS over the horizon as its objective.

    Its last row holds what was the objective at ``held``, scaled.
    """
    costs = np.zeros(len(given.costs))
    costs[programme.ccus] = 1.0
    return with_row(replace(given, costs=costs), given.costs, held, HELD)


def least_total(
    highs: Highs, given: LinearProgramme, programme: Programme, first: Optimum
) -> tuple[Optimum, LeastTotal]:
    """The optimum of the second objective, and what it proves.

    highs: with the first optimum just found, from which it goes on; it keeps the row and the second
    objective. Raises ``SolverError`` where HiGHS does not find the first optimum again,
    ``RecountError`` where multipliers do not prove the second.
    """
    rooms = ROOMS if highs.has_basis else ROOMS[-1:]  # with less room there is no interior
    highs.use_primal_simplex()
    row = highs.add_row(given.costs, np.inf)
    highs.set_costs(of_total(given, programme, 0.0).costs)
    for room in rooms:
        held = first.objective + room * max(1.0, abs(first.objective))
        highs.set_row(row, -np.inf, held)
        found = highs.solve()
        if found is not None:
            break
    else:
        raise SolverError(
            message("HiGHS does not find the least-CCUS pathway again in the second solve")
        )
    if highs.has_basis:
        found = highs.sharpened(found)
    scale = programme.scale
    proof = confirmed_proof(of_total(given, programme, held), found, scale)
    names = (*given.rows.names, (HELD, None))
    multipliers = named(programme, names, proof.multipliers)
    return found, LeastTotal(found.objective * scale, held * scale, multipliers)


def confirmed_proof(given: LinearProgramme, found: Optimum, scale: float) -> Proof:
    """The multipliers that prove that no pathway needs less than an optimum.

    Raises ``RecountError`` where they do not.
    """
    proof = proven_least(given.rows, given.lower, given.upper, given.costs, found.duals)
    if not abs(found.objective - proof.least) <= PROVEN * max(abs(found.objective), 1e3):
        raise RecountError(
            message(
                "HiGHS gives {found:.9g} t CO2 as the least CCUS; its multipliers prove "
                "{proven:.9g}",
                found=found.objective * scale,
                proven=proof.least * scale,
            )
        )
    return proof
