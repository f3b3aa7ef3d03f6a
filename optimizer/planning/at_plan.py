"""The company's plan with capture optimised: its levers are held, and only capture is decided.

The programme of the case, in which all that does not depend on capture stands at the plan's
quantities. Fuels follow the heat that capture needs, at the plan's shares of heat; renewable power
has at most the plan's share of the power needed. That is ``held_at_plan`` without a programme of
its own being built; and HiGHS's presolve leaves little more of it than capture.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from model.case.columns import Column, Mask, divided
from model.case.places import PRODUCT
from model.case.types import Objective
from model.formulas.balances import total_heat
from model.formulas.emissions import captured, power_demand
from model.formulas.laws import ALL_LAWS, Relation
from model.formulas.site_years import site_years
from model.levers.company_plan import plan_activities
from model.pathway.pathway import TOLERANCE, Pathway, account_pathway
from model.pathway.recount import recount
from optimizer.planning.confirm import confirm_least
from optimizer.planning.solve import Compiled, activities_of
from optimizer.programme.build import Programme
from optimizer.programme.linear import Linear, collect_entries
from optimizer.programme.rows import Floats, Rows, compressed
from optimizer.solver.highs import Highs
from optimizer.solver.ways import HIPO, USUAL, Way
from optimizer.steady.linear_programme import Growing, LinearProgramme, Terms, row_sums

_NOTHING = 1e-6  # a share of heat or power whose part of a row HiGHS would lose
_FIELDS = {  # where a column is called otherwise than the quantity
    "addition": "additions",
    "clinker_moved": "clinker_sent",
    "product_addition": "product_additions",
}
# Laws that the plan's levers may break: the stack's is of capture, the others are balances.
_LAWS = tuple(
    law.name
    for law in ALL_LAWS
    if law.name != "stack_limit"
    and all(rule.relation is not Relation.EQUAL for rule in law.rules.values())
)
# What follows from the plan's ratios alone, whatever is captured.
_FIXED = (
    *("cement", "clinker", "clinker_bought", "clinker_moved", "addition", "product_addition"),
    *("alternative_raw", "waste_heat_power"),
)


@dataclass(frozen=True, slots=True)
class AtPlan:
    """The least CCUS with the plan's levers [t CO2], by the objective, and a pathway that needs it.

    Both are ``None`` where no capture lets those levers keep every bound and target; ``missed``
    then has what they break, by id, with the years: laws of kilns and bounds on levers that the
    plan breaks, and the targets that are missed by the fewest tonnes in all where those are given
    up.
    """

    least: float | None
    pathway: Pathway | None
    missed: Mapping[str, list[int]]


def capture_at_plan(compiled: Compiled, objective: Objective, way: Way = USUAL) -> AtPlan:
    """The plan's levers with capture optimised, recounted.

    compiled: of a case whose plan reaches its last year, with the objective. Raises ``SolverError``
    where HiGHS finds neither an optimum nor a proof, ``RecountError`` where the recount does not
    confirm the optimum.
    """
    chosen = HIPO if way == USUAL and compiled.is_large else way
    programme, case = compiled.programme, compiled.programme.case
    at_plan = _columns_of(programme)
    rows, broken = _but_for_rounding(compiled, at_plan)
    found = _highs(compiled, rows, at_plan, chosen).solve()
    if found is None:
        return AtPlan(None, None, _missed(compiled, rows, broken, at_plan, chosen))
    pathway, least = recount(case, activities_of(programme, found.values)), found.objective
    confirm_least(pathway, objective, least * programme.scale, programme.scale)
    return AtPlan(least * programme.scale, pathway, {})


def _columns_of(programme: Programme) -> Floats:
    """The quantities that the plan decides, by column, scaled; accounts are 0."""
    case = programme.case
    planned = plan_activities(case).within(case.horizon).columns
    found = np.zeros(programme.decisions.count)
    for (name, key), columns in programme.decisions.columns.items():
        quantity: Any = getattr(planned, _FIELDS.get(name, name), None)
        if quantity is not None:
            there = columns >= 0
            values = quantity[_key(name, key)] if key else quantity
            found[columns[there]] = values[there] / programme.scale
    return found


def _key(name: str, key: str) -> Any:
    """The key of a column's quantity: of an addition of a product both."""
    return tuple(key.split(PRODUCT)) if name == "product_addition" else key


def _but_for_rounding(compiled: Compiled, at_plan: Floats) -> tuple[Rows, Mask]:
    """The rows, in which bounds that the plan keeps but for rounding have its own side.

    And which laws, and which bounds on other levers than capture, it breaks.
    """
    rows, bounds = compiled.rows, compiled.programme.case.bounds
    terms = rows.values * at_plan[rows.indices]
    used, size = (row_sums(rows.starts, one) for one in (terms, np.abs(terms)))
    over = np.maximum(rows.lower - used, used - rows.upper)
    of_bounds = rows.of("bound")
    near = of_bounds & (over > 0) & (over <= TOLERANCE * size)
    lower, upper = np.where(near, np.minimum(rows.lower, used), rows.lower), rows.upper
    upper = np.where(near, np.maximum(rows.upper, used), rows.upper)
    broken = (of_bounds | rows.of(*_LAWS)) & (over > TOLERANCE * size)
    for number in np.flatnonzero(broken & of_bounds).tolist():
        broken[number] = bounds[rows.names[number][1][0]].lever != "capture"
    return replace(rows, lower=lower, upper=upper), broken


