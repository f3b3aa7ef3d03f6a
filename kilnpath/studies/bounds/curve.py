"""The least CCUS as one limit moves, or two."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

import numpy as np
import pandas as pd

from kilnpath.progress import Progress, collected
from kilnpath.studies.bounds.limit_points import Point, point_of, shown_in
from model.case.types import Case, Objective
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.message import message
from optimizer.programme.rows import Floats
from optimizer.sensitivity.curve import Curve, trace
from optimizer.sensitivity.moving_limit import Parameter, parameter, reach
from optimizer.sensitivity.reoptimize import Reoptimizer, shown_unit

_MAP_POINTS = 9


def curve(
    case: Case,
    bound: str,
    low: str | None = None,
    high: str | None = None,
    objective: Objective | str | None = None,
    progress: Progress | None = None,
) -> tuple[Curve, pd.DataFrame]:
    """The least CCUS as a function of one limit, ``ID`` or ``ID@YEAR``, and its table.

    low, high: as ``--set`` has them: the limit itself (``30%``), a shift of it (``+5 pp``) or a
    factor (``*0.9``); where none is given, a line whose limits differ between years is shifted.
    Table: value (the limit in the register's unit; a shift, of a share in percentage points; or a
    factor), limit (of the last year that moves, in limit_unit), ccus [t CO2], slope to the next
    point [t CO2 per unit of value], now (whether it is the present value, which is there, without
    ccus where it is impossible, unless the limits are no single number), unit of value, limit_unit,
    objective (of which years the CCUS is: ``cumulative``, ``final``, ``peak``). Raises
    ``CaseError`` for an unknown bound.
    """
    chosen = Objective(objective or case.objective)
    model = Reoptimizer(case, chosen)
    limit = known_limit(case, model, bound)
    line = model.line(limit[0])
    ends = {
        option: point_of(case, model, limit, text, option)
        for text, option in ((low, "--from"), (high, "--to"))
        if text is not None
    }
    ways = {point.way for point in ends.values()}
    if len(ways) > 1:
        what = message("write both in one way: as limits (20%), shifts (+5 pp) or factors (*0.9)")
        raise CaseError(case.id, [Fault("--from, --to", what)])
    moving = parameter(model, *limit, next(iter(ways), None))
    _check_reach(case, model, moving, ends)
    first, last = (ends[o].number if o in ends else None for o in ("--from", "--to"))
    if (first if first is not None else moving.low) >= (last if last is not None else moving.high):
        what = message("the lowest value must be below the highest")
        raise CaseError(case.id, [Fault("--from, --to", what)])
    found = trace(model, moving, first, last, None if progress is None else progress.update)
    if progress is not None:
        progress.stopped = found.stopped
    unit, factor = shown_in(line, moving.way)
    own, own_factor = shown_unit(line)
    table = _curve_table(found, factor, model.least())
    year = moving.years[-1]
    before = model.values(limit[0])[year]
    limits = [moving.way.of(before, value * factor) / own_factor for value in table["value"]]
    table.insert(1, "limit", limits)
    return found, table.assign(unit=unit, limit_unit=own, objective=str(chosen))


def _check_reach(
    case: Case, model: Reoptimizer, moving: Parameter, ends: Mapping[str, Point]
) -> None:
    """Raises ``CaseError`` where an end that was asked for lies beyond where physics ends."""
    unit, factor = shown_in(model.line(moving.name), moving.way)
    least, most = reach(model, moving)
    room = 1e-9 * factor
    for option, point in ends.items():
        if least - room <= point.number <= most + room:
            continue
        what = message(
            "'{text}' is past where this limit can go; it ends at {end:.10g} {unit}",
            text=point.text,
            end=(least if point.number < least else most) / factor,
            unit=unit,
        )
        raise CaseError(case.id, [Fault(option, what)])


def _curve_table(curve: Curve, factor: float, least_now: float) -> pd.DataFrame:
    """The points of a curve and the present value, in order, with the slope from each to the next.

    There is no slope to or from a present value beyond the points, where nothing was looked at.
    """
    now = curve.parameter.now
    points = {point.value: point.least for point in curve.points}
    ends = (min(points), max(points)) if points else (np.inf, -np.inf)
    room = 1e-9 * (curve.looked[1] - curve.looked[0])
    mark = now
    if now is not None:
        near = min(points, key=lambda value: abs(value - now), default=np.inf)
        mark = near if abs(near - now) <= room else now
        points.setdefault(mark, least_now if np.isfinite(least_now) else np.nan)
    values = sorted(points)
    rows = []
    for value, after in zip_longest(values, values[1:]):
        inside = after is not None and ends[0] <= value and after <= ends[1]
        slope = (points[after] - points[value]) / (after - value) * factor if inside else None
        rows.append((value / factor, points[value], slope, value == mark))
    return pd.DataFrame(rows, columns=["value", "ccus", "slope", "now"])


def curve_map(
    case: Case,
    first: str,
    second: str,
    objective: Objective | str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The least CCUS [t CO2] as two limits move, from half of each to half as much again.

    Index: values of the first, columns: of the second, in the register's units (shifts where a
    line differs between years); NaN where there is no pathway. Raises ``CaseError``.
    """
    model = Reoptimizer(case, Objective(objective or case.objective))
    axes = []
    for text in (first, second):
        name, year = known_limit(case, model, text)
        moving = parameter(model, name, year)
        largest = max(abs(v) for v in model.values(name).values()) or 1.0
        assert moving.now is not None  # of a line as it is, and of its shifts
        low, high = moving.now - largest / 2, moving.now + largest / 2
        factor = shown_unit(model.line(name))[1]
        values = np.linspace(max(low, moving.low), min(high, moving.high), _MAP_POINTS)
        axes.append((moving, factor, values))
    (one, factor_one, values_one), (two, factor_two, values_two) = axes
    if one.name == two.name:
        raise CaseError(case.id, [Fault("--and", message("name another bound than the first"))])
    cells = collected(_cells(model, one, values_one, two, values_two), _MAP_POINTS**2, progress)
    rows = np.full((len(values_one), len(values_two)), np.nan)
    rows.flat[: len(cells)] = cells
    index = pd.Index(values_one / factor_one, name=first)
    whole = len(cells) // len(values_two)  # rows, where an interrupt ended it
    return pd.DataFrame(rows, index=index, columns=values_two / factor_two)[:whole]


