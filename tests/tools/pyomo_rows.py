"""The rows of a programme written one by one as Pyomo expressions, for small cases.

From the same formulas and laws as the columns, one site and one year at a time: what the columns
give must be these rows, name by name and coefficient by coefficient.
"""

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr.numvalue import as_numeric

from model.case.columns import Key
from model.case.senses import Sense
from model.case.sites import Site
from model.case.types import Bound, Case, Metric, Objective, Scope, Target
from model.case.units import Dimension as D
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import cementitious_product, clinker_in_product
from model.formulas.emissions import captured, direct_emissions, indirect_emissions
from model.formulas.laws import Law, Relation, Where, laws_of
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
    scale = scale_of(unscaled)
    parameters = scaled_parameters(unscaled, scale)
    planned = scaled_activities(plan_activities(case), 1 / scale)
    m = pyo.ConcreteModel(name=case.id)
    activities = _decisions(m, case)

    def at(site: str, year: int) -> tuple[Activity[Any], SiteYear]:
        p = parameters[site, year]
        if year not in case.horizon:
            return planned[site, year], p
        return _given(activities[site, year], case, site, year, p), p

    m.scope1 = pyo.Var(m.SITES, m.YEARS)
    m.scope2 = pyo.Var(m.SITES, m.YEARS)
    m.ccus = pyo.Var(m.YEARS)
    if objective is Objective.PEAK:
        m.peak = pyo.Var()
    for law in laws_of(case.accounting):
        _add_law(m, law, at, case)
    _add_products(m, case, at)
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


def _decisions(m: pyo.ConcreteModel, case: Case) -> dict[Key, Activity[Any]]:
    m.YEARS = pyo.Set(initialize=list(case.horizon))
    m.SITES = pyo.Set(initialize=list(case.sites))
    m.FUELS = pyo.Set(initialize=list(case.fuels))
    m.ADDITIONS = pyo.Set(initialize=[a.id for a in case.additions])
    m.RAW = pyo.Set(initialize=[r.id for r in case.raw_materials])
    m.OXIDES = pyo.Set(initialize=list(oxides(case)))
    kilns, grinding, heated = (
        [(s.id, y) for s in case.sites.values() for y in case.horizon if there(case, s, y)]
        for there in (_has_kiln, _makes_cement, _burns)
    )
    whole = [(s, y) for s, y in grinding if not _products_of(case, s)]
    moved = [
        (r.origin, r.id, y)
        for r in case.routes.values()
        for y in case.horizon
        if (r.origin, y) in kilns and (r.destination, y) in grinding
    ]
    own = [(g.site, g.id, y) for g in case.generators.values() for y in case.horizon]
    mixed = [
        (s, f"{product}/{a.id}", y)
        for s, y in grinding
        for product in _products_of(case, s)
        for a in case.additions
    ]
    decided = [(s, y) for s in case.sites if _total_of(case, s) for y in case.horizon]
    bought = [(s, y) for s, y in grinding if (s, y) not in kilns and not _buys_as_given(case, s)]
    _variables(m, "clinker waste_heat_power captured_storage captured_use", kilns)
    _variables(m, "clinker_bought", bought)
    _variables(m, "addition", _each(whole, m.ADDITIONS))
    _variables(m, "alternative_raw", _each(kilns, m.RAW))
    _variables(m, "heat", _each(heated, m.FUELS))
    _variables(m, "renewable_power", [(s, y) for s in case.sites for y in case.horizon])
    _variables(m, "uncredited", _each(kilns, m.OXIDES))
    _variables(m, "cement", decided)
    _variables(m, "clinker_moved", moved)
    _variables(m, "own_power", own)
    _variables(m, "product_addition", mixed)
    return {(s, y): _activity(m, case, s, y) for s in case.sites for y in case.horizon}


def _has_kiln(case: Case, site: Site, year: int) -> bool:
    return site.at(year).kind.has_kiln


def _makes_cement(case: Case, site: Site, year: int) -> bool:
    return site.at(year).kind.makes_cement


def _burns(case: Case, site: Site, year: int) -> bool:
    dries = any(a.heat > 0 for a in case.additions)
    return _has_kiln(case, site, year) or (_makes_cement(case, site, year) and dries)


def _products_of(case: Case, site: str) -> list[str]:
    return [p.id for p in case.products.values() if any(p.shares.get(site, {}).values())]


def _total_of(case: Case, site: str) -> Bound | None:
    return next((total for total in case.totals if site in total.sites), None)


def _buys_as_given(case: Case, site: str) -> bool:
    return (site, "clinker_bought", "") in case.series


def _each(pairs: list[tuple[str, int]], members: Any) -> list[tuple[str, str, int]]:
    """The pairs of each site with each member, in the order of sites, members and years."""
    sites = dict.fromkeys(site for site, _ in pairs)
    return [(s, member, y) for s in sites for member in members for of, y in pairs if of == s]


def _variables(m: pyo.ConcreteModel, names: str, index: list[Any]) -> None:
    for name in names.split():
        m.add_component(name, pyo.Var(index, within=pyo.NonNegativeReals))


