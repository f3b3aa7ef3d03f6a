"""The levers of a programme as numbers of the order of 1, and the lines of a steady pathway.

A lever's number is its amount per tonne of the site's product (cement + clinker sold, known
beforehand), divided by a nominal amount per tonne.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from model.case.columns import Column, Mask, Sites, divided
from model.case.types import Case, FuelKind
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import all_additions, all_raw, kiln_heat, raw_meal, total_heat
from model.formulas.emissions import captured, plain_sum, power_demand
from optimizer.programme.build import Programme
from optimizer.programme.linear import collect_entries
from optimizer.programme.rows import Floats, Numbers, added_up
from optimizer.steady.lines import Lines, SteadyLines

# Nominal amounts per tonne of product: what makes a lever's number about 1 where it is used fully.
NOMINAL_HEAT = 3.0  # GJ, the heat of a tonne of clinker
NOMINAL_RAW = 1.5  # t, the raw meal of a tonne of clinker
NOMINAL_POWER = 0.1  # MWh, the power of a tonne of cement
NOMINAL_CO2 = 0.8  # t CO2, the stack of a tonne of clinker


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A lever of every site and year: what it is called, its numbers, and where there are any.

    where: by site and year.
    """

    lever: str
    value: Any
    where: Mask


@dataclass(frozen=True, slots=True, eq=False)
class _Per:
    """What amounts are divided by; 0 where there is nothing to divide by."""

    product: Column
    power: Column
    made: Mask
    powered: Mask

    @staticmethod
    def of(p: SiteYear) -> "_Per":
        product: Column = np.asarray(p.most_cement + p.clinker_sold, dtype=np.float64)
        other = np.asarray(p.other_power, dtype=np.float64)
        made = product > 0
        powered = made | (other > 0)  # offices and concrete plants have no product
        one = np.nan_to_num(divided(np.ones(product.shape, dtype=np.float64), product))
        power = np.where(
            made, one / NOMINAL_POWER, np.nan_to_num(divided(powered.astype(np.float64), other))
        )
        return _Per(one, power, made, powered)


def measured(case: Case, a: Activity[Any], p: SiteYear, sites: Sites) -> Iterator[Measured]:
    """The levers of all sites and years as numbers of the order of 1."""
    per = _Per.of(p)
    grinds, kiln, burns = (
        per.made & cast(Mask, mask) for mask in (p.makes_cement, p.has_kiln, p.burns_fuel)
    )
    for m, quantity in a.additions.items():
        yield Measured(f"addition {m}", quantity * per.product, grinds)
    for m, quantity in a.alternative_raw.items():
        yield Measured(f"raw {m}", quantity * (per.product / NOMINAL_RAW), kiln)
    for f, quantity in a.heat.items():
        yield Measured(f"heat {f}", quantity * (per.product / NOMINAL_HEAT), burns)
    yield Measured("waste heat power", a.waste_heat_power * per.power, kiln)
    yield Measured("renewable power", a.renewable_power * per.power, per.powered)
    yield Measured("storage", a.captured_storage * (per.product / NOMINAL_CO2), kiln)
    yield Measured("use", a.captured_use * (per.product / NOMINAL_CO2), kiln)
    yield from _links(case, a, per, sites)


def _links(case: Case, a: Activity[Any], per: _Per, sites: Sites) -> Iterator[Measured]:
    """Clinker moved, own power, cement and the additions of products, where they are decided."""

    def at(where: Mask, chosen: Collection[str]) -> Mask:
        found: Mask = where & np.array([site in chosen for site in sites.ids], dtype=bool)[:, None]
        return found

    for r in case.routes.values():
        moved = a.clinker_sent[r.id] * per.product
        yield Measured(f"moved {r.id}", moved, at(per.made, [r.origin]))
    for g in case.generators.values():
        power = a.own_power[g.id] * per.power
        yield Measured(f"own power {g.id}", power, at(per.powered, [g.site]))
    for (product, m), quantity in a.product_additions.items():
        makers = case.products[product].shares
        yield Measured(f"addition {product} {m}", quantity * per.product, at(per.made, makers))
    if case.totals:
        yield Measured("cement", a.cement * per.product, at(per.made, case.decides_output))


def steady_lines(programme: Programme) -> SteadyLines:
    """All lines of a programme, the site of each of its columns and the region of each site."""
    case, sites = programme.case, programme.parameters.sites
    a, p = programme.activities.columns, programme.parameters.columns
    levers = list(measured(case, a, p, sites))
    totals = list(_totals(case, a, p))
    behind = list(_behind(programme)) if case.company_plan else []
    return SteadyLines(
        levers=_lines(programme, levers),
        totals=_lines(programme, totals),
        behind=_lines(programme, behind),
        planned=_planned(programme, levers),
        sites=_sites(programme),
        regions=_regions(programme),
        horizon=len(programme.case.horizon),
    )


def _totals(case: Case, a: Activity[Any], p: SiteYear) -> Iterator[Measured]:
    """The totals of levers that planners speak of, as numbers of the order of 1."""
    per = _Per.of(p)
    kiln, grinds = (per.made & cast(Mask, mask) for mask in (p.has_kiln, p.makes_cement))
    heat = per.product / NOMINAL_HEAT
    yield Measured("additions", all_additions(a) * per.product, grinds)
    yield Measured("alternative raw", all_raw(a) * (per.product / NOMINAL_RAW), kiln)
    yield Measured("alternative fuels", _alternative(case, a) * heat, kiln)
    yield Measured("kiln heat", kiln_heat(a, p) * heat, kiln)
    yield Measured("waste heat power", a.waste_heat_power * per.power, kiln)
    yield Measured("capture", captured(a) * (per.product / NOMINAL_CO2), kiln)
    yield Measured("renewable power", a.renewable_power * per.power, per.powered)


