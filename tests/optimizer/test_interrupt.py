"""Ctrl-C while HiGHS computes, and HiPO where highspy has none."""

import _thread
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np
import pytest

from kilnpath import read_case
from optimizer.planning.solve import Compiled, compile_case
from optimizer.solver import interrupt
from optimizer.solver.guard import SolverError
from optimizer.solver.interrupt import Stop, run_interruptibly
from optimizer.solver.threads import in_threads
from optimizer.solver.ways import HIPO, INNER, USUAL, VERTEX, Way
from tests.tools.plants import CASES

LONG = 30.0  # seconds after which a test that waits gives up


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C is heard, also where the tests were started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Endless:
    """A solver that computes until it is told to stop, and asks only where it ``listens``."""

    def __init__(self, listens: bool) -> None:
        self.listens = listens
        self.answer: Any = None
        self.begun, self.released, self.ended = (threading.Event() for _ in range(3))
        self.asked: list[Any] = []

    def setCallback(self, answer: Any, data: Any) -> None:
        self.answer = answer

    def startCallback(self, kind: Any) -> None:
        self.asked.append(kind)

    def stopCallback(self, kind: Any) -> None:
        self.asked.remove(kind)

    def run(self) -> None:
        self.begun.set()
        told = SimpleNamespace(user_interrupt=False)
        while not self.released.wait(0.01):
            if self.listens:
                self.answer(self.asked[0], "", None, told, None)
                if told.user_interrupt:
                    break
        self.ended.set()


def interrupt_once(begun: threading.Event) -> None:
    """Presses Ctrl-C in the main thread, once something has begun."""

    def press() -> None:
        if begun.wait(LONG):
            _thread.interrupt_main()

    threading.Thread(target=press).start()


def test_an_interrupt_stops_what_listens() -> None:
    solver = Endless(listens=True)
    interrupt_once(solver.begun)
    with pytest.raises(KeyboardInterrupt):
        run_interruptibly(solver)
    assert solver.ended.wait(LONG)


def test_an_interrupt_does_not_wait_for_what_does_not_listen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(interrupt, "PATIENCE", 0.05)
    solver = Endless(listens=False)
    interrupt_once(solver.begun)
    with pytest.raises(KeyboardInterrupt):
        run_interruptibly(solver)
    assert not solver.ended.is_set()
    solver.released.set()
    assert solver.ended.wait(LONG)


def test_an_interrupt_stops_all_blocks() -> None:
    begun, ended = threading.Event(), list[int]()

    def work(number: int, stop: Stop) -> None:
        begun.set()
        while not stop.asked:
            threading.Event().wait(0.01)
        ended.append(number)

    interrupt_once(begun)
    with pytest.raises(KeyboardInterrupt):
        in_threads(work, range(5), 2)
    assert len(ended) <= 2, "blocks began after the interrupt"


def test_what_fails_in_a_thread_is_raised() -> None:
    def work(number: int, stop: Stop) -> int:
        if number == 3:
            raise SolverError("three")
        return number

    with pytest.raises(SolverError, match="three"):
        in_threads(work, range(5), 2)
    assert in_threads(lambda number, _: number**2, [2, 0, 1], 2) == {0: 0, 1: 1, 2: 4}


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    case = read_case(CASES / "tcc-2024")
    return compile_case(case, case.objective)


@pytest.mark.parametrize("way", [VERTEX, INNER])
def test_highs_asks_whether_to_stop(compiled: Compiled, way: Way) -> None:
    """Told to stop beforehand, it ends at its first question, without an answer."""
    highs = compiled.load()
    highs.use(way)
    highs.watch(Stop(asked=True))
    errors: list[BaseException] = []

    def solve() -> None:
        try:
            highs.solve()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=solve)
    thread.start()
    thread.join(LONG)
    assert [type(error) for error in errors] == [KeyboardInterrupt]


def test_a_solve_that_was_not_interrupted_is_what_it_was(compiled: Compiled) -> None:
    highs = compiled.load()
    first, again = highs.solve(), highs.solve()
    assert first is not None
    assert again is not None
    assert again.objective == pytest.approx(first.objective, rel=1e-12)


