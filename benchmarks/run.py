"""Times what matters, as ratios within one run: ``python -m benchmarks.run``.

1. ``kilnpath plan cases/tcc-2024`` from the shell against importing Pyomo, pandas and highspy.
2. Building and compiling a 45-site case against HiGHS's own cold solve of it.
3. A warm solve inside a sweep against the same bound change and run in bare highspy, and against
   building and solving anew, on both cases.
4. A draw that moves series against one that moves as many limits, and a programme built anew for it
   against it.
5. A sweep by two workers against one.
6. The page of a result against planning it.
7. Verifying a result, without any package, against planning it; and its seconds and proven gap.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import highspy

from benchmarks.generated_case import write_case
from benchmarks.timing import ROOT, in_turn, report, seconds
from kilnpath import policy, read_case
from kilnpath.sweep import chunks_of, run_sweep
from kilnpath.sweep_workers import Chunk
from model.case import Case
from model.changes import with_changes
from model.sweep_reading import read_sweep
from optimizer.planning import compile_case
from optimizer.programme import build
from optimizer.reoptimizing import MovingRow, Reoptimizer
from optimizer.sweeping import Evaluator

PROGRAM = str(Path(sys.executable).parent / "kilnpath")
IMPORTS = [sys.executable, "-c", "import pyomo.environ, pandas, highspy"]


def plan_against_imports(runs: int = 7) -> list[float]:
    """``plan`` on the reference case, start-up and files included."""
    with tempfile.TemporaryDirectory() as out:
        command = [PROGRAM, "plan", "cases/tcc-2024", "--out", f"{out}/result"]
        return in_turn(lambda: _run(command), lambda: _run(IMPORTS), runs)


def build_against_solve(sites: int = 45, runs: int = 5) -> tuple[list[float], str]:
    """Building and compiling against a cold solve, and the size of the programme."""
    with tempfile.TemporaryDirectory() as folder:
        case = read_case(write_case(Path(folder) / "case", sites))
    ratios = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        compiled = compile_case(case, case.objective)
        built = time.perf_counter() - start
        ratios.append(built / seconds(compiled.highs.solve))
    size = f"{len(compiled.costs)} columns, {len(compiled.rows.names)} rows"
    return ratios[1:], size


def warm_against_bare(case: Case, runs: int = 7) -> tuple[list[float], list[float]]:
    """Ratios of a sweep's chunk to bare highspy's, and of building and solving anew to a draw.

    Both make the same changes to the same matrices in the same order; the sweep's time has loading
    and recount in it.
    """
    name = next(b.id for b in case.bounds.values() if b.lever == "addition" and b.sense == "max")
    factor = {"set": name, "low": "*0.9", "high": "*1.1"}
    raw = {"name": "bench", "method": "random", "draws": 8192, "factor": [factor]}
    sweep = read_sweep(raw, "bench", case)
    evaluator = Evaluator(case.objective, sweep, sweep.count_parts())
    model = Reoptimizer(case, case.objective)
    rows, highs = [model.row(name, y) for y in model.values(name)], model.compiled.highs.solver
    highs.run()
    ratios, each = [], []
    for chunk in chunks_of(sweep)[: runs + 1]:
        limits = [sweep.factors[0].limits(sweep.factors[0].moves[0], n) for (n,) in chunk.points]
        values = [[chosen[year] for year in model.values(name)] for chosen in limits]
        theirs = seconds(lambda v=values: _bare(highs, rows, v))  # type: ignore[misc]
        ours = seconds(lambda c=chunk: evaluator.solve_chunk(c.draws.tolist(), c.points))  # type: ignore[misc]
        ratios.append(ours / theirs)
        each.append(ours / len(chunk.draws))
    anew = [seconds(lambda: _anew(case)) for _ in range(3)]
    return ratios[1:], [one / statistics.median(each[1:]) for one in anew]


def _bare(highs: Any, rows: list[MovingRow], draws: list[list[float]]) -> None:
    """Changes and runs in highspy, without anything around them."""
    for values in draws:
        for row, value in zip(rows, values, strict=True):
            limit = row.limit_fixed + value * row.limit_slope
            highs.changeRowBounds(row.row, -highspy.kHighsInf, limit)
            for column, slope, fixed in zip(row.columns, row.slope, row.fixed, strict=True):
                if slope:
                    highs.changeCoeff(row.row, column, fixed + value * slope)
        highs.run()


def _anew(case: Case) -> None:
    """Builds the Pyomo programme and lets Pyomo's own interface to HiGHS solve it."""
    from pyomo.contrib.appsi.solvers import Highs  # beside its only use

    Highs().solve(build(case, case.objective).m)


def series_against_limits(case: Case, runs: int = 7) -> tuple[list[float], list[float], float]:
    """A draw that moves two series and a limit against one that moves three limits; one with a
    programme of its own against the first; and preparing for series against one such draw.

    Times of draws are those of whole chunks, loading and recount included.
    """
    limit = {"set": "capture_growth", "low": "*0.6", "high": "*2"}
    permits = [{"set": f"fuel_permit_{p}", "low": "*0.8", "high": "*1.2"} for p in ("tw", "cn")]
    series = [
        {"series": "cement", "place": "mainland", "low": 0.95, "high": 1.05},
        {"series": "grid_factor", "place": "group", "low": 0.8, "high": 1.2},
    ]
    raw = {"name": "bench", "method": "random", "draws": 8192}
    limits = read_sweep({**raw, "factor": [limit, *permits]}, "bench", case)
    both = read_sweep({**raw, "factor": [limit, *series]}, "bench", case)
    still = Evaluator(case.objective, limits, 1)
    start = time.perf_counter()
    following = Evaluator(case.objective, both, both.count_parts())
    prepared = time.perf_counter() - start
    anew = Evaluator(case.objective, both, 1)
    times = []
    for one, two in list(zip(chunks_of(limits), chunks_of(both), strict=False))[: runs + 1]:
        few = Chunk(two.number, two.draws[:8], two.points[:8])
        pairs = ((still, one), (following, two), (anew, few))
        times.append([_each(evaluator, chunk) for evaluator, chunk in pairs])
    ratios = [(b / a, c / b) for a, b, c in times[1:]]
    middle = statistics.median(b for _, b, _ in times[1:])
    return [a for a, _ in ratios], [b for _, b in ratios], prepared / middle


