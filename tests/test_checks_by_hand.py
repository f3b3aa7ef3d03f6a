"""Checks of bounds and targets by hand: value, limit, room, relative excess, and what is missed.

Numbers of the plan of ``four_sites`` are worked by hand in ``test_accounts``.
"""

from dataclasses import replace

import pytest

from model.accounts import Inventory
from model.case import Metric, Scope
from model.pathway import BoundCheck, Pathway, TargetCheck, account_pathway, target_tonnes
from model.plan import plan_activities
from tests.group_case import four_sites

BOUNDS = [
    "slag_most,addition,slag,kiln,max,%,20,20,market,,medium",
    "slag_least,addition,slag,kiln,min,%,24,24,market,,medium",
    "clay_given,addition,clay,kiln,fixed,kt,70,70,market,,medium",
    "use_most,capture,use,kiln,max,t,400,400,market,,medium",
    "slag_rise,addition,slag,kiln,rise_max,pp/yr,0.04,0.04,market,,medium",
    "clay_fall,addition,clay,kiln,fall_max,%/yr,10,10,market,,medium",
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
        ("clay_fall", 2023, -0.3, 0.1, 0.4, -20_000 / 15_000),
    ],
)
def test_bound_by_hand(
    plan: Pathway, name: str, year: int, value: float, limit: float, slack: float, excess: float
) -> None:
    found = _bound(plan, name, year)
    numbers = (found.value, found.limit, found.slack, found.excess)
    assert numbers == pytest.approx((value, limit, slack, excess), rel=1e-9)


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
    assert str(_bound(plan, "slag_most", 2024)) == said


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


def test_no_product_no_intensity() -> None:
    office = Inventory(0, 0, 0, 10, 0, 200, 0, 0, 0)
    assert office.measure(Scope.BOTH, Metric.INTENSITY) == 0.0
    assert office.measure(Scope.BOTH, Metric.ABSOLUTE) == 210.0
