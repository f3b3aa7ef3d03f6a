"""Each table of a result as a sheet: an Excel table with units, formats and explained headers."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kilnpath.files.xlsx_write import Book, column_width, put_comment, put_number
from kilnpath.language.headings import COLUMNS, TABLES
from kilnpath.language.languages import Language, texts
from kilnpath.result.schema import SCHEMAS, Kind, Schema

RESULT = "#2F7D6D"  # the tabs of results
_NOISE = 1e-9  # what rounding leaves; it is shown as 0
_SAMPLE = 300  # rows by which a column's width is found
Styles = Mapping[str, Any]


def sheet_name(table: str, language: Language) -> str:
    """What the sheet of a table is called."""
    return texts(language)(TABLES[table])


def header(column: str, language: Language) -> str:
    """The name of a column; the one that programs know stands in it."""
    if language is Language.ENGLISH:
        return column
    return f"{texts(language)(COLUMNS[column])} {column}"


def add_tables(book: Book, tables: Mapping[str, pd.DataFrame], language: Language) -> None:
    """Adds a sheet for each table of a result, in the order of their schemas."""
    for name, schema in SCHEMAS.items():
        if name in tables:
            _add(book, name, schema, tables[name], language)


def _add(book: Book, name: str, schema: Schema, table: pd.DataFrame, language: Language) -> None:
    sheet, text = book.sheet(sheet_name(name, language), RESULT), texts(language)
    for position, (column, meaning) in enumerate(schema.columns.items()):
        cells = table[column].tolist()
        for row, cell in enumerate(cells, start=1):
            _write(book, sheet, row, position, cell, meaning.kind)
        shown = [header(column, language) + "   ", *(_shown(cell) for cell in cells[:_SAMPLE])]
        sheet.set_column(position, position, column_width(shown))
        words = f"{column}: {text(meaning.description)}"
        if position == 0:
            words = f"{text(schema.description)}\n\n{words}"
        put_comment(sheet, 0, position, words)
    last = max(len(table), 1)
    columns = [{"header": header(c, language), "header_format": book.header} for c in table.columns]
    sheet.add_table(
        0,
        0,
        last,
        len(columns) - 1,
        {"name": f"result_{name}", "columns": columns, "style": "Table Style Light 1"},
    )
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _write(book: Book, sheet: Any, row: int, column: int, cell: Any, kind: Kind) -> None:
    if kind is Kind.TEXT:
        if cell:
            sheet.write_string(row, column, cell, book.format())
    elif kind is Kind.YES_NO:
        sheet.write_boolean(row, column, bool(cell), book.format(align="left"))
    elif not pd.isna(cell):
        whole = kind is Kind.WHOLE
        shown = "0" if whole else number_format(float(cell))
        style = book.format(num_format=f"{shown}_)_)")
        put_number(sheet, row, column, float(cell), style)


def number_format(value: float) -> str:
    """A format that shows a number by its size; the cell holds all its digits."""
    size = abs(value)
    if size >= 1000 or (value.is_integer() and size < 1000):
        return "#,##0"
    if size >= 1:
        return "0.000"
    return "0.0000" if size >= 0.001 or size < _NOISE else "0.00E+00"


def _shown(cell: Any) -> str:
    return f"{cell:,.4f}" if isinstance(cell, float) else str(cell)


def descriptions(
    tables: Mapping[str, pd.DataFrame], language: Language
) -> Iterator[tuple[str, str]]:
    """(sheet, what it holds) for each table of a result."""
    for name, schema in SCHEMAS.items():
        if name in tables:
            yield sheet_name(name, language), texts(language)(schema.description)