def _each(evaluator: Evaluator, chunk: Chunk) -> float:
    """Wall time of a draw in a chunk."""
    work = seconds(lambda: evaluator.solve_chunk(chunk.draws.tolist(), chunk.points))
    return work / len(chunk.draws)


def two_workers_against_one(draws: int = 12000) -> float:
    """How many times as fast two worker processes are as one, start-up included."""
    case = read_case(ROOT / "cases" / "tcc-2024")
    factor = {"set": "capture_growth", "low": "*0.6", "high": "*2"}
    raw = {"name": "bench", "method": "random", "draws": draws, "factor": [factor]}
    sweep = read_sweep(raw, "bench", case)
    with tempfile.TemporaryDirectory() as out:
        one = seconds(lambda: run_sweep(sweep, Path(out) / "one", workers=1))
        two = seconds(lambda: run_sweep(sweep, Path(out) / "two", workers=2))
    return one / two


def explain_against_solve(case: Case, runs: int = 3) -> list[float]:
    """Ratios of explaining an impossible variant, menu and all, to a cold solve of the case."""
    compiled = compile_case(case, case.objective)
    cold = statistics.median(seconds(lambda: compiled.load().solve()) for _ in range(runs))
    impossible = with_changes(case, ["scope1@2035=0.2"])
    return [seconds(lambda: policy.explain(impossible)) / cold for _ in range(runs)]


def page_against_plan(runs: int = 5) -> tuple[list[float], float]:
    """``report`` against ``plan`` of the reference case, each a whole process; size of the page.

    [1], [MB]
    """
    with tempfile.TemporaryDirectory() as out:
        folder = Path(out) / "result"
        plan = [PROGRAM, "plan", "cases/tcc-2024", "--out", str(folder)]
        page = [PROGRAM, "report", str(folder)]
        _run(plan)
        ratios = in_turn(lambda: _run(page), lambda: _run(plan), runs)
        _run(page)
        return ratios, (folder / "report.html").stat().st_size / 1e6


def verify_against_plan(case: Path, runs: int) -> tuple[list[float], str]:
    """``verify`` of a case's result against ``plan``, each a whole process; seconds and gap."""
    with tempfile.TemporaryDirectory() as out:
        plan = [PROGRAM, "plan", str(case), "--out", f"{out}/result"]
        verify = [PROGRAM, "verify", f"{out}/result", "--case", str(case)]
        _run(plan)
        ratios, took = [], []
        for _ in range(runs):
            took.append(seconds(lambda: _run(verify)))
            ratios.append(took[-1] / seconds(lambda: _run(plan)))
        said = _run(verify)
    gap = next(line.split()[-1] for line in said.splitlines() if "proven gap" in line)
    return ratios, f"{statistics.median(took):.1f} s, gap {gap}"


def _run(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, encoding="utf-8")
    return done.stdout


def main() -> None:
    """Runs all benchmarks."""
    report("plan cases/tcc-2024 / importing pyomo, pandas, highspy", plan_against_imports(), 4)
    ratios, size = build_against_solve()
    report(f"45 sites ({size}): building and compiling / cold solve", ratios, 4)
    pages, size_of_page = page_against_plan()
    report(f"report of tcc-2024 ({size_of_page:.1f} MB, goal 3) / plan of it", pages, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = write_case(Path(folder) / "case", 45)
        large = read_case(path)
        for case_path, goal, runs in ((ROOT / "cases" / "tcc-2024", 3, 5), (path, 15, 2)):
            ratios, told = verify_against_plan(case_path, runs)
            report(f"verify of {case_path.name} ({told}; goal {goal} s, 1e-9) / plan", ratios, 1)
    for name, case in (("tcc-2024", read_case(ROOT / "cases" / "tcc-2024")), ("45 sites", large)):
        warm, anew = warm_against_bare(case)
        report(f"{name}: a solve in a sweep / the same in bare highspy", warm, 1.3)
        print(
            f"{name}: Pyomo built and solved anew / a solve in a sweep: "
            f"{statistics.median(anew):.0f} times; goal at least 50"
        )
    report("45 sites, impossible: explain / cold solve", explain_against_solve(large), 20)
    tcc = read_case(ROOT / "cases" / "tcc-2024")
    moved, anew, prepared = series_against_limits(tcc)
    report("tcc-2024: a draw that moves two series and a limit / three limits", moved, 2)
    print(
        f"tcc-2024: a draw with a programme of its own / one that follows: "
        f"{statistics.median(anew):.0f} times; goal at least 10; preparing for series / a draw: "
        f"{prepared:.0f}"
    )
    print(f"tcc-2024: one worker / two workers: {two_workers_against_one():.2f}; goal at least 1.7")


if __name__ == "__main__":
    main()
