"""Times what matters, as ratios within one run: ``python -m benchmarks.run``.

1. ``kilnpath plan cases/tcc-2024`` from the shell against importing Pyomo, pandas and highspy.
2. Building and compiling a 45-site case against HiGHS's own cold solve of it.
3. A warm solve inside a sweep against the same bound change and run in bare highspy, and against
   building and solving anew, on both cases.
4. A sweep by two workers against one.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import highspy

from benchmarks.generated_case import write_case
from kilnpath import read_case
from kilnpath.sweep import run_sweep
from model.case import Case
from model.sweep import read_sweep
from optimizer.planning import compile_case
from optimizer.programme import build
from optimizer.reoptimizing import Reoptimizer
from optimizer.sweeping import Evaluator

ROOT = Path(__file__).parent.parent
PROGRAM = str(Path(sys.executable).parent / "kilnpath")
IMPORTS = [sys.executable, "-c", "import pyomo.environ, pandas, highspy"]


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(first: Callable[[], object], second: Callable[[], object], runs: int) -> list[float]:
    """Ratios first / second of pairs run in turn, after one pair that is not counted."""
    pairs = [(seconds(first), seconds(second)) for _ in range(runs + 1)]
    return [a / b for a, b in pairs[1:]]


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


def warm_against_bare(case: Case, runs: int = 40) -> tuple[list[float], list[float]]:
    """Ratios of a sweep's solve to bare highspy's, and of building and solving anew to it."""
    name = next(b.id for b in case.bounds.values() if b.lever == "addition" and b.sense == "max")
    raw = {
        "name": "bench",
        "method": "random",
        "draws": runs + 1,
        "factor": [{"set": name, "low": "*0.9", "high": "*1.1"}],
    }
    sweep = read_sweep(raw, "bench", case)
    evaluator = Evaluator(case, case.objective, sweep)
    evaluator.solve(0)
    model = Reoptimizer(case, case.objective)
    bare = model.compiled.highs.solver
    rows = model.rows(name)
    model.solve()
    ours, theirs = [], []
    for draw in range(1, runs + 1):
        limits = sweep.factors[0].limits(float(sweep.points[draw, 0]))
        values = [limits[year] for year in model.values(name)]

        def change_and_run(values: list[float] = values) -> None:
            for row, value in zip(rows, values, strict=True):
                limit = row.limit_fixed + value * row.limit_slope
                bare.changeRowBounds(row.row, -highspy.kHighsInf, limit)
                for column, slope, fixed in zip(row.columns, row.slope, row.fixed, strict=True):
                    if slope:
                        bare.changeCoeff(row.row, column, fixed + value * slope)
            bare.run()

        theirs.append(seconds(change_and_run))
        ours.append(seconds(lambda draw=draw: evaluator.solve(draw)))  # type: ignore[misc]
    anew = [seconds(lambda: _anew(case)) for _ in range(3)]
    middle = statistics.median(ours)
    return [a / b for a, b in zip(ours, theirs, strict=True)], [one / middle for one in anew]


def _anew(case: Case) -> None:
    """Builds the Pyomo programme and lets Pyomo's own interface to HiGHS solve it."""
    from pyomo.contrib.appsi.solvers import Highs  # beside its only use

    Highs().solve(build(case, case.objective).m)


def two_workers_against_one(draws: int = 12000) -> float:
    """How many times as fast two worker processes are as one, start-up included."""
    case = read_case(ROOT / "cases" / "tcc-2024")
    factor = {"set": "capture_growth", "low": "*0.6", "high": "*2"}
    raw = {"name": "bench", "method": "random", "draws": draws, "factor": [factor]}
    sweep = read_sweep(raw, "bench", case)
    with tempfile.TemporaryDirectory() as out:
        one = seconds(lambda: run_sweep(case, sweep, Path(out) / "one", workers=1))
        two = seconds(lambda: run_sweep(case, sweep, Path(out) / "two", workers=2))
    return one / two


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


def report(name: str, ratios: list[float], limit: float) -> None:
    """One line: median, spread and the goal."""
    middle = statistics.median(ratios)
    print(
        f"{name}: {middle:.2f} times ({min(ratios):.2f} to {max(ratios):.2f}, "
        f"{len(ratios)} runs); goal at most {limit:g}"
    )


def main() -> None:
    """Runs all benchmarks."""
    report("plan cases/tcc-2024 / importing pyomo, pandas, highspy", plan_against_imports(), 4)
    ratios, size = build_against_solve()
    report(f"45 sites ({size}): building and compiling / cold solve", ratios, 4)
    with tempfile.TemporaryDirectory() as folder:
        large = read_case(write_case(Path(folder) / "case", 45))
    for name, case in (("tcc-2024", read_case(ROOT / "cases" / "tcc-2024")), ("45 sites", large)):
        warm, anew = warm_against_bare(case)
        report(f"{name}: a solve in a sweep / the same in bare highspy", warm, 1.3)
        print(
            f"{name}: Pyomo built and solved anew / a solve in a sweep: "
            f"{statistics.median(anew):.0f} times; goal at least 50"
        )
    print(f"tcc-2024: one worker / two workers: {two_workers_against_one():.2f}; goal at least 1.7")


if __name__ == "__main__":
    main()
