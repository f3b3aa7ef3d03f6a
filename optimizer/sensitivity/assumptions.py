"""What the least CCUS is where something that it rests on is otherwise.

One programme for all years and one for the final year, each solved again from its last basis.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.case.types import Bound, Case, Objective
from model.levers.doubt import doubt_of
from optimizer.sensitivity.rank import loosening, slopes_by_year
from optimizer.sensitivity.reoptimize import Reoptimizer, Values
from optimizer.solver.highs import Optimum


@dataclass(frozen=True, slots=True)
class Least:
    """The least CCUS over all years and, by itself, that of the final year. [t CO2]

    Both are infinite where there is no pathway.
    """

    total: float
    final: float


class BothYears:
    """The least CCUS of a case over all years and in the final one, as its limits move."""

    def __init__(self, case: Case, like: "BothYears | None" = None) -> None:
        """like: of a case with other series, from whose last answers the first solves start."""
        self.total = Reoptimizer(case, Objective.CUMULATIVE)
        self.final = Reoptimizer(case, Objective.FINAL)
        self._starts: list[tuple[Reoptimizer, Any]] = []
        if like is not None:
            _start_like(self.total, like.total)
            _start_like(self.final, like.final)

    def least(self) -> Least:
        """Both, with the limits as they stand."""
        return Least(self.total.least(), self.final.least())

    def start_here(self) -> None:
        """Lets every later solve start from the last answers, as far as they are vertices."""
        solved = [model for model in (self.total, self.final) if model.compiled.highs.has_basis]
        self._starts = [(model, model.compiled.highs.basis()) for model in solved]

    def with_limits(self, limits: Mapping[str, Values]) -> Least:
        """Both with other values of bounds, which are put back."""
        for model in (self.total, self.final):
            for name, values in limits.items():
                model.set(name, values)
        return self._and_back()

    def without(self, names: Iterable[str]) -> Least:
        """Both where bounds or targets are left out, which are put back."""
        left = list(names)
        for model in (self.total, self.final):
            model.leave_out(left)
        return self._and_back()

    def _and_back(self) -> Least:
        for model, basis in self._starts:
            model.compiled.highs.start_from(basis)
        found = self.least()
        self.total.reset()
        self.final.reset()
        return found


def _start_like(model: Reoptimizer, known: Reoptimizer) -> None:
    """Starts from the last basis of another programme, where the two have the same rows."""
    highs, other = model.compiled, known.compiled
    if highs.rows.names == other.rows.names and other.highs.has_basis:
        highs.highs.start_from(other.highs.basis())


@dataclass(frozen=True, slots=True)
class Doubted:
    """What the plausible error of a bound is worth.

    doubt: that error, as a part of its values in all years [1]; worth: the CCUS that it changes, to
    first order [t CO2]; looser, tighter: the least CCUS over all years with the limit so much
    looser or tighter [t CO2], infinite without a pathway, NaN where it was not solved.
    """

    name: str
    doubt: float
    worth: float
    looser: float = np.nan
    tighter: float = np.nan


def doubted(model: Reoptimizer, optimum: Optimum) -> list[Doubted]:
    """Every bound whose error changes the least CCUS to first order, the largest worth first."""
    enough = max(1e-7 * optimum.objective * model.scale, 1e-3) * 1e-2
    found = []
    for name, slopes in slopes_by_year(model, optimum).items():
        line = model.line(name)
        if isinstance(line, Bound):
            worth = abs(_gain(model, name, slopes)) * doubt_of(line)
            if worth > enough:
                found.append(Doubted(name, doubt_of(line), worth))
    return sorted(found, key=lambda one: -one.worth)


def _gain(model: Reoptimizer, name: str, slopes: Values) -> float:
    """The change of the least CCUS for a limit once as large again in every year. [t CO2]"""
    values = model.values(name)
    return sum(slope * values[year] for year, slope in slopes.items())


def solved_again(
    model: Reoptimizer, optimum: Optimum, doubts: Sequence[Doubted]
) -> Iterator[Doubted]:
    """The same with both ends of the error solved.

    optimum: the last that the programme was solved to.
    """
    start, slopes = model.compiled.highs.basis(), slopes_by_year(model, optimum)
    for one in doubts:
        values = model.values(one.name)
        sign = loosening(model.line(one.name), _gain(model, one.name, slopes[one.name]))
        ends = []
        for step in (one.doubt, -one.doubt):
            moved = {year: value * (1 + sign * step) for year, value in values.items()}
            model.compiled.highs.start_from(start)
            model.set(one.name, moved)
            ends.append(model.least())
        model.reset()
        yield replace(one, looser=ends[0], tighter=ends[1])
