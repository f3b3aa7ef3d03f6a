"""The repair options of a case, in the register's own units and as ``--set`` takes them."""

import math
from collections.abc import Mapping

import pandas as pd

from kilnpath.language.wording import what_limits
from model.case.types import Bound, Case, Target
from model.case.units import REDUCTIONS
from model.case.units import Dimension as D
from model.targets.limits import reduced_from
from optimizer.infeasible.repair import PRECISION, Menu, Move

COLUMNS = (
    *("option", "id", "what", "place", "change", "change_unit", "lowest", "highest", "unit"),
    *("relative", "line", "set"),
)
_STRAIGHT = 1e-9  # of the largest limit: a corner of a line that is smaller is none


def menu_table(case: Case, menu: Menu) -> pd.DataFrame:
    """The repair menu, a row a limit: change and new limits in the unit of its line.

    option: its number, the same for both limits of a pair; change: in percentage points of a share;
    lowest, highest: of the new limits; relative: the change against the limit's own range; line:
    the new limits, ``2030:0.59 t/t,2035:0.46 t/t``, straight between these years; set: what
    ``--set`` takes, empty where SDA computes the limit, and of a given total of output. Both are
    rounded to the looser side.
    """
    options: list[tuple[Move, ...]] = [*((move,) for move in menu.singles), *menu.pairs]
    rows = [
        (number, *_row(case, m)) for number, moves in enumerate(options, start=1) for m in moves
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(case: Case, move: Move) -> tuple[object, ...]:
    line = case.line(move.name)
    limits = {year: _own(case, line, year, limit) for year, limit in move.values.items()}
    points, change = _in_points(line), move.change / line.factor
    return (
        line.id,
        what_limits(line),
        line.place,
        100 * move.change if points else change,
        "pp" if points else line.unit,
        min(limits.values()),
        max(limits.values()),
        line.unit,
        move.relative,
        _line_text(line, limits, change),
        _set_text(line, limits, change),
    )


def _in_points(line: Bound | Target) -> bool:
    return line.dimension in (D.SHARE, *REDUCTIONS)


def _own(case: Case, line: Bound | Target, year: int, limit: float) -> float:
    """A limit as its line gives it: in its unit, and what is below the base as such a part."""
    if isinstance(line, Target) and line.dimension in REDUCTIONS:
        base = reduced_from(case, line, year)
        limit = 1 - limit / base if base else line.values[year]
    return limit / line.factor


def _set_text(line: Bound | Target, limits: Mapping[int, float], change: float) -> str:
    """The change as ``--set`` takes it: one limit, percentage points, or else a new line."""
    if line.gives_output if isinstance(line, Bound) else line.sda:
        return ""
    told = {_with_unit(limit, change, line.unit) for limit in limits.values()}
    if len(told) == 1 and (_in_points(line) or min(limits.values()) >= 0):  # -1 kt is a shift
        return f"{line.id}={told.pop()}"
    moves = [limits[year] - line.values[year] / line.factor for year in limits]
    if _in_points(line) and all(math.isclose(move, change, rel_tol=1e-6) for move in moves):
        points = plain(far_enough(100 * change * line.factor, change))
        return f"{line.id}={'+' if change > 0 else ''}{points} pp"
    return f"{line.id}={_line_text(line, limits, change)}"


def _line_text(line: Bound | Target, limits: Mapping[int, float], change: float) -> str:
    """The corners of a new line; years in which the line limits nothing keep what they have."""
    kept = {year: limit / line.factor for year, limit in line.values.items()}
    values = {**kept, **limits}
    return ",".join(
        f"{year}:{_with_unit(values[year], change, line.unit)}" for year in _corners(values)
    )


def _corners(values: Mapping[int, float]) -> list[int]:
    """The first and the last year, and those between which the values go straight."""
    years = sorted(values)
    least = _STRAIGHT * max(abs(value) for value in values.values())
    corners = [
        year
        for before, year, after in zip(years, years[1:], years[2:], strict=False)
        if abs(
            values[year]
            - values[before]
            - (values[after] - values[before]) * (year - before) / (after - before)
        )
        > least
    ]
    return sorted({years[0], *corners, years[-1]})


def _with_unit(value: float, change: float, unit: str) -> str:
    return f"{plain(far_enough(value, change))} {unit}"


def far_enough(value: float, change: float) -> float:
    """The number rounded in the direction of the change, so that it repairs as it is written."""
    largest = max(abs(value), abs(change))
    digits = 4 - math.floor(math.log10(largest)) if largest else 0
    step = 10.0 ** -max(digits, 0)
    rounding = 1.01 * PRECISION * abs(change)  # by so much it is more than needed: 4 stays 4
    up, down = math.ceil((value - rounding) / step), math.floor((value + rounding) / step)
    return (up if change > 0 else down) * step


def plain(value: float) -> str:
    """A number as ``--set`` reads it, five digits or all before the point."""
    return f"{value:.0f}" if abs(value) >= 1e5 else f"{value + 0.0:.5g}"
