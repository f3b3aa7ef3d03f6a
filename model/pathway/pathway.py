"""A pathway: quantities decided for each site and year, with accounts and checks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast, overload

import numpy as np

from model.case.columns import Column, Grid, Integers, Key, Mask, divided, grid_of
from model.case.types import Bound, Case, Metric
from model.case.units import Dimension as D
from model.formulas.activity import Activity, SiteYear
from model.formulas.inventory import Inventory, consolidated, consolidated_years, inventories
from model.formulas.site_years import site_years
from model.levers.bound_rows import BoundRows, BoundTable, bound_table, collect_column, sides
from model.levers.company_plan import with_reported
from model.messages.message import Message, message
from model.targets.limits import measured, target_limits

TOLERANCE = 1e-6  # of the recount, relative to the size of a row
ROUNDING = 1e-10  # of the plants: a total below it is 0 but for rounding


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """A bound in one year, in inside units: what it limits, its limit and the room left.

    excess: by how much the row fails, relative to its size; 0 or less where it holds.
    ``value`` and ``slack`` are NaN where the total of a ratio is 0 but for rounding.
    ``denominator``: that total, or 1.
    """

    bound: Bound
    year: int
    value: float
    limit: float
    slack: float
    denominator: float
    excess: float

    @property
    def holds(self) -> bool:
        return self.excess <= TOLERANCE

    @property
    def binds(self) -> bool:
        """Whether no room is left, within the recount's tolerance."""
        return self.excess >= -TOLERANCE

    @property
    def message(self) -> Message:
        b = self.bound
        return message(
            "bound '{bound}' in {year}: {lever} is {value} {unit}, {sense} {limit:.9g} {unit}",
            bound=b.id,
            year=self.year,
            lever=b.lever,
            value=_told(self.value / b.factor),
            unit=b.unit,
            sense=b.sense,
            limit=self.limit / b.factor,
        )


