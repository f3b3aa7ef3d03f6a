"""The least CCUS as a function of one limit: every breakpoint and the slope between.

Where the limit stands on the right side only, the least CCUS is convex and piecewise linear in it:
tangents at two points meet at a breakpoint or below the curve (Eisner and Severance, Mathematical
techniques for efficient record segmentation, J. ACM 23, 1976), so a few solves find all of them.
Where it multiplies a decision (a share of a variable total), the curve is halved until straight
lines are within a stated error.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.messages.message import message
from optimizer.planning.solve import compile_case
from optimizer.sensitivity.moving_limit import Parameter
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.guard import SolverError

Watch = Callable[[int, int | None], None]  # is told how much is done, of how much if that is known
EXACT = 1e-9  # relative error of the exact curve
REFINED = 1e-4  # error of the refined curve, relative to its largest value
_MOST = 400  # points of a refined curve
_HALVINGS = 60
_ABOVE_NONE = 1e-6  # of the range: where the curve of a limit of capture begins
_SAME = 1e-8  # of the range looked at: an end that a solve finds is rounded by less


@dataclass(frozen=True, slots=True)
class Point:
    """The least CCUS [t CO2] at a value, and a slope [t CO2 per inside unit] that supports it."""

    value: float
    least: float
    slope: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The least CCUS over a range of a limit.

    looked: the range looked at, in inside units; points: the breakpoints and ends of the possible
    range, by value, linear between them. exact: whether they are all the breakpoints there are;
    else the error is at most ``error``. solves: how many programmes were solved. stopped: whether
    an interrupt ended the search; then the points are those found before, and the error is unknown.
    """

    parameter: Parameter
    looked: tuple[float, float]
    points: tuple[Point, ...]
    possible: bool
    exact: bool
    error: float
    solves: int
    stopped: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """The possible range; it reaches an end of ``looked`` where only rounding lies between."""
        low, high = self.looked
        first, last = self.points[0].value, self.points[-1].value
        room = _SAME * (high - low)
        return low if first <= low + room else first, high if last >= high - room else last


class _Tracer:
    """Solves at values of a parameter, remembers what it found, and counts."""

    def __init__(self, model: Reoptimizer, moving: Parameter, watch: Watch | None) -> None:
        self.model, self._watch = model, watch
        self.moving = moving
        self.base = model.values(moving.name)
        self._steps = moving.steps(self.base)
        self.points: dict[float, Point | None] = {}
        self.extra = 0

    @property
    def solves(self) -> int:
        return len(self.points) + self.extra

    def at(self, value: float) -> Point | None:
        """The point at a value; ``None`` where there is no pathway."""
        if value not in self.points:
            moved = self.moving.limits(self.base, value)
            self.model.set(self.moving.name, moved)
            optimum = self.model.solve()
            self.points[value] = (
                None
                if optimum is None
                else Point(
                    value,
                    optimum.objective * self.model.scale,
                    self.model.slope(self.moving.name, optimum, self._steps),
                )
            )
            if self._watch is not None:
                self._watch(len(self.points), None)
        return self.points[value]

    def edge(self, inside: float, outside: float) -> float:
        """The last possible value between a possible and an impossible one, by halving."""
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            if middle in (inside, outside) or abs(outside - inside) < 1e-9 * abs(inside or 1.0):
                break
            if self.at(middle) is None:
                outside = middle
            else:
                inside = middle
        return inside


def trace(
    model: Reoptimizer,
    moving: Parameter,
    low: float | None = None,
    high: float | None = None,
    watch: Watch | None = None,
) -> Curve:
    """The curve over [low, high], by default over all that the limit can be.

    watch: called after each solve; where given, an interrupt leaves the points found before.
    """
    tracer = _Tracer(model, moving, watch)
    left = moving.low if low is None else low
    right = moving.high if high is None else high
    if _starts_capture(model, moving, left, right):
        left += _ABOVE_NONE * (right - left)
    try:
        return _curve(tracer, left, right)
    except KeyboardInterrupt:
        if watch is None:
            raise
        found = sorted((p for p in tracer.points.values() if p is not None), key=lambda p: p.value)
        ends, solves = (left, right), tracer.solves
        return Curve(
            parameter=moving,
            looked=ends,
            points=tuple(found),
            possible=bool(found),
            exact=False,
            error=np.nan,
            solves=solves,
            stopped=True,
        )
    finally:
        model.reset()


def _starts_capture(model: Reoptimizer, moving: Parameter, left: float, right: float) -> bool:
    """Whether there is more to keep as soon as a limit of capture is no longer 0.

    At 0 the fuels are free of ``biogenic_limit``, and the curve jumps there.
    """
    base = model.values(moving.name)
    least, most = (moving.limits(base, end) for end in (left, right))
    return min(least.values()) == 0 < min(most.values()) and any(
        model.starts_capture(moving.name, end) for end in (least, most)
    )


def _curve(tracer: _Tracer, left: float, right: float) -> Curve:
    """The whole curve over [left, right]."""
    moving, looked = tracer.moving, (left, right)
    exact = tracer.model.is_right_side(moving.name)
    span = _possible(tracer, left, right, exact)
    if span is None:
        return Curve(
            parameter=moving,
            looked=looked,
            points=(),
            possible=False,
            exact=exact,
            error=0.0,
            solves=tracer.solves,
        )
    left, right = span
    ends = _points(tracer, left, right)
    if exact:
        points = _between(tracer, *ends)
        error = EXACT
    else:
        points, error = _refined(tracer, *ends)
    kept = tuple(_without_straight(points))
    return Curve(
        parameter=moving,
        looked=looked,
        points=kept,
        possible=True,
        exact=exact,
        error=error,
        solves=tracer.solves,
    )