def _alternative(case: Case, a: Activity[Any]) -> Any:
    return plain_sum([q for f, q in a.heat.items() if case.fuels[f].kind is not FuelKind.FOSSIL])


def _behind(programme: Programme) -> Iterator[Measured]:
    """By how much each total is worse than it would be at the inventory year's ratio.

    Ratios: clinker sent to other sites and additions per cement, alternative raw materials per raw
    meal, alternative fuels per heat, kiln heat and waste heat power per clinker, renewable power
    per demand.
    """
    case, parameters = programme.case, programme.parameters
    year = range(case.inventory_year, case.inventory_year + 1)
    a, p, per = programme.activities.columns, parameters.columns, _Per.of(parameters.columns)
    b, j = programme.planned.within(year).columns, parameters.within(year).columns
    kiln = per.made & cast(Mask, p.has_kiln)
    heat = per.product / NOMINAL_HEAT

    def part(amount: object, whole: object) -> Column:
        """The inventory year's ratio; 0 where there is none."""
        return np.nan_to_num(divided(cast(Column, amount), cast(Column, whole)))

    intensity = part(kiln_heat(b, j), b.clinker)
    used = kiln & (cast(Column, b.clinker) > 0)
    worse = kiln_heat(a, p) - a.clinker * intensity
    yield Measured("kiln heat", worse * heat, used)
    fuels = part(_alternative(case, b), total_heat(b))
    short = total_heat(a) * fuels - _alternative(case, a)
    yield Measured("alternative fuels", short * heat, used & (fuels > 0))
    raw = part(all_raw(b), raw_meal(b, j))
    short = raw_meal(a, p) * raw - all_raw(a)
    yield Measured("alternative raw", short * (per.product / NOMINAL_RAW), used & (raw > 0))
    power = part(b.waste_heat_power, b.clinker)
    short = a.clinker * power - a.waste_heat_power
    yield Measured("waste heat power", short * per.power, used & (power > 0))
    if case.routes:
        share = part(plain_sum([*b.clinker_sent.values()]), b.cement)
        more = plain_sum([*a.clinker_sent.values()]) - a.cement * share
        yield Measured("clinker moved", more * per.product, kiln)
    share = part(all_additions(b), b.cement)
    short = all_additions(a) * -1.0 + a.cement * share
    grinds = per.made & cast(Mask, p.makes_cement)
    yield Measured("additions", short * per.product, grinds & (share > 0))
    share = part(b.renewable_power, power_demand(b, j))
    short = power_demand(a, p) * share - a.renewable_power
    yield Measured("renewable power", short * per.power, per.powered & (share > 0))


def _lines(programme: Programme, measures: Iterable[Measured]) -> Lines:
    """One line for each site and lever that has a number in some year of the horizon."""
    parameters, planned = programme.parameters, bool(programme.case.company_plan)
    years = len(parameters.years)
    parts = [(m, np.flatnonzero(m.where[:, 1:].any(axis=1))) for m in measures]
    chosen = [(m.value, m.where, site) for m, site in parts]
    entries = []
    known_numbers = [np.zeros((0, years))]
    for value, where, site in chosen:
        rows = np.arange(len(site) * years)
        cells = (rows, np.repeat(site, years), np.tile(np.arange(years), len(site)))
        found = collect_entries(value, cells, len(rows))
        entries.append(added_up(found))
        numbers = found.constant.reshape(len(site), years)
        there = where[site].copy()
        there[:, 0] &= planned
        known_numbers.append(np.where(there, numbers, np.nan))
    lengths = [np.diff(starts) for starts, _, _ in entries]
    starts = np.concatenate([[0], np.cumsum(np.concatenate([np.zeros(0), *lengths]))])
    none = np.zeros(0, dtype=np.int32)
    return Lines(
        starts.astype(np.int32),
        np.concatenate([none, *(indices for _, indices, _ in entries)]),
        np.concatenate([np.zeros(0), *(values for _, _, values in entries)]),
        np.concatenate(known_numbers),
    )


def _planned(programme: Programme, levers: Iterable[Measured]) -> Floats:
    """The levers' numbers of the company's plan, in the order of their lines."""
    case, parameters = programme.case, programme.parameters
    found = [np.zeros((0, len(parameters.years)))]
    own: dict[str, Column] = {}
    if case.plan_reaches_horizon:
        a = programme.planned.within(parameters.years).columns
        of_plan = measured(case, a, parameters.columns, parameters.sites)
        own = {m.lever: m.value for m in of_plan}
    for m in levers:
        site = np.flatnonzero(m.where[:, 1:].any(axis=1))
        values = own.get(m.lever, np.full(m.where.shape, np.nan))
        found.append(np.where(m.where[site], values[site], np.nan))
    return np.concatenate(found)


def _sites(programme: Programme) -> Numbers:
    """The number of each column's site, −1 of a column that is the group's."""
    sites = np.full(programme.decisions.count, -1, dtype=np.int32)
    for columns in programme.decisions.columns.values():
        there = columns >= 0
        rows = np.broadcast_to(np.arange(len(columns))[:, None], columns.shape)
        sites[columns[there]] = rows[there]
    return sites


def _regions(programme: Programme) -> Numbers:
    """The number of each site's region."""
    sites = programme.case.sites.values()
    order = {region: n for n, region in enumerate(dict.fromkeys(s.region for s in sites))}
    return np.array([order[site.region] for site in sites], dtype=np.int32)
