"""The limit of each target in each year, typed in or computed from the base-year inventory."""

import math
from collections.abc import Iterable

from model.case.columns import Grid
from model.case.sites import BaseYears
from model.case.types import Case, Metric, Target, parts_of
from model.case.units import REDUCTIONS
from model.case.units import Dimension as D
from model.formulas.activity import SiteYear
from model.formulas.inventory import Inventory, consolidated, inventories
from model.formulas.site_years import site_years
from model.levers.company_plan import frozen_activities, plan_activities
from model.messages.message import Message, message
from model.targets.sda import market_share_parameter, sda_intensity

Accounts = Grid[Inventory]


def basis(case: Case, target: Target) -> Case:
    """The case from the base year of a target: its own, or that of the case."""
    return case if target.base_year is None else case.from_base_year(target.base_year)


def base_inventory(case: Case, target: Target, compared: int | None = None) -> Inventory:
    """The consolidated base-year inventory on a target's boundary. Needs plan.csv.

    compared: the year that it is set against, by whose shares it is consolidated where the case
    recalculates base years; its own where that is not told.
    """
    year = case.base_year if target.base_year is None else target.base_year
    recalculated = case.accounting.base_years is BaseYears.RECALCULATED
    shares_of = compared if recalculated else None
    return consolidated(case, target.sites, year, reported_accounts(case), shares_of)


def reported_accounts(case: Case) -> Accounts:
    """Accounts of the base year to the inventory year, and of the plan up to its last year."""
    return case.once(_reported_accounts)


def _reported_accounts(case: Case) -> Accounts:
    return inventories(plan_activities(case), site_years(case))


def frozen_accounts(case: Case) -> Accounts:
    """Accounts of the frozen baseline: base-year levers at each year's output."""
    return case.once(_frozen_accounts)


def _frozen_accounts(case: Case) -> Accounts:
    return inventories(*frozen_activities(case))


def target_limits(case: Case) -> dict[tuple[str, int], float]:
    """(target, year) -> limit, in t/t cementitious product or in t.

    ``limit`` as typed; or the base year's value, or the frozen baseline's of the year, less a
    stated part; or by SDA.
    """
    return {
        (target.id, year): target_limit(case, target, year)
        for target in case.targets.values()
        for year in target.values
    }


def reduced_from(case: Case, target: Target, year: int) -> float:
    """What the limit of a reduction is a part of: the base year's value, or the frozen baseline's.

    Of a budget the sum of it over its years. [t/t cementitious product, or t]
    """
    if target.dimension is D.BELOW_FROZEN:
        return measured(case, target, year, frozen_accounts(basis(case, target)))
    years = (year,) if target.since is None else target.years
    base = (base_inventory(case, target, one) for one in years)
    return math.fsum(one.measure(target.scope, target.metric) for one in base)


def measured(case: Case, target: Target, year: int, accounts: Accounts) -> float:
    """What a target limits, by some accounts; of a budget the sum over its years.

    [t/t cementitious product, or t]
    """
    years = (year,) if target.since is None else target.years
    found = (consolidated(case, target.sites, one, accounts) for one in years)
    return math.fsum(one.measure(target.scope, target.metric) for one in found)


def off_the_line(case: Case, targets: Iterable[Target]) -> list[Message]:
    """That SDA takes the actual base year of a sector, where that lies off the sector's line."""
    found = {}
    of_sda = ((t, scope) for t in targets if t.sda for scope in parts_of(t.scope))
    for target, scope in of_sda:
        sector, base_year = case.sectors[target.sector, scope], basis(case, target).base_year
        if base_year in sector.actual:
            (emissions, activity), line = sector.actual[base_year], sector.on_line(base_year)
            found[target.sector, scope, base_year] = message(
                "SDA from base year {year}, scope {scope}: the sector's actual {emissions:,.0f} Mt "
                "CO2 and {activity:,.0f} Mt cementitious product are taken; they lie off the line "
                "between its anchors ({line_emissions:,.0f} and {line_activity:,.0f} Mt).",
                year=base_year,
                scope=scope,
                emissions=emissions,
                activity=activity,
                line_emissions=line[0],
                line_activity=line[1],
            )
    return list(found.values())


def years_without_product(case: Case, target: Target, years: Iterable[int]) -> list[int]:
    """Years in which nothing is made where a target limits an intensity: it asks for 0 t."""
    if target.metric is not Metric.INTENSITY:
        return []
    parameters = site_years(case)
    return [y for y in years if not any(_output(parameters[s, y]) for s in target.sites)]


def _output(p: SiteYear) -> float:
    """What may be made of what is the group's. [t]"""
    return (p.most_cement + p.clinker_sold + p.substitutes_sold) if p.share > 0 else 0.0


def target_limit(case: Case, target: Target, year: int) -> float:
    """The limit of a target in one of its years, as ``target_limits`` has them."""
    if target.sda:
        return _sda(case, target, year)
    if target.dimension not in REDUCTIONS:
        return target.values[year]
    return reduced_from(case, target, year) * (1 - target.values[year])


def _sda(case: Case, target: Target, year: int) -> float:
    """SDA's intensity; those of scope 1 and scope 2 are separate and added up. [t/t]

    The company's activity is that of the frozen baseline: its own output at base-year ratios.
    """
    case = basis(case, target)
    base = base_inventory(case, target, year)
    then = consolidated(case, target.sites, year, frozen_accounts(case)).cementitious
    total = 0.0
    for scope in parts_of(target.scope):
        sector = case.sectors[target.sector, scope]
        share = market_share_parameter(
            target.market_share, (base.cementitious, then), case.base_year, year, sector
        )
        intensity = base.measure(scope, target.metric)
        total += sda_intensity(intensity, case.base_year, year, sector, share)
    return total
