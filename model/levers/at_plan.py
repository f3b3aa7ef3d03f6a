"""A case whose levers are held at the company's own plan, so that only the rest is decided.

Each lever of each site is held by a bound on its ratio, so that the heat and the power that capture
needs may still vary. What the case's bounds and targets say stays as it is.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np

from model.case.columns import Column, Sites, divided
from model.case.places import place_of
from model.case.senses import Sense
from model.case.types import Bound, BoundKind, Case, Confidence, Status
from model.case.units import Dimension as D
from model.case.units import with_which
from model.formulas.activity import Activity
from model.formulas.site_years import site_years
from model.levers.bound_rows import bound_table, collect_column, sides
from model.levers.company_plan import plan_activities
from model.levers.levers import LEVERS, amount, total

# What a plan decides besides capture; clinker is what mineral additions leave.
PLANNED = (
    "addition",
    "alternative_raw",
    "fuel",
    "heat_intensity",
    "waste_heat_power",
    "renewable_power",
    "own_power",
    "clinker_moved",
    "cement",
)
# Clinker ratio instead of the additions one by one leaves their mix free.
HELD = ("clinker_ratio", *PLANNED)
_UNITS = {
    D.SHARE: ("%", 1e-2),
    D.HEAT_PER_MASS: ("GJ/t", 1.0),
    D.POWER_PER_MASS: ("kWh/t", 1e-3),
    D.MASS: ("t", 1.0),
}
_ROUNDING = 1e-12  # a total below it, of the largest of its lever, is 0 but for rounding
_KEPT = 1e-6  # relative: what the recount lets pass


def held_at_plan(case: Case, levers: Iterable[str] | None = None) -> Case:
    """The case with levers held at the ratios of the company's plan, in each year of the horizon.

    levers: of ``HELD``; all that a plan decides besides capture where not given. Ratios are those
    of the planned quantities: mineral additions per cement, alternative raw materials per raw meal,
    fuels per heat, heat and waste heat power per clinker, renewable and own power per power demand,
    clinker moved between sites and cement, where the output is decided, as amounts. Renewable and
    own power are held from above alone: a pathway that captures less than the plan needs less
    power, and may have no use for all that the plan has. Of fuels the one that takes what others
    leave is not held, because it follows. Each bound is called ``plan/site/lever/which``, which no
    id of a table can be, and covers one site; where a ratio's total is 0 there is nothing to hold.
    Where the plan keeps a bound of the case but for rounding, the bound has the plan's value there.

    Raises ``ValueError`` for a lever that no plan decides, and where the plan does not reach the
    last year.
    """
    chosen = PLANNED if levers is None else tuple(levers)
    if unknown := [lever for lever in chosen if lever not in HELD]:
        raise ValueError(f"no plan decides {unknown[0]}; held can be {', '.join(HELD)}")
    if not case.plan_reaches_horizon:
        raise ValueError(f"the plan does not reach {case.final_year}")
    held = {bound.id: bound for bound in _bounds(case, chosen)}
    return case.with_limits(bounds={**case.bounds, **_rounded(case), **held})


def _rounded(case: Case) -> dict[str, Bound]:
    """The case's bounds that its plan breaks by rounding alone, with the plan's value there."""
    table = bound_table(case)
    planned, parameters = plan_activities(case), site_years(case)
    moved: dict[str, dict[int, float]] = {}
    for rows in table.groups:
        found = sides(rows, planned, parameters, collect_column)
        size = np.maximum(np.abs(found.left), np.abs(found.right))
        off = np.abs(found.left - found.right)
        near = np.flatnonzero((off > 0) & (off <= _KEPT * size))
        values = divided(found.left, np.broadcast_to(found.denominator, size.shape))
        for row in near.tolist():
            bound = table.bounds[table.bound[rows.number[row]]]
            value, limit = float(values[row]), float(rows.limit[row])
            if bound.sense is Sense.FIXED or (value < limit) == bound.sense.is_least:
                moved.setdefault(bound.id, {})[int(rows.year[row])] = value
    return {
        name: replace(case.bounds[name], values={**case.bounds[name].values, **values})
        for name, values in moved.items()
    }


def _bounds(case: Case, levers: tuple[str, ...]) -> Iterator[Bound]:
    """The bounds that hold levers at the plan, lever by lever and site by site."""
    planned = plan_activities(case).within(case.horizon)
    parameters = site_years(case).within(case.horizon)
    a, p = planned.columns, parameters.columns
    shape = np.shape(a.clinker)
    for lever in levers:
        dimension = _dimension(lever)
        for which, product, there in _parts(case, lever, a, parameters.sites):
            weights = {which: 1.0} if which else {}
            whole = np.ones(shape)
            if dimension is not D.MASS:
                of = total(lever, dimension, a, p, product)
                whole = np.broadcast_to(cast(Column, of), shape)
            whole = np.where(whole > _ROUNDING * whole.max(initial=0.0), whole, 0.0)
            values = divided(cast(Column, amount(lever, weights, a, p, product)), whole)
            for row in np.flatnonzero(there & ~np.isnan(values).all(axis=1)).tolist():
                site = parameters.sites.ids[row]
                years = zip(case.horizon, values[row].tolist(), strict=True)
                limits = {year: value for year, value in years if value == value}
                yield _bound(site, lever, which, dimension, limits, product)


def _dimension(lever: str) -> D:
    """The dimension of the ratio at which a lever is held: waste heat power by clinker."""
    ratios = LEVERS[lever].ratios
    if not ratios:
        return LEVERS[lever].quantity
    return D.POWER_PER_MASS if D.POWER_PER_MASS in ratios else ratios[0]


def _parts(
    case: Case, lever: str, a: Activity[Any], sites: Sites
) -> Iterator[tuple[str, str, Any]]:
    """What ``which`` may be of a lever, the product, and the sites at which it is held."""
    match lever:
        case "addition":
            told = _at(case, [site for one in case.products.values() for site in one.shares])
            yield from ((material, "", sites.makes_cement & ~told) for material in a.additions)
            for product, material in a.product_additions:
                yield material, product, _at(case, case.products[product].shares)
        case "alternative_raw":
            yield from ((material, "", sites.kiln) for material in a.alternative_raw)
        case "fuel":
            yield from ((fuel, "", sites.heated & ~_takes_rest(case, fuel)) for fuel in a.heat)
        case "clinker_ratio":
            yield "", "", sites.makes_cement
        case "renewable_power":
            yield "", "", sites.kiln | True
        case "own_power":
            yield from ((g.id, "", _at(case, [g.site])) for g in case.generators.values())
        case "clinker_moved":
            yield from ((r.id, "", _at(case, [r.origin])) for r in case.routes.values())
        case "cement":
            yield "", "", _at(case, [site for one in case.totals for site in one.sites])
        case _:
            yield "", "", sites.kiln


def _at(case: Case, sites: Collection[str]) -> Any:
    """Some of the sites, as a mask."""
    return np.array([site in sites for site in case.sites], dtype=bool)


def _takes_rest(case: Case, fuel: str) -> Any:
    """The sites at which a fuel takes what the others leave."""
    lines = [case.company_plan.get(site, ()) for site in case.sites]
    return np.array([any(one.rest and one.which == fuel for one in line) for line in lines])


def _bound(
    site: str,
    lever: str,
    which: str,
    dimension: D,
    values: dict[int, float],
    product: str,
) -> Bound:
    unit, factor = _UNITS[dimension]
    place = place_of(site, product)
    return Bound(
        id=f"plan/{place}/{with_which(lever, which).replace(' ', '/')}",
        lever=lever,
        which=which,
        weights={which: 1.0} if which else {},
        place=place,
        sites=(site,),
        sense=Sense.MAX if lever in ("renewable_power", "own_power") else Sense.FIXED,
        dimension=dimension,
        unit=unit,
        factor=factor,
        values=values,
        kind=BoundKind.POLICY,
        source="plan.csv",
        expires=None,
        status=Status.ASSUMED,
        confidence=Confidence.HIGH,
        product=product,
    )
