"""A pathway: quantities decided for each site and year, with accounts and checks."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from model.accounts import Inventory, consolidated, inventories
from model.activity import Activity, SiteYear
from model.case import Bound, Case, Metric, Sense
from model.limits import At, Sides, bound_sides, bound_years
from model.plan import plan_activities
from model.site_years import Key, site_years
from model.targets import target_limits

TOLERANCE = 1e-6  # of the recount, relative to the size of a row
ROUNDING = 1e-10  # of the plants: a total below it is 0 but for rounding


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """A bound in one year, in inside units: what it limits, its limit and the room left.

    excess: by how much the row fails, relative to its size; 0 or less where it holds.
    ``value`` and ``slack`` are NaN where the total of a ratio is 0 but for rounding. ``whole``:
    that total, or 1.
    """

    bound: Bound
    year: int
    value: float
    limit: float
    slack: float
    whole: float
    excess: float

    @property
    def holds(self) -> bool:
        return self.excess <= TOLERANCE

    @property
    def binds(self) -> bool:
        """Whether no room is left, within the recount's tolerance."""
        return self.excess >= -TOLERANCE

    def __str__(self) -> str:
        b = self.bound
        return (
            f"bound '{b.id}' in {self.year}: {b.lever} is {_told(self.value / b.factor)} {b.unit}, "
            f"{b.sense} {self.limit / b.factor:.9g} {b.unit}"
        )


@dataclass(frozen=True, slots=True)
class TargetCheck:
    """A target in one year: limit and value [t/t or t], and the relative excess over the limit."""

    target: str
    year: int
    limit: float
    value: float
    excess: float
    unit: str

    @property
    def margin(self) -> float:
        return self.limit - self.value

    @property
    def holds(self) -> bool:
        return self.excess <= TOLERANCE

    def __str__(self) -> str:
        return (
            f"target '{self.target}' in {self.year}: value {_told(self.value)} {self.unit}, "
            f"limit {self.limit:.9g} {self.unit}"
        )


def _told(value: float) -> str:
    """A number; a dash where there is nothing that it could be a part of."""
    return "–" if math.isnan(value) else f"{value:.9g}"


@dataclass(frozen=True, slots=True)
class Pathway:
    """What a group does in each year of the horizon, with its accounts and checks."""

    case: Case
    known: Mapping[Key, SiteYear]
    activities: Mapping[Key, Activity[float]]
    accounts: Mapping[Key, Inventory]
    bounds: tuple[BoundCheck, ...]
    targets: tuple[TargetCheck, ...]

    def group(self, year: int) -> Inventory:
        """The consolidated inventory of the group in one year."""
        return consolidated(self.case, self.case.sites, year, self.accounts)

    def ccus(self, year: int) -> float:
        """Consolidated CO2 captured in a year. [t CO2]"""
        return self.group(year).captured

    @property
    def misses(self) -> dict[str, list[int]]:
        """Targets and bounds that are not kept, by id, with the years."""
        found: dict[str, list[int]] = {}
        for target in self.targets:
            if not target.holds:
                found.setdefault(target.target, []).append(target.year)
        for bound in self.bounds:
            if not bound.holds:
                found.setdefault(bound.bound.id, []).append(bound.year)
        return found

    @property
    def cumulative_ccus(self) -> float:
        """Consolidated CO2 captured over the horizon. [t CO2]"""
        return math.fsum(self.ccus(year) for year in self.case.horizon)


def account_pathway(case: Case, activities: Mapping[Key, Activity[float]]) -> Pathway:
    """Accounts of given activities, every bound and target checked; nothing is refused here.

    activities: every (site, year) of the horizon; reported years may be given too.
    """
    known = site_years(case)
    before = plan_activities(case)
    accounts = inventories(activities, known)

    def at(site: str, year: int) -> tuple[Activity[float], SiteYear]:
        found = activities.get((site, year))
        return found if found is not None else before[site, year], known[site, year]

    bounds = tuple(
        _bound_check(bound, year, bound_sides(bound, year, at), at)
        for bound in case.bounds.values()
        for year in bound_years(case, bound)
    )
    return Pathway(case, known, activities, accounts, bounds, target_checks(case, accounts))


def target_checks(case: Case, accounts: Mapping[Key, Inventory]) -> tuple[TargetCheck, ...]:
    """Every target in every year of its own, against accounts of every site of the horizon."""
    return tuple(
        _target_check(case, target, year, limit, accounts)
        for (target, year), limit in target_limits(case).items()
    )


def target_tonnes(pathway: Pathway, check: TargetCheck) -> float:
    """A target's limit at the output of the pathway. [t CO2e]"""
    target = pathway.case.targets[check.target]
    if target.metric is not Metric.INTENSITY:
        return check.limit
    inventory = consolidated(pathway.case, target.sites, check.year, pathway.accounts)
    return check.limit * inventory.cementitious


def site_size(k: SiteYear) -> float:
    """How large a site is, by what is known of it beforehand; for relative tolerances."""
    return k.cement + k.clinker_sold + k.other_power


def _bound_check(bound: Bound, year: int, sides: Sides[float], at: At[float]) -> BoundCheck:
    gap = {
        Sense.MIN: sides.right - sides.left,
        Sense.FIXED: abs(sides.left - sides.right),
    }.get(bound.sense, sides.left - sides.right)
    plants = sum(site_size(at(site, year)[1]) for site in bound.sites)
    size = max(abs(sides.left), sides.right, 1e-3 * (1.0 if sides.in_points else plants), 1e-9)
    whole = sides.whole
    if whole != 1.0 and abs(whole) <= ROUNDING * plants:  # 1: of an amount, which is no part
        whole = 0.0
    return BoundCheck(
        bound,
        year,
        value=sides.left / whole if whole else math.nan,
        limit=bound.values[year],
        slack=-gap / whole if whole else math.nan,
        whole=whole,
        excess=gap / size,
    )


def _target_check(
    case: Case, target_id: str, year: int, limit: float, accounts: Mapping[Key, Inventory]
) -> TargetCheck:
    target = case.targets[target_id]
    inventory, known = consolidated(case, target.sites, year, accounts), site_years(case)
    if target.metric is Metric.INTENSITY and not inventory.cementitious:
        plants = sum(site_size(known[site, year]) for site in target.sites)
        over = inventory.scope(target.scope) / max(plants, 1e-9)
        return TargetCheck(target_id, year, limit, math.nan, over, "t/t")
    value = inventory.measure(target.scope, target.metric)
    size = max(abs(limit), abs(value), 1e-9)
    unit = "t/t" if target.metric is Metric.INTENSITY else "t"
    return TargetCheck(target_id, year, limit, value, (value - limit) / size, unit)
