"""Lines of numbers by year, held as blocks: cases of 200,000 bounds hold millions of them."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise


class YearLine(Mapping[int, float]):
    """Numbers of consecutive years. A dictionary of them takes six times as much memory.

    first: the first year; numbers: of it and the years after it.
    """

    __slots__ = ("first", "numbers")

    def __init__(self, first: int, numbers: "array[float]") -> None:
        self.first = first
        self.numbers = numbers

    def __getitem__(self, year: int) -> float:
        position = year - self.first
        if 0 <= position < len(self.numbers):
            return self.numbers[position]
        raise KeyError(year)

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.first + len(self.numbers)))

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, year: object) -> bool:
        return isinstance(year, int) and 0 <= year - self.first < len(self.numbers)

    def __repr__(self) -> str:
        return f"YearLine({self.first}, {list(self.numbers)})"


def interpolate(values: Mapping[int, float], years: range) -> YearLine:
    """Straight lines between given years, for the years of ``years`` between first and last given.

    >>> interpolate({2020: 1.0, 2022: 3.0}, range(2020, 2023))
    YearLine(2020, [1.0, 2.0, 3.0])
    """
    known = sorted(values)
    first = max(known[0], years.start) if known else years.start
    if known and len(known) == known[-1] + 1 - known[0]:  # no gap to fill
        return YearLine(first, array("d", [values[year] for year in known if year in years]))
    numbers: list[float] = []
    for left, right in pairwise(known):
        inside = range(max(left, years.start), min(right, years.stop))
        if inside:
            start, rise = values[left], values[right] - values[left]
            parts = _parts(right - left)[inside.start - left : inside.stop - left]
            numbers += [start + part * rise for part in parts]
    if known and known[-1] in years:
        numbers.append(values[known[-1]])
    return YearLine(first, array("d", numbers))


@lru_cache(maxsize=256)
def _parts(steps: int) -> tuple[float, ...]:
    """0, 1/steps, 2/steps, … below 1."""
    return tuple(step / steps for step in range(steps))


def numbers_over(
    values: Mapping[int, float], years: range, missing: float | None = None
) -> Sequence[float]:
    """The numbers of years in order; ``missing`` for a year that is not there.

    Raises ``KeyError`` for such a year where nothing is given for it.

    >>> numbers_over({2021: 1.5, 2022: 2.5}, range(2020, 2023), missing=0.0)
    [0.0, 1.5, 2.5]
    """
    if isinstance(values, YearLine):
        first = years.start - values.first
        if first >= 0 and first + len(years) <= len(values):
            return values.numbers[first : first + len(years)]
    if missing is None:
        return [values[year] for year in years]
    return [values.get(year, missing) for year in years]


def years_held(values: Mapping[int, float], years: range) -> int:
    """Which of ``years`` are there, as bits of a number: the lowest bit is the first year.

    >>> bin(years_held({2021: 1.0, 2022: 1.0}, range(2020, 2023)))
    '0b110'
    """
    if isinstance(values, YearLine):
        first = max(values.first, years.start)
        stop = min(values.first + len(values), years.stop)
        return ((1 << max(stop - first, 0)) - 1) << (first - years.start)
    return sum(1 << (year - years.start) for year in values if year in years)


def years_of(held: int, years: range) -> tuple[int, ...]:
    """The years that ``years_held`` told as bits.

    >>> years_of(0b110, range(2020, 2023))
    (2021, 2022)
    """
    return tuple(year for year in years if held >> (year - years.start) & 1)
