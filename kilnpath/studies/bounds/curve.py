"""The least CCUS as one limit moves, or two."""

import math
from collections.abc import Iterator, Mapping
from itertools import zip_longest

import numpy as np
import pandas as pd

from kilnpath.progress import Progress, collected
from model.case.types import Case, Objective
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.message import message
from optimizer.programme.rows import Floats
from optimizer.sensitivity.curve import Curve, Parameter, parameter, reach, trace
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

    Table: value (in the register's unit; a shift where the line differs between years, in
    percentage points of a share), ccus [t CO2], slope to the next point [t CO2 per unit], now
    (whether it is the present value, which is always there; without ccus where it is impossible),
    unit of value, objective (of which years the CCUS is: ``cumulative``, ``final``, ``peak``).
    Raises ``CaseError`` for an unknown bound.
    """
    chosen = Objective(objective or case.objective)
    model = Reoptimizer(case, chosen)
    name, year = known_limit(case, model, bound)
    moving = parameter(model, name, year)
    unit, factor = shown_unit(model.line(name))
    first, last = (
        None if text is None else number_in(case, text, unit, option, moving.shifts) * factor
        for text, option in ((low, "--from"), (high, "--to"))
    )
    _check_reach(case, model, moving, {"--from": (low, first), "--to": (high, last)})
    if (first if first is not None else moving.low) >= (last if last is not None else moving.high):
        what = message("the lowest value must be below the highest")
        raise CaseError(case.id, [Fault("--from, --to", what)])
    found = trace(model, moving, first, last, None if progress is None else progress.update)
    if progress is not None:
        progress.stopped = found.stopped
    shown = "pp" if moving.shifts and unit == "%" else unit
    return found, _curve_table(found, factor, model.least()).assign(
        unit=shown, objective=str(chosen)
    )


def _check_reach(
    case: Case,
    model: Reoptimizer,
    moving: Parameter,
    ends: Mapping[str, tuple[str | None, float | None]],
) -> None:
    """Raises ``CaseError`` where an end that was asked for lies beyond where physics ends."""
    unit, factor = shown_unit(model.line(moving.name))
    least, most = reach(model, moving)
    room = 1e-9 * factor
    for option, (text, value) in ends.items():
        if value is None or least - room <= value <= most + room:
            continue
        what = message(
            "'{text}' is past where this limit can go; it ends at {end:.10g} {unit}",
            text=text,
            end=(least if value < least else most) / factor,
            unit="pp" if moving.shifts and unit == "%" else unit,
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
    base = model.values(moving.name)
    model.set(moving.name, {y: base[y] + value if moving.shifts else value for y in moving.years})


def number_in(case: Case, text: str, unit: str, option: str, is_shift: bool) -> float:
    """A number in the unit of the register, written with it or without. Raises ``CaseError``.

    is_shift: of a line whose limits differ between years; of a share it is in percentage points.
    """
    shown = "pp" if is_shift and unit == "%" else unit
    try:
        number = float(text.strip().removesuffix(shown).strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        what = message("'{text}' is not a number in {unit}", text=text, unit=shown)
        raise CaseError(case.id, [Fault(option, what)])
    return number


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
