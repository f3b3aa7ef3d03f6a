"""Numbers as the page shows them. Only powers of ten lie between them and the tables."""

import math
from dataclasses import dataclass

from markupsafe import Markup

_SHOWN = {  # unit of the table -> power of ten to divide by, and unit on the page
    "t": (1e3, "kt"),
    "t CO2": (1e3, "kt CO2"),
    "t CO2e": (1e3, "kt CO2e"),
    "GJ": (1e3, "TJ"),
    "MWh": (1e3, "GWh"),
}
_SHARE = "1"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a table: its value there, and how it is shown, with or without its unit.

    On the page the value stands in a ``<data>`` element, so that a reader's program (and a test)
    can compare what is shown with the table.
    """

    value: float
    text: str
    unit: str

    def __html__(self) -> Markup:
        return Markup('<data value="{}">{}</data>').format(f"{self.value:.12g}", self.text)

    @property
    def with_unit(self) -> Markup:
        if not self.unit:
            return Markup("{}").format(self)
        return Markup("{}\N{NO-BREAK SPACE}{}").format(self, self.unit)


def number(value: float, unit: str) -> Number:
    """A number in the unit that the page shows; tonnes as kt, shares as %."""
    if unit == _SHARE:
        return Number(value, _digits(100 * value, 1), "%")
    divisor, shown = _SHOWN.get(unit, (1.0, unit))
    if divisor == 1.0:
        return Number(value, _significant(value), shown)
    return Number(value, _amount(value / divisor), shown)


def count(value: float) -> Number:
    """A number of things."""
    return Number(value, f"{value:,.0f}", "")


def intensity(value: float) -> Number:
    """Emissions per product, in four digits after the point as targets are stated."""
    return Number(value, _digits(value, 4), "t/t")


def _amount(value: float) -> str:
    return _digits(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 3)


def _significant(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return _unsigned(f"{value:,.4g}") if abs(value) < 1e4 else f"{value:,.0f}"


def _digits(value: float, after: int) -> str:
    if not math.isfinite(value):
        return "–"
    return _unsigned(f"{value:,.{after}f}") if value else "0"


def _unsigned(text: str) -> str:
    """Without the minus sign of a rounded 0, and with a true minus sign otherwise."""
    bare = text.lstrip("-") if not text.strip("-0.,") else text
    return bare.replace("-", "\N{MINUS SIGN}") if "e" not in bare else bare
