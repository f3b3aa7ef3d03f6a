"""Solves the draws of a sweep, warm on one compiled programme for as long as series stay.

A chunk of draws is solved from the same start wherever and whenever it is solved, so that its
outcomes do not depend on the worker, on the chunks before it or on an interruption.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from model.case import Objective
from model.recount import RecountError, verify
from model.sweep import Sweep, swept_case, swept_series
from optimizer.compiling import Floats, column_bounds
from optimizer.highs import Highs, SolverError
from optimizer.planning import activities_of
from optimizer.reoptimizing import Reoptimizer

OPTIMAL, IMPOSSIBLE, FAILED = "optimal", "impossible", "failed"
_NEAR = 1e-6  # a miss, relative to the largest yearly amount, that a solve from afresh confirms


@dataclass(frozen=True, slots=True)
class Outcome:
    """One draw: the least CCUS [t CO2], or NaN and the least miss of the targets [t CO2e].

    status: ``optimal``; ``impossible``; or ``failed``, where HiGHS found neither an optimum nor a
    proof. shortfall: 0 where there is a pathway, infinite where the bounds contradict each other
    whatever the targets, NaN where failed.
    """

    draw: int
    status: str
    least: float
    shortfall: float


class Evaluator:
    """Solves chunks of draws of one sweep, in any order."""

    def __init__(self, objective: Objective, sweep: Sweep) -> None:
        self.objective = objective
        self.sweep = sweep
        first = Reoptimizer(sweep.case, objective)
        first.solve()
        self._start: Any = first.compiled.highs.solver.getBasis()
        self._part: tuple[float, ...] | None = None
        self._model = first
        self._missing: Reoptimizer | None = None
        self._moved: dict[int, float] = {}
        self._moved_missing: dict[int, float] = {}
        if not sweep.moves_series:
            self._part = ()

    def solve_chunk(self, draws: Sequence[int], points: Floats) -> list[Outcome]:
        """The outcomes of draws that are solved together; points: their numbers, a row each.

        The first pathway found is recounted by plain arithmetic, from the case of its draw.
        Raises ``RecountError``.
        """
        self.sweep = replace(self.sweep, points=points)
        self._load()
        outcomes, recounted = [], False
        for row, draw in enumerate(draws):
            self._choose(row)
            try:
                least = self._solve(row)
            except SolverError:
                outcomes.append(Outcome(int(draw), FAILED, np.nan, np.nan))
                self._load()
                continue
            if least is None:
                outcomes.append(self._impossible(row, int(draw)))
                continue
            outcomes.append(Outcome(int(draw), OPTIMAL, _rounded(least), 0.0))
            if not recounted:
                self._recount(row, least)
                recounted = True
        return outcomes

    def _choose(self, row: int) -> None:
        """The programme of the draw's series."""
        part = self.sweep.series_part(row)
        if part != self._part:
            case = swept_series(self.sweep.case, self.sweep, row)
            self._model = Reoptimizer(case, self.objective)
            self._part = part
            self._load()

    def _load(self) -> None:
        """Loads the programme anew, at the basis from which every chunk starts."""
        self._model.compiled.highs = _highs(self._model, self._start)
        self._missing = None
        self._moved = {}

    def _solve(self, row: int) -> float | None:
        """The least CCUS, ``None`` without a pathway. [t CO2]

        Values and duals are not fetched, which takes a quarter as long as a warm solve.
        """
        self._move(self._model, row, self._moved)
        solver = self._model.compiled.highs.solver
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return float(solver.getObjectiveValue()) * self._model.scale
        found = self._model.solve()  # tries again where HiGHS found neither optimum nor proof
        return None if found is None else found.objective * self._model.scale

    def _move(self, model: Reoptimizer, row: int, moved: dict[int, float]) -> None:
        """Moves the limits that differ from those that the programme has."""
        numbers = self.sweep.points[row]
        for column, factor in enumerate(self.sweep.factors):
            number = float(numbers[column])
            if factor.moves and moved.get(column) != number:
                for move in factor.moves:
                    model.set(move.line, factor.limits(move, number))
                moved[column] = number

    def _impossible(self, row: int, draw: int) -> Outcome:
        """The least miss of the targets; where it is next to nothing, a second look from afresh."""
        try:
            miss = self._miss(row)
            if miss > _NEAR * self._model.scale * 1e3:
                return Outcome(draw, IMPOSSIBLE, np.nan, _rounded(miss))
            self._model.compiled.highs.solver.clearSolver()
            optimum = self._model.solve()
        except SolverError:
            self._load()
            return Outcome(draw, FAILED, np.nan, np.nan)
        if optimum is None:
            return Outcome(draw, IMPOSSIBLE, np.nan, _rounded(max(miss, 0.0)))
        return Outcome(draw, OPTIMAL, _rounded(optimum.objective * self._model.scale), 0.0)

    def _miss(self, row: int) -> float:
        """The least miss, on a programme whose targets may be exceeded at a cost. [t CO2e]"""
        if self._missing is None:
            # The same rows, and how they move, in a HiGHS of its own.
            self._missing = copy.copy(self._model)
            self._missing.compiled = copy.copy(self._model.compiled)
            highs = _highs(self._model, None)
            rows = self._model.compiled.rows.names
            highs.without_costs()
            highs.relax_upper([i for i, name in enumerate(rows) if name[0] == "target"])
            self._missing.compiled.highs = highs
            self._moved_missing = {}
        self._move(self._missing, row, self._moved_missing)
        return self._missing.least()

    def _recount(self, row: int, least: float) -> None:
        compiled = self._model.compiled
        optimum = compiled.highs.solve()
        assert optimum is not None
        activities = activities_of(compiled.programme, compiled.columns, optimum)
        pathway = verify(swept_case(self.sweep, row), activities)
        if self.objective is Objective.CUMULATIVE:
            gap = abs(pathway.cumulative_ccus - least)
            if gap > 1e-6 * max(least, self._model.scale * 1e3):
                raise RecountError(
                    f"the recount gives {pathway.cumulative_ccus:.9g} t CO2 captured, "
                    f"the programme {least:.9g}"
                )


def _highs(model: Reoptimizer, basis: Any) -> Highs:
    compiled = model.compiled
    highs = Highs(compiled.rows, *column_bounds(compiled.columns), compiled.costs)
    if basis is not None and len(basis.row_status) == len(compiled.rows.names):
        highs.solver.setBasis(basis)
    return highs


def _rounded(value: float) -> float:
    """Ten significant digits: more is not known."""
    return float(f"{value:.10g}")
