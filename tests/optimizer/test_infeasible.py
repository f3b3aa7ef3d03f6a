"""Impossible cases: what conflicts with what, from which year on, and by how much at best."""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import ImpossibleError, plan, read_case
from model.case.types import Case, Objective
from optimizer.infeasible.conflict import Others
from optimizer.infeasible.diagnose import Impossible, diagnose
from optimizer.planning.solve import compile_case
from tests.tools.commands import run_here
from tests.tools.plants import CASES, bound, one_kiln, target


@pytest.fixture(scope="module")
def why() -> Impossible:
    with pytest.raises(ImpossibleError) as caught:
        plan(read_case(CASES / "infeasible"))
    return caught.value.why


def test_conflict(why: Impossible) -> None:
    assert why.first_year == 2026
    assert dict(why.targets) == {"scope1": [2026]}
    assert set(why.bounds) == {
        "wood_permit",
        "slag_standard",
        "sludge_permit",
        "heat_best",
        "no_capture",
    }
    assert all(years == [2026] for years in why.bounds.values())


def test_least_miss_by_hand(why: Impossible) -> None:
    """512,960 t against 480,000 t."""
    assert why.missed_total == pytest.approx(32_960, rel=1e-7)
    (missed,) = why.missed
    assert (missed.target, missed.year) == ("scope1", 2026)
    assert missed.value == pytest.approx(0.51296, rel=1e-7)


@pytest.mark.parametrize(("permit", "possible"), [("35.6%", False), ("35.8%", True)])
def test_the_permit_that_repairs_it(permit: str, possible: bool) -> None:
    """By the README at 35.70 % of wood the target can just be met."""
    case = read_case(CASES / "infeasible")
    if possible:
        plan(case, changes=[f"wood_permit={permit}"])
    else:
        with pytest.raises(ImpossibleError):
            plan(case, changes=[f"wood_permit={permit}"])


def _without(case: Case, kind: str, name: str) -> Case:
    kept = {key: line for key, line in getattr(case, kind).items() if key != name}
    return replace(case, **{kind: kept})


def test_conflict_is_irreducible(why: Impossible) -> None:
    """Without any one member the rest can hold."""
    case = read_case(CASES / "infeasible")
    members = [("bounds", name) for name in why.bounds] + [("targets", n) for n in why.targets]
    for kind, name in members:
        rest = compile_case(_without(case, kind, name), Objective.CUMULATIVE)
        assert rest.highs.solve() is not None, name


def test_bounds_that_conflict(tmp_path: Path) -> None:
    """No target has a part in it, so none is said to be missed."""
    lines = {"bounds": [bound("need,addition,slag,plant,min,%,,35")]}
    why = diagnose(compile_case(one_kiln(tmp_path, lines), Objective.CUMULATIVE))
    assert dict(why.bounds) == {"need": [2026], "slag_standard": [2026]}
    assert not why.targets
    assert not why.missed


def test_several_targets_and_years(tmp_path: Path) -> None:
    lines = {"targets": [target("low,group,1,intensity,points,t/t,0.40,0.40")]}
    none = {"bounds": [bound("no_capture,capture,all,plant,max,%,0,0")]}
    why = diagnose(compile_case(one_kiln(tmp_path, {**lines, **none}), Objective.PEAK))
    assert why.first_year == 2025
    assert dict(why.targets) == {"low": [2025]}
    assert {(t.target, t.year) for t in why.missed} == {
        ("low", 2025),
        ("low", 2026),
        ("scope1", 2026),
    }
    assert why.missed_total == pytest.approx(2 * 112_960 + 62_960, rel=1e-6)


def test_a_conflict_through_the_balance_of_cement(tmp_path: Path) -> None:
    """No slag means 1,000,000 t of clinker."""
    drop = ["slag_standard", "scope1", "scope2"]
    lines = {"bounds": [bound("still,addition,slag,plant,fixed,%,0,0")]}
    lines["bounds"].append(bound("shrink,clinker,,plant,max,t,,900000"))
    why = diagnose(compile_case(one_kiln(tmp_path, lines, drop), Objective.FINAL))
    assert set(why.bounds) == {"still", "shrink"}


def test_a_target_on_nothing_made_is_a_part_of_it(tmp_path: Path) -> None:
    """500 t of other emissions in a year without cement, of which the target then allows none."""
    one_kiln(
        tmp_path,
        {"series": ["plant,other_direct,,t,0,500,0,test,assumed"]},
        swap={"cement,,t,1000000,1000000,1000000": "cement,,t,1000000,0,1000000"},
    )
    case = read_case(tmp_path / "plant")
    why = diagnose(compile_case(case, Objective.CUMULATIVE))
    assert dict(why.targets) == {"scope1": [2025]}
    assert why.years == [2025]
    assert not why.bounds_alone
    assert why.missed_total == pytest.approx(500)
    (missed,) = why.missed
    assert (missed.target, missed.year, missed.unit) == ("scope1", 2025, "t")
    assert (missed.limit, missed.value) == pytest.approx((0, 500))
    said = run_here(tmp_path, "explain", "plant", code=2)
    assert "whatever the targets are" not in said
    asked = "nothing is made in 2025: whatever its limit, it asks for 0 t there"
    assert f"target scope1: scope 1 intensity of group, 2025 ({asked})" in said
    assert "scope1  2025      0   500     t" in said
    possible = replace(case.targets["scope1"], values={2026: 0.45})
    repaired = replace(case, targets={**case.targets, "scope1": possible})
    assert compile_case(repaired, Objective.CUMULATIVE).highs.solve() is not None


NEED = bound("need,addition,slag,plant,min,%,,35")  # slag_standard allows 30
OTHERS = {
    "none": ([NEED], Others.NONE),
    "sharing": ([NEED, bound("total,addition,all,plant,max,%,,30")], Others.SHARING),
    "apart": ([NEED, bound("sun,renewable_power,,plant,min,%,,50")], Others.APART),
}


@pytest.mark.parametrize(("lines", "others"), OTHERS.values(), ids=OTHERS)
def test_what_is_known_of_other_conflicts(tmp_path: Path, lines: list[str], others: Others) -> None:
    """``total`` shares ``need`` with the first; ``sun`` conflicts with ``renewables_market``."""
    one_kiln(tmp_path, {"bounds": lines})
    said = " ".join(run_here(tmp_path, "plan", "plant", code=2).split())
    assert ("There may be other conflicts" in said) is (others is Others.SHARING)
    assert ("This is one of several conflicts" in said) is (others is Others.APART)
    assert "The bounds conflict whatever the targets are." in said
    why = diagnose(compile_case(read_case(tmp_path / "plant"), Objective.CUMULATIVE))
    assert why.others is others
    assert why.bounds_alone


def test_bounds_that_conflict_beside_a_target(tmp_path: Path) -> None:
    """2025 has a target below what is possible, 2026 two bounds."""
    lines = [NEED, "late,capture,all,plant,max,%,0,,technical,test,2025,assumed,low"]
    one_kiln(tmp_path, {"bounds": lines}, ["scope2"], {"t/t,0.55,0.45": "t/t,0.3,"})
    said = run_here(tmp_path, "explain", "plant", code=2)
    assert "target scope1" in said
    assert "nothing is made" not in said
    whatever = "The bounds conflict whatever the targets are, in another conflict"
    assert whatever in said
