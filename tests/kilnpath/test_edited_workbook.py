"""Workbooks and CSV files as people leave them: each mistake is told once, by sheet and cell."""

import datetime
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kilnpath.case.read import read_case
from tests.tools.case_tools import assert_told, faults_of, new_case, write_workbook

Book = openpyxl.Workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_workbook(new_case(tmp_path / "demo"), tmp_path / "demo.xlsx")


def edited(path: Path, edit: Callable[[Any], None], sheet: str = "series") -> Path:
    """The workbook after an edit of one sheet, saved by another program than the one it is from."""
    book = openpyxl.load_workbook(path)
    edit(book[sheet])
    book.save(path)
    return path


def told_once(path: Path, place: str, *words: str) -> None:
    assert_told(path, place, *words)
    assert len(faults_of(path)) == 1


def test_what_the_edits_start_from_is_sound(path: Path) -> None:
    assert read_case(edited(path, lambda sheet: None)).id == "demo"


# series: A place, B quantity, C which, D unit, E 2020, F 2023, G 2035; its header is row 3.
CELLS: list[tuple[str, Any, str, tuple[str, ...]]] = [
    ("F4", "1,02", "cell F4", ("'1,02'", "write it as 1.02")),
    ("F4", "１，０２", "cell F4", ("'１，０２'", "write it as 1.02")),
    ("F4", "1020。5", "cell F4", ("'1020。5'", "write it as 1234.5")),
    ("F4", "1 020 t", "cell F4", ("'1 020 t'", "the unit of its numbers is 'kt'")),
    ("F4", "1020 bags", "cell F4", ("'1020 bags'", "is not a number")),
    ("F4", "約1020", "cell F4", ("'約1020'", "is not a number")),
    ("F4", "３５％", "cell F4", ("shown as percent", "unit of its numbers is 'kt'")),
    ("F4", datetime.datetime(2024, 1, 31), "cell F4", ("'2024-01-31'", "it is a date")),
    ("F4", "#DIV/0!", "cell F4", ("'#DIV/0!' is the error of a formula",)),
    ("A4", "#REF!", "cell A4", ("'#REF!' is the error of a formula",)),
    ("D4", "#N/A", "cell D4", ("'#N/A' is the error of a formula",)),
    ("F4", "=E4*1.02", "cell F4", ("'=E4*1.02' is not saved", "spreadsheet program")),
    ("A4", '="pl"&"ant"', "cell A4", ("is not saved",)),
    ("F3", "=E3+3", "cell F3", ("'=E3+3' is not saved",)),
    ("D4", "tons", "cell D4", ("unit 'tons' is not known",)),
    ("B4", "cemnt", "cell B4", ("did you mean 'cement'",)),
    ("A4", "plnat", "cell A4", ("did you mean 'plant'",)),
    ("F3", datetime.datetime(2023, 3, 31), "cell F3", ("'2023-03-31' is unknown", "the year 2023")),
    ("F3", "2023年底", "cell F3", ("is it the year 2023? write 2023 alone",)),
    ("F3", "112年", "cell F3", ("Republic of China", "write 2023")),
    ("F3", 2051, "cell F3", ("'2051' is outside the years 2020 to 2035",)),
    ("F4", "1٠20", "cell F4", ("'1٠20', which is not a number",)),
    ("F3", "year", "cell F3", ("column 'year' is unknown",)),
    ("C3", "wich", "cell C3", ("column 'wich' is unknown; did you mean 'which'",)),
]


@pytest.mark.parametrize(("cell", "value", "place", "words"), CELLS)
def test_cells(path: Path, cell: str, value: Any, place: str, words: tuple[str, ...]) -> None:
    book = edited(path, lambda sheet: sheet.__setitem__(cell, value))
    assert_told(book, f"demo.xlsx, sheet series, {place}", *words)


@pytest.mark.parametrize("value", ["1020.0", 1020, 1020.0])
def test_numbers_in_any_form(path: Path, value: Any) -> None:
    case = read_case(edited(path, lambda sheet: sheet.__setitem__("F4", value)))
    assert case.series["plant", "cement", ""][2023] == 1_020_000.0


def test_error_and_formula_are_not_followed_by_others(path: Path) -> None:
    """A formula in the first cell of a row is neither a comment nor an empty row."""
    told_once(
        edited(path, lambda sheet: sheet.__setitem__("A4", "=A5")),
        "demo.xlsx, sheet series, cell A4",
        "'=A5' is not saved",
    )


def test_a_row_of_unsaved_formulas_is_not_empty(path: Path) -> None:
    def edit(sheet: Any) -> None:
        for cell in sheet[4]:
            cell.value = "=1" if cell.value is not None else None

    told_once(edited(path, edit), "demo.xlsx, sheet series, cell A4", "is not saved", "cell B4")


