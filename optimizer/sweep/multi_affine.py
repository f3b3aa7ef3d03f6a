"""Many numbers as sums of products of a few amounts, found from samples and tested on others.

Most numbers of a programme are such sums of its series: ``cement · power_cement · grid_factor``.
``z(a) = z0 + Σ_S c_S · Π_{i∈S} u_i`` with ``u_i = (a_i − base_i) / span_i``, in which no amount is
squared. Only those sets S of amounts are sampled that some number has.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from optimizer.programme.rows import Floats

_NOISE = 1e-13  # of a number's size: what rounding leaves of numbers that cancel out
_EXACT = 1e-12  # of a number's size: how well probes must be met
_PROBES = 3
# Parts of the way between an amount's ends. Samples are taken at parts that are no round numbers,
# as a round amount may make a number 0 that is not 0 elsewhere: 0.8 × 50 % less a limit of 40 %.
_BASE, _FURTHER, _NEAR_END = 1 / math.pi, math.sqrt(2) / 3, 0.03 / math.pi
Group = frozenset[int]


class NotMultiAffineError(Exception):
    """Numbers that are no such sums, or that more samples are needed for than may be taken."""


@dataclass(frozen=True, slots=True)
class Term:
    """The product of some amounts: the numbers that have it, and their coefficients c_S."""

    amounts: tuple[int, ...]
    numbers: NDArray[np.int64]
    coefficients: Floats


def least_samples(amounts: int) -> int:
    """How many samples are taken at least: the base, each amount, all together, the probes."""
    return 1 + amounts + (amounts > 1) + _PROBES


class MultiAffine:
    """Numbers as a function of amounts.

    sample: the numbers at some amounts; low, high: the ends of amounts; most: samples that may be
    taken. Raises ``NotMultiAffineError``.
    """

    def __init__(
        self, sample: Callable[[Floats], Floats], low: Floats, high: Floats, most: int
    ) -> None:
        if most < least_samples(len(low)):
            raise NotMultiAffineError("samples are not worth it")
        self._sample, self._left = sample, most
        self._base, self._span = low + _BASE * (high - low), _FURTHER * (high - low)
        self._terms: list[Term] = []
        self._constant = self._taken(self._base)
        self._size = np.abs(self._constant)
        moving = frozenset(np.flatnonzero(self._span).tolist())
        self._has = np.zeros((len(low), len(self._constant)), dtype=bool)
        for amount in sorted(moving):
            self._learn(frozenset({amount}), 1)
        self._learn_products(moving)
        for part in _probes(len(low)):
            amounts = low + part * (high - low)
            found = self._taken(amounts)
            if (np.abs(found - self.at(amounts)) > _EXACT * self._size).any():
                raise NotMultiAffineError("a number is not a sum of products of series")

    def at(self, amounts: Floats) -> Floats:
        """The numbers at some amounts; what is 0 but for rounding is 0."""
        up = (amounts - self._base) / np.where(self._span == 0, 1.0, self._span)
        values = self._constant.copy()
        for term in self._terms:
            values[term.numbers] += term.coefficients * up[list(term.amounts)].prod()
        values[np.abs(values) <= _NOISE * self._size] = 0.0
        return values

    def _taken(self, amounts: Floats) -> Floats:
        if not self._left:
            raise NotMultiAffineError("more samples are needed than it is worth")
        self._left -= 1
        return self._sample(amounts)

    def _corner(self, group: Group) -> Floats:
        """Amounts with those of a group at their further value."""
        amounts = self._base.copy()
        amounts[list(group)] += self._span[list(group)]
        return amounts

    def _learn(self, group: Group, degree: int) -> None:
        """The terms of so many amounts of a group, each number having no more than one of them."""
        corner = self._corner(group)
        found = self._taken(corner)
        self._size = np.maximum(self._size, np.abs(found))
        missing = found - self.at(corner)
        wrong = np.abs(missing) > _NOISE * self._size
        for amounts in combinations(sorted(group), degree):
            if degree == 1:
                self._has[amounts[0]] = wrong
            numbers = np.flatnonzero(wrong & self._has[list(amounts)].all(axis=0))
            if len(numbers):
                self._terms.append(Term(amounts, numbers, missing[numbers]))

    def _learn_products(self, moving: Group) -> None:
        """Products of two amounts and more, for as long as all amounts moved together show some."""
        if len(moving) < 2:
            return
        corner = self._corner(moving)
        found = self._taken(corner)
        self._size = np.maximum(self._size, np.abs(found))
        for degree in range(2, len(moving) + 1):
            wrong = np.abs(found - self.at(corner)) > _NOISE * self._size
            if not wrong.any():
                return
            patterns = np.unique(self._has[:, wrong], axis=1).T
            for group in _groups([_members(pattern) for pattern in patterns], degree):
                self._learn(group, degree)


def _probes(amounts: int) -> Floats:
    """Parts of the way between the ends: each amount is once near either, and once anywhere."""
    anywhere, side = np.random.default_rng(0).random((2, amounts))
    near = np.where(side < 0.5, _NEAR_END, 1 - _NEAR_END)
    return np.stack([near, 1 - near, anywhere])


def _members(pattern: NDArray[np.bool_]) -> Group:
    return frozenset(np.flatnonzero(pattern).tolist())


def _groups(supports: list[Group], degree: int) -> Iterable[Group]:
    """Groups of amounts that hold every product asked for, but of one number no more than one.

    supports: the amounts that move a number, for each kind of number.
    """
    wanted = sorted({c for support in supports for c in combinations(sorted(support), degree)})
    groups: list[Group] = []
    for product in wanted:
        for i, group in enumerate(groups):
            together = group | set(product)
            if all(len(together & support) <= degree for support in supports):
                groups[i] = together
                break
        else:
            groups.append(frozenset(product))
    return groups