class Refusing:
    """Highspy without ``highspy-extras``: refuses HiPO, keeps what it had, says nothing more."""

    def __init__(self, solver: Any) -> None:
        self._solver = solver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._solver, name)

    def setOptionValue(self, name: str, value: Any) -> Any:
        if (name, value) == ("solver", "hipo"):
            return highspy.HighsStatus.kError
        return self._solver.setOptionValue(name, value)


def test_without_hipo_ipx_is_used_and_said(compiled: Compiled) -> None:
    highs = compiled.load()
    assert highs.used == "simplex"
    highs.solver = Refusing(highs.solver)
    highs.use(HIPO)
    found = highs.solve()
    assert highs.used == "ipx"
    assert highs.solver.getInfo().ipm_iteration_count > 0
    assert highs.solver.getInfo().simplex_iteration_count <= 0
    vertex = compiled.load().solve()
    assert found is not None
    assert vertex is not None
    assert found.objective == pytest.approx(vertex.objective, rel=1e-7)


def test_hipo_is_used_where_it_is(compiled: Compiled) -> None:
    highs = compiled.load()
    highs.use(HIPO)
    bare = highspy.Highs()  # type: ignore[no-untyped-call]
    there = bare.setOptionValue("solver", "hipo") == highspy.HighsStatus.kOk
    assert highs.used == ("hipo" if there else "ipx")
    highs.use(USUAL)
    assert highs.used == "simplex"


class Unclear(Refusing):
    """HiGHS that could not close the gap as far as asked, with a point that misses its rows."""

    missed = 0.0

    def getModelStatus(self) -> Any:
        return highspy.HighsModelStatus.kUnknown

    def getInfo(self) -> Any:
        info = self._solver.getInfo()
        info.max_primal_infeasibility = self.missed
        return info


@pytest.mark.slow
def test_an_unclear_status_counts_only_where_the_rows_hold(compiled: Compiled) -> None:
    highs = compiled.load()
    highs.use(INNER)
    unclear = Unclear(highs.solver)
    highs.solver = unclear
    found = highs.solve()
    assert found is not None
    assert np.isfinite(found.values).all()
    unclear.missed = 1e-3
    with pytest.raises(SolverError, match="Unknown"):
        highs.solve()


def test_an_unclear_status_of_a_vertex_does_not_count(compiled: Compiled) -> None:
    highs = compiled.load()
    highs.solver = Unclear(highs.solver)
    with pytest.raises(SolverError, match="Unknown"):
        highs.solve()


class Loose(Refusing):
    """HiGHS whose interior point method calls a point optimal that misses a row."""

    def getInfo(self) -> Any:
        info = self._solver.getInfo()
        if self._solver.getOptionValue("run_crossover")[1] == "off":
            info.max_primal_infeasibility = 1e-3
        return info


@pytest.mark.slow
def test_an_interior_optimum_counts_only_where_the_rows_hold(compiled: Compiled) -> None:
    """A wide gap widens HiGHS's tolerance of rows too; what misses one is solved to a vertex."""
    exact = compiled.load().solve()
    highs = compiled.load()
    highs.use(replace(INNER, gap=1e-3))
    highs.solver = Loose(highs.solver)
    found = highs.solve()
    assert exact is not None
    assert found is not None
    assert highs.has_basis
    assert found.objective == pytest.approx(exact.objective, rel=1e-9)


@pytest.mark.slow
def test_a_wide_gap_ends_sooner(compiled: Compiled) -> None:
    steps = []
    for gap in (1e-8, 1e-2):
        highs = compiled.load()
        highs.use(replace(INNER, presolve="off", gap=gap))
        assert highs.solve() is not None
        steps.append(highs.solver.getInfo().ipm_iteration_count)
    assert steps[1] < steps[0]


@pytest.mark.slow
def test_another_number_of_threads_in_one_thread_of_python(compiled: Compiled) -> None:
    """HiGHS refuses it where it has computed with another one in the same thread."""
    found = []

    def work() -> None:
        for threads in (1, 2, 1):
            highs = compiled.load()
            highs.use(replace(HIPO, threads=threads))
            optimum = highs.solve()
            found.append(optimum.objective if optimum else None)

    apart = threading.Thread(target=work)
    apart.start()
    apart.join(LONG)
    work()
    assert found == pytest.approx([found[0]] * 6, rel=1e-7)
    assert found[0] is not None
