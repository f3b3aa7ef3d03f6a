"""Changes to a case: other values for bounds and typed targets, against the case as read."""

import re
from collections.abc import Iterable
from dataclasses import replace

from model.case import Bound, Case, Target
from model.faults import CaseError, Fault, did_you_mean
from model.read_bounds import MOST
from model.tables import LARGEST
from model.units import UNITS
from model.units import Dimension as D

_CHANGE = re.compile(
    r"^(?P<id>[^=@\s]+)(@(?P<year>\d{4}))?=\s*(?P<value>[-+]?[\d.]+(e[-+]?\d+)?)"
    r"\s*(?P<unit>.*)$",
    re.IGNORECASE,
)


def with_changes(case: Case, changes: Iterable[str]) -> Case:
    """The case with each ``ID=VALUE`` or ``ID@YEAR=VALUE`` applied.

    ID: of a bound or of a target with a typed limit. VALUE: a number with its unit (``30%``,
    ``1.5 Mt``); without one it is in the line's own unit, but a share is a fraction (``0.30``).
    Without a year the whole line takes the value. Raises ``CaseError`` with every fault.
    """
    faults: list[Fault] = []
    bounds, targets = dict(case.bounds), dict(case.targets)
    for change in changes:
        place = f"--set {change}"
        match = _CHANGE.match(change.strip())
        if match is None:
            faults.append(Fault(place, "write ID=VALUE or ID@YEAR=VALUE, for instance permit=30%"))
            continue
        name, year = match["id"], int(match["year"]) if match["year"] else None
        line = bounds.get(name) or targets.get(name)
        if line is None:
            known = [*bounds, *targets]
            faults.append(
                Fault(place, f"no bound or target is called '{name}'{did_you_mean(name, known)}")
            )
            continue
        found = _value(line, match["value"], match["unit"].strip())
        wrong = found if isinstance(found, str) else _misplaced(line, year)
        if wrong:
            faults.append(Fault(place, wrong))
        elif isinstance(line, Bound):
            bounds[name] = replace(line, values=_changed(line, year, float(found)))
        else:
            targets[name] = replace(line, values=_changed(line, year, float(found)))
    if faults:
        raise CaseError(case.id, faults)
    return replace(case, bounds=bounds, targets=targets)


def _value(line: Bound | Target, number: str, unit: str) -> float | str:
    """The value in inside units, or what is wrong with it."""
    try:
        value = float(number)
    except ValueError:
        return f"'{number}' is not a number"
    if unit and unit not in UNITS:
        return f"unit '{unit}' is not known; this line is in {line.unit}"
    if unit:
        dimension, factor = UNITS[unit]
        same = dimension is line.dimension
        if not same and not (dimension is D.SHARE and line.dimension is D.REDUCTION):
            return f"unit '{unit}' does not fit; this line is in {line.unit}"
    else:
        factor = 1.0 if line.dimension in (D.SHARE, D.REDUCTION) else line.factor
    inside = value * factor
    most = 1.0 if line.dimension is D.REDUCTION else MOST.get(line.dimension, LARGEST)
    if line.dimension is D.SHARE and inside > 1.0 and not unit:
        return f"{number} is more than a whole; write {number}% or a fraction of 1"
    if line.dimension is D.REDUCTION and inside > 1.0 and not unit:
        return f"{number} is more than a whole; write {number}% or a fraction of 1"
    if inside > most:
        return f"{number} {unit or line.unit} is too much; the most is {most / factor:.10g}"
    if inside < 0.0 and not isinstance(line, Target):
        return f"{number} {unit or line.unit} is negative; the least is 0"
    return inside


def _misplaced(line: Bound | Target, year: int | None) -> str:
    if isinstance(line, Target) and line.sda:
        return "this target's limit is computed by SDA; it cannot be typed"
    if year is not None and year not in line.values:
        years = sorted(line.values)
        return f"this line holds from {years[0]} to {years[-1]}, not in {year}"
    return ""


def _changed(line: Bound | Target, year: int | None, value: float) -> dict[int, float]:
    if year is not None:
        return {**line.values, year: value}
    return dict.fromkeys(line.values, value)
