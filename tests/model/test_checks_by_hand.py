"""Checks of bounds and targets by hand: value, limit, room, relative excess, and what is missed.

Numbers of the plan of ``four_sites`` are worked by hand in ``test_accounts``.
"""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from model.case.columns import Grid, grid_of
from model.case.types import Case, Metric, Scope
from model.case.units import Dimension as D
from model.formulas.inventory import Inventory
from model.levers.bound_rows import bound_years
from model.levers.company_plan import plan_activities
from model.levers.levers import (
    LEVERS,
    amount,
    bound_weights,
    change_dimensions,
    level_dimensions,
    total,
)
from model.pathway.pathway import (
    BoundCheck,
    Pathway,
    TargetCheck,
    account_pathway,
    target_checks,
    target_tonnes,
)
from tests.tools.accounts_by_hand import H_2024, P_2024, S_2024
from tests.tools.group_case import four_sites

BOUNDS = [
    "slag_most,addition,slag,kiln,max,%,20,20,market,,medium",
    "slag_least,addition,slag,kiln,min,%,24,24,market,,medium",
    "clay_given,addition,clay,kiln,fixed,kt,70,70,market,,medium",
    "use_most,capture,use,kiln,max,t,400,400,market,,medium",
    "slag_rise,addition,slag,kiln,rise_max,pp/yr,0.04,0.04,market,,medium",
    "clay_fall,addition,clay,kiln,fall_max,%/yr,10,10,market,,medium",
    "bought_most,clinker_bought,,mill,max,kt,340,340,market,,medium",
    "clay_points,addition,clay,kiln,rise_max,pp/yr,1,1,market,,medium",
    "clay_rise,addition,clay,kiln,rise_max,kt/yr,10,10,market,,medium",
]
TARGETS = [
    "tonnes,kiln,2,absolute,points,kt,22,10",
    "north,north,1,intensity,points,t/t,0.9,0.1",
]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Pathway:
    case = four_sites(tmp_path_factory.mktemp("case"), {"bounds": BOUNDS, "targets": TARGETS})
    return account_pathway(case, plan_activities(case))


def _bound(plan: Pathway, name: str, year: int) -> BoundCheck:
    (found,) = [c for c in plan.bounds if (c.bound.id, c.year) == (name, year)]
    return found


# 2022: 1.0 Mt of cement, 20 % slag, 50 kt clay. 2024: 1.2 Mt, 25 %, 80 kt; 2023 lies between.
# Relative to the larger of amount and limit: 240 kt of slag are 60 kt less than 300 kt.
@pytest.mark.parametrize(
    ("name", "year", "value", "limit", "slack", "excess"),
    [
        ("slag_most", 2024, 0.25, 0.20, -0.05, 60 / 300),
        ("slag_least", 2024, 0.25, 0.24, 0.01, -12 / 300),
        ("slag_least", 2022, 0.20, 0.24, -0.04, 40 / 240),
        ("clay_given", 2024, 80_000, 70_000, -10_000, 10 / 80),
        ("clay_given", 2022, 50_000, 70_000, -20_000, 20 / 70),
        ("use_most", 2024, 10_000, 400, -9_600, 9_600 / 10_000),
        ("heat_best", 2022, 3.5, 3.0, 0.5, -0.5 / 3.5),
        ("clay_rise", 2023, 15_000, 10_000, -5_000, 5 / 15),
        ("clay_rise", 2022, 0, 10_000, 10_000, -1),
        ("bought_most", 2024, 350_000, 340_000, -10_000, 10 / 350),
        ("clay_points", 2023, 65 / 1_100 - 0.05, 0.01, 0.06 - 65 / 1_100, None),
        ("clay_fall", 2023, -0.3, 0.1, 0.4, -20_000 / 15_000),
    ],
)
def test_bound_by_hand(
    plan: Pathway,
    name: str,
    year: int,
    value: float,
    limit: float,
    slack: float,
    excess: float | None,
) -> None:
    found = _bound(plan, name, year)
    numbers = (found.value, found.limit, found.slack, found.excess)
    expected = (value, limit, slack, -slack / limit if excess is None else excess)
    assert numbers == pytest.approx(expected, rel=1e-9)


def test_small_amounts_are_measured_by_a_thousandth_of_the_site(plan: Pathway) -> None:
    """500 t used where 400 t may be: 100 of 1,332 t, as the kiln makes 1.2 Mt of cement, sells
    120,000 t of clinker and takes 12,000 MWh beside."""
    key = ("kiln", 2024)
    less = {**plan.activities, key: replace(plan.activities[key], captured_use=500.0)}
    found = _bound(account_pathway(plan.case, less), "use_most", 2024)
    assert found.excess == pytest.approx(100 / 1_332, rel=1e-9)


