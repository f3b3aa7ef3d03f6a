"""Bounds on the same thing that no pathway can keep together."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from model.case import Bound, Sense

_LEAST, _MOST = (Sense.MIN, Sense.FIXED), (Sense.MAX, Sense.FIXED)


class Crossing(NamedTuple):
    """A bound that asks for more than another allows of the same thing, first in ``year``."""

    low: Bound
    high: Bound
    year: int

    def __str__(self) -> str:
        least, most = (line.values[self.year] / self.low.factor for line in (self.low, self.high))
        return (
            f"asks for at least {least:.6g} {self.low.unit} in {self.year}, "
            f"while '{self.high.id}' allows {most:.6g}"
        )


def crossings(bounds: Iterable[Bound]) -> Iterator[Crossing]:
    """Every pair of bounds that cross, each in its first such year."""
    alike: dict[object, list[Bound]] = {}
    for bound in bounds:
        thing = (bound.lever, bound.which, bound.sites, bound.dimension)
        alike.setdefault(thing, []).append(bound)
    for group in alike.values():
        for low in group:
            for high in group:
                if low.sense in _LEAST and high.sense in _MOST:
                    yield from _crossing(low, high)


def _crossing(low: Bound, high: Bound) -> Iterator[Crossing]:
    for year, least in low.values.items():
        if least > high.values.get(year, math.inf) * (1 + 1e-12):
            yield Crossing(low, high, year)
            return
