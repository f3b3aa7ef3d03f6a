"""Blocks of linear expressions, so that a formula over columns gives rows of the programme.

``Linear`` is one expression for each site and year: a column of coefficients for each block of
decisions, and a column of constants. ``Entries`` is what is summed of it into rows: the
coefficients of a sparse matrix, and a constant for each row.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from model.case.columns import Column, Integers
from model.formulas.activity import Quantity
from model.levers.bound_rows import Cells


@dataclass(frozen=True, eq=False)
class Linear:
    """``Σ_b coefficient_b[site, year] · x_b[site, year] + constant[site, year]``.

    terms: block of decisions -> coefficients; a block gives the column number of each site and
    year, which is below 0 where there is no such decision. Coefficients and constants are columns,
    or numbers that stand for columns.
    """

    terms: dict["Block", Any]
    constant: Any

    __array_ufunc__ = None  # numpy leaves sums and products with arrays to this class

    def __add__(self, other: "Linear | float | Column", /) -> "Linear":
        if not isinstance(other, Linear):
            return Linear(self.terms, self.constant + other)
        terms = dict(self.terms)
        for block, factor in other.terms.items():
            terms[block] = terms[block] + factor if block in terms else factor
        return Linear(terms, self.constant + other.constant)

    def __sub__(self, other: "Linear | float | Column", /) -> "Linear":
        return self + (other * -1.0 if isinstance(other, Linear) else -other)

    def __mul__(self, factor: float | Column, /) -> "Linear":
        return Linear({b: f * factor for b, f in self.terms.items()}, self.constant * factor)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float | Column, /) -> "Linear":
        return self * -1.0 + other

    def at(self, values: Column) -> Column:
        """The expressions where the programme's columns have these values, by site and year."""
        found = np.asarray(self.constant, dtype=np.float64)
        for block, factor in self.terms.items():
            decided = np.where(block.columns >= 0, values[block.columns], 0.0)
            found = found + decided * factor
        return found


@dataclass(frozen=True, eq=False)
class Block:
    """Decisions of one kind: the number of the programme's column for each site and year.

    columns: below 0 where there is none, as in the years before the horizon.
    """

    columns: Integers

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True, eq=False)
class Entries:
    """Sums by rows: ``value`` stands at (row, column), each place as often as it is added to."""

    row: Integers
    column: Integers
    value: Column
    constant: Column

    __array_ufunc__ = None

    def __add__(self, other: "Self | float", /) -> "Entries":
        if not isinstance(other, Entries):
            return Entries(self.row, self.column, self.value, self.constant + other)
        return Entries(
            np.concatenate([self.row, other.row]),
            np.concatenate([self.column, other.column]),
            np.concatenate([self.value, other.value]),
            self.constant + other.constant,
        )

    def __sub__(self, other: "Self | float", /) -> "Entries":
        return self + (other * -1.0 if isinstance(other, Entries) else -other)

    def __mul__(self, factor: float, /) -> "Entries":
        """Every row times a number of its own, or of all rows."""
        by_row = np.broadcast_to(np.asarray(factor, dtype=np.float64), self.constant.shape)
        return Entries(self.row, self.column, self.value * by_row[self.row], self.constant * factor)

    __radd__ = __add__
    __rmul__ = __mul__


def collect_entries(quantity: Quantity, cells: Cells, rows: int) -> Entries:
    """``Collect`` for blocks of linear expressions; what is known goes into the constants."""
    row, site, year = cells
    terms: dict[Block, Any] = {}
    constant: Any = quantity
    if isinstance(quantity, Linear):
        terms, constant = quantity.terms, quantity.constant
    parts = [_part(block, factor, cells) for block, factor in terms.items()]
    none = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    at_row, column, value = (np.concatenate(v) for v in zip(none, *parts, strict=True))
    known = np.bincount(row, weights=_at(constant, site, year), minlength=rows)
    return Entries(at_row, column, value, known.astype(np.float64))


def _part(block: Block, factor: Any, cells: Cells) -> tuple[Integers, Integers, Column]:
    row, site, year = cells
    column, value = block.columns[site, year], _at(factor, site, year)
    there = (column >= 0) & (value != 0)
    return row[there], column[there], value[there]


def _at(values: Any, site: Integers, year: Integers) -> Column:
    """A column, one of a single year, or a number in its place, at some sites and years."""
    column = np.asarray(values, dtype=np.float64)
    if column.ndim == 0:
        return np.full(len(site), float(column))
    found: Column = column[site, 0 if column.shape[1] == 1 else year]
    return found
