"""Draws in which bounds on the same thing cross: told before the first solve."""

from collections.abc import Iterator

import numpy as np

from model.case.types import Bound
from model.levers.crossings import ROUNDING, alike, allowing_of, asking_of
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from model.sweep.sweep import Floats, Sweep


def check_draws(sweep: Sweep, where: str) -> None:
    """Raises ``CaseError`` where in a draw a bound asks for more than another allows."""
    faults = [fault for low, high in _pairs(sweep) if (fault := _crossing(sweep, low, high, where))]
    if faults:
        raise CaseError(where, faults)


def _pairs(sweep: Sweep) -> Iterator[tuple[Bound, Bound]]:
    """A bound that asks and another that allows of the same thing, of which the sweep moves one."""
    moved = {move.line for factor in sweep.factors for move in factor.moves}
    for group in alike(sweep.case.bounds.values()):
        allowing = list(allowing_of(group))
        for low in asking_of(group):
            for high in allowing:
                if low.id != high.id and {low.id, high.id} & moved:
                    yield low, high


def _crossing(sweep: Sweep, low: Bound, high: Bound, where: str) -> Fault | None:
    draws = len(sweep.points)
    crossing, first = np.zeros(draws, dtype=bool), 0
    for year in sweep.case.horizon:
        if year in low.values and year in high.values:
            least, most = _by_draw(sweep, low, year), _by_draw(sweep, high, year)
            wrong = least > most * ROUNDING
            first = first or (year if wrong.any() else 0)
            crossing |= wrong
    if not crossing.any():
        return None
    draw = int(np.argmax(crossing))
    least, most = _by_draw(sweep, low, first)[draw], _by_draw(sweep, high, first)[draw]
    return Fault(
        where,
        message(
            "in {count:,} of {draws:,} draws '{low}' asks for more than '{high}' allows, such as "
            "{least:.6g} {low_unit} above {most:.6g} {high_unit} in {year}",
            count=int(crossing.sum()),
            draws=draws,
            low=low.id,
            high=high.id,
            least=least / low.factor,
            low_unit=low.unit,
            most=most / high.factor,
            high_unit=high.unit,
            year=first,
        ),
    )


def _by_draw(sweep: Sweep, bound: Bound, year: int) -> Floats:
    values = np.full(len(sweep.points), bound.values[year])
    for column, factor in enumerate(sweep.factors):
        for move in factor.moves:
            if move.line == bound.id and move.lines[0].keys() >= {year}:
                ends = np.array([line[year] for line in move.lines])
                values = factor.between(sweep.points[:, column], ends)
    return values
