"""Other limits for bounds and typed targets."""

import re

from model.case.tables import LARGEST, is_year
from model.case.types import Bound, Case, Target
from model.case.units import REDUCTIONS, UNITS
from model.case.units import Dimension as D
from model.case.year_lines import interpolate
from model.changes.quantity import POINTS, SHARES, Quantity, QuantityError, Way, read_quantity
from model.levers.bound_rows import bound_years
from model.levers.levers import MOST
from model.levers.physical_ends import ROUNDING, physical_ends
from model.messages.message import Message, message

Line = Bound | Target


def check_line(case: Case, line: Line) -> None:
    """Raises ``QuantityError`` where a line has no limits that can be typed."""
    if isinstance(line, Target) and line.sda:
        raise QuantityError(message("this target's limit is computed by SDA; it cannot be typed"))
    if not _limited(case, line):
        raise QuantityError(message("'{name}' limits no year of the horizon", name=line.id))
    if isinstance(line, Bound) and line.gives_output:
        raise output_is_given(line)


def output_is_given(total: Bound) -> QuantityError:
    """That a given total of output stays: the company's plan, and so its targets, add up to it."""
    words = message(
        "'{total}' gives the cement of its sites together, to which the plan's own adds up; write "
        "another output into the tables of the case",
        total=total.id,
    )
    return QuantityError(words)


def changed_values(case: Case, line: Line, years: str, value: str) -> dict[int, float]:
    """The limits of a line that a change gives it, by year, inside units.

    years: ``2035``, ``2030-2035``, or empty for all. Raises ``QuantityError``.
    """
    if is_new_line(value):
        if years:
            raise QuantityError(message("write either ID@YEAR=VALUE or ID=YEAR:VALUE,YEAR:VALUE"))
        return _new_line(line, value)
    quantity = read_quantity(value)
    return {year: _moved(line, year, quantity) for year in _years(case, line, years)}


def is_new_line(value: str) -> bool:
    """Whether a value is one of several years: ``2024:15%,2050:40%``."""
    return re.match(r"^\d{4}\s*:", value, re.ASCII) is not None


def read_new_line(text: str) -> dict[int, str]:
    """Year -> value as written, of ``2024:15%,2050:40%``. Raises ``QuantityError``."""
    given = {}
    for part in text.split(","):
        year, _, value = part.partition(":")
        if not is_year(year.strip()):
            raise QuantityError(message("'{part}' is not YEAR:VALUE", part=part.strip()))
        given[int(year)] = value.strip()
    return given


def _limited(case: Case, line: Line) -> list[int]:
    """The years of the horizon that a line limits; none where it expired before them."""
    if isinstance(line, Bound):
        return bound_years(case, line)
    return sorted(year for year in line.values if year in case.horizon)


def _years(case: Case, line: Line, text: str) -> list[int]:
    """The years of a line that a change speaks of; of some, one at least must be of the horizon."""
    if not text:
        return sorted(line.values)
    held = sorted(line.values)
    first, last = int(text[:4]), int(text[-4:])
    chosen = [year for year in held if first <= year <= last]
    if not chosen:
        raise QuantityError(
            message(
                "this line holds from {first} to {last}, not in {text}",
                first=held[0],
                last=held[-1],
                text=text,
            )
        )
    limited = _limited(case, line)
    if not any(year in limited for year in chosen):
        raise QuantityError(
            message(
                "'{name}' limits the years {first} to {last} of the horizon, none of {text}",
                name=line.id,
                first=limited[0],
                last=limited[-1],
                text=text,
            )
        )
    return chosen


def _new_line(line: Line, text: str) -> dict[int, float]:
    given = {year: _absolute(line, value) for year, value in read_new_line(text).items()}
    held = sorted(line.values)
    if min(given) > held[0] or max(given) < held[-1]:
        raise QuantityError(
            message(
                "give the first and last year of the line, {first} and {last}",
                first=held[0],
                last=held[-1],
            )
        )
    straight = interpolate(given, range(held[0], held[-1] + 1))
    return {year: straight[year] for year in held}


def _absolute(line: Line, text: str) -> float:
    """A limit that stands for itself, also where it has a sign."""
    quantity = read_quantity(text)
    if quantity.way is Way.TIMES or quantity.unit == POINTS:
        raise QuantityError(message("'{text}' is not a number with a unit", text=text[:60]))
    return _value(line, quantity)


