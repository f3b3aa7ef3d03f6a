"""The rows of a programme written one by one as Pyomo expressions, for small cases.

From the same formulas and laws as the columns, one site and one year at a time: what the columns
give must be these rows, name by name and coefficient by coefficient.
"""

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr.numvalue import as_numeric

from model.case.columns import Key, Sites
from model.case.senses import Sense
from model.case.types import Bound, Case, Metric, Objective, Scope, Target
from model.case.units import Dimension as D
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import cementitious_product
from model.formulas.emissions import captured, direct_emissions, indirect_emissions
from model.formulas.laws import Law, Relation, laws_of
from model.formulas.site_years import oxides, site_years
from model.levers.bound_rows import bound_years
from model.levers.company_plan import plan_activities
from model.levers.levers import bound_amount, is_ratio, total
from model.targets.limits import target_limits
from optimizer.programme.scaling import bound_scale, scale_of, scaled_activities, scaled_parameters

At = Callable[[str, int], tuple[Activity[Any], SiteYear]]


def written(case: Case, objective: Objective) -> pyo.ConcreteModel:
    """The programme of a case, every row an expression of its own."""
    unscaled = site_years(case)
    scale, sites = scale_of(unscaled), Sites.of(case)
    parameters = scaled_parameters(unscaled, scale)
    planned = scaled_activities(plan_activities(case), 1 / scale)
    m = pyo.ConcreteModel(name=case.id)
    activities = _decisions(m, case, sites)

    def at(site: str, year: int) -> tuple[Activity[Any], SiteYear]:
        p = parameters[site, year]
        if year not in case.horizon:
            return planned[site, year], p
        return _given(activities[site, year], case, site, p), p

    m.scope1 = pyo.Var(m.SITES, m.YEARS)
    m.scope2 = pyo.Var(m.SITES, m.YEARS)
    m.ccus = pyo.Var(m.YEARS)
    if objective is Objective.PEAK:
        m.peak = pyo.Var()
    for law in laws_of(case.accounting):
        _add_law(m, law, sites, at, case if law.if_captured else None)
    _add_accounts(m, case, at)
    _add_limits(m, case, at, scale)
    if objective is Objective.PEAK:
        m.peak_account = pyo.Constraint(m.YEARS, rule=lambda m, y: m.ccus[y] - m.peak <= 0)
    goal = {
        Objective.CUMULATIVE: sum(m.ccus[y] for y in m.YEARS),
        Objective.FINAL: m.ccus[case.final_year] + 0.0,
    }
    m.least_ccus = pyo.Objective(expr=goal[objective] if objective in goal else m.peak + 0.0)
    return m


def _decisions(m: pyo.ConcreteModel, case: Case, sites: Sites) -> dict[Key, Activity[Any]]:
    def named(mask: Any) -> list[str]:
        return [site for site, there in zip(sites.ids, mask, strict=True) if there]

    m.YEARS = pyo.Set(initialize=list(case.horizon))
    m.KILNS = pyo.Set(initialize=named(sites.kiln))
    m.GRINDING = pyo.Set(initialize=named(sites.makes_cement & ~sites.kiln))
    m.CEMENT = pyo.Set(initialize=named(sites.makes_cement))
    m.HEATED = pyo.Set(initialize=named(sites.heated))
    m.SITES = pyo.Set(initialize=list(sites.ids))
    m.FUELS = pyo.Set(initialize=list(case.fuels))
    m.ADDITIONS = pyo.Set(initialize=[a.id for a in case.additions])
    m.RAW = pyo.Set(initialize=[r.id for r in case.raw_materials])
    m.OXIDES = pyo.Set(initialize=list(oxides(case)))
    positive = {"within": pyo.NonNegativeReals}
    m.clinker = pyo.Var(m.KILNS, m.YEARS, **positive)
    m.clinker_bought = pyo.Var(m.GRINDING, m.YEARS, **positive)
    m.addition = pyo.Var(m.CEMENT, m.ADDITIONS, m.YEARS, **positive)
    m.alternative_raw = pyo.Var(m.KILNS, m.RAW, m.YEARS, **positive)
    m.heat = pyo.Var(m.HEATED, m.FUELS, m.YEARS, **positive)
    m.waste_heat_power = pyo.Var(m.KILNS, m.YEARS, **positive)
    m.renewable_power = pyo.Var(m.SITES, m.YEARS, **positive)
    m.captured_storage = pyo.Var(m.KILNS, m.YEARS, **positive)
    m.captured_use = pyo.Var(m.KILNS, m.YEARS, **positive)
    m.uncredited = pyo.Var(m.KILNS, m.OXIDES, m.YEARS, **positive)
    return {
        (s, y): Activity(
            clinker=m.clinker[s, y] if s in m.KILNS else 0.0,
            clinker_bought=m.clinker_bought[s, y] if s in m.GRINDING else 0.0,
            additions={a: m.addition[s, a, y] for a in m.ADDITIONS} if s in m.CEMENT else {},
            alternative_raw={r: m.alternative_raw[s, r, y] for r in m.RAW} if s in m.KILNS else {},
            heat={f: m.heat[s, f, y] for f in m.FUELS} if s in m.HEATED else {},
            waste_heat_power=m.waste_heat_power[s, y] if s in m.KILNS else 0.0,
            renewable_power=m.renewable_power[s, y],
            captured_storage=m.captured_storage[s, y] if s in m.KILNS else 0.0,
            captured_use=m.captured_use[s, y] if s in m.KILNS else 0.0,
            uncredited={o: m.uncredited[s, o, y] for o in m.OXIDES} if s in m.KILNS else {},
        )
        for s in sites.ids
        for y in case.horizon
    }


