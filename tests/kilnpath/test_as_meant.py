"""Cells, year headers and settings as people write them: taken as meant and said, or one fault."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilnpath.case.columns import choices
from kilnpath.case.read import raw_case, read_case
from kilnpath.commands.case import TEMPLATE
from kilnpath.language.languages import Language, texts
from kilnpath.language.wording import CONFIDENCES, KINDS, METRICS, SITE_KINDS, STATUSES
from kilnpath.meant.hashes import content_hashes
from kilnpath.meant.numbers import is_thousands, number_meant
from kilnpath.meant.taken import MOST_CHANGES, Taken
from kilnpath.meant.units import unit_meant
from kilnpath.meant.words import word_meant
from kilnpath.meant.years import year_meant, year_of_republic
from kilnpath.result.labels import _LEVERS, _SENSES
from model.case.units import UNITS
from tests.tools.case_tools import edit, faults_of, new_case, rename_column, replace_text
from tests.tools.habits import (
    Habit,
    numbers,
    thousands,
    unit_of,
    wide,
    words,
    write_book,
    write_folder,
    years,
)

PLAIN = content_hashes(raw_case(TEMPLATE))


# What is taken: the case is the plain one, by its hash, in folder and workbook.
def _percent_of(number: str, unit: str) -> str:
    return f"{number}%" if unit.startswith("%") else number


def _own_unit(number: str, unit: str) -> str:
    return f"{number} {unit}"


def _not_for_all(column: str, row: dict[str, str], cell: str) -> str:
    chemistry = column.startswith(("clinker_", "raw_per")) and not cell
    return "-" if chemistry or (column in ("which", "expires") and not cell) else cell


def _no_value(column: str, row: dict[str, str], cell: str) -> str:
    return "n/a" if column in ("2024", "2027") and not cell else cell


UNITS_WRITTEN = {"%": "％", "GJ/t": "GJ／t", "kWh/t": "kwh / t", "kt": "ＫＴ", "t/t": "ｔ/ｔ"}
UNITS_WRITTEN |= {
    "t": "公噸",
    "kt/yr": "kt/a",
    "t/MWh": "tonne/MWh",
    "% below base": "％ below base",
}
CHINESE = {"min": "至少", "max": "上限", "fixed": "固定值", "rise_max": "年增量上限"}
TAKEN = {
    "percent cells": Habit(percent=True),
    "a percent sign in the cell": Habit(numbers(_percent_of)),
    "a full-width percent sign": Habit(numbers(lambda n, u: f"{n} ％" if u == "%" else n)),
    "commas between thousands": Habit(thousands(",")),
    "full-width commas between thousands": Habit(thousands("，")),
    "blanks between thousands": Habit(thousands("\u00a0")),
    "apostrophes between thousands": Habit(thousands("’")),
    "full-width digits": Habit(numbers(lambda n, u: wide(n))),
    "the unit in the cell": Habit(numbers(_own_unit)),
    "plus signs": Habit(numbers(lambda n, u: f"＋{n}")),
    "capital words": Habit(lambda column, row, cell: cell.upper() if column == "sense" else cell),
    "words with blanks": Habit(
        lambda c, r, cell: f"{cell.replace('_', ' ').title()} " if c in ("sense", "lever") else cell
    ),
    "full-width words": Habit(words("status", {"assumed": "ａｓｓｕｍｅｄ"})),
    "scopes": Habit(words("scope", {"1": "Scope 1", "2": "範疇二"})),
    "Yes": Habit(words("control", {"yes": "Yes"})),
    "TRUE": Habit(words("control", {"yes": "TRUE"})),
    "是": Habit(words("control", {"yes": "是"})),
    "sense in Chinese": Habit(words("sense", CHINESE)),
    "status in Chinese": Habit(words("status", {"assumed": "假設", "published": "已公布"})),
    "kind in Chinese": Habit(words("kind", {"integrated": "一貫廠", "permit": "許可"})),
    "confidence in Chinese": Habit(
        words("confidence", {"high": "高", "medium": "中", "low": "低"})
    ),
    "lever in Chinese": Habit(words("lever", {"clinker_ratio": "熟水比", "fuel": "燃料"})),
    "units in other signs": Habit(words("unit", UNITS_WRITTEN)),
    "units of headers in other signs": Habit(
        header=lambda table, column: column.replace("[%]", "（％）").replace("[GJ/t]", "［GJ／t］")
    ),
    "dashes where nothing may stand": Habit(_not_for_all),
    "n/a in years that are filled": Habit(_no_value),
    "年": Habit(header=years(lambda year: f"{year}年")),
    "年度": Habit(header=years(lambda year: f"{year}年度")),
    "西元": Habit(header=years(lambda year: f"西元{year}年")),
    "FY": Habit(header=years(lambda year: f"FY{year}")),
    "FY and a blank": Habit(header=years(lambda year: f"FY {year}")),
    "full-width years": Habit(header=years(wide)),
    "years with a point": Habit(header=years(lambda year: f"{year}.0 ")),
    "Y2030": Habit(header=years(lambda year: f"Y{year}")),
    "last days of years": Habit(header=years(lambda year: f"{year}-12-31")),
}


@pytest.mark.parametrize("form", ["folder", "book"])
@pytest.mark.parametrize("name", TAKEN)
def test_taken_as_meant(tmp_path: Path, name: str, form: str) -> None:
    habit = TAKEN[name]
    if habit.percent and form == "folder":
        pytest.skip("a format of cells, which a CSV file has not")
    path = write_folder(tmp_path / "demo", habit) if form == "folder" else tmp_path / "demo.xlsx"
    if form == "book":
        write_book(path, habit)
    raw = raw_case(path)
    assert content_hashes(raw) == PLAIN
    case = read_case(path)
    tables = {str(line).split(": ")[0].split(" row")[0].split(", cell")[0] for line in case.taken}
    assert 1 <= len(case.taken) <= 3 * len(tables)  # a line for each way and table
    assert all("taken as" in str(line) for line in case.taken)
    for line in case.taken:  # in both languages, with nothing left open
        said = line.in_words(texts(Language.CHINESE))
        assert "{" not in str(line) and "{" not in said


def test_the_template_is_taken_as_it_stands(tmp_path: Path) -> None:
    assert read_case(write_folder(tmp_path / "demo", Habit())).taken == ()
    assert read_case(write_book(tmp_path / "demo.xlsx", Habit())).taken == ()
    assert content_hashes(raw_case(tmp_path / "demo.xlsx")) == PLAIN


# What is not certain: a fault at its cause, at most three lines in all.
def _comma(number: str, unit: str) -> str:
    return number.replace(".", ",")


DOUBTFUL = {
    "民國": (Habit(header=years(lambda y: f"民國{int(y) - 1911}年")), "write 2020"),
    "119": (Habit(header=years(lambda y: str(int(y) - 1911))), "write 2020"),
    "119年": (Habit(header=years(lambda y: f"{int(y) - 1911}年")), "write 2020"),
    "decimal commas": (Habit(numbers(_comma)), "write it as"),
    "points and commas": (Habit(numbers(lambda n, u: f"{n}.000,0")), "write it as"),
    "dashes for 0": (Habit(numbers(lambda n, u: "-" if n == "0" else n)), "may be 0 or nothing"),
    "percents of tonnes": (Habit(numbers(lambda n, u: f"{n}%" if u == "kt" else n)), "'kt'"),
    "other units in cells": (Habit(numbers(lambda n, u: f"{n} GJ" if u == "kt" else n)), "'kt'"),
    "dates": (Habit(numbers(lambda n, u: "2024-01-31" if u == "kt" else n)), "it is a date"),
    "units of years": (Habit(header=years(lambda y: f"{y} [%]")), "takes no unit"),
}


@pytest.mark.parametrize("form", ["folder", "book"])
@pytest.mark.parametrize("name", DOUBTFUL)
def test_told_in_three_lines(tmp_path: Path, name: str, form: str) -> None:
    habit, words_told = DOUBTFUL[name]
    path = write_folder(tmp_path / "demo", habit) if form == "folder" else tmp_path / "demo.xlsx"
    if form == "book":
        write_book(path, habit)
    lines = faults_of(path)
    assert 1 <= len(lines) <= 3
    assert any(words_told in line for line in lines)


def test_a_year_of_the_republic_is_one_fault_that_proposes(tmp_path: Path) -> None:
    """Whatever follows from it in its table; the settings are told with it."""
    case = new_case(tmp_path / "demo")
    for year in ("2024", "2027", "2030"):
        rename_column(case, "bounds", year, f"民國{int(year) - 1911}年")
    replace_text(case, "case", "final_year = 2035", "final_year = 124")
    (line,) = faults_of(case)
    assert "'124' looks like a year of the Republic of China" in line
    assert "write 2035" in line and "in all 4 such" in line


def test_a_year_twice_is_a_fault(tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    rename_column(case, "bounds", "2027", "2030年")
    (line,) = faults_of(case)
    assert "bounds.csv: column '2030' stands twice" in line


# The parts, against meanings written by hand.
@pytest.mark.parametrize(
    ("text", "unit", "now"),
    [
        ("35%", "%", "35"),
        ("35 ％", "%", "35"),
        ("0.5%", "1", "0.005"),
        ("35%", "1", "0.35"),
        ("22%", "% below base", "22"),
        ("2%", "%/yr", "2"),
        ("1,234.5", "GJ/t", "1234.5"),
        ("2,100,000", "t/t", "2100000"),
        ("2 100 000", "t", "2100000"),
        ("－５", "kt", "-5"),
        ("−5", "kt", "-5"),
        ("– 5", "kt", "-5"),
        ("3.2 GJ／t", "GJ/t", "3.2"),
        ("1 020 kt", "kt", "1020"),
        ("１，０２０．５", "kt", "1020.5"),
        ("N/A", "kt", ""),
        ("不適用", "kt", ""),
    ],
)
def test_number_meant(text: str, unit: str, now: str) -> None:
    meaning = number_meant(text, unit)
    assert meaning is not None and meaning.sure
    assert meaning.now == now


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(("35%", "t"), ("35%", "pp/yr"), ("0,35", "1"), ("1,5", "t"), ("1.234,5", "t")),
        *(("2.100.000", "t"), ("1,234", "kt"), ("0,350", "t/t"), ("-", "t"), ("5 GJ", "t")),
        *(("2%", "GJ/t"), ("5 t", "kt"), ("2024-01-31", "t")),
    ],
)
def test_not_certain(text: str, unit: str) -> None:
    meaning = number_meant(text, unit)
    assert meaning is not None and not meaning.sure


@pytest.mark.parametrize(
    "text", ["", "1e3", "-5", "3.25", "1_000", "a lot", "10²", "½", "1٠2", "="]
)
def test_left_to_the_reader(text: str) -> None:
    assert number_meant(text, "t") is None


def test_one_comma_is_certain_by_what_stands_beside(tmp_path: Path) -> None:
    assert is_thousands("1020", "kt", ["1000", "950"])
    assert not is_thousands("1020", "kt", ["3.2", ""])
    assert not is_thousands("3450", "GJ/t", ["3.5"])
    assert is_thousands("1020", "t", [])
    case = new_case(tmp_path / "demo")
    edit(case, "series", "plant/cement", "2023", "1,020")  # beside 1000 and 950
    assert content_hashes(raw_case(case)) == PLAIN
    edit(case, "series", "station/cement", "2023", "0,31")  # a comma for decimals in the table
    (line,) = faults_of(case)
    assert "write it as" in line and "(such cells: 2)" in line


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(("2030年", "2030"), ("FY2030", "2030"), ("fy 2030", "2030"), ("FY-2030", "2030")),
        *(("2030年度", "2030"), ("２０３０", "2030"), ("2030.0", "2030"), ("Y2030", "2030")),
        *(("2030-12-31", "2030"), ("2030/1/1", "2030"), ("1905-07-22", "2030"), ("2030E", "2030")),
        *(("2031-03-31", ""), ("FY30", ""), ("2030/31", ""), ("2029-2030", ""), ("30年", "")),
        *(("119", ""), ("20300", ""), ("2030 kt", ""), ("2030-02-30", ""), ("year", "")),
    ],
)
def test_year_meant(text: str, year: str) -> None:
    assert year_meant(text) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(("民國119年", "2030"), ("119", "2030"), ("中華民國 119 年度", "2030"), ("119年", "2030")),
        *(("ROC 119", "2030"), ("民99", "2010"), ("99", ""), ("35", ""), ("300", ""), ("2030", "")),
    ],
)
def test_year_of_republic(text: str, year: str) -> None:
    assert year_of_republic(text) == year


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(["", " ", "wide", "lower"]))
def test_a_unit_is_never_taken_for_another(unit: str, way: str) -> None:
    text = {"wide": wide(unit), "lower": unit.lower()}.get(way, unit.replace("/", f"{way}/{way}"))
    meant = unit_meant(text)
    assert meant in ("", unit) or UNITS[meant] == UNITS[unit] or text in UNITS
    if way in ("", "wide"):
        assert meant == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(("tCO2/GJ", "t CO2/GJ"), ("kgCO₂/GJ", "kg CO2/GJ"), ("t CO2eq/t", "t CO2e/t")),
        *(("公噸/年", "t/yr"), ("度/公噸", "kWh/t"), ("Gj/T", "GJ/t"), ("KWH/T", "kWh/t")),
        *(
            ("MT", ""),
            ("mt/yr", ""),
            ("tons", ""),
            ("GJ/t clinker", ""),
            ("°C", ""),
            ("x" * 99, ""),
        ),
    ],
)
def test_unit_meant(text: str, unit: str) -> None:
    assert unit_meant(text) == unit


SHOWN = {
    ("bounds", "lever"): [_LEVERS],
    ("bounds", "sense"): [_SENSES],
    ("bounds", "kind"): [KINDS],
    ("bounds", "confidence"): [CONFIDENCES],
    ("sites", "kind"): [SITE_KINDS],
    ("sites", "status"): [STATUSES],
    ("targets", "metric"): [METRICS],
}


@pytest.mark.parametrize("where", SHOWN)
def test_the_chinese_words_that_are_shown_are_understood(where: tuple[str, str]) -> None:
    """What pages and screens call a choice, of which each has one."""
    sheet, column = where
    chinese, known = texts(Language.CHINESE), choices(sheet, column)
    for shown in SHOWN[where]:
        for choice, english in shown.items():
            if str(choice) in known:
                word = re.sub(r"^[，、]", "", chinese(english).replace("{what}", ""))
                assert word_meant(word, column, known) == str(choice), word


def test_words_that_mean_two_things_are_not_taken() -> None:
    assert word_meant("max", "sense", ("Max", "MAX")) == ""
    assert word_meant("maximum", "sense", choices("bounds", "sense")) == ""
    assert word_meant("可能", "control", ("yes", "no")) == ""


# Settings.
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("base_year = 2020 ", 'base_year = "2020" '),
        ("base_year = 2020 ", 'base_year = "２０２０年" '),
        ("base_year = 2020 ", "base_year = 2020.0 "),
        ("base_year = 2020 ", 'base_year = "2,020" '),
        ("captured_biogenic_counts = false", 'captured_biogenic_counts = "否"'),
        ("captured_biogenic_counts = false", 'captured_biogenic_counts = "No"'),
        ('"cumulative"', '"Cumulative"'),
        ('"equity" ', '"Equity" '),
        ('"0.1 %"', '"０.1 ％"'),
    ],
)
def test_settings(tmp_path: Path, old: str, new: str) -> None:
    case = new_case(tmp_path / "demo")
    replace_text(case, "case", old, new)
    raw = raw_case(case)
    assert content_hashes(raw) == PLAIN
    (line,) = raw.taken
    assert "case.toml, " in str(line) and "is taken as" in str(line)


def test_settings_of_a_workbook(tmp_path: Path) -> None:
    import openpyxl

    path = write_book(tmp_path / "demo.xlsx", Habit())
    book = openpyxl.load_workbook(path)
    for cell, value in (("B2", "2020年"), ("B5", "CUMULATIVE"), ("B13", "否")):
        book["case"][cell] = value
    book.save(path)
    raw = raw_case(path)
    assert content_hashes(raw) == PLAIN
    assert [str(line).split(": ")[0] for line in raw.taken] == ["demo.xlsx, sheet case, cell B2"]
    assert "(such settings: 3)" in str(raw.taken[0])


# Workbooks that are given; and what a format of cells shows beside the number.
def test_a_percent_sign_that_is_only_shown_multiplies_nothing(tmp_path: Path) -> None:
    import openpyxl

    path = write_book(tmp_path / "demo.xlsx", Habit())
    book = openpyxl.load_workbook(path)
    sheet = book["bounds"]
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, int | float):
                cell.number_format = '0.0"%"'
    book.save(path)
    raw = raw_case(path)
    assert content_hashes(raw) == PLAIN and raw.taken == ()


def test_the_unit_of_a_habit_is_that_of_its_row() -> None:
    assert unit_of("2030", {"unit": "kt"}) == "kt" and unit_of("cao [%]", {}) == "%"


def test_so_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at one costs more than reading it; nobody's case has so many."""
    monkeypatch.setattr("kilnpath.meant.tables.MOST_UNPLAIN", 40)
    path = write_folder(tmp_path / "demo", TAKEN["a percent sign in the cell"])
    (line,) = faults_of(path)
    assert "more than 40 cells of the case are written otherwise than plainly" in line


# The list of all.
def test_the_list_of_changes_is_bounded() -> None:
    taken = Taken(keep=True)
    for number in range(MOST_CHANGES + 5):
        taken.add("bounds.csv", "bounds.csv", "{was} {now} {count}", str(number), "")
    assert len(taken.changes) == MOST_CHANGES and taken.count == MOST_CHANGES + 5
    (line,) = taken.told()
    assert str(line) == f"bounds.csv: 0  {MOST_CHANGES + 5}"