def _moved(line: Line, year: int, quantity: Quantity) -> float:
    before, text = line.values[year], quantity.text
    if quantity.way is Way.TIMES:
        return _allowed(line, before * quantity.number, text)
    if quantity.way is Way.PLUS:
        return _allowed(line, before + shift_of(line.dimension, line.unit, quantity), text)
    if quantity.is_unclear:
        raise unclear(line.dimension, text)
    return _value(line, quantity)


def shift_of(dimension: D, unit: str, quantity: Quantity) -> float:
    """How much a shift adds, inside units. Raises ``QuantityError`` where it does not fit.

    unit: in which a number of that dimension is spoken of.
    """
    if quantity.unit == POINTS:
        if dimension in SHARES:
            return quantity.number / 100
        words = message(
            "'{text}' is for shares; this line is in {unit}", text=quantity.text, unit=unit
        )
        raise QuantityError(words)
    of, factor = UNITS[quantity.unit]
    if of is not dimension:
        raise QuantityError(_does_not_fit(quantity.unit, unit))
    return quantity.number * factor


def unclear(dimension: D, text: str) -> QuantityError:
    """That a quantity may be meant in several ways, and how each is written."""
    words = message("'{text}' is unclear; write +5% or *1.05 for a relative change", text=text)
    if dimension in SHARES:
        words = message(
            "'{text}' is unclear; write +5% or *1.05 for a relative change, +5 pp for five "
            "percentage points more",
            text=text,
        )
    return QuantityError(words)


def _does_not_fit(unit: str, own: str) -> Message:
    return message("unit '{unit}' does not fit; this line is in {own}", unit=unit, own=own)


def _allowed(line: Line, inside: float, text: str) -> float:
    most = _most(line)
    least = _least(line) if isinstance(line, Bound) else -most
    if not least <= inside <= most:
        said = message("too much") if inside > most else message("too little")
        raise QuantityError(
            message(
                "{text} gives {value:.6g} {unit}, {said}",
                text=text,
                value=inside / line.factor,
                unit=line.unit,
                said=said,
            )
        )
    return inside


def _most(line: Line) -> float:
    return 1.0 if line.dimension in REDUCTIONS else MOST.get(line.dimension, LARGEST)


def _least(line: Line) -> float:
    """The least limit of a bound, but for what rounding of a written limit takes off."""
    return physical_ends(line)[0] * (1 - ROUNDING)


def _value(line: Line, quantity: Quantity) -> float:
    """The value in inside units."""
    unit, number = quantity.unit, quantity.figure
    if unit and unit not in UNITS:
        raise QuantityError(
            message("unit '{unit}' is not known; this line is in {own}", unit=unit, own=line.unit)
        )
    if unit:
        dimension, factor = UNITS[unit]
        same = dimension is line.dimension
        if not same and not (dimension is D.SHARE and line.dimension in REDUCTIONS):
            raise QuantityError(_does_not_fit(unit, line.unit))
    else:
        factor = 1.0 if line.dimension in SHARES else line.factor
    inside = quantity.number * factor
    most = _most(line)
    if line.dimension in SHARES and inside > 1.0 and not unit:
        raise QuantityError(
            message(
                "{number} is more than a whole; write {number}% or a fraction of 1", number=number
            )
        )
    if inside > most:
        text = message(
            "{number} {unit} is too much; the most is {most:.10g}",
            number=number,
            unit=unit or line.unit,
            most=most / factor,
        )
        raise QuantityError(text)
    least = _least(line) if isinstance(line, Bound) else -most
    if inside < least:
        raise QuantityError(_too_little(line, number, unit or line.unit, inside, factor))
    return inside


def _too_little(line: Line, number: str, unit: str, inside: float, factor: float) -> Message:
    """Why a value is too little; inside: the same in inside units, ``factor`` times the number."""
    if isinstance(line, Target):
        return message("{number} {unit} is too little", number=number, unit=unit)
    if inside < 0.0:
        return message("{number} {unit} is negative; the least is 0", number=number, unit=unit)
    return message(
        "{number} {unit} is less than the reactions of clinker take; the least is {least:.5g}",
        number=number,
        unit=unit,
        least=physical_ends(line)[0] / factor,
    )
