"""Why emissions change between two years: the accounts of each site as products of its levers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from model.accounts import Inventory, inventory
from model.activity import Activity, SiteYear
from model.balances import clinker_for_cement, kiln_heat, total_heat
from model.case import Case
from model.columns import Key
from model.decomposition import Array, lmdi, shapley
from model.emissions import (
    biogenic_emissions,
    captured,
    combustion_emissions,
    counted_capture,
    power_demand,
    process_emissions,
    weighted_sum,
)
from model.recount import RecountError
from model.site_years import site_years

EXACT = 1e-9  # of the larger of a site's two levels


class Factor(StrEnum):
    """What a change of emissions is due to.

    OUTPUT: cement made, and clinker sold [t]
    CLINKER_RATIO: clinker per cement, and the CO2, heat and power of the additions per cement
    CLINKER_BOUGHT: clinker that the site does not make [t]
    RAW_MATERIALS: process CO2 per clinker [t/t]
    HEAT: kiln heat per clinker [GJ/t]
    FUEL_MIX: CO2 of the fuels per heat, fossil and biogenic [t/GJ]; electric heat [MWh/GJ]
    BIOMASS: fossil part of that CO2 [1]
    POWER: power per clinker and per cement [MWh/t]
    WASTE_HEAT: waste heat power per clinker [MWh/t]
    RENEWABLES: part of the power needed beside it that is not renewable [1]
    GRID: grid factor [t/MWh]
    OTHER: what the case gives as amounts: other direct emissions [t], other power [MWh]
    CAPTURE: CO2 captured that counts [t], and the heat and power that capture needs
    """

    OUTPUT = "output"
    CLINKER_RATIO = "clinker ratio"
    CLINKER_BOUGHT = "clinker bought"
    RAW_MATERIALS = "raw materials"
    HEAT = "heat per clinker"
    FUEL_MIX = "fuel mix"
    BIOMASS = "biomass"
    POWER = "power intensity"
    WASTE_HEAT = "waste heat power"
    RENEWABLES = "renewable power"
    GRID = "grid"
    OTHER = "other sources"
    CAPTURE = "capture"


F = Factor
FACTORS = tuple(Factor)
Product = dict[Factor, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a factor does to a source of a site between two years, by both methods. [t CO2e]

    source: as in ``Inventory``; captured CO2 that counts (``counted``) is negative, as a deduction.
    """

    site: str
    source: str
    factor: Factor
    lmdi: float
    shapley: float


@dataclass(frozen=True, slots=True)
class Change:
    """A source of a site in the accounts of both years, and what the effects add up to. [t CO2e]"""

    site: str
    source: str
    start: float
    end: float
    lmdi: float
    shapley: float

    @property
    def residual(self) -> float:
        """The larger of the two differences between effects and accounts; 0 but for rounding."""
        return max(abs(s - (self.end - self.start)) for s in (self.lmdi, self.shapley))


def attribution(
    case: Case, activities: Mapping[Key, Activity[float]], start: int, end: int
) -> tuple[list[Effect], list[Change]]:
    """Effects by site, source and factor, whole sites, and their reconciliation with the accounts.

    activities: at least every site in both years. Effects add up over sources, sites and (by
    consolidated share) regions; so a shift of output between sites is part of each site's output.
    Raises ``RecountError`` where the effects are not the change of the accounts within 1e-9.
    """
    known = site_years(case)
    effects, changes = [], []
    for site, place in case.sites.items():
        has_kiln = place.kind.has_kiln
        ends = [(activities[site, year], known[site, year]) for year in (start, end)]
        before, after = (products(a, k, has_kiln) for a, k in ends)
        books = [inventory(a, k) for a, k in ends]
        for source in before:
            found = list(_effects(site, source, before[source], after[source]))
            effects += found
            levels = [_level(account, source) for account in books]
            sums = [sum(e.lmdi for e in found), sum(e.shapley for e in found)]
            changes.append(Change(site, source, *levels, *sums))
            _confirm(changes[-1], max(account.gross + account.power for account in books))
    return effects, changes


def products(a: Activity[float], k: SiteYear, has_kiln: bool) -> dict[str, list[Product]]:
    """source -> products of levers that add up to its emissions. [t CO2e]

        clinker    = cement · ratio + sold − bought
        heat       = clinker · heat per clinker + cement · heat of additions + heat of capture
        demand     = clinker · power per clinker + cement · (power per cement + power of additions)
                   + other power + power of capture + heat · power per heat
        process    = clinker · CO2 per clinker
        combustion = heat · CO2 per heat · fossil part
        power      = (demand − clinker · waste heat power per clinker)
                   · part that is not renewable · grid factor

    and additions, other direct emissions and counted capture as they are: the formulas of
    ``emissions`` and ``balances``, by ratio. NaN where a ratio does not exist (0 of 0).
    """
    clinker = _clinker(a, k) if has_kiln else []
    heat = _heat(a, k, clinker)
    return {
        "process": _per(a.clinker, clinker, F.RAW_MATERIALS, process_emissions(a, k)),
        "combustion": _times(heat, _fuels(a, k)),
        "additions": _recipe(k, weighted_sum(a.additions, k.addition_co2)),
        "other": [{F.OTHER: k.other_direct}],
        "counted": [{F.CAPTURE: -counted_capture(a, k)}],
        "power": _times(_power(a, k, clinker, heat), _grid(a, k)),
    }


