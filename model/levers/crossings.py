"""Bounds on the same thing that no pathway can keep together."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from model.case.senses import Sense
from model.case.types import Bound
from model.messages.message import Message, message

_LEAST, _MOST = (Sense.MIN, Sense.FIXED), (Sense.MAX, Sense.FIXED)
ROUNDING = 1 + 1e-12


class Crossing(NamedTuple):
    """A bound that asks for more than another allows of the same thing, first in ``year``."""

    low: Bound
    high: Bound
    year: int

    @property
    def message(self) -> Message:
        least, most = (line.values[self.year] / self.low.factor for line in (self.low, self.high))
        return message(
            "asks for at least {least:.6g} {unit} in {year}, while '{high}' allows {most:.6g}",
            least=least,
            unit=self.low.unit,
            year=self.year,
            high=self.high.id,
            most=most,
        )


def crossings(bounds: Iterable[Bound]) -> Iterator[Crossing]:
    """Every bound that asks for more than another allows, with the one that allows least then."""
    for group in alike(bounds):
        tightest: dict[int, Bound] = {}
        asking = list(asking_of(group))
        for high in allowing_of(group) if asking else ():
            for at, most in high.values.items():
                if at not in tightest or most < tightest[at].values[at]:
                    tightest[at] = high
        for low in asking:
            year = _first(low, {year: high.values[year] for year, high in tightest.items()})
            if year is not None:
                yield Crossing(low, tightest[year], year)


def crossings_of(changed: Mapping[str, Bound], bounds: Iterable[Bound]) -> Iterator[Crossing]:
    """Every pair of bounds that cross, of which one is changed, each in its first such year."""
    levers = {bound.lever for bound in changed.values()}
    near = (bound for bound in bounds if bound.lever in levers)
    for group in alike(near):
        allowing = list(allowing_of(group))
        moved = [high for high in allowing if high.id in changed]
        for low in asking_of(group):
            for high in allowing if low.id in changed else moved:
                year = _first(low, high.values)
                if year is not None:
                    yield Crossing(low, high, year)


def alike(bounds: Iterable[Bound]) -> Iterable[list[Bound]]:
    """Bounds on the same thing, in groups."""
    numbers: dict[tuple[str, ...], int] = {}
    seen: dict[int, tuple[tuple[str, ...], int]] = {}  # thousands of sites are compared once
    alike: dict[object, list[Bound]] = {}
    for bound in bounds:
        if bound.sense.is_level:
            if id(bound.sites) not in seen:
                number = numbers.setdefault(bound.sites, len(numbers))
                seen[id(bound.sites)] = (bound.sites, number)
            place = seen[id(bound.sites)][1]
            alike.setdefault((bound.lever, bound.which, place, bound.dimension), []).append(bound)
    return alike.values()


def asking_of(group: Iterable[Bound]) -> Iterator[Bound]:
    """The bounds of a group that ask for so much at least."""
    return (bound for bound in group if bound.sense in _LEAST)


def allowing_of(group: Iterable[Bound]) -> Iterator[Bound]:
    """The bounds of a group that allow so much at most."""
    return (bound for bound in group if bound.sense in _MOST)


def _first(low: Bound, most: Mapping[int, float]) -> int | None:
    """The first year in which a bound asks for more than is allowed."""
    for year, least in low.values.items():
        if year in most and least > most[year] * ROUNDING:
            return year
    return None
