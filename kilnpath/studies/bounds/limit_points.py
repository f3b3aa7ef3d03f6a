"""Points of a moving limit: as people write them, and in which unit they are shown."""

from dataclasses import dataclass

from model.case.types import Case
from model.case.units import REDUCTIONS, UNITS, Dimension
from model.changes.lines import shift_of, unclear
from model.changes.quantity import POINTS, SHARES, Quantity, QuantityError, Way, read_quantity
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from optimizer.sensitivity.reoptimize import Line, Reoptimizer, shown_unit

TIMES = "×"  # the unit of a factor


@dataclass(frozen=True, slots=True)
class Point:
    """A written point: how it changes limits, and its number inside units; a factor has none."""

    text: str
    way: Way
    number: float


def shown_in(line: Line, way: Way) -> tuple[str, float]:
    """The unit of a moving limit's numbers, and how many inside units one of it is."""
    unit, factor = shown_unit(line)
    if way is Way.TIMES:
        return TIMES, 1.0
    return (POINTS if way is Way.PLUS and unit == "%" else unit), factor


def point_of(
    case: Case, model: Reoptimizer, limit: tuple[str, int | None], text: str, option: str
) -> Point:
    """The point that an option gives. Raises ``CaseError`` where it is none.

    limit: id, and the year or all. Written as for ``--set``: ``30%``, ``+5 pp``, ``*0.9``. A number
    alone is in the unit of the line, but none of a share, and none where limits differ by year.
    """
    name, year = limit
    values = model.values(name)
    several = len(set(values.values())) > 1 and year is None
    try:
        quantity = read_quantity(text)
        return Point(text, quantity.way, _number(model.line(name), quantity, several))
    except QuantityError as error:
        raise CaseError(case.id, [Fault(option, error.message)]) from None


def _number(line: Line, quantity: Quantity, several: bool) -> float:
    """Inside units; several: whether the limits differ between years. Raises ``QuantityError``."""
    unit, factor = shown_unit(line)
    dimension = UNITS[unit][0]
    if quantity.way is Way.TIMES:
        if line.dimension in REDUCTIONS or (line.dimension is not dimension):
            words = message(
                "'{text}' is unclear here: this limit is computed; write it in {unit}",
                text=quantity.text,
                unit=unit,
            )
            raise QuantityError(words)
        return quantity.number
    if quantity.way is Way.PLUS:
        return shift_of(dimension, unit, quantity)
    if not quantity.unit:
        return quantity.number * _own_factor(dimension, factor, unit, quantity.text, several)
    if quantity.is_unclear:
        raise unclear(dimension, quantity.text)
    if quantity.unit not in UNITS or UNITS[quantity.unit][0] is not dimension:
        words = message("'{text}' is not a number in {unit}", text=quantity.text[:60], unit=unit)
        raise QuantityError(words)
    return quantity.number * UNITS[quantity.unit][1]


def _own_factor(dimension: Dimension, factor: float, unit: str, text: str, several: bool) -> float:
    """The factor of a number without a unit, where it can mean one thing only."""
    bare = text.lstrip("+-")
    if dimension in SHARES:
        words = message(
            "'{text}' is unclear; write {bare}% for the limit itself, '+{bare} pp' or '-{bare} pp' "
            "for a shift, *0.9 for a factor",
            text=text,
            bare=bare,
        )
        raise QuantityError(words)
    if several or text.startswith("+"):
        words = message(
            "'{text}' is unclear; write '{bare} {unit}' for the limit itself, '+{bare} {unit}' or "
            "'-{bare} {unit}' for a shift, *0.9 for a factor",
            text=text,
            bare=bare,
            unit=unit,
        )
        raise QuantityError(words)
    return factor
