"""A programme that somebody changed in Pyomo: solved by HiGHS, and read back as a pathway."""

from collections.abc import Iterator

import numpy as np
import pyomo.environ as pyo  # also Pyomo's writers and solvers, for whoever takes the model

from model.messages.errors import KilnpathError
from model.messages.message import Message, in_lines, listed, mark, message
from model.pathway.pathway import TOLERANCE, Pathway
from model.pathway.recount import RecountError, recount
from model.reading.collector import collector_paused
from optimizer.planning.solve import activities_of
from optimizer.programme.build import Programme
from optimizer.programme.compile import Columns, column_bounds, compile_costs
from optimizer.programme.read_rows import read_rows
from optimizer.programme.register import REGISTER, Place
from optimizer.programme.row_block import RowBlock
from optimizer.programme.rows import Floats
from optimizer.programme.variables import ACCOUNTS
from optimizer.solver.highs import Highs
from optimizer.solver.ways import HIPO, HIPO_COLUMNS, USUAL

_SHOWN = 8  # rows named in an error


class NoPathwayError(KilnpathError):
    """No values keep every row of a changed programme."""


def solve_changed(programme: Programme) -> float:
    """Gives the variables the values of an optimum of the active objective, whose value it is.

    Raises ``NotLinearError`` for what no linear programme has, ``NoPathwayError`` and
    ``SolverError``.
    """
    m = programme.m
    with collector_paused():
        objective, columns = _active_objective(m), Columns.of(m)
        lower, upper = column_bounds(columns)
        highs = Highs(read_rows(m, columns), lower, upper, compile_costs(objective, columns))
    highs.use(HIPO if len(columns.variables) >= HIPO_COLUMNS else USUAL)
    found = highs.solve()
    if found is None:
        raise NoPathwayError(
            message(
                "no values keep every active row; your own: {rows}",
                rows=_some_own_rows(m),
            )
        )
    if highs.has_basis:
        found = highs.sharpened(found)
    for variable, value in zip(columns.variables, found.values.tolist(), strict=True):
        if not variable.fixed:
            variable.set_value(value, skip_validation=True)
    return float(pyo.value(objective))


def _active_objective(m: pyo.ConcreteModel) -> pyo.Objective:
    """The one active objective. Raises ``ValueError``."""
    found = list(m.component_data_objects(pyo.Objective, active=True))
    if len(found) != 1:
        names = ", ".join(one.name for one in found) or "none"
        raise ValueError(f"one objective must be active, and no other; active now: {names}")
    return found[0]


def own_rows(m: pyo.ConcreteModel) -> Iterator[pyo.Constraint]:
    """The active rows that somebody added or rewrote."""
    for component in m.component_objects(pyo.Constraint, active=True):
        rows = component.rewritten() if isinstance(component, RowBlock) else component.values()
        yield from (row for row in rows if row.active)


def _some_own_rows(m: pyo.ConcreteModel) -> Message:
    names = [row.name for row in own_rows(m)]
    if not names:
        return message("none")
    some, more = listed(names[:_SHOWN]), len(names) - _SHOWN
    return message("{rows} and {more} more", rows=some, more=more) if more > 0 else some


def given_up(programme: Programme) -> set[Place]:
    """The bounds and targets whose rows somebody deactivated, rewrote or deleted."""
    register, found = programme.register, set[Place]()
    for name, rows in zip(REGISTER, (register.bounds, register.targets), strict=True):
        block = programme.m.component(name)
        kept = block.as_given() if isinstance(block, RowBlock) and block.active else ()
        found.update(place for place in rows.index if place not in kept)
    return found


def read_back(programme: Programme) -> Pathway:
    """The pathway by the values of the variables, whoever set them.

    Laws always hold; so do bounds and targets, but for those given up. Raises ``RecountError`` with
    the rows that do not, or the variables that have no value.
    """
    found = activities_of(programme, _values(programme))
    pathway = recount(programme.case, found, given_up(programme))
    broken = list(_broken(programme.m))
    if broken:
        head = message("rows of your own do not hold by the values of the variables:")
        raise RecountError(in_lines(head, broken))
    return pathway


def _values(programme: Programme) -> Floats:
    """Of the variables, by column; those of accounts may be missing: the recount makes its own."""
    variables = programme.decisions.variables
    values = np.array([variable.value for variable in variables], dtype=np.float64)
    missing = [variables[column] for column in np.flatnonzero(np.isnan(values)).tolist()]
    names = [v.name for v in missing if v.parent_component().local_name not in ACCOUNTS]
    if names:
        more = len(names) - 1
        raise RecountError(
            message(
                "{name} and {more:,} more have no value; solve the programme first",
                name=names[0],
                more=more,
            )
            if more
            else message("{name} has no value; solve the programme first", name=names[0])
        )
    return values


def _broken(m: pyo.ConcreteModel) -> Iterator[Message]:
    """Rows of one's own that fail by more than 1e-6, relative to their limit and at least 1."""
    least = mark("{row}: {value:.9g}, must be at least {limit:.9g}")
    most = mark("{row}: {value:.9g}, must be at most {limit:.9g}")
    for row in own_rows(m):
        lower, body, upper = row.to_bounded_expression(evaluate_bounds=True)
        value = pyo.value(body, exception=False)
        if value is None:
            yield message("{row}: a variable has no value", row=row.name)
            continue
        for limit, sign, what in ((lower, -1, least), (upper, 1, most)):
            if limit is None or sign * (value - limit) <= TOLERANCE * max(abs(limit), 1):
                continue
            yield message(what, row=row.name, value=value, limit=limit)
