"""The variables of the programme: the quantities decided for each site and year of the horizon."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.core as pyo

from model.case.columns import Column, Grid, Integers, Mask, Sites
from model.case.types import Case, Scope
from model.formulas.activity import Activity, SiteYear
from model.formulas.site_years import oxides
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
        ids = np.array(sites.ids, dtype=object)
        masks = (
            *(sites.kiln, sites.makes_cement & ~sites.kiln, sites.makes_cement, sites.heated),
            sites.kiln | True,
        )
        self._masks: dict[str, Mask] = dict(zip(SITES, masks, strict=True))
        m.YEARS = pyo.Set(initialize=list(case.horizon))
        for name, mask in self._masks.items():
            m.add_component(name, pyo.Set(initialize=ids[mask].tolist()))
        m.FUELS = pyo.Set(initialize=list(case.fuels))
        m.ADDITIONS = pyo.Set(initialize=[a.id for a in case.additions])
        m.RAW = pyo.Set(initialize=[r.id for r in case.raw_materials])
        m.OXIDES = pyo.Set(initialize=list(oxides(case)))

    @property
    def count(self) -> int:
        """How many variables there are."""
        return len(self.variables)

    def declare(self, name: str, sites: str, of: str = "", free: bool = False) -> None:
        """One variable for each site of a set, year, and member of a further set between them."""
        m, first = self.m, self.count
        sets = [getattr(m, one) for one in (sites, of, "YEARS") if one]
        self._put(name, pyo.Var(*sets, within=pyo.Reals if free else pyo.NonNegativeReals))
        mask, years = self._masks[sites], len(self._case.horizon)
        keys: Sequence[str] = list(getattr(m, of)) if of else ("",)
        chosen = np.flatnonzero(mask)
        place = np.arange(first, self.count).reshape(len(chosen), len(keys), years)
        for number, key in enumerate(keys):
            columns = np.full((len(mask), years), -1, dtype=np.int64)
            columns[chosen] = place[:, number]
            self.columns[name, key] = columns

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

    def places(self, sites: Mask) -> Any:
        """Pyomo's set of some sites and every year; one for all rows that stand there."""
        chosen = next(name for name, mask in self._masks.items() if np.array_equal(mask, sites))
        name = f"{chosen}_YEARS"
        if self.m.component(name) is None:
            self.m.add_component(name, getattr(self.m, chosen) * self.m.YEARS)
        return self.m.component(name)

    def linear(self, name: str, key: str = "", before: int = 0) -> Linear:
        """A variable of every site and year, with so many years before it in which it is not."""
        columns = np.pad(self.columns[name, key], ((0, 0), (before, 0)), constant_values=-1)
        return Linear({Block(columns): 1.0}, 0.0)


def declare_decisions(decisions: Decisions) -> None:
    """Declares what is decided; what a site cannot do has no variable."""
    decisions.declare("clinker", "KILNS")
    decisions.declare("clinker_bought", "GRINDING")
    decisions.declare("addition", "CEMENT", "ADDITIONS")
    decisions.declare("alternative_raw", "KILNS", "RAW")
    decisions.declare("heat", "HEATED", "FUELS")
    decisions.declare("waste_heat_power", "KILNS")
    decisions.declare("renewable_power", "SITES")
    decisions.declare("captured_storage", "KILNS")
    decisions.declare("captured_use", "KILNS")
    decisions.declare("uncredited", "KILNS", "OXIDES")


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

    parameters: of these years; planned: the company's plan, empty where there is none. Clinker
    bought is given where there is a kiln, and decided by a grinding station.
    """
    first = case.inventory_year
    there = first in planned.years
    before = planned.within(range(first, first + 1)).columns if there else None
    sites, years = parameters.sites, parameters.years
    shape = (len(sites.ids), len(years))

    def quantity(name: str, key: str, past: Column | None) -> Linear:
        constant = np.zeros(shape)
        if past is not None:
            constant[:, :1] = past
        return decisions.linear(name, key, before=1) + constant

    def one(name: str) -> Linear:
        return quantity(name, "", None if before is None else getattr(before, name))

    def several(name: str, field: str, keys: Sequence[str]) -> dict[str, Linear]:
        past = {} if before is None else getattr(before, field)
        return {key: quantity(name, key, past.get(key)) for key in keys}

    grinding = sites.makes_cement & ~sites.kiln
    given = np.where(grinding[:, None], 0.0, parameters.columns.clinker_bought)
    given[:, 0] = 0.0 if before is None else before.clinker_bought[:, 0]
    chosen = Activity(
        clinker=one("clinker"),
        clinker_bought=decisions.linear("clinker_bought", before=1) + given,
        additions=several("addition", "additions", [a.id for a in case.additions]),
        alternative_raw=several(
            "alternative_raw", "alternative_raw", [r.id for r in case.raw_materials]
        ),
        heat=several("heat", "heat", list(case.fuels)),
        waste_heat_power=one("waste_heat_power"),
        renewable_power=one("renewable_power"),
        captured_storage=one("captured_storage"),
        captured_use=one("captured_use"),
        uncredited=several("uncredited", "uncredited", oxides(case)),
    )
    return Grid(sites, years, chosen)
