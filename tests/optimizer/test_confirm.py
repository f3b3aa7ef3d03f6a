"""A wrong answer that HiGHS calls optimal is solved again in stricter ways, or refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kilnpath import plan, read_case
from kilnpath.commands import main
from kilnpath.language.languages import Language, texts
from kilnpath.sweep.run import run_sweep
from model.case.types import Case, Objective
from model.pathway.recount import RecountError
from model.sweep.reading import read_sweep
from optimizer.planning.confirm import confirm_least
from optimizer.planning.solve import compile_case
from optimizer.sensitivity.alternatives import alternatives
from optimizer.solver.guard import SolverError
from optimizer.solver.highs import Highs, Optimum
from optimizer.solver.ways import INTERIOR, STRICTER, USUAL, Way
from tests.tools.plants import CASES

Lie = Callable[[Optimum], Optimum]
LEAST = 62_960 / 0.96  # t, worked out in the README of the case
LIES: dict[str, Lie] = {
    "all 1 % more": lambda found: replace(found, values=found.values * 1.01),
    "all nothing": lambda found: replace(found, values=found.values * 0.0),
    "not a number": lambda found: replace(found, values=found.values * np.nan),
    "below the least": lambda found: replace(found, objective=found.objective * 0.99),
    "above the least": lambda found: replace(found, objective=found.objective * 1.01),
    "other multipliers": lambda found: replace(found, duals=found.duals * 0.99),
    "reversed multipliers": lambda found: replace(found, duals=-found.duals),
}


@pytest.fixture
def kiln() -> Case:
    return read_case(CASES / "one-kiln")


def lying(patch: pytest.MonkeyPatch, lie: Lie, *ways: Way) -> list[Way]:
    """Makes HiGHS lie in some ways of solving; gives the ways in which it was asked."""
    honest, asked = Highs.solve, list[Way]()

    def solve(self: Highs) -> Optimum | None:
        found = honest(self)
        asked.append(self._way)
        return lie(found) if found is not None and self._way in ways else found

    patch.setattr(Highs, "solve", solve)
    return asked


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("wrong", range(1, 1 + len(STRICTER)))
def test_a_wrong_answer_is_solved_again(
    kiln: Case, lie: str, wrong: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong in the usual way, and in all stricter ones but the last that are tried."""
    ways = [USUAL, *STRICTER][: wrong + 1]
    asked = lying(monkeypatch, LIES[lie], INTERIOR, *ways[:-1])
    found = plan(kiln)
    assert found.pathway.cumulative_ccus == pytest.approx(LEAST, rel=1e-8)
    assert found.solution.least == pytest.approx(LEAST, rel=1e-9)
    assert list(dict.fromkeys(way for way in asked if way != INTERIOR)) == ways


