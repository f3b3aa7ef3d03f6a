"""The first sheets of a result's workbook: the answer with its charts, and how to read the rest."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from kilnpath.case.columns import SHEETS
from kilnpath.export.workbook_sheets import descriptions, number_format, sheet_name
from kilnpath.files.xlsx_write import DARK, PALE, ROW, Book, print_in_parts, put_number, width
from kilnpath.language.headings import COLUMNS, SUMMARY
from kilnpath.language.languages import Language, mark
from kilnpath.report.answer import answer
from kilnpath.report.views import Section
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

OVERVIEW, ABOUT = mark("overview"), mark("about")
_YES, _NO = mark("yes"), mark("no")
_KEY = mark("Key numbers")
_LAST = mark("Targets, each in its last year; all years in the sheet '{sheet}'")
_READ = mark("How to read this workbook")
_TABLES = mark("The tables of the result: a row for each number, with its unit")
_INPUTS = mark("The case as it was planned; `kilnpath plan` of this file finds the same pathway")
_MANIFEST_KEYS = {
    "case": mark("case"),
    "scenario": mark("scenario"),
    "changes": mark("changes"),
    "status": mark("status"),
    "horizon": mark("years of the pathway"),
    "base_year": mark("base year"),
    "inventory_year": mark("last year of the inventory"),
    "objectives": mark("objectives, one after the other"),
    "case_sha256": mark("SHA-256 of the case"),
    "versions": mark("versions"),
}
_CHART_ROWS, _CHART_WIDTH = 20, 655  # what a chart covers
_COLUMNS = (44, 48, *[14] * 7)  # their widths
_LINE_HEIGHTS = (20, 36)  # of a sentence on one line, and on more
_TITLE_HEIGHT = 28
_ABOUT_COLUMNS = (34, 110)
_LINE = 90  # the width of a line of a sentence


def fill_overview(
    book: Book, sheet: Any, result: Result, charts: list[Any], labels: Labels, language: Language
) -> None:
    """Fills the sheet of the answer: its first sentences, the charts, key numbers, targets."""
    sheet.hide_gridlines(2)
    for column, wide in enumerate(_COLUMNS):
        sheet.set_column(column, column, wide)
    sheet.set_row(0, _TITLE_HEIGHT)
    sheet.write_string(0, 0, labels.case(), book.format(bold=True, font_size=18, font_color=DARK))
    said = _sentences(book, sheet, answer(result, labels))
    first = len(said) + 2
    for number, chart in enumerate(charts):
        below, beside = divmod(number, 2)
        place = {"x_offset": beside * _CHART_WIDTH}
        sheet.insert_chart(first + below * _CHART_ROWS, 0, chart, place)
    row = first + (len(charts) + 1) // 2 * _CHART_ROWS
    parts = [(0, (_TITLE_HEIGHT + sum(said)) * 4 / 3 + ROW)]
    parts += [(top, _CHART_ROWS * ROW) for top in range(first, row, _CHART_ROWS)]
    after = _key_numbers(book, sheet, row, result.tables["summary"], labels)
    parts += [(row, (after + 1 - row) * ROW)]
    last = _last_targets(book, sheet, after + 1, result.tables["targets"], labels, language)
    print_in_parts(sheet, _COLUMNS, [*parts, (after + 1, (last - after) * ROW)])


def _sentences(book: Book, sheet: Any, said: Section) -> list[int]:
    """Writes the answer, then what must be told beside it; gives the heights of its rows."""
    heights = []
    lines = [(words, 13) for words in said.lead] + [(words, 11) for words in said.cautions]
    for row, (sentence, size) in enumerate(lines, start=1):
        words = str(Markup(sentence).striptags())
        heights.append(_LINE_HEIGHTS[width(words) > _LINE])
        sheet.set_row(row, heights[-1])
        sheet.merge_range(row, 0, row, 7, words, book.format(font_size=size, text_wrap=True))
    return heights


def _heading(book: Book, sheet: Any, row: int, words: str) -> None:
    sheet.write_string(row, 0, words, book.format(bold=True, font_size=12, font_color=DARK))


def _key_numbers(book: Book, sheet: Any, row: int, table: pd.DataFrame, labels: Labels) -> int:
    """Writes the table ``summary``; gives the row after it."""
    _heading(book, sheet, row, labels.text(_KEY))
    _header(book, sheet, row + 1, ("quantity", "scenario", "year", "value", "unit"), labels)
    row += 2
    for _, line in table.iterrows():
        share = line["unit"] == "1" and line["quantity"].endswith(("_share", "_below_base"))
        quantity = labels.text(SUMMARY[line["quantity"]])
        scenario = labels.of("scenario", line["scenario"])
        unit = "" if line["unit"] == "1" else line["unit"]
        shown = "0.0%" if share else number_format(line["value"])
        cells = (quantity, scenario, line["year"], (line["value"], shown), unit)
        _line(book, sheet, row, cells)
        row += 1
    return row


def _last_targets(
    book: Book, sheet: Any, row: int, table: pd.DataFrame, labels: Labels, language: Language
) -> int:
    """Writes what each target asks in its last year; gives the row after it."""
    last = table.groupby("target", sort=False).tail(1)
    if last.empty:
        return row
    _heading(book, sheet, row, labels.text(_LAST).format(sheet=sheet_name("targets", language)))
    names = ("target", "place", "scope", "year", "limit", "value", "margin", "unit", "holds")
    _header(book, sheet, row + 1, names, labels)
    for at, (_, line) in enumerate(last.iterrows(), start=row + 2):
        shown = number_format(line["limit"])
        numbers = ((line[name], shown) for name in ("limit", "value", "margin"))
        place, holds = labels.place(line["place"]), labels.text(_YES if line["holds"] else _NO)
        year = (line["year"], "0")
        cells = (line["target"], place, line["scope"], year, *numbers, line["unit"], holds)
        _line(book, sheet, at, cells)
    return row + 2 + len(last)


def _header(book: Book, sheet: Any, row: int, names: Sequence[str], labels: Labels) -> None:
    for column, name in enumerate(names):
        number = name in ("value", "limit", "margin") or (name == "year" and "limit" in names)
        side = "right" if number else "left"
        style = book.format(bold=True, font_color="white", bg_color=DARK, align=side)
        sheet.write_string(row, column, labels.text(COLUMNS[name]), style)


def _line(book: Book, sheet: Any, row: int, cells: Sequence[str | tuple[float, str]]) -> None:
    """A line of texts and of numbers with their formats."""
    line = {"bottom": 1, "border_color": PALE}
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, book.format(align="left", **line))
        else:
            number, shown = cell
            style = book.format(num_format=f"{shown}_)_)", align="right", **line)
            if math.isnan(number):  # an intensity of nothing made
                sheet.write_string(row, column, "–", style)
            else:
                put_number(sheet, row, column, float(number), style)


def fill_about(
    book: Book, sheet: Any, result: Result, inputs: list[str], labels: Labels, language: Language
) -> None:
    """Fills the sheet of the manifest and of what each other sheet holds."""
    sheet.hide_gridlines(2)
    for column, wide in enumerate(_ABOUT_COLUMNS):
        sheet.set_column(column, column, wide)
    plain = book.format(text_wrap=True, bottom=1, border_color=PALE)
    bold, link = book.format(bold=True), book.format(font_color="#1F6F8B", underline=1)
    row = 0
    for key, words_of_key in _MANIFEST_KEYS.items():
        sheet.write_string(row, 0, labels.text(words_of_key), bold)
        sheet.write_string(row, 1, _shown(result.manifest.get(key)), plain)
        row += 1
    parts = [(0, row * ROW)]
    _heading(book, sheet, row + 1, labels.text(_READ))
    tables = list(descriptions(result.tables, language))
    cases = [(n, labels.text(SHEETS.get(n, ""))) for n in inputs if n in SHEETS]
    row += 2
    for title, lines in ((_TABLES, tables), (_INPUTS, cases)):
        first = row - 1 if title == _TABLES else row  # with the heading above both
        rows = sum(1 + width(said) // _ABOUT_COLUMNS[1] for _, said in lines)
        parts.append((first, (rows + 3) * ROW))
        sheet.write_string(row, 0, labels.text(title).replace("`", ""), bold)
        for name, said in lines:
            row += 1
            sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            sheet.write_string(row, 1, said, plain)
        row += 2
    print_in_parts(sheet, _ABOUT_COLUMNS, parts)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
        units = {"1": ""}
        return "; ".join(
            f"{one['name']}: {one['value']!r} {units.get(one['unit'], one['unit'])}".strip()
            for one in value
        )
    if isinstance(value, list):
        return " – ".join(str(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return json.dumps(value)
