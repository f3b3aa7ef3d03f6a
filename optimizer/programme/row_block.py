"""Rows handed over as a matrix that stand in a Pyomo model as constraints.

``RowBlock`` holds the rows of one law, ``lower <= A x <= upper``, with ``A`` by compressed rows:

    m.BALANCED = pyo.Set(initialize=[("hp", 2030), ("hp", 2031)], dimen=2)
    m.cement_balance = RowBlock(m.BALANCED, columns, starts, indices, values, lower, upper)
    m.cement_balance["hp", 2030].expr

It costs what its arrays cost until somebody asks for a row. Then its rows are Pyomo constraints
like any other: they have a name, an expression, bounds and multipliers, can be deactivated,
rewritten and deleted, and every writer and solver interface of Pyomo takes them. It is in the
manner of ``pyomo.core.base.matrix_constraint``, whose rows have numbers for keys and no ``expr``.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base.constraint import ConstraintData, IndexedConstraint
from pyomo.core.expr.numeric_expr import LinearExpression
from pyomo.core.expr.numvalue import as_numeric
from pyomo.core.expr.relational_expr import tuple_to_relational_expr
from pyomo.repn import generate_standard_repn


@dataclass(frozen=True, slots=True)
class RowMatrix:
    """Rows ``lower <= A x <= upper`` by compressed rows, no column twice in one row."""

    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    values: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


class RewrittenRow(ConstraintData):  # type: ignore[misc]
    """A row of a block to which somebody gave another expression: an ordinary constraint."""

    __slots__ = ("_row",)


class Row(RewrittenRow):
    """One row of a block; its expression is made when asked for, and then kept."""

    __slots__ = ()

    # Tells Pyomo's older writers and interfaces to call ``canonical_form``.
    _linear_canonical_form = True

    def __init__(self, row: int, index: Any, block: Any) -> None:
        """row: its place in the matrix of ``block``."""
        super().__init__(component=block)
        self._index = index  # type: ignore[misc]  # mypy does not see Pyomo's slots
        self._row = row

    @property
    def body(self) -> LinearExpression:
        """``A x`` of this row, made anew."""
        block = self.parent_component()
        matrix, variables = block.matrix, block.variables
        chosen = slice(matrix.starts[self._row], matrix.starts[self._row + 1])
        return LinearExpression(
            linear_coefs=matrix.values[chosen].tolist(),
            linear_vars=[variables[j] for j in matrix.indices[chosen].tolist()],
        )

    @property
    def lb(self) -> float | None:
        """The lower bound, none where infinite."""
        bound = self.parent_component().matrix.lower[self._row]
        return self._evaluate_bound(float(bound), -np.inf)  # type: ignore[no-any-return]

    @property
    def ub(self) -> float | None:
        """The upper bound, none where infinite."""
        bound = self.parent_component().matrix.upper[self._row]
        return self._evaluate_bound(float(bound), np.inf)  # type: ignore[no-any-return]

    @property
    def lower(self) -> Any:
        """The lower bound as Pyomo's number."""
        return None if self.lb is None else as_numeric(self.lb)

    @property
    def upper(self) -> Any:
        """The upper bound as Pyomo's number."""
        return None if self.ub is None else as_numeric(self.ub)

    @property
    def equality(self) -> bool:
        """Whether both bounds are one number."""
        return self.lb is not None and self.lb == self.ub

    @property
    def expr(self) -> Any:
        """The relation. Kept, because persistent interfaces tell a change by its identity."""
        if self._expr is None:
            lower, body, upper = self.to_bounded_expression()
            if lower is None and upper is None:
                lower, upper = -np.inf, np.inf
            sides = (body, upper) if self.equality else (lower, body, upper)
            super().set_value(tuple_to_relational_expr(sides))
        return self._expr

    def to_bounded_expression(
        self, evaluate_bounds: bool = False
    ) -> tuple[float | None, LinearExpression, float | None]:
        """Lower bound, body, upper bound; the bounds are numbers anyway."""
        return self.lb, self.body, self.ub

    def canonical_form(self, compute_values: bool = True) -> Any:
        """The body as Pyomo's standard form, with fixed variables in its constant."""
        return generate_standard_repn(self.body, compute_values=compute_values)

    def set_value(self, expr: Any) -> Any:
        """Makes an ordinary constraint of this row, with an expression of its own."""
        self.__class__ = RewrittenRow
        return self.set_value(expr)


class RowBlock(IndexedConstraint):  # type: ignore[misc]
    """The rows of one law, ``lower <= A x <= upper``.

    index: the key of each row, as a Pyomo set (one that is shared saves time and memory) or a list;
    variables: the variable of each column, one list for all blocks of a model; starts, indices,
    values: ``A`` by compressed rows; lower, upper: infinite where a row has no such bound.
    """

    def __init__(
        self,
        index: Any,
        variables: Sequence[Any],
        starts: ArrayLike,
        indices: ArrayLike,
        values: ArrayLike,
        lower: ArrayLike,
        upper: ArrayLike,
        doc: str | None = None,
    ) -> None:
        super().__init__(index, doc=doc)
        self.variables = variables
        self.matrix = RowMatrix(
            np.asarray(starts, dtype=np.int32),
            np.asarray(indices, dtype=np.int32),
            np.asarray(values, dtype=np.float64),
            np.asarray(lower, dtype=np.float64),
            np.asarray(upper, dtype=np.float64),
        )
        self._rows: dict[Any, ConstraintData] | None = None

    def construct(self, data: Any = None) -> None:
        """Called by Pyomo when the block joins a model. Raises ``ValueError``."""
        super().construct(data)
        rows, keys = len(self.matrix.lower), len(self.index_set())
        if keys != rows or len(self.matrix.starts) != rows + 1 or len(self.matrix.upper) != rows:
            raise ValueError(f"{self.name}: {keys} different keys for {rows} rows")

    @property
    def _data(self) -> dict[Any, ConstraintData]:
        """The rows by key, which Pyomo's components keep here; made when first asked for."""
        if self._rows is None:
            with PauseGC():
                self._rows = {k: Row(i, k, self) for i, k in enumerate(self.index_set())}
        return self._rows

    @_data.setter
    def _data(self, rows: dict[Any, ConstraintData]) -> None:
        self._rows = rows

    def is_reference(self) -> bool:
        """Never; Pyomo would make the rows to find out."""
        return False

    def __len__(self) -> int:
        return len(self.matrix.lower) if self._rows is None else len(self._rows)

    def active_rows(self) -> NDArray[np.bool_] | None:
        """Which rows of the matrix hold; none where somebody rewrote, added or deleted a row."""
        size = len(self.matrix.lower)
        if self._rows is None:
            return np.ones(size, dtype=bool)
        rows = self._rows.values()
        if len(rows) != size or any(row.__class__ is not Row for row in rows):
            return None
        return np.array([row.active for row in rows], dtype=bool)

    def as_given(self) -> Collection[Any]:
        """The keys of the rows that hold as they were given: active and not rewritten."""
        if self._rows is None:
            return self.index_set()  # type: ignore[no-any-return]
        return {k for k, row in self._rows.items() if row.active and row.__class__ is Row}

    def rewritten(self) -> Iterator[ConstraintData]:
        """The rows that somebody rewrote or added."""
        rows = {} if self._rows is None else self._rows
        return (row for row in rows.values() if row.__class__ is not Row)
