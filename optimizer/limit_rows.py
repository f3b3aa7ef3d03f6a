"""Rows of the programme from the register of bounds and the targets, named by their ids."""

from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr.numvalue import as_numeric

from model.balances import cementitious_product
from model.case import Bound, Case, Metric, Scope, Sense, Target
from model.limits import At, bound_sides, bound_years
from optimizer.scaling import scaled_bound, scaled_limit


def add_bounds(m: pyo.ConcreteModel, case: Case, at: At[Any], scale: float) -> None:
    """Adds ``bound[id, year]``: amount − limit · total, by the bound's sense against 0."""
    bounds = {bound.id: scaled_bound(bound, scale) for bound in case.bounds.values()}
    rows = [(b.id, y) for b in case.bounds.values() for y in bound_years(case, b)]
    m.BOUNDS = pyo.Set(initialize=rows, dimen=2)

    @m.Constraint(m.BOUNDS)
    def bound(m: Any, b: str, y: int) -> Any:
        return bound_row(bounds[b], y, at)


def bound_row(bound: Bound, year: int, at: At[Any]) -> Any:
    """One bound in one year as (lower, body, upper)."""
    sides = bound_sides(bound, year, at)
    body = as_numeric(sides.left - sides.right)
    lower = 0.0 if bound.sense in (Sense.MIN, Sense.FIXED) else None
    upper = 0.0 if bound.sense is not Sense.MIN else None
    return lower, body, upper


def add_targets(
    m: pyo.ConcreteModel,
    case: Case,
    at: At[Any],
    limits: dict[tuple[str, int], float],
    scale: float,
) -> None:
    """Adds ``target[id, year]``: emissions − limit · cementitious product ≤ 0, or ≤ limit."""
    m.TARGETS = pyo.Set(initialize=list(limits), dimen=2)

    @m.Constraint(m.TARGETS)
    def target(m: Any, t: str, y: int) -> Any:
        chosen = case.targets[t]
        return target_row(m, case, chosen, y, scaled_limit(chosen, limits[t, y], scale), at)


def target_row(
    m: pyo.ConcreteModel, case: Case, target: Target, year: int, limit: float, at: At[Any]
) -> Any:
    """One target in one year, with a scaled limit, as (lower, body, upper)."""
    emissions = sum(case.sites[s].share * _scope(m, target, s, year) for s in target.sites)
    if target.metric is Metric.ABSOLUTE:
        return None, as_numeric(emissions) - limit, 0.0
    product = sum(
        cementitious_product(*at(s, year)) * (case.sites[s].share * limit)
        for s in target.sites
        if case.sites[s].kind.makes_cement
    )
    return None, as_numeric(emissions - product), 0.0


def _scope(m: pyo.ConcreteModel, target: Target, site: str, year: int) -> Any:
    match target.scope:
        case Scope.ONE:
            return m.scope1[site, year]
        case Scope.TWO:
            return m.scope2[site, year]
        case Scope.BOTH:
            return m.scope1[site, year] + m.scope2[site, year]