def _given(a: Activity[Any], case: Case, site: str, p: SiteYear) -> Activity[Any]:
    """With the clinker bought, which only a grinding station decides."""
    kind = case.sites[site].kind
    if kind.makes_cement and not kind.has_kiln:
        return a
    fields = {name: getattr(a, name) for name in Activity.__dataclass_fields__}
    return Activity(**{**fields, "clinker_bought": p.clinker_bought})


def _add_law(m: pyo.ConcreteModel, law: Law, sites: Sites, at: At, captures: Case | None) -> None:
    masks = [(where.mask(sites), rule.relation) for where, rule in law.rules.items()]
    relation = {
        site: stands
        for row, site in enumerate(sites.ids)
        for mask, stands in masks
        if bool(mask[row])
    }

    def rule(m: Any, site: str, year: int) -> Any:
        body = as_numeric(law.expression(*at(site, year)))
        match relation[site]:
            case Relation.EQUAL:
                return body == 0
            case Relation.AT_LEAST:
                return body >= 0
            case Relation.AT_MOST:
                return body <= 0

    if captures is None:
        m.add_component(law.name, pyo.Constraint(list(relation), m.YEARS, rule=rule))
        return
    pairs = [(s, y) for s in relation for y in m.YEARS if not _captures_nothing(captures, s, y)]
    m.add_component(law.name, pyo.Constraint(pairs, rule=rule))


def _captures_nothing(case: Case, site: str, year: int) -> bool:
    """Whether storage and use of a site are limited to 0 in a year."""
    limited = set[str]()
    for bound in case.bounds.values():
        there = bound.lever == "capture" and site in bound.sites and year in bound.values
        if there and bound.sense in (Sense.MAX, Sense.FIXED) and bound.values[year] == 0:
            limited |= bound.weights.keys()
    return limited == {"storage", "use"}


def _add_accounts(m: pyo.ConcreteModel, case: Case, at: At) -> None:
    @m.Constraint(m.SITES, m.YEARS)
    def scope1_account(m: Any, s: str, y: int) -> Any:
        return m.scope1[s, y] - direct_emissions(*at(s, y)) == 0

    @m.Constraint(m.SITES, m.YEARS)
    def scope2_account(m: Any, s: str, y: int) -> Any:
        return m.scope2[s, y] - indirect_emissions(*at(s, y)) == 0

    @m.Constraint(m.YEARS)
    def ccus_account(m: Any, y: int) -> Any:
        made = sum(captured(at(s, y)[0]) * case.sites[s].share for s in m.KILNS)
        return m.ccus[y] - made == 0


def _add_limits(m: pyo.ConcreteModel, case: Case, at: At, scale: float) -> None:
    rows = [(b.id, y) for b in case.bounds.values() for y in bound_years(case, b)]

    def bound(m: Any, name: str, year: int) -> Any:
        chosen = case.bounds[name]
        limit = chosen.values[year] / bound_scale(chosen, scale)
        lower = 0.0 if (chosen.sense.is_least or chosen.sense is Sense.FIXED) else None
        upper = 0.0 if not chosen.sense.is_least else None
        return lower, as_numeric(_over(chosen, year, limit, at, scale)), upper

    m.bound = pyo.Constraint(rows, rule=bound)
    limits = target_limits(case)

    def target(m: Any, name: str, year: int) -> Any:
        return None, _above(m, case, case.targets[name], year, limits[name, year], at, scale), 0.0

    m.target = pyo.Constraint(list(limits), rule=target)


def _over(bound: Bound, year: int, limit: float, at: At, scale: float) -> Any:
    """The amount of a bound, or its change, over its limit times what it is a part of."""

    def amount(y: int) -> Any:
        return sum(bound_amount(bound, *at(site, y)) for site in bound.sites)

    def cement(y: int) -> float:
        return sum(at(site, y)[1].cement for site in bound.sites)

    if bound.sense.sums_years:
        return sum(amount(y) for y in bound.years) - limit
    if not bound.sense.limits_change:
        if not is_ratio(bound):
            return amount(year) - limit
        parts = (total(bound.lever, bound.dimension, *at(site, year)) for site in bound.sites)
        return amount(year) - sum(part * limit for part in parts)
    now, before = amount(year), amount(year - 1)
    if bound.dimension is D.POINTS_PER_YEAR:
        now, before = now * (1 / cement(year)), before * (1 / cement(year - 1))
    change = now - before if bound.sense is Sense.RISE_MAX else before - now
    if bound.dimension is D.RELATIVE_PER_YEAR:
        return change - before * limit - bound.seed / scale
    return change - limit


def _above(
    m: pyo.ConcreteModel, case: Case, target: Target, year: int, limit: float, at: At, scale: float
) -> Any:
    """The emissions of a target over its limit."""
    years = (year,) if target.since is None else target.years
    emissions = sum(
        case.sites[s].share * _scope(m, target, s, y) for y in years for s in target.sites
    )
    if target.metric is not Metric.INTENSITY:
        return as_numeric(emissions) - limit / scale
    made = [s for s in target.sites if case.sites[s].kind.makes_cement]
    product = sum(cementitious_product(*at(s, year)) * (case.sites[s].share * limit) for s in made)
    return as_numeric(emissions - product)


def _scope(m: pyo.ConcreteModel, target: Target, site: str, year: int) -> Any:
    match target.scope:
        case Scope.ONE:
            return m.scope1[site, year]
        case Scope.TWO:
            return m.scope2[site, year]
        case Scope.BOTH:
            return m.scope1[site, year] + m.scope2[site, year]
