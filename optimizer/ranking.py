"""What each bound is worth: found by its dual, confirmed by solving again with the limit moved."""

import math
from dataclasses import dataclass

from model.case import Bound, Confidence, Sense
from model.units import Dimension as D
from optimizer.highs import Optimum
from optimizer.reoptimizing import Line, Reoptimizer

SAME = 0.01  # how far a slope may be off before it no longer holds
DOUBT = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 2.0, Confidence.LOW: 3.0}
_HALVINGS = 14


@dataclass(frozen=True, slots=True)
class Worth:
    """The worth of one limit, moved by the same step in all of ``years``.

    step: one step towards a looser limit, signed, in inside units; saved: CCUS that the first
    thousandth of a step saves, confirmed by a solve, times a thousand [t CO2]; dual: the same by
    the dual alone; holds_to: how far in that direction the saving goes on at that rate within 1 %,
    signed, inside units (infinite if as far as was looked); partners: bounds that must move too
    before this one is worth anything.
    """

    name: str
    years: tuple[int, ...]
    step: float
    saved: float
    dual: float
    holds_to: float
    doubt: float
    partners: tuple[str, ...]

    @property
    def worth_of_checking(self) -> float:
        """Worth times doubt: which bound to verify first."""
        return self.saved * self.doubt


def rank(model: Reoptimizer, by_year: bool = False) -> list[Worth]:
    """Every binding bound with its worth, the largest first. The case must have a pathway.

    by_year: each year of a bound by itself, else a bound's whole line moves at once.
    """
    optimum = model.solve()
    if optimum is None:
        return []
    least = optimum.objective * model.scale
    found = []
    for name in [*model.case.bounds, *model.case.targets]:
        values = model.values(name)
        spans = [(year,) for year in values] if by_year else [tuple(values)]
        for years in spans:
            entry = _worth(model, name, years, optimum, least)
            if entry is not None:
                found.append(entry)
    if not by_year:
        found += _together(model, optimum, least, {entry.name for entry in found})
    return sorted(found, key=lambda entry: -entry.saved)


def loosening(line: Line, slope: float) -> float:
    """The sign of a move that gives room: up for maxima and targets, down for minima."""
    if isinstance(line, Bound):
        if line.sense is Sense.MIN:
            return -1.0
        if line.sense is Sense.FIXED:
            return -1.0 if slope > 0 else 1.0
    return 1.0


def natural_step(line: Line, values: dict[int, float]) -> float:
    """One percentage point of a share; else the power of ten near 1 % of the largest limit."""
    if isinstance(line, Bound) and line.dimension in (D.SHARE, D.POINTS_PER_YEAR):
        return 0.01
    factor = line.factor if isinstance(line, Bound) else 1.0
    largest = max((abs(v) for v in values.values()), default=0.0) / factor
    return factor * 10.0 ** math.floor(math.log10(largest / 100) + 0.5) if largest else factor


def _worth(
    model: Reoptimizer, name: str, years: tuple[int, ...], optimum: Optimum, least: float
) -> Worth | None:
    """The worth of a limit, or ``None`` where its dual sees none."""
    values = {year: model.values(name)[year] for year in years}
    slope = model.slope(name, optimum, values)
    line = model.line(name)
    step = loosening(line, slope) * natural_step(line, values)
    if -slope * step <= max(1e-7 * least, 1e-3) * 1e-2:
        return None
    saved_at = _Saved(model, name, values, least)
    small = step * 1e-3
    confirmed = saved_at(small) / small * step
    if confirmed <= max(1e-9 * least, 1e-6):
        return Worth(name, years, step, 0.0, -slope * step, 0.0, _doubt(line), ())
    holds = _holds_to(saved_at, confirmed / step, step)
    return Worth(name, years, step, confirmed, -slope * step, holds, _doubt(line), ())


def _doubt(line: Line) -> float:
    return DOUBT[line.confidence] if isinstance(line, Bound) else DOUBT[Confidence.HIGH]


class _Saved:
    """CCUS saved when a limit moves, as a function of the move. [t CO2]"""

    def __init__(
        self, model: Reoptimizer, name: str, values: dict[int, float], least: float
    ) -> None:
        self.model, self.name, self.values, self.least = model, name, values, least

    def __call__(self, move: float) -> float:
        self.model.set(self.name, {year: v + move for year, v in self.values.items()})
        saved = self.least - self.model.least()
        self.model.reset()
        return saved


def _holds_to(saved_at: _Saved, slope: float, step: float) -> float:
    """How far the slope holds: the end is doubled until it does not, then halved in between."""

    def holds(move: float) -> bool:
        expected = slope * move
        return abs(saved_at(move) - expected) <= SAME * expected + 1e-9 * saved_at.least

    near, far = 0.0, step * 1e-3
    for _ in range(24):
        if not holds(far):
            break
        near, far = far, far * 2
    else:
        return math.inf
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        if holds(middle):
            near = middle
        else:
            far = middle
    return near


def _together(model: Reoptimizer, optimum: Optimum, least: float, known: set[str]) -> list[Worth]:
    """Binding bounds that save nothing alone, but do together with one other bound.

    Two bounds at the same place that hold back the same thing hide each other: the dual of one of
    them, or of both, is 0.
    """
    found = []
    binding = [name for name in model.case.bounds if _binds(model, name, optimum)]
    for name in binding:
        if name in known:
            continue
        bound = model.case.bounds[name]
        near = [n for n in binding if n != name and _related(model, name, n)]
        partners = [
            other
            for other in near
            if _gain(model, [name, other], least) > _gain(model, [other], least) * (1 + 1e-6) + 1e-3
        ]
        if partners:
            step = loosening(bound, 0.0) * natural_step(bound, model.values(name))
            years = tuple(model.values(name))
            found.append(
                Worth(name, years, step, 0.0, 0.0, 0.0, DOUBT[bound.confidence], tuple(partners))
            )
    return found


def _gain(model: Reoptimizer, names: list[str], least: float) -> float:
    """CCUS saved when several bounds move a step at once."""
    for name in names:
        line, values = model.line(name), model.values(name)
        step = loosening(line, 0.0) * natural_step(line, values)
        model.set(name, {year: v + step for year, v in values.items()})
    saved = least - model.least()
    model.reset()
    return saved


def _binds(model: Reoptimizer, name: str, optimum: Optimum) -> bool:
    """Whether a bound is at its limit in some year."""
    for row, value in zip(model.rows(name), model.values(name).values(), strict=True):
        used = float((row.fixed + value * row.slope) @ optimum.values[row.columns])
        limit = row.limit_fixed + value * row.limit_slope
        if abs(used - limit) <= 1e-7 * max(abs(used), abs(limit), 1.0):
            return True
    return False


def _related(model: Reoptimizer, first: str, second: str) -> bool:
    """Whether two bounds touch a common decision."""
    columns = {c for row in model.rows(first) for c in row.columns}
    return any(columns.intersection(row.columns) for row in model.rows(second))
