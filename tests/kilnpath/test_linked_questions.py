"""Questions about a case whose output is decided, whose shares change and whose base year moves."""

from pathlib import Path

import pytest

from kilnpath.case.read import read_case
from kilnpath.studies.rulebooks import rulebooks
from model.targets.candidates import as_candidate
from tests.tools.commands import run_here
from tests.tools.linked_case import LIMITED, write_linked


def test_a_total_that_sites_cannot_make_is_lowered(tmp_path: Path) -> None:
    """500 and 300 kt cannot make 1,500 to 1,600: 500 kt less of the total would do, or more room.

    A given total is typed into the tables, as the plan's own adds up to it: no --set is offered.
    """
    swap = {
        "oven_most,cement,,oven,max,kt,800,800": "oven_most,cement,,oven,max,kt,300,300",
        "kiln_most,cement,,kiln,max,kt,1300,1300": "kiln_most,cement,,kiln,max,kt,500,500",
    }
    write_linked(tmp_path / "case", LIMITED, swap)
    said = run_here(tmp_path, "explain", "case", code=2)
    (line,) = [line for line in said.splitlines() if line.startswith("output  ")]
    assert line.split()[-5:] == ["kt", "700", "to", "800", "kt"]
    assert "--set 'output" not in said
    assert "output gives an output; type another into bounds.csv" in said
    assert "--set 'kiln_most=" in said


def test_the_base_of_a_target_is_by_the_shares_of_its_year(tmp_path: Path) -> None:
    """50 % below the base year are 50 % by the shares of 2024, not of those that were reported."""
    case = read_case(write_linked(tmp_path / "again", LIMITED))
    candidate = as_candidate(case, case.targets["cut"])
    assert candidate is not None
    assert candidate.limit == pytest.approx(0.5 * candidate.base)
    swap = {'base_years = "recalculated"': 'base_years = "as_reported"'}
    other = read_case(write_linked(tmp_path / "reported", LIMITED, swap))
    reported = as_candidate(other, other.targets["cut"])
    assert reported is not None
    assert reported.base < 0.8 * candidate.base


def test_both_approaches_are_told_where_they_change(tmp_path: Path) -> None:
    case = read_case(write_linked(tmp_path))
    table = rulebooks(case).tables["switches"]
    ways = table[table["switch"] == "consolidation"]
    assert [*ways["way"]] == ["2020: equity", "2022: control"]
    assert ways["meaning"].nunique() == 2


def test_comparisons_tell_the_clinker_ratio_of_products(tmp_path: Path) -> None:
    write_linked(tmp_path / "a", LIMITED)
    swap = {
        "addition,slag,group/cem2,max,%,50,50": "addition,slag,group/cem2,max,%,30,30",
    }
    write_linked(tmp_path / "b", LIMITED, swap)
    for name in ("a", "b"):
        run_here(tmp_path, "plan", name, "--out", f"of_{name}")
    said = run_here(tmp_path, "compare", "of_a", "of_b")
    assert "clinker ratio, cem2, 2024" in said