def _clinker(a: Activity[float], k: SiteYear) -> list[Product]:
    return [
        *_recipe(k, clinker_for_cement(a, k)),
        {F.OUTPUT: k.clinker_sold},
        {F.CLINKER_BOUGHT: -a.clinker_bought},
    ]


def _heat(a: Activity[float], k: SiteYear, clinker: list[Product]) -> list[Product]:
    return [
        *_per(a.clinker, clinker, F.HEAT, kiln_heat(a, k)),
        *_recipe(k, weighted_sum(a.additions, k.addition_heat)),
        {F.CAPTURE: captured(a) * k.capture_heat},
    ]


def _power(
    a: Activity[float], k: SiteYear, clinker: list[Product], heat: list[Product]
) -> list[Product]:
    """What is needed beside waste heat power."""
    electric = _ratio(weighted_sum(a.heat, k.heat_power), total_heat(a))
    return [
        *_times(clinker, {F.POWER: k.power_clinker}),
        {F.OUTPUT: k.cement, F.POWER: k.power_cement},
        *_recipe(k, weighted_sum(a.additions, k.addition_power)),
        {F.OTHER: k.other_power},
        {F.CAPTURE: captured(a) * k.capture_power},
        *_times(heat, {F.FUEL_MIX: electric}),
        *_per(a.clinker, clinker, F.WASTE_HEAT, -a.waste_heat_power),
    ]


def _fuels(a: Activity[float], k: SiteYear) -> Product:
    fossil, biogenic = combustion_emissions(a, k), biogenic_emissions(a, k)
    return {
        F.FUEL_MIX: _ratio(fossil + biogenic, total_heat(a)),
        F.BIOMASS: _ratio(fossil, fossil + biogenic),
    }


def _grid(a: Activity[float], k: SiteYear) -> Product:
    needed = power_demand(a, k) - a.waste_heat_power
    return {F.RENEWABLES: _ratio(needed - a.renewable_power, needed), F.GRID: k.grid_factor}


def _ratio(amount: float, whole: float) -> float:
    return amount / whole if whole else np.nan


def _recipe(k: SiteYear, amount: float) -> list[Product]:
    """What cement is made of, or what its additions bring along, per cement."""
    return _per(k.cement, [{F.OUTPUT: k.cement}], F.CLINKER_RATIO, amount)


def _per(whole: float, terms: list[Product], factor: Factor, amount: float) -> list[Product]:
    """An amount as a whole (the sum of terms) times its ratio to it; by itself where that is 0."""
    each = _times(terms, {factor: _ratio(amount, whole)})
    return [*each, {factor: 0.0 if whole else amount}]


def _times(terms: Iterable[Product], factors: Product) -> list[Product]:
    return [{**term, **factors} for term in terms]


def _effects(
    site: str, source: str, before: list[Product], after: list[Product]
) -> Iterable[Effect]:
    """The effects of the factors that have a part in a source."""
    start, end = matrix(before), matrix(after)
    start, end = defined(start, end), defined(end, start)
    by_lmdi, by_shapley = lmdi(start, end).sum(axis=0), shapley(start, end).sum(axis=0)
    for position, factor in enumerate(FACTORS):
        if any(factor in term for term in before):
            yield Effect(
                site, source, factor, float(by_lmdi[position]), float(by_shapley[position])
            )


def matrix(terms: list[Product]) -> Array:
    """(term, factor), 1 where a factor has no part."""
    rows = [[term.get(factor, 1.0) for factor in FACTORS] for term in terms]
    return np.array(rows, dtype=float).reshape(len(terms), len(FACTORS))


def defined(levels: Array, other: Array) -> Array:
    """A ratio that does not exist takes the other year's value, so that it has no effect.

    A kiln that is closed has no clinker ratio: all it does not emit is then due to its output.
    """
    filled: Array = np.nan_to_num(np.where(np.isnan(levels), other, levels))
    return filled


def _level(account: Inventory, source: str) -> float:
    value: float = getattr(account, source)
    return -value if source == "counted" else value


def _confirm(change: Change, size: float) -> None:
    if not change.residual <= EXACT * max(size, abs(change.start), abs(change.end)):
        raise RecountError(
            f"the effects on {change.source} of '{change.site}' are {change.lmdi:.9g} t by LMDI "
            f"and {change.shapley:.9g} t by Shapley value; the accounts change by "
            f"{change.end - change.start:.9g} t"
        )