@dataclass(frozen=True, eq=False)
class BoundChecks(Sequence[BoundCheck]):
    """The checks of all bounds, in the order of the register and then of years, as columns."""

    bounds: tuple[Bound, ...]
    bound: Integers
    year: Integers
    value: Column
    limit: Column
    slack: Column
    denominator: Column
    excess: Column

    @property
    def holds(self) -> Mask:
        """Where the row holds."""
        return self.excess <= TOLERANCE

    @property
    def binds(self) -> Mask:
        """Where no room is left, within the recount's tolerance."""
        return self.excess >= -TOLERANCE

    @property
    def broken(self) -> Iterator[BoundCheck]:
        """The checks that do not hold."""
        return (self[row] for row in np.flatnonzero(~self.holds).tolist())

    @cached_property
    def rows(self) -> Mapping[tuple[str, int], int]:
        """(bound, year) -> number of its row."""
        ids = [bound.id for bound in self.bounds]
        pairs = zip(self.bound.tolist(), self.year.tolist(), strict=True)
        return {(ids[bound], year): row for row, (bound, year) in enumerate(pairs)}

    def __len__(self) -> int:
        return len(self.bound)

    @overload
    def __getitem__(self, row: int, /) -> BoundCheck: ...
    @overload
    def __getitem__(self, row: slice, /) -> list[BoundCheck]: ...
    def __getitem__(self, row: int | slice, /) -> BoundCheck | list[BoundCheck]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        return BoundCheck(
            bound=self.bounds[self.bound[row]],
            year=int(self.year[row]),
            value=float(self.value[row]),
            limit=float(self.limit[row]),
            slack=float(self.slack[row]),
            denominator=float(self.denominator[row]),
            excess=float(self.excess[row]),
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

    @property
    def message(self) -> Message:
        return message(
            "target '{target}' in {year}: value {value} {unit}, limit {limit:.9g} {unit}",
            target=self.target,
            year=self.year,
            value=_told(self.value),
            unit=self.unit,
            limit=self.limit,
        )


def _told(value: float) -> str:
    """A number; a dash where there is nothing that it could be a part of."""
    return "–" if math.isnan(value) else f"{value:.9g}"


@dataclass(frozen=True)
class Pathway:
    """What a group does in each year of the horizon, with its accounts and checks."""

    case: Case
    parameters: Grid[SiteYear]
    activities: Grid[Activity[float]]
    accounts: Grid[Inventory]
    bounds: BoundChecks
    targets: tuple[TargetCheck, ...]

    def group(self, year: int) -> Inventory:
        """The consolidated inventory of the group in one year."""
        return consolidated(self.case, self.case.sites, year, self.accounts)

    def ccus(self, year: int) -> float:
        """Consolidated CO2 captured in a year. [t CO2]"""
        return self._ccus[year]

    @property
    def misses(self) -> dict[str, list[int]]:
        """Targets and bounds that are not kept, by id, with the years."""
        found: dict[str, list[int]] = {}
        for target in self.targets:
            if not target.holds:
                found.setdefault(target.target, []).append(target.year)
        for bound in self.bounds.broken:
            found.setdefault(bound.bound.id, []).append(bound.year)
        return found

    @property
    def cumulative_ccus(self) -> float:
        """Consolidated CO2 captured over the horizon. [t CO2]"""
        return math.fsum(self.ccus(year) for year in self.case.horizon)

    @cached_property
    def _ccus(self) -> Mapping[int, float]:
        group = consolidated_years(self.case, self.case.sites, self.accounts)
        captured = cast(Column, group.captured)
        return dict(zip(self.accounts.years, captured.tolist(), strict=True))


def account_pathway(case: Case, activities: Mapping[Key, Activity[float]]) -> Pathway:
    """Accounts of given activities, every bound and target checked; nothing is refused here.

    activities: every (site, year) of the horizon; reported years may be given too.
    """
    parameters, chosen = site_years(case), grid_of(case, activities)
    accounts = inventories(chosen, parameters)
    bounds = _bound_checks(case, chosen, parameters)
    return Pathway(case, parameters, chosen, accounts, bounds, target_checks(case, accounts))


def target_checks(case: Case, accounts: Grid[Inventory]) -> tuple[TargetCheck, ...]:
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


def site_size(p: SiteYear) -> float:
    """How large a site is, by what is known of it beforehand; for relative tolerances."""
    return p.most_cement + p.clinker_sold + p.other_power


def _bound_checks(
    case: Case, activities: Grid[Activity[float]], parameters: Grid[SiteYear]
) -> BoundChecks:
    """Every bound in every year that it limits; changes into the horizon are from the plan."""
    table = bound_table(case)
    joined = activities
    if activities.years.start > case.inventory_year:
        joined = with_reported(case, activities)
    parameters = parameters.within(joined.years)
    count = len(table.bound)
    checks = BoundChecks(
        bounds=table.bounds,
        bound=table.bound,
        year=table.year,
        value=np.empty(count),
        limit=np.empty(count),
        slack=np.empty(count),
        denominator=np.empty(count),
        excess=np.empty(count),
    )
    for rows in table.groups:
        _fill(checks, rows, table, joined, parameters)
    return checks


def _fill(
    checks: BoundChecks,
    rows: BoundRows,
    table: BoundTable,
    activities: Grid[Activity[float]],
    parameters: Grid[SiteYear],
) -> None:
    """Fills in the rows of one group of the table's bounds."""
    found = sides(rows, activities, parameters, collect_column)
    over = found.left - found.right
    least, fixed = table.least[rows.number], table.fixed[rows.number]
    gap = np.where(least, -over, np.where(fixed, abs(over), over))
    cells, count = rows.at(activities.years), len(rows.year)
    plants = collect_column(site_size(parameters.columns), cells, count)
    in_points = rows.like.dimension is D.POINTS_PER_YEAR
    floor = 1e-3 if in_points else 1e-3 * plants
    size = np.maximum(np.maximum(abs(found.left), found.right), np.maximum(floor, 1e-9))
    denominator = np.where(
        (found.denominator != 1.0) & (abs(found.denominator) <= ROUNDING * plants),
        0,
        found.denominator,
    )
    checks.value[rows.number] = divided(found.left, denominator)
    checks.limit[rows.number] = rows.limit
    checks.slack[rows.number] = divided(-gap, denominator)
    checks.denominator[rows.number] = denominator
    checks.excess[rows.number] = gap / size


def _target_check(
    case: Case, target_id: str, year: int, limit: float, accounts: Grid[Inventory]
) -> TargetCheck:
    target = case.targets[target_id]
    inventory, parameters = consolidated(case, target.sites, year, accounts), site_years(case)
    if target.metric is Metric.INTENSITY and not inventory.cementitious:
        plants = sum(site_size(parameters[site, year]) for site in target.sites)
        over = inventory.scope(target.scope) / max(plants, 1e-9)
        return TargetCheck(target_id, year, limit, math.nan, over, "t/t")
    value = measured(case, target, year, accounts)
    size = max(abs(limit), abs(value), 1e-9)
    unit = "t/t" if target.metric is Metric.INTENSITY else "t"
    return TargetCheck(target_id, year, limit, value, (value - limit) / size, unit)
