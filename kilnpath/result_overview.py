"""The first sheets of a result's workbook: the answer with its charts, and how to read the rest."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kilnpath.case_columns import SHEETS
from kilnpath.languages import Language, mark
from kilnpath.result_sheets import descriptions, number_format, sheet_name
from kilnpath.result_words import COLUMNS, SCENARIOS, SUMMARY, Words
from kilnpath.results import Result
from kilnpath.workbook_file import DARK, PALE, Book, put_number

OVERVIEW, ABOUT = mark("overview"), mark("about")
_NEEDS = mark("The pathway needs {total} Mt of CCUS in {years}, and {peak} Mt in {year}, its peak.")
_LESS = mark("That is {less} Mt ({share} %) less than the company's own plan needs in these years.")
_KEEPS = mark("It keeps all {bounds} bounds and all {targets} targets of the case.")
_KEY = mark("Key numbers")
_LAST = mark("Targets, each in its last year; all years in the sheet '{sheet}'")
_READ = mark("How to read this workbook")
_TABLES = mark("The tables of the result: a row for each number, with its unit")
_INPUTS = mark("The case as it was planned; `kilnpath plan` of this file finds the same pathway")
_FACTS = {
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
_MARGIN_ROWS = 18  # that a chart covers
_TARGET_COLUMNS = ("target", "place", "scope", "year", "limit", "value", "margin", "unit", "holds")


def add_overview(book: Book, result: Result, words: Words, language: Language) -> Any:
    """Adds the sheet of the answer, and gives it back for its charts."""
    sheet = book.sheet(words.text(OVERVIEW), DARK)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 8, 15)
    sheet.write_string(0, 0, words.case, book.format(bold=True, font_size=18, font_color=DARK))
    large = book.format(font_size=13, text_wrap=False)
    row = 1
    for sentence in answer(result, words):
        sheet.write_string(row, 0, sentence, large)
        row += 1
    row = _key_numbers(book, sheet, row + 1, result.tables["summary"], words)
    row = _last_targets(book, sheet, row + 1, result.tables["targets"], words, language)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return sheet, row + 1


def place_charts(sheet: Any, row: int, charts: list[Any]) -> None:
    """Puts the charts under the numbers, two side by side."""
    for number, chart in enumerate(charts):
        sheet.insert_chart(
            row + (number // 2) * _MARGIN_ROWS, 0, chart, {"x_offset": 8 + (number % 2) * 655}
        )


def answer(result: Result, words: Words) -> list[str]:
    """The answer in two sentences, its numbers from the table ``summary``."""
    table = result.tables["summary"]
    found = {(r["quantity"], r["scenario"]): r for _, r in table.iterrows()}
    total, peak = found["ccus_total", "pathway"], found["ccus_peak", "pathway"]
    said = [
        words.text(_NEEDS).format(
            total=_mega(total["value"]),
            years=total["year"],
            peak=_mega(peak["value"]),
            year=peak["year"],
        )
    ]
    less = found.get(("ccus_less_than_plan", "pathway"))
    share = found.get(("ccus_less_than_plan_share", "pathway"))
    if less is not None and share is not None:
        part = f"{100 * share['value']:.0f}"
        said.append(words.text(_LESS).format(less=_mega(less["value"]), share=part))
    else:
        counts = {k: f"{found[k, '']['value']:.0f}" for k in ("bounds", "targets")}
        said.append(words.text(_KEEPS).format(**counts))
    return said


def _mega(tonnes: float) -> str:
    return f"{tonnes / 1e6:,.2f}"


def _heading(book: Book, sheet: Any, row: int, words: str) -> None:
    sheet.write_string(row, 0, words, book.format(bold=True, font_size=12, font_color=DARK))


def _key_numbers(book: Book, sheet: Any, row: int, table: pd.DataFrame, words: Words) -> int:
    _heading(book, sheet, row, words.text(_KEY))
    for column, name in enumerate(("quantity", "scenario", "year", "value", "unit")):
        sheet.write_string(row + 1, column, words.text(COLUMNS[name]), book.header)
    style = book.format(bottom=1, border_color=PALE)
    row += 2
    for _, line in table.iterrows():
        share = line["unit"] == "1" and line["quantity"].endswith(("_share", "_below_base"))
        sheet.write_string(row, 0, words.known(SUMMARY, line["quantity"]), style)
        sheet.write_string(row, 1, words.known(SCENARIOS, line["scenario"]), style)
        sheet.write_string(row, 2, line["year"], style)
        shown = "0.0%" if share else number_format(line["value"])
        number = book.format(bottom=1, border_color=PALE, num_format=shown)
        put_number(sheet, row, 3, line["value"], number)
        sheet.write_string(row, 4, "" if line["unit"] == "1" else line["unit"], style)
        row += 1
    return row


def _last_targets(
    book: Book, sheet: Any, row: int, table: pd.DataFrame, words: Words, language: Language
) -> int:
    last = table.groupby("target", sort=False).tail(1)
    if last.empty:
        return row
    _heading(book, sheet, row, words.text(_LAST).format(sheet=sheet_name("targets", language)))
    for column, name in enumerate(_TARGET_COLUMNS):
        sheet.write_string(row + 1, column, words.text(COLUMNS[name]), book.header)
    style = book.format(bottom=1, border_color=PALE)
    row += 2
    for _, line in last.iterrows():
        for column, name in enumerate(_TARGET_COLUMNS):
            cell = line[name]
            if name in ("limit", "value", "margin", "year"):
                shown = "0" if name == "year" else number_format(cell)
                number = book.format(bottom=1, border_color=PALE, num_format=shown)
                put_number(sheet, row, column, float(cell), number)
            elif name == "holds":
                sheet.write_boolean(row, column, bool(cell), style)
            else:
                text = words.place(cell) if name == "place" else cell
                sheet.write_string(row, column, text, style)
        row += 1
    return row


def add_about(
    book: Book, result: Result, inputs: list[str], words: Words, language: Language
) -> None:
    """Adds the sheet of the manifest's facts and of what each other sheet holds."""
    sheet = book.sheet(words.text(ABOUT), DARK)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    plain = book.format(text_wrap=True, bottom=1, border_color=PALE)
    bold, link = book.format(bold=True), book.format(font_color="#1F6F8B", underline=1)
    row = 0
    for key, words_of_key in _FACTS.items():
        sheet.write_string(row, 0, words.text(words_of_key), bold)
        sheet.write_string(row, 1, _fact(result.facts.get(key)), plain)
        row += 1
    _heading(book, sheet, row + 1, words.text(_READ))
    tables = list(descriptions(result.tables, language))
    cases = [(n, words.text(SHEETS.get(n, ""))) for n in inputs if n in SHEETS]
    row += 2
    for title, lines in ((_TABLES, tables), (_INPUTS, cases)):
        sheet.write_string(row, 0, words.text(title).replace("`", ""), bold)
        for name, said in lines:
            row += 1
            sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            sheet.write_string(row, 1, said, plain)
        row += 2


def _fact(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
        return "; ".join(f"{one['name']}: {one['value']!r} {one['unit']}" for one in value)
    if isinstance(value, list):
        return " – ".join(str(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return json.dumps(value)
