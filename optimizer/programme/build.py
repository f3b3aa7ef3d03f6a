"""The programme: the least-CCUS pathway of a case as a linear programme in Pyomo.

The rows come from the formulas and laws of ``model`` over blocks of linear expressions, one block
of rows for each law, the accounts, the bounds and the targets. Their matrices stand in the Pyomo
model as constraints, beside whatever somebody adds to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

import numpy as np
import pyomo.core as pyo

from model.case.columns import Column, Grid, Integers, Mask
from model.case.types import Case, Objective, Scope
from model.formulas.activity import Activity, SiteYear
from model.formulas.emissions import captured, direct_emissions, indirect_emissions
from model.formulas.laws import OF_PRODUCTS, Law, ProductLaw, Relation, Where, laws_of
from model.formulas.site_years import site_years
from model.levers.capture_possible import capture_possible
from model.levers.company_plan import plan_activities
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from optimizer.programme.linear import Entries, Linear, collect_entries
from optimizer.programme.register import AffineRows, Register
from optimizer.programme.row_block import RowBlock, RowMatrix
from optimizer.programme.rows import Rows, compressed, joined
from optimizer.programme.scaling import scale_of, scaled_activities, scaled_parameters
from optimizer.programme.variables import (
    Decided,
    Decisions,
    account,
    decided,
    declare_accounts,
    declare_decisions,
)


@dataclass(frozen=True, eq=False)
class Programme:
    """m: the Pyomo object, with every amount divided by ``scale``.

    decisions: its variables; parameters: scaled; activities: what is decided, in the
    years from the inventory year, which is planned, to the last; planned: the company's own plan,
    scaled, as far as the case has it; register: the rows of bounds and targets; objective: what is
    made least first; ccus: the columns of CCUS, by year.
    """

    m: pyo.ConcreteModel
    case: Case
    scale: float
    decisions: Decisions
    parameters: Grid[SiteYear]
    activities: Grid[Decided]
    planned: Grid[Activity[float]]
    register: Register
    objective: Objective
    ccus: Integers


def build(
    case: Case, objective: Objective, scale: float | None = None, every_row: bool = False
) -> Programme:
    """The programme of a case with its first objective: least CCUS.

    scale: of another programme, with whose numbers these are compared; the case's own where none;
    every_row: whether laws that hold only where something can be captured have a row elsewhere too,
    without a limit, for whoever moves limits of capture.
    Raises ``CaseError`` for numbers that are not finite.
    """
    unscaled = site_years(case)
    _refuse_what_is_not_finite(case, unscaled)
    scale = scale_of(unscaled) if scale is None else scale
    span = range(case.inventory_year, case.final_year + 1)
    parameters = scaled_parameters(unscaled, scale).within(span)
    planned = scaled_activities(plan_activities(case), 1 / scale)
    m = pyo.ConcreteModel(name=case.id)
    decisions = Decisions(m, case, parameters.sites)
    declare_decisions(decisions, case)
    activities = decided(decisions, case, parameters, cast(Grid[Activity[Column]], planned))
    ccus = declare_accounts(decisions)
    accounts = {scope: account(decisions, scope) for scope in Scope}
    register = Register(case, scale, activities, parameters, accounts)
    programme = Programme(
        m=m,
        case=case,
        scale=scale,
        decisions=decisions,
        parameters=parameters,
        activities=activities,
        planned=planned,
        register=register,
        objective=objective,
        ccus=ccus,
    )
    _add_rows(programme, every_row)
    return programme


def _add_rows(programme: Programme, every_row: bool) -> None:
    """The rows of all laws, accounts, bounds and targets, and the objective."""
    m, case, parameters = programme.m, programme.case, programme.parameters
    objective, ccus = programme.objective, programme.ccus
    a, p = programme.activities.columns, parameters.columns
    peak = programme.decisions.declare_one("peak") if objective is Objective.PEAK else None
    block = _Blocks(programme)
    possible = capture_possible(case, case.horizon)
    for law in laws_of(case.accounting):
        block.add_law(law, law.expression(a, p), possible if law.if_captured else None, every_row)
    block.add_products(OF_PRODUCTS)
    for name, scope, emissions in (
        ("scope1_account", Scope.ONE, direct_emissions(a, p)),
        ("scope2_account", Scope.TWO, indirect_emissions(a, p)),
    ):
        account_of = account(programme.decisions, scope)
        block.add(name, {Where.ALL: Relation.EQUAL}, account_of - emissions)
    block.add_years("ccus_account", _group_ccus(programme, ccus), Relation.EQUAL)
    block.add_register("bound", programme.register.bounds)
    block.add_register("target", programme.register.targets)
    if peak is not None:
        block.add_years("peak_account", _below_peak(ccus, peak), Relation.AT_MOST)
    m.least_ccus = pyo.Objective(expr=_objective(m, case, objective))


def _objective(m: pyo.ConcreteModel, case: Case, objective: Objective) -> Any:
    """Least CCUS: over the horizon, in the final year, or in the peak year."""
    match objective:
        case Objective.CUMULATIVE:
            return sum(m.ccus[y] for y in m.YEARS)
        case Objective.FINAL:
            return m.ccus[case.final_year] + 0.0
        case Objective.PEAK:
            return m.peak + 0.0


def _group_ccus(programme: Programme, ccus: Integers) -> Entries:
    """``ccus − Σ_s share_s · (storage + use)``, by year."""
    sites, years = programme.parameters.sites, len(ccus)
    site = np.repeat(np.arange(len(sites.ids)), years)
    year = np.tile(np.arange(years), len(sites.ids))
    total = captured(programme.activities.columns) * programme.parameters.columns.share
    made = collect_entries(total, (year, site, year + 1), years)
    rows = np.arange(years)
    return Entries(rows, ccus, np.ones(years), np.zeros(years)) - made


def _below_peak(ccus: Integers, peak: int) -> Entries:
    """``ccus − peak``, by year."""
    rows, one = np.arange(len(ccus)), np.ones(len(ccus))
    every = Entries(rows, ccus, one, np.zeros(len(ccus)))
    return every - Entries(rows, np.full(len(ccus), peak), one, np.zeros(len(ccus)))


class _Blocks:
    """Adds blocks of rows to the Pyomo object."""

    def __init__(self, programme: Programme) -> None:
        self._programme, self._m = programme, programme.m
        self._p = programme.parameters.within(programme.case.horizon).columns

    def add_law(self, law: Law, expression: Linear, there: Mask | None, every_row: bool) -> None:
        """The rows of a law, at the sites at which it is one.

        there: the sites and years in which it holds, all where none is given; every_row: whether it
        has rows without a limit in the others.
        """
        relations = {w: rule.relation for w, rule in law.rules.items()}
        if there is None or every_row:
            self.add(law.name, relations, expression, limited=there)
        else:
            self.add(law.name, relations, expression, chosen=there)

    def add(
        self,
        name: str,
        relations: Mapping[Where, Relation],
        expression: Linear,
        chosen: Mask | None = None,
        limited: Mask | None = None,
    ) -> None:
        """``expression relation 0`` at the sites of each relation, in every year of the horizon.

        chosen: the sites and years that have a row; limited: those whose row has a limit.
        """
        masks = {where: where.mask(self._p) for where in relations}
        everywhere = np.logical_or.reduce(list(masks.values()))
        site, year = np.nonzero(everywhere if chosen is None else everywhere & chosen)
        rows = len(site)
        entries = collect_entries(expression, (np.arange(rows), site, year + 1), rows)
        lower, upper = np.full(rows, -np.inf), np.full(rows, np.inf)
        for where, relation in relations.items():
            there = masks[where][site, year]
            lower[there & (relation is not Relation.AT_MOST)] = 0.0
            upper[there & (relation is not Relation.AT_LEAST)] = 0.0
        if limited is not None:
            free = ~limited[site, year]
            lower[free], upper[free] = -np.inf, np.inf
        places = self._programme.decisions.places(everywhere)
        if chosen is not None and len(site) < everywhere.sum():
            places = self._some(name, site.tolist(), year.tolist())
        self._put(name, places, compressed(entries, lower, upper))

    def add_products(self, law: ProductLaw) -> None:
        """The rows of a law of cement products, by site, product and year."""
        programme, years = self._programme, self._programme.case.horizon
        a, p = programme.activities.columns, programme.parameters.columns
        pieces, keys = list[RowMatrix](), list[tuple[str, str, int]]()
        for product in programme.case.products:
            site, year = np.nonzero(law.there(self._p, product))
            rows = len(site)
            cells = np.arange(rows), site, year + 1
            entries = collect_entries(law.expression(a, p, product), cells, rows)
            pieces.append(compressed(entries, np.zeros(rows), np.full(rows, np.inf)))
            ids = programme.parameters.sites.ids
            both = zip(site.tolist(), year.tolist(), strict=True)
            keys += [(ids[s], product, years[y]) for s, y in both]
        if keys:
            self._m.add_component(f"{law.name}_index", pyo.Set(initialize=keys, dimen=3))
            index = self._m.component(f"{law.name}_index")
            joined_rows = joined([(law.name, (), piece) for piece in pieces])
            self._put(law.name, index, joined_rows)

    def _some(self, name: str, sites: Sequence[int], years: Sequence[int]) -> pyo.Set:
        """Pyomo's set of some sites and years, by number."""
        ids, horizon = self._programme.parameters.sites.ids, self._programme.case.horizon
        pairs = [(ids[site], horizon[year]) for site, year in zip(sites, years, strict=True)]
        found = pyo.Set(initialize=pairs, dimen=2)
        self._m.add_component(f"{name}_index", found)
        return found

    def add_years(self, name: str, entries: Entries, relation: Relation) -> None:
        """``entries relation 0`` in every year."""
        count = len(self._programme.case.horizon)
        lower = np.full(count, 0.0 if relation is Relation.EQUAL else -np.inf)
        self._put(name, self._m.YEARS, compressed(entries, lower, np.zeros(count)))

    def add_register(self, name: str, rows: AffineRows) -> None:
        """The rows of bounds or of targets at the limits of the case."""
        index = pyo.Set(initialize=rows.index, dimen=2)
        self._m.add_component(f"{name}_index", index)
        self._put(name, index, rows.at(rows.limits))

    def _put(self, name: str, index: Any, matrix: RowMatrix | Rows) -> None:
        block = RowBlock(
            index,
            self._programme.decisions.variables,
            matrix.starts,
            matrix.indices,
            matrix.values,
            matrix.lower,
            matrix.upper,
        )
        self._m.add_component(name, block)


def _refuse_what_is_not_finite(case: Case, parameters: Grid[SiteYear]) -> None:
    """The tables hold no such number, but a case may be made without them. Raises ``CaseError``."""
    names = [one.name for one in fields(SiteYear) if one.type in (float, "float")]
    faults = []
    for name in names:
        values = cast(Column, getattr(parameters.columns, name))
        for row, column in np.argwhere(~np.isfinite(values)).tolist():
            where = message(
                "{quantity} of '{site}' in {year}",
                quantity=name,
                site=parameters.sites.ids[row],
                year=parameters.years[column],
            )
            faults.append(
                Fault(
                    where,
                    message("is {value}; a number must be finite", value=values[row, column]),
                )
            )
    if faults:
        raise CaseError(case.id, faults)
