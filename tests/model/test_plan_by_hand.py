"""Planned ratios to quantities, where a plan says little: hand work on two cases."""

from dataclasses import replace
from pathlib import Path

import pytest

from model.case.columns import heated
from model.case.types import Case
from model.formulas.site_years import site_years
from model.levers.company_plan import frozen_activities, plan_activities, with_reported
from tests.tools.group_case import four_sites
from tests.tools.plants import one_kiln


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return four_sites(tmp_path_factory.mktemp("case"))


def _until(case: Case, year: int) -> Case:
    """The case with a plan that ends in a year."""
    plan = {
        site: tuple(
            replace(line, values={y: v for y, v in line.values.items() if y <= year})
            for line in lines
        )
        for site, lines in case.company_plan.items()
    }
    return replace(case, company_plan=plan)


def test_a_plan_of_the_reported_years(four: Case) -> None:
    reported = _until(four, 2021)
    assert {year for _, year in plan_activities(reported)} == {2020, 2021}
    assert plan_activities(replace(four, company_plan={})) == {}


def test_a_pathway_comes_after_the_reported_years(four: Case) -> None:
    planned = plan_activities(four)
    decided = {(site, 2022): planned[site, 2024] for site in four.sites}
    found = with_reported(four, decided)
    assert set(found) == {(site, y) for site in four.sites for y in (2020, 2021)} | set(decided)
    assert found["kiln", 2022] == planned["kiln", 2024]
    assert found["kiln", 2021] == planned["kiln", 2021]


def test_a_fuel_that_is_not_planned_is_not_burnt(tmp_path: Path) -> None:
    """It stands before the fuel that takes what others leave."""
    gas = "gas,Gas,天然氣,fossil,40,56,0,test,assumed"
    case = one_kiln(tmp_path, swap={"coal,Coal": f"{gas}\ncoal,Coal"})
    heat = plan_activities(case)["plant", 2025].heat
    assert heat["gas"] == 0.0
    assert heat["wood"] == pytest.approx(0.1 * sum(heat.values()))
    assert heat["coal"] == pytest.approx(0.9 * sum(heat.values()))


def test_levers_that_are_not_planned_are_0(tmp_path: Path) -> None:
    """No additions: all 1 Mt is clinker; no heat intensity: no heat, and a stack of 0.506 t/t."""
    case = one_kiln(tmp_path)
    lines = [
        line for line in case.company_plan["plant"] if line.lever == "fuel" and line.which == "coal"
    ]
    assert len(lines) == 1
    a = plan_activities(replace(case, company_plan={"plant": tuple(lines)}))["plant", 2024]
    assert (a.clinker, a.clinker_bought) == (1_000_000, 0)
    assert not any([*a.additions.values(), *a.alternative_raw.values(), *a.heat.values()])
    assert (a.waste_heat_power, a.renewable_power) == (0, 0)
    assert (a.captured_storage, a.captured_use) == (0, 0)


def test_amounts_of_the_baseline_follow_cement_and_clinker_sold(four: Case) -> None:
    """5,000 t used in 2020 at 1,000 + 100 kt; 2024 has 1,200 + 210 kt."""
    grown = {
        **four.series,
        ("kiln", "clinker_sold", ""): {2020: 1e5, 2021: 1e5, 2022: 1e5, 2023: 1.5e5, 2024: 2.1e5},
    }
    found, parameters = frozen_activities(replace(four, series=grown))
    assert found["kiln", 2024].captured_use == pytest.approx(5_000 * 1_410 / 1_100)
    assert found["kiln", 2024].additions["clay"] == pytest.approx(50_000 * 1_410 / 1_100)
    assert found["office", 2024].renewable_power == pytest.approx(100)  # without output
    assert parameters["kiln", 2024].power_clinker == pytest.approx(0.06)


@pytest.mark.parametrize(
    ("slag", "clay", "burns"), [(0.0, 0.0, False), (0.0, 0.5, True), (0.5, 0.5, True)]
)
def test_a_station_burns_fuel_where_an_addition_needs_heat(
    four: Case, slag: float, clay: float, burns: bool
) -> None:
    heat = {"slag": slag, "clay": clay, "ash": 0.0}
    materials = {m.id: replace(m, heat=heat[m.id]) for m in four.materials.values()}
    case = replace(four, materials=materials)
    found = {site.id: heated(case, site) for site in case.sites.values()}
    assert found == {"kiln": True, "mill": burns, "mixer": False, "office": False}


def test_factors_of_fuels(four: Case) -> None:
    """The kiln's own refuse moves."""
    parameters = site_years(four)
    assert parameters["mill", 2020].fossil_factor == parameters["mill", 2024].fossil_factor
    assert parameters["kiln", 2020].fossil_factor["rdf"] == pytest.approx(0.08 * 0.75)
    assert parameters["kiln", 2024].fossil_factor["rdf"] == pytest.approx(0.08 * 0.5)
