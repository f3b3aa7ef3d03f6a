"""One compiled programme, solved again and again with moved limits.

The row of a limit is affine in the limit's value: ``(c0 + v · c1) x`` against ``b0 + v · b1``. So a
moved limit changes a few numbers in HiGHS, and the next solve starts from the last basis.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from model.case.at_kilns import line_of
from model.case.columns import Mask
from model.case.types import Bound, Case, Objective, Target
from model.case.units import REDUCTIONS
from model.levers.capture_possible import capture_possible
from optimizer.planning.least_total import not_again, of_total
from optimizer.planning.solve import Compiled, compile_case
from optimizer.programme.register import AffineRows
from optimizer.programme.rows import Floats
from optimizer.solver.guard import SMALLEST
from optimizer.solver.highs import Highs, Optimum
from optimizer.steady.second_pathway import limit_of

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
        self.compiled: Compiled = compile_case(case, objective, scale, every_row=True)
        register = self.compiled.programme.register
        self._rows: Mapping[str, AffineRows] = dict(
            zip(KINDS, (register.bounds, register.targets), strict=True)
        )
        self._first = {kind: self.compiled.rows.first(kind) for kind in KINDS}
        self._moved: frozenset[tuple[str, int]] = frozenset()
        self._at_kilns: dict[str, list[str]] = {}
        for one in case.bounds:
            if line_of(one) != one:
                self._at_kilns.setdefault(line_of(one), []).append(one)
        self._now = case  # with the limits of capture as they stand

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
        """Moves limits of a bound or target; years that it does not limit are ignored.

        Its lines at kilns move with it.
        """
        known = self.affine(name).rows
        moved = {
            known[one][year]: value
            for one in self.with_kilns(name)
            for year, value in values.items()
            if year in known.get(one, ())
        }
        if moved:
            kind = kind_of(self.case, name)
            self._moved |= {(kind, row) for row in moved}
            self._apply(kind, moved)
            self._follow(name, values)

    def with_kilns(self, name: str) -> tuple[str, ...]:
        """A line and those that hold at each of its kilns."""
        return (name, *self._at_kilns.get(name, ()))

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
        if self._follows_capture:
            gone = {name for _, name in left}
            bounds = self._now.bounds.items()
            kept = {n: b for n, b in bounds if n not in gone or b.lever != "capture"}
            self._switch(self._now.with_limits(kept))

    def reset(self) -> None:
        """Puts every moved limit back."""
        for kind in KINDS:
            limits = self._rows[kind].limits
            moved = {row: float(limits[row]) for one, row in self._moved if one == kind}
            if moved:
                self._apply(kind, moved)
        self._moved = frozenset()
        self._switch(self.case)

    def starts_capture(self, name: str, values: Values) -> bool:
        """Whether limits of a bound differ from those that stand in what can be captured at all."""
        bound = self._now.bounds.get(name)
        if bound is None or bound.lever != "capture" or not self._follows_capture:
            return False
        known = bound.values
        return any((known[y] == 0) != (value == 0) for y, value in values.items() if y in known)

    @property
    def _follows_capture(self) -> bool:
        return not self.case.accounting.captured_biogenic_counts

    def _follow(self, name: str, values: Values) -> None:
        """Gives and takes limits of ``biogenic_limit`` as a bound lets something be captured."""
        if self.starts_capture(name, values):
            self._switch(_with_values(self._now, name, values))

    def _switch(self, now: Case) -> None:
        """The rows of ``biogenic_limit`` as they are in a case with other limits of capture."""
        before, self._now = self._now, now
        if now is before:
            return
        rows = np.array(self._switched(before, now), dtype=np.int64)
        if len(rows):
            on = self._possible(now)[rows - self.compiled.rows.first("biogenic_limit")]
            self.compiled.highs.change_row_limits(
                rows, np.full(len(rows), -np.inf), np.where(on, 0.0, np.inf)
            )

    def captures_with(
        self, names: Iterable[str], years: Collection[int] | None = None
    ) -> list[int]:
        """The rows of ``biogenic_limit`` that get a limit as bounds that are 0 are moved.

        years: in which they are; all where not given.
        """
        now = self.case
        for name in names:
            bound = self.case.bounds.get(name)
            if bound is not None and bound.lever == "capture" and self._follows_capture:
                moved = {
                    y: v or float(years is None or y in years) for y, v in bound.values.items()
                }
                now = _with_values(now, name, moved)
        return [] if now is self.case else self._switched(self.case, now)

    def _switched(self, before: Case, now: Case) -> list[int]:
        """The rows of ``biogenic_limit`` that have a limit in one of two cases only."""
        other = np.flatnonzero(self._possible(before) != self._possible(now))
        return [int(row) + self.compiled.rows.first("biogenic_limit") for row in other]

    def _possible(self, case: Case) -> Mask:
        """Whether something can be captured, in the order of the rows of ``biogenic_limit``."""
        kiln = self.compiled.programme.decisions.masks["KILNS"]
        return capture_possible(case, case.horizon)[kiln]

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

    def keep_least(self, optimum: Optimum, within: float) -> list[tuple[int, float]]:
        """Rows by which every later pathway needs no more than the optimum's CCUS.

        With a least peak or final year also no more in total than the least of those. within: how
        much more of each is allowed, as a fraction. Gives the rows, each with its limit. Raises
        ``SolverError`` where HiGHS does not find the optimum again.
        """
        highs, least = self.compiled.highs, optimum.objective
        kept = [(highs.add_row(self.compiled.costs, limit_of(least, 0.0)), limit_of(least, within))]
        if self.objective is not Objective.CUMULATIVE:
            totals = of_total(self.compiled.linear, self.compiled.programme, np.inf).costs
            highs.set_costs(totals)
            highs.use_primal_simplex()
            found = self.solve()
            if found is None:
                raise not_again()
            limit = limit_of(found.objective, within)
            kept.append((highs.add_row(totals, limit), limit))
        for row, limit in kept:
            highs.set_row(row, -np.inf, limit)
        return kept

    def slope(self, name: str, optimum: Optimum, steps: Values) -> float:
        """Change of the least CCUS as the limit of each year moves by its step. [t CO2]

        steps: by year, inside units. By the envelope theorem, from one optimum:
        ``Σ_y step · dual · (limit_slope − slope · x)``.
        """
        affine, first = self.rows_of_kind(kind_of(self.case, name))
        of_name = [affine.rows.get(one, {}) for one in self.with_kilns(name)]
        found = [
            (row, steps[year]) for one in of_name for year, row in one.items() if year in steps
        ]
        if not found:
            return 0.0
        rows = np.array([row for row, _ in found], dtype=np.int64)
        step = np.array([step for _, step in found])
        at = affine.entries(rows)
        moved = affine.slope[at] * optimum.values[affine.indices[at]]
        dual_at = optimum.duals[affine.row_of[at] + first] * np.repeat(
            step, np.diff(affine.starts)[rows]
        )
        gained = (optimum.duals[rows + first] * step) @ affine.side_slope[rows] - dual_at @ moved
        return float(gained) * self.scale

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


def _with_values(case: Case, name: str, values: Values) -> Case:
    """The case with other limits of a bound in the years that it has."""
    bound = case.bounds[name]
    known = {year: values.get(year, value) for year, value in bound.values.items()}
    return case.with_limits({**case.bounds, name: replace(bound, values=known)})


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
