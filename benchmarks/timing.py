"""Times of work, in turn within one run, so that ratios hold where the machine's speed drifts."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAM = str(Path(sys.executable).parent / "kilnpath")
IMPORTS = [sys.executable, "-c", "import pyomo.environ, pandas, highspy"]
CLICK = [sys.executable, "-c", "import click; click.command()(lambda: None)(['--help'])"]


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of one call, all threads of this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turn(first: Callable[[], object], second: Callable[[], object], runs: int) -> list[float]:
    """Ratios first / second of pairs run in turn, after one pair that is not counted."""
    pairs = [(seconds(first), seconds(second)) for _ in range(runs + 1)]
    return [a / b for a, b in pairs[1:]]


def run(command: Sequence[str]) -> str:
    """What a command prints. Raises ``CalledProcessError`` where it fails."""
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, encoding="utf-8")
    return done.stdout


def measured(command: Sequence[str]) -> tuple[float, float, float]:
    """Wall time, processor time [s] and largest memory [GB] of a command, its children included."""
    start = time.perf_counter()
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(command[0], list(command), os.environ, file_actions=silent)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise subprocess.CalledProcessError(status, list(command))
    wall = time.perf_counter() - start
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def largest_memory() -> float:
    """The largest memory of this process so far. [GB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def report(name: str, ratios: Sequence[float], limit: float) -> None:
    """One line: median, spread and the goal."""
    middle, spread = statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"
    told = f"{middle:.2f} times ({spread}, {len(ratios)} runs); goal at most {limit:g}"
    print(f"{name}: {told}", flush=True)
