"""What in a case's structure makes its answer smaller than a plant could: told, and no more."""

from pathlib import Path

import pytest

from kilnpath.case.read import read_case
from model.case.types import Case
from model.changes.changes import with_changes
from model.messages.faults import CaseError
from model.plausibility.flattering import flattering
from tests.tools.case_tools import add_column, add_row, drop_row, edit, new_case, place_of
from tests.tools.plants import bound, one_kiln


def told(case: Case) -> list[str]:
    return [str(one) for one in flattering(case)]


LIME = "lime,Limestone,石灰石粉,addition,filler,0,0,0,0,0,0,test,assumed"


def with_additions(folder: Path, slag: int, lime: int, *more: str) -> Case:
    lines = [bound(f"lime_most,addition,lime,plant,max,%,{lime},{lime}"), *more]
    swap = {"slag_standard,addition,slag,plant,max,%,30,30": bound_of(slag)}
    return one_kiln(folder, {"materials": [LIME], "bounds": lines}, swap=swap)


def bound_of(slag: int) -> str:
    return f"slag_standard,addition,slag,plant,max,%,{slag},{slag}"


def test_maxima_of_additions_that_leave_no_clinker(tmp_path: Path) -> None:
    """65 % slag and 35 % limestone, each by its own standard: cement without clinker."""
    (only,) = told(with_additions(tmp_path, 65, 35))
    assert only.startswith("bounds.csv row 2: limits of additions at 'plant' add up to 100%")
    assert "(slag_standard, lime_most)" in only or "(lime_most, slag_standard)" in only


@pytest.mark.parametrize(
    "more",
    [
        bound("ratio,clinker_ratio,,plant,min,%,50,50"),
        bound("together,addition,all,plant,max,%,50,50"),
    ],
)
def test_a_ratio_or_a_limit_of_all_holds_them(tmp_path: Path, more: str) -> None:
    assert told(with_additions(tmp_path, 65, 35, more)) == []


def test_maxima_that_leave_clinker_are_not_told(tmp_path: Path) -> None:
    assert told(with_additions(tmp_path, 65, 30)) == []


def free_capture(folder: Path, heat: str, power: str, *more: str) -> list[str]:
    swap = {
        "plant,capture_heat,,GJ/t,0.5,0.5,0.5": f"plant,capture_heat,,GJ/t,{heat},{heat},{heat}",
        "capture_power,,kWh/t,200,200,200": f"capture_power,,kWh/t,{power},{power},{power}",
    }
    return told(one_kiln(folder, {"bounds": list(more)}, swap=swap))


def test_capture_for_nothing(tmp_path: Path) -> None:
    (only,) = free_capture(tmp_path, "0", "0")
    assert only.startswith("series.csv row ")
    assert "capture at 'plant' needs neither heat nor power in 2025" in only
    (only,) = free_capture(tmp_path, "3", "0")
    assert "needs no power in 2025" in only


def test_oxyfuel_without_heat_and_no_capture_at_all_are_not_told(tmp_path: Path) -> None:
    assert free_capture(tmp_path, "0", "250") == []
    assert free_capture(tmp_path, "0", "0", bound("none,capture,all,plant,max,t,0,0")) == []


def two_kilns(folder: Path) -> Path:
    """The template with a second kiln."""
    case = new_case(folder)
    add_row(case, "sites", "plant", site="second")
    for quantity in ("cement", "power_clinker", "capture_heat", "capture_power"):
        add_row(case, "series", f"plant/{quantity}", place="second")
    add_row(case, "series", "plant/captured_biogenic_share", place="second")
    for lever in ("heat_intensity", "fuel/rdf", "fuel/coal"):
        add_row(case, "plan", f"plant/{lever}", place="second")
    add_row(case, "bounds", "ratio_standard", id="second_ratio", place="second")
    return case


