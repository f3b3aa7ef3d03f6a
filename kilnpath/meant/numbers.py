"""Numbers in cells as people write them: ``35 %``, ``2,100,000``, ``－５``, ``3.2 GJ/t``."""

import re
from decimal import Decimal

from kilnpath.meant.signs import DASHES, LONGEST, has_no_value, plain_signs
from kilnpath.meant.units import unit_meant
from kilnpath.meant.ways import (
    COMMA,
    DASH,
    DATE,
    EITHER,
    NO_VALUE,
    OTHER_UNIT,
    PERCENT,
    PERCENT_OF_OTHER,
    SIGNS,
    THOUSANDS,
    WITH_UNIT,
    Meaning,
)
from model.case.numbers import is_number
from model.case.units import AMOUNTS, UNITS, Dimension

_PERCENTS = ("%", "% below base", "% below frozen", "%/yr")
_WITH_UNIT = re.compile(r"(?P<number>[-+]?[0-9.,' ]*[0-9]) ?(?P<unit>[^0-9.,' ].*)")
# Groups of three digits: certain where there are two signs, or of two kinds, or a blank.
_GROUPS = re.compile(r"[0-9]{1,3}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|(?:,[0-9]{3})+\.[0-9]+)")
_BLANKS = re.compile(r"[0-9]{1,3}(?:(?: [0-9]{3})+|(?:'[0-9]{3})+)(?:\.[0-9]+)?")
_ONE_GROUP = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_COMMA = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:[. '][0-9]{3})+),(?P<part>[0-9]+)")
_POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_DATE = re.compile(r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}")
_SMALL = ("kg", "t", "MJ", "GJ", "kcal", "Mcal", "kWh", "MWh")  # of which thousands are usual
_ALIKE = 30.0  # times that numbers of one row are apart at most, to be of one writing


def number_meant(text: str, unit: str) -> Meaning | None:
    """What a cell of a number is taken as; ``None`` where it is one, or nothing that is known.

    unit: of the numbers there, as its table writes it.

    >>> number_meant("35 ％", "%").now, number_meant("35%", "1").now
    ('35', '0.35')
    >>> number_meant("2,100,000", "t").now, number_meant("1,5", "t").sure
    ('2100000', False)
    """
    if not text or len(text) > LONGEST or is_number(text):
        return None
    if text in DASHES:
        return Meaning("0", DASH, sure=False)
    if has_no_value(text):
        return Meaning("", NO_VALUE)
    if _DATE.fullmatch(text):
        return Meaning("", DATE, sure=False)
    plain = re.sub(r"^(?:[-–]\s*(?=[0-9.]))", "-", plain_signs(text))
    found = _WITH_UNIT.fullmatch(plain)
    if found and not is_number(plain):
        return _with_unit(found["number"], found["unit"].strip(), unit)
    return _grouped(plain) or (Meaning(plain, SIGNS) if is_number(plain) else None)


def _with_unit(number: str, own: str, unit: str) -> Meaning | None:
    inner = _grouped(number)
    if inner is not None and not inner.sure:
        return inner
    number = inner.now if inner else number
    if not is_number(number):
        return None
    if own == unit or unit_meant(own) == unit != "":
        return Meaning(number, PERCENT if unit == "%" else WITH_UNIT)
    if unit_meant(own) == "%":
        if unit in _PERCENTS:
            return Meaning(number, PERCENT)
        if unit == Dimension.SHARE:
            return Meaning(_part(number), PERCENT)
        return Meaning(unit, PERCENT_OF_OTHER, sure=False)
    return Meaning(unit, OTHER_UNIT, sure=False) if unit_meant(own) else None


def _part(percent: str) -> str:
    """A percentage as a part of 1, of the same digits: 35 is 0.35."""
    return f"{Decimal(percent).scaleb(-2).normalize():f}"


def _grouped(text: str) -> Meaning | None:
    """A number with signs between its digits; ``None`` where there are none."""
    sign = text[:1] if text[:1] in ("-", "+") else ""
    digits = text.removeprefix(sign)
    if _GROUPS.fullmatch(digits) or _BLANKS.fullmatch(digits):
        return Meaning(sign + re.sub("[,' ]", "", digits), THOUSANDS)
    if _ONE_GROUP.fullmatch(digits):
        return Meaning(sign + digits.replace(",", ""), EITHER, sure=False)
    if found := _COMMA.fullmatch(digits):
        whole = re.sub("[. ']", "", found["whole"])
        return Meaning(f"{sign}{whole}.{found['part']}", COMMA, sure=False)
    if _POINTS.fullmatch(digits):
        return Meaning(sign + digits.replace(".", ""), COMMA, sure=False)
    return None


def is_thousands(number: str, unit: str, others: list[str]) -> bool:
    """Whether the comma of ``1,234`` can only stand between thousands.

    number: without the comma; unit: of its row; others: the row's other cells of numbers. It can
    where the others are as large, or tonnes or kWh have no such decimals.
    """
    dimension = UNITS.get(unit, (None, 0.0))[0]
    if unit.removesuffix("/yr").removesuffix(" CO2") in _SMALL and dimension in AMOUNTS:
        return True
    sizes = [abs(float(cell)) for cell in others if is_number(cell) and len(cell) < LONGEST]
    size = abs(float(number))
    return any(size / _ALIKE <= other <= size * _ALIKE for other in sizes)
