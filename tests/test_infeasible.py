"""Impossible cases: what contradicts what, from which year on, and by how much at best."""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import ImpossibleError, plan, read_case
from model.case import Case, Objective
from optimizer.diagnosis import Impossible, diagnose
from optimizer.planning import compile_case
from tests.plants import CASES, bound, one_kiln, target


@pytest.fixture(scope="module")
def why() -> Impossible:
    with pytest.raises(ImpossibleError) as caught:
        plan(read_case(CASES / "infeasible"))
    return caught.value.why


def test_contradiction(why: Impossible) -> None:
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
def test_the_permit_that_mends_it(permit: str, possible: bool) -> None:
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


def test_contradiction_is_irreducible(why: Impossible) -> None:
    """Without any one member the rest can hold."""
    case = read_case(CASES / "infeasible")
    members = [("bounds", name) for name in why.bounds] + [("targets", n) for n in why.targets]
    for kind, name in members:
        rest = compile_case(_without(case, kind, name), Objective.CUMULATIVE)
        assert rest.highs.solve() is not None, name


def test_bounds_that_contradict_each_other(tmp_path: Path) -> None:
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


def test_a_contradiction_through_the_balance_of_cement(tmp_path: Path) -> None:
    """No slag means 1,000,000 t of clinker."""
    drop = ["slag_standard", "scope1", "scope2"]
    lines = {"bounds": [bound("still,addition,slag,plant,fixed,%,0,0")]}
    lines["bounds"].append(bound("shrink,clinker,,plant,max,t,,900000"))
    why = diagnose(compile_case(one_kiln(tmp_path, lines, drop), Objective.FINAL))
    assert set(why.bounds) == {"still", "shrink"}
