"""Years in which a plant makes nothing: what has no level, and what is still asked then."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import plan, read_case
from kilnpath.charts import charts
from kilnpath.export.workbook import write_result_workbook
from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.result.read import read_result
from kilnpath.studies.result_folder import write_plan
from kilnpath.tables.unlimited import unlimited_levers
from kilnpath.verifier import Case as VerifierCase
from kilnpath.verifier import Programme
from kilnpath.verifier import read_case as read_tables
from model.case.types import Case
from model.levers.bound_rows import bound_years
from model.messages.faults import CaseError
from model.plausibility.unlikely import unlikely
from model.targets.candidates import as_candidate
from model.targets.criteria import criteria
from model.targets.limits import target_limits
from optimizer.infeasible.diagnose import ImpossibleError
from tests.tools.certifying import certified, other_optimum, proven
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES, bound, one_kiln, target
from tests.tools.random_cases import write_random_case

STOP = {"cement,,t,1000000,1000000,1000000": "cement,,t,1000000,0,1000000"}
PLACES = {"one": "mill", "both": "kiln+mill"}
PACES = {"renewable": "fall_max,%/yr,90,90", "grid": "rise_max,%/yr,3000,3000"}
NO_INTENSITY = "'scope1' limits an intensity in 2025, when the group makes nothing at 'group'"


def stopped(folder: Path, *bounds: str) -> Case:
    return one_kiln(folder, {"bounds": map(bound, bounds)}, swap=STOP)


def test_an_intensity_of_nothing_is_no_number(tmp_path: Path) -> None:
    """2026 is as in the case without a stop, and the verifier agrees with every table."""
    case = stopped(tmp_path)
    (found,) = unlikely(case)
    assert (str(found.place), str(found).count(NO_INTENSITY)) == ("targets.csv row 2", 1)
    result = plan(case)
    assert result.pathway.cumulative_ccus == pytest.approx(65_583.3333, abs=1e-3)
    targets = result.tables["targets"].set_index(["target", "year"])
    assert math.isnan(targets.loc[("scope1", 2025), "value"])
    assert targets.loc[("scope1", 2025), "holds"]
    assert targets.loc[("scope1", 2025), "tonnes"] == 0
    assert certified(tmp_path / "plant", tmp_path / "result")
    assert "no pathway can need less" in proven(tmp_path / "result", tmp_path / "plant")


def test_emissions_without_a_product_miss_an_intensity(tmp_path: Path) -> None:
    """500 t of other emissions in a year without cement are more than any intensity of it."""
    more = {"series": ["plant,other_direct,,t,0,500,0,test,assumed"]}
    one_kiln(tmp_path, more, swap=STOP)
    assert not certified(tmp_path / "plant", tmp_path / "result")
    assert "so there is no pathway" in proven(tmp_path / "result", tmp_path / "plant")


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("pace,addition,slag,plant,rise_max,pp/yr,1,1", []),
        ("pace,clinker_ratio,,plant,fall_max,pp/yr,1,1", []),
        ("pace,fuel,wood,plant,rise_max,%/yr,1,1", []),
        ("pace,addition,slag,plant,fall_max,%/yr,1,1", []),
        ("pace,renewable_power,,plant,fall_max,%/yr,100,100", []),
        ("pace,grid_power,,plant,rise_max,%/yr,900,900", []),
        ("pace,addition,slag,plant,rise_max,kt/yr,300,300", [2025, 2026]),
    ],
)
def test_a_pace_without_a_level_does_not_hold(tmp_path: Path, line: str, years: list[int]) -> None:
    """Where nothing is made no share can rise or fall; tonnes a year are what they are."""
    case = stopped(tmp_path, line)
    assert list(bound_years(case, case.bounds["pace"])) == years
    found = plan(case).pathway.cumulative_ccus
    assert found == pytest.approx(65_583.3333, abs=1e-3)
    assert other_optimum(tmp_path / "plant", "cumulative") == pytest.approx(found, rel=1e-9)


def test_a_pace_of_several_sites_has_the_level_of_those_that_work(tmp_path: Path) -> None:
    """The mill stops in 2022 alone; 2024 is a year after one with cement again."""
    paces = [f"{name},addition,slag,{place},rise_max,pp/yr,1,1" for name, place in PLACES.items()]
    case = four_sites(tmp_path, {"bounds": [f"{pace},technical,,medium" for pace in paces]})
    cement = {**case.series["mill", "cement", ""], 2022: 0.0}
    case = replace(case, series={**case.series, ("mill", "cement", ""): cement})
    assert list(bound_years(case, case.bounds["one"])) == [2024]
    assert list(bound_years(case, case.bounds["both"])) == [2022, 2023, 2024]


def test_a_pace_of_fuel_has_a_level_where_clinker_is_sold(tmp_path: Path) -> None:
    """Clinker that is sold needs fuel too, so that a share of fuel has a level."""
    sold = {"series": ["plant,clinker_sold,,t,0,1000,0,test,assumed"]}
    paces = ["a,addition,slag,plant,rise_max,pp/yr,1,1", "b,fuel,wood,plant,rise_max,%/yr,900,900"]
    case = one_kiln(tmp_path, {**sold, "bounds": map(bound, paces)}, swap=STOP)
    assert list(bound_years(case, case.bounds["a"])) == []
    assert list(bound_years(case, case.bounds["b"])) == [2025, 2026]


def test_a_pace_of_power_has_a_level_where_other_power_is_used(tmp_path: Path) -> None:
    """1,000 MWh of offices, in a year without cement, may not become 100,000 MWh in the next."""
    power = {"series": ["plant,other_power,,MWh,0,1000,0,test,assumed"]}
    paces = [f"{name}_power,{name}_power,,plant,{pace}" for name, pace in PACES.items()]
    case = one_kiln(tmp_path, {**power, "bounds": map(bound, paces)}, swap=STOP)
    for name in PACES:
        assert list(bound_years(case, case.bounds[f"{name}_power"])) == [2025, 2026]
    with pytest.raises(ImpossibleError, match="from 2026 on; together impossible: grid_power"):
        plan(case)
    assert other_optimum(tmp_path / "plant", "cumulative") is None


@pytest.mark.parametrize("limit", ["% below base,10,20", "t/t,sda,sda"])
def test_a_base_year_in_which_nothing_is_made(tmp_path: Path, limit: str) -> None:
    swap = {"cement,,t,1000000,1000000,1000000": "cement,,t,0,1000000,1000000"}
    kept = {"add": {"targets": [target(f"new,plant,1,intensity,points,{limit}")]}, "swap": swap}
    with pytest.raises(CaseError, match=r"'plant'; give its limit in t/t") as caught:
        one_kiln(tmp_path, drop=["scope2"], **kept)  # type: ignore[arg-type]
    assert "the base year 2024, in which the group makes nothing at" in str(caught.value)
    assert len(caught.value.faults) == 1
    limit = limit.replace("below base", "below frozen") if "%" in limit else "t/t,0.5,0.45"
    more = {"targets": [target(f"new,plant,1,intensity,points,{limit}")]}
    assert one_kiln(tmp_path, more, drop=["scope2"], swap=swap)


def test_sda_in_a_year_of_no_share_of_the_market(tmp_path: Path) -> None:
    """Whatever the rule, the limit of that year is the one of a share that is held."""
    rules = ("fixed", "capped", "free")
    targets = (CASES / "one-kiln" / "targets.csv").read_text("utf-8").splitlines()
    stopped(tmp_path)
    lines = [targets[0].replace(",source", ",market_share,source")]
    lines += [f"{name},group,1,intensity,points,t/t,sda,sda,{name},x,assumed" for name in rules]
    (tmp_path / "plant" / "targets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    case = read_case(tmp_path / "plant")
    found = target_limits(case)
    assert len({found[rule, 2025] for rule in rules}) == 1
    verifier = Programme(VerifierCase(read_tables(tmp_path / "plant", ""), {})).company.limits
    assert {key: float(limit) for key, limit in verifier.items()} == pytest.approx(found)


def test_a_faulty_output_is_told_alone(tmp_path: Path) -> None:
    """Not also that nothing is made."""
    swap = {"cement,,t,1000000,1000000,1000000": "cement,,t,x,1000000,1000000"}
    with pytest.raises(CaseError) as caught:
        one_kiln(tmp_path, swap=swap)
    assert "makes nothing" not in str(caught.value)


def test_an_absolute_target_needs_no_product(tmp_path: Path) -> None:
    line = target("scope1,group,1,absolute,points,t,9,450000")
    case = one_kiln(tmp_path, {"targets": [line]}, drop=["scope1"], swap=STOP)
    assert not list(unlikely(case))
    checks = {(check.target, check.year): check for check in plan(case).pathway.targets}
    assert checks["scope1", 2025].value == pytest.approx(0, abs=1e-6)


def test_what_rounding_leaves_misses_no_intensity_of_nothing(tmp_path: Path) -> None:
    """Found by random cases: some 1e-13 t of power that renewables meet, in a year of no cement."""
    case = write_random_case(tmp_path / "case", 10, linked=False)
    assert certified(case, tmp_path / "result")
    assert "no pathway can need less" in proven(tmp_path / "result", case)


@pytest.mark.parametrize("language", Language)
def test_a_last_year_in_which_nothing_is_made(tmp_path: Path, language: Language) -> None:
    """Page, figures and workbook have nothing to draw of it, and no number that is none."""
    lines = ["cement,,t,1000000,1000000,1000000", "cement,,t,1000000,1000000,0"]
    one_kiln(tmp_path, swap=dict([lines]))
    write_plan(plan(read_case(tmp_path / "plant")), tmp_path / "run")
    result = read_result(tmp_path / "run")
    page = report(result, language).split("<script")[0]
    assert ">nan" not in page.lower()
    assert "residual" not in {chart.id for chart in charts(result, language)}
    write_result_workbook(result, tmp_path / "x.xlsx", language, tmp_path / "plant")


def test_a_group_that_makes_nothing_is_none(tmp_path: Path) -> None:
    swap = {"cement,,t,1000000,1000000,1000000": "cement,,t,1000000,0,0"}
    with pytest.raises(CaseError, match="the group makes nothing from 2025 on"):
        one_kiln(tmp_path, swap=swap)


def test_criteria_of_a_base_of_nothing(tmp_path: Path) -> None:
    """Of nothing, nothing is left out; and no ambition can be told from it."""
    case = stopped(tmp_path)
    found = as_candidate(replace(case, inventory_year=2025), case.targets["scope1"])
    assert found is not None
    verdicts = {one.name: one for one in criteria(found, 2026)}
    assert verdicts["forward-looking"].passed is None
    assert verdicts["coverage"].passed


def test_what_stands_still_leans_on_nothing(tmp_path: Path) -> None:
    case = one_kiln(tmp_path, drop=["slag_standard", "renewables_market"], swap=STOP)
    found = {gap.lever: gap.years for gap in unlimited_levers(case)}
    assert found == {"addition": (2026,), "renewable_power": (2026,)}
