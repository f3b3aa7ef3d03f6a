"""Workbooks that kilnpath writes: they read as the same case, and hold every number of a result."""

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from openpyxl.utils import range_boundaries

from kilnpath import plan, verifier
from kilnpath.case.columns import COLUMNS, choices, units
from kilnpath.case.read import SCENARIO, raw_case, read_case, scenario_names
from kilnpath.case.write_folder import case_folder, write_case_folder
from kilnpath.case.write_workbook import CaseSheets, add_case, case_sheets, write_case
from kilnpath.commands.case import TEMPLATE
from kilnpath.commands.main import cli
from kilnpath.export.workbook import write_result_workbook
from kilnpath.export.workbook_sheets import header, number_format, sheet_name
from kilnpath.files.cells import cell_fault, clean, same_number
from kilnpath.files.result_folder import ResultError
from kilnpath.files.xlsx_read import read_sheets
from kilnpath.files.xlsx_write import new_book
from kilnpath.language.headings import COLUMNS as COLUMNWORDS
from kilnpath.language.headings import SUMMARY, TABLES
from kilnpath.language.languages import Language, texts
from kilnpath.meant.hashes import content_hashes
from kilnpath.report.answer import answer
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result, read_result
from kilnpath.result.schema import SCHEMAS, Kind
from kilnpath.studies.ccus_shares import ccus_shares
from kilnpath.studies.result_folder import write_plan
from model.case.tables import Table
from tests.tools.case_tools import edit, new_case
from tests.tools.plants import CASES

SHIPPED = [
    TEMPLATE,
    *(CASES / name for name in ("one-kiln", "infeasible", "tcc-2024", "two-countries")),
]
Books = dict[Language, Path]
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PLAIN = _TEXTS.map(clean).filter(lambda text: not cell_fault(text))
WORDS = _TEXTS.filter(lambda text: not cell_fault(text, numeric=True)) | (
    st.sampled_from("=+-@'\"#,;\t").flatmap(lambda sign: st.just(f"{sign}1+2"))
)


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.name)
def test_a_case_and_its_workbook_are_the_same_case(case: Path, tmp_path: Path) -> None:
    book = tmp_path / f"{case.name}.xlsx"
    write_case(case, book)
    assert scenario_names(book) == scenario_names(case)
    for scenario in (None, *scenario_names(case)):
        folder, workbook = raw_case(case, scenario), raw_case(book, scenario)
        assert workbook.settings == folder.settings
        assert {n: t.columns for n, t in workbook.tables.items()} == {
            n: t.columns for n, t in folder.tables.items()
        }
        assert read_case(book, scenario).hash == read_case(case, scenario).hash
    case_again = tmp_path / "again" / book.name
    write_case(book, case_again)
    assert read_case(case_again).hash == read_case(case).hash


@pytest.mark.slow
@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.name)
def test_a_workbook_and_its_folder_are_the_same_case(case: Path, tmp_path: Path) -> None:
    book = tmp_path / f"{case.name}.xlsx"
    write_case(case, book)
    for source in (book, case):
        folder = tmp_path / f"of {source.suffix}" / case.name
        write_case_folder(source, folder)
        assert scenario_names(folder) == scenario_names(case)
        for scenario in (None, *scenario_names(case)):
            assert read_case(folder, scenario).hash == read_case(book, scenario).hash
            assert read_case(folder, scenario).hashes == read_case(case, scenario).hashes
            assert verifier.read_case(folder, scenario or "").hashes == content_hashes(
                raw_case(case, scenario)
            )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(PLAIN, PLAIN)), PLAIN)
def test_any_cell_and_setting_comes_back_from_a_folder(
    tmp_path_factory: Any, cells: list[tuple[str, str]], name: str
) -> None:
    raw = raw_case(TEMPLATE)
    rows = tuple((n, {"place": "x", "which": a, "note": b}) for n, (a, b) in enumerate(cells, 2))
    tables = {**raw.tables, "series": Table("series", "series", ("place", "which", "note"), rows)}
    written = {"names": {"en": name}, "regions": {name: {"en": "1"}}}
    folder = tmp_path_factory.mktemp("cells")
    for file, content in case_folder(written, tables).items():
        (folder / file).write_bytes(content)
    again = raw_case(folder)
    assert again.settings == written
    assert [row for _, row in again.tables["series"].rows] == [row for _, row in rows]