@pytest.mark.parametrize("lie", LIES)
def test_what_is_wrong_in_every_way_is_refused(
    kiln: Case, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(monkeypatch, LIES[lie], INTERIOR, USUAL, *STRICTER)
    with pytest.raises((RecountError, SolverError)):
        plan(kiln)


def test_a_right_answer_is_solved_once(kiln: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer; then the plan's levers, which have no pathway, and by how much they miss."""
    asked = lying(monkeypatch, LIES["all nothing"])
    found = plan(kiln)
    assert found.at_plan is not None
    assert found.at_plan.least is None
    assert asked == [USUAL, INTERIOR, USUAL, USUAL]


@pytest.mark.parametrize("objective", Objective)
def test_every_objective_is_compared_with_the_recount(kiln: Case, objective: Objective) -> None:
    found = plan(kiln, objective)
    least, scale = found.solution.least, found.solution.scale
    confirm_least(found.pathway, objective, least, scale)
    for part in (1 - 1e-4, 1 + 1e-4, np.nan):
        with pytest.raises(RecountError, match=rf"captured \({objective}\), the programme"):
            confirm_least(found.pathway, objective, least * part, scale)


@pytest.mark.parametrize("objective", Objective)
def test_what_is_not_confirmed_is_told_in_chinese(kiln: Case, objective: Objective) -> None:
    found = plan(kiln, objective)
    with pytest.raises(RecountError) as refused:
        confirm_least(found.pathway, objective, 2 * found.solution.least, found.solution.scale)
    chinese = {"cumulative": "各年合計", "final": "最終年", "peak": "最高年"}[objective]
    said = refused.value.in_words(texts(Language.CHINESE))
    assert f"t CO2（{chinese}），線性規劃則為" in said


def test_no_pathway_is_believed_that_two_ways_do_not_agree_on(
    kiln: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HiGHS calls a programme infeasible in the usual way that has a pathway."""
    honest = Highs.solve

    def solve(self: Highs) -> Optimum | None:
        usual = self._way == USUAL and self.solver.getNumCol() == len(compiled.costs)
        return None if usual else honest(self)

    compiled = compile_case(kiln, Objective.CUMULATIVE)
    monkeypatch.setattr(Highs, "solve", solve)
    assert plan(kiln).solution.least == pytest.approx(LEAST, rel=1e-9)


def test_alternatives_are_solved_again(kiln: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [p.cumulative_ccus for p in alternatives(kiln, Objective.CUMULATIVE, 2, 0.05)]
    asked = lying(monkeypatch, LIES["all 1 % more"], USUAL)
    found = list(alternatives(kiln, Objective.CUMULATIVE, 2, 0.05))
    assert STRICTER[0] in asked
    assert len(found) == len(expected)
    assert found[0].cumulative_ccus == pytest.approx(LEAST, rel=1e-8)
    lying(monkeypatch, LIES["all 1 % more"], USUAL, *STRICTER)
    with pytest.raises(RecountError):
        list(alternatives(kiln, Objective.CUMULATIVE, 2, 0.05))


def test_sweeps_are_solved_again(
    kiln: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = {"name": "x", "method": "grid", "factor": [{"set": "wood_permit", "values": ["20%"]}]}
    sweep = read_sweep(raw, "sweep.toml", kiln)
    asked = lying(monkeypatch, LIES["above the least"], USUAL)
    frame = run_sweep(sweep, tmp_path / "s", workers=1).frame
    assert STRICTER[0] in asked
    assert frame["ccus"].tolist() == pytest.approx([LEAST], rel=1e-8)
    lying(monkeypatch, LIES["above the least"], USUAL, *STRICTER)
    with pytest.raises(RecountError):
        run_sweep(sweep, tmp_path / "again", workers=1)


@pytest.mark.parametrize("way", [INTERIOR, *STRICTER])
def test_ways_reach_highs(kiln: Case, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is what HiGHS is set to, also after it needed a retry of its own and a proof."""
    compiled = compile_case(kiln, Objective.CUMULATIVE)
    highs = compiled.highs
    highs.use(way)
    found = highs.solve()
    assert found is not None
    assert found.objective * compiled.programme.scale == pytest.approx(LEAST, rel=1e-9)
    highs.farkas()
    honest, unclear = highs._run, iter([True, True])
    monkeypatch.setattr(highs, "_run", lambda: (honest(), next(unclear, None))[1] or honest())
    highs.solve()
    names = ("solver", "presolve", "primal_feasibility_tolerance", "dual_feasibility_tolerance")
    options = [highs.solver.getOptionValue(name)[1] for name in names]
    assert options == [way.solver, way.presolve, way.tolerance, way.tolerance]


def test_the_command_refuses_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lying(monkeypatch, LIES["all nothing"], INTERIOR, USUAL, *STRICTER)
    words = ["kilnpath", "plan", str(CASES / "one-kiln"), "--out", str(tmp_path / "run")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "the recount does not confirm the pathway" in said
    assert "cement is not the sum of its parts, 'plant' in 2025" in said
    assert list(tmp_path.iterdir()) == []
