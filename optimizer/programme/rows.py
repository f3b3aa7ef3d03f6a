"""Rows of the programme: from sums of linear expressions to compressed rows with names."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.case.columns import Column, Mask
from optimizer.programme.linear import Entries
from optimizer.programme.row_block import RowMatrix

Floats = NDArray[np.float64]
Numbers = NDArray[np.int32]
RowName = tuple[str, Any]
NOISE = 1e-14  # of a row's largest coefficient: what is left where terms cancel out


@dataclass(frozen=True)
class Rows:
    """Rows ``lower <= A x <= upper`` by compressed rows.

    blocks: (component, index of each of its rows), in the order of the rows.
    """

    blocks: tuple[tuple[str, Sequence[Any]], ...]
    lower: Floats
    upper: Floats
    starts: Numbers
    indices: Numbers
    values: Floats

    def __len__(self) -> int:
        return len(self.lower)

    @cached_property
    def names(self) -> list[RowName]:
        """(component, index) of each row."""
        return list(chain.from_iterable(zip(repeat(n), keys) for n, keys in self.blocks))

    def of(self, *components: str) -> Mask:
        """Which rows are of some components."""
        parts = [np.full(len(keys), name in components) for name, keys in self.blocks]
        return np.concatenate([np.zeros(0, dtype=bool), *parts])

    def first(self, component: str) -> int:
        """The number of the first row of a component. Raises ``KeyError``."""
        start = 0
        for name, keys in self.blocks:
            if name == component:
                return start
            start += len(keys)
        raise KeyError(component)

    @cached_property
    def row_of(self) -> NDArray[np.int64]:
        """The row of each coefficient."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


def compressed(entries: Entries, lower: Column, upper: Column) -> RowMatrix:
    """Rows ``lower <= entries <= upper``: constants on the other side, equal places added up."""
    starts, indices, values = added_up(entries)
    moved = entries.constant
    return RowMatrix(starts, indices, values, lower - moved, upper - moved)


def added_up(entries: Entries) -> tuple[Numbers, Numbers, Floats]:
    """Compressed rows of entries: starts, columns, values; noise of what cancelled out is left out.

    What is not finite is kept, for the guard before HiGHS to name.
    """
    rows = len(entries.constant)
    width = int(entries.column.max(initial=0)) + 1
    place = entries.row * width + entries.column
    order = np.argsort(place, kind="stable")
    place, value = place[order], entries.value[order]
    first = np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]]) if len(place) else [])
    place = place[first]
    value = np.add.reduceat(value, first) if len(first) else value
    row = place // width
    sizes = np.where(np.isfinite(value), np.abs(value), 0.0)
    largest = np.zeros(rows)
    np.maximum.at(largest, row, sizes)
    kept = ~(np.abs(value) <= NOISE * largest[row])
    count = np.bincount(row[kept], minlength=rows)
    starts = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    return starts, (place[kept] % width).astype(np.int32), value[kept].astype(np.float64)


def joined(pieces: Sequence[tuple[str, Sequence[Any], RowMatrix]]) -> Rows:
    """All rows, one piece after the other: component, index of its rows, and they themselves."""

    def all_of(part: str) -> Any:
        none = np.zeros(0, dtype=np.int32 if part == "indices" else np.float64)
        return np.concatenate([none, *(getattr(matrix, part) for _, _, matrix in pieces)])

    lengths = [np.diff(matrix.starts) for _, _, matrix in pieces]
    starts = np.concatenate([[0], np.cumsum(np.concatenate([[], *lengths]))]).astype(np.int32)
    return Rows(
        tuple((name, keys) for name, keys, _ in pieces),
        all_of("lower"),
        all_of("upper"),
        starts,
        all_of("indices"),
        all_of("values"),
    )