@pytest.mark.parametrize("name", ["a/b", "../a", "a\\b", "."])
def test_scenarios_that_no_file_can_be_called(name: str) -> None:
    """A workbook may be made to mislead: nothing is written outside the folder."""
    raw = raw_case(TEMPLATE)
    with pytest.raises(ResultError, match="no file can have this name"):
        case_folder(raw.settings, {**raw.tables, f"{SCENARIO}{name}": raw.tables["series"]})


@pytest.mark.parametrize("case", ["one-kiln", "tcc-2024"])
def test_the_same_pathway_from_the_workbook(case: str, tmp_path: Path) -> None:
    book = tmp_path / f"{case}.xlsx"
    write_case(CASES / case, book)
    folder, workbook = plan(read_case(CASES / case)), plan(read_case(book))
    assert workbook.pathway.cumulative_ccus == pytest.approx(folder.pathway.cumulative_ccus, 1e-9)
    pd.testing.assert_frame_equal(
        workbook.tables["pathway"], folder.tables["pathway"], rtol=1e-9, atol=1e-9
    )


def test_another_number_is_another_case(tmp_path: Path) -> None:
    """So that the hashes above could differ."""
    case = new_case(tmp_path / "demo")
    before = read_case(case).hash
    edit(case, "fuels", "coal", "co2_factor [kg/GJ]", "94.60")
    assert read_case(case).hash == before
    edit(case, "fuels", "coal", "co2_factor [kg/GJ]", "94.60000000000001")
    assert read_case(case).hash != before
    write_case(case, tmp_path / "demo.xlsx")
    assert read_case(tmp_path / "demo.xlsx").hash == read_case(case).hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('en = "Example group"', 'en = "2030"'),
        ('en = "Example group"', 'en = "no"'),
        ('zh-Hant = "範例集團"', 'zh-Hant = "1.50"'),
        ('zh-Hant = "範例集團"', 'zh-Hant = ""'),
        ("north = {", '"north.east" = {'),
    ],
)
def test_settings_that_look_otherwise(tmp_path: Path, old: str, new: str) -> None:
    case = new_case(tmp_path / "demo")
    for name in ("case.toml", "sites.csv"):
        file = case / name
        text = file.read_text(encoding="utf-8").replace(old, new)
        if "north.east" in new and name == "sites.csv":
            text = text.replace(",north,", ",north.east,")
        file.write_text(text, encoding="utf-8")
    write_case(case, tmp_path / "demo.xlsx")
    assert read_case(tmp_path / "demo.xlsx").hash == read_case(case).hash


