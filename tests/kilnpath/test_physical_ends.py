"""Mends, curves and changes end where physics ends: shares in 0–100 %, kiln heat from 1.75 GJ/t.

By hand, ``cases/infeasible`` in 2026: 0.7 Mt of clinker emit 344,960 t of process CO2, and 0.08 t a
GJ of kiln heat. So a target of L t is met without capture at (L − 344,960) / 56,000 GJ/t.
"""

from pathlib import Path

import pytest

from kilnpath import read_case
from kilnpath.studies.bounds import curve, explain, ranges, whatif
from model.case.types import Case, Objective
from model.changes.changes import with_changes
from model.levers.physical_ends import THEORETICAL_HEAT
from model.messages.faults import CaseError
from optimizer.infeasible.diagnose import diagnose
from optimizer.infeasible.repair import Menu
from optimizer.planning.solve import compile_case
from tests.tools.commands import run_here
from tests.tools.plants import CASES, ROOT, bound, one_kiln, target

TEMPLATE = ROOT / "kilnpath" / "template"


def _menu(case: Case) -> Menu:
    found = explain.explain(case)
    assert found is not None
    return found[1]


def _infeasible(limit: float) -> Case:
    return with_changes(read_case(CASES / "infeasible"), [f"scope1@2026={limit}"])


def test_kiln_heat_repairs_down_to_what_the_reactions_take() -> None:
    found = _menu(_infeasible(0.4431))
    (move,) = [move for move in found.singles if move.name == "heat_best"]
    assert move.values[2026] == pytest.approx((443_100 - 344_960) / 56_000, rel=1e-6)  # 1.7525
    assert found.past == ()


def test_no_repair_is_below_what_the_reactions_take(tmp_path: Path) -> None:
    found = _menu(_infeasible(0.4428))
    assert "heat_best" not in {move.name for move in found.singles}
    assert "heat_best" in found.cannot
    (move,) = found.past
    assert move.name == "heat_best"
    assert move.values[2026] == pytest.approx((442_800 - 344_960) / 56_000, rel=1e-6)  # 1.7471
    words = ["explain", str(CASES / "infeasible"), "--set", "scope1@2026=0.4428"]
    said = " ".join(run_here(tmp_path, *words, code=2).split())
    assert "heat_best would have to go down to 1.7471 GJ/t to repair it: there is no such" in said
    assert "as the reactions of clinker take 1.75 GJ/t." in said
    assert "--set 'heat_best" not in said


def test_a_least_heat_below_theory_stays_where_it_is(tmp_path: Path) -> None:
    """Whoever wrote 1.5 GJ/t is not moved up by it, and is moved no further down."""
    written = "heat_best,heat_intensity,,plant,min,GJ/t,"
    swap = {f"{written}3,3": f"{written}1.5,1.5", "0.55,0.45": "0.55,0.42"}
    none = bound("no_capture,capture,all,plant,max,%,0,0")
    found = _menu(one_kiln(tmp_path, {"bounds": [none]}, ["scope2"], swap))
    assert "slag_standard" in {move.name for move in found.singles}
    assert "heat_best" in found.cannot
    (move,) = found.past
    assert move.values[2026] == pytest.approx((420_000 - 344_960) / 56_000, rel=1e-6)  # 1.34


def test_a_pair_shares_what_heat_cannot_give(tmp_path: Path) -> None:
    """Every other limit twice, so that none repairs it alone: heat stops at 1.75 GJ/t."""
    held = [
        bound("no_capture,capture,all,plant,max,%,0,0"),
        bound("no_more_slag,addition,all,plant,fixed,%,30,30"),
        bound("no_more_sludge,alternative_raw,all,plant,fixed,%,4,4"),
        bound("no_more_wood,fuel,wood,plant,max,%,20,20"),
    ]
    again = target("again,group,1,intensity,points,t/t,0.6,0.45")
    swap = {"0.55,0.45": "0.6,0.44", "max,%,90,90,": "max,%,0,0,"}
    case = one_kiln(tmp_path, {"bounds": held, "targets": [again]}, ["scope2"], swap)
    pairs = _menu(case).pairs
    assert any(move.name == "heat_best" for pair in pairs for move in pair)
    for pair in pairs:
        for move in pair:
            low, high = min(move.values.values()), max(move.values.values())
            if move.name == "heat_best":
                assert low >= THEORETICAL_HEAT
            elif move.name in case.bounds:
                assert 0.0 <= low <= high <= 1.0


CURVES = {
    "heat_best": (1.75, None),  # GJ/t
    "slag_standard": (None, 100.0),  # %
    "wood_permit": (0.0, 100.0),
}


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_ends_where_physics_ends(name: str) -> None:
    """Below 23.79 % of slag and above some heat there is no pathway, which ends a curve earlier."""
    found, table = curve.curve(read_case(CASES / "one-kiln"), name)
    low, high = CURVES[name]
    assert found.possible
    assert low is None or table["value"].min() == pytest.approx(low, abs=1e-6)
    assert high is None or table["value"].max() == pytest.approx(high, rel=1e-6)
    assert table["value"].min() >= (1.75 if name == "heat_best" else 0.0) - 1e-6


