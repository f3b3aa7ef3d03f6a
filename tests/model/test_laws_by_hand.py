"""Each law of the recount fails by as much as the plan of ``four_sites`` was changed.

The plan as it is keeps every law; its numbers are worked by hand in ``test_accounts``.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import read_case
from model.case.columns import Grid, Key, grid_of
from model.case.types import Case
from model.formulas.activity import Activity
from model.formulas.site_years import site_years
from model.levers.company_plan import plan_activities
from model.pathway.pathway import Pathway, account_pathway
from model.pathway.recount import RecountError, law_excesses, recount
from tests.tools.accounts_by_hand import C_2024, H_2024, P_2024, S_2024
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES

Change = Callable[[Activity[float]], Activity[float]]
NONE = {"coal": 0.0, "rdf": 0.0, "wood": 0.0}

# law -> (site, change of its 2024, by how much it then fails)
FAILS: dict[str, tuple[str, Change, float]] = {
    "cement is not the sum of its parts": (
        "kiln",
        lambda a: replace(a, clinker=a.clinker - 10),
        10,
    ),
    "clinker used for cement is below zero": (
        "kiln",
        lambda a: replace(a, clinker=0.0, clinker_bought=0.0),
        120_000,  # all that is sold
    ),
    "clinker bought is not as given": (
        "kiln",
        lambda a: replace(a, clinker_bought=a.clinker_bought + 7),
        7,
    ),
    "kiln heat is below zero": (
        "kiln",
        lambda a: replace(a, heat=NONE),
        60_000 + 160_000 + 2 * C_2024,  # slag, clay and capture have theirs
    ),
    "clinker is made without a kiln": ("mill", lambda a: replace(a, clinker=5.0), 5),
    "heat is not what the additions need": (
        "mill",
        lambda a: replace(a, heat={**NONE, "coal": 29_997.0}),
        3,  # 150,000 t of slag at 0.2 GJ
    ),
    "alternative raw materials exceed the raw meal": (
        "kiln",
        lambda a: replace(a, alternative_raw={"ash": 1_260_009.0}),
        9,  # 1.5 · 840,000
    ),
    "more CaO is credited than clinker holds": (
        "kiln",
        lambda a: replace(a, alternative_raw={"ash": 3_460_000.0}, uncredited={"cao": 400.0}),
        0.14 * 3_460_000 - 400 - 0.56 * 840_000,
    ),
    "process emissions exceed those of clinker from carbonates alone": (
        "kiln",
        lambda a: replace(a, uncredited={"cao": 20_000.0}),
        20_000 * 44 / 56 - 0.11 * 126_000,
    ),
    "more waste heat power than the heat of the kiln can give": (
        "kiln",
        lambda a: replace(a, waste_heat_power=50_000.0),
        50_000 - 0.014 * 3 * 840_000,
    ),
    "more waste heat power than what burns can give": (
        "kiln",
        lambda a: replace(a, waste_heat_power=50_000.0),
        50_000 - 0.014 * H_2024,
    ),
    "more own power than demand": (
        "kiln",
        lambda a: replace(a, renewable_power=P_2024),
        21_000,  # the waste heat power
    ),
    "more CO2 captured than the stack holds": (
        "kiln",
        lambda a: replace(a, captured_storage=S_2024),
        10_000,  # what is used
    ),
    "cement is not as given": (
        "kiln",
        lambda a: replace(a, cement=a.cement + 4000.0),
        4000.0,
    ),
    "biogenic CO2 exceeds captured_biogenic_share": (
        "kiln",
        lambda a: replace(a, heat={**NONE, "wood": H_2024}),
        0.1 * H_2024 - 0.2 * (355_740 + 0.1 * H_2024),
    ),
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Pathway:
    case = four_sites(tmp_path_factory.mktemp("case"))
    return account_pathway(case, plan_activities(case))


def _laws(plan: Pathway, site: str, change: Change = lambda a: a) -> dict[str, float]:
    key = (site, 2024)
    changed = grid_of(plan.case, {**plan.activities, key: change(plan.activities[key])})
    return _excesses(plan.case, changed, key)


def _excesses(case: Case, activities: Grid[Activity[float]], key: Key) -> dict[str, float]:
    """The laws that hold at a site in a year, and by how much it fails them."""
    row, column = activities.sites.index[key[0]], key[1] - activities.years.start
    found = law_excesses(case, activities, site_years(case))
    excesses = {str(law): float(excess[row, column]) for law, excess in found}
    return {law: excess for law, excess in excesses.items() if excess > -math.inf}


@pytest.mark.parametrize("site", ["kiln", "mill", "mixer", "office"])
def test_the_plan_keeps_them(plan: Pathway, site: str) -> None:
    assert all(excess <= 1e-6 for excess in _laws(plan, site).values())


@pytest.mark.parametrize("law", FAILS)
def test_law_fails_by_what_was_changed(plan: Pathway, law: str) -> None:
    site, change, excess = FAILS[law]
    assert _laws(plan, site, change)[law] == pytest.approx(excess, rel=1e-6)


def test_no_law_is_left_out(plan: Pathway) -> None:
    found = {**_laws(plan, "kiln"), **_laws(plan, "mill")}
    told = {law for law in found if "below zero" not in law or law in FAILS}
    assert told == {*FAILS, "more MgO is credited than clinker holds"}  # no ash has any


@pytest.mark.parametrize("name", Activity.__dataclass_fields__)
def test_no_quantity_is_negative(plan: Pathway, name: str) -> None:
    def change(a: Activity[float]) -> Activity[float]:
        value = getattr(a, name)
        fresh = dict.fromkeys(value, -4.0) if isinstance(value, dict) else -4.0
        return replace(a, **{name: fresh})

    found = _laws(plan, "kiln", change)
    names = getattr(plan.activities["kiln", 2024], name)
    labels = [f"{name} {key}" for key in names] if isinstance(names, dict) else [name]
    assert [found[f"{label} is below zero"] for label in labels] == [4.0] * len(labels)


def test_biogenic_share_is_asked_only_where_it_does_not_count(plan: Pathway) -> None:
    accounting = replace(plan.case.accounting, captured_biogenic_counts=True)
    case = replace(plan.case, accounting=accounting)
    names = _excesses(case, plan.activities, ("kiln", 2024))
    assert "biogenic CO2 exceeds captured_biogenic_share" not in names


@pytest.mark.parametrize(("part", "passes"), [(0.5e-6, True), (2e-6, False)])
def test_tolerance_is_a_millionth_of_the_site(plan: Pathway, part: float, passes: bool) -> None:
    """The mill is 500,000 t; what it buys may be off by half a tonne, not by one."""
    activities = {key: a for key, a in plan.activities.items() if key[1] > 2021}
    mill = activities["mill", 2023]
    moved = replace(mill, clinker_bought=mill.clinker_bought + part * 450_000)
    if passes:
        recount(plan.case, {**activities, ("mill", 2023): moved})
    else:
        with pytest.raises(RecountError, match="sum of its parts, 'mill' in 2023"):
            recount(plan.case, {**activities, ("mill", 2023): moved})


def test_less_than_given_fails_as_more_does(plan: Pathway) -> None:
    found = _laws(plan, "kiln", lambda a: replace(a, clinker_bought=a.clinker_bought - 7))
    assert found["clinker bought is not as given"] == pytest.approx(7)
    assert _laws(plan, "mill", lambda a: replace(a, clinker=-5.0))[
        "clinker is made without a kiln"
    ] == pytest.approx(5)


def test_a_station_has_no_law_of_biogenic_co2(plan: Pathway) -> None:
    assert "biogenic CO2 exceeds captured_biogenic_share" not in _laws(plan, "mill")


def test_an_empty_site_does_nothing(tmp_path: Path) -> None:
    """The tolerance of a site without output or power is next to nothing."""
    case = four_sites(tmp_path, {"sites": ["idle,Idle,,south,100,yes,,,,concrete"]})
    activities = {key: a for key, a in plan_activities(case).items() if key[1] > 2021}
    recount(case, activities)
    traced = replace(activities["idle", 2023], captured_storage=1e-7)
    with pytest.raises(RecountError, match="captured than the stack holds, 'idle' in 2023"):
        recount(case, {**activities, ("idle", 2023): traced})


@pytest.mark.parametrize(("amount", "passes"), [(-1.0, True), (-1.1, False)])
def test_a_millionth_itself_passes(amount: float, passes: bool) -> None:
    """cases/one-kiln makes 1 Mt of cement, so a tonne or a MWh below zero is the very last."""
    case = read_case(CASES / "one-kiln")
    activities = dict(plan_activities(case))
    at = ("plant", 2025)
    moved = {**activities, at: replace(activities[at], waste_heat_power=amount)}
    with pytest.raises(RecountError) as caught:  # the plan misses its targets
        recount(case, moved)
    assert ("waste_heat_power is below zero, 'plant' in 2025" in str(caught.value)) is not passes


LIMITS = [
    "use_most,capture,use,kiln,max,t,400,400,market,,medium",
    "slag_most,addition,slag,kiln,max,%,20,20,market,,medium",
    "slag_least,addition,slag,kiln,min,%,40,40,market,,medium",
]


def _refusal(folder: Path, lines: list[str], moved: dict[str, float]) -> list[str]:
    """The lines of the message where sites buy so many tonnes of clinker too much in 2023."""
    targets = ["north,north,1,intensity,points,t/t,0.9,0.1", "tonnes,kiln,2,absolute,points,t,1,1"]
    case = four_sites(folder, {"bounds": lines, "targets": targets})
    activities = {key: a for key, a in plan_activities(case).items() if key[1] > 2021}
    for site, tonnes in moved.items():
        a = activities[site, 2023]
        activities[site, 2023] = replace(a, clinker_bought=a.clinker_bought + tonnes)
    with pytest.raises(RecountError) as caught:
        recount(case, activities)
    return str(caught.value).split("\n · ")[1:]


def test_the_worst_comes_first_and_laws_before_limits(tmp_path: Path) -> None:
    """Relative to size: 10 t of the mill's 450,000 are more than 20 t of the kiln's 1.2 Mt.

    Then 9,600 of 10,000 t used; scope 2 of 1 t is missed by all but all of it.
    """
    said = _refusal(tmp_path, LIMITS[:2], {"kiln": 20, "mill": 10})
    starts = [
        "cement is not the sum of its parts, 'mill' in 2023: by 10",
        "clinker bought is not as given, 'kiln' in 2023: by 20",
        "cement is not the sum of its parts, 'kiln' in 2023: by 20",
        "target 'tonnes' in 2022",
        "target 'tonnes' in 2024",
        "bound 'use_most' in 2024",
        "bound 'use_most' in 2023",
        "bound 'use_most' in 2022",
    ]
    assert [line[: len(start)] for line, start in zip(said, starts, strict=False)] == starts
    assert said[8:] == ["and 3 more"]  # slag_most in 2023 and 2024, and the north


@pytest.mark.parametrize(("lines", "shown"), [(LIMITS[:1], 6), (LIMITS[:2], 8)])
def test_up_to_eight_are_shown(tmp_path: Path, lines: list[str], shown: int) -> None:
    said = _refusal(tmp_path, lines, {})
    assert len(said) == shown
    assert all(line.endswith((" t", " t/t", " %")) for line in said)


def test_more_than_eight_are_counted(tmp_path: Path) -> None:
    said = _refusal(tmp_path, LIMITS, {})
    assert len(said) == 9
    assert said[-1] == "and 3 more"
