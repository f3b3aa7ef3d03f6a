"""What routes, power sources of their own, and totals of output ask for and can hardly be."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from model.case.columns import Grid
from model.case.senses import Sense
from model.case.types import Bound, Case
from model.formulas.activity import Activity
from model.formulas.emissions import plain_sum, power_demand
from model.formulas.site_years import site_years
from model.levers.company_plan import plan_activities
from model.messages.faults import Fault
from model.messages.message import message
from model.plausibility.table_rows import TableRows

TIMES = 2.0  # how often a power source may give what its site needs: assumed
_NEAR = 1e-6  # relative: what a sum may be off by rounding


def unlikely_links(case: Case) -> Iterator[Fault]:
    """Clinker that a station cannot use, power that nobody needs, output that no limit leaves."""
    rows = TableRows(case)
    if case.company_plan and (case.routes or case.generators):
        plan = plan_activities(case)
        yield from _too_much_clinker(case, plan)
        yield from _too_much_power(case, plan, rows)
    for total in case.totals:
        yield from _out_of_reach(case, total, rows)


def _too_much_clinker(case: Case, plan: Grid[Activity[Any]]) -> Iterator[Fault]:
    """Stations to which the plan sends more clinker than they grind: they would buy less than 0."""
    a, p = plan.columns, site_years(case).within(plan.years).columns
    none = np.zeros((len(case.sites), len(plan.years)))
    bought = none + np.where(p.has_kiln, 0.0, a.clinker_bought)
    arrives = plain_sum([none, *a.clinker_received.values()])
    for row, site in enumerate(case.sites):
        below = np.flatnonzero(bought[row] < -_NEAR * np.maximum(1.0, np.abs(bought[row])))
        if not len(below):
            continue
        year = int(below[0])
        amount = float(arrives[row, year])
        what = message(
            "the plan sends {sent:,.0f} t of clinker to '{site}' in {year}, which grinds "
            "{ground:,.0f} t: it would have to sell {over:,.0f} t, and does not; send it less",
            sent=amount,
            site=site,
            year=plan.years[year],
            ground=amount + float(bought[row, year]),
            over=-float(bought[row, year]),
        )
        yield Fault("plan.csv", what)


def _too_much_power(case: Case, plan: Grid[Activity[Any]], rows: TableRows) -> Iterator[Fault]:
    """Power sources that may give far more than their site needs by the plan, in its last year."""
    years = range(plan.years[-1], plan.years[-1] + 1)
    one, p = plan.within(years).columns, site_years(case).within(years).columns
    demand = np.broadcast_to(power_demand(one, p), (len(case.sites), 1))[:, 0]
    row = {site: n for n, site in enumerate(case.sites)}
    for generator in case.generators.values():
        most = max(case.bounds[generator.id].values.values(), default=0.0)
        needed = float(demand[row[generator.site]])
        if most > TIMES * needed:
            what = message(
                "'{generator}' may give {most:,.0f} MWh a year, and '{site}' needs {needed:,.0f} "
                "MWh in {year} by the plan: look at the unit, or leave it out",
                generator=generator.id,
                most=most,
                site=generator.site,
                needed=needed,
                year=years[0],
            )
            yield Fault(rows.find("generators", generator.id), what)


def _out_of_reach(case: Case, total: Bound, rows: TableRows) -> Iterator[Fault]:
    """The first year in which limits on the cement of the sites leave less than their total."""
    most = _most_cement(case, total)
    for year, asked in total.values.items():
        if year not in case.horizon or not most.keys() >= set(total.sites):
            continue
        limits = [most[site].get(year) for site in total.sites]
        able = sum(one for one in limits if one is not None)
        if None in limits or able >= asked * (1 - _NEAR):
            continue
        what = message(
            "'{bound}' gives {asked:,.0f} t of cement in {year}, and limits on cement let its "
            "sites make {able:,.0f} t, so there is no pathway",
            bound=total.id,
            asked=asked,
            year=year,
            able=able,
        )
        yield Fault(rows.find("bounds", total.id, year), what)
        return


def _most_cement(case: Case, total: Bound) -> Mapping[str, Mapping[int, float]]:
    """site -> the most cement of each year, by limits on it alone."""
    found: dict[str, dict[int, float]] = {}
    for bound in case.bounds.values():
        if bound.lever == "cement" and bound.sense is Sense.MAX and len(bound.sites) == 1:
            known = found.setdefault(bound.sites[0], {})
            for year, value in bound.values.items():
                known[year] = min(value, known.get(year, value))
    return {site: values for site, values in found.items() if site in total.sites}
