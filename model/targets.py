"""The limit of each target in each year, typed in or computed from the base-year inventory."""

from collections.abc import Mapping

from model.accounts import Inventory, consolidated, inventories
from model.case import Case, Target
from model.plan import plan_activities
from model.sda import CEMENT_1_5C_SCOPE_1, sda_intensity
from model.site_years import Key, site_years
from model.units import Dimension as D


def base_inventory(case: Case, target: Target, accounts: Mapping[Key, Inventory]) -> Inventory:
    """The consolidated base-year inventory on a target's boundary."""
    return consolidated(case, target.sites, case.base_year, accounts)


def target_limits(case: Case) -> dict[tuple[str, int], float]:
    """(target, year) -> limit, in t/t cementitious product or in t.

    ``limit`` as typed; or the base year's value less a stated part; or by SDA.
    """
    accounts: dict[Key, Inventory] = {}
    if any(t.sda or t.dimension is D.REDUCTION for t in case.targets.values()):
        base = {k: a for k, a in plan_activities(case).items() if k[1] == case.base_year}
        accounts = inventories(base, site_years(case))
    return {
        (target.id, year): _limit(case, target, year, value, accounts)
        for target in case.targets.values()
        for year, value in target.values.items()
    }


def _limit(
    case: Case, target: Target, year: int, value: float, accounts: Mapping[Key, Inventory]
) -> float:
    if not target.sda and target.dimension is not D.REDUCTION:
        return value
    base = base_inventory(case, target, accounts).measure(target.scope, target.metric)
    if target.sda:
        return sda_intensity(base, case.base_year, year, CEMENT_1_5C_SCOPE_1)
    return base * (1 - value)
