"""The recount refuses a pathway in which any single quantity was changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import plan, read_case
from model.formulas.activity import Activity
from model.pathway.recount import RecountError, recount
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES, one_kiln

KEY = ("plant", 2026)
CHANGES = {
    "clinker": (lambda a: replace(a, clinker=a.clinker + 10), "cement is not the sum"),
    "bought": (lambda a: replace(a, clinker_bought=10.0), "clinker bought is not as given"),
    "addition": (lambda a: replace(a, additions={"slag": a.additions["slag"] + 10}), "sum of"),
    "raw": (lambda a: replace(a, alternative_raw={"sludge": 50_000.0}), "sludge_permit"),
    "negative": (lambda a: replace(a, alternative_raw={"sludge": -9000.0}), "below zero"),
    "fuel": (lambda a: replace(a, heat={**a.heat, "wood": 500_000.0}), "wood_permit"),
    "no heat": (lambda a: replace(a, heat={"coal": 0.0, "wood": 0.0}), "heat_best"),
    "power": (lambda a: replace(a, renewable_power=200_000.0), "renewables_market"),
    "capture less": (lambda a: replace(a, captured_storage=60_000.0), "scope1"),
    "capture more": (lambda a: replace(a, captured_storage=700_000.0), "stack holds"),
    "use": (lambda a: replace(a, captured_use=50.0), "no_use"),
    "not a number": (lambda a: replace(a, captured_storage=float("nan")), "nan"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_quantity_is_refused(name: str) -> None:
    case = read_case(CASES / "one-kiln")
    activities = dict(plan(case).pathway.activities)
    recount(case, activities)
    change, said = CHANGES[name]
    changed: Activity[float] = change(activities[KEY])  # type: ignore[no-untyped-call]
    with pytest.raises(RecountError, match=said):
        recount(case, {**activities, KEY: changed})


def test_the_message_names_the_row() -> None:
    case = read_case(CASES / "one-kiln")
    activities = dict(plan(case).pathway.activities)
    less = replace(activities[KEY], captured_storage=0.0)
    with pytest.raises(RecountError) as caught:
        recount(case, {**activities, KEY: less})
    assert "target 'scope1' in 2026: value 0.515583" in str(caught.value)
    assert "limit 0.45 t/t" in str(caught.value)


def test_biogenic_share(tmp_path: Path) -> None:
    """With 4 % counted, the plan's 20 % wood would deduct what is not fossil."""
    lines = {"series": ["plant,captured_biogenic_share,,%,4,4,4,test,assumed"]}
    switch = {"captured_biogenic_counts = true": "captured_biogenic_counts = false"}
    case = one_kiln(tmp_path, lines, swap=switch)
    free = dict(plan(read_case(CASES / "one-kiln")).pathway.activities)
    with pytest.raises(RecountError):
        recount(case, free)


def test_stations_burn_biomass_where_captured_biogenic_co2_does_not_count(tmp_path: Path) -> None:
    """The largest biogenic share is for stacks that capture; a station dries slag with wood."""
    wood = "wood,fuel,wood,mill,min,%,50,50,policy,,medium"
    slag = "slag,addition,slag,mill,min,%,20,20,policy,,medium"
    result = plan(four_sites(tmp_path / "group", {"bounds": [wood, slag]}))
    activity = result.pathway.activities["mill", 2024]
    assert activity.heat["wood"] > 0
