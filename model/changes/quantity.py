"""Quantities as people write them: ``30%``, ``+5 pp``, ``*0.9``; one syntax wherever they are."""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from model.case.numbers import is_number
from model.case.units import REDUCTIONS, UNITS, Dimension
from model.messages.errors import KilnpathError
from model.messages.message import message

SHARES = (Dimension.SHARE, *REDUCTIONS)  # of which a shift is in percentage points
POINTS = "pp"
_TIMES = re.compile(r"^\*\s*(?P<number>[-+]?[\d.]+(e[-+]?\d+)?)$", re.IGNORECASE)
_NUMBER = re.compile(r"^(?P<number>[-+]?[\d.]+(e[-+]?\d+)?)\s*(?P<unit>.*)$", re.IGNORECASE)
_SIGNS = ("+", "-")


class QuantityError(KilnpathError):
    """What is wrong with a quantity, or with the change that it is part of."""


class Way(StrEnum):
    """How a quantity changes a number: in its place, times it, or beside it."""

    IS = "is"
    TIMES = "times"
    PLUS = "plus"

    def of(self, value: float, number: float) -> float:
        """The changed value, inside units; number: of the quantity, inside units."""
        if self is Way.TIMES:
            return value * number
        return value + number if self is Way.PLUS else number


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as written.

    way: ``*0.9`` and ``+5%`` are ``TIMES``, ``+5 pp`` and ``-20 kt`` are ``PLUS``, ``30%`` and
    ``0.3`` are ``IS``; number: the factor, else as written, in ``unit``, which may be empty.
    """

    text: str
    way: Way
    number: float
    unit: str

    @property
    def figure(self) -> str:
        """The number as written."""
        return self.text.removesuffix(self.unit).strip()

    @property
    def is_unclear(self) -> bool:
        """A sign and no unit, or points without a sign: may be meant in several ways."""
        return self.way is Way.IS and (self.text.startswith("+") or self.unit == POINTS)


def read_quantity(text: str) -> Quantity:
    """What a text stands for. Raises ``QuantityError``.

    >>> [(q.way, q.number, q.unit) for q in map(read_quantity, ("30%", "-5 pp", "*0.9"))]
    [(<Way.IS: 'is'>, 30.0, '%'), (<Way.PLUS: 'plus'>, -5.0, 'pp'), (<Way.TIMES: 'times'>, 0.9, '')]
    """
    text = text.strip()
    if match := _TIMES.match(text):
        return Quantity(text, Way.TIMES, number_of(match["number"]), "")
    match = _NUMBER.match(text)
    if match is None:
        raise QuantityError(message("'{text}' is not a number with a unit", text=text[:60]))
    number, unit = number_of(match["number"]), match["unit"].strip()
    signed = text.startswith(_SIGNS)
    if signed and unit == "%":
        return Quantity(text, Way.TIMES, float(f"{1 + number / 100:.15g}"), "")
    if signed and (unit == POINTS or (unit in UNITS and UNITS[unit][0] not in SHARES)):
        return Quantity(text, Way.PLUS, number, unit)
    return Quantity(text, Way.IS, number, unit)


def number_of(text: str) -> float:
    """The number of a decimal text. Raises ``QuantityError``."""
    if not is_number(text) or not math.isfinite(float(text)):
        raise QuantityError(message("'{text}' is not a number", text=text[:40]))
    return float(text)
