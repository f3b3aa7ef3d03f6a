"""The least CCUS in total, among the pathways with the least peak or the least final year.

The programme gets one row, ``held``: the first objective is at most its least; and another
objective, CCUS over the horizon. The first vertex keeps that row, so the simplex method goes on
from it. Where the first optimum is no vertex, the row is dualised: the first objective has a price.
"""

from dataclasses import dataclass, replace

import numpy as np

from model.messages.message import message
from model.pathway.recount import RecountError
from optimizer.programme.build import Programme
from optimizer.programme.multipliers import Name, named
from optimizer.programme.rows import Floats
from optimizer.solver.guard import SolverError
from optimizer.solver.highs import Highs, Optimum
from optimizer.solver.weak_duality import Proof, proven_least
from optimizer.steady.linear_programme import LinearProgramme, with_row
from optimizer.steady.second_pathway import ROOMS

HELD = "held"  # the row of the first objective
_PRICES, _DEARER = 5, 8.0  # of the first objective: how many are tried, and each by how much higher
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

    highs: with the first optimum just found, from which it goes on; it keeps another objective, and
    where there is a vertex the row. Raises ``SolverError`` where HiGHS does not find the first
    optimum again, ``RecountError`` where multipliers do not prove the second.
    """
    totals = of_total(given, programme, 0.0).costs
    solve = _within_row if highs.has_basis else _at_a_price
    found, held = solve(highs, given, totals, first)
    scale = programme.scale
    proof = confirmed_proof(of_total(given, programme, held), found, scale)
    names = (*given.rows.names, (HELD, None))
    multipliers = named(programme, names, proof.multipliers)
    return found, LeastTotal(found.objective * scale, held * scale, multipliers)


def _within_row(
    highs: Highs, given: LinearProgramme, totals: Floats, first: Optimum
) -> tuple[Optimum, float]:
    """The least total within the row, from the first vertex on; and what the row held."""
    highs.use_primal_simplex()
    row = highs.add_row(given.costs, np.inf)
    highs.set_costs(totals)
    for room in ROOMS:
        held = first.objective + room * max(1.0, abs(first.objective))
        highs.set_row(row, -np.inf, held)
        found = highs.solve()
        if found is not None:
            return (highs.sharpened(found) if highs.has_basis else found), held
    raise not_again()


def _at_a_price(
    highs: Highs, given: LinearProgramme, totals: Floats, first: Optimum
) -> tuple[Optimum, float]:
    """The same without a vertex: no row, for it would leave an interior point method no interior.

    The first objective has a price instead, high enough that none of it is given up: total + price
    · first is least. From its multipliers and ``−price`` for the row follows the least total.
    """
    price = float(totals @ first.values) / max(first.objective, 1.0)
    most = first.objective + ROOMS[-1] * max(1.0, abs(first.objective))
    for _ in range(_PRICES):
        highs.set_costs(totals + price * given.costs)
        found = highs.solve()
        if found is None:
            break
        reached = float(given.costs @ found.values)
        if reached <= most:
            total, duals = float(totals @ found.values), np.append(found.duals, -price)
            return Optimum(found.values, duals, total), max(reached, first.objective)
        price *= _DEARER
    raise not_again()


def not_again() -> SolverError:
    """What is raised where HiGHS does not find an optimum that it has found."""
    return SolverError(
        message("HiGHS does not find the least-CCUS pathway again in the second solve")
    )


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
