"""The sheets of a case as it was planned: with its scenario, its changes and its objective."""

from collections.abc import Mapping
from dataclasses import replace

from kilnpath.case_files import RawCase
from kilnpath.case_workbook import CaseSheets
from kilnpath.cell_text import number_text
from model.case import Bound, Case, Target
from model.reading import OPTIONAL, REQUIRED
from model.tables import Table, is_year

_KEYS = ("place", "quantity", "which")


def planned_sheets(
    raw: RawCase, read: Case, planned: Case, objective: str, second: str
) -> CaseSheets:
    """The sheets of a case from which the same pathway is found without any option.

    raw, read: the case with its scenario; planned: with the changes of ``--set``. A scenario's
    lines take the places of those of ``series``; a changed line is written year by year, and says
    in its source that it was changed.
    """
    tables = {name: raw.tables[name] for name in (*REQUIRED, *OPTIONAL) if name in raw.tables}
    if "scenario" in raw.tables:
        tables["series"] = _merged(tables["series"], raw.tables["scenario"])
    bounds = {i: b for i, b in planned.bounds.items() if b is not read.bounds[i]}
    targets = {i: t for i, t in planned.targets.items() if t is not read.targets[i]}
    tables["bounds"] = _changed(tables["bounds"], bounds)
    tables["targets"] = _changed(tables["targets"], targets)
    return CaseSheets({**raw.settings, "objective": objective, "then": second}, tables)


def _merged(series: Table, scenario: Table) -> Table:
    """``series`` with the lines of a scenario in the place of its own."""
    instead = {_key(cells): cells for _, cells in scenario.rows}
    rows = [(number, instead.get(_key(cells), cells)) for number, cells in series.rows]
    return _with_columns(replace(series, rows=tuple(rows)), scenario.columns)


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in _KEYS)


def _changed(table: Table, lines: Mapping[str, Bound | Target]) -> Table:
    if not lines:
        return table
    rows = []
    for number, cells in table.rows:
        line = lines.get(cells["id"])
        if line is not None:
            kept = {c: "" if is_year(c) else text for c, text in cells.items()}
            values = {str(y): number_text(v / line.factor) for y, v in sorted(line.values.items())}
            kept["source"] += "; changed by --set"
            cells = {**kept, **values}
        rows.append((number, cells))
    years = sorted({str(year) for line in lines.values() for year in line.values})
    return _with_columns(replace(table, rows=tuple(rows)), years)


def _with_columns(table: Table, more: tuple[str, ...] | list[str]) -> Table:
    """The table with further columns, every row with a cell in each; its years in order."""
    columns = list(dict.fromkeys((*table.columns, *more)))
    if len(columns) > len(table.columns):
        years = sorted(column for column in columns if is_year(column))
        columns = [column for column in columns if not is_year(column)] + years
    rows = tuple((n, {c: cells.get(c, "") for c in columns}) for n, cells in table.rows)
    return replace(table, columns=tuple(columns), rows=rows)