def test_points_are_measured_by_a_thousandth_of_one(plan: Pathway) -> None:
    """The share stays in 2022 and might rise by 0.0004; 2023 brings 2.5 points."""
    assert _bound(plan, "slag_rise", 2022).excess == pytest.approx(-0.4, rel=1e-9)
    assert _bound(plan, "slag_rise", 2023).excess == pytest.approx(246 / 250, rel=1e-9)


def test_a_check_in_the_words_of_its_line(plan: Pathway) -> None:
    said = "bound 'slag_most' in 2024: addition is 25 %, max 20 %"
    assert str(_bound(plan, "slag_most", 2024).message) == said


def test_within_a_millionth_it_holds(plan: Pathway) -> None:
    bound = _bound(plan, "slag_most", 2024)
    at, beyond = replace(bound, excess=1e-6), replace(bound, excess=1.5e-6)
    assert (at.holds, beyond.holds) == (True, False)
    near, free = replace(bound, excess=-1e-6), replace(bound, excess=-1.5e-6)
    assert (near.binds, free.binds) == (True, False)
    target = TargetCheck("cut", 2030, 100.0, 98.0, 1e-6, "t")
    assert (target.holds, replace(target, excess=1.5e-6).holds) == (True, False)
    assert target.margin == 2.0


def test_what_the_plan_misses(plan: Pathway) -> None:
    """Targets before bounds. Scope 2 of the kiln in 2022: 0.6 · 0.4 (0.9 · 116 − 16) GWh, 21 kt."""
    assert plan.misses == {
        "north": [2024],
        "slag_most": [2023, 2024],
        "slag_least": [2022, 2023],
        "clay_given": [2022, 2023, 2024],
        "use_most": [2022, 2023, 2024],
        "slag_rise": [2023, 2024],
        "bought_most": [2024],
        "clay_rise": [2023, 2024],
    }


def test_targets_in_tonnes(plan: Pathway) -> None:
    """The north's 0.6 · 1,260 + 0.5 · 150 = 831 kt of product at 0.1 t/t; tonnes stay tonnes."""
    checks = {(c.target, c.year): c for c in plan.targets}
    assert checks["north", 2024].unit == "t/t"
    assert target_tonnes(plan, checks["north", 2024]) == pytest.approx(83_100, rel=1e-9)
    assert checks["tonnes", 2024].unit == "t"
    assert target_tonnes(plan, checks["tonnes", 2024]) == pytest.approx(10_000, rel=1e-9)
    check = checks["tonnes", 2024]
    size = max(check.limit, check.value)
    assert check.excess == pytest.approx((check.value - 10_000) / size, rel=1e-9)


def test_a_year_without_cement(plan: Pathway) -> None:
    """2023 makes none: of nothing there is no share, neither kept nor missed, and none that could
    rise since 2022 or until 2024."""
    cement = {**plan.case.series["kiln", "cement", ""], 2023: 0.0}
    case = replace(plan.case, series={**plan.case.series, ("kiln", "cement", ""): cement})
    found = account_pathway(case, plan_activities(case))
    assert [c.year for c in found.bounds if c.bound.id == "clay_points"] == [2022]
    slag = _bound(found, "slag_most", 2023)
    assert math.isnan(slag.value)
    assert math.isnan(slag.slack)
    assert (slag.excess, slag.denominator) == (0.0, 0.0)


def test_the_year_before_is_taken_from_the_plan(plan: Pathway) -> None:
    """A pathway of the horizon alone: its first change starts from what was reported."""
    horizon = {key: a for key, a in plan.activities.items() if key[1] >= 2022}
    found = account_pathway(plan.case, horizon)
    assert _bound(found, "slag_rise", 2022).value == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("clinker", "value"), [(1e-5, math.nan), (2e-4, 1.5)])
def test_a_total_of_rounding_has_no_ratio(plan: Pathway, clinker: float, value: float) -> None:
    """Below 1e-10 of the size of the kiln, 1,332,000, there is no heat per clinker."""
    key = ("kiln", 2024)
    small = replace(
        plan.activities[key],
        **{"clinker": clinker, "heat": {"coal": 1.5 * clinker, "rdf": 0.0, "wood": 0.0}},
        **{"additions": {"slag": 0.0, "clay": 0.0}, "captured_storage": 0.0, "captured_use": 0.0},
    )
    found = _bound(account_pathway(plan.case, {**plan.activities, key: small}), "heat_best", 2024)
    assert found.value == pytest.approx(value, nan_ok=True)


