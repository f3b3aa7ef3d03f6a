"""Switches turned on part of a pathway, and the names that tables give to places."""

from pathlib import Path

import pytest

from model.accounting.switches import (
    BIOGENIC,
    CONSOLIDATION,
    SWITCHES,
    USE,
    biogenic_shares,
    target_checks_by_switch,
    with_rule,
)
from model.case.places import Places
from model.case.sites import Consolidation
from model.case.types import Case
from model.levers.company_plan import plan_activities
from model.messages.message import Message
from tests.tools.group_case import four_sites
from tests.tools.rulebooks_by_hand import BIOGENIC_CO2, S


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return four_sites(tmp_path_factory.mktemp("case"))


def test_a_case_says_its_own_options(four: Case) -> None:
    activities = plan_activities(four)
    options = {CONSOLIDATION: "control", BIOGENIC: "true", USE: "false"}
    found = with_rule(four, activities, options)
    assert found.accounting.consolidation is Consolidation.CONTROL
    assert {switch: switch.current(found) for switch in SWITCHES} == options
    assert {switch: switch.current(four) for switch in SWITCHES} == {
        switch: switch.other(found) for switch in SWITCHES
    }
    assert with_rule(four, activities, {}).accounting == four.accounting


def test_biogenic_share_is_that_of_the_stack(four: Case) -> None:
    """A year of which nothing is known has none, and neither has a site without a stack."""
    activities = plan_activities(four).within(range(2020, 2021))
    shares = dict(zip(four.sites, biogenic_shares(four, activities)[:, 0], strict=True))
    assert shares["kiln"] == pytest.approx(BIOGENIC_CO2 / S)
    assert shares["office"] == 0.0
    exact = with_rule(four, activities, {BIOGENIC: "false"}).series
    assert exact["kiln", "captured_biogenic_share", ""][2021] == 0.0
    assert exact["kiln", "captured_biogenic_share", ""][2020] == pytest.approx(BIOGENIC_CO2 / S)


def test_targets_by_switch_need_the_whole_horizon(tmp_path: Path) -> None:
    case = four_sites(tmp_path, {"targets": ["cut,group,1,absolute,points,kt,900,900"]})
    activities = dict(plan_activities(case))
    assert set(target_checks_by_switch(case, activities)) == {None, *SWITCHES}
    del activities["mill", 2023]
    assert target_checks_by_switch(case, activities) == {}


class _Row:
    """A row of a table that keeps what is said of it."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def fault(self, what: Message, column: str = "") -> None:
        self.said.append((str(what), column))


KNOWN = "known: group, north, south, kiln, mill, mixer, office"


@pytest.mark.parametrize(
    ("place", "sites", "said"),
    [
        ("", "", []),
        ("mill", "mill", []),
        ("group", "kiln mill mixer office", []),
        ("office + north", "kiln mill office", []),
        ("south+mixer", "mixer office", []),
        (
            "nort+mill",
            "mill",
            ["place 'nort' is neither a site nor a region; did you mean 'north'?"],
        ),
        ("east", "", [f"place 'east' is neither a site nor a region; {KNOWN}"]),
    ],
)
def test_place(four: Case, place: str, sites: str, said: list[str]) -> None:
    row = _Row()
    assert " ".join(Places(four.sites).resolve(row, place)) == sites  # type: ignore[arg-type]
    assert row.said == [(message, "place") for message in said]


def test_a_place_that_must_be_one(four: Case) -> None:
    row = _Row()
    assert Places(four.sites).resolve(row, "kiln+mill", single=True) == ()  # type: ignore[arg-type]
    assert row.said[0][0].startswith("place 'kiln+mill' is neither")
