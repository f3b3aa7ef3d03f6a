"""Tables as people lay them out: read as the same case, and told in a line; or one fault."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from kilnpath.case.read import read_case
from kilnpath.case.write_workbook import write_case
from kilnpath.commands.main import cli
from tests.tools.case_tools import (
    add_column,
    assert_told,
    edit,
    faults_of,
    header_at,
    new_case,
    read_rows,
    rename_column,
    write_rows,
    write_workbook,
)

Rows = list[list[Any]]
Habit = Callable[[Rows], Rows]


def without_comments(rows: Rows) -> Rows:
    return [row for row in rows if not str(row[0]).startswith("#")]


def below(rows: Rows, title: list[str]) -> Rows:
    """Rows under a title, an empty row between them."""
    return [title, [], *without_comments(rows)]


def moved(rows: Rows, columns: int) -> Rows:
    return [[""] * columns + row for row in without_comments(rows)]


def units_below(rows: Rows) -> Rows:
    """The units of a header in a row of their own, as most tables of engineers have them."""
    header, *rest = without_comments(rows)
    names = [cell.split(" [")[0] for cell in header]
    units = [cell.partition("[")[2].rstrip("]") for cell in header]
    return [names, units, *rest]


def renamed(rows: Rows, name: Callable[[str], str]) -> Rows:
    header, *rest = without_comments(rows)
    return [[name(str(cell)) for cell in header], *rest]


def with_row(rows: Rows, **cells: str) -> Rows:
    """The rows and one more at their end."""
    header = without_comments(rows)[0]
    return [*rows, [cells.get(column, "") for column in header]]


def with_column(rows: Rows, name: str, cell: str, at: int) -> Rows:
    header, *rest = without_comments(rows)
    rest = [[*row[:at], cell, *row[at:]] for row in rest]
    return [[*header[:at], name, *header[at:]], *rest]


def years_below(rows: Rows) -> Rows:
    """``Limit`` above the years, which stand in a second row."""
    header, *rest = without_comments(rows)
    years = [str(cell).isdigit() for cell in header]
    above = ["" if year else cell for cell, year in zip(header, years, strict=True)]
    above[years.index(True)] = "Limit"
    second = [cell if year else "" for cell, year in zip(header, years, strict=True)]
    return [above, second, *rest]


def capital(name: str) -> str:
    return name.replace("_", " ").capitalize() if not name.isdigit() else name


HABITS: list[tuple[str, str, Habit, str]] = [
    ("title", "bounds", lambda r: below(r, ["Register of permits 2025"]), "stands in row 3"),
    (
        "title in Chinese",
        "sites",
        lambda r: below(r, ["", "東晟水泥 廠區"]),
        "'東晟水泥 廠區' above",
    ),
    (
        "title, unit and date",
        "series",
        lambda r: [["Series", "draft", "2025-11-01"], ["Group"], *without_comments(r)],
        "'Series / Group' above it",
    ),
    ("empty columns at the left", "plan", lambda r: moved(r, 2), ""),
    ("empty rows above", "plan", lambda r: [[], ["", ""], *without_comments(r)], ""),
    ("empty rows between", "plan", lambda r: [x for row in r for x in (row, [])], ""),
    ("empty columns at the right", "fuels", lambda r: [[*row, "", "", " "] for row in r], ""),
    ("an empty column between", "bounds", lambda r: with_column(r, "", "", 5), ""),
    ("units below", "fuels", units_below, "row 2 is taken as the units"),
    ("units below in brackets", "sites", lambda r: units_below(r), "row 2 is taken as the units"),
    ("years in a second row", "bounds", years_below, "in rows 1 and 2"),
    ("capitals", "sites", lambda r: renamed(r, str.upper), "as the format writes them"),
    ("words with blanks", "materials", lambda r: renamed(r, capital), "'Material' as material"),
    (
        "line breaks, round brackets",
        "fuels",
        lambda r: renamed(r, lambda c: c.replace(" [", "\n(").replace("]", ")")),
        "'heating_value\n(GJ/t)' as heating_value [GJ/t]",
    ),
    ("a column of one's own", "bounds", lambda r: with_column(r, "負責人", "王", 17), "負責人"),
    ("a column of one's own", "series", lambda r: with_column(r, "Owner", "Wu", 2), "Owner"),
    ("a number of one's own", "sites", lambda r: with_column(r, "Postcode", "97", 3), "Postcode"),
    (
        "a total",
        "series",
        lambda r: with_row(r, **{"place": "Total", "unit": "kt", "2020": "1300"}),
        "rows of totals left out: 1, the first 'Total'",
    ),
    ("a total in Chinese", "plan", lambda r: with_row(r, place="合計："), "left out: 1"),
    ("a note below", "bounds", lambda r: with_row(r, id="註：依 2024 年許可"), "taken as notes: 1"),
    ("a subtotal beside", "bounds", lambda r: with_row(r, name="Subtotal"), "'Subtotal'"),
]


def as_folder(folder: Path, table: str, habit: Habit) -> Path:
    write_rows(folder, table, habit(read_rows(folder, table)))
    return folder


def _texts(rows: Rows) -> Rows:
    return [[f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for row in rows]


def as_workbook(folder: Path, table: str, habit: Habit) -> Path:
    def change(sheets: dict[str, Rows]) -> None:
        def number(cell: Any) -> Any:
            return int(cell) if isinstance(cell, str) and cell.isdigit() else cell

        sheets[table] = [[number(cell) for cell in row] for row in habit(_texts(sheets[table]))]

    return write_workbook(folder, folder.parent / "demo.xlsx", change)


@pytest.mark.parametrize("make", [as_folder, as_workbook])
@pytest.mark.parametrize(("habit", "table", "change", "said"), HABITS)
def test_habits(
    tmp_path: Path,
    habit: str,
    table: str,
    change: Habit,
    said: str,
    make: Callable[[Path, str, Habit], Path],
) -> None:
    """Read as the same case, cell by cell, and told in one line where anything was taken."""
    folder = new_case(tmp_path / "demo")
    meant = read_case(folder)
    found = read_case(make(folder, table, change))
    assert found.hash == meant.hash, habit
    told = [str(line) for line in found.taken]
    assert len(told) == bool(said)
    assert all(said in line for line in told), told


def test_a_title_in_the_workbook_that_kilnpath_wrote(tmp_path: Path) -> None:
    """As somebody who has the workbook inserts a row for a title and merges it, on each sheet."""
    folder = new_case(tmp_path / "demo")
    path = tmp_path / "demo.xlsx"
    write_case(folder, path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[2:9]:
        sheet.insert_rows(1, 2)
        sheet["A1"] = f"Table of {sheet.title}"
        sheet.merge_cells("A1:F1")
    book.save(path)
    found = read_case(path)
    assert found.hash == read_case(folder).hash
    assert len(found.taken) == 7


@pytest.mark.parametrize(("cells", "said"), [("A4:A6", "'plant' is taken as that of each row")])
def test_a_word_merged_over_rows(tmp_path: Path, cells: str, said: str) -> None:
    folder = new_case(tmp_path / "demo")
    path = write_workbook(folder, tmp_path / "demo.xlsx")
    book = openpyxl.load_workbook(path)
    book["series"].merge_cells(cells)
    book.save(path)
    found = read_case(path)
    assert found.hash == read_case(folder).hash
    assert [said in str(line) for line in found.taken] == [True]


def test_names_of_a_header_merged_over_two_rows(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "demo")

    def change(sheets: dict[str, Rows]) -> None:
        sheets["bounds"] = years_below(_texts(sheets["bounds"]))

    path = write_workbook(folder, tmp_path / "demo.xlsx", change)
    book = openpyxl.load_workbook(path)
    sheet = book["bounds"]
    years = [cell.column for cell in sheet[2] if cell.value]
    sheet.merge_cells(start_row=1, end_row=1, start_column=years[0], end_column=years[-1])
    for column in range(1, sheet.max_column + 1):
        if column not in years:
            sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    book.save(path)
    found = read_case(path)
    assert found.hash == read_case(folder).hash
    assert len(found.taken) == 1


def separated(folder: Path, table: str, separator: str, **way: Any) -> Iterator[str]:
    """The file of a table with another separator; gives each cell to be changed."""
    rows = without_comments(read_rows(folder, table))
    with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write(way.pop("first", ""))
        csv.writer(file, delimiter=separator, **way).writerows(rows)
    yield from ()


SEPARATED = [(";", "semicolons"), ("\t", "tabs")]


@pytest.mark.parametrize(("separator", "words"), SEPARATED)
@pytest.mark.parametrize("table", ["sites", "bounds", "fuels"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("first", ["", "# a comment, with commas\n", "sep={separator}\r\n"])
def test_other_separators(
    tmp_path: Path, separator: str, words: str, table: str, quoting: Any, first: str
) -> None:
    folder = new_case(tmp_path / "demo")
    meant = read_case(folder)
    start = first.format(separator=separator)
    list(separated(folder, table, separator, quoting=quoting, first=start))
    found = read_case(folder)
    assert found.hash == meant.hash
    assert [str(x) for x in found.taken] == [f"{table}.csv: is separated by {words}, and read so"]


def test_a_declared_comma_is_the_usual_one(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "demo")
    meant = read_case(folder)
    file = folder / "plan.csv"
    file.write_bytes(b"sep=,\r\n" + file.read_bytes())
    assert read_case(folder).hash == meant.hash


def with_commas(folder: Path, table: str) -> None:
    rows = without_comments(read_rows(folder, table))
    years = [n for n, cell in enumerate(rows[0]) if cell.isdigit() or cell.endswith("]")]
    for row in rows[1:]:
        for at in years:
            row[at] = row[at].replace(".", ",")
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


@pytest.mark.parametrize("table", ["plan", "series", "fuels", "bounds"])
def test_decimal_commas_between_semicolons(tmp_path: Path, table: str) -> None:
    folder = new_case(tmp_path / "demo")
    meant = read_case(folder)
    with_commas(folder, table)
    found = read_case(folder)
    assert found.hash == meant.hash
    said = [str(line) for line in found.taken]
    assert len(said) == 2
    assert any("with a decimal comma" in line for line in said)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("1,020", "1,030"), "'1,020' may have a decimal comma or be in thousands"),
        (("1,5", "1.5"), "'1.5' in row 3 a decimal point; write points alone"),
    ],
)
def test_doubtful_commas_are_one_fault(tmp_path: Path, cells: tuple[str, str], words: str) -> None:
    folder = new_case(tmp_path / "demo")
    rows = without_comments(read_rows(folder, "series"))
    kept = [
        [
            "".join(c for c in cell if c != ".") if n in (4, 5, 6) else cell
            for n, cell in enumerate(row)
        ]
        for row in rows
    ]
    kept[1][4], kept[2][4] = cells
    with (folder / "series.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(kept)
    assert_told(folder, "series.csv row 2", words)
    assert len(faults_of(folder)) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_unicode_text_of_excel(tmp_path: Path, encoding: str) -> None:
    """Excel's 'Unicode Text': UTF-16 with a mark at its start, separated by tabs."""
    folder = new_case(tmp_path / "demo")
    meant = read_case(folder)
    list(separated(folder, "sites", "\t"))
    text = (folder / "sites.csv").read_text(encoding="utf-8-sig")
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (folder / "sites.csv").write_bytes((mark + text).encode(encoding))
    found = read_case(folder)
    assert found.hash == meant.hash
    assert len(found.taken) == 2


