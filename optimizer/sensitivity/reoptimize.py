"""One compiled programme, solved again and again with moved limits.

The row of a limit is affine in the limit's value: ``(c0 + v · c1) x`` against ``b0 + v · b1``. So a
moved limit changes a few numbers in HiGHS, and the next solve starts from the last basis.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.case.types import Bound, Case, Objective, Target
from model.case.units import REDUCTIONS
from optimizer.planning.solve import Compiled, compile_case
from optimizer.programme.register import AffineRows
from optimizer.programme.rows import Floats
from optimizer.solver.guard import SMALLEST
from optimizer.solver.highs import Highs, Optimum
from optimizer.steady.second_pathway import ROOMS

Line = Bound | Target
Values = Mapping[int, float]
KINDS = ("bound", "target")


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
        register = self.compiled.programme.register
        self._rows: Mapping[str, AffineRows] = dict(
            zip(KINDS, (register.bounds, register.targets), strict=True)
        )
        self._first = {kind: self.compiled.rows.first(kind) for kind in KINDS}
        self._moved: frozenset[tuple[str, int]] = frozenset()

    @property
    def scale(self) -> float:
        return self.compiled.programme.scale

    def line(self, name: str) -> Line:
        """The bound or target of an id."""
        return self.case.line(name)

    def values(self, name: str) -> dict[int, float]:
        """The limit of a bound or target in each year that it limits, inside units."""
        affine = self.affine(name)
        return {year: float(affine.limits[row]) for year, row in affine.rows.get(name, {}).items()}

    def set(self, name: str, values: Values) -> None:
        """Moves limits of a bound or target; years that it does not limit are ignored."""
        rows = self.affine(name).rows.get(name, {})
        moved = {rows[year]: value for year, value in values.items() if year in rows}
        if moved:
            kind = kind_of(self.case, name)
            self._moved |= {(kind, row) for row in moved}
            self._apply(kind, moved)

    def leave_out(self, names: Iterable[str]) -> None:
        """Lets the rows of bounds and targets limit nothing, until ``reset``."""
        left = [(kind_of(self.case, name), name) for name in names]
        for kind in KINDS:
            of_name = self._rows[kind].rows
            rows = [
                row for one, name in left if one == kind for row in of_name.get(name, {}).values()
            ]
            if rows:
                self._moved |= {(kind, row) for row in rows}
                free = np.full(len(rows), np.inf)
                at = np.array(rows, dtype=np.int64) + self._first[kind]
                self.compiled.highs.change_row_limits(at, -free, free)

    def reset(self) -> None:
        """Puts every moved limit back."""
        for kind in KINDS:
            limits = self._rows[kind].limits
            moved = {row: float(limits[row]) for one, row in self._moved if one == kind}
            if moved:
                self._apply(kind, moved)
        self._moved = frozenset()

    def _apply(self, kind: str, moved: Mapping[int, float]) -> None:
        """Moves the limits of some rows of a kind in HiGHS, all at once."""
        affine, highs = self._rows[kind], self.compiled.highs
        rows, limits = np.array(list(moved)), np.array(list(moved.values()))
        side = affine.side_fixed[rows] + limits * affine.side_slope[rows]
        highs.change_row_limits(
            rows + self._first[kind],
            np.where(affine.has_lower[rows], side, -np.inf),
            np.where(affine.has_upper[rows], side, np.inf),
        )
        at = affine.entries(rows)
        limit_at = np.repeat(limits, np.diff(affine.starts)[rows])
        sloped = affine.slope[at] != 0
        at, limit_at = at[sloped], limit_at[sloped]
        values = affine.fixed[at] + limit_at * affine.slope[at]
        values = np.where(np.abs(values) > SMALLEST, values, 0.0)  # none is lost that HiGHS had
        rows_at = affine.row_of[at] + self._first[kind]
        highs.change_coefficients(rows_at, affine.indices[at], values)

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
        affine, first = self.rows_of_kind(kind_of(self.case, name))
        of_name = affine.rows.get(name, {})
        rows = np.array([row for year, row in of_name.items() if year in years], dtype=np.int64)
        if not len(rows):
            return 0.0
        at = affine.entries(rows)
        moved = affine.slope[at] * optimum.values[affine.indices[at]]
        dual_at = optimum.duals[affine.row_of[at] + first]
        found = optimum.duals[rows + first] @ affine.side_slope[rows] - dual_at @ moved
        return float(found) * self.scale

    def slopes(self, optimum: Optimum) -> dict[str, Floats]:
        """The slope of each row of bounds and of targets by its own limit. [t CO2 per …]"""
        found = {}
        for kind in KINDS:
            gains = self._rows[kind].gains(optimum.values)
            first = self._first[kind]
            found[kind] = optimum.duals[first : first + len(gains)] * gains * self.scale
        return found

    def is_right_side(self, name: str) -> bool:
        """Whether the limit multiplies no decision, so that the least CCUS is convex in it."""
        affine = self.affine(name)
        return bool(affine.is_right_side[list(affine.rows.get(name, {}).values())].all())

    def rows(self, name: str) -> list[MovingRow]:
        """The rows of a bound or target."""
        return [self.row(name, year) for year in self.values(name)]

    def position(self, name: str, year: int) -> int:
        """The number of the row of a bound or target in a year."""
        return self._first[kind_of(self.case, name)] + self.affine(name).rows[name][year]

    def row(self, name: str, year: int) -> MovingRow:
        """The row of a bound or target in a year."""
        affine = self.affine(name)
        row = affine.rows[name][year]
        entries = slice(affine.starts[row], affine.starts[row + 1])
        return MovingRow(
            row=self.position(name, year),
            columns=affine.indices[entries].tolist(),
            fixed=affine.fixed[entries],
            slope=affine.slope[entries],
            limit_fixed=float(affine.side_fixed[row]),
            limit_slope=float(affine.side_slope[row]),
            has_lower=bool(affine.has_lower[row]),
            has_upper=bool(affine.has_upper[row]),
        )

    def affine(self, name: str) -> AffineRows:
        """The rows of all bounds, or of all targets, among which those of one are."""
        return self._rows[kind_of(self.case, name)]

    def rows_of_kind(self, kind: str) -> tuple[AffineRows, int]:
        """The rows of all bounds or of all targets, and the number of the first of them."""
        return self._rows[kind], self._first[kind]

    def use_rows(self, kind: str, rows: AffineRows) -> None:
        """Takes these rows of bounds or targets in place of those that the case gives."""
        self._rows = {**self._rows, kind: rows}


def kind_of(case: Case, name: str) -> str:
    """What an id is of: ``bound`` or ``target``."""
    return "bound" if name in case.bounds else "target"


def shown_unit(line: Line) -> tuple[str, float]:
    """The unit in which a limit is spoken of, and how many inside units one of it is.

    A target by SDA or below the base year is spoken of by its limit, in t/t or t.
    """
    if isinstance(line, Target) and (line.sda or line.dimension in REDUCTIONS):
        return ("t/t", 1.0) if line.metric.value == "intensity" else ("t", 1.0)
    return line.unit, line.factor
