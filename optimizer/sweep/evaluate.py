"""Solves the draws of a sweep, warm on one compiled programme as limits and series move.

Where some number of the programme is no sum of products of series, or few draws would use it, each
series has a programme of its own, on which only limits move.

A chunk of draws is solved from the same start wherever and whenever it is solved, so that its
outcomes do not depend on the worker, on the chunks before it or on an interruption.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.case.types import Objective
from model.case.units import Dimension as D
from model.messages.message import message
from model.pathway.recount import recount
from model.sweep.sweep import Move, Point, Sweep, swept_case, swept_series
from model.targets.limits import target_limits
from optimizer.planning.confirm import confirm_least, confirmed
from optimizer.planning.solve import activities_of, with_given
from optimizer.programme.rows import Floats
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.guard import SolverError
from optimizer.solver.highs import Highs
from optimizer.solver.ways import Way
from optimizer.sweep.multi_affine import NotMultiAffineError
from optimizer.sweep.series_programme import SeriesProgramme

OPTIMAL, IMPOSSIBLE, FAILED = "optimal", "impossible", "failed"
_NEAR = 1e-6  # a miss, relative to the largest yearly amount, that a solve from afresh confirms


@dataclass(frozen=True, slots=True)
class Outcome:
    """One draw: the least CCUS [t CO2], or NaN and the least miss of the targets [t CO2e].

    status: ``optimal``; ``impossible``; or ``failed``, where HiGHS found neither an optimum nor a
    proof. shortfall: 0 where there is a pathway, infinite where the bounds conflict
    whatever the targets, NaN where failed.
    """

    draw: int
    status: str
    least: float
    shortfall: float


@dataclass(slots=True)
class _Loaded:
    """A programme in HiGHS, and what it was moved to.

    part: the numbers of the draw's series; numbers: of the programme with these series, ``None``
    where each series has a programme of its own; limits: factor -> its number.
    """

    model: Reoptimizer
    part: Point | None
    numbers: Floats | None
    limits: dict[int, float]


class Evaluator:
    """Solves chunks of draws of one sweep, in any order.

    parts: how many different series the draws of the whole sweep have together.
    """

    def __init__(self, objective: Objective, sweep: Sweep, parts: int) -> None:
        self.objective = objective
        self.sweep = sweep
        self._series = _series_programme(sweep, objective, parts)
        model = self._series.model if self._series else Reoptimizer(sweep.case, objective)
        model.solve()
        self._start: Any = model.compiled.highs.solver.getBasis()
        self._model = model
        self._part: Point | None = None if sweep.series_columns else ()
        self._loaded = _Loaded(model, None, None, {})
        self._missing: _Loaded | None = None

    def solve_chunk(self, draws: Sequence[int], points: Floats) -> list[Outcome]:
        """The outcomes of draws that are solved together; points: their numbers, a row each.

        The first pathway found is recounted by plain arithmetic, from the case of its draw.
        Raises ``RecountError``.
        """
        self.sweep = replace(self.sweep, points=points)
        self._load()
        outcomes, recounted = [], False
        for row, draw in enumerate(draws):
            try:
                self._choose(row)
                least = self._solve(row)
                if least is not None and not recounted:
                    least = self._recounted(row)
                    recounted = True
            except SolverError:
                outcomes.append(Outcome(int(draw), FAILED, np.nan, np.nan))
                self._load()
                continue
            if least is None:
                outcomes.append(self._impossible(row, int(draw)))
                continue
            outcomes.append(Outcome(int(draw), OPTIMAL, _rounded(least), 0.0))
        return outcomes

    def _choose(self, row: int) -> None:
        """The programme of the draw's series, where each series has its own."""
        part = self.sweep.series_part(row)
        if self._series is None and part != self._part:
            case = swept_series(self.sweep.case, self.sweep, row)
            self._model = Reoptimizer(case, self.objective)
            self._part = part
            self._load()

    def _load(self) -> None:
        """Loads the programme anew, at the basis from which every chunk starts."""
        self._loaded = self._new(self._start)
        self._missing = None

    def _new(self, basis: Any) -> _Loaded:
        """The programme in a HiGHS of its own, with the same rows and how they move.

        Where series change coefficients the primal simplex method takes a fifth less time.
        """
        model = copy.copy(self._model)
        model.compiled = copy.copy(self._model.compiled)
        model.compiled.highs = _highs(model, basis)
        model.compiled.highs.use_primal_simplex(self._series is not None)
        return _Loaded(model, None, self._series.numbers if self._series else None, {})

    def _solve(self, row: int) -> float | None:
        """The least CCUS, ``None`` without a pathway. [t CO2]"""
        self._move(self._loaded, row)
        model = self._loaded.model
        least = model.compiled.highs.least()
        return None if least is None else least * model.scale

    def _move(self, loaded: _Loaded, row: int) -> None:
        """Moves the series and limits that differ from those that the programme has."""
        part = self.sweep.series_part(row)
        if self._series is not None and loaded.part != part:
            assert loaded.numbers is not None
            loaded.numbers = self._series.move(loaded.model, loaded.numbers, part)
            loaded.part = part
            loaded.limits = {}  # the rows of limits that are moved are others now
        numbers = self.sweep.points[row]
        for column, factor in enumerate(self.sweep.factors):
            number = float(numbers[column])
            if factor.moves and loaded.limits.get(column) != number:
                for move in factor.moves:
                    loaded.model.set(move.line, self._limits(column, move, row))
                loaded.limits[column] = number

    def _limits(self, column: int, move: Move, row: int) -> dict[int, float]:
        """Limits of rows by year; those below the frozen baseline hang on the draw's series."""
        target = self.sweep.case.targets.get(move.line)
        frozen = target is not None and target.dimension is D.BELOW_FROZEN
        if not frozen or not self.sweep.series_columns:
            number = float(self.sweep.points[row, column])
            return self.sweep.factors[column].limits(move, number)
        limits = target_limits(swept_case(self.sweep, row))
        return {year: limits[move.line, year] for year in move.lines[0]}

    def _impossible(self, row: int, draw: int) -> Outcome:
        """The least miss of the targets; where it is next to nothing, a second look from afresh."""
        try:
            miss = self._miss(row)
            if miss > _NEAR * self._model.scale * 1e3:
                return Outcome(draw, IMPOSSIBLE, np.nan, _rounded(miss))
            self._loaded.model.compiled.highs.solver.clearSolver()
            optimum = self._loaded.model.solve()
        except SolverError:
            self._load()
            return Outcome(draw, FAILED, np.nan, np.nan)
        if optimum is None:
            return Outcome(draw, IMPOSSIBLE, np.nan, _rounded(max(miss, 0.0)))
        return Outcome(draw, OPTIMAL, _rounded(optimum.objective * self._model.scale), 0.0)

    def _miss(self, row: int) -> float:
        """The least miss, on a programme whose targets may be exceeded at a cost. [t CO2e]"""
        if self._missing is None:
            self._missing = self._new(None)
            highs, rows = self._missing.model.compiled.highs, self._model.compiled.rows
            highs.without_costs()
            highs.relax_upper(np.flatnonzero(rows.of("target")).tolist())
        self._move(self._missing, row)
        return self._missing.model.least()

    def _recounted(self, row: int) -> float:
        """The least CCUS of a draw, recounted; the rest of the chunk is solved in the same way."""
        compiled, case = self._loaded.model.compiled, swept_case(self.sweep, row)
        programme = with_given(compiled.programme, case)

        def attempt(way: Way) -> float:
            compiled.highs.use(way)
            optimum = compiled.highs.solve()
            if optimum is None:
                raise SolverError(message("HiGHS finds a pathway in one way and none in another"))
            pathway = recount(case, activities_of(programme, optimum.values))
            least = optimum.objective * programme.scale
            confirm_least(pathway, self.objective, least, programme.scale)
            return least

        return confirmed(attempt)


def _series_programme(sweep: Sweep, objective: Objective, parts: int) -> SeriesProgramme | None:
    """One programme for all series, ``None`` where none moves or each needs its own."""
    if not sweep.series_columns:
        return None
    try:
        return SeriesProgramme(sweep, objective, parts)
    except (NotMultiAffineError, SolverError):
        return None


def _highs(model: Reoptimizer, basis: Any) -> Highs:
    compiled = model.compiled
    highs = compiled.load()
    if basis is not None and len(basis.row_status) == len(compiled.rows):
        highs.solver.setBasis(basis)
    return highs


def _rounded(value: float) -> float:
    """Ten significant digits: more is not known."""
    return float(f"{value:.10g}")
