"""Times what matters, as ratios within one run: ``python -m benchmarks.run``.

1. Start: ``check`` and ``--help`` against bare imports.
2. ``plan`` and its parts, on the reference case, 45 and 200 sites.
3. The commands that solve again and again (``benchmarks.commands``).
4. ``verify``, the page, ``check`` of many bounds, ``explain``.
5. A very large group (``benchmarks.large``): 2,000 sites.

``--small`` leaves out what takes more than some minutes: 200 sites' simplex, and 2,000 sites.
"""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks import commands
from benchmarks.generated_case import write_case
from benchmarks.plans import (
    at_plan_against_solve,
    build_against_solve,
    cold_solve,
    interior_way,
    plan_against_imports,
    plan_against_solve,
    rest_against_solve,
    second_against_first,
    with_routes,
)
from benchmarks.timing import CLICK, IMPORTS, PROGRAM, ROOT, in_turn, measured, report, run, seconds
from kilnpath.case.read import read_case
from kilnpath.studies.bounds import explain
from model.case.types import Case
from model.changes.changes import with_changes

TCC = ROOT / "cases" / "tcc-2024"


def start(runs: int = 5) -> None:
    """``check`` and ``--help`` against what they cannot do without."""
    check = [PROGRAM, "check", "cases/tcc-2024"]
    ratios = in_turn(lambda: run(check), lambda: run(IMPORTS), runs)
    report("check of tcc-2024 / imports", ratios, 0.7)
    words = [PROGRAM, "--help"]
    report(
        "--help / a bare click program", in_turn(lambda: run(words), lambda: run(CLICK), runs), 3
    )


def plans(folder: Path, large: Case, all_of_it: bool) -> None:
    """``plan`` and its parts."""
    report("plan of tcc-2024 / imports", plan_against_imports(), 2.5)
    report("45 sites: tables to matrices / first solve", build_against_solve(large), 0.5)
    report("45 sites: recount, tables, files, screen / first solve", rest_against_solve(large), 1)
    report("45 sites: plan, whole / first solve", plan_against_solve(folder, large), 26)
    report("45 sites: the plan's levers / first solve", at_plan_against_solve(large), 0.5)
    report("45 sites: plan with 200 routes / without", with_routes(folder), 1.5)
    told = [("tcc-2024", read_case(TCC), 14, True), ("45 sites", large, 22, True)]
    if all_of_it:
        way, name = interior_way()
        with tempfile.TemporaryDirectory() as out:
            wide = read_case(write_case(Path(out) / "case", 200))
        ratios = build_against_solve(wide, way, 1)
        report(f"200 sites: tables to matrices / first solve by {name}", ratios, 0.2)
        told.append(("200 sites", wide, 5, False))
    for name, case, goal, compare in told:
        found = second_against_first(case, compare)
        print(
            f"{name}: second objective / first solve by simplex: {found.ratio:.1f} times; goal at "
            f"most {goal}; sum of changes of pace {found.change:.4f} at {found.more:.3%} more "
            f"CCUS; {found.held:.4f} where nothing is given up, at best {found.best:.4f}",
            flush=True,
        )


def answers(folder: Path, large: Case) -> None:
    """What is done with an answer, and where there is none."""
    with tempfile.TemporaryDirectory() as out:
        result = f"{out}/result"
        plan = [PROGRAM, "plan", "cases/tcc-2024", "--out", result]
        run(plan)
        page = [PROGRAM, "report", result]
        report("page of tcc-2024 / plan", in_turn(lambda: run(page), lambda: run(plan), 3), 1)
        run([PROGRAM, "plan", str(folder), "--out", f"{out}/large"])
        verify = [PROGRAM, "verify", f"{out}/large", "--case", str(folder)]
        ratios = [seconds(lambda: run(verify)) / cold_solve(large) for _ in range(3)]
        report("45 sites: verify / first solve", ratios, 12)
    impossible = with_changes(large, ["scope1@2035=0.2"])
    ratios = [seconds(lambda: explain.explain(impossible)) / cold_solve(large) for _ in range(3)]
    report("45 sites, impossible: explain / first solve", ratios, 20)


def many_bounds() -> None:
    """``check`` of 10,000 and of 20,000 bounds: processor seconds, and whether it is linear."""
    took = []
    for bounds in (10_000, 20_000):
        with tempfile.TemporaryDirectory() as out:
            path = write_case(Path(out) / "case", 45, bounds=bounds)
            took.append(measured([PROGRAM, "check", str(path)])[1])
    print(f"check of 20,000 bounds: {took[1]:.1f} s; goal at most 5", flush=True)
    print(f"check of 20,000 bounds / of 10,000: {took[1] / took[0]:.2f}; linear is 2", flush=True)


def very_large(sites: int = 2000) -> None:
    """The least CCUS of 2,000 sites, proven and recounted, against bare HiPO; and all of plan."""
    with tempfile.TemporaryDirectory() as out:
        path = write_case(Path(out) / "case", sites)
        found = json.loads(run([sys.executable, "-m", "benchmarks.large", str(path)]))
        whole = sum(found[part] for part in ("building", "solving", "proving", "recounting"))
        print(
            f"{sites:,} sites ({found['columns']:,} columns, {found['rows']:,} rows): least CCUS, "
            f"proven to {found['gap']:.1e} and recounted / bare {found['algorithm']}: "
            f"{whole / found['solving']:.2f}; goal at most 1.2; {found['memory']:.1f} GB, goal at "
            f"most 4; reading {found['reading']:.1f} s",
            flush=True,
        )
        result = f"{out}/result"
        took, used, memory = measured([PROGRAM, "plan", str(path), "--out", result])
        size = sum(file.stat().st_size for file in Path(result).iterdir()) / 1e9
        print(
            f"{sites:,} sites: plan with all tables ({size:.1f} GB): {took:.0f} s on the clock, "
            f"{used:.0f} s of processor, {memory:.1f} GB",
            flush=True,
        )
        verify = [PROGRAM, "verify", result, "--case", str(path)]
        took, used, memory = measured(verify)
        print(f"{sites:,} sites: verify: {used:.0f} s of processor, {memory:.1f} GB", flush=True)


def main() -> None:
    """Runs all benchmarks."""
    all_of_it = "--small" not in sys.argv
    start()
    with tempfile.TemporaryDirectory() as out:
        folder = write_case(Path(out) / "case", 45)
        large = read_case(folder)
        plans(folder, large, all_of_it)
        answers(folder, large)
    commands.main()
    many_bounds()
    if all_of_it:
        very_large()


if __name__ == "__main__":
    main()