NOTHING = Inventory(0, 0, 0, 0, 0, 0, 0, 0, 0)


def _books(case: Case, kiln: Inventory) -> Grid[Inventory]:
    """The kiln's accounts of 2024; nobody else emits or makes anything."""
    return grid_of(case, {(s, 2024): kiln if s == "kiln" else NOTHING for s in case.sites})


def test_relative_excess_of_a_target(plan: Pathway) -> None:
    """Relative to the larger of limit and value, whatever their signs."""
    north = replace(plan.case.targets["north"], values={2024: 0.1})

    def excess(limit: float, value: float) -> float:
        kiln = replace(NOTHING, process=value * 1_000, cementitious=1_000.0)
        case = replace(plan.case, targets={"north": replace(north, values={2024: limit})})
        (check,) = target_checks(case, _books(case, kiln))
        return check.excess

    assert excess(0.1, 0.4) == pytest.approx(0.75)
    assert excess(0.1, 0.025) == pytest.approx(-0.75)
    assert excess(0.1, -0.3) == pytest.approx(-4 / 3)
    assert excess(-0.2, 0.1) == pytest.approx(1.5)


@pytest.mark.parametrize(("process", "holds"), [(0.0, True), (1.0, True), (10.0, False)])
def test_an_intensity_of_nothing_made(plan: Pathway, process: float, holds: bool) -> None:
    """Emissions against the plants: 1,332,000 and 500,000 in 2024; of them 0.6 are the group's."""
    north = replace(plan.case.targets["north"], values={2024: 0.1})
    case = replace(plan.case, targets={"north": north})
    kiln = replace(NOTHING, process=process)
    (check,) = target_checks(case, _books(case, kiln))
    assert math.isnan(check.value)
    assert math.isnan(check.margin)
    assert check.excess == pytest.approx(0.6 * process / 1_832_000)
    assert (check.holds, check.unit, check.limit) == (holds, "t/t", 0.1)
    assert str(check.message) == "target 'north' in 2024: value – t/t, limit 0.1 t/t"


def test_years_of_a_bound(plan: Pathway) -> None:
    """A change into the first year of the horizon is limited from what was reported, if it was."""
    rise, level = plan.case.bounds["slag_rise"], plan.case.bounds["slag_most"]
    without = replace(plan.case, company_plan={})
    assert list(bound_years(plan.case, rise)) == [2022, 2023, 2024]
    assert list(bound_years(without, rise)) == [2023, 2024]
    assert list(bound_years(without, level)) == [2022, 2023, 2024]
    held = replace(level, values={2021: 0.2, 2022: 0.2, 2024: 0.2})
    assert list(bound_years(plan.case, held)) == [2022, 2024]


DIMENSIONS = {  # what a level may be written in, and a change of the amount
    "clinker_ratio": ({D.SHARE, D.MASS}, D.MASS_PER_YEAR),
    "cement": ({D.MASS}, D.MASS_PER_YEAR),
    "clinker": ({D.MASS}, D.MASS_PER_YEAR),
    "clinker_bought": ({D.MASS}, D.MASS_PER_YEAR),
    "clinker_moved": ({D.MASS}, D.MASS_PER_YEAR),
    "addition": ({D.SHARE, D.MASS}, D.MASS_PER_YEAR),
    "alternative_raw": ({D.SHARE, D.MASS}, D.MASS_PER_YEAR),
    "fuel": ({D.SHARE, D.HEAT, D.MASS}, D.HEAT_PER_YEAR),
    "heat_intensity": ({D.HEAT_PER_MASS}, D.HEAT_PER_YEAR),
    "waste_heat_power": ({D.SHARE, D.POWER_PER_MASS, D.POWER}, D.POWER_PER_YEAR),
    "renewable_power": ({D.SHARE, D.POWER}, D.POWER_PER_YEAR),
    "own_power": ({D.SHARE, D.POWER}, D.POWER_PER_YEAR),
    "grid_power": ({D.SHARE, D.POWER}, D.POWER_PER_YEAR),
    "capture": ({D.SHARE, D.MASS}, D.MASS_PER_YEAR),
}


def test_levers_and_what_they_select_among() -> None:
    assert list(LEVERS) == list(DIMENSIONS)
    selecting = {name: name for name in ("addition", "alternative_raw", "fuel", "capture")}
    selecting |= {"clinker_moved": "route", "own_power": "generator"}
    for name, lever in LEVERS.items():
        assert lever.selects == selecting.get(name, "")


