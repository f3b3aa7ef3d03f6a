"""Pairs of calls timed in turn, and the line that tells their ratio."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(first: Callable[[], object], second: Callable[[], object], runs: int) -> list[float]:
    """Ratios first / second of pairs run in turn, after one pair that is not counted."""
    pairs = [(seconds(first), seconds(second)) for _ in range(runs + 1)]
    return [a / b for a, b in pairs[1:]]


def report(name: str, ratios: list[float], limit: float) -> None:
    """One line: median, spread and the goal."""
    middle = statistics.median(ratios)
    print(
        f"{name}: {middle:.2f} times ({min(ratios):.2f} to {max(ratios):.2f}, "
        f"{len(ratios)} runs); goal at most {limit:g}"
    )
