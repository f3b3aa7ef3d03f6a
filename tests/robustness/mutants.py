"""Mutation testing of ``model/``: which small faults would the tests not see?

python -m tests.robustness.mutants [MODULE…]     for instance formulas.emissions; all without

Prints survivors and counts; ``mutants.md`` has those of the last run, with reasons. Each mutant
runs in a forked process, with the quick tests that touch its lines. Needs fork: no Windows.
"""

import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

from tests.robustness.mutations import Mutant, mutants, mutated

ROOT = Path(__file__).parent.parent.parent
MODULES = (
    *("formulas/emissions", "formulas/activity", "formulas/inventory", "formulas/balances"),
    *("pathway/pathway", "pathway/recount", "formulas/ratios", "targets/sda", "case/sectors"),
    *("targets/limits", "levers/company_plan", "levers/bound_rows", "levers/levers"),
    *("formulas/site_years", "accounting/inventories_by_rule", "case/units"),
    *("accounting/switches", "case/places", "attribution/effects", "attribution/lmdi_shapley"),
    *("attribution/factors", "plausibility/linked"),
    *("attribution/wedges", "accounting/residual", "targets/candidates", "targets/criteria"),
    *("accounting/rulebooks", "changes/changes", "case/types", "levers/crossings"),
)
TESTS = {
    "model": (
        *("formulas", "accounts", "accounts_by_hand", "units", "sda", "targets", "recount"),
        *("laws_by_hand", "checks_by_hand", "ratios_by_hand", "plan_by_hand"),
        *("books_by_hand", "changes_by_hand", "candidates_by_hand", "switches_and_places"),
        *("attribution", "attribution_edges", "structure", "wedges_by_hand", "stop_years"),
    ),
    "kilnpath": (*("rulebooks", "screen_and_names"),),
    "optimizer": (*("one_kiln", "bounds_bind", "infeasible"),),
}
SLOWEST = 2  # s of the processor (ten times as long on the clock): slower tests are left out
BUDGET = 5.0  # s of the processor for the tests of a mutant, the quickest of those that touch it
TIMERS = (
    (signal.SIGPROF, signal.ITIMER_PROF, SLOWEST),
    (signal.SIGALRM, signal.ITIMER_REAL, 10 * SLOWEST),
)
OPTIONS = (
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "--no-header",
    "--tb=no",
    "--assert=plain",
    "-p",
    "no:unraisableexception",
)
KEPT = ("tests", "tests.robustness.mutants", "tests.robustness.mutations")
OURS = ("model", "optimizer", "kilnpath", "benchmarks", "tests")
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"
Lines = dict[str, list[int]]
Test = tuple[str, float, Lines]  # id, duration [s], lines of model/ by file


class _Touched:
    """Which lines of some files each test runs, and how long it takes."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.lines: dict[str, set[tuple[str, int]]] = {}
        self.seconds: dict[str, float] = {}
        self.passed: set[str] = set()
        self._files = {str(file) for file in files}

    def _trace(self, frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename not in self._files:
            return None
        if event == "line":
            self._now.add((frame.f_code.co_filename, frame.f_lineno))
        return self._trace

    def _start(self, name: str) -> None:
        self._now = self.lines.setdefault(name, set())
        for module in [m for n, m in sys.modules.items() if n.startswith("model.")]:
            for one in vars(module).values():
                if hasattr(one, "cache_clear"):
                    one.cache_clear()
        sys.settrace(self._trace)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        self._start(collector.nodeid)
        try:
            return (yield)
        finally:
            sys.settrace(None)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._start(item.nodeid)
        start, others = time.process_time(), _children()
        for name, timer, seconds in TIMERS:
            signal.signal(name, _too_slow)
            signal.setitimer(timer, seconds)
        try:
            return (yield)
        finally:
            for _, timer, _ in TIMERS:
                signal.setitimer(timer, 0)
            sys.settrace(None)
            self.seconds[item.nodeid] = time.process_time() - start
            if _children() > others:  # a process of its own has no fault in it
                self.passed.discard(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        """What tests share counts for every test of the file."""
        before = self._now
        if fixturedef.scope != "function" and fixturedef.baseid:
            self._now = self.lines.setdefault(_file(fixturedef.baseid), set())
        try:
            return (yield)
        finally:
            self._now = before

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.passed.add(report.nodeid)

    def tests(self) -> list[Test]:
        found = []
        for name in self.passed:
            lines: Lines = {}
            for file, line in self.lines[name] | self.lines.get(_file(name), set()):
                lines.setdefault(file, []).append(line)
            found.append((name, self.seconds[name], lines))
        return sorted(found, key=lambda test: test[1])


def _children() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def _too_slow(*_: object) -> None:
    pytest.skip("takes too long")


class _Chosen:
    """Runs the chosen tests alone, file by file."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = set(names)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self._names]