DIGITS = st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{1,20})?(e-?[0-9]{1,2})?", fullmatch=True)
CELLS = st.lists(st.tuples(WORDS, DIGITS | st.floats(allow_nan=False, allow_infinity=False)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CELLS)
def test_any_cell_comes_back(tmp_path_factory: Any, cells: list[tuple[str, Any]]) -> None:
    """Texts as they are, also those that look like formulas; numbers to the last bit."""
    content = case_sheets(TEMPLATE)
    columns = ("place", "source", "2030")
    written = [("x", clean(word)[:200], str(number)) for word, number in cells]
    rows = tuple((n, dict(zip(columns, row, strict=True))) for n, row in enumerate(written, 2))
    tables = {**content.tables, "series": Table("series", "series", columns, rows)}
    path = tmp_path_factory.mktemp("cells") / "cells.xlsx"
    with new_book(path, "") as book:
        add_case(book, CaseSheets(content.settings, tables))
    found = read_sheets(path, ["series"])[0]["series"]
    assert not found.unreadable
    for row, (place, word, number) in zip(found.rows[1:], written, strict=True):
        place_again, word_again, number_again = (*row, "", "")[:3]
        assert (place_again, clean(word_again)) == (place, word)
        assert number_again == same_number(number)
        assert float(number_again) == float(number)


def test_digits_that_are_shown(tmp_path: Path) -> None:
    """A cell shows all digits that the table has, and its column is wide enough for them."""
    case = new_case(tmp_path / "demo")
    edit(case, "fuels", "coal", "co2_factor [kg/GJ]", "94.600000000012")
    edit(case, "fuels", "rdf", "co2_factor [kg/GJ]", "90.5")
    write_case(case, tmp_path / "demo.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "demo.xlsx")["fuels"]
    column = next(c for c in sheet[1] if c.value == "co2_factor [kg/GJ]").column_letter
    assert sheet[f"{column}2"].number_format == "0.000000000000_)"
    assert sheet[f"{column}3"].number_format == "General_)"
    assert sheet.column_dimensions[column].width > len("94.600000000012")


@pytest.mark.parametrize("name", ["x" * 23, "a[1]", "é'"])
def test_scenarios_that_no_sheet_can_be_called(tmp_path: Path, name: str) -> None:
    case = new_case(tmp_path / "demo")
    (case / "scenarios").mkdir()
    line = "place,quantity,which,unit,2020,2035,source,status\nplant,cement,,kt,1,1,x,assumed\n"
    (case / "scenarios" / f"{name}.csv").write_text(line, encoding="utf-8")
    with pytest.raises(ResultError, match=r"scenario '.*': (its name must have|another scenario)"):
        write_case(case, tmp_path / "demo.xlsx")
    assert not (tmp_path / "demo.xlsx").exists()


def test_a_workbook_that_stands_there_is_kept(tmp_path: Path) -> None:
    book = tmp_path / "demo.xlsx"
    book.write_text("mine")
    with pytest.raises(ResultError, match="exists already"):
        write_case(TEMPLATE, book)
    assert book.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["demo.xlsx"]
    with pytest.raises(ResultError, match="exists already; name another place with --out"):
        write_case_folder(TEMPLATE, book)


@pytest.fixture(scope="module")
def template_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new")
    done = CliRunner().invoke(cli, ["new", str(folder / "my-case"), "--xlsx"])
    assert done.exit_code == 0, done.output
    return folder / "my-case.xlsx"


def test_the_input_template_plans_as_it_is(template_book: Path) -> None:
    found, wanted = plan(read_case(template_book)), plan(read_case(TEMPLATE))
    assert found.pathway.cumulative_ccus == pytest.approx(wanted.pathway.cumulative_ccus, 1e-9)


def test_every_column_is_explained_in_both_languages(template_book: Path) -> None:
    book = openpyxl.load_workbook(template_book)
    for name in (n for n in COLUMNS if n in book.sheetnames):
        for cell in book[name][1]:
            if not re.fullmatch(r"\d{4}", str(cell.value)):
                assert cell.comment, (name, cell.value)
                if (name, cell.value) not in {("sites", "kind"), ("fuels", "kind")}:
                    assert cell.comment.text.strip()
    assert "上限" not in book["bounds"]["A1"].comment.text
    assert "固定代號" in book["bounds"]["A1"].comment.text
    assert "stable id" in book["bounds"]["A1"].comment.text
    guide = [str(cell.value) for row in book["guide 說明"].iter_rows() for cell in row]
    assert any("my-case.xlsx" in text for text in guide)
    assert any("如何填寫" in text for text in guide)


def test_every_closed_vocabulary_is_a_list(template_book: Path) -> None:
    book = openpyxl.load_workbook(template_book)
    for name in (n for n in COLUMNS if n in book.sheetnames):
        offered = {
            book[name].cell(1, range_boundaries(str(rule.sqref))[0]).value: rule.formula1
            for rule in book[name].data_validations.dataValidation
        }
        for column in COLUMNS[name]:
            if words := choices(name, column):
                assert offered[column] == '"' + ",".join(words) + '"', (name, column)
            elif column == "unit":
                assert list_of(book, offered[column]) == list(units(name))
            elif column in ("place", "which"):
                assert offered[column] == f"list_{column}"
    assert book["lists"]


def list_of(book: Any, name: str) -> list[str]:
    """The cells of a list by its defined name."""
    area = book.defined_names[name].attr_text.replace("$", "")
    sheet, cells = area.split("!")
    return [cell.value for (cell,) in book[sheet][cells]]


def test_lists_of_ids_follow_their_sheets(template_book: Path) -> None:
    book, values = (openpyxl.load_workbook(template_book, data_only=x) for x in (False, True))
    columns = {cell.value: cell.column_letter for cell in book["lists"][1]}
    places = [c.value for c in values["lists"][columns["place"]][1:] if c.value]
    assert places == ["group", "north", "plant", "station"]
    which = [c.value for c in values["lists"][columns["which"]][1:] if c.value]
    assert which[-7:] == ["coal", "rdf", "wood", "slag_raw", "slag", "limestone", "gypsum"]
    formulas = [c.value for c in book["lists"][columns["which"]] if str(c.value).startswith("=")]
    fuels, materials = "fuels!$A$2:$A$501", "materials!$A$2:$A$501"
    assert formulas[4] == (
        f'=IF(5<=COUNTIF({fuels},"?*"),INDEX({fuels},5),IF(5-COUNTIF({fuels},"?*")'
        f'<=COUNTIF({materials},"?*"),INDEX({materials},5-COUNTIF({fuels},"?*")),""))'
    )


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("result") / "demo"
    write_plan(plan(read_case(TEMPLATE)), folder)
    return read_result(folder)


@pytest.fixture(scope="module")
def books(result: Result) -> Books:
    written = {}
    for language in Language:
        written[language] = result.folder / f"{language}.xlsx"
        write_result_workbook(result, written[language], language, TEMPLATE)
    return written


@pytest.mark.parametrize("language", Language)
def test_every_number_of_the_result_is_in_the_workbook(
    books: Books, result: Result, language: Language
) -> None:
    sheets = pd.read_excel(
        books[language], sheet_name=None, keep_default_na=False, engine="openpyxl"
    )
    years = {"en": "year", "zh-Hant": "年度 year"}
    assert years[language] in sheets[sheet_name("pathway", language)].columns
    count = 0
    for name, table in result.tables.items():
        found = sheets[sheet_name(name, language)]
        assert [header(column, language) for column in table.columns] == list(found.columns)
        for column, meaning in SCHEMAS[name].columns.items():
            cells = found[header(column, language)].tolist()[: len(table)]
            for cell, number in zip(cells, table[column].tolist(), strict=True):
                if meaning.kind is Kind.TEXT:
                    assert str(cell) == number.strip(), (name, column)
                elif pd.isna(number):
                    assert cell == ""
                else:
                    assert float(cell) == float(number), (name, column)
                    count += 1
    assert count > 2000


@pytest.mark.parametrize("language", Language)
def test_the_share_of_ccus_has_a_sheet(books: Books, result: Result, language: Language) -> None:
    """In numbers, and without one where a roadmap does not tell its levers apart."""
    name = {"en": "share of CCUS", "zh-Hant": "CCUS 占比"}[language]
    _, *rows = openpyxl.load_workbook(books[language])[name].iter_rows(values_only=True)
    table = ccus_shares(result)
    assert [row[1] for row in rows] == table["year"].tolist()
    assert [row[2] for row in rows] == [None if pd.isna(v) else v for v in table["of_plant"]]
    assert [row[3] for row in rows] == [None if pd.isna(v) else v for v in table["of_all"]]


@pytest.mark.parametrize("language", Language)
def test_tables_are_named_frozen_and_explained(
    books: Books, result: Result, language: Language
) -> None:
    book = openpyxl.load_workbook(books[language])
    text = texts(language)
    for name, table in result.tables.items():
        sheet = book[sheet_name(name, language)]
        (excel_table,) = sheet.tables.values()
        assert excel_table.name == f"result_{name}"
        _, top, right, bottom = range_boundaries(excel_table.ref)
        assert (top, right, bottom) == (1, len(table.columns), 1 + max(len(table), 1))
        assert sheet.freeze_panes == "A2"
        for cell, (column, meaning) in zip(sheet[1], SCHEMAS[name].columns.items(), strict=True):
            assert text(meaning.description) in cell.comment.text
            assert column in str(cell.value)
    assert (
        text(SCHEMAS["worth"].description) in book[sheet_name("worth", language)]["A1"].comment.text
    )


def series_of(path: Path) -> Iterator[list[str]]:
    """Name, labels and values of each line of the charts, as the ranges they are drawn from."""
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.startswith("xl/charts/chart"):
                for one in re.findall(r"<c:ser>.*?</c:ser>", parts.read(name).decode()):
                    yield re.findall(r"<c:f>([^<]+)</c:f>", one)


def cells_of(book: Any, reference: str) -> list[Any]:
    """The values of a range of one column."""
    sheet, cells = reference.replace("$", "").rsplit("!", 1)
    area = book[sheet.strip("'")][cells]
    rows = area if isinstance(area, tuple) else ((area,),)
    assert all(len(row) == 1 for row in rows)
    return [row[0].value for row in rows]


@pytest.mark.parametrize("language", Language)
def test_charts_are_drawn_from_cells_that_hold_numbers(books: Books, language: Language) -> None:
    book = openpyxl.load_workbook(books[language])
    found = [*series_of(books[language])]
    assert len(found) > 10
    for name, labels, values in found:
        (title,) = cells_of(book, name)
        numbers = cells_of(book, values)
        assert title and len(numbers) == len(cells_of(book, labels))
        assert None not in cells_of(book, labels)
        assert any(numbers) and all(isinstance(n, int | float | None) for n in numbers)
    assert len({labels for _, labels, _ in found}) == 4  # charts


def assert_charted(path: Path, result: Result, language: Language) -> None:
    """The sheet of the charts holds the group's numbers, the targets and the worths."""
    sheet = openpyxl.load_workbook(path)[texts(language)("chart data")]
    shown = {c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, float | int)}
    tables = result.tables
    for name in ("ccus", "wedges"):
        table = tables[name]
        assert set(table[table["place"] == "group"]["value"]) <= shown
    limits = tables["targets"]
    assert set(limits[limits["metric"] == "intensity"]["limit"]) <= shown
    assert set(tables["worth"]["value"].head(10)) <= shown


@pytest.mark.parametrize("language", Language)
def test_charts_show_the_numbers_of_the_tables(
    books: Books, result: Result, language: Language
) -> None:
    assert_charted(books[language], result, language)


@pytest.mark.parametrize("language", Language)
def test_nothing_is_computed_in_the_sheets_of_a_result(books: Books, language: Language) -> None:
    book = openpyxl.load_workbook(books[language])
    for sheet in book.worksheets:
        formulas = [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
        assert bool(formulas) == (sheet.title == "lists"), sheet.title


@pytest.mark.parametrize("language", Language)
def test_the_answer_is_told_first(books: Books, result: Result, language: Language) -> None:
    book = openpyxl.load_workbook(books[language])
    sheet = book.worksheets[0]
    section = answer(result, Labels(result.tables["names"], language))
    said = [Markup(one).striptags() for one in (*section.lead, *section.cautions)]
    assert len(section.cautions) > 1
    assert [sheet[f"A{row}"].value for row in range(2, 2 + len(said))] == said
    assert sheet["A1"].value == {"en": "Example group", "zh-Hant": "範例集團"}[language]
    found = {c.value for row in sheet.iter_rows() for c in row}
    assert set(result.tables["summary"]["value"]) <= found
    chinese = re.compile("[\u4e00-\u9fff]")
    titles = [s.title for s in book.worksheets if s.title not in {*COLUMNS, "case", "lists"}]
    assert all(bool(chinese.search(t)) == (language is Language.CHINESE) for t in titles), titles


def test_everything_has_a_name(result: Result) -> None:
    """A table or column that is new in the schema needs one here."""
    assert TABLES.keys() == SCHEMAS.keys()
    assert {c for schema in SCHEMAS.values() for c in schema.columns} == COLUMNWORDS.keys()
    assert set(result.tables["summary"]["quantity"]) <= SUMMARY.keys()


@pytest.mark.parametrize("language", Language)
def test_the_same_bytes_again(
    books: Books, result: Result, language: Language, tmp_path: Path
) -> None:
    again = tmp_path / "again.xlsx"
    write_result_workbook(result, again, language, TEMPLATE)
    assert again.read_bytes() == books[language].read_bytes()


@pytest.mark.parametrize("language", Language)
def test_the_workbook_of_a_result_plans_again(
    books: Books, result: Result, language: Language
) -> None:
    again = plan(read_case(books[language]))
    found = result.manifest["cumulative_ccus"]["value"]
    assert again.pathway.cumulative_ccus == pytest.approx(found, rel=1e-9)
    assert read_case(books[language]).hash == result.manifest["case_sha256"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("case", "options"),
    [
        (CASES / "tcc-2024", ["--scenario", "grid-nze", "--set", "fuel_permit_tw=30%"]),
        (CASES / "one-kiln", ["--set", "wood_permit@2026=*1.1", "--set", "scope2=*1.05"]),
        (TEMPLATE, ["--objective", "final", "--then", "plan", "--set", "raw_permit=+5%"]),
    ],
    ids=["scenario", "targets", "objective"],
)
def test_scenario_changes_and_objective_are_carried(
    case: Path, options: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "planned"
    done = CliRunner().invoke(
        cli, ["plan", str(case), *options, "--xlsx", "--out", str(folder)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    wanted, carried = read_result(folder), read_case(folder / "result.xlsx")
    again = plan(carried)
    ccus = wanted.manifest["cumulative_ccus"]["value"]
    assert again.pathway.cumulative_ccus == pytest.approx(ccus, rel=1e-9)
    assert again.solution.least == pytest.approx(
        wanted.manifest["objectives"][0]["value"], rel=1e-9
    )
    same = [str(again.objective), str(again.second)]
    assert [wanted.manifest["objective"], wanted.manifest["then"]] == same
    assert carried.hash not in (wanted.manifest["case_sha256"], read_case(case).hash)
    assert_charted(folder / "result.xlsx", wanted, Language.ENGLISH)


def test_a_case_without_a_plan(tmp_path: Path) -> None:
    """It has neither wedges nor a company's plan to compare with."""
    case = new_case(tmp_path / "demo")
    (case / "plan.csv").unlink()
    (case / "targets.csv").write_text(
        "id,place,scope,metric,form,unit,2035,source,status\n"
        "cap,group,1,absolute,points,kt,600,example,assumed\n",
        encoding="utf-8",
    )
    folder = tmp_path / "planned"
    done = CliRunner().invoke(
        cli, ["plan", str(case), "--xlsx", "--out", str(folder)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    sheet = openpyxl.load_workbook(folder / "result.xlsx").worksheets[0]
    assert "bounds kept" in sheet["A3"].value
    assert read_case(folder / "result.xlsx").hash == read_result(folder).manifest["case_sha256"]


@pytest.mark.slow
def test_export_of_a_result_and_of_a_case(result: Result, tmp_path: Path) -> None:
    stored = tmp_path / "stored"
    shutil.copytree(result.folder, stored, ignore=shutil.ignore_patterns("*.xlsx"))
    run = CliRunner()
    done = run.invoke(cli, ["export", str(stored), "--xlsx", "--case", str(TEMPLATE)])
    assert (done.exit_code, (stored / "result.xlsx").is_file()) == (0, True), done.output
    chinese = ["export", str(stored), "--xlsx", "--case", str(TEMPLATE), "--lang", "zh-Hant"]
    assert run.invoke(cli, [*chinese, "--out", str(tmp_path / "x")]).exit_code == 0
    assert run.invoke(cli, chinese).exit_code == 0
    assert (stored / "result.zh-Hant.xlsx").read_bytes() == (
        tmp_path / "x" / "result.zh-Hant.xlsx"
    ).read_bytes()
    done = run.invoke(cli, ["export", str(TEMPLATE), "--xlsx", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert read_case(tmp_path / "template.xlsx").hash == read_case(TEMPLATE).hash
    assert run.invoke(cli, ["export", str(TEMPLATE)]).exit_code == 2


def test_a_changed_case_is_told(result: Result, tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    edit(case, "bounds", "fuel_permit", "2030", "31")
    with pytest.raises(ResultError, match="as it is now: bounds changed; plan again"):
        write_result_workbook(result, tmp_path / "x.xlsx", Language.ENGLISH, case)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "#,##0"), (12.0, "#,##0"), (1234.5, "#,##0"), (12.5, "0.000"), (0.02, "0.0000")],
)
def test_number_formats(value: float, shown: str) -> None:
    assert number_format(value) == shown