def _points(tracer: _Tracer, left: float, right: float) -> tuple[Point, Point]:
    inward = 1e-9 * (right - left)  # an end found by a solve is possible but for rounding
    first = tracer.at(left) or tracer.at(left + inward)
    last = tracer.at(right) or tracer.at(right - inward)
    if first is None or last is None:
        raise SolverError(
            message("HiGHS does not find a pathway at the ends of the possible range")
        )
    return first, last


def _possible(
    tracer: _Tracer, left: float, right: float, exact: bool
) -> tuple[float, float] | None:
    """The part of [left, right] where there is a pathway."""
    ends = [tracer.at(left) is not None, tracer.at(right) is not None]
    if all(ends):
        return left, right
    if exact:
        tracer.extra += 2
        return possible_span(tracer.model, tracer.moving, left, right)
    seeds = [tracer.moving.now, right, left, (left + right) / 2]
    known = (value for value in seeds if value is not None and left <= value <= right)
    inside = next((value for value in known if tracer.at(value) is not None), None)
    if inside is None:
        return None
    low = left if ends[0] else tracer.edge(inside, left)
    high = right if ends[1] else tracer.edge(inside, right)
    return low, high


def possible_span(
    model: Reoptimizer, moving: Parameter, left: float, right: float
) -> tuple[float, float] | None:
    """The least and largest value in [left, right] with a pathway, with the value as a column.

    Only where the limit stands on the right side. Two solves on a programme of their own, because
    the added column would slow the other solves.
    """
    apart = compile_case(model.case, model.objective, every_row=True)
    for row in model.captures_with([moving.name], moving.years):
        apart.highs.set_row(row, -np.inf, 0.0)
    base = model.values(moving.name)
    steps, start = moving.steps(base), moving.limits(base, 0.0)
    rows = {row.row: row for row in (model.row(moving.name, year) for year in base)}
    years = dict(zip(rows, base, strict=True))
    moved = [row for row in rows if years[row] in moving.years]
    slopes = [-rows[row].limit_slope * steps[years[row]] for row in moved]
    column = apart.highs.add_column(left, right, moved, slopes)
    for row in moved:
        entry = rows[row]
        limit = entry.limit_fixed + start[years[row]] * entry.limit_slope
        apart.highs.set_row(
            row, limit if entry.has_lower else -np.inf, limit if entry.has_upper else np.inf
        )
    ends = []
    for sign in (1.0, -1.0):
        costs = np.zeros(column + 1)
        costs[column] = sign
        apart.highs.set_costs(costs)
        found = apart.highs.solve()
        if found is None:
            return None
        ends.append(float(found.values[column]))
    return ends[0], ends[1]


def _between(tracer: _Tracer, left: Point, right: Point) -> list[Point]:
    """Both ends and every breakpoint between them, of a convex curve."""
    size = max(abs(left.least), abs(right.least), 1.0)
    width = right.value - left.value
    gap = left.slope - right.slope
    flat = left.least + left.slope * width - right.least
    if width <= 1e-12 * max(abs(right.value), 1e-12) or abs(flat) <= EXACT * size:
        return [left, right]
    if abs(gap) * width <= EXACT * size:
        return [left, right]
    meet = (right.least - right.slope * right.value - left.least + left.slope * left.value) / gap
    if not left.value + 1e-9 * width < meet < right.value - 1e-9 * width:
        return [left, right]
    middle = tracer.at(meet)
    if middle is None:
        return [left, right]
    tangent = left.least + left.slope * (meet - left.value)
    if middle.least <= tangent + EXACT * size:
        return [left, middle, right]
    return [*_between(tracer, left, middle), *_between(tracer, middle, right)[1:]]


def _refined(tracer: _Tracer, left: Point, right: Point) -> tuple[list[Point], float]:
    """Points between which straight lines are within ``REFINED``; and the error that is left."""
    allowed = REFINED * max(abs(left.least), abs(right.least), 1.0)
    done = [left]
    waiting = [(left, right)]
    error = 0.0
    while waiting:
        first, last = waiting.pop()
        middle = tracer.at((first.value + last.value) / 2)
        if middle is None:
            done.append(last)
            continue
        off = abs(middle.least - (first.least + last.least) / 2)
        if (off <= allowed and len(tracer.points) > 8) or len(tracer.points) >= _MOST:
            error = max(error, off)
            done += [middle, last]
        else:
            waiting += [(middle, last), (first, middle)]
    return done, error


def _without_straight(points: list[Point]) -> list[Point]:
    """Points without those on the straight line between their neighbours."""
    kept: list[Point] = []
    size = max((abs(p.least) for p in points), default=1.0) or 1.0
    for point in points:
        while len(kept) > 1 and _on_line(kept[-2], kept[-1], point, size):
            kept.pop()
        if not kept or point.value > kept[-1].value:
            kept.append(point)
    return kept


def _on_line(first: Point, middle: Point, last: Point, size: float) -> bool:
    part = (middle.value - first.value) / (last.value - first.value)
    straight = first.least + part * (last.least - first.least)
    return abs(middle.least - straight) <= EXACT * size
