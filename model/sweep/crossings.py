"""Draws that put a least limit above the most limit of the same: told before the first solve."""

import numpy as np

from model.case.types import Bound, Sense
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from model.sweep.sweep import Floats, Sweep


def check_draws(sweep: Sweep, where: str) -> None:
    """Raises ``CaseError`` where a draw puts a least limit above the most limit of the same."""
    faults = [fault for low, high in _pairs(sweep) if (fault := _crossing(sweep, low, high, where))]
    if faults:
        raise CaseError(where, faults)


def _pairs(sweep: Sweep) -> list[tuple[Bound, Bound]]:
    """Bounds at least and at most on the same, of which the sweep moves one."""
    moved = {move.line for factor in sweep.factors for move in factor.moves}
    moved &= set(sweep.case.bounds)
    pairs = []
    for low in sweep.case.bounds.values():
        for high in sweep.case.bounds.values():
            opposite = low.sense is Sense.MIN and high.sense is Sense.MAX
            if opposite and {low.id, high.id} & moved and _what(low) == _what(high):
                pairs.append((low, high))
    return pairs


def _what(bound: Bound) -> tuple[object, ...]:
    return bound.lever, tuple(sorted(bound.weights.items())), bound.sites, bound.dimension


def _crossing(sweep: Sweep, low: Bound, high: Bound, where: str) -> Fault | None:
    draws = len(sweep.points)
    crossing, first = np.zeros(draws, dtype=bool), 0
    for year in sweep.case.horizon:
        if year in low.values and year in high.values:
            least, most = _by_draw(sweep, low, year), _by_draw(sweep, high, year)
            wrong = least > most * (1 + 1e-12)
            first = first or (year if wrong.any() else 0)
            crossing |= wrong
    if not crossing.any():
        return None
    draw = int(np.argmax(crossing))
    least, most = _by_draw(sweep, low, first)[draw], _by_draw(sweep, high, first)[draw]
    return Fault(
        where,
        message(
            "in {count:,} of {draws:,} draws '{low}' (at least) is above '{high}' (at "
            "most), such as {least:.6g} {low_unit} above {most:.6g} {high_unit} in {year}",
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
