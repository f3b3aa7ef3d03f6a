"""The variables of the programme: the quantities decided for each site and year of the horizon."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pyomo.core as pyo

from model.case.columns import Column, Grid, Integers, Mask, Sites
from model.case.places import PRODUCT
from model.case.types import Case, Scope
from model.formulas.activity import Activity, SiteYear
from model.formulas.emissions import plain_sum
from model.formulas.site_years import gives_bought, oxides, site_years
from optimizer.programme.compile import members
from optimizer.programme.linear import Block, Linear

Decided = Activity[Linear]
ACCOUNTS = ("scope1", "scope2", "ccus", "peak")  # variables that only name a sum
SITES = ("KILNS", "GRINDING", "CEMENT", "HEATED", "SITES")  # Pyomo's sets of sites


class Decisions:
    """The variables of a programme, declared in ``m``, and the column number of each.

    variables: in the order of their columns, in t, GJ, MWh and t CO2, divided by the programme's
    scale. None is negative; accounts (``scope1``, ``scope2``, ``ccus``, ``peak``) may be.
    """

    def __init__(self, m: pyo.ConcreteModel, case: Case, sites: Sites) -> None:
        self.m, self._case, self._sites = m, case, sites
        self.variables: list[Any] = []
        self.columns: dict[tuple[str, str], Integers] = {}
        self.masks = _masks(case)
        m.YEARS = pyo.Set(initialize=list(case.horizon))
        for name, mask in self.masks.items():
            m.add_component(name, pyo.Set(initialize=self._ids(np.any(mask, axis=1))))
        m.FUELS = pyo.Set(initialize=list(case.fuels))
        m.ADDITIONS = pyo.Set(initialize=[a.id for a in case.additions])
        m.RAW = pyo.Set(initialize=[r.id for r in case.raw_materials])
        m.OXIDES = pyo.Set(initialize=list(oxides(case)))

    @property
    def count(self) -> int:
        """How many variables there are."""
        return len(self.variables)

    def _ids(self, sites: Any) -> list[str]:
        return [site for site, there in zip(self._sites.ids, sites, strict=True) if there]

    def declare(self, name: str, sites: str, of: str = "", free: bool = False) -> None:
        """One variable for each site of a set, year, and member of a further set between them.

        Where a site is in the set in some years alone, it has a variable in these.
        """
        m, first, mask = self.m, self.count, self.masks[sites]
        keys: Sequence[str] = list(getattr(m, of)) if of else ("",)
        there = np.repeat(mask[:, None], len(keys), axis=1)
        if _is_whole(mask):
            sets = [getattr(m, one) for one in (sites, of, "YEARS") if one]
        else:
            sets = [self._set(f"{name}_index", keys, there)]
        self._put(name, pyo.Var(*sets, within=pyo.Reals if free else pyo.NonNegativeReals))
        self._number(name, keys, there, first)

    def declare_some(self, name: str, where: Mapping[str, Mask]) -> None:
        """One variable for each key at each site and year of its own; none where there is none.

        where: by key, as a route, the sites and years. They are called by site, key and year.
        """
        keys, first = list(where), self.count
        if not any(mask.any() for mask in where.values()):
            return
        there = np.stack([where[key] for key in keys], axis=1)
        found = self._set(f"{name}_index", keys, there)
        self._put(name, pyo.Var(found, within=pyo.NonNegativeReals))
        self._number(name, keys, there, first)

    def _set(self, name: str, keys: Sequence[str], there: Mask) -> Any:
        """Pyomo's set of some sites, keys and years; a key that is empty is left out."""
        ids, horizon = self._sites.ids, self._case.horizon
        cells = [(ids[s], keys[k], horizon[y]) for s, k, y in np.argwhere(there).tolist()]
        pairs = [tuple(part for part in cell if part != "") for cell in cells]
        found = pyo.Set(initialize=pairs, dimen=2 if list(keys) == [""] else 3)
        self.m.add_component(name, found)
        return found

    def _number(self, name: str, keys: Sequence[str], there: Mask, first: int) -> None:
        """Notes the columns of a variable, in the order of sites, keys and years."""
        numbers = np.where(there, first + np.cumsum(there.ravel()).reshape(there.shape) - 1, -1)
        for place, key in enumerate(keys):
            self.columns[name, key] = numbers[:, place].astype(np.int64)

    def declare_years(self, name: str) -> Integers:
        """One free variable for each year; gives their column numbers."""
        first = self.count
        self._put(name, pyo.Var(self.m.YEARS))
        return np.arange(first, self.count)

    def declare_one(self, name: str) -> int:
        """One free variable; gives its column number."""
        self._put(name, pyo.Var())
        return self.count - 1

    def _put(self, name: str, variables: Any) -> None:
        self.m.add_component(name, variables)
        self.variables += members(variables)

    def places(self, there: Mask) -> Any:
        """Pyomo's set of some sites and years; one for all rows that stand there."""
        chosen = next(name for name, mask in self.masks.items() if np.array_equal(mask, there))
        name = f"{chosen}_YEARS"
        if self.m.component(name) is None:
            if _is_whole(there):
                self.m.add_component(name, getattr(self.m, chosen) * self.m.YEARS)
            else:
                self._set(name, ("",), there[:, None])
        return self.m.component(name)

    def linear(self, name: str, key: str = "", before: int = 0) -> Linear:
        """A variable of every site and year, with so many years before it in which it is not."""
        columns = np.pad(self.columns[name, key], ((0, 0), (before, 0)), constant_values=-1)
        return Linear({Block(columns): 1.0}, 0.0)

    def elsewhere(self, name: str, key: str, row: int, to: int, before: int) -> Linear:
        """A variable of one site as a quantity of another. row, to: the numbers of both sites."""
        columns = np.full_like(self.columns[name, key], -1)
        columns[to] = self.columns[name, key][row]
        columns = np.pad(columns, ((0, 0), (before, 0)), constant_values=-1)
        return Linear({Block(columns): 1.0}, 0.0)


