"""``plan`` and its parts, against what the solver alone takes."""

import io
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.generated_case import write_case
from benchmarks.timing import IMPORTS, PROGRAM, ROOT, in_turn, run, seconds
from kilnpath.case.read import read_case
from kilnpath.screen.plan import show_plan
from kilnpath.studies.plan import PlanResult, company_of
from kilnpath.studies.result_folder import write_plan
from model.case.types import Case, Objective, Second
from model.pathway.recount import recount
from optimizer.planning.at_plan import capture_at_plan
from optimizer.planning.solve import Compiled, Solution, compile_case, solve
from optimizer.solver.highs import Optimum
from optimizer.solver.ways import HIPO, HIPO_COLUMNS, INNER, VERTEX, Way
from optimizer.steady.levers import steady_lines
from optimizer.steady.linear_programme import LinearProgramme
from optimizer.steady.lines import SteadyLines
from optimizer.steady.second_pathway import Steadied, second_pathway


def plan_against_imports(runs: int = 5) -> list[float]:
    """``plan`` on the reference case, start-up and files included."""
    with tempfile.TemporaryDirectory() as out:
        command = [PROGRAM, "plan", "cases/tcc-2024", "--out", f"{out}/result"]
        return in_turn(lambda: run(command), lambda: run(IMPORTS), runs)


def with_routes(folder: Path, runs: int = 3) -> list[float]:
    """``plan`` of the same sites with 200 routes between them, against without."""
    with tempfile.TemporaryDirectory() as out:
        linked = write_case(Path(out) / "linked", 45, routes=200)
        plans = (
            [PROGRAM, "plan", str(case), "--out", f"{out}/{name}"]
            for name, case in (("with", linked), ("without", folder))
        )
        first, second = plans
        return in_turn(lambda: run(first), lambda: run(second), runs)


def cold_solve(case: Case, way: Way = VERTEX) -> float:
    """Wall time of the least CCUS alone, from matrices that are loaded."""
    compiled = compile_case(case, Objective.CUMULATIVE)
    compiled.highs.use(way)
    return seconds(compiled.highs.solve)


def build_against_solve(case: Case, way: Way = VERTEX, runs: int = 3) -> list[float]:
    """From tables, as they were read, to matrices in HiGHS, against a cold solve."""
    compile_case(case, Objective.CUMULATIVE)
    return [
        seconds(lambda: compile_case(case, Objective.CUMULATIVE)) / cold_solve(case, way)
        for _ in range(runs)
    ]


@dataclass(frozen=True)
class Bought:
    """What the second objective costs and buys.

    ratio: its time, on the clock with two workers, over the first solve's by simplex; change: the
    sum of changes of pace; more: CCUS above the least [1]; held: the sum where nothing is given
    up; best: the least sum at the same CCUS; NaN where these were not asked for.
    """

    ratio: float
    change: float
    more: float
    held: float
    best: float


def second_against_first(case: Case, compare: bool) -> Bought:
    """The second objective with its usual room; compare: beside no room, and beside the best."""
    compiled = compile_case(case, Objective.CUMULATIVE)
    lines = steady_lines(compiled.programme)
    given = LinearProgramme(compiled.rows, compiled.lower, compiled.upper, compiled.costs)
    first, took = _first(compiled)
    found: list[Steadied] = []
    steadying = seconds(
        lambda: found.append(second_pathway(given, first, lines, Second.STEADY, case.within, 2))
    )
    needed, held, best = found[0].needed, np.nan, np.nan
    if compare:
        held = second_pathway(given, first, lines, Second.STEADY, 0.0).change
        best = _best_at(given, replace(first, objective=needed), lines)
    return Bought(steadying / took, found[0].change, needed / first.objective - 1, held, best)


def _first(compiled: Compiled) -> tuple[Optimum, float]:
    """The first optimum by the way of its size, and the time that simplex takes."""
    large = len(compiled.costs) >= HIPO_COLUMNS
    timed = compiled.load()
    timed.use(VERTEX)
    took = seconds(timed.solve)
    compiled.highs.use(HIPO if large else VERTEX)
    first = compiled.highs.solve()
    assert first is not None
    return first, took


def _best_at(given: LinearProgramme, first: Optimum, lines: SteadyLines) -> float:
    """The least sum of changes of pace of all levers at once, at no more than this objective."""
    return second_pathway(given, first, lines, Second.STEADY, 0.0).change


def rest_against_solve(case: Case, runs: int = 3) -> list[float]:
    """Recount, tables, files and screen against a cold solve."""
    solution = solve(compile_case(case, Objective.CUMULATIVE), case.second, case.within, True)
    assert solution is not None
    _rest(case, solution)
    return [seconds(lambda: _rest(case, solution)) / cold_solve(case) for _ in range(runs)]


def _rest(case: Case, solution: Solution) -> None:
    pathway = recount(case, solution.activities)
    company = company_of(case)
    result = PlanResult(pathway, company, solution, Objective.CUMULATIVE, case.within, ())
    with tempfile.TemporaryDirectory() as out:
        write_plan(result, Path(out) / "result")
    show_plan(Console(file=io.StringIO(), width=120), result)


def at_plan_against_solve(case: Case, runs: int = 3) -> list[float]:
    """The plan's levers with capture optimised, which ``plan`` adds, against a cold solve."""
    compiled = compile_case(case, Objective.CUMULATIVE)
    compiled.highs.use(VERTEX)
    return in_turn(
        lambda: capture_at_plan(compiled, Objective.CUMULATIVE), lambda: _again(compiled), runs
    )


def _again(compiled: Compiled) -> None:
    highs = compiled.load()
    highs.use(VERTEX)
    highs.solve()


def plan_against_solve(folder: Path, case: Case, runs: int = 2) -> list[float]:
    """``plan``, whole, against a cold solve, both on the clock."""
    with tempfile.TemporaryDirectory() as out:
        command = [PROGRAM, "plan", str(folder), "--out", f"{out}/result"]
        return [seconds(lambda: run(command)) / cold_solve(case) for _ in range(runs)]


def interior_way() -> tuple[Way, str]:
    """The interior point method without crossover, and which is in force: HiPO, or else IPX."""
    compiled = compile_case(read_case(ROOT / "cases" / "one-kiln"), Objective.CUMULATIVE)
    compiled.highs.use(HIPO)
    return (HIPO, "HiPO") if compiled.highs.used == "hipo" else (INNER, "IPX")
