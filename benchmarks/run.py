"""Times what matters, as ratios within one run: ``python -m benchmarks.run``.

1. ``kilnpath plan cases/tcc-2024`` from the shell against importing Pyomo, pandas and highspy.
2. Building and compiling a 45-site case against HiGHS's own cold solve of it.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.generated_case import write_case
from kilnpath import read_case
from optimizer.planning import compile_case

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
    """Runs both benchmarks."""
    report("plan cases/tcc-2024 / importing pyomo, pandas, highspy", plan_against_imports(), 4)
    ratios, size = build_against_solve()
    report(f"45 sites ({size}): building and compiling / cold solve", ratios, 4)


if __name__ == "__main__":
    main()
