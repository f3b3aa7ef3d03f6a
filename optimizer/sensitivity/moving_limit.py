"""The number by which a limit moves: the limit itself, a shift of it, or a factor."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from model.case.types import Bound
from model.case.units import Dimension
from model.changes.quantity import Way
from model.levers.physical_ends import physical_ends
from optimizer.sensitivity.reoptimize import Line, Reoptimizer, Values


@dataclass(frozen=True, slots=True)
class Parameter:
    """What moves: the limit of a bound or target in some years.

    way: how a number of it changes each year's limit: takes its place, is added to it, or
    multiplies it. now: the number that leaves the limits as they are; ``None`` where they differ
    between years and one number takes the place of all. low, high: where it can move. Inside units,
    but a factor has none.
    """

    name: str
    years: tuple[int, ...]
    way: Way
    now: float | None
    low: float
    high: float

    def limits(self, before: Values, value: float) -> dict[int, float]:
        """The limits by year where the number is ``value``; before: as they are."""
        return {year: self.way.of(before[year], value) for year in self.years}

    def steps(self, before: Values) -> dict[int, float]:
        """By how much each year's limit moves where the number is one more."""
        return {year: before[year] if self.way is Way.TIMES else 1.0 for year in self.years}

    def with_now(self, low: float, high: float) -> tuple[float, float]:
        """A range that ``now`` lies in too."""
        return (low, high) if self.now is None else (min(low, self.now), max(high, self.now))


def parameter(
    model: Reoptimizer, name: str, year: int | None = None, way: Way | None = None
) -> Parameter:
    """The moving limit of a bound or target: of one year, or of the whole line.

    way: by default a number takes the place of limits that are all the same, and others are
    shifted by it.
    """
    values = model.values(name)
    if year is not None:
        values = {year: values[year]}
    same = set(values.values())
    way = way or (Way.IS if len(same) == 1 else Way.PLUS)
    now: float | None = {Way.TIMES: 1.0, Way.PLUS: 0.0}.get(way)
    if way is Way.IS and len(same) == 1:
        (now,) = same
    moving = Parameter(name=name, years=tuple(values), way=way, now=now, low=0.0, high=0.0)
    low, high = _numbers(model, moving, *_looked(model.line(name), values.values()))
    low, high = moving.with_now(low, high)
    return replace(moving, low=low, high=high)


def reach(model: Reoptimizer, moving: Parameter) -> tuple[float, float]:
    """The least and the most that a moving limit can be, where physics ends; it can stay."""
    return moving.with_now(*_numbers(model, moving, *physical_ends(model.line(moving.name))))


def _numbers(
    model: Reoptimizer, moving: Parameter, least: float, most: float
) -> tuple[float, float]:
    """The numbers that put no limit below the least and none above the most."""
    values = [model.values(moving.name)[year] for year in moving.years]
    if moving.way is Way.PLUS:
        return least - min(values), most - max(values)
    if moving.way is Way.TIMES:
        positive = [value for value in values if value > 0] or [1.0]
        return least / min(positive), most / max(positive)
    return least, most


def _looked(line: Line, values: Collection[float]) -> tuple[float, float]:
    """Limits that are worth looking at: all shares; else up to far above today's."""
    least, most = physical_ends(line)
    if isinstance(line, Bound) and line.dimension is Dimension.SHARE:
        return least, most
    largest = max(abs(v) for v in values)
    far = 4.0 * largest if np.isfinite(largest) and largest > 0 else 4.0
    return max(least, 0.0), min(far, most)
