"""One slip is told once, at its cause, of whatever kind it is."""

import shutil
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from kilnpath.case.read import read_case
from model.messages.faults import CaseError
from tests.tools.case_tools import add_column, edit, faults_of, new_case
from tests.tools.plants import ROOT
from tests.tools.slips import Slip, slips

TEMPLATE = ROOT / "kilnpath" / "template"


def told(case: Path, slip: Slip, folder: Path) -> list[str]:
    """The lines of faults that a slip gives."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(case, folder)
    slip.make(folder)
    try:
        read_case(folder)
    except CaseError as error:
        return str(error).splitlines()[1:]
    return []


def counted(case: Path, folder: Path, each: int = 1) -> Counter[int]:
    """How many lines slips give; each: only one in so many of them is tried."""
    counts = Counter[int]()
    for slip in islice(slips(case), 0, None, each):
        lines = told(case, slip, folder)
        assert len(lines) <= 3, "\n".join((slip.name, *lines))
        counts[len(lines)] += 1
    return counts


def test_a_slip_in_the_template_is_told_once(tmp_path: Path) -> None:
    """Two lines where a name stands in two tables that know different words in its place."""
    counts = counted(TEMPLATE, tmp_path / "case")
    assert counts[1] > 1200
    assert counts[2] + counts[3] < 20


@pytest.mark.slow
def test_a_slip_in_the_largest_case_is_told_once(tmp_path: Path) -> None:
    counts = counted(ROOT / "cases" / "tcc-2024", tmp_path / "case", each=11)
    assert counts[1] > 10 * (counts[2] + counts[3])


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "line"),
    [
        (
            "sites",
            "plant",
            "site",
            "plnat",
            "series.csv row 4: place 'plant' is neither a site nor a region; did you mean 'plnat'?",
        ),
        (
            "sites",
            "plant",
            "kind",
            "grinding",
            "raw_per_clinker is given, but a grinding",
        ),
        ("series", "plant/cement", "2035", "much", "column 2035 holds 'much'"),
        ("bounds", "heat_best", "lever", "heat", "lever 'heat' is unknown"),
        ("bounds", "heat_best", "2035", "-3", "it must lie between 0"),
        ("fuels", "coal", "kind", "foss", "kind 'foss' is unknown"),
        ("materials", "slag", "use", "add", "use 'add' is unknown"),
    ],
)
def test_what_follows_from_a_slip_is_not_told(
    tmp_path: Path, table: str, row: str, column: str, value: str, line: str
) -> None:
    case = new_case(tmp_path / "case")
    edit(case, table, row, column, value)
    lines = faults_of(case)
    assert len(lines) == 1
    assert line in lines[0]


def test_two_slips_of_one_table_are_both_told(tmp_path: Path) -> None:
    """A row at fault hides nothing that does not rest on it."""
    case = new_case(tmp_path / "case")
    edit(case, "series", "plant/cement", "2035", "much")
    edit(case, "series", "plant/power_clinker", "quantity", "power")
    edit(case, "bounds", "heat_best", "sense", "max")
    lines = faults_of(case)
    assert len(lines) == 3
    assert any("'plant' needs a least heat_intensity" in line for line in lines)


def test_a_year_that_no_column_has_is_told_once(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    text = (case / "case.toml").read_text(encoding="utf-8")
    (case / "case.toml").write_text(text.replace("final_year = 2035", "final_year = 2038"))
    words = "has no column for 2038, which its lines need"
    assert faults_of(case) == [f" · series.csv: {words} (also: bounds.csv, plan.csv)"]


def test_a_closed_kiln_needs_no_heat(tmp_path: Path) -> None:
    """A site that makes neither cement nor clinker from 2031 on burns nothing then."""
    case = new_case(tmp_path / "case")
    add_column(case, "series", "2030", "")
    add_column(case, "series", "2031", "")
    for quantity in ("cement", "clinker_sold"):
        edit(case, "series", f"plant/{quantity}", "2030", "100")
        edit(case, "series", f"plant/{quantity}", "2031", "0")
        edit(case, "series", f"plant/{quantity}", "2035", "0")
    edit(case, "bounds", "heat_best", "expires", "2030")
    edit(case, "bounds", "heat_today", "expires", "2030")
    assert read_case(case).bounds["heat_best"].expires == 2030
    edit(case, "series", "plant/clinker_sold", "2035", "10")
    assert "'plant' needs a least heat_intensity" in faults_of(case)[0]
