"""In which sense a line of the register limits what it speaks of."""

from collections.abc import Mapping
from enum import StrEnum


class Sense(StrEnum):
    """At least, at most or fixed; of a level, its change from year to year, or a sum over years."""

    MIN = "min"
    MAX = "max"
    FIXED = "fixed"
    RISE_MAX = "rise_max"
    FALL_MAX = "fall_max"
    TOTAL_MIN = "total_min"
    TOTAL_MAX = "total_max"

    @property
    def limits_change(self) -> bool:
        """Whether it limits the change from the year before."""
        return self in (Sense.RISE_MAX, Sense.FALL_MAX)

    @property
    def sums_years(self) -> bool:
        """Whether it limits the sum over all its years."""
        return self in (Sense.TOTAL_MIN, Sense.TOTAL_MAX)

    @property
    def is_level(self) -> bool:
        """Whether it limits what is done in each year by itself."""
        return not (self.limits_change or self.sums_years)

    @property
    def is_least(self) -> bool:
        """Whether it asks for so much at least, and allows any more."""
        return self in (Sense.MIN, Sense.TOTAL_MIN)


class OfYears:
    """What is limited in each of its years; or, from ``since`` on, over all of them together."""

    __slots__ = ()
    values: Mapping[int, float]
    since: int | None

    @property
    def years(self) -> range:
        """The years that it speaks of, from the first to the last."""
        first = min(self.values) if self.since is None else self.since
        return range(first, max(self.values) + 1)
