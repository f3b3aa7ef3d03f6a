"""From the constraints of a Pyomo model to one matrix of rows, whoever wrote them.

Blocks of rows are taken as the arrays that they are; constraints that somebody wrote in Pyomo are
compiled. What is deactivated is left out, and a fixed variable is a number.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import is_
from typing import Any

import numpy as np
import pyomo.core as pyo
from numpy.typing import NDArray
from pyomo.repn.util import categorize_valid_components

from model.messages.message import message
from optimizer.programme.compile import Columns, NotLinearError, compile_rows
from optimizer.programme.row_block import RowBlock, RowMatrix
from optimizer.programme.rows import Rows

Integers = NDArray[np.int32]
_READ = {pyo.Block, pyo.Constraint, pyo.Var, pyo.Objective}
_NO_ROWS = {pyo.Param, pyo.Expression, pyo.Set, pyo.RangeSet, pyo.Suffix, pyo.ExternalFunction}


def read_rows(m: pyo.ConcreteModel, columns: Columns) -> Rows:
    """The active rows of ``m`` in the order of its components, over ``columns``.

    columns: all variables of ``m``. Raises ``NotLinearError`` with the name of a row, or of what
    stands for rows that are not linear, as a disjunction does.
    """
    _, others = categorize_valid_components(m, active=True, sort=False, valid=_READ | _NO_ROWS)
    for kind, found in others.items():
        raise NotLinearError(
            message("{kind} {name} is not linear", kind=kind.__name__, name=found[0].name)
        )
    return _joined(list(_pieces(m, columns)))


def _pieces(m: pyo.ConcreteModel, columns: Columns) -> Iterator[Rows]:
    """The rows of each component. The columns of a list of variables are looked up once."""
    known: dict[int, _Places] = {}
    for component in m.component_objects(pyo.Constraint, active=True):
        active = component.active_rows() if isinstance(component, RowBlock) else None
        if active is None:
            chosen = (row for row in component.values() if row.active)
            yield compile_rows(component.local_name, chosen, columns)
            continue
        variables = component.variables
        if id(variables) not in known:
            known[id(variables)] = _Places(variables, columns)
        matrix = known[id(variables)].moved(component.matrix)
        keys: Sequence[Any] = _Keys(component.index_set())
        if not active.all():
            matrix = _chosen(matrix, active)
            keys = [key for key, kept in zip(keys, active, strict=True) if kept]
        yield Rows(
            ((component.local_name, keys),),
            matrix.lower,
            matrix.upper,
            matrix.starts,
            matrix.indices,
            matrix.values,
        )


class _Keys(Sequence[Any]):
    """The members of a set of Pyomo, listed when first asked for."""

    def __init__(self, members: Any) -> None:
        self._members = members

    @cached_property
    def _listed(self) -> list[Any]:
        return list(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __getitem__(self, place: Any) -> Any:
        return self._listed[place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members)


class _Places:
    """Where the variables of blocks stand among ``columns``, and which of them are fixed."""

    def __init__(self, variables: Sequence[Any], columns: Columns) -> None:
        ours, count = columns.variables, len(variables)
        in_place = count <= len(ours) and all(map(is_, variables, ours))
        where = range(count) if in_place else [columns.index[id(v)] for v in variables]
        self.columns: Integers = np.array(where, dtype=np.int32)
        self.fixed = columns.fixed[self.columns]
        self.same = in_place and not self.fixed.any()
        self.numbers = np.zeros(count)
        for column in np.flatnonzero(self.fixed).tolist():
            self.numbers[column] = variables[column].value

    def moved(self, matrix: RowMatrix) -> RowMatrix:
        """The rows over ``columns``, with what is fixed in their limits."""
        if self.same:
            return matrix
        fixed = self.fixed[matrix.indices]
        row = np.repeat(np.arange(len(matrix.lower)), np.diff(matrix.starts))
        amounts = matrix.values[fixed] * self.numbers[matrix.indices[fixed]]
        moved = np.bincount(row[fixed], amounts, minlength=len(matrix.lower))
        return RowMatrix(
            _starts(np.bincount(row[~fixed], minlength=len(matrix.lower))),
            self.columns[matrix.indices[~fixed]],
            matrix.values[~fixed],
            matrix.lower - moved,
            matrix.upper - moved,
        )


def _chosen(matrix: RowMatrix, active: NDArray[np.bool_]) -> RowMatrix:
    """The rows that are active."""
    lengths = np.diff(matrix.starts)
    entries = np.repeat(active, lengths)
    return RowMatrix(
        _starts(lengths[active]),
        matrix.indices[entries],
        matrix.values[entries],
        matrix.lower[active],
        matrix.upper[active],
    )


def _starts(lengths: NDArray[Any]) -> Integers:
    """Where each row starts, and the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)


def _joined(pieces: Sequence[Rows]) -> Rows:
    """All rows, one piece after the other."""
    return Rows(
        tuple(block for piece in pieces for block in piece.blocks),
        np.concatenate([np.zeros(0), *(piece.lower for piece in pieces)]),
        np.concatenate([np.zeros(0), *(piece.upper for piece in pieces)]),
        _starts(np.concatenate([np.zeros(0), *(np.diff(piece.starts) for piece in pieces)])),
        np.concatenate([np.zeros(0, dtype=np.int32), *(piece.indices for piece in pieces)]),
        np.concatenate([np.zeros(0), *(piece.values for piece in pieces)]),
    )
