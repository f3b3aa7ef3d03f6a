"""The books that rules are read from: accounts and products of a site in a year, or of several."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from model.accounts import Inventory, added, inventory
from model.activity import Activity, SiteYear
from model.balances import cementitious_product
from model.case import Case, FuelKind
from model.columns import Key
from model.emissions import stack_co2, waste_emissions
from model.site_years import site_years
from model.switches import BIOGENIC, USE, Activities, biogenic_share, turned


class Counted(StrEnum):
    """Which captured CO2 is deducted."""

    CASE = "as the case's switches say"
    FOSSIL = "fossil CO2 alone; CO2 used as the case's switch says"
    FOSSIL_STORED = "fossil CO2 stored alone"


@dataclass(frozen=True, slots=True)
class Books:
    """Accounts by what captured CO2 is deducted [t CO2e], and amounts by name.

    Products [t]: ``cement``; ``cementitious`` and its parts ``clinker_own`` (made for own cement),
    ``clinker_sold``, ``addition <material>``, ``substitutes_sold``; ``clinker`` (made in all);
    ``clinker_bought``, outside it. CO2 [t]: ``stored`` and ``used``, ``stored_biogenic`` of it, and
    fossil CO2 of waste fuels: ``waste``, ``waste_left`` of it after the capture that counts.
    """

    accounts: Mapping[Counted, Inventory]
    amounts: Mapping[str, float]


def books(case: Case, activities: Activities) -> dict[Key, Books]:
    """(site, year) -> books, unconsolidated."""
    cases = {
        Counted.CASE: case,
        Counted.FOSSIL: turned(case, activities, {BIOGENIC: "false"}),
        Counted.FOSSIL_STORED: turned(case, activities, {BIOGENIC: "false", USE: "false"}),
    }
    known = {counted: site_years(one) for counted, one in cases.items()}
    return {
        key: Books(
            {counted: inventory(a, k[key]) for counted, k in known.items()},
            _products(a, known[Counted.CASE][key]) | _co2(case, activities, key),
        )
        for key, a in activities.items()
    }


def together(parts: Iterable[tuple[float, Books]]) -> Books:
    """The sum of books, each by a share; what one has none of is 0 there."""
    parts = list(parts)
    names = dict.fromkeys(name for _, b in parts for name in b.amounts)
    return Books(
        {c: added((share, b.accounts[c]) for share, b in parts) for c in Counted},
        {n: float(sum(share * b.amounts.get(n, 0.0) for share, b in parts)) for n in names},
    )


def scope3_purchases(case: Case, key: Key, clinker_bought: float) -> float | None:
    """Scope 3 category 1 of clinker [t] and cement bought from others: a memo. [t CO2]

    ``clinker_bought · bought_clinker_co2 + cement_bought · bought_cement_co2``; ``None`` where
    something is bought and the case gives no factor for it.
    Source: SBTi, Cement Science Based Target Setting Guidance, 2022: per tonne purchased.
    """
    site, year = key
    given = {q: line[year] for (s, q, _), line in case.series.items() if s == site}
    bought = {"clinker": clinker_bought, "cement": given.get("cement_bought", 0.0)}
    emitted = 0.0
    for what, amount in bought.items():
        factor = given.get(f"bought_{what}_co2", 0.0 if not amount else None)
        if factor is None:
            return None
        emitted += amount * factor
    return emitted


def _products(a: Activity[float], k: SiteYear) -> dict[str, float]:
    return {
        "cement": k.cement,
        "cementitious": cementitious_product(a, k),
        "clinker": a.clinker,
        "clinker_own": a.clinker - k.clinker_sold,
        "clinker_sold": k.clinker_sold,
        **{f"addition {material}": amount for material, amount in a.additions.items()},
        "substitutes_sold": k.substitutes_sold,
        "clinker_bought": a.clinker_bought,
    }


def _co2(case: Case, activities: Activities, key: Key) -> dict[str, float]:
    a, k = activities[key], site_years(case)[key]
    wastes = [f.id for f in case.fuels.values() if f.kind is not FuelKind.FOSSIL]
    waste = waste_emissions(a, k, wastes)
    stack = stack_co2(a, k)
    counted = a.captured_storage + a.captured_use * case.accounting.captured_use_counts
    return {
        "stored": a.captured_storage,
        "used": a.captured_use,
        "stored_biogenic": a.captured_storage * biogenic_share(case, activities, key),
        "waste": waste,
        # A tonne that is captured and deducted is not deducted once more as waste.
        "waste_left": waste * max(1 - counted / stack, 0.0) if stack else waste,
    }
