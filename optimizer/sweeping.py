"""Solves the draws of a sweep, warm on one compiled programme for as long as series stay."""

from dataclasses import dataclass

import numpy as np

from model.case import Case, Objective
from model.sweep import Sweep, swept_case
from optimizer.reoptimizing import Reoptimizer


@dataclass(frozen=True, slots=True)
class Outcome:
    """One draw: the least CCUS [t CO2], or NaN and the least miss of the targets [t CO2e].

    status: ``optimal``, or ``impossible``; shortfall is infinite where the bounds alone contradict
    each other, and 0 where there is a pathway.
    """

    draw: int
    status: str
    least: float
    shortfall: float


class Evaluator:
    """Solves draws of one sweep of one case, in any order."""

    def __init__(self, case: Case, objective: Objective, sweep: Sweep) -> None:
        self.case = case
        self.objective = objective
        self.sweep = sweep
        self._part: tuple[float, ...] | None = None
        self._model: Reoptimizer | None = None
        self._missing: Reoptimizer | None = None

    def solve(self, draw: int) -> Outcome:
        """The outcome of a draw."""
        model = self._model_of(draw)
        self._move(model, draw)
        least = model.least()
        if np.isfinite(least):
            return Outcome(draw, "optimal", _rounded(least), 0.0)
        return Outcome(draw, "impossible", float("nan"), self._shortfall(draw))

    def _model_of(self, draw: int) -> Reoptimizer:
        part = self.sweep.series_part(draw)
        if self._model is None or part != self._part:
            self._part = part
            self._missing = None
            self._model = Reoptimizer(swept_case(self.case, self.sweep, draw), self.objective)
        return self._model

    def _move(self, model: Reoptimizer, draw: int) -> None:
        for factor, number in zip(self.sweep.factors, self.sweep.points[draw], strict=True):
            if factor.limit:
                model.set(factor.limit, factor.limits(float(number)))

    def _shortfall(self, draw: int) -> float:
        """The least miss, on a programme whose targets may be exceeded at a cost."""
        assert self._model is not None
        if self._missing is None:
            self._missing = Reoptimizer(self._model.case, self.objective)
            rows = self._missing.compiled.rows.names
            highs = self._missing.compiled.highs
            highs.without_costs()
            highs.relax_upper([i for i, name in enumerate(rows) if name[0] == "target"])
        self._move(self._missing, draw)
        return _rounded(self._missing.least())


def _rounded(value: float) -> float:
    """Ten significant digits: what does not depend on where a warm solve started."""
    return float(f"{value:.10g}")
