"""Times commands that solve again and again, against one cold solve or against bare highspy.

Each function gives ratios within one run; ``python -m benchmarks.commands`` prints them.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.generated_case import write_case
from benchmarks.timing import ROOT, in_turn, report, seconds
from kilnpath import read_case
from kilnpath.studies import targets
from kilnpath.studies.assumptions import assumptions
from kilnpath.studies.bounds import rank
from kilnpath.sweep.run import chunks_of, run_sweep
from model.case.types import Case
from model.sweep.reading import read_sweep
from optimizer.planning.solve import compile_case
from optimizer.programme.rows import Floats
from optimizer.sensitivity.ranges import levers_of, ranges
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.highs import Highs, Integers
from optimizer.sweep.evaluate import Evaluator

Call = Callable[[Any], object]  # of bare highspy
Factor = dict[str, Any]  # of a sweep, as in its file


def rank_against_cold(case: Case, runs: int = 5) -> list[float]:
    """``rank`` as it is shown, programme and all, against building and solving cold."""
    return in_turn(lambda: rank.rank(case), lambda: _cold(case), runs)


def assumptions_against_cold(case: Case, runs: int = 3) -> list[float]:
    """What the answer rests on, without scenarios, against building and solving cold."""
    return in_turn(lambda: assumptions(case), lambda: _cold(case), runs)


def targets_against_cold(case: Case, runs: int = 5) -> list[float]:
    """The grid of candidate targets against building and solving cold."""
    return in_turn(lambda: targets.targets(case), lambda: _cold(case), runs)


def _cold(case: Case) -> None:
    compile_case(case, case.objective).highs.solve()


def ranges_against_bare(case: Case, years: Sequence[int], runs: int = 3) -> list[float]:
    """The ranges of 200 levers at most against the same changes and runs in bare highspy."""
    ratios = []
    for _ in range(runs + 1):
        model, bare = Reoptimizer(case, case.objective), compile_case(case, case.objective).highs
        optimum, _ = model.solve(), bare.solve()
        assert optimum is not None
        levers = levers_of(model, years)[:200]
        with recorded() as calls:
            list(ranges(model, optimum, levers))
        model = Reoptimizer(case, case.objective)
        optimum = model.solve()
        assert optimum is not None
        ours = seconds(lambda m=model, o=optimum, v=levers: list(ranges(m, o, v)))  # type: ignore[misc]
        ratios.append(ours / seconds(lambda c=calls, b=bare: _replay(c, b)))  # type: ignore[misc]
    return ratios[1:]


def draw_against_bare(case: Case, factors: Sequence[Factor], runs: int = 5) -> list[float]:
    """A chunk of draws against the same changes and runs in bare highspy.

    The sweep's time has loading and recount in it.
    """
    raw = {"name": "bench", "method": "random", "draws": 8192, "factor": factors}
    sweep = read_sweep(raw, "bench", case)
    evaluator = Evaluator(case.objective, sweep, sweep.count_parts())
    ratios = []
    for chunk in chunks_of(sweep)[: runs + 1]:
        work = partial(evaluator.solve_chunk, chunk.draws.tolist(), chunk.points)
        with recorded() as calls:
            work()
        bare = evaluator._new(evaluator._start).model.compiled.highs
        ratios.append(seconds(work) / seconds(partial(_replay, calls, bare)))
    return ratios[1:]


def two_workers_against_one(case: Case, factors: Sequence[Factor], draws: int = 30000) -> float:
    """How many times as fast two worker processes are as one, start-up included."""
    raw = {"name": "bench", "method": "random", "draws": draws, "factor": factors}
    sweep = read_sweep(raw, "bench", case)
    with tempfile.TemporaryDirectory() as out:
        one = seconds(lambda: run_sweep(sweep, Path(out) / "one", workers=1))
        two = seconds(lambda: run_sweep(sweep, Path(out) / "two", workers=2))
    return one / two


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """Keeps what is asked of HiGHS, as calls of bare highspy."""
    calls: list[Call] = []
    honest = {name: getattr(Highs, name) for name in _BARE}

    def keeping(name: str) -> Callable[..., Any]:
        def kept(self: Highs, *arguments: Any) -> Any:
            calls.append(_BARE[name](*arguments))
            return honest[name](self, *arguments)

        return kept

    with patch.multiple(Highs, **{name: keeping(name) for name in _BARE}):
        yield calls


def _replay(calls: Sequence[Call], highs: Highs) -> None:
    for call in calls:
        call(highs.solver)


def _coefficients(rows: Integers, columns: Integers, values: Floats) -> Call:
    triples = list(zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True))

    def change(solver: Any) -> None:
        for triple in triples:
            solver.changeCoeff(*triple)

    return change


def _row_limits(rows: Integers, lower: Floats, upper: Floats) -> Call:
    numbers = rows.astype(np.int32)
    return lambda solver: solver.changeRowsBounds(len(numbers), numbers, lower, upper)


def _costs(columns: Integers, costs: Floats) -> Call:
    numbers = columns.astype(np.int32)
    return lambda solver: solver.changeColsCost(len(numbers), numbers, costs)


def _row(values: Floats, upper: float) -> Call:
    used = np.flatnonzero(values).astype(np.int32)
    return lambda solver: solver.addRow(-np.inf, upper, len(used), used, values[used])


def _method(primal: bool = True) -> Call:
    return lambda solver: solver.setOptionValue("simplex_strategy", 4 if primal else 1)


def _least(solver: Any) -> float:
    solver.run()
    return float(solver.getObjectiveValue())


_BARE: dict[str, Callable[..., Call]] = {
    "change_coefficients": _coefficients,
    "change_row_limits": _row_limits,
    "change_costs": _costs,
    "set_costs": lambda costs: _costs(np.arange(len(costs)), costs),
    "set_row": lambda row, low, high: lambda solver: solver.changeRowBounds(row, low, high),
    "add_row": _row,
    "use_primal_simplex": _method,
    "start_from": lambda basis: lambda solver: solver.setBasis(basis),
    "least": lambda: _least,
}


def main() -> None:
    """Times all of them, on the reference case and on 45 sites."""
    with tempfile.TemporaryDirectory() as folder:
        large = read_case(write_case(Path(folder) / "case", 45))
    tcc = read_case(ROOT / "cases" / "tcc-2024")
    for name, case, years in (("tcc-2024", tcc, [2035, 2050]), ("45 sites", large, [2050])):
        runs = 3 if case is tcc else 1
        report(f"{name}: rank / building and solving cold", rank_against_cold(case), 12)
        if case is tcc:
            ratios = assumptions_against_cold(case)
            report(f"{name}: assumptions / building and solving cold", ratios, 60)
        report(f"{name}: targets / building and solving cold", targets_against_cold(case), 8)
        report(
            f"{name}: range / the same in bare highspy", ranges_against_bare(case, years, runs), 1.5
        )
        limit, series = _factors(case)
        report(f"{name}: a draw of a limit / bare highspy", draw_against_bare(case, limit), 1.25)
        report(f"{name}: a draw of series / bare highspy", draw_against_bare(case, series), 1.25)
    ratio = two_workers_against_one(tcc, _factors(tcc)[0])
    print(f"tcc-2024: 30,000 draws, one worker / two workers: {ratio:.2f}; goal at least 1.8")


def _factors(case: Case) -> tuple[list[Factor], list[Factor]]:
    """A limit that moves; and with it two series."""
    bound = next(b.id for b in case.bounds.values() if b.lever == "addition" and b.sense == "max")
    place = next(iter(case.sites.values())).region
    limit: Factor = {"set": bound, "low": "*0.9", "high": "*1.1"}
    series: list[Factor] = [
        {"series": "cement", "place": place, "low": 0.95, "high": 1.05},
        {"series": "grid_factor", "place": "group", "low": 0.8, "high": 1.2},
    ]
    return [limit], [limit, *series]


if __name__ == "__main__":
    main()
