"""Bounds moved towards the company's plan: ``cases/one-kiln`` by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import read_case
from model.case.types import Bound, Case, Confidence
from model.levers.company_plan import plan_activities
from model.levers.doubt import doubt_of
from model.pathway.pathway import account_pathway
from model.pathway.towards_plan import limits_at_plan, with_room
from tests.tools.plants import CASES, bound, one_kiln

NEAR = 1e-6  # what the recount lets pass


def _ends(case: Case) -> dict[str, dict[int, float]]:
    return limits_at_plan(account_pathway(case, plan_activities(case)))


def test_the_levels_of_the_plan() -> None:
    """plan.csv: 25 % slag, no sludge, 3.2 GJ/t, 10 and 20 % wood, 20 kWh/t; looser by rounding."""
    ends = _ends(read_case(CASES / "one-kiln"))
    expected = {
        "slag_standard": (0.25 + NEAR, 0.25 + NEAR),
        "sludge_permit": (NEAR, NEAR),
        "heat_best": (3.2 * (1 - NEAR), 3.2 * (1 - NEAR)),
        "heat_today": (3.2 * (1 + NEAR), 3.2 * (1 + NEAR)),
        "wood_permit": (0.1 + NEAR, 0.2 + NEAR),
        "waste_heat_limit": (0.02 + NEAR, 0.02 + NEAR),
        "renewables_market": (0.1 + NEAR, 0.25 + NEAR),
        "no_use": (NEAR, NEAR),
    }
    for name, limits in expected.items():
        found = tuple(ends[name][year] for year in (2025, 2026))
        assert found == pytest.approx(limits, rel=1e-9, abs=1e-12), name


def test_what_has_no_room(tmp_path: Path) -> None:
    """A fixed level, a pace, a bound that the plan breaks, and a share of nothing."""
    lines = [
        "same,heat_intensity,,plant,fixed,GJ/t,3.2,3.2",
        "pace,fuel,wood,plant,rise_max,TJ/yr,9000,9000",
        "broken,addition,slag,plant,max,%,25,24",
    ]
    ends = _ends(one_kiln(tmp_path, add={"bounds": map(bound, lines)}))
    assert not {"same", "pace"} & ends.keys()
    assert ends["broken"] == {2025: pytest.approx(0.25 + NEAR)}


@pytest.mark.parametrize(
    ("room", "expected"), [(1.0, 30.0), (0.75, 28.75), (0.5, 27.5), (0.0, 25.0)]
)
def test_a_part_of_the_room(room: float, expected: float) -> None:
    own = {2024: 10.0, 2025: 30.0, 2026: 30.0}
    assert with_room(own, {2025: 25.0}, room) == {2025: pytest.approx(expected)}


@pytest.mark.parametrize("room", [-0.1, 1.5, float("nan")])
def test_no_part(room: float) -> None:
    with pytest.raises(ValueError, match="no part of 1"):
        with_room({2025: 1.0}, {2025: 2.0}, room)


def test_doubt_is_its_own_or_by_confidence() -> None:
    slag: Bound = read_case(CASES / "one-kiln").bounds["slag_standard"]
    assert doubt_of(slag) == 0.1
    assert doubt_of(replace(slag, confidence=Confidence.LOW)) == 0.2
    assert doubt_of(replace(slag, confidence=Confidence.HIGH)) == 0.05
    assert doubt_of(replace(slag, doubt=0.0)) == 0.0