@pytest.mark.parametrize(
    ("bound", "low", "high", "said"),
    [
        ("heat_best", "1.7", None, "'1.7' is past where this limit can go; it ends at 1.75 GJ/t"),
        (
            "wood_permit",
            "-21 pp",
            None,
            "'-21 pp' is past where this limit can go; it ends at -20 pp",
        ),
        ("wood_permit", None, "101%", "'101%' is past where this limit can go; it ends at 100 %"),
        ("waste_heat_limit", "-1", None, "it ends at 0 kWh/t"),
    ],
)
def test_a_curve_is_not_asked_past_it(
    bound: str, low: str | None, high: str | None, said: str
) -> None:
    with pytest.raises(CaseError) as caught:
        curve.curve(read_case(CASES / "one-kiln"), bound, low, high)
    assert said in str(caught.value)


def test_a_shifted_line_ends_with_its_first_year() -> None:
    """3.10 GJ/t in 2035 is the least of a line that moves as a whole: 1.35 down, and no more."""
    with pytest.raises(CaseError, match=r"ends at -1\.35 GJ/t"):
        curve.curve(read_case(TEMPLATE), "heat_best", "-1.4 GJ/t", "+0 GJ/t")
    with pytest.raises(CaseError, match=r"ends at 65 pp"):
        curve.curve(read_case(TEMPLATE), "fuel_permit", "+0 pp", "+66 pp")
    found, _ = curve.curve(read_case(TEMPLATE), "heat_best", "-1.35 GJ/t", "+0 GJ/t")
    assert found.looked == pytest.approx((-1.35, 0.0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("heat_best=1.7", "1.7 GJ/t is less than the reactions of clinker take; the least is 1.75"),
        ("heat_best=400 kcal/kg", "400 kcal/kg is less than the reactions of clinker take; the"),
        ("heat_best=*0.5", "*0.5 gives 1.5 GJ/t, too little"),
        ("wood_permit=101%", "101 % is too much; the most is 100"),
    ],
)
def test_whatif_is_not_asked_past_it(change: str, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        whatif.whatif(read_case(CASES / "one-kiln"), {"x": [change]})
    assert said in str(caught.value)


def test_what_is_printed_at_the_end_can_be_set() -> None:
    """417.98 kcal/kg, five digits of 1.75 GJ/t at 4.1868 kJ/kcal, and a hair below it."""
    changed = with_changes(read_case(CASES / "one-kiln"), ["heat_best=417.98 kcal/kg"])
    assert changed.bounds["heat_best"].values[2026] == pytest.approx(1.75, rel=1e-5)


def test_ranges_stay_inside() -> None:
    """Even at 50 % more CCUS: no addition above the cement, no kiln heat below theory."""
    table = ranges.ranges(read_case(TEMPLATE), [2035], within=0.5).set_index(["lever", "site"])
    assert (table["least"] >= 0).all()
    clinker = table.loc[("clinker_for_cement", "plant"), "least"].item()
    assert table.loc[("kiln_heat", "plant"), "least"].item() >= THEORETICAL_HEAT * clinker
    assert (table.loc["addition", "most"] <= 950_000).all()


TWO = {
    "apart": (0.48, 0.01, ["scope1", "power"]),  # scope 2 is 19.0 kt of 1 Mt at least
    "one of them": (0.48, 0.5, ["scope1"]),
}


@pytest.mark.parametrize("name", TWO)
def test_targets_that_are_out_of_reach_separately(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scope 2 at best: 82 GWh, 14 from waste heat, a quarter of 82 renewable, at 0.4 t/MWh."""
    scope1, scope2, expected = TWO[name]
    held = bound("no_capture,capture,all,plant,max,%,0,0")
    line = target(f"power,group,2,intensity,points,t/t,0.5,{scope2}")
    case = one_kiln(
        tmp_path,
        {"bounds": [held], "targets": [line]},
        ["scope2"],
        {"0.55,0.45": f"0.55,{scope1}"},
    )
    why = diagnose(compile_case(case, Objective.CUMULATIVE))
    assert why.out_of_reach == expected
    said = " ".join(run_here(tmp_path, "explain", "plant", code=2).split())
    if len(expected) == 2:
        assert "out of reach separately, each even if there were no other: scope1, power." in said
        assert "Mending one does not help another" in said
    else:
        assert "scope1 cannot be met inside the bounds, even if there were no other" in said


def test_targets_that_only_conflict_are_not_out_of_reach(tmp_path: Path) -> None:
    """Capture that scope 1 needs takes power that scope 2 has no room for; either is possible."""
    case = one_kiln(tmp_path, {}, (), {"0.55,0.45": "0.55,0.1"})
    why = diagnose(compile_case(case, Objective.CUMULATIVE))
    assert {"scope1", "scope2"} == {*why.targets}
    assert why.out_of_reach == []