@pytest.mark.parametrize("lever", DIMENSIONS)
def test_dimensions_of_a_lever(lever: str) -> None:
    """Points a year need a total that is known beforehand, which only cement is."""
    level, change = DIMENSIONS[lever]
    points = {D.POINTS_PER_YEAR} if lever in ("clinker_ratio", "addition") else set()
    assert set(level_dimensions(LEVERS[lever])) == level
    assert set(change_dimensions(LEVERS[lever])) == {change, D.RELATIVE_PER_YEAR} | points


def test_biomass_of_fuels_and_what_is_only_called_so(plan: Pathway) -> None:
    """Half of the rdf of 2024 and all of the wood, in the weights of the line; an addition of a
    kind called biomass is no fuel."""
    p = plan.parameters["kiln", 2024]
    weights = {"coal": 2.0, "rdf": 3.0, "wood": 4.0}
    line = replace(plan.case.bounds["slag_most"], which="biomass", weights=weights)
    fuel = replace(line, lever="fuel")
    assert bound_weights(fuel, p) == {"coal": 0.0, "rdf": 1.5, "wood": 4.0}
    assert bound_weights(replace(fuel, which="all"), p) == weights
    assert bound_weights(line, p) == weights


# lever, weights, its dimension, amount and total for the kiln of 2024
AMOUNTS: list[tuple[str, dict[str, float], D, float, float]] = [
    ("clinker_ratio", {}, D.SHARE, 820_000, 1_200_000),
    ("addition", {"slag": 1.0}, D.SHARE, 300_000, 1_200_000),
    ("alternative_raw", {"ash": 1.0}, D.SHARE, 126_000, 1_260_000),
    ("fuel", {"rdf": 0.5, "wood": 1.0}, D.SHARE, 0.3 * H_2024, H_2024),
    ("heat_intensity", {}, D.HEAT_PER_MASS, 2_520_000, 840_000),
    ("waste_heat_power", {}, D.SHARE, 21_000, P_2024),
    ("waste_heat_power", {}, D.POWER_PER_MASS, 21_000, 840_000),
    ("renewable_power", {}, D.SHARE, 0.2 * P_2024, P_2024),
    ("capture", {"storage": 1.0}, D.SHARE, 0.3 * S_2024, S_2024),
    ("capture", {"use": 2.0}, D.SHARE, 20_000, S_2024),
]


@pytest.mark.parametrize(("lever", "weights", "dimension", "part", "whole"), AMOUNTS)
def test_amount_and_total_of_a_lever(
    plan: Pathway, lever: str, weights: dict[str, float], dimension: D, part: float, whole: float
) -> None:
    a, p = plan.activities["kiln", 2024], plan.parameters["kiln", 2024]
    assert amount(lever, weights, a, p) == pytest.approx(part, rel=1e-9)
    assert total(lever, dimension, a, p) == pytest.approx(whole, rel=1e-9)


def test_clinker_made_and_bought(plan: Pathway) -> None:
    a, p = plan.activities["kiln", 2024], plan.parameters["kiln", 2024]
    found = [amount(lever, {}, a, p) for lever in ("clinker", "clinker_bought")]
    assert found == pytest.approx([840_000, 100_000], rel=1e-9)


def test_what_is_no_lever_and_what_has_no_total(plan: Pathway) -> None:
    a, p = plan.activities["kiln", 2024], plan.parameters["kiln", 2024]
    with pytest.raises(KeyError, match="wind"):
        amount("wind", {}, a, p)
    with pytest.raises(KeyError, match="clinker_bought"):
        total("clinker_bought", D.MASS, a, p)


def test_no_product_no_intensity() -> None:
    office = Inventory(0, 0, 0, 10, 0, 200, 0, 0, 0)
    assert office.measure(Scope.BOTH, Metric.INTENSITY) == 0.0
    assert office.measure(Scope.BOTH, Metric.ABSOLUTE) == 210.0


def test_biomass_and_a_class_of_every_fuel_are_told_apart(tmp_path: Path) -> None:
    """Both weigh every fuel by 1; only biomass counts fractions, of RDF 50 % in 2024."""
    bounds = [
        "all,fuel,alternative,kiln,max,%,40,40,technical,,low",
        "part,fuel,biomass,kiln,max,%,40,40,technical,,low",
    ]
    case = four_sites(tmp_path, {"bounds": bounds})
    every = replace(case.bounds["all"], weights=case.bounds["part"].weights)
    case = replace(case, bounds={**case.bounds, "all": every})
    plan = account_pathway(case, plan_activities(case))
    assert _bound(plan, "all", 2024).value == pytest.approx(1)
    assert _bound(plan, "part", 2024).value == pytest.approx(0.4 * 0.5 + 0.1)