def test_a_least_kiln_heat_of_several_kilns(tmp_path: Path) -> None:
    case = two_kilns(tmp_path / "demo")
    edit(case, "bounds", "heat_best", "place", "group")
    (only,) = told(read_case(case))
    assert only.startswith(f"{place_of(case, 'bounds', 'heat_best')}: 'heat_best' is a least")
    assert "of 2 sites together" in only
    assert only.endswith("write a row for each of plant, second")


def test_a_row_for_each_kiln_is_not_told(tmp_path: Path) -> None:
    case = two_kilns(tmp_path / "demo")
    add_row(case, "bounds", "heat_best", id="heat_second", place="second")
    assert told(read_case(case)) == []
    add_row(case, "bounds", "heat_best", id="heat_of_both", place="group")
    assert told(read_case(case)) == []


def test_a_market_may_be_shared(tmp_path: Path) -> None:
    case = two_kilns(tmp_path / "demo")
    add_row(case, "bounds", "heat_best", id="heat_second", place="second")
    add_row(case, "bounds", "ratio_standard", id="mean", place="plant+second", kind="market")
    assert told(read_case(case)) == []


def test_targets_in_single_years(tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    edit(case, "targets", "scope1_sda", "form", "points")
    (only,) = told(read_case(case))
    assert "'scope1_sda' asks for its limit in 2030, 2035 alone" in only
    edit(case, "targets", "scope1_sda", "2030", "")
    (only,) = told(read_case(case))
    assert "in 2035 alone" in only


def test_points_beside_a_line_are_not_told(tmp_path: Path) -> None:
    case = new_case(tmp_path / "demo")
    edit(case, "targets", "scope2_cut", "scope", "1")
    edit(case, "targets", "scope2_cut", "2030", "20")
    assert told(read_case(case)) == []


def growing_capture(folder: Path) -> Path:
    case = new_case(folder)
    edit(case, "bounds", "capture_growth", "unit", "%/yr")
    return case


def test_growth_in_parts_of_what_a_bound_holds_at_0(tmp_path: Path) -> None:
    case = growing_capture(tmp_path / "demo")
    (only,) = told(read_case(case))
    assert "'capture_start' holds that at 0 in 2024: it stays at 0 from then on" in only
    edit(case, "bounds", "capture_growth", "2024", "")
    edit(case, "bounds", "capture_growth", "2027", "100")
    (only,) = told(read_case(case))
    assert "'capture_start' holds that at 0 in 2026" in only


def test_growth_that_begins_after_is_not_told(tmp_path: Path) -> None:
    case = growing_capture(tmp_path / "demo")
    edit(case, "bounds", "capture_growth", "2024", "")
    drop_row(case, "bounds", "capture_start")
    assert told(read_case(case)) == []


def expired(folder: Path, last: str) -> Case:
    """The template with a bound from 2020 to a last year; the horizon begins in 2024."""
    case = new_case(folder)
    for year in ("2020", last):
        add_column(case, "bounds", year)
        edit(case, "bounds", "capture_start", year, "0")
    for column, value in (("expires", last), ("2024", ""), ("2027", "")):
        edit(case, "bounds", "capture_start", column, value)
    return read_case(case)


@pytest.mark.parametrize("change", ["capture_start=30%", "capture_start@2021=30%"])
def test_changes_of_a_bound_that_limits_no_year(tmp_path: Path, change: str) -> None:
    """As ``curve`` answers: it expired before the horizon, so that a change would do nothing."""
    with pytest.raises(CaseError, match="'capture_start' limits no year of the horizon"):
        with_changes(expired(tmp_path / "demo", "2022"), [change])


def test_changes_of_years_before_the_horizon(tmp_path: Path) -> None:
    case = expired(tmp_path / "demo", "2025")
    with pytest.raises(CaseError, match="limits the years 2024 to 2025 of the horizon, none"):
        with_changes(case, ["capture_start@2020-2023=30%"])
    assert (
        with_changes(case, ["capture_start@2024=30%"]).bounds["capture_start"].values[2024] == 0.3
    )
