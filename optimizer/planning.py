"""Finds the pathway: least CCUS first, then the second objective among all that need no more."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from model.activity import Activity
from model.case import Case, Objective, Second
from model.pathway import site_size
from model.recount import RecountError
from model.site_years import Key, site_years
from optimizer.compiling import (
    Columns,
    Floats,
    Rows,
    column_bounds,
    compile_costs,
    compile_rows,
)
from optimizer.duality import proven_least
from optimizer.highs import INTERIOR, USUAL, Highs, Optimum, SolverError, Way
from optimizer.multipliers import Name, named
from optimizer.programme import Programme, build
from optimizer.scaling import scaled_activity
from optimizer.second import add_second

ROUNDING = 1e-9  # a scaled quantity below it is 0; of a site's size, where that is less than 1
PROVEN = 1e-7  # relative gap up to which the least CCUS counts as proved
ROOMS = (5e-10, 5e-9, 1e-7)  # relative room above the least CCUS, for the second solve


class Compiled:
    """A programme compiled and loaded into HiGHS."""

    def __init__(self, programme: Programme) -> None:
        m = programme.m
        self.programme = programme
        self.columns = Columns()
        self.columns.add(m)
        constraints = m.component_data_objects(pyo.Constraint)
        self.rows: Rows = compile_rows(constraints, self.columns)
        self.costs = compile_costs(m.least_ccus, self.columns)
        self.highs = self.load()

    def load(self) -> Highs:
        """The programme in a HiGHS of its own, as it was compiled."""
        return Highs(self.rows, *column_bounds(self.columns), self.costs)


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found, as plain floats in the case's own amounts.

    least: the least CCUS by the case's objective [t CO2]; second: value of the second objective
    [1]; duals: (bound or target, year) -> dual of its row, which is negative where a higher limit
    needs less CCUS; multipliers: of all rows, by which the least is proven; scale: of the
    programme; columns, rows: the size of the first programme.
    """

    activities: dict[Key, Activity[float]]
    least: float
    second: float
    duals: dict[tuple[str, int], float]
    multipliers: dict[Name, float]
    scale: float
    columns: int
    rows: int


def solve(compiled: Compiled, second: Second, way: Way = USUAL) -> Solution | None:
    """The pathway, or ``None`` where no pathway keeps every bound and target.

    In the usual way the second programme is solved by the interior point method, which is some 15
    times as fast there as the simplex method for 45 sites. Raises ``SolverError`` where HiGHS finds
    neither an optimum nor a proof, ``RecountError`` where the first optimum is not proved by its
    multipliers.
    """
    compiled.highs.use(way)
    first = compiled.highs.solve()
    if first is None:
        return None
    first = compiled.highs.sharpened(first)
    programme, scale = compiled.programme, compiled.programme.scale
    proven = _confirm_first(compiled, first)
    compiled.highs.use(INTERIOR if way == USUAL else way)
    last = _solve_second(compiled, first, second)
    names = compiled.rows.names
    duals = {
        name[1]: float(dual)
        for name, dual in zip(names, proven, strict=True)
        if name[0] in ("bound", "target") and abs(dual) > 1e-9
    }
    return Solution(
        activities_of(programme, compiled.columns, last),
        first.objective * scale,
        last.objective,
        duals,
        named(programme, names, proven),
        scale,
        len(compiled.costs),
        len(names),
    )


def _confirm_first(compiled: Compiled, first: Optimum) -> Floats:
    """The multipliers that prove that no pathway needs less.

    Raises ``RecountError`` where they do not.
    """
    lower, upper = column_bounds(compiled.columns)
    proof = proven_least(compiled.rows, lower, upper, compiled.costs, first.duals)
    if not abs(first.objective - proof.least) <= PROVEN * max(abs(first.objective), 1e3):
        scale = compiled.programme.scale
        raise RecountError(
            f"HiGHS gives {first.objective * scale:.9g} t CO2 as the least CCUS; "
            f"its multipliers prove {proof.least * scale:.9g}"
        )
    return proof.multipliers


def _solve_second(compiled: Compiled, first: Optimum, second: Second) -> Optimum:
    """The second objective, with the first held at its optimum.

    The second programme contains the first optimum up to rounding; where HiGHS needs a little more
    room to see that, it is given, far below the recount's tolerance.
    """
    m, columns, highs = compiled.programme.m, compiled.columns, compiled.highs
    known, size = len(columns.variables), max(1.0, abs(first.objective))
    with collector_paused():
        add_second(compiled.programme, second)
        m.second.no_more = pyo.Constraint(expr=m.least_ccus.expr <= first.objective)
        columns.add(m)
        rows = compile_rows(m.second.component_data_objects(pyo.Constraint), columns)
    row = len(compiled.rows.names) + rows.names.index(("no_more", None))
    highs.add(rows, *column_bounds(columns, known))
    highs.set_costs(compile_costs(m.second.objective, columns))
    for room in ROOMS:
        highs.set_row(row, -np.inf, first.objective + room * size)
        found = highs.solve()
        if found is not None:
            return highs.sharpened(found)
    raise SolverError("HiGHS does not find the least-CCUS pathway again in the second solve")


def activities_of(
    programme: Programme, columns: Columns, optimum: Optimum
) -> dict[Key, Activity[float]]:
    """The decided quantities, unscaled; what is 0 but for rounding, at its site, is 0."""
    values = optimum.values.tolist()
    position = columns.index

    def plain(a: Activity[Any], least: float) -> Activity[float]:
        def number(quantity: Any) -> float:
            if isinstance(quantity, (int, float)):
                return float(quantity)
            value = values[position[id(quantity)]]
            return 0.0 if abs(value) < least else value

        return Activity(
            number(a.clinker),
            number(a.clinker_bought),
            {m: number(q) for m, q in a.additions.items()},
            {m: number(q) for m, q in a.alternative_raw.items()},
            {f: number(q) for f, q in a.heat.items()},
            number(a.waste_heat_power),
            number(a.renewable_power),
            number(a.captured_storage),
            number(a.captured_use),
        )

    least = {key: ROUNDING * min(site_size(k) or 1.0, 1.0) for key, k in programme.known.items()}
    return {
        key: scaled_activity(plain(a, least[key]), programme.scale)
        for key, a in programme.activities.items()
    }


def with_known(programme: Programme, case: Case) -> Programme:
    """A programme whose activities give the clinker bought of a case where it is given.

    case: the programme's own with other series.
    """
    known, scale = site_years(case), programme.scale
    activities = {
        key: replace(a, clinker_bought=known[key].clinker_bought / scale)
        if isinstance(a.clinker_bought, (int, float))
        else a
        for key, a in programme.activities.items()
    }
    return replace(programme, activities=activities)


def compile_case(case: Case, objective: Objective, scale: float | None = None) -> Compiled:
    """The programme of a case, built and loaded; ``scale`` as in ``build``."""
    with collector_paused():
        return Compiled(build(case, objective, scale))


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without the garbage collector: it walks the growing expressions again and again, for nothing.

    Building 45 sites takes about 2.5 times as long with it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