def _is_whole(there: Mask) -> bool:
    """Whether each site is there in all years or in none."""
    return bool(np.all(there == there[:, :1]))


def _masks(case: Case) -> dict[str, Mask]:
    """The sites and years of each of Pyomo's sets of sites."""
    p = site_years(case).within(case.horizon).columns
    kiln, grinds, burns = (cast(Mask, one) for one in (p.has_kiln, p.makes_cement, p.burns_fuel))
    buys = grinds & ~gives_bought(case, case.horizon)
    return dict(zip(SITES, (kiln, buys, grinds, burns, kiln | True), strict=True)) | _more(case)


def _more(case: Case) -> dict[str, Mask]:
    """The same of what only some cases have: sites without products, and who decides its output."""
    p, found = site_years(case).within(case.horizon).columns, dict[str, Mask]()
    if case.products:
        told = cast(Column, plain_sum([*p.product_share.values()])) > 0
        found["PLAIN"] = cast(Mask, p.makes_cement) & ~told.any(axis=1, keepdims=True)
    if totals := case.decides_output:
        decided = np.array([site in totals for site in case.sites], dtype=bool)
        found["DECIDED"] = np.repeat(decided[:, None], len(case.horizon), axis=1)
    return found


def declare_decisions(decisions: Decisions, case: Case) -> None:
    """Declares what is decided; what a site cannot do has no variable."""
    decisions.declare("clinker", "KILNS")
    decisions.declare("clinker_bought", "GRINDING")
    decisions.declare("addition", "PLAIN" if case.products else "CEMENT", "ADDITIONS")
    decisions.declare("alternative_raw", "KILNS", "RAW")
    decisions.declare("heat", "HEATED", "FUELS")
    decisions.declare("waste_heat_power", "KILNS")
    decisions.declare("renewable_power", "SITES")
    decisions.declare("captured_storage", "KILNS")
    decisions.declare("captured_use", "KILNS")
    decisions.declare("uncredited", "KILNS", "OXIDES")
    if case.totals:
        decisions.declare("cement", "DECIDED")
    _declare_links(decisions, case)


def _declare_links(decisions: Decisions, case: Case) -> None:
    """Clinker moved on routes, own power, and additions by product."""
    index = {site: row for row, site in enumerate(case.sites)}
    kiln, grinds = decisions.masks["KILNS"], decisions.masks["CEMENT"]

    def only(site: str, years: Mask) -> Mask:
        mask = np.zeros(kiln.shape, dtype=bool)
        mask[index[site]] = years
        return mask

    routes = {
        r.id: only(r.origin, kiln[index[r.origin]] & grinds[index[r.destination]])
        for r in case.routes.values()
    }
    decisions.declare_some("clinker_moved", routes)
    every = np.ones(kiln.shape[1], dtype=bool)
    decisions.declare_some(
        "own_power", {g.id: only(g.site, every) for g in case.generators.values()}
    )
    blends = {}
    for product in case.products.values():
        makes = np.array([site in product.shares for site in case.sites], dtype=bool)
        for material in case.additions:
            blends[blend(product.id, material.id)] = grinds & makes[:, None]
    decisions.declare_some("product_addition", blends)


def blend(product: str, material: str) -> str:
    """An addition of a product, as the programme calls it."""
    return f"{product}{PRODUCT}{material}"


def declare_accounts(decisions: Decisions) -> Integers:
    """Declares ``scope1`` and ``scope2`` [t CO2e by site and year] and ``ccus`` [t CO2 by year].

    Gives the columns of the last.
    """
    decisions.declare("scope1", "SITES", free=True)
    decisions.declare("scope2", "SITES", free=True)
    return decisions.declare_years("ccus")


def account(decisions: Decisions, scope: Scope) -> Linear:
    """The emissions of a scope by site and year, as accounts name them."""
    if scope is Scope.BOTH:
        return account(decisions, Scope.ONE) + account(decisions, Scope.TWO)
    return decisions.linear("scope1" if scope is Scope.ONE else "scope2", before=1)


