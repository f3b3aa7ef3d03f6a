"""Writes the tables of a case as the sheets of a workbook, which reads as the same case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kilnpath.case.columns import SETTINGS, YEAR, choices, meaning
from kilnpath.case.layout import columns_of
from kilnpath.case.read import SCENARIO, raw_case, read_case, scenario_names
from kilnpath.case.workbook_guide import add_guide
from kilnpath.case.workbook_lists import Lists
from kilnpath.files.cells import has_numbers, number
from kilnpath.files.result_folder import ResultError
from kilnpath.files.xlsx_write import Book, column_width, new_book, put_comment, put_number
from kilnpath.language.languages import Language, texts
from model.case.tables import Table, is_year
from model.messages.message import Message, message
from model.reading.case import OPTIONAL, REQUIRED

INPUT = "#B7791F"  # the tabs of what is read again as a case
_LONGEST_NAME = 31  # of a sheet, in Excel
_FORBIDDEN = set("[]:*?/\\")
_SHOWN = 10  # digits that a cell of no format shows


@dataclass(frozen=True)
class CaseSheets:
    """What the sheets of a case hold: its settings, and its tables by the name of their sheet."""

    settings: Mapping[str, object]
    tables: Mapping[str, Table]


def case_sheets(path: Path) -> CaseSheets:
    """The sheets of a case, its scenarios too. Raises ``CaseError`` where the case has faults."""
    read_case(path)
    raw = raw_case(path)
    tables = {name: raw.tables[name] for name in (*REQUIRED, *OPTIONAL) if name in raw.tables}
    for scenario in scenario_names(path):
        tables[f"{SCENARIO}{scenario}"] = raw_case(path, scenario).tables["scenario"]
    return CaseSheets(raw.settings, tables)


def write_case(path: Path, out: Path) -> None:
    """Writes the workbook of a case.

    Raises ``CaseError`` where the case has faults, ``ResultError`` where the workbook cannot be
    written, or stands there already: its user may have changed it.
    """
    content = case_sheets(path)
    if out.exists():
        raise ResultError(
            message("{out} exists already; name another workbook with --out", out=out)
        )
    write_sheets(content, out)


def write_sheets(content: CaseSheets, out: Path) -> None:
    """Writes the workbook of the sheets of a case. Raises ``ResultError``."""
    said = dict(setting_lines(content.settings))
    with new_book(out, f"{said['names.en']} {said['names.zh-Hant']}") as book:
        add_guide(book, out.name)
        add_case(book, content)


def add_case(book: Book, content: CaseSheets) -> None:
    """Adds the sheets of a case to a workbook."""
    _check_names(content.tables)
    settings = book.sheet("case", INPUT)
    sheets = {name: book.sheet(name, INPUT) for name in content.tables}
    lists = Lists(book, content.tables)
    _fill_settings(book, settings, content.settings)
    for name, table in content.tables.items():
        _fill(book, sheets[name], name, table, lists)


def _check_names(tables: Mapping[str, Table]) -> None:
    """Raises ``ResultError`` where a scenario has a name that no sheet can have."""
    for name in tables:
        what: Message | None = None
        if len(name) > _LONGEST_NAME:
            most = _LONGEST_NAME - len(SCENARIO)
            what = message("its name must have at most {most} signs", most=most)
        elif _FORBIDDEN & set(name) or name.endswith("'"):
            what = message("its name must have none of the signs []:*?/\\, and no ' at its end")
        elif sum(name.lower() == other.lower() for other in tables) > 1:
            what = message("another scenario has its name but for capital letters")
        if what is not None:
            scenario = name.removeprefix(SCENARIO)
            raise ResultError(
                message("scenario '{scenario}': {what}; rename it", scenario=scenario, what=what)
            )


def setting_lines(settings: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """Keys and values as the sheet ``case`` has them: ``names.en``, ``North``."""
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from setting_lines(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _fill_settings(book: Book, sheet: Any, settings: Mapping[str, object]) -> None:
    lines = list(setting_lines(settings))
    for column, name in enumerate(("key", "value", "note")):
        sheet.write_string(0, column, name, book.header)
    for row, (key, value) in enumerate(lines, start=1):
        parts = [part for part in key.split(".") if part in SETTINGS]
        name = parts[-1] if parts else key
        sheet.write_string(row, 0, key, book.format(bold=True))
        if isinstance(value, bool):
            sheet.write_string(row, 1, "true" if value else "false", book.format())
        elif isinstance(value, int):
            put_number(sheet, row, 1, value, book.format(align="left"))
        else:
            sheet.write_string(row, 1, str(value), book.format())
        words = " · ".join(meaning("case", name, texts(language)) for language in Language)
        sheet.write_string(row, 2, words, book.format(font_color="#5B6B73"))
        if allowed := choices("case", name):
            sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(allowed)})
    for column, cells in enumerate(zip(*[(k, str(v)) for k, v in lines], strict=True)):
        sheet.set_column(column, column, column_width(cells, 14))
    sheet.set_column(2, 2, 100)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)


def _fill(book: Book, sheet: Any, name: str, table: Table, lists: Lists) -> None:
    kind = "series" if name.startswith(SCENARIO) else name
    first_year = next((c for c in table.columns if is_year(c)), "")
    for column, header in enumerate(table.columns):
        cells = [row[header] for _, row in table.rows]
        if is_year(header):
            put_number(sheet, 0, column, int(header), book.header)
        else:
            sheet.write_string(0, column, header, book.header)
        for row, cell in enumerate(cells, start=1):
            _write(book, sheet, row, column, header, cell)
        sheet.set_column(column, column, column_width([header, *cells]))
        if not is_year(header) or header == first_year:
            put_comment(sheet, 0, column, _comment(kind, header))
        lists.offer(sheet, kind, header, column, len(cells))
    frozen = next((n for n, c in enumerate(table.columns) if is_year(c)), len(table.columns))
    sheet.freeze_panes(1, min(frozen, 4))
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), max(len(table.columns) - 1, 0))


def _write(book: Book, sheet: Any, row: int, column: int, header: str, cell: str) -> None:
    """A cell, as a number where it is one to the reader, else as the text that stands there."""
    value = number(cell) if has_numbers(header) else None
    if value is None and cell.isascii() and cell.isdigit() and str(int(cell)) == cell:
        value = float(cell) if header in ("expires", "scope", "from") else None
    if value is not None:
        decimals = len(cell.partition(".")[2])
        plain = cell.replace(".", "", 1).lstrip("-").isdigit() and decimals <= 30
        long = plain and len(cell) > _SHOWN and decimals > 0
        shown = f"0.{'0' * decimals}_)" if long else "General_)"
        side = "right" if has_numbers(header) else "left"
        put_number(sheet, row, column, value, book.format(num_format=shown, align=side))
    elif cell:
        sheet.write_string(row, column, cell, book.format())


def _comment(sheet: str, header: str) -> str:
    """What a column means, in both languages."""
    if is_year(header):
        return "\n".join(texts(language)(YEAR) for language in Language)
    column, _, unit = header.partition(" [")
    dimension = columns_of(sheet).all.get(column)
    said = [meaning(sheet, column, texts(language)) for language in Language]
    if dimension is not None and unit:
        said[0] += f" [{unit}"
    return "\n".join(dict.fromkeys(said))