def _cells(
    model: Reoptimizer, one: Parameter, ones: Floats, two: Parameter, twos: Floats
) -> Iterator[float]:
    """The least CCUS at each pair of values, NaN without a pathway. [t CO2]"""
    for value in ones:
        _move(model, one, float(value))
        for other in twos:
            _move(model, two, float(other))
            least = model.least()
            yield least if np.isfinite(least) else np.nan


def _move(model: Reoptimizer, moving: Parameter, value: float) -> None:
    model.set(moving.name, moving.limits(model.values(moving.name), value))


def known_limit(case: Case, model: Reoptimizer, text: str) -> tuple[str, int | None]:
    """The id and year of ``ID`` or ``ID@YEAR``. Raises ``CaseError`` where there is none."""
    name, _, year = text.partition("@")
    if name not in case.bounds and name not in case.targets:
        hint = did_you_mean(name, [*case.bounds, *case.targets])
        what = message("no bound or target is called '{name}'{hint}", name=name, hint=hint)
        raise CaseError(case.id, [Fault(text, what)])
    years = sorted(model.values(name))
    if not years:
        what = message("'{name}' limits no year of the horizon", name=name)
        raise CaseError(case.id, [Fault(text, what)])
    if not year:
        return name, None
    if not (year.isdigit() and int(year) in years):
        what = message(
            "'{name}' holds from {first} to {last}, not in {year}",
            name=name,
            first=years[0],
            last=years[-1],
            year=year,
        )
        raise CaseError(case.id, [Fault(text, what)])
    return name, int(year)
