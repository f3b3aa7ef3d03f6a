"""Finds the pathway: least CCUS first, then the second objective among all that need no more."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, cast

import numpy as np

from model.case.columns import Column, Grid, mapped
from model.case.types import Case, Objective, Second
from model.case.year_lines import numbers_over
from model.formulas.activity import Activity
from model.formulas.site_years import gives_bought, site_years
from model.messages.message import mark
from model.pathway.pathway import site_size
from model.reading.collector import collector_paused
from optimizer.planning.least_total import LeastTotal, confirmed_proof, least_total, of_total
from optimizer.programme.build import Programme, build
from optimizer.programme.compile import Columns, column_bounds, compile_costs
from optimizer.programme.linear import Linear
from optimizer.programme.multipliers import Name, named
from optimizer.programme.read_rows import read_rows
from optimizer.programme.register import REGISTER
from optimizer.programme.rows import Floats, Rows
from optimizer.programme.scaling import scaled_parameters
from optimizer.solver.highs import Highs, Optimum
from optimizer.solver.ways import HIPO, HIPO_COLUMNS, USUAL, Way
from optimizer.steady.levers import steady_lines
from optimizer.steady.linear_programme import LinearProgramme
from optimizer.steady.lines import SteadyLines
from optimizer.steady.second_pathway import LONG, Steadied, cleaned, limit_of, second_pathway

ROUNDING = 1e-9  # a scaled quantity below it is 0; of a site's size, where that is less than 1
TINIEST = 1e-11  # a scaled quantity that HiGHS cannot tell from 0, but a very small site could:
TINY_PART = 5e-8  # … 0 too, as far as so small a part of the site
MOST_HEAT = 1000.0  # GJ a tonne of cement, clinker sold and sent; a kiln burns 3 to 6


class Watcher(Protocol):
    """Hears how far long work is."""

    def say(self, words: str, /) -> None:
        """The stage that begins."""

    def update(self, done: int, total: int, /) -> None:
        """How much of it is done."""


class _Silent:
    def say(self, words: str, /) -> None:
        pass

    def update(self, done: int, total: int, /) -> None:
        pass


SILENT = _Silent()


class Compiled:
    """A programme compiled and loaded into HiGHS."""

    def __init__(self, programme: Programme) -> None:
        m = programme.m
        self.programme = programme
        columns = Columns.of(m)
        self.rows: Rows = read_rows(m, columns)
        self.lower, self.upper = column_bounds(columns)
        self.costs = compile_costs(m.least_ccus, columns)
        if self.is_large:
            self.upper = _with_most_heat(programme, self.upper)

    @property
    def is_large(self) -> bool:
        """Whether the least is found by an interior point method, without a vertex."""
        return len(self.costs) >= HIPO_COLUMNS

    @cached_property
    def highs(self) -> Highs:
        """The programme in HiGHS."""
        return self.load()

    @property
    def linear(self) -> LinearProgramme:
        """The programme as arrays."""
        return LinearProgramme(self.rows, self.lower, self.upper, self.costs)

    def load(self) -> Highs:
        """The programme in a HiGHS of its own, as it was compiled."""
        return Highs(self.rows, self.lower, self.upper, self.costs)


def _with_most_heat(programme: Programme, upper: Floats) -> Floats:
    """Upper bounds of columns, those of heat far above what any kiln burns.

    The multipliers of an interior point prove the least only where each quantity has a bound by
    the rows; heat has one only where the register gives it. The verifier assumes the same.
    """
    parameters = programme.parameters.within(programme.case.horizon).columns
    product = np.asarray(parameters.most_cement + parameters.clinker_sold)
    most = MOST_HEAT * (product + _most_sent(programme))
    bounded = upper.copy()
    for (name, _), columns in programme.decisions.columns.items():
        if name == "heat":
            there = columns >= 0
            bounded[columns[there]] = np.minimum(bounded[columns[there]], most[there])
    return bounded


def _most_sent(programme: Programme) -> Column:
    """Clinker that each site can send to others of the group at most, scaled, by site and year."""
    case, sites = programme.case, programme.parameters.sites
    found = np.zeros((len(sites.ids), len(case.horizon)))
    for route in case.routes.values():
        limits = numbers_over(case.bounds[route.id].values, case.horizon)
        found[sites.index[route.origin]] += np.array(limits) / programme.scale
    return found


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found, as plain floats in the case's own amounts.

    least: the least CCUS by the case's objective [t CO2]; then: how the pathway was chosen;
    left_out: whether a second objective was left out, because nobody asked for it and it takes
    long; change: the sum of its levers' changes of pace, a year [1]; duals: (bound or target, year)
    -> dual of its row, which is negative where a higher limit needs less CCUS; multipliers: of all
    rows, by which the least is proven; total: the least in total of those with the least peak or
    final year, where that is the objective; scale: of the programme; columns, rows: its size;
    algorithm: by which HiGHS found the least: ``simplex``, ``hipo`` or ``ipx``.
    """

    activities: Grid[Activity[float]]
    least: float
    then: Second
    left_out: bool
    change: float
    duals: dict[tuple[str, int], float]
    multipliers: dict[Name, float]
    total: LeastTotal | None
    scale: float
    columns: int
    rows: int
    algorithm: str


