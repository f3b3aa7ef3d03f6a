"""The least CCUS as a function of one limit: every breakpoint and the slope between.

Where the limit stands on the right side only, the least CCUS is convex and piecewise linear in it:
tangents at two points meet at a breakpoint or below the curve (Eisner and Severance, Mathematical
techniques for efficient record segmentation, J. ACM 23, 1976), so a few solves find all of them.
Where it multiplies a decision (a share of a variable total), the curve is halved until straight
lines are within a stated error.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np

from model.case.types import Bound
from model.case.units import Dimension
from model.levers.physical_ends import physical_ends
from model.messages.message import message
from optimizer.planning.solve import compile_case
from optimizer.sensitivity.reoptimize import Line, Reoptimizer
from optimizer.solver.guard import SolverError

Watch = Callable[[int, int | None], None]  # is told how much is done, of how much if that is known
EXACT = 1e-9  # relative error of the exact curve
REFINED = 1e-4  # error of the refined curve, relative to its largest value
_MOST = 400  # points of a refined curve
_HALVINGS = 60
_ABOVE_NONE = 1e-6  # of the range: where the curve of a limit of capture begins
_SAME = 1e-8  # of the range looked at: an end that a solve finds is rounded by less


@dataclass(frozen=True, slots=True)
class Parameter:
    """What moves: the limit of a bound or target in some years.

    shifts: the number is added to each year's limit, because the limits differ between years;
    else every year takes the number itself. low, high: where it can move, in inside units.
    """

    name: str
    years: tuple[int, ...]
    shifts: bool
    now: float
    low: float
    high: float


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


def parameter(model: Reoptimizer, name: str, year: int | None = None) -> Parameter:
    """The moving limit of a bound or target: of one year, or of the whole line."""
    values = model.values(name)
    if year is not None:
        values = {year: values[year]}
    shifts = len(set(values.values())) > 1
    now = 0.0 if shifts else next(iter(values.values()))
    moving = Parameter(name, tuple(values), shifts, now, now, now)
    low, high = _numbers(model, moving, *_looked(model.line(name), values.values()))
    return replace(moving, low=min(low, now), high=max(high, now))


def reach(model: Reoptimizer, moving: Parameter) -> tuple[float, float]:
    """The least and the most that a moving limit can be, where physics ends; it can stay."""
    low, high = _numbers(model, moving, *physical_ends(model.line(moving.name)))
    return min(low, moving.now), max(high, moving.now)


def _numbers(
    model: Reoptimizer, moving: Parameter, least: float, most: float
) -> tuple[float, float]:
    """The numbers that put no limit below the least and none above the most."""
    if not moving.shifts:
        return least, most
    values = [model.values(moving.name)[year] for year in moving.years]
    return least - min(values), most - max(values)


def _looked(line: Line, values: Collection[float]) -> tuple[float, float]:
    """Limits that are worth looking at: all shares; else up to far above today's."""
    least, most = physical_ends(line)
    if isinstance(line, Bound) and line.dimension is Dimension.SHARE:
        return least, most
    largest = max(abs(v) for v in values)
    far = 4.0 * largest if np.isfinite(largest) and largest > 0 else 4.0
    return max(least, 0.0), min(far, most)


class _Tracer:
    """Solves at values of a parameter, remembers what it found, and counts."""

    def __init__(self, model: Reoptimizer, moving: Parameter, watch: Watch | None) -> None:
        self.model, self._watch = model, watch
        self.moving = moving
        self.base = model.values(moving.name)
        self.points: dict[float, Point | None] = {}
        self.extra = 0

    @property
    def solves(self) -> int:
        return len(self.points) + self.extra

    def at(self, value: float) -> Point | None:
        """The point at a value; ``None`` where there is no pathway."""
        if value not in self.points:
            moved = {
                year: self.base[year] + value if self.moving.shifts else value
                for year in self.moving.years
            }
            self.model.set(self.moving.name, moved)
            optimum = self.model.solve()
            self.points[value] = (
                None
                if optimum is None
                else Point(
                    value,
                    optimum.objective * self.model.scale,
                    self.model.slope(self.moving.name, optimum, moved),
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
    base = model.values(moving.name) if moving.shifts else dict.fromkeys(moving.years, 0.0)
    least, most = ({year: base[year] + end for year in moving.years} for end in (left, right))
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
    inside = next((v for v in seeds if left <= v <= right and tracer.at(v) is not None), None)
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
    rows = {row.row: row for row in (model.row(moving.name, year) for year in base)}
    years = dict(zip(rows, base, strict=True))
    column = apart.highs.add_column(
        left,
        right,
        [row for row in rows if years[row] in moving.years],
        [-rows[row].limit_slope for row in rows if years[row] in moving.years],
    )
    for row, entry in rows.items():
        if years[row] in moving.years:
            start = base[years[row]] if moving.shifts else 0.0
            limit = entry.limit_fixed + start * entry.limit_slope
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
