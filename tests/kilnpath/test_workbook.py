"""A case as one workbook: the same case as its folder, and faults that name sheet and row."""

import datetime
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from kilnpath import plan
from kilnpath.case.read import read_case
from tests.tools.case_tools import TABLES, assert_told, faults_of, new_case, write_workbook

Sheets = dict[str, list[list[Any]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_case(tmp_path / "demo")


def changed(folder: Path, change: Callable[[Sheets], None]) -> Path:
    return write_workbook(folder, folder.parent / "demo.xlsx", change)


def cell(sheets: Sheets, sheet: str, first: str, column: str) -> tuple[list[Any], int, int]:
    """The row that starts with ``first``, the position of a column, and the row's number."""
    rows = sheets[sheet]
    header = next(row for row in rows if not str(row[0]).startswith("#"))
    at = next(n for n, row in enumerate(rows) if row[0] == first)
    label: str | float = float(column) if column.isdigit() else column
    return rows[at], header.index(label), at + 1


def test_the_same_case_as_the_folder(folder: Path) -> None:
    book = write_workbook(folder, folder.parent / "demo.xlsx")
    a, b = read_case(folder), read_case(book)
    assert b.id == "demo"
    sda = "scope1_sda"
    assert list(a.targets[sda].values) == list(b.targets[sda].values)  # NaN is not itself
    for field in fields(a):
        if field.name not in ("hashes", "targets", "sources"):
            assert getattr(a, field.name) == getattr(b, field.name), field.name
    bare = [[replace(one, place="", letters={}) for one in case.sources] for case in (a, b)]
    assert bare[0] == bare[1]  # where it stands has columns with letters in a workbook alone
    assert not any(one.letters for one in a.sources) and all(one.letters for one in b.sources)
    targets = {k: t for k, t in a.targets.items() if k != sda}
    assert targets == {k: t for k, t in b.targets.items() if k != sda}
    assert targets


def test_the_same_plan_as_the_folder(folder: Path) -> None:
    book = write_workbook(folder, folder.parent / "demo.xlsx")
    a, b = plan(read_case(folder)), plan(read_case(book))
    assert b.solution.least == pytest.approx(a.solution.least, rel=1e-9)
    assert b.pathway.cumulative_ccus == pytest.approx(a.pathway.cumulative_ccus, rel=1e-9)
    assert a.pathway.cumulative_ccus > 1000.0


def test_another_number_gives_another_case(folder: Path) -> None:
    """So that the two tests above could fail."""

    def change(sheets: Sheets) -> None:
        row, column, _ = cell(sheets, "series", "plant", "2035")
        row[column] = 951

    before, after = read_case(folder), read_case(changed(folder, change))
    assert after.series["plant", "cement", ""][2035] == 951_000.0
    assert after.series != before.series


def test_upper_case_ending(folder: Path) -> None:
    book = write_workbook(folder, folder.parent / "demo.xlsx")
    assert read_case(book.rename(folder.parent / "DEMO.XLSX")).id == "DEMO"


def test_other_sheets_are_left_alone(folder: Path) -> None:
    book = changed(folder, lambda sheets: sheets.update(notes=[["anything", 1]]))
    assert read_case(book).id == "demo"


@pytest.mark.parametrize("sheet", ["case", *TABLES])
def test_missing_sheet(folder: Path, sheet: str) -> None:
    book = changed(folder, lambda sheets: sheets.__delitem__(sheet))
    if sheet == "plan":
        assert_told(book, "demo.xlsx, sheet targets row 6", "which needs plan.csv")
    else:
        assert_told(book, "demo.xlsx", f"sheet '{sheet}' is missing; a case needs it")


@pytest.mark.parametrize("sheet", [t for t in TABLES if t != "plan"])
def test_empty_sheet(folder: Path, sheet: str) -> None:
    book = changed(folder, lambda sheets: sheets.update({sheet: []}))
    assert_told(book, f"demo.xlsx, sheet {sheet}", "is empty; its first row must name the columns")


@pytest.mark.parametrize("content", [b"", b"id,lever\n", b"PK\x03\x04 broken", bytes(range(256))])
def test_not_a_workbook(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "demo.xlsx").write_bytes(content)
    assert_told(tmp_path / "demo.xlsx", str(tmp_path / "demo.xlsx"), "cannot be read as a workbook")


def test_half_a_workbook(folder: Path) -> None:
    book = write_workbook(folder, folder.parent / "demo.xlsx")
    book.write_bytes(book.read_bytes()[: book.stat().st_size // 2])
    assert_told(book, str(book), "cannot be read as a workbook")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("35%", ("'35%'", "% as the unit")),
        ("=A1+1", ("formula '=A1+1'", "write its value")),
        ("many", ("'many'", "is not a number")),
        (True, ("'yes'", "is not a number")),
        (False, ("'no'", "is not a number")),
        (datetime.date(2024, 1, 31), ("'2024-01-31", "is not a number")),
        (datetime.datetime(2024, 1, 31, 12, 30), ("'2024-01-31", "is not a number")),
        (-5, ("-5 kt", "must lie between 0 and")),
        (1e300, ("must lie between 0 and",)),
    ],
)
def test_wrong_cells_are_named_by_sheet_and_row(
    folder: Path, value: Any, words: tuple[str, ...]
) -> None:
    numbers = []

    def change(sheets: Sheets) -> None:
        row, column, number = cell(sheets, "series", "plant", "2023")
        row[column] = value
        numbers.append(number)

    book = changed(folder, change)
    assert_told(book, f"demo.xlsx, sheet series, cell F{numbers[0]}", *words)


def test_faults_of_all_sheets_come_together(folder: Path) -> None:
    def change(sheets: Sheets) -> None:
        for sheet, first, column in (
            ("sites", "plant", "equity [%]"),
            ("fuels", "rdf", "co2_factor [kg/GJ]"),
            ("bounds", "fuel_permit", "2030"),
            ("plan", "plant", "2035"),
        ):
            row, at, _ = cell(sheets, sheet, first, column)
            row[at] = "wrong"

    lines = faults_of(changed(folder, change))
    for sheet in ("sites", "fuels", "bounds", "plan"):
        assert sum(f"demo.xlsx, sheet {sheet}, cell " in line for line in lines) >= 1, sheet


def test_faults_of_a_whole_table_name_its_sheet(folder: Path) -> None:
    def change(sheets: Sheets) -> None:
        sheets["bounds"] = [row for row in sheets["bounds"] if row[0] != "heat_best"]
        sheets["series"] = [row for row in sheets["series"] if row[1:2] != ["grid_factor"]]
        sheets["plan"] = [row for row in sheets["plan"] if row[3:4] != ["rest"]]

    book = changed(folder, change)
    assert_told(book, "demo.xlsx, sheet bounds", "'plant' needs a least heat_intensity")
    assert_told(book, "demo.xlsx, sheet series", "grid_factor of plant, station is missing")
    assert_told(book, "demo.xlsx, sheet plan, site 'plant'", "unit 'rest'")


def test_a_note_beside_the_table_is_refused(folder: Path) -> None:
    def change(sheets: Sheets) -> None:
        row, _, _ = cell(sheets, "fuels", "rdf", "kind")
        row.append("ask the plant")

    assert_told(changed(folder, change), "demo.xlsx, sheet fuels row 5", "has 10 cells", "beside")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("base_year", "soon", ("base_year is 'soon'", "whole number")),
        ("base_year", 2020.5, ("base_year is '2020.5'", "whole number")),
        ("base_year", 1e300, ("base_year is", "whole number")),
        ("base_year", "9" * 5000, ("base_year is '999", "whole number")),
        ("objective", "least", ("objective is 'least'", "'cumulative', 'final' or 'peak'")),
        ("accounting.captured_use_counts", 3, ("captured_use_counts is 3", "true or false")),
        ("names.en", "", ("names.en is ''", "must not be empty")),
    ],
)
def test_settings_of_a_workbook(folder: Path, key: str, value: Any, words: tuple[str, ...]) -> None:
    def change(sheets: Sheets) -> None:
        row, column, _ = cell({"case": sheets["case"]}, "case", key, "value")
        row[column] = value

    cells = {"base_year": "B2", "objective": "B5", "names.en": "B8"}
    place = f"demo.xlsx, sheet case, cell {cells.get(key, 'B14')}"
    assert_told(changed(folder, change), place, *words)