def _highs(compiled: Compiled, rows: Rows, at_plan: Floats, way: Way) -> Highs:
    """The programme with the plan's levers in a HiGHS of its own."""
    lower, upper = compiled.lower.copy(), compiled.upper.copy()
    sense = _makes_sense(compiled.programme)
    for (name, _), columns in compiled.programme.decisions.columns.items():
        if name in _FIXED:
            own = columns[(columns >= 0) & sense]
            lower[own] = upper[own] = at_plan[own]
    growing = Growing(LinearProgramme(rows, lower, upper, compiled.costs), compiled.costs)
    for name, linear, there, lowest in _ratios(compiled.programme):
        cells = np.argwhere(there)
        count = len(cells)
        entries = collect_entries(linear, (np.arange(count), cells[:, 0], cells[:, 1] + 1), count)
        found = compressed(entries, np.full(count, lowest), np.zeros(count))
        terms = Terms(found.starts, found.indices, found.values, np.zeros(count))
        growing.limit(terms, found.lower, found.upper, name)
    grown = growing.programme()
    highs = Highs(grown.rows, grown.lower, grown.upper, grown.costs)
    highs.use(way)
    return highs


def _makes_sense(programme: Programme) -> Mask:
    """Where the plan is one: no additions, as amounts, to cement that is not made."""
    case = programme.case
    added = _sum({"": 0.0, **plan_activities(case).within(case.horizon).columns.additions})
    cement = np.asarray(programme.parameters.within(case.horizon).columns.cement)
    found: Mask = (cement > 0) | (added == 0)
    return found


def _ratios(programme: Programme) -> Iterator[tuple[str, Linear, Mask, float]]:
    """What is 0 at the plan's ratios, or at most 0: its name, where, and from where on it may be.

    Of each fuel: heat less the plan's share of all heat, of which that for capture may vary.
    """
    case, decided = programme.case, programme.activities.columns
    planned = plan_activities(case).within(case.horizon).columns
    p = site_years(case).within(case.horizon).columns
    heat, for_capture = total_heat(planned), captured(decided)
    own = cast(Column, heat - captured(planned) * p.capture_heat) / programme.scale
    sense = _makes_sense(programme)
    for fuel, share in _shares(planned.heat).items():
        known, per_captured = _later(-share * own), _later(-share * p.capture_heat)
        there = (programme.decisions.columns["heat", fuel] >= 0) & sense
        yield "heat_at_plan", decided.heat[fuel] + for_capture * per_captured + known, there, 0.0
    demand = np.asarray(cast(Column, power_demand(planned, p)))
    share = _shares({"": planned.renewable_power}, demand)[""]
    needed = power_demand(decided, programme.parameters.columns) * _later(-share)
    yield "renewable_power_at_plan", decided.renewable_power + needed, (demand > 0) & sense, -np.inf
    for name, power in planned.own_power.items():
        needed = power_demand(decided, programme.parameters.columns) * _later(
            -_shares({"": power}, demand)[""]
        )
        there = (programme.decisions.columns["own_power", name] >= 0) & (demand > 0) & sense
        yield "own_power_at_plan", decided.own_power[name] + needed, there, -np.inf


def _shares(parts: Mapping[str, Any], whole: Column | None = None) -> dict[str, Column]:
    """What part of a whole each is, of their sum where none is given; 0 where there is nothing.

    Parts that HiGHS would lose in a row are left out, and the others are those of what is left.
    """
    most = _sum(parts) if whole is None else whole
    kept = {name: np.where(part > _NOTHING * most, part, 0.0) for name, part in parts.items()}
    total = _sum(kept) if whole is None else whole
    return {name: np.nan_to_num(divided(part, total)) for name, part in kept.items()}


def _sum(parts: Mapping[str, Any]) -> Column:
    total: Column = np.asarray(sum(parts.values()), dtype=np.float64)
    return total


def _later(column: Any) -> Column:
    """Numbers of the horizon, after a year in which nothing is decided."""
    return np.pad(np.asarray(column, dtype=np.float64), ((0, 0), (1, 0)))


def _missed(
    compiled: Compiled, rows: Rows, broken: Mask, at_plan: Floats, way: Way
) -> Mapping[str, list[int]]:
    """What the plan's levers break whatever is captured, by id, with the years.

    Where also bounds on capture cannot be kept, it is all that the plan itself breaks.
    """
    case = compiled.programme.case
    lower, upper = np.where(broken, -np.inf, rows.lower), np.where(broken, np.inf, rows.upper)
    highs = _highs(compiled, replace(rows, lower=lower, upper=upper), at_plan, way)
    highs.without_costs()
    highs.relax_upper(np.flatnonzero(rows.of("target")).tolist())
    found = highs.solve()
    if found is None:
        return account_pathway(case, plan_activities(case).within(case.horizon)).misses
    misses = account_pathway(case, activities_of(compiled.programme, found.values)).misses
    return {**_broken_laws(rows, broken), **misses}


def _broken_laws(rows: Rows, broken: Mask) -> dict[str, list[int]]:
    """The laws among the rows that the plan breaks, by name, with the years."""
    years: dict[str, set[int]] = {}
    for number in np.flatnonzero(broken & rows.of(*_LAWS)).tolist():
        name, (_, year) = rows.names[number]
        years.setdefault(name, set()).add(year)
    return {name: sorted(found) for name, found in years.items()}
