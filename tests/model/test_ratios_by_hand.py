"""The levers reported as ratios, for the plan of ``four_sites``: hand work of ``test_accounts``."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from model.case.columns import Key
from model.case.types import Case
from model.formulas.activity import Activity
from model.formulas.ratios import ratios
from model.levers.company_plan import plan_activities
from tests.tools.accounts_by_hand import C_2024, H_2024, P_2024, S_2024
from tests.tools.group_case import four_sites

KILN = {
    ("clinker_ratio", "", "1"): 820 / 1_200,
    ("addition", "all", "1"): 380 / 1_200,
    ("addition", "slag", "1"): 300 / 1_200,
    ("addition", "clay", "1"): 80 / 1_200,
    ("alternative_raw", "all", "1"): 0.1,
    ("alternative_raw", "ash", "1"): 0.1,
    ("heat_intensity", "", "GJ/t"): 3.0,
    ("waste_heat_power", "per clinker", "MWh/t"): 0.025,
    ("capture", "all", "1"): C_2024 / S_2024,
    ("capture", "storage", "1"): 0.3,
    ("capture", "use", "1"): 10_000 / S_2024,
    ("fuel", "alternative", "1"): 0.5,
    ("fuel", "biomass", "1"): 0.1 + 0.4 * 0.5,  # half of the rdf
    ("fuel", "coal", "1"): 0.5,
    ("fuel", "rdf", "1"): 0.4,
    ("fuel", "wood", "1"): 0.1,
    ("waste_heat_power", "", "1"): 21_000 / P_2024,
    ("renewable_power", "", "1"): 0.2,
}
MILL = {
    ("clinker_ratio", "", "1"): 0.7,
    ("addition", "all", "1"): 0.3,
    ("addition", "slag", "1"): 0.3,
    ("addition", "clay", "1"): 0.0,
    ("fuel", "alternative", "1"): 0.0,
    ("fuel", "biomass", "1"): 0.0,
    ("fuel", "coal", "1"): 1.0,
    ("fuel", "rdf", "1"): 0.0,
    ("fuel", "wood", "1"): 0.0,
    ("waste_heat_power", "", "1"): 0.0,
    ("renewable_power", "", "1"): 0.2,
}
OFFICE = {("waste_heat_power", "", "1"): 0.0, ("renewable_power", "", "1"): 200 / 700}
# By share: 0.6 of the kiln (1.2 Mt, 97,… MWh), 0.5 of the mill (500 kt, 30,000 GJ, 18,000 MWh),
# 0.25 of the mixer (3,000 MWh), all of the office (700 MWh).
NORTH = {
    **KILN,
    ("clinker_ratio", "", "1"): (0.6 * 820 + 0.5 * 350) / (0.6 * 1_200 + 0.5 * 500),
    ("addition", "all", "1"): (0.6 * 380 + 0.5 * 150) / 970,
    ("addition", "slag", "1"): (0.6 * 300 + 0.5 * 150) / 970,
    ("addition", "clay", "1"): 0.6 * 80 / 970,
    ("fuel", "alternative", "1"): 0.3 * H_2024 / (0.6 * H_2024 + 15_000),
    ("fuel", "biomass", "1"): 0.18 * H_2024 / (0.6 * H_2024 + 15_000),
    ("fuel", "coal", "1"): (0.3 * H_2024 + 15_000) / (0.6 * H_2024 + 15_000),
    ("fuel", "rdf", "1"): 0.24 * H_2024 / (0.6 * H_2024 + 15_000),
    ("fuel", "wood", "1"): 0.06 * H_2024 / (0.6 * H_2024 + 15_000),
    ("waste_heat_power", "", "1"): 12_600 / (0.6 * P_2024 + 9_000),
}
DEMAND = 0.6 * P_2024 + 9_000 + 750 + 700
GROUP = {
    **NORTH,
    ("waste_heat_power", "", "1"): 12_600 / DEMAND,
    ("renewable_power", "", "1"): (0.2 * (DEMAND - 700) + 200) / DEMAND,
}
BY_HAND = {"kiln": KILN, "mill": MILL, "office": OFFICE, "north": NORTH, "group": GROUP}


def _of(
    case: Case, activities: Mapping[Key, Activity[float]], place: str, year: int
) -> dict[tuple[str, str, str], float]:
    found = [entry for entry in ratios(case, activities) if entry[:2] == (place, year)]
    return {(lever, which, unit): value for _, _, lever, which, value, unit in found}


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return four_sites(tmp_path_factory.mktemp("case"))


@pytest.mark.parametrize("place", BY_HAND)
def test_ratios_by_hand(four: Case, place: str) -> None:
    found = _of(four, plan_activities(four), place, 2024)
    assert found == pytest.approx(BY_HAND[place], rel=1e-9, abs=1e-12)


def test_sites_then_regions_then_the_group_by_year(four: Case) -> None:
    """The south is a mixer (a quarter) and the office: 0.2 · 750 + 200 of 1,450 MWh."""
    activities = plan_activities(four)
    backwards = dict(reversed(list(activities.items())))
    found = list(ratios(four, backwards))
    places = list(dict.fromkeys(entry[0] for entry in found))
    assert places == ["kiln", "mill", "mixer", "office", "north", "south", "group"]
    years = list(dict.fromkeys(entry[1] for entry in found if entry[0] == "kiln"))
    assert years == [2020, 2021, 2022, 2023, 2024]
    south = _of(four, activities, "south", 2024)
    assert south["renewable_power", "", "1"] == pytest.approx(350 / 1_450)


def test_a_site_that_does_not_count_has_its_own_ratios(tmp_path: Path) -> None:
    """The group does not control the mill: the north is then the kiln alone."""
    swap = {'consolidation = "equity"': 'consolidation = "control"'}
    case = four_sites(tmp_path, swap=swap)
    activities = plan_activities(case)
    assert _of(case, activities, "mill", 2024) == pytest.approx(MILL, rel=1e-9, abs=1e-12)
    assert _of(case, activities, "north", 2024) == pytest.approx(KILN, rel=1e-9, abs=1e-12)


def test_a_ratio_of_nothing_is_left_out(tmp_path: Path) -> None:
    """A concrete plant without power has none; half a tonne of clinker still has all of them."""
    case = four_sites(tmp_path, {"sites": ["idle,Idle,,south,100,yes,,,,concrete"]})
    plan = plan_activities(case)
    assert not _of(case, plan, "idle", 2024)
    kiln = replace(
        plan["kiln", 2024],
        **{"clinker": 0.5, "alternative_raw": {"ash": 0.3}, "heat": {"coal": 1.5, "wood": 0.5}},
        **{"additions": {"slag": 0.0, "clay": 0.0}, "captured_storage": 0.0, "captured_use": 0.2},
    )
    found = _of(case, {**plan, ("kiln", 2024): kiln}, "kiln", 2024)
    assert found["alternative_raw", "ash", "1"] == pytest.approx(0.4)  # of 0.75 t
    assert found["fuel", "wood", "1"] == pytest.approx(0.25)
    stack = 0.5 * 0.44 - 0.3 * 0.11 + 2.0 * 0.1
    assert found["capture", "use", "1"] == pytest.approx(0.2 / stack)
    closed = replace(kiln, clinker=0.0, alternative_raw={"ash": 0.0}, heat={"coal": 0.0})
    without = _of(case, {**plan, ("kiln", 2024): closed}, "kiln", 2024)
    assert not {lever for lever, _, _ in without} & {"alternative_raw", "capture", "fuel"}
