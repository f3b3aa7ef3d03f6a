"""From a Pyomo model to the arrays that HiGHS takes, each row and column with its name.

Blocks of rows are taken as the arrays that they are. Constraints that somebody wrote in Pyomo are
read by Pyomo's ``LinearRepnVisitor`` rather than its standard form compiler, which takes scipy
along and drops constant rows that a diagnosis needs. A test compares the two.
"""

import math
from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
import pyomo.core as pyo
from numpy.typing import NDArray
from pyomo.repn.linear import LinearRepnVisitor

from model.messages.errors import KilnpathError
from model.messages.message import Message, message
from optimizer.programme.rows import NOISE, Floats, RowName, Rows


class NotLinearError(KilnpathError):
    """A row, objective or variable that no linear programme has; the message names it."""


class Columns:
    """The variables of a model in the order of their columns."""

    def __init__(self, variables: list[Any]) -> None:
        self.variables = variables

    @staticmethod
    def of(m: pyo.ConcreteModel) -> "Columns":
        """All variables of a model. A reference to some of them is no component of its own."""
        owners = (c for c in m.component_objects(pyo.Var) if not c.is_reference())
        return Columns([v for owner in owners for v in members(owner)])

    @cached_property
    def index(self) -> dict[int, int]:
        """Identity of a variable -> its column."""
        return {id(v): column for column, v in enumerate(self.variables)}

    @cached_property
    def fixed(self) -> NDArray[np.bool_]:
        """Which variables are fixed."""
        values = map(attrgetter("fixed"), self.variables)
        return np.fromiter(values, dtype=bool, count=len(self.variables))


def members(owner: Any) -> Iterable[Any]:
    """The variables of a component, in the order in which they were made.

    Pyomo's own ``values`` asks the index set for every key, which takes 17 times as long.
    """
    return owner._data.values()  # type: ignore[no-any-return]


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
            raise NotLinearError(message("row {name} is not linear", name=constraint.name))
        keys.append(constraint.index())
        lower.append(-np.inf if low is None else low - repn.constant)
        upper.append(np.inf if high is None else high - repn.constant)
        kept = _without_noise(repn.linear)
        if not kept.keys() <= columns.index.keys():
            raise NotLinearError(
                message("row {name} has a variable of no active block", name=constraint.name)
            )
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


def spoken(name: RowName) -> Message | str:
    """A row as a planner calls it: ``bound 'fuel_permit' in 2035``."""
    component, index = name
    match index:
        case (str(what), int(year)):
            return message("{row} '{what}' in {year}", row=component, what=what, year=year)
        case (str(site), str(lever), int(year)):
            which = f"{component} {lever}"
            return message("{row} of '{site}' in {year}", row=which, site=site, year=year)
        case None:
            return component
    return message("{row} in {year}", row=component, year=index)


def compile_costs(objective: Any, columns: Columns) -> Floats:
    """The cost of each column, to be minimised, without the constant, which moves no optimum.

    Costs have the other sign where the objective is to be maximised. Raises ``NotLinearError``.
    """
    repn = LinearRepnVisitor({}).walk_expression(objective.expr)
    if repn.nonlinear is not None:
        raise NotLinearError(message("objective {name} is not linear", name=objective.name))
    sign, linear = (-1 if objective.sense == pyo.maximize else 1), repn.linear
    costs = np.zeros(len(columns.variables))
    places = [column for column, v in enumerate(columns.variables) if id(v) in linear]
    if len(places) != len(linear):
        raise NotLinearError(
            message("objective {name} has a variable of no active block", name=objective.name)
        )
    costs[places] = [sign * linear[id(columns.variables[column])] for column in places]
    return costs


def column_bounds(columns: Columns) -> tuple[Floats, Floats]:
    """Lower and upper bounds of the columns; a fixed variable has its value for both.

    Raises ``NotLinearError`` with the name of a variable that is not continuous, or is fixed
    without a value.
    """
    variables = columns.variables
    lower, upper = _domain_bounds(columns)
    # Few variables are limited by more than their domain; Pyomo is asked for those alone.
    own = enumerate(map(attrgetter("_lb", "_ub"), variables))
    limited = [i for i, (low, high) in own if low is not None or high is not None]
    for column in limited:
        lower[column] = _number(variables[column].lb, -np.inf)
        upper[column] = _number(variables[column].ub, np.inf)
    for column in np.flatnonzero(columns.fixed).tolist():
        if variables[column].value is None:
            raise NotLinearError(
                message("variable {name} is fixed without a value", name=variables[column].name)
            )
        lower[column] = upper[column] = float(variables[column].value)
    return lower, upper


def _domain_bounds(columns: Columns) -> tuple[Floats, Floats]:
    """Bounds of the columns by their domains, of which there are few."""
    variables, count = columns.variables, len(columns.variables)
    ids = np.fromiter(map(id, map(attrgetter("domain"), variables)), dtype=np.int64, count=count)
    lower, upper = np.zeros(count), np.zeros(count)
    for one in np.unique(ids).tolist():
        there = ids == one
        domain = variables[int(np.argmax(there))].domain
        free = np.flatnonzero(there & ~columns.fixed)
        if domain.get_interval()[2] != 0 and len(free):
            raise NotLinearError(
                message("variable {name} is not continuous", name=variables[free[0]].name)
            )
        low, high = domain.bounds()
        lower[there], upper[there] = _number(low, -np.inf), _number(high, np.inf)
    return lower, upper


def _number(value: float | None, none: float) -> float:
    return none if value is None else float(value)
