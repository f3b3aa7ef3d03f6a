"""Which inputs of cases differ: rows, cells and settings, by key and as numbers.

Cases are compared as their files have them, so that a case with faults can be compared too. Order
of rows and columns, comments, and other units of the same number make no difference; nor does a
year written on the straight line between its neighbours, where gaps are interpolated.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.case.tables import Table, is_year
from model.case.units import UNITS
from model.case.year_lines import interpolate
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from model.reading.case import RawCase

KEYS: Mapping[str, tuple[str, ...]] = {
    "sites": ("site",),
    "series": ("place", "quantity", "which"),
    "fuels": ("fuel",),
    "materials": ("material",),
    "bounds": ("id",),
    "targets": ("id",),
    "plan": ("place", "lever", "which"),
    "sectors": ("sector", "scope", "quantity"),
    "routes": ("route",),
    "generators": ("generator",),
    "stages": ("site", "from"),
    "products": ("product", "place"),
}
PROVENANCE = ("source", "status", "confidence", "note", "licence")
SETTINGS = "case"
_SAME = 1e-9  # relative; numbers nearer than this are one number, written or converted twice
_HEADER = re.compile(r"^(?P<name>[^\[\]]+?)\s*\[(?P<unit>[^\[\]]*)\]$")
# Gaps between years are interpolated.
_LINES = ("series", "scenario", "bounds", "plan", "routes", "generators", "products")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its texts by column, its numbers by column and year (0: no year).

    Numbers are (value, unit); a year column has the empty name.
    """

    texts: Mapping[str, str]
    numbers: Mapping[tuple[str, int], tuple[float, str]]
    interpolated: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that differs: its place, and what each case has there, ``None`` where nothing.

    change: ``changed``, or ``added`` and ``removed`` where the first or another case lacks the row;
    year: 0 outside year columns; cells: one a case, all numbers in ``unit``, or all texts.
    """

    table: str
    row: str
    change: str
    column: str
    year: int
    unit: str
    cells: tuple[float | str | None, ...]


def input_differences(cases: Sequence[Mapping[str, RawCase]]) -> Iterator[Difference]:
    """Every cell that differs, in the order of the tables; the first case is the reference.

    cases: of each case what it says by name of its scenario, under an empty name without one.
    Raises ``CaseError`` where a table has no key columns, or a key twice.
    """
    for name in dict.fromkeys(name for case in cases for name in case):
        read = [case.get(name) for case in cases]
        if not name:
            yield from _settings([raw.settings for raw in read if raw is not None])
        for table in KEYS if not name else ("scenario",):
            lines = [_lines(raw, table) if raw is not None else {} for raw in read]
            shown = f"scenario {name}" if name else table
            for key in dict.fromkeys(key for one in lines for key in one):
                yield from _row(shown, key, [one.get(key) for one in lines])


def provenance_differences(
    cases: Sequence[Mapping[str, RawCase]],
) -> dict[tuple[str, str], list[int]]:
    """(table, column) -> cells of source, status and the like that differ from the first case's.

    One number a case; only rows that both have are looked at.
    """
    counts: dict[tuple[str, str], list[int]] = {}
    for table in KEYS:
        lines = [_lines(case[""], table) for case in cases]
        for position, other in enumerate(lines):
            for key in lines[0].keys() & other.keys():
                for column in PROVENANCE:
                    texts = lines[0][key].texts, other[key].texts
                    if texts[0].get(column, "") != texts[1].get(column, ""):
                        count = counts.setdefault((table, column), [0] * len(cases))
                        count[position] += 1
    return counts


def _settings(all_settings: Sequence[Mapping[str, object]]) -> Iterator[Difference]:
    flat = [dict(_flat(settings)) for settings in all_settings]
    for key in dict.fromkeys(key for one in flat for key in one):
        found = [one.get(key) for one in flat]
        change = _change([value is not None for value in found])
        cells: list[float | str | None] = [None if v is None else str(v) for v in found]
        if all(isinstance(value, int | None) for value in found):
            cells = [float(v) if isinstance(v, int) else None for v in found]
        if len(set(cells)) > 1:
            yield Difference(
                table=SETTINGS,
                row=key,
                change=change,
                column="",
                year=0,
                unit="",
                cells=tuple(cells),
            )


def _flat(settings: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:  # yes and no are words here, not 1 and 0
            yield f"{before}{key}", str(value).lower() if isinstance(value, bool) else value


def _change(there: Sequence[bool]) -> str:
    if all(there):
        return "changed"
    return "removed" if there[0] else "added"


def _differ(values: Sequence[float | None]) -> bool:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return bool(known)
    largest = max(abs(value) for value in known)
    return max(abs(value - known[0]) for value in known) > _SAME * largest


def _lines(raw: RawCase, name: str) -> dict[Key, Line]:
    """The rows of a table by key. Raises ``CaseError`` without key columns, or for a key twice."""
    table = raw.tables.get(name)
    keys = KEYS["series" if name == "scenario" else name]
    if table is None or not table.columns:
        return {}
    missing = [column for column in keys if column not in table.columns]
    if missing:
        what = message("column '{column}' is missing; rows are known by it", column=missing[0])
        raise CaseError(raw.where, [Fault(table.name, what)])
    lines: dict[Key, Line] = {}
    for number, cells in table.rows:
        key = tuple(cells[column] for column in keys)
        if key in lines:
            what = message("duplicate key '{key}'", key=_shown(key))
            raise CaseError(raw.where, [Fault(table.place(number), what)])
        lines[key] = _line(table, cells, keys, name in _LINES or cells.get("form") == "line")
    return lines


def _line(table: Table, cells: Mapping[str, str], keys: Key, interpolated: bool) -> Line:
    texts: dict[str, str] = {}
    numbers: dict[tuple[str, int], tuple[float, str]] = {}
    for column in table.columns:
        text = cells[column]
        match = _HEADER.match(column)
        name, unit = (match["name"], match["unit"]) if match else (column, cells.get("unit", ""))
        number = _number(text) if match or is_year(column) else None
        if number is not None:
            place = ("", int(column)) if is_year(column) else (name, 0)
            numbers[place] = (number, unit)
        elif text and column not in keys:
            texts[name] = text
    if any(year for _, year in numbers):
        texts.pop("unit", None)  # the numbers are compared in one unit
    return Line(texts, numbers, interpolated)


def _number(text: str) -> float | None:
    try:
        value = float(text.replace("_", " "))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _row(table: str, key: Key, lines: Sequence[Line | None]) -> Iterator[Difference]:
    change = _change([line is not None for line in lines])
    for column in dict.fromkeys(c for line in lines if line for c in line.texts):
        texts = [line.texts.get(column) if line else None for line in lines]
        if column in PROVENANCE or _same_text(texts):
            continue
        name, year = ("", int(column)) if is_year(column) else (column, 0)
        yield Difference(
            table=table,
            row=_shown(key),
            change=change,
            column=name,
            year=year,
            unit="",
            cells=tuple(texts),
        )
    for column, unit in dict.fromkeys(_measures(lines)):
        series = [_in_unit(line, column, unit) if line else {} for line in lines]
        for year in sorted({year for one in series for year in one}):
            values = [
                _at(one, year, line.interpolated if line else False)
                for one, line in zip(series, lines, strict=True)
            ]
            if _differ(values):
                yield Difference(
                    table=table,
                    row=_shown(key),
                    change=change,
                    column=column,
                    year=year,
                    unit=unit,
                    cells=tuple(values),
                )


def _same_text(texts: Sequence[str | None]) -> bool:
    """Whether texts are the same, or the same number: an expiry of 2030 and of 2030.0."""
    numbers = {_number(text or "") for text in texts}
    return len(set(texts)) == 1 or (len(numbers) == 1 and None not in numbers)


def _measures(lines: Sequence[Line | None]) -> Iterator[tuple[str, str]]:
    """(column, unit) of every number; units of one dimension are one, the first that is met."""
    met: dict[tuple[str, str], str] = {}
    for line in lines:
        for (column, _), (_, unit) in line.numbers.items() if line else ():
            dimension = UNITS[unit][0] if unit in UNITS else unit
            yield column, met.setdefault((column, dimension), unit)


def _in_unit(line: Line, column: str, unit: str) -> dict[int, float]:
    """Year -> number of a column, in a unit; without those of another dimension."""
    found = {}
    for (name, year), (value, own) in line.numbers.items():
        if name != column:
            continue
        if own == unit:
            found[year] = value
        elif own in UNITS and unit in UNITS and UNITS[own][0] is UNITS[unit][0]:
            found[year] = value * UNITS[own][1] / UNITS[unit][1]
    return found


def _at(series: Mapping[int, float], year: int, interpolated: bool) -> float | None:
    if year in series or not interpolated or not series:
        return series.get(year)
    if not min(series) < year < max(series):
        return None
    return interpolate(series, range(year, year + 1))[year]


def _shown(key: Key) -> str:
    return "/".join(key).rstrip("/")