@pytest.mark.parametrize(("name", "other"), [("sites", "Sites.csv"), ("plan", "PLAN .CSV")])
def test_files_in_other_letters(tmp_path: Path, name: str, other: str) -> None:
    folder = new_case(tmp_path / "demo")
    meant = read_case(folder)
    (folder / f"{name}.csv").rename(folder / other.replace(" ", ""))
    found = read_case(folder)
    assert found.hash == meant.hash
    assert [f"is taken as {name}.csv" in str(line) for line in found.taken] == [True]


@pytest.mark.parametrize(
    ("name", "other"), [("series", "SERIES "), ("plan", "Plan"), ("case", "Case")]
)
def test_sheets_in_other_letters(tmp_path: Path, name: str, other: str) -> None:
    folder = new_case(tmp_path / "demo")
    path = write_workbook(
        folder,
        tmp_path / "demo.xlsx",
        lambda sheets: sheets.__setitem__(other, sheets.pop(name)),
    )
    found = read_case(path)
    assert found.hash == read_case(folder).hash
    assert [f"'{other}' is taken as {name}" in str(line) for line in found.taken] == [True]


class TestNotCertain:
    """What may be something else is one fault, and never taken."""

    @pytest.fixture
    def case(self, tmp_path: Path) -> Path:
        return new_case(tmp_path / "demo")

    def told_once(self, case: Path, *words: str) -> None:
        lines = faults_of(case)
        assert len(lines) == 1
        assert all(word in lines[0] for word in words), lines

    def test_a_row_of_data_above_the_header(self, case: Path) -> None:
        """As a sheet that was sorted with its header in it."""
        header, *rest = without_comments(read_rows(case, "bounds"))
        write_rows(case, "bounds", [rest[0], header, *rest[1:]])
        self.told_once(case, "bounds.csv row 1", "stands above the header, which is in row 2")

    def test_no_header(self, case: Path) -> None:
        write_rows(case, "bounds", without_comments(read_rows(case, "bounds"))[1:])
        self.told_once(case, "bounds.csv row 1", "names no column of this table")

    def test_a_slip_of_an_optional_column(self, case: Path) -> None:
        rename_column(case, "bounds", "name_zh", "nam_zh")
        self.told_once(case, "column 'nam_zh' is unknown; did you mean 'name_zh'")

    def test_a_column_of_numbers_beside_the_years(self, case: Path) -> None:
        rename_column(case, "plan", "2023", "year")
        self.told_once(case, "column 'year' is unknown, and row 5 has the number 10 there")

    def test_an_unknown_unit_in_a_header(self, case: Path) -> None:
        add_column(case, "sites", "capacity [t/d]", "4000")
        self.told_once(case, "column 'capacity [t/d]' is unknown")

    def test_a_column_without_a_name(self, case: Path) -> None:
        rows = read_rows(case, "plan")
        for row in rows[header_at(rows) + 1 :]:
            row.append("my remark")
        write_rows(case, "plan", rows)
        self.told_once(case, "plan.csv row 5", "has 10 cells, the header 9", "other rows too: 11")

    def test_a_site_called_total(self, case: Path) -> None:
        edit(case, "sites", "station", "site", "total")
        assert any("'station' is neither" in line for line in faults_of(case))

    def test_a_total_of_one_quantity(self, case: Path) -> None:
        rows = read_rows(case, "series")
        write_rows(case, "series", with_row(rows, place="total", quantity="cement", unit="kt"))
        assert any("'total' is neither a site nor a region" in line for line in faults_of(case))