@pytest.mark.parametrize("value", [True, "yes", "TRUE"])
def test_yes_in_the_settings(folder: Path, value: Any) -> None:
    def change(sheets: Sheets) -> None:
        row, column, _ = cell(sheets, "case", "accounting.captured_use_counts", "value")
        row[column] = value

    assert read_case(changed(folder, change)).accounting.captured_use_counts is True


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ([["base_year", 2021]], "sheet case, cell A15", ("'base_year' stands twice",)),
        ([["names", "x"]], "sheet case, cell A15", ("key 'names' stands twice",)),
        ([["base_year.x", 1]], "sheet case, cell A15", ("'base_year' is a value and a table",)),
        ([["clincker", 1]], "sheet case, cell A15", ("unknown key 'clincker'",)),
        ([["", 1]], "sheet case, cell A15", ("unknown key ''",)),
        ([["a." * 2000, 1]], "sheet case, cell A15", ("unknown key 'a.a.",)),
    ],
)
def test_more_settings(
    folder: Path, rows: list[list[Any]], place: str, words: tuple[str, ...]
) -> None:
    book = changed(folder, lambda sheets: sheets["case"].extend(rows))
    assert_told(book, f"demo.xlsx, {place}", *words)


def test_settings_without_their_columns(folder: Path) -> None:
    book = changed(folder, lambda sheets: sheets["case"].__setitem__(0, ["name", "value"]))
    assert_told(book, "demo.xlsx, sheet case", "must have the columns 'key' and 'value'")