def test_a_formula_that_gives_an_empty_text(path: Path) -> None:
    """As ``=IF(A1="","",A1)`` does; its value is saved, and empty."""
    with zipfile.ZipFile(path) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    sheet = next(p for p, content in parts.items() if b"<v>1020</v>" in content)
    empty = b'<c r="H9" t="str"><f>""</f><v></v></c></row>'
    assert b'r="9"' in parts[sheet] and b'r="H9"' in parts[sheet]
    start = parts[sheet].index(b'<c r="H9"')
    end = parts[sheet].index(b"</row>", start) + len(b"</row>")
    with zipfile.ZipFile(path, "w") as new:
        for part, content in parts.items():
            changed = content[:start] + empty + content[end:]
            new.writestr(part, changed if part == sheet else content)
    assert_told(path, "demo.xlsx, sheet series, cell H9", "'source' is empty")


def test_year_formatted_as_a_date(path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["F3"].number_format = "yyyy-mm-dd"

    (line,) = read_case(edited(path, edit)).taken
    assert "sheet series, cell F3: column '1905-07-15' is taken as the year 2023" in str(line)


def test_percent_format(path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["F6"] = 0.35
        sheet["F6"].number_format = "0.0%"

    words = ("'35%' is shown as percent", "'kWh/t'", "not formatted as %, or % as the unit")
    told_once(edited(path, edit), "demo.xlsx, sheet series, cell F6", *words)


@pytest.mark.parametrize(("cells", "first"), [("E4:G4", "E4"), ("A4:B6", "A4"), ("E3:F3", "E3")])
def test_merged_cells(path: Path, cells: str, first: str) -> None:
    def edit(sheet: Any) -> None:
        sheet.merge_cells(cells)

    assert_told(edited(path, edit), f"demo.xlsx, sheet series, cell {first}", cells, "unmerge")


def test_a_merged_comment_is_a_comment(path: Path) -> None:
    assert read_case(edited(path, lambda sheet: sheet.merge_cells("A1:G1"))).id == "demo"


def test_errors_and_formulas_in_comments_are_let_be(path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["B1"], sheet["C1"] = "#N/A", "=1+1"

    assert read_case(edited(path, edit)).id == "demo"


def test_hidden_rows_are_read_and_called_hidden(path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.row_dimensions[4].hidden = True

    case = read_case(edited(path, edit))
    assert ("plant", "cement", "") in case.series
    book = edited(path, lambda sheet: sheet.__setitem__("F4", "x"))
    assert_told(book, "demo.xlsx, sheet series, cell F4 (hidden)", "'x'")


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("series", "series 2024", "demo.xlsx", ("'series' is missing", "'series 2024', rename")),
        ("series", "serie", "demo.xlsx", ("'series' is missing", "'serie', rename")),
        ("case", "數據", "demo.xlsx", ("sheet 'case' is missing; a case needs it",)),
        ("plan", "plan 2024版", "demo.xlsx, sheet plan 2024版", ("rename it to 'plan'",)),
        ("bounds", "限制", "demo.xlsx", ("'bounds' is missing", "not read are: 限制")),
    ],
)
def test_renamed_sheets(path: Path, old: str, new: str, place: str, words: tuple[str, ...]) -> None:
    def edit(sheet: Any) -> None:
        sheet.title = new

    assert_told(edited(path, edit, old), place, *words)


def test_wrong_dimensions_of_a_sheet(path: Path, tmp_path: Path) -> None:
    """Some programs state that a sheet ends at A1."""
    other = tmp_path / "other" / "demo.xlsx"
    other.parent.mkdir()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if "worksheets/sheet" in part:
                start = content.index(b"<dimension")
                end = content.index(b">", start) + 1
                content = content[:start] + b'<dimension ref="A1"/>' + content[end:]
            new.writestr(part, content)
    assert read_case(other).series == read_case(path).series


def test_old_and_locked_workbooks(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    path = tmp_path / "demo.xlsx"
    path.write_bytes(old + "Workbook".encode("utf-16-le"))
    told_once(path, str(path), "old format .xls", "save it as 'Excel Workbook (.xlsx)'")
    path.write_bytes(old + "EncryptedPackage".encode("utf-16-le"))
    told_once(path, str(path), "is locked with a password")


def test_other_formats(path: Path, tmp_path: Path) -> None:
    for ending in (".xls", ".xlsm", ".ods"):
        other = tmp_path / f"demo{ending}"
        shutil.copy(path, other)
        told_once(other, str(other), "neither a folder nor an .xlsx", "save it as 'Excel Workbook")
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    told_once(path, str(path), "is an OpenDocument spreadsheet")
    with zipfile.ZipFile(path, "w") as parts:
        namespace = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        parts.writestr("xl/workbook.xml", f'<workbook xmlns="{namespace}"/>')
    told_once(path, str(path), "Strict Open XML")


def test_invisible_characters(tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    file = case / "sites.csv"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Example plant", "Ex\x07ample"), encoding="utf-8"
    )
    told_once(case, "sites.csv row 4", "invisible character")