def _file(test: str) -> str:
    return test.split("::")[0]


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with a fault in it."""

    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(mutant.file))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return compile(mutated(self._mutant), str(self._mutant.file), "exec")


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = ".".join(mutant.file.relative_to(ROOT).with_suffix("").parts)

    def find_spec(
        self, fullname: str, path: object, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _Loader(fullname, self._mutant)
        return importlib.util.spec_from_file_location(fullname, self._mutant.file, loader=loader)


def _in_child(work: Callable[[Path], int], seconds: float) -> int | None:
    """What the work returned in a forked process; ``None`` where it took too long."""
    scratch = Path(tempfile.mkdtemp())
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        code = 1
        try:
            code = work(scratch)
        finally:
            os._exit(code)
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what is left of it
        shutil.rmtree(scratch, ignore_errors=True)


def _run(names: Sequence[str], scratch: Path, plugin: object, *options: str) -> int:
    """pytest's exit code; without examples of earlier runs, and without shrinking them."""
    phases = [Phase.explicit, Phase.generate]
    settings.register_profile(
        "mutants", phases=phases, database=None, derandomize=True, deadline=None
    )
    settings.load_profile("mutants")
    gc.disable()
    files = list(dict.fromkeys(map(_file, names)))
    return int(
        pytest.main([*OPTIONS, *options, f"--basetemp={scratch / 'tests'}", *files], [plugin])
    )


def _tests() -> list[tuple[str, str]]:
    return [(floor, name) for floor, names in TESTS.items() for name in names]


def touched(files: Sequence[Path]) -> list[Test]:
    """The quick tests with what they touch in files, the quickest first."""
    answer = Path(tempfile.mkstemp()[1])

    def look(scratch: Path) -> int:
        plugin = _Touched(files)
        code = _run([f"tests/{floor}/test_{name}.py" for floor, name in _tests()], scratch, plugin)
        answer.write_text(json.dumps(plugin.tests()), "utf-8")
        return code

    code = _in_child(look, 1800)
    if code != 0:
        raise SystemExit(f"the tests fail without any fault, exit code {code}")
    found: list[Test] = json.loads(answer.read_text("utf-8"))
    answer.unlink()
    return found


def chosen(mutant: Mutant, tests: list[Test]) -> list[Test]:
    """The tests that touch a mutant; of a table, those of its module first, then all others."""
    file = str(mutant.file)
    lines = set(range(mutant.first, mutant.last + 1))
    found = sorted(tests, key=lambda test: file not in test[2])
    if mutant.inside:
        found = [test for test in tests if lines & set(test[2].get(file, ()))]
    spent = accumulate(seconds for _, seconds, _ in found)
    return [test for test, seconds in zip(found, spent, strict=True) if seconds <= BUDGET]


def fate(mutant: Mutant | None, tests: list[Test]) -> str:
    """Whether a test fails on a mutant, or without any: the quickest first, then the others."""
    names = [name for name, _, _ in tests]

    def look(scratch: Path) -> int:
        if mutant:
            sys.meta_path.insert(0, _Finder(mutant))
        first = [name for name in names if _file(name) == _file(names[0])][:20]
        rest = [name for name in names if name not in first]
        for part in (first, rest[:20], rest[20:]):
            code = _run(part, scratch, _Chosen(part), "-x") if part else 0
            if code not in (0, 5):  # 5: none was found
                return code
        return 0

    code = _in_child(look, 30 + 10 * sum(seconds for _, seconds, _ in tests))
    return TIMED_OUT if code is None else SURVIVED if code == 0 else KILLED


def _warm_up() -> None:
    """Load what is not ours before the forks: import the tests, and forget all that is ours."""
    for floor, name in _tests():
        importlib.import_module(f"tests.{floor}.test_{name}")
    for name in [n for n in sys.modules if n.split(".")[0] in OURS and n not in KEPT]:
        del sys.modules[name]
    gc.freeze()


def main(names: Sequence[str]) -> None:
    _warm_up()
    files = [ROOT / "model" / f"{name}.py" for name in names or MODULES]
    tests = touched(files)
    print(f"{len(tests)} tests, {sum(seconds for _, seconds, _ in tests):.0f} s in all", flush=True)
    if fate(None, tests) is not SURVIVED:
        raise SystemExit("the tests fail without any fault when run as for a mutant")
    total: Counter[str] = Counter()
    for file in files:
        counts: Counter[str] = Counter()
        for mutant in mutants(file):
            found = fate(mutant, chosen(mutant, tests))
            counts[found] += 1
            if found is SURVIVED:
                print(f"  {mutant}", flush=True)
        total += counts
        print(f"{file.name}: {_said(counts)}", flush=True)
    print(f"all: {_said(total)}")


def _said(counts: Counter[str]) -> str:
    dead, all_of_them = counts[KILLED] + counts[TIMED_OUT], counts.total()
    late = f", {counts[TIMED_OUT]} of them by time" if counts[TIMED_OUT] else ""
    return f"{dead} of {all_of_them} killed{late} ({100 * dead / max(all_of_them, 1):.1f} %)"


if __name__ == "__main__":
    main(sys.argv[1:])
