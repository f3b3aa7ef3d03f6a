"""Changes to a case: other values for bounds and typed targets, against the case as read."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from model.case.numbers import is_number
from model.case.tables import LARGEST, is_year
from model.case.types import Bound, Case, Target
from model.case.units import REDUCTIONS, UNITS
from model.case.units import Dimension as D
from model.case.year_lines import interpolate
from model.levers.bound_rows import bound_years
from model.levers.crossings import crossings_of
from model.levers.levers import MOST
from model.levers.physical_ends import ROUNDING, physical_ends
from model.messages.errors import KilnpathError
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.identifiers import normalized
from model.messages.message import Message, message

_CHANGE = re.compile(
    r"^(?P<id>[^=@\s]+)(@(?P<years>\d{4}(-\d{4})?))?\s*=\s*(?P<value>.+)$", re.ASCII
)
_NUMBER = re.compile(r"^(?P<number>[-+]?[\d.]+(e[-+]?\d+)?)\s*(?P<unit>.*)$", re.IGNORECASE)
_FACTOR = re.compile(r"^\*\s*(?P<factor>[\d.]+)$")
_PART = re.compile(r"^(?P<part>[-+][\d.]+)\s*%$")
_POINTS = re.compile(r"^(?P<points>[-+][\d.]+(e[-+]?\d+)?)\s*pp$")
Line = Bound | Target


def with_changes(case: Case, changes: Iterable[str]) -> Case:
    """The case with each change applied, always against the case as read.

    ``ID=VALUE`` changes a whole line, ``ID@2035=VALUE`` a year, ``ID@2030-2035=VALUE`` several,
    ``ID=2024:VALUE,2040:VALUE`` gives a new line, straight between its years. ID: of a bound or of
    a target with a typed limit. VALUE: a number with its unit (``30%``, ``1.5 Mt``); without one it
    is in the line's own unit, but a share is a fraction (``0.30``); or relative, ``+5%`` (times
    1.05) and ``*0.9``; or, for shares, percentage points more or less, ``+5 pp``. Raises
    ``CaseError`` with every fault.
    """
    changed, faults = changed_case(case, changes)
    if faults:
        raise CaseError(case.id, [Fault(f"--set {f.place}", f.message) for f in faults])
    return changed


def changed_case(case: Case, changes: Iterable[str]) -> tuple[Case, list[Fault]]:
    """The case with the changes that can be applied, and the faults: each at its change or line."""
    faults: list[Fault] = []
    new: dict[str, Line] = {}
    for change in changes:
        try:
            line = _line(case, change)
            new[line.id] = _changed(case, line, new.get(line.id, line), change)
        except _ChangeError as error:
            faults.append(Fault(change, error.message))
    faults += _crossings(case, new)
    bounds = {line.id: line for line in new.values() if isinstance(line, Bound)}
    targets = {line.id: line for line in new.values() if isinstance(line, Target)}
    return case.with_limits({**case.bounds, **bounds}, {**case.targets, **targets}), faults


def _crossings(case: Case, new: Mapping[str, Line]) -> Iterator[Fault]:
    """Changed bounds whose least is above the most of another bound on the same thing."""
    changed = {b.id: b for b in new.values() if isinstance(b, Bound)}
    for crossing in crossings_of(changed, {**case.bounds, **changed}.values()):
        yield Fault(f"'{crossing.low.id}'", crossing.message)


class _ChangeError(KilnpathError):
    """What is wrong with a change."""


def _match(change: str) -> re.Match[str]:
    match = _CHANGE.match(normalized(change.strip()))
    if match is None:
        raise _ChangeError(message("write ID=VALUE or ID@YEAR=VALUE, for instance permit=30%"))
    return match


def _line(case: Case, change: str) -> Line:
    name = _match(change)["id"]
    line = case.bounds.get(name) or case.targets.get(name)
    if line is None:
        hint = did_you_mean(name, [*case.bounds, *case.targets])
        raise _ChangeError(
            message("no bound or target is called '{name}'{hint}", name=name, hint=hint)
        )
    if isinstance(line, Target) and line.sda:
        raise _ChangeError(message("this target's limit is computed by SDA; it cannot be typed"))
    if not _limited(case, line):
        raise _ChangeError(message("'{name}' limits no year of the horizon", name=name))
    return line


def _limited(case: Case, line: Line) -> list[int]:
    """The years of the horizon that a line limits; none where it expired before them."""
    if isinstance(line, Bound):
        return bound_years(case, line)
    return sorted(year for year in line.values if year in case.horizon)


def _changed(case: Case, line: Line, so_far: Line, change: str) -> Line:
    """``so_far`` with one more change; relative values are of the line as read."""
    match = _match(change)
    value = match["value"].strip()
    if re.match(r"^\d{4}\s*:", value):
        if match["years"]:
            raise _ChangeError(message("write either ID@YEAR=VALUE or ID=YEAR:VALUE,YEAR:VALUE"))
        values = _new_line(line, value)
    else:
        values = {year: _moved(line, year, value) for year in _years(case, line, match["years"])}
    return replace(so_far, values={**so_far.values, **values})


def _years(case: Case, line: Line, text: str | None) -> list[int]:
    """The years of a line that a change speaks of; of some, one at least must be of the horizon."""
    if text is None:
        return sorted(line.values)
    held = sorted(line.values)
    first, last = int(text[:4]), int(text[-4:])
    chosen = [year for year in held if first <= year <= last]
    if not chosen:
        raise _ChangeError(
            message(
                "this line holds from {first} to {last}, not in {text}",
                first=held[0],
                last=held[-1],
                text=text,
            )
        )
    limited = _limited(case, line)
    if not any(year in limited for year in chosen):
        raise _ChangeError(
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
    given = {}
    for part in text.split(","):
        year, _, value = part.partition(":")
        if not is_year(year.strip()):
            raise _ChangeError(message("'{part}' is not YEAR:VALUE", part=part.strip()))
        given[int(year)] = _absolute(line, value.strip())
    held = sorted(line.values)
    if min(given) > held[0] or max(given) < held[-1]:
        raise _ChangeError(
            message(
                "give the first and last year of the line, {first} and {last}",
                first=held[0],
                last=held[-1],
            )
        )
    straight = interpolate(given, range(held[0], held[-1] + 1))
    return {year: straight[year] for year in held}


def _moved(line: Line, year: int, text: str) -> float:
    factor, part, points = _FACTOR.match(text), _PART.match(text), _POINTS.match(text)
    if factor:
        return _allowed(line, line.values[year] * _number(factor["factor"]), text)
    if part:
        return _allowed(line, line.values[year] * (1 + _number(part["part"]) / 100), text)
    is_share = line.dimension in (D.SHARE, *REDUCTIONS)
    if points and is_share:
        return _allowed(line, line.values[year] + _number(points["points"]) / 100, text)
    if points:
        raise _ChangeError(
            message("'{text}' is for shares; this line is in {unit}", text=text, unit=line.unit)
        )
    if text.startswith("+") or (is_share and text.endswith("pp")):
        raise _ChangeError(
            message(
                "'{text}' is unclear; write +5% or *1.05 for a relative change, +5 pp for five "
                "percentage points more",
                text=text,
            )
            if is_share
            else message("'{text}' is unclear; write +5% or *1.05 for a relative change", text=text)
        )
    return _absolute(line, text)


def _number(text: str) -> float:
    if not is_number(text) or not math.isfinite(float(text)):
        raise _ChangeError(message("'{text}' is not a number", text=text[:40]))
    return float(text)


def _absolute(line: Line, text: str) -> float:
    match = _NUMBER.match(text)
    if match is None:
        raise _ChangeError(message("'{text}' is not a number with a unit", text=text[:60]))
    return _value(line, match["number"], match["unit"].strip())


def _allowed(line: Line, inside: float, text: str) -> float:
    most = _most(line)
    least = _least(line) if isinstance(line, Bound) else -most
    if not least <= inside <= most:
        said = message("too much") if inside > most else message("too little")
        raise _ChangeError(
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


def _value(line: Line, number: str, unit: str) -> float:
    """The value in inside units."""
    value = _number(number)
    if unit and unit not in UNITS:
        raise _ChangeError(
            message("unit '{unit}' is not known; this line is in {own}", unit=unit, own=line.unit)
        )
    if unit:
        dimension, factor = UNITS[unit]
        same = dimension is line.dimension
        if not same and not (dimension is D.SHARE and line.dimension in REDUCTIONS):
            raise _ChangeError(
                message(
                    "unit '{unit}' does not fit; this line is in {own}",
                    unit=unit,
                    own=line.unit,
                )
            )
    else:
        factor = 1.0 if line.dimension in (D.SHARE, *REDUCTIONS) else line.factor
    inside = value * factor
    most = _most(line)
    if line.dimension in (D.SHARE, *REDUCTIONS) and inside > 1.0 and not unit:
        raise _ChangeError(
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
        raise _ChangeError(text)
    least = _least(line) if isinstance(line, Bound) else -most
    if inside < least:
        raise _ChangeError(_too_little(line, number, unit or line.unit, inside, factor))
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
