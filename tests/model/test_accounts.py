"""The accounts of ``four_sites`` worked by hand: the plan, the frozen baseline, consolidation.

Shared numbers: 0.44 t CO2 per t clinker (56 % CaO), 0.11 t avoided per t of wet ash (28 % CaO, half
water), and capture that needs 2 GJ/t, so that the stack S follows from itself.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import AccountResult, account
from model.case.types import Case, Metric, Scope
from model.formulas.activity import Activity
from model.formulas.inventory import Inventory, consolidated
from model.formulas.site_years import site_years
from model.levers.company_plan import plan_activities
from model.targets.limits import target_limits
from tests.tools.accounts_by_hand import (
    ALL_2020,
    H_2024,
    KILN_2020,
    KILN_2024,
    KILN_FROZEN,
    MILL_2020,
    MILL_2024,
    MILL_FROZEN,
    MIXER_2020,
    MIXER_FROZEN,
    OFFICE_2020,
    OFFICE_2024,
    OFFICE_FROZEN,
    P_2024,
    S_2024,
    SHARES,
)
from tests.tools.group_case import four_sites

BY_HAND = {
    ("plan", "kiln", 2020): KILN_2020,
    ("plan", "kiln", 2024): KILN_2024,
    ("plan", "mill", 2020): MILL_2020,
    ("plan", "mill", 2024): MILL_2024,
    ("plan", "mixer", 2020): MIXER_2020,
    ("plan", "office", 2020): OFFICE_2020,
    ("plan", "office", 2024): OFFICE_2024,
    ("baseline", "kiln", 2020): KILN_2020,
    ("baseline", "kiln", 2024): KILN_FROZEN,
    ("baseline", "mill", 2024): MILL_FROZEN,
    ("baseline", "mixer", 2024): MIXER_FROZEN,
    ("baseline", "office", 2024): OFFICE_FROZEN,
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> AccountResult:
    return account(four_sites(tmp_path_factory.mktemp("case")))


def _assert_same(found: Inventory, expected: Inventory) -> None:
    for source in Inventory.__dataclass_fields__:
        value = getattr(expected, source)
        assert getattr(found, source) == pytest.approx(value, rel=1e-9, abs=1e-6), source


@pytest.mark.parametrize("key", BY_HAND, ids=lambda key: "-".join(map(str, key)))
def test_inventory(books: AccountResult, key: tuple[str, str, int]) -> None:
    scenario, site, year = key
    _assert_same(books.scenarios[scenario][site, year], BY_HAND[key])


def test_quantities_of_the_kiln(books: AccountResult) -> None:
    a = books.activities["plan"]["kiln", 2024]
    assert a.clinker == pytest.approx(840_000)
    assert a.clinker_bought == pytest.approx(100_000)
    assert a.additions == pytest.approx({"slag": 300_000, "clay": 80_000})
    assert a.alternative_raw == pytest.approx({"ash": 126_000})
    heat = {"coal": 0.5 * H_2024, "rdf": 0.4 * H_2024, "wood": 0.1 * H_2024}
    assert a.heat == pytest.approx(heat, rel=1e-9)
    assert (a.captured_storage, a.captured_use) == pytest.approx((0.3 * S_2024, 10_000), rel=1e-9)
    assert a.waste_heat_power == pytest.approx(21_000)
    assert a.renewable_power == pytest.approx(0.2 * P_2024, rel=1e-9)


def test_between_given_years(books: AccountResult) -> None:
    """2023 lies halfway: 1,100,000 t, slag 22.5 %, clay 65,000, sold 110,000, bought 75,000."""
    clinker = 1_100_000 * 0.775 - 65_000 + 110_000 - 75_000
    assert books.activities["plan"]["kiln", 2023].clinker == pytest.approx(clinker)


def test_a_site_does_only_what_its_kind_can(books: AccountResult) -> None:
    mill = books.activities["plan"]["mill", 2020]
    assert (mill.clinker, mill.clinker_bought) == (0.0, pytest.approx(280_000))
    assert mill.additions == pytest.approx({"slag": 120_000, "clay": 0})
    assert mill.heat == pytest.approx({"coal": 24_000, "rdf": 0, "wood": 0})
    assert mill.alternative_raw == {}
    for site in ("mixer", "office"):
        other: Activity[float] = books.activities["plan"][site, 2020]
        assert (other.clinker, other.clinker_bought, other.captured_storage) == (0, 0, 0)
        assert not any([other.additions, other.alternative_raw, other.heat])


def _case(folder: Path, approach: str) -> Case:
    """The group with absolute and relative targets of the whole and of its north."""
    lines = [
        "cut,group,1+2,absolute,points,% below base,,30",
        "north_cut,north,1,intensity,points,% below base,,40",
        "power_cut,kiln,2,absolute,points,% below base,,50",
        "approach,kiln,1,intensity,points,t/t,,sda",
    ]
    swap = {'consolidation = "equity"': f'consolidation = "{approach}"'}
    return four_sites(folder, {"targets": lines}, swap)


@pytest.mark.parametrize("approach", SHARES)
def test_consolidation(approach: str, tmp_path: Path) -> None:
    case = _case(tmp_path, approach)
    found = consolidated(case, case.sites, 2020, account(case).scenarios["plan"])
    share = SHARES[approach]
    total = Inventory(
        *(
            sum(share[site] * getattr(one, source) for site, one in ALL_2020.items())
            for source in Inventory.__dataclass_fields__
        )
    )
    _assert_same(found, total)
    scope1 = total.process + total.combustion + total.additions + total.other - total.counted
    assert found.scope(Scope.ONE) == pytest.approx(scope1, rel=1e-9)
    assert found.scope(Scope.TWO) == pytest.approx(total.power, rel=1e-9)
    assert found.scope(Scope.BOTH) == pytest.approx(scope1 + total.power, rel=1e-9)
    intensity = found.measure(Scope.ONE, Metric.INTENSITY)
    assert intensity == pytest.approx(scope1 / total.cementitious, rel=1e-9)


def _scope1(one: Inventory) -> float:
    return one.process + one.combustion + one.additions + one.other - one.counted


@pytest.mark.parametrize("approach", SHARES)
def test_limits_from_the_base_year(approach: str, tmp_path: Path) -> None:
    """2020, not the inventory year, and each site by its share."""
    share = SHARES[approach]
    limits = target_limits(_case(tmp_path, approach))
    whole = sum(share[s] * (_scope1(one) + one.power) for s, one in ALL_2020.items())
    assert limits["cut", 2024] == pytest.approx(0.7 * whole, rel=1e-9)
    north = [(share[s], ALL_2020[s]) for s in ("kiln", "mill")]
    emitted = sum(part * _scope1(one) for part, one in north)
    product = sum(part * one.cementitious for part, one in north)
    assert limits["north_cut", 2024] == pytest.approx(0.6 * emitted / product, rel=1e-9)
    power = 0.5 * share["kiln"] * KILN_2020.power
    assert limits["power_cut", 2024] == pytest.approx(power, rel=1e-9)
    # SDA: between 2019 and 2030 and between 2030 and 2040 the sector's lines are straight.
    base = _scope1(KILN_2020) / KILN_2020.cementitious
    start = 2334 / 4054  # the base year 2020, which was off the line
    now, end = (2461 - 562 * 5 / 11) / (4215 + 43 * 5 / 11), 133 / 4032
    expected = (base - end) * (now - end) / (start - end) + end
    assert limits["approach", 2024] == pytest.approx(expected, rel=1e-9)


def test_lines_of_site_region_and_group(books: AccountResult) -> None:
    """A site's own line goes before its region's, and that before the group's."""
    parameters = site_years(books.case)
    factors = {site: parameters[site, 2020].grid_factor for site in books.case.sites}
    assert factors == {"kiln": 0.4, "mill": 0.6, "mixer": 0.5, "office": 0.5}
    assert parameters["kiln", 2023].grid_factor == pytest.approx(0.3)
    assert parameters["mill", 2020].biomass_fraction["rdf"] == 0.25  # the fuel's own


