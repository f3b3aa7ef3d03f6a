"""The tables of a case as it was planned: with its scenario, its changes and its objective."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kilnpath.case.write_workbook import CaseSheets
from kilnpath.files.cells import number_text
from model.case.tables import Table, is_year
from model.case.types import Bound, Case, Target, YearValues
from model.case.units import UNITS
from model.reading.case import OPTIONAL, REQUIRED, RawCase

_KEYS = ("place", "quantity", "which")


def planned_sheets(
    raw: RawCase,
    read: Case,
    planned: Case,
    order: Mapping[str, str],
    changed: str,
) -> CaseSheets:
    """The tables of a case from which the same pathway is found without any option.

    raw, read: the case with its scenario; planned: with other bounds, targets or series; order: the
    settings ``objective``, ``then`` and ``within``. A
    scenario's lines take the places of those of ``series``; a changed line is written year by year,
    and says in its source by what it was ``changed``.
    """
    tables = {name: raw.tables[name] for name in (*REQUIRED, *OPTIONAL) if name in raw.tables}
    if "scenario" in raw.tables:
        tables["series"] = _merged(tables["series"], raw.tables["scenario"])
    bounds = {i: b for i, b in planned.bounds.items() if b is not read.bounds[i]}
    targets = {i: t for i, t in planned.targets.items() if t is not read.targets[i]}
    for table, key in {"bounds": "id", "routes": "route", "generators": "generator"}.items():
        if table in tables:
            tables[table] = _changed(tables[table], key, bounds, changed)
    tables["targets"] = _changed(tables["targets"], "id", targets, changed)
    tables["series"] = _moved(tables["series"], read, planned, changed)
    return CaseSheets({**raw.settings, **order}, tables)


def _merged(series: Table, scenario: Table) -> Table:
    """``series`` with the lines of a scenario in the place of its own."""
    instead = {_key(cells): cells for _, cells in scenario.rows}
    rows = [(number, instead.get(_key(cells), cells)) for number, cells in series.rows]
    return _with_columns(replace(series, rows=tuple(rows)), scenario.columns)


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in _KEYS)


def _changed(table: Table, key: str, lines: Mapping[str, Bound | Target], changed: str) -> Table:
    """The table with other values in the rows of some lines; key: the column of their ids."""
    ids = {cells[key] for _, cells in table.rows}
    lines = {name: line for name, line in lines.items() if name in ids}
    rows = []
    for number, cells in table.rows:
        line = lines.get(cells[key])
        new = cells if line is None else _line(cells, line.values, line.factor, changed)
        rows.append((number, new))
    return _with_columns(replace(table, rows=tuple(rows)), _years(x.values for x in lines.values()))


def _moved(series: Table, read: Case, planned: Case, changed: str) -> Table:
    """``series`` with a line of its own for each site whose line is another."""
    moved = {key: line for key, line in planned.series.items() if line != read.series[key]}
    rows = {_key(cells): (number, cells) for number, cells in series.rows}
    given = dict(rows)
    for (site, quantity, which), values in moved.items():
        places = (site, read.sites[site].region, "group")
        keys = ((place, quantity, which) for place in places)
        number, cells = next(given[key] for key in keys if key in given)
        line = _line(cells, values, UNITS[cells["unit"]][1], changed)
        rows[site, quantity, which] = (number, {**line, "place": site})
    return _with_columns(replace(series, rows=tuple(rows.values())), _years(moved.values()))


def _line(
    cells: Mapping[str, str], values: YearValues, factor: float, changed: str
) -> dict[str, str]:
    """The cells of a row with other values [inside units], year by year."""
    kept = {c: "" if is_year(c) else text for c, text in cells.items()}
    numbers = {str(year): number_text(value / factor) for year, value in sorted(values.items())}
    return {**kept, **numbers, "source": f"{cells['source']}; changed by {changed}"}


def _years(lines: Iterable[YearValues]) -> list[str]:
    return sorted({str(year) for line in lines for year in line})


def _with_columns(table: Table, more: tuple[str, ...] | list[str]) -> Table:
    """The table with further columns, every row with a cell in each; its years in order."""
    columns = list(dict.fromkeys((*table.columns, *more)))
    if len(columns) > len(table.columns):
        years = sorted(column for column in columns if is_year(column))
        columns = [column for column in columns if not is_year(column)] + years
    rows = tuple((n, {c: cells.get(c, "") for c in columns}) for n, cells in table.rows)
    return replace(table, columns=tuple(columns), rows=rows)