OTHER_FILES = [
    (("README.md", "notes.txt", "a.png", ".hidden.csv", "~$book.xlsx"), ""),
    (("bounds copy.csv",), "not read, as no table of a case is called so: bounds copy.csv"),
    (("capacity.csv", "old.xlsx"), "called so: capacity.csv, old.xlsx"),
]


@pytest.mark.parametrize(("names", "said"), OTHER_FILES)
def test_files_that_are_not_read(tmp_path: Path, names: tuple[str, ...], said: str) -> None:
    folder = new_case(tmp_path / "demo")
    for name in names:
        (folder / name).write_text("a,b\n", encoding="utf-8")
    told = [str(line) for line in read_case(folder).taken]
    assert len(told) == bool(said)
    assert all(said in line for line in told)


def test_a_file_near_a_table_that_is_not_there(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "demo")
    (folder / "series.csv").rename(folder / "serie.csv")
    assert faults_of(folder) == [
        " · series.csv: is missing; a case needs it; if it is 'serie.csv', rename that to 'series'"
    ]
    (folder / "serie.csv").rename(folder / "series.csv")
    (folder / "plan.csv").rename(folder / "plan_2024.csv")
    assert faults_of(folder) == [
        " · plan_2024.csv: is not read under this name; rename it to 'plan', or to something else"
    ]


