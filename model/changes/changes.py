"""Changes to a case: other values for bounds, typed targets and series, against the case as read.

``ID=VALUE``, ``ID@YEARS=VALUE`` for a line of the register, ``QUANTITY@PLACE=VALUE``,
``QUANTITY@PLACE@YEARS=VALUE`` for a series. What stands first says which of both it is: where a
line and a series have the same name, it is the line, unless a place follows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from model.case.types import Bound, Case, Target
from model.changes.lines import changed_values, check_line
from model.changes.quantity import QuantityError
from model.changes.series import Key, changed_series, changed_years, lines_of, named, series_names
from model.levers.crossings import crossings_of
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.identifiers import normalized
from model.messages.message import message
from model.reading.series import QUANTITIES

_YEARS = re.compile(r"\d{4}(-\d{4})?", re.ASCII)
Line = Bound | Target


@dataclass(frozen=True, slots=True)
class Change:
    """A change as written; place: of a series, empty for a line of the register."""

    name: str
    place: str
    years: str
    value: str


def with_changes(case: Case, changes: Iterable[str]) -> Case:
    """The case with each change applied, always against the case as read.

    ``ID=VALUE`` changes a whole line, ``ID@2035=VALUE`` a year, ``ID@2030-2035=VALUE`` several,
    ``ID=2024:VALUE,2040:VALUE`` gives a new line, straight between its years. ID: of a bound or of
    a target with a typed limit. ``QUANTITY@PLACE=VALUE`` changes a series of a site, a region or
    the group in every year of the horizon, ``QUANTITY@PLACE@2035=VALUE`` in a year;
    ``biomass_fraction:rdf`` says which. VALUE: a number with its unit (``30%``, ``1.5 Mt``);
    without one a limit is in the line's own unit, but a share is a fraction (``0.30``); or
    relative, ``+5%`` (times 1.05) and ``*0.9``; or a shift, ``-20 kt``, which of shares is in
    percentage points, ``+5 pp``. Raises ``CaseError`` with every fault.
    """
    changed, faults = changed_case(case, changes)
    if faults:
        raise CaseError(case.id, [Fault(f"--set {f.place}", f.message) for f in faults])
    return changed


def changed_case(case: Case, changes: Iterable[str]) -> tuple[Case, list[Fault]]:
    """The case with the changes that can be applied, and the faults: each at its change or line."""
    faults: list[Fault] = []
    new: dict[str, Line] = {}
    series = dict[Key, Mapping[int, float]]()
    for text in changes:
        try:
            change = read_change(case, text)
            if change.place:
                for key, values in changed_series(case, *_parts(change)).items():
                    series[key] = {**series.get(key, case.series[key]), **values}
            else:
                line = case.line(change.name)
                check_line(case, line)
                limits = changed_values(case, line, change.years, change.value)
                before = new.get(line.id, line)
                new[line.id] = replace(before, values={**before.values, **limits})
        except QuantityError as error:
            faults.append(Fault(text, error.message))
    faults += _crossings(case, new)
    bounds = {line.id: line for line in new.values() if isinstance(line, Bound)}
    targets = {line.id: line for line in new.values() if isinstance(line, Target)}
    moved = replace(case, series={**case.series, **series}) if series else case
    return moved.with_limits({**case.bounds, **bounds}, {**case.targets, **targets}), faults


def changed_parts(
    case: Case, changes: Iterable[str]
) -> tuple[list[str], dict[Key, tuple[int, ...]]]:
    """The lines of the register that changes speak of, and those of series with their years."""
    lines, series = dict[str, None](), dict[Key, set[int]]()
    for change in (read_change(case, text) for text in changes):
        if change.place:
            years = changed_years(case, change.years)
            for key in lines_of(case, *named(change.name), change.place):
                series.setdefault(key, set()).update(years)
        else:
            lines[change.name] = None
    return list(lines), {key: tuple(sorted(years)) for key, years in series.items()}


def _parts(change: Change) -> tuple[str, str, str, str]:
    return change.name, change.place, change.years, change.value


def _crossings(case: Case, new: Mapping[str, Line]) -> Iterator[Fault]:
    """Changed bounds whose least is above the most of another bound on the same thing."""
    changed = {b.id: b for b in new.values() if isinstance(b, Bound)}
    for crossing in crossings_of(changed, {**case.bounds, **changed}.values()):
        yield Fault(f"'{crossing.low.id}'", crossing.message)


def read_change(case: Case, text: str) -> Change:
    """What a change speaks of, by the names of a case. Raises ``QuantityError``."""
    head, is_, value = normalized(text.strip()).rpartition("=")
    name, at, where = (part.strip() for part in head.partition("@"))
    value = value.strip()
    if not (is_ and value and name) or re.search(r"\s", name) or (at and not where):
        raise _unread()
    is_line = name in case.bounds or name in case.targets
    if is_line and (not at or _YEARS.fullmatch(where)):
        return Change(name, "", where, value)
    if named(name)[0] in QUANTITIES:
        return _of_series(case, name, where, value)
    if is_line:
        raise _unread()
    known = [*case.bounds, *case.targets, *series_names(case)]
    words = message(
        "no bound, target or series is called '{name}'{hint}",
        name=name,
        hint=did_you_mean(name, known),
    )
    raise QuantityError(words)


def _unread() -> QuantityError:
    words = message(
        "write ID=VALUE or ID@YEAR=VALUE, for instance permit=30%; of a series "
        "QUANTITY@PLACE=VALUE, for instance cement@plant=*0.9"
    )
    return QuantityError(words)


def _of_series(case: Case, name: str, where: str, value: str) -> Change:
    """A change of a series, which must say where; years stand behind the place."""
    quantity, which = named(name)
    place, at, years = (part.strip() for part in where.rpartition("@"))
    if not (at and _YEARS.fullmatch(years)):
        place, years = where, ""
    places = {"group", *case.sites, *(site.region for site in case.sites.values())}
    if not place or (place not in places and _YEARS.fullmatch(place)):
        example = next((s for s, q, _ in case.series if q == quantity and s in case.sites), "group")
        words = message(
            "'{name}' is a series; say of which site, region or group: {name}@{place}{years}=…",
            name=name,
            place=example,
            years=f"@{place}" if place else "",
        )
        raise QuantityError(words)
    whichs = [w for _, q, w in case.series if q == quantity and w]
    if whichs and not which:
        words = message(
            "'{name}' is of several; say which: {name}:{which}@{place}=…",
            name=name,
            which=whichs[0],
            place=place,
        )
        raise QuantityError(words)
    return Change(name, place, years, value)
