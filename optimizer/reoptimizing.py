"""One compiled programme, solved again and again with moved limits.

The row of a limit is affine in the limit's value: ``(c0 + v · c1) x`` against ``b0 + v · b1``. So a
moved limit changes a few numbers in HiGHS, and the next solve starts from the last basis.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.case import Bound, Case, Objective, Target
from model.units import REDUCTIONS
from optimizer.highs import Highs, Optimum
from optimizer.planning import Compiled, compile_case
from optimizer.register import AffineRows
from optimizer.rows import Floats
from optimizer.steady import ROOMS

Line = Bound | Target
Values = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class MovingRow:
    """A row as a function of its limit's value v, in inside units.

    columns: the columns it touches; fixed, slope: coefficient = fixed + v · slope;
    limit_fixed, limit_slope: right side = limit_fixed + v · limit_slope.
    """

    row: int
    columns: list[int]
    fixed: Floats
    slope: Floats
    limit_fixed: float
    limit_slope: float
    has_lower: bool
    has_upper: bool

    @property
    def is_right_side(self) -> bool:
        """Whether the value stands on the right side only, and multiplies no decision."""
        return not self.slope.any()

    def at(self, row: int, columns: list[int]) -> "MovingRow":
        """The same row where it and its columns have other numbers."""
        return replace(self, row=row, columns=columns)

    def apply(self, highs: Highs, value: float) -> None:
        """Moves the limit to a value in HiGHS."""
        limit = self.limit_fixed + value * self.limit_slope
        highs.set_row(
            self.row, limit if self.has_lower else -np.inf, limit if self.has_upper else np.inf
        )
        if not self.is_right_side:
            coefficients = self.fixed + value * self.slope
            for column, slope, new in zip(self.columns, self.slope, coefficients, strict=True):
                if slope:
                    highs.set_coefficient(self.row, column, float(new))


class Reoptimizer:
    """The least CCUS of a case as its limits move."""

    def __init__(self, case: Case, objective: Objective, scale: float | None = None) -> None:
        self.case = case
        self.objective = objective
        self.compiled: Compiled = compile_case(case, objective, scale)
        self._first = {kind: self.compiled.rows.first(kind) for kind in ("bound", "target")}
        self._moving: dict[tuple[str, int], MovingRow] = {}
        self._moved: dict[tuple[str, int], float] = {}

    @property
    def scale(self) -> float:
        return self.compiled.programme.scale

    def line(self, name: str) -> Line:
        """The bound or target of an id."""
        return self.case.bounds[name] if name in self.case.bounds else self.case.targets[name]

    def values(self, name: str) -> dict[int, float]:
        """The limit of a bound or target in each year that it limits, inside units."""
        affine = self._affine(name)
        return {year: float(affine.limits[row]) for year, row in affine.rows.get(name, {}).items()}

    def set(self, name: str, values: Values) -> None:
        """Moves limits of a bound or target; years that it does not limit are ignored."""
        for year in self.values(name).keys() & values.keys():
            self.row(name, year).apply(self.compiled.highs, values[year])
            self._moved[name, year] = values[year]

    def reset(self) -> None:
        """Puts every moved limit back."""
        for name, year in list(self._moved):
            self.row(name, year).apply(self.compiled.highs, self.values(name)[year])
        self._moved.clear()

    def solve(self) -> Optimum | None:
        """The optimum with the limits as they stand; ``None`` where there is no pathway."""
        return self.compiled.highs.solve()

    def least(self) -> float:
        """The least CCUS with the limits as they stand, infinite without a pathway. [t CO2]"""
        found = self.solve()
        return np.inf if found is None else found.objective * self.scale

    def keep_least(self, optimum: Optimum, within: float) -> tuple[int, float]:
        """A row by which every later pathway needs no more than the optimum's CCUS.

        within: how much more is allowed, as a fraction. Gives the row and its limit.
        """
        least = optimum.objective
        limit = least * (1 + within) + ROOMS[0] * max(1.0, abs(least))
        return self.compiled.highs.add_row(self.compiled.costs, limit), limit

    def slope(self, name: str, optimum: Optimum, years: Values) -> float:
        """Change of the least CCUS per unit by which the limit of ``years`` moves. [t CO2 per …]

        By the envelope theorem, from one optimum: ``Σ_y dual · (limit_slope − slope · x)``.
        """
        result = 0.0
        for year in self.values(name).keys() & years.keys():
            row = self.row(name, year)
            moved = row.limit_slope - float(row.slope @ optimum.values[row.columns])
            result += float(optimum.duals[row.row]) * moved
        return result * self.scale

    def is_right_side(self, name: str) -> bool:
        """Whether the limit multiplies no decision, so that the least CCUS is convex in it."""
        return all(self.row(name, year).is_right_side for year in self.values(name))

    def rows(self, name: str) -> list[MovingRow]:
        """The rows of a bound or target."""
        return [self.row(name, year) for year in self.values(name)]

    def position(self, name: str, year: int) -> int:
        """The number of the row of a bound or target in a year."""
        kind = "bound" if name in self.case.bounds else "target"
        return self._first[kind] + self._affine(name).rows[name][year]

    def row(self, name: str, year: int) -> MovingRow:
        """The row of a bound or target in a year."""
        if (name, year) not in self._moving:
            self._moving[name, year] = self._moving_row(name, year)
        return self._moving[name, year]

    def use_rows(self, rows: Mapping[tuple[str, int], MovingRow]) -> None:
        """Takes these rows of bounds and targets in place of those that the case gives."""
        self._moving = {**self._moving, **rows}

    def _affine(self, name: str) -> AffineRows:
        """The rows of all bounds, or of all targets, among which those of one are."""
        register = self.compiled.programme.register
        return register.bounds if name in self.case.bounds else register.targets

    def _moving_row(self, name: str, year: int) -> MovingRow:
        affine = self._affine(name)
        row = affine.rows[name][year]
        entries = slice(affine.starts[row], affine.starts[row + 1])
        return MovingRow(
            self.position(name, year),
            affine.indices[entries].tolist(),
            affine.fixed[entries],
            affine.slope[entries],
            float(affine.side_fixed[row]),
            float(affine.side_slope[row]),
            bool(affine.has_lower[row]),
            bool(affine.has_upper[row]),
        )


def shown_unit(line: Line) -> tuple[str, float]:
    """The unit in which a limit is spoken of, and how many inside units one of it is.

    A target by SDA or below the base year is spoken of by its limit, in t/t or t.
    """
    if isinstance(line, Target) and (line.sda or line.dimension in REDUCTIONS):
        return ("t/t", 1.0) if line.metric.value == "intensity" else ("t", 1.0)
    return line.unit, line.factor