def solve(
    compiled: Compiled,
    second: Second,
    within: float,
    asked: bool,
    way: Way = USUAL,
    watcher: Watcher = SILENT,
) -> Solution | None:
    """The pathway, or ``None`` where no pathway keeps every bound and target.

    asked: whether the second objective was asked for; else one that would take long is left out.
    way: of the first objective; the usual one suits the programme's size; watcher: hears how far
    it is, and how many blocks of sites are done. Raises ``SolverError`` where HiGHS finds neither
    an optimum nor a proof, ``RecountError`` where multipliers do not prove an optimum.
    """
    watcher.say(mark("least CCUS"))
    compiled.highs.use(HIPO if way == USUAL and compiled.is_large else way)
    first = compiled.highs.solve()
    if first is None:
        return None
    if compiled.highs.has_basis:
        first = compiled.highs.sharpened(first)
    programme, scale = compiled.programme, compiled.programme.scale
    given = compiled.linear
    proven = confirmed_proof(given, first, scale).multipliers
    chosen = second if asked or len(compiled.costs) <= LONG else Second.NONE
    least, total = first, None
    if programme.objective is not Objective.CUMULATIVE:
        watcher.say(mark("least CCUS in total"))
        least, total = least_total(compiled.highs, given, programme, first)
        room = 0.0 if chosen is Second.NONE else within
        held = max(limit_of(first.objective, room), total.held / scale)
        given = of_total(given, programme, held)
    found = _chosen(given, least, steady_lines(programme), chosen, within, way, watcher)
    limits = np.flatnonzero(compiled.rows.of(*REGISTER) & (np.abs(proven) > 1e-9)).tolist()
    names = compiled.rows.names
    return Solution(
        activities=activities_of(programme, found.values),
        least=first.objective * scale,
        then=chosen,
        left_out=chosen is not second,
        change=found.change,
        duals={names[row][1]: float(proven[row]) for row in limits},
        multipliers=named(programme, names, proven),
        total=total,
        scale=scale,
        columns=len(compiled.costs),
        rows=len(names),
        algorithm=compiled.highs.used,
    )


def _chosen(
    given: LinearProgramme,
    least: Optimum,
    lines: SteadyLines,
    second: Second,
    within: float,
    way: Way,
    watcher: Watcher,
) -> Steadied:
    """The pathway that is shown: of those that need hardly more, by the second objective.

    given: with the objective of which ``least`` is the optimum; second: ``none`` where each block
    of sites is only brought to a vertex; way: of the first objective.
    """
    watcher.say(mark("steadying"))
    if second is Second.NONE:
        return cleaned(given, least.values, lines, on_done=watcher.update)
    again = None if way == USUAL else way
    return second_pathway(given, least, lines, second, within, on_done=watcher.update, way=again)


def activities_of(programme: Programme, values: Floats) -> Grid[Activity[float]]:
    """The decided quantities, unscaled; what is 0 but for rounding, at its site, is 0."""
    horizon = programme.case.horizon
    parameters = programme.parameters.within(horizon)
    size = cast(Column, site_size(parameters.columns))
    size = np.where(size > 0, size, 1.0)
    least = np.maximum(ROUNDING * np.minimum(size, 1.0), np.minimum(TINIEST, TINY_PART * size))

    def number(quantity: Linear) -> Column:
        found = quantity.at(values)[:, 1:]  # the first year is the inventory's
        return np.where(np.abs(found) < least, 0.0, found) * programme.scale

    decided = cast(Activity[Column], mapped(programme.activities.columns, number))
    given = cast(Column, site_years(programme.case).within(horizon).columns.cement)
    if programme.case.totals:
        given = np.where(programme.decisions.masks["DECIDED"], decided.cement, given)
    chosen = cast(Activity[float], replace(decided, cement=given))
    return Grid(parameters.sites, horizon, chosen)


def with_given(programme: Programme, case: Case) -> Programme:
    """A programme whose activities give the cement and clinker bought of a case where given.

    case: the programme's own with other series.
    """
    parameters = scaled_parameters(site_years(case), programme.scale).within(
        programme.parameters.years
    )
    a, known = programme.activities.columns, gives_bought(case, parameters.years)
    bought = a.clinker_bought
    given = np.where(known, parameters.columns.clinker_bought, bought.constant)
    chosen = replace(a, clinker_bought=Linear(bought.terms, given))
    activities = Grid(parameters.sites, parameters.years, chosen)
    return replace(programme, case=case, activities=activities)


def compile_case(
    case: Case, objective: Objective, scale: float | None = None, every_row: bool = False
) -> Compiled:
    """The programme of a case, built and loaded; ``scale`` and ``every_row`` as in ``build``."""
    with collector_paused():
        return Compiled(build(case, objective, scale, every_row))
