"""From a Pyomo model to the arrays that HiGHS takes, each row and column with its name.

Blocks of rows are taken as the arrays that they are. Constraints that somebody wrote in Pyomo are
read by Pyomo's ``LinearRepnVisitor`` rather than its standard form compiler, which takes scipy
along and drops constant rows that a diagnosis needs. A test compares the two.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn.linear import LinearRepnVisitor

from optimizer.rows import NOISE, Floats, RowName, Rows


class NotLinearError(Exception):
    """A row or objective that is not linear; the message names it."""


@dataclass(slots=True)
class Columns:
    """The variables of a model in the order of their columns."""

    variables: list[Any] = field(default_factory=list)
    _index: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(m: pyo.ConcreteModel) -> "Columns":
        """All variables of a model."""
        return Columns([v for c in m.component_objects(pyo.Var) for v in c.values()])

    @property
    def index(self) -> dict[int, int]:
        """Identity of a variable -> its column."""
        if len(self._index) != len(self.variables):
            self._index = {id(v): column for column, v in enumerate(self.variables)}
        return self._index


def compile_rows(name: str, constraints: Iterable[Any], columns: Columns) -> Rows:
    """The rows of one Pyomo constraint. Raises ``NotLinearError`` with the name of a row."""
    visitor = LinearRepnVisitor({})
    keys: list[Any] = []
    lower: list[float] = []
    upper: list[float] = []
    starts, indices, values = [0], list[int](), list[float]()
    for constraint in constraints:
        low, body, high = constraint.to_bounded_expression(evaluate_bounds=True)
        repn = visitor.walk_expression(body)
        if repn.nonlinear is not None:
            raise NotLinearError(f"row {constraint.name} is not linear")
        keys.append(constraint.index())
        lower.append(-np.inf if low is None else low - repn.constant)
        upper.append(np.inf if high is None else high - repn.constant)
        kept = _without_noise(repn.linear)
        indices.extend([columns.index[key] for key in kept])
        values.extend(kept.values())
        starts.append(len(indices))
    return Rows(
        ((name, keys),),
        np.array(lower),
        np.array(upper),
        np.array(starts, dtype=np.int32),
        np.array(indices, dtype=np.int32),
        np.array(values, dtype=np.float64),
    )


def _without_noise(linear: dict[int, float]) -> dict[int, float]:
    """Coefficients without those that cancelled out but for the last bits of a float.

    What is not finite is kept, for the guard before HiGHS to name.
    """
    noise = NOISE * max((abs(v) for v in linear.values() if math.isfinite(v)), default=0.0)
    return {key: value for key, value in linear.items() if not abs(value) <= noise}


def spoken(name: RowName) -> str:
    """A row as a planner calls it: ``bound 'fuel_permit' in 2035``."""
    component, index = name
    match index:
        case (str(what), int(year)):
            return f"{component} '{what}' in {year}"
        case (str(site), str(lever), int(year)):
            return f"{component} {lever} of '{site}' in {year}"
    return component if index is None else f"{component} in {index}"


def compile_costs(objective: Any, columns: Columns) -> Floats:
    """The cost of each column. Raises ``NotLinearError``."""
    repn = LinearRepnVisitor({}).walk_expression(objective.expr)
    if repn.nonlinear is not None:
        raise NotLinearError(f"objective {objective.name} is not linear")
    costs = np.zeros(len(columns.variables))
    for key, value in repn.linear.items():
        costs[columns.index[key]] = value
    return costs


def column_bounds(columns: Columns) -> tuple[Floats, Floats]:
    """Lower and upper bounds of the columns; a fixed variable has its value for both."""
    lower = [_number(v.value if v.fixed else v.lb, -np.inf) for v in columns.variables]
    upper = [_number(v.value if v.fixed else v.ub, np.inf) for v in columns.variables]
    return np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64)


def _number(value: float | None, none: float) -> float:
    return none if value is None else float(value)
