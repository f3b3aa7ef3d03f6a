"""How amounts are shown: tonnes in t, kt or Mt, heat in GJ, TJ or PJ. Only powers of ten."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_STEPS: dict[str, tuple[tuple[float, str], ...]] = {
    "t": ((1e6, "Mt"), (1e3, "kt"), (1.0, "t")),
    "GJ": ((1e6, "PJ"), (1e3, "TJ"), (1.0, "GJ")),
    "MWh": ((1e6, "TWh"), (1e3, "GWh"), (1.0, "MWh")),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit to show amounts in: the unit of the table is ``divisor`` times smaller."""

    divisor: float
    unit: str

    def formatted(self, value: float) -> str:
        """An amount of the table in this unit, in three digits."""
        return f"{digits(value / self.divisor)} {self.unit}".strip()

    def bare(self, value: float) -> str:
        """The same without its unit."""
        return digits(value / self.divisor)


def scale_for(values: Iterable[float], unit: str) -> Scale:
    """The unit in which the largest of some amounts is easy to read. unit: that of the table."""
    first, _, rest = unit.partition(" ")
    largest = max((abs(value) for value in values if value == value), default=0.0)
    for divisor, name in _STEPS.get(first, ()):
        if largest >= divisor or divisor == 1.0:
            return Scale(divisor, f"{name} {rest}".strip())
    return Scale(1.0, "" if unit == "1" else unit)


def digits(value: float) -> str:
    """A number in three digits, and no fewer than it has before the point.

    >>> [digits(v) for v in (22.95031, 0.0561, 18.0, 7019.4, -0.0, -0.9996)]
    ['23.0', '0.0561', '18.0', '7,019', '0', '−1.00']
    """
    if abs(value) < 1e-9:
        return "0"
    after = 2 - math.floor(math.log10(float(f"{abs(value):.2e}")))
    return f"{value:,.{max(after, 0)}f}".replace("-", "−")
