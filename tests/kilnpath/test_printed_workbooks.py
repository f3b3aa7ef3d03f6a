"""Workbooks on paper: as wide as a page of A4, with headers on each, and no chart cut in two."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kilnpath.case.write_workbook import write_case
from kilnpath.commands.case import TEMPLATE
from kilnpath.export.workbook import write_result_workbook
from kilnpath.files.xlsx_write import new_book, print_in_parts
from kilnpath.language.languages import Language
from kilnpath.result.read import read_result
from tests.tools.plants import CASES
from tests.tools.reference import folder

_A4 = "9"
_WIDE, _HIGH = 11.69, 8.27  # inches of A4, across
_INPUTS = ("case", "sites", "series", "fuels", "materials", "bounds", "targets", "plan", "lists")


@pytest.fixture(scope="module", params=["case", *Language])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of a case, and that of a result in each language."""
    path: Path = tmp_path_factory.mktemp("printed") / "book.xlsx"
    if request.param == "case":
        write_case(TEMPLATE, path)
    else:
        result = read_result(folder("tcc-2024"))
        write_result_workbook(result, path, request.param, CASES / "tcc-2024")
    return openpyxl.load_workbook(path)


def _width(sheet: Any) -> float:
    """Width of the columns of a sheet that hold anything. [inch]"""
    found = [8.43] * sheet.max_column
    for one in sheet.column_dimensions.values():
        for column in range(one.min, min(one.max, sheet.max_column) + 1):
            found[column - 1] = one.width
    return sum(7 * signs + 5 for signs in found) / 96


def _room(sheet: Any) -> tuple[float, float]:
    """What margins leave of a page of A4, across. [inch]"""
    margins = sheet.page_margins
    return _WIDE - margins.left - margins.right, _HIGH - margins.top - margins.bottom


def test_every_sheet_is_as_wide_as_a_page_of_a4(book: Any) -> None:
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (str(setup.paperSize), setup.orientation) == (_A4, "landscape"), sheet.title
        if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert setup.fitToWidth in (1, None), sheet.title  # 1 is what is meant without
            assert setup.fitToHeight == 0, sheet.title
        else:
            assert _width(sheet) * setup.scale / 100 <= _room(sheet)[0], sheet.title
            assert setup.scale >= 40, sheet.title


def test_every_page_says_what_and_where_it_is(book: Any) -> None:
    for sheet in book.worksheets:
        assert sheet.oddHeader.right.text == "&A", sheet.title
        assert sheet.oddHeader.left.text == book.properties.title, sheet.title
        assert sheet.oddFooter.center.text == "&P / &N", sheet.title


def test_all_of_a_sheet_is_printed(book: Any) -> None:
    for sheet in book.worksheets:
        last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
        area = sheet.print_area.rpartition("!")[2].replace("$", "")
        assert area == f"A1:{last}", sheet.title


def test_headers_stand_on_every_page(book: Any) -> None:
    """Of each sheet whose first row is fixed on the screen, which is what heads its columns."""
    heads = [s for s in book.worksheets if s.freeze_panes and s.freeze_panes.endswith("2")]
    assert {name for name in _INPUTS if name in book.sheetnames} <= {s.title for s in heads}
    for sheet in heads:
        assert sheet.print_title_rows == "$1:$1", sheet.title


def _pages(sheet: Any) -> list[tuple[int, int]]:
    """First and last row of what the breaks of a sheet leave together."""
    ends = [one.id for one in sheet.row_breaks.brk]  # the last row of a page
    return list(zip([1, *(end + 1 for end in ends)], [*ends, sheet.max_row], strict=True))


def _height(sheet: Any, rows: Sequence[int]) -> float:
    """[inch]"""
    return sum(sheet.row_dimensions[row].height or 15 for row in rows) / 72


def test_parts_of_a_sheet_are_not_cut(book: Any) -> None:
    """What stands between two breaks fits a page, so there is no other; a chart is on one."""
    broken = [sheet for sheet in book.worksheets if sheet.row_breaks.brk]
    assert broken
    for sheet in broken:
        assert not sheet.sheet_properties.pageSetUpPr.fitToPage  # else Excel heeds no break
        room = _room(sheet)[1] * 100 / sheet.page_setup.scale
        for first, last in _pages(sheet):
            heads = [*range(first, last + 1)]
            if len(heads) < 40:
                assert _height(sheet, heads) <= room, (sheet.title, first, last)
        for chart in sheet._charts:
            begin, end = chart.anchor._from, chart.anchor.to
            on = [n for n, (a, b) in enumerate(_pages(sheet)) if a <= begin.row + 1 <= end.row <= b]
            assert len(on) == 1, (sheet.title, begin.row)
            assert end.col < sheet.max_column


def test_charts_of_the_answer_are_on_paper(book: Any) -> None:
    first = book.worksheets[0]
    if first.title in ("overview", "總覽"):
        assert len(first._charts) == 4
        assert len(first.row_breaks.brk) >= 2


def test_a_part_that_does_not_fit_begins_a_page(tmp_path: Path) -> None:
    """By hand: 1,360 signs in 10 columns are 9,570 px; a page of 1,045 px takes them at 10 %."""
    with new_book(tmp_path / "x.xlsx", "a & b") as book:
        sheet = book.sheet("x")
        sheet.write_number(99, 9, 1)
        print_in_parts(sheet, [136] * 10, [(0, 4000), (20, 2000), (40, 1000), (60, 9000), (80, 1)])
    found = openpyxl.load_workbook(tmp_path / "x.xlsx")["x"]
    assert found.page_setup.scale == 10  # a page is 6,595 px high then
    assert [one.id for one in found.row_breaks.brk] == [40, 60, 80]
    assert found.oddHeader.left.text == "a && b"