def decided(
    decisions: Decisions, case: Case, parameters: Grid[SiteYear], planned: Grid[Activity[Column]]
) -> Grid[Decided]:
    """The decisions as activities, from the inventory year, which is planned, to the last.

    parameters: of these years; planned: the company's plan, empty where there is none. Cement and
    clinker bought are decided where nothing gives them.
    """
    first = case.inventory_year
    there = first in planned.years
    before = planned.within(range(first, first + 1)).columns if there else None
    sites, years = parameters.sites, parameters.years
    known = _Known(before, (len(sites.ids), len(years)))

    def one(name: str) -> Linear:
        return decisions.linear(name, before=1) + known.of(name)

    def several(name: str, field: str, keys: Sequence[str]) -> dict[str, Linear]:
        return {k: decisions.linear(name, k, before=1) + known.of(field, k) for k in keys}

    p = parameters.columns
    given = np.where(decisions.masks["GRINDING"], 0.0, cast(Column, p.clinker_bought)[:, 1:])
    bought = np.concatenate([known.of("clinker_bought")[:, :1], given], axis=1)
    by_product = _by_product(decisions, case, known)
    sent, received = _moved(decisions, case, known)
    raws = [r.id for r in case.raw_materials]
    return Grid(
        sites,
        years,
        Activity(
            cement=_cement(decisions, case, p),
            clinker=one("clinker"),
            clinker_bought=decisions.linear("clinker_bought", before=1) + bought,
            additions=_additions(decisions, case, known, by_product),
            alternative_raw=several("alternative_raw", "alternative_raw", raws),
            heat=several("heat", "heat", list(case.fuels)),
            waste_heat_power=one("waste_heat_power"),
            renewable_power=one("renewable_power"),
            captured_storage=one("captured_storage"),
            captured_use=one("captured_use"),
            uncredited=several("uncredited", "uncredited", oxides(case)),
            clinker_sent=sent,
            clinker_received=received,
            own_power={
                g: _some(decisions, "own_power", g) + known.of("own_power", g)
                for g in case.generators
            },
            product_additions=by_product,
        ),
    )


class _Known:
    """What the plan has in the inventory year, before the years that are decided."""

    def __init__(self, before: Activity[Column] | None, shape: tuple[int, int]) -> None:
        self._before, self._shape = before, shape

    def of(self, field: str, key: object = None) -> Column:
        """A quantity of the plan in the first year, 0 in all others."""
        constant = np.zeros(self._shape)
        past: Any = getattr(self._before, field, None)
        if key is not None and past is not None:
            past = past.get(key)
        if past is not None:
            constant[:, :1] = past
        return constant


def _some(decisions: Decisions, name: str, key: str) -> Linear:
    """A variable that may have no column in this case."""
    if (name, key) not in decisions.columns:
        return Linear({}, 0.0)
    return decisions.linear(name, key, before=1)


def _cement(decisions: Decisions, case: Case, p: SiteYear) -> Linear:
    """Cement of every site: as its series has it, or decided."""
    given = np.array(p.cement, dtype=np.float64)
    if not case.totals:
        return Linear({}, given)
    given[:, 1:] = np.where(decisions.masks["DECIDED"], 0.0, given[:, 1:])
    return decisions.linear("cement", before=1) + given


def _by_product(decisions: Decisions, case: Case, known: _Known) -> dict[tuple[str, str], Linear]:
    pairs = [(product, m.id) for product in case.products for m in case.additions]
    return {
        pair: _some(decisions, "product_addition", blend(*pair))
        + known.of("product_additions", pair)
        for pair in pairs
    }


def _additions(
    decisions: Decisions,
    case: Case,
    known: _Known,
    by_product: Mapping[tuple[str, str], Linear],
) -> dict[str, Linear]:
    """Additions by material: decided as such, or as those of the products of a site."""
    found = {}
    for m in case.additions:
        own = decisions.linear("addition", m.id, before=1) + known.of("additions", m.id)
        terms = dict(own.terms)
        for (_, material), part in by_product.items():
            terms |= part.terms if material == m.id else {}
        found[m.id] = Linear(terms, own.constant)
    return found


def _moved(
    decisions: Decisions, case: Case, known: _Known
) -> tuple[dict[str, Linear], dict[str, Linear]]:
    """Clinker sent and received by route: one variable, at both ends."""
    index = {site: row for row, site in enumerate(case.sites)}
    sent, received = dict[str, Linear](), dict[str, Linear]()
    for r in case.routes.values():
        flow = _some(decisions, "clinker_moved", r.id)
        arrives = Linear({}, 0.0)
        if flow.terms:
            ends = index[r.origin], index[r.destination]
            arrives = decisions.elsewhere("clinker_moved", r.id, *ends, before=1) * (1 - r.loss)
        sent[r.id] = flow + known.of("clinker_sent", r.id)
        received[r.id] = arrives + known.of("clinker_received", r.id)
    return sent, received