def test_electric_heat_takes_power(tmp_path: Path) -> None:
    """1 MWh is 3.6 GJ, and only electric heat takes any."""
    case = four_sites(tmp_path, {"fuels": ["arc,Arc,,electric,,0,0"]})
    power = site_years(case)["kiln", 2020].heat_power
    assert power == pytest.approx({"coal": 0, "rdf": 0, "wood": 0, "arc": 1 / 3.6}, rel=1e-12)


def test_what_counts_of_captured_co2(tmp_path: Path) -> None:
    """The switches, with 10 % biogenic in 2020 and 20 % in 2024."""
    counted = {}
    for biogenic in ("true", "false"):
        for use in ("true", "false"):
            swap = {
                "captured_biogenic_counts = false": f"captured_biogenic_counts = {biogenic}",
                "captured_use_counts = true": f"captured_use_counts = {use}",
            }
            parameters = site_years(four_sites(tmp_path / f"{biogenic}-{use}", swap=swap))
            years = [parameters["kiln", year] for year in (2020, 2024)]
            counted[biogenic, use] = [(p.counted_storage, p.counted_use) for p in years]
    assert counted == {
        ("true", "true"): [(1.0, 1.0), (1.0, 1.0)],
        ("true", "false"): [(1.0, 0.0), (1.0, 0.0)],
        ("false", "true"): [(0.9, 0.9), (0.8, 0.8)],
        ("false", "false"): [(0.9, 0.0), (0.8, 0.0)],
    }


def test_the_plan_of_a_case_is_its_own(books: AccountResult) -> None:
    """Plans are kept by case; another case with the same sites has another plan."""
    less = {**books.case.series, ("kiln", "clinker_sold", ""): dict.fromkeys(books.case.years, 0.0)}
    other = replace(books.case, series=less)
    assert plan_activities(other)["kiln", 2020].clinker == pytest.approx(700_000)
    assert plan_activities(books.case)["kiln", 2020].clinker == pytest.approx(800_000)
