"""The draws of a sweep, by seed, and the order in which neighbours follow each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from model.messages.faults import CaseError, Fault
from model.messages.message import message

MOST_DRAWS = 10_000_000
MOST_NUMBERS = 40_000_000  # draws times factors, of 8 bytes, held some times
_LEAF = 64  # draws that lie together before the next cut
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ways:
    """How numbers of a factor are drawn.

    count: of its values, 0 where it is drawn between low and high; distribution: uniform,
    triangular (peak at ``mode``, a part of the way up) or normal (low and high two standard
    deviations from the middle, cut there).
    """

    count: int
    distribution: str = "uniform"
    mode: float = 0.5

    def numbers(self, uniform: Floats) -> Floats:
        """Numbers of the factor from draws in [0, 1)."""
        if self.count:
            return np.minimum(np.floor(uniform * self.count), self.count - 1.0)
        if self.distribution == "triangular":
            return _triangular(uniform, self.mode)
        if self.distribution == "normal":
            bell = NormalDist()
            edge = bell.cdf(-2.0)
            cut = edge + uniform * (1 - 2 * edge)
            spread = np.array([bell.inv_cdf(float(part)) for part in cut])
            return np.clip(0.5 + spread / 4, 0.0, 1.0)
        return uniform


def _triangular(uniform: Floats, mode: float) -> Floats:
    up = np.sqrt(uniform * mode)
    down = 1 - np.sqrt((1 - uniform) * (1 - mode))
    return np.where(uniform < mode, up, down)


def draw_points(
    method: str, draws: int, seed: int, ways: Sequence[Ways], where: str
) -> NDArray[np.float64]:
    """One row a draw, one number a factor. Raises ``CaseError`` where there are too many."""
    if method == "list":
        return np.tile(np.arange(ways[0].count, dtype=np.float64)[:, None], len(ways))
    size = draws * (len(ways) + 2) if method == "sobol" else draws
    if method == "grid":
        size = math.prod(way.count for way in ways)
    if size > MOST_DRAWS:
        raise CaseError(
            where,
            [
                Fault(
                    where,
                    message(
                        "has {size:,} draws; {most:,} at most",
                        size=size,
                        most=MOST_DRAWS,
                    ),
                )
            ],
        )
    if size * len(ways) > MOST_NUMBERS:
        fault = message(
            "has {size:,} draws of {count} factors; {most:,} numbers at most",
            size=size,
            count=len(ways),
            most=MOST_NUMBERS,
        )
        raise CaseError(where, [Fault(where, fault)])
    if method == "grid":
        axes = np.meshgrid(*(np.arange(way.count) for way in ways), indexing="ij")
        return np.stack([axis.ravel() for axis in axes], axis=1).astype(np.float64)
    unit = _unit(method, draws, seed, len(ways))
    return np.column_stack([way.numbers(unit[:, i]) for i, way in enumerate(ways)])


def _unit(method: str, draws: int, seed: int, factors: int) -> Floats:
    """Draws in the unit cube."""
    rng = np.random.default_rng(seed)
    if method == "random":
        return rng.random((draws, factors))
    if method == "latin":
        return _latin(rng, draws, factors)
    return _saltelli(_latin(rng, draws, 2 * factors))


def _latin(rng: np.random.Generator, draws: int, factors: int) -> Floats:
    """One draw in each of ``draws`` strata of every factor."""
    strata = np.column_stack([rng.permutation(draws) for _ in range(factors)])
    points: Floats = (strata + rng.random((draws, factors))) / draws
    return points


def _saltelli(pairs: Floats) -> Floats:
    """A, A with one column of B for each factor, and B, draw by draw, for Sobol indices.

    Source: Saltelli et al., Variance based sensitivity analysis of model output, Computer Physics
    Communications 181 (2010), table 2. The order of rows is that of SALib.
    """
    draws, factors = len(pairs), pairs.shape[1] // 2
    a, b = pairs[:, :factors], pairs[:, factors:]
    points = np.empty((draws, factors + 2, factors))
    points[:, 0], points[:, -1] = a, b
    for column in range(factors):
        points[:, column + 1] = a
        points[:, column + 1, column] = b[:, column]
    return points.reshape(-1, factors)


def near_order(points: Floats, series: Sequence[int]) -> NDArray[np.int64]:
    """An order of draws in which neighbours are alike, and those of one series part together.

    series: the columns that change series. The rest is cut in halves along its widest column, over
    and over, so that 64 draws in a row lie in a small box.
    """
    everything = np.arange(len(points))
    rest = [i for i in range(points.shape[1]) if i not in set(series)]
    groups = [everything]
    if series:
        _, part = np.unique(points[:, list(series)], axis=0, return_inverse=True)
        part = part.ravel()
        by_part = np.argsort(part, kind="stable")
        groups = np.split(by_part, np.flatnonzero(np.diff(part[by_part])) + 1)
    ordered = [leaf for group in groups for leaf in _boxes(points, group, rest)]
    return np.concatenate(ordered).astype(np.int64)


def _boxes(
    points: Floats, group: NDArray[np.int64], columns: Sequence[int]
) -> list[NDArray[np.int64]]:
    if len(group) < 3 or not columns:
        return [group]
    inside = points[group][:, list(columns)]
    widest = columns[int(np.argmax(np.ptp(inside, axis=0)))]
    group = group[np.argsort(points[group, widest], kind="stable")]
    if len(group) <= _LEAF:
        return [group]
    half = len(group) // 2
    return [*_boxes(points, group[:half], columns), *_boxes(points, group[half:], columns)]
