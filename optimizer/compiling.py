"""From Pyomo rows to the arrays that HiGHS takes, each row and column with its name.

Reads Pyomo's ``LinearRepnVisitor`` rather than its standard form compiler, which takes scipy along
and drops constant rows that a diagnosis needs. A test compares the two.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn.linear import LinearRepnVisitor

Floats = NDArray[np.float64]
RowName = tuple[str, Any]


class NotLinearError(Exception):
    """A row or objective that is not linear; the message names it."""


@dataclass(slots=True)
class Columns:
    """The variables seen so far, in order, with the index of each."""

    variables: list[Any] = field(default_factory=list)
    index: dict[int, int] = field(default_factory=dict)

    def add(self, m: pyo.ConcreteModel) -> None:
        """Takes in the variables of ``m`` that are not known yet."""
        for variable in m.component_data_objects(pyo.Var):
            if id(variable) not in self.index:
                self.index[id(variable)] = len(self.variables)
                self.variables.append(variable)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows ``lower <= A x <= upper`` by compressed rows; ``names``: (component, index) of each."""

    names: list[RowName]
    lower: Floats
    upper: Floats
    starts: NDArray[np.int32]
    indices: NDArray[np.int32]
    values: Floats


def compile_rows(constraints: Iterable[Any], columns: Columns) -> Rows:
    """The rows of Pyomo constraints. Raises ``NotLinearError`` with the name of a row."""
    visitor = LinearRepnVisitor({})
    names: list[RowName] = []
    lower: list[float] = []
    upper: list[float] = []
    starts, indices, values = [0], list[int](), list[float]()
    position = columns.index
    for constraint in constraints:
        low, body, high = constraint.to_bounded_expression(evaluate_bounds=True)
        repn = visitor.walk_expression(body)
        if repn.nonlinear is not None:
            raise NotLinearError(f"row {constraint.name} is not linear")
        names.append((constraint.parent_component().local_name, constraint.index()))
        lower.append(-np.inf if low is None else low - repn.constant)
        upper.append(np.inf if high is None else high - repn.constant)
        kept = _without_noise(repn.linear)
        indices.extend([position[key] for key in kept])
        values.extend(kept.values())
        starts.append(len(indices))
    return Rows(
        names,
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
    noise = 1e-14 * max((abs(v) for v in linear.values() if math.isfinite(v)), default=0.0)
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


def column_bounds(columns: Columns, first: int = 0) -> tuple[Floats, Floats]:
    """Lower and upper bounds of the columns from ``first`` on."""
    chosen = columns.variables[first:]
    lower = [-np.inf if v.lb is None else v.lb for v in chosen]
    upper = [np.inf if v.ub is None else v.ub for v in chosen]
    return np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64)