def test_sheets_that_kilnpath_adds_are_known(tmp_path: Path) -> None:
    """The guide and the lists of a workbook of a case are no sheets of somebody's own."""
    folder = new_case(tmp_path / "demo")
    path = tmp_path / "demo.xlsx"
    write_case(folder, path)
    assert not read_case(path).taken
    book = openpyxl.load_workbook(path)
    book.create_sheet("Calculation")
    book.create_sheet("Bounds (2)")
    book.save(path)
    told = [str(line) for line in read_case(path).taken]
    assert told == [
        "demo.xlsx: not read, as no table of a case is called so: Calculation, Bounds (2)"
    ]


def test_what_was_taken_is_planned_and_proven(tmp_path: Path) -> None:
    """A folder whose tables are laid out otherwise is proven from what was taken of them."""
    folder = new_case(tmp_path / "demo")
    for table, change in (("bounds", lambda r: below(r, ["Register"])), ("fuels", units_below)):
        write_rows(folder, table, change(read_rows(folder, table)))
    runner = CliRunner()
    planned = runner.invoke(cli, ["plan", str(folder), "--out", str(tmp_path / "result")])
    assert planned.exit_code == 0, planned.output
    plain = new_case(tmp_path / "plain")
    meant = runner.invoke(cli, ["plan", str(plain), "--out", str(tmp_path / "other")])
    assert meant.exit_code == 0
    tables = [(tmp_path / name / "pathway.csv").read_bytes() for name in ("result", "other")]
    assert tables[0] == tables[1]
    proven = runner.invoke(cli, ["verify", str(tmp_path / "result"), "--case", str(folder)])
    assert proven.exit_code == 0, proven.output
    assert proven.output.count("taken as meant") == 2