def _activity(m: pyo.ConcreteModel, case: Case, s: str, y: int) -> Activity[Any]:
    """What is decided at a site in a year; 0 where there is no variable."""

    def one(name: str, *key: Any) -> Any:
        variable = m.component(name)
        return variable[key] if key in variable else 0.0  # noqa: SIM401, a variable has no get

    def several(name: str, keys: Any, site: str = s) -> dict[Any, Any]:
        found = {key: one(name, site, key, y) for key in keys}
        return {key: value for key, value in found.items() if not isinstance(value, float)}

    routes = case.routes.values()
    mixed = {
        (product, a): one("product_addition", s, f"{product}/{a}", y)
        for product in _products_of(case, s)
        for a in m.ADDITIONS
        if (s, f"{product}/{a}", y) in m.product_addition
    }
    parts = {a: [q for (_, of), q in mixed.items() if of == a] for a in m.ADDITIONS}
    summed = {a: sum(terms) for a, terms in parts.items() if terms}
    return Activity(
        cement=one("cement", s, y),
        clinker=one("clinker", s, y),
        clinker_bought=one("clinker_bought", s, y),
        additions=summed or several("addition", m.ADDITIONS),
        alternative_raw=several("alternative_raw", m.RAW),
        heat=several("heat", m.FUELS),
        waste_heat_power=one("waste_heat_power", s, y),
        renewable_power=one("renewable_power", s, y),
        captured_storage=one("captured_storage", s, y),
        captured_use=one("captured_use", s, y),
        uncredited=several("uncredited", m.OXIDES),
        clinker_sent=several("clinker_moved", case.routes),
        clinker_received={
            r.id: one("clinker_moved", r.origin, r.id, y) * (1 - r.loss)
            for r in routes
            if r.destination == s and (r.origin, r.id, y) in m.clinker_moved
        },
        own_power=several("own_power", case.generators),
        product_additions=mixed,
    )


def _given(a: Activity[Any], case: Case, site: str, year: int, p: SiteYear) -> Activity[Any]:
    """With what is not decided: cement of most sites, clinker bought beside a kiln or by series."""
    fields = {name: getattr(a, name) for name in Activity.__dataclass_fields__}
    if not _total_of(case, site):
        fields["cement"] = p.cement
    kind = case.sites[site].at(year).kind
    if kind.has_kiln or not kind.makes_cement or _buys_as_given(case, site):
        fields["clinker_bought"] = p.clinker_bought
    return Activity(**fields)


def _add_law(m: pyo.ConcreteModel, law: Law, at: At, case: Case) -> None:
    relation = {}
    for site in case.sites.values():
        for year in case.horizon:
            stands = _relation(law, case, site, year)
            skipped = law.if_captured and _captures_nothing(case, site.id, year)
            if stands is not None and not skipped:
                relation[site.id, year] = stands

    def rule(m: Any, site: str, year: int) -> Any:
        body = as_numeric(law.expression(*at(site, year)))
        match relation[site, year]:
            case Relation.EQUAL:
                return body == 0
            case Relation.AT_LEAST:
                return body >= 0
            case Relation.AT_MOST:
                return body <= 0

    m.add_component(law.name, pyo.Constraint(list(relation), rule=rule))


def _relation(law: Law, case: Case, site: Site, year: int) -> Relation | None:
    """How a law stands at a site in a year; ``None`` where it is no row."""
    kiln = _has_kiln(case, site, year)
    there = {
        Where.ALL: True,
        Where.KILN: kiln,
        Where.CEMENT: _makes_cement(case, site, year),
        Where.DRYING: _burns(case, site, year) and not kiln,
    }
    return next((rule.relation for where, rule in law.rules.items() if there[where]), None)


def _add_products(m: pyo.ConcreteModel, case: Case, at: At) -> None:
    rows = [(s, p, y) for s in case.sites for p in _products_of(case, s) for y in case.horizon]

    def rule(m: Any, site: str, product: str, year: int) -> Any:
        return as_numeric(clinker_in_product(*at(site, year), product)) >= 0

    m.clinker_in_product = pyo.Constraint(rows, rule=rule)


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
        made = sum(captured(at(s, y)[0]) * case.sites[s].at(y).share for s in m.SITES)
        return m.ccus[y] - made == 0


def _add_limits(m: pyo.ConcreteModel, case: Case, at: At, scale: float) -> None:
    rows = [(b.id, y) for b in case.bounds.values() for y in bound_years(case, b)]

    def bound(m: Any, name: str, year: int) -> Any:
        chosen = case.bounds[name]
        limit = chosen.values[year] / bound_scale(chosen, scale)
        lower = 0.0 if (chosen.sense.is_least or chosen.sense is Sense.FIXED) else None
        upper = 0.0 if not chosen.sense.is_least else None
        over = as_numeric(_over(chosen, year, limit, at, scale))
        return lower, over + m.nothing if over.is_constant() else over, upper

    m.nothing = pyo.Param(initialize=0.0, mutable=True)  # so that a number alone is a row too
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
        parameters = [at(site, y)[1] for site in bound.sites]
        if bound.product:
            return sum(p.cement * p.product_share[bound.product] for p in parameters)
        return sum(p.cement for p in parameters)

    if bound.sense.sums_years:
        return sum(amount(y) for y in bound.years) - limit
    if not bound.sense.limits_change:
        if not is_ratio(bound):
            return amount(year) - limit
        parts = (
            total(bound.lever, bound.dimension, *at(site, year), bound.product)
            for site in bound.sites
        )
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
        case.sites[s].at(y).share * _scope(m, target, s, y) for y in years for s in target.sites
    )
    if target.metric is not Metric.INTENSITY:
        return as_numeric(emissions) - limit / scale
    product = sum(
        cementitious_product(*at(s, year)) * (case.sites[s].at(year).share * limit)
        for s in target.sites
    )
    return as_numeric(emissions - product)


def _scope(m: pyo.ConcreteModel, target: Target, site: str, year: int) -> Any:
    match target.scope:
        case Scope.ONE:
            return m.scope1[site, year]
        case Scope.TWO:
            return m.scope2[site, year]
        case Scope.BOTH:
            return m.scope1[site, year] + m.scope2[site, year]
