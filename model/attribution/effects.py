"""Why emissions change between two years: the accounts of each site as products of its levers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from model.attribution.lmdi_shapley import Array, lmdi, shapley
from model.case.columns import Column, Key, Mask, divided, grid_of
from model.case.types import Case
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import clinker_for_cement, kiln_heat, total_heat
from model.formulas.emissions import (
    biogenic_emissions,
    captured,
    combustion_emissions,
    counted_capture,
    power_demand,
    process_emissions,
    weighted_sum,
)
from model.formulas.inventory import Inventory, inventory
from model.formulas.site_years import site_years
from model.messages.message import mark, message
from model.pathway.recount import RecountError

EXACT = 1e-9  # of the larger of a site's two levels


class Factor(StrEnum):
    """What a change of emissions is due to.

    OUTPUT: cement that all sites of the place shown make together, and clinker that they sell [t]
    STRUCTURE: the part of each that a site makes [1]
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

    OUTPUT = mark("output")
    STRUCTURE = mark("structure")
    CLINKER_RATIO = mark("clinker ratio")
    CLINKER_BOUGHT = mark("clinker bought")
    RAW_MATERIALS = mark("raw materials")
    HEAT = mark("heat per clinker")
    FUEL_MIX = mark("fuel mix")
    BIOMASS = mark("biomass")
    POWER = mark("power intensity")
    WASTE_HEAT = mark("waste heat power")
    RENEWABLES = mark("renewable power")
    GRID = mark("grid")
    OTHER = mark("other sources")
    CAPTURE = mark("capture")


F = Factor
FACTORS = tuple(Factor)
_EVERYWHERE: Mask = np.ones((1, 1), dtype=bool)


class Product(NamedTuple):
    """A product of levers, each a column over (site, year), and the sites that have such a part."""

    factors: Mapping[Factor, Any]
    sites: Mask


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


@dataclass(frozen=True, eq=False)
class SourceEffects:
    """A source in both years [t CO2e, by site] and the effects on it [by site and factor].

    sites: those at which a factor has a part in it, by site and factor.
    """

    source: str
    start: Column
    end: Column
    lmdi: Column
    shapley: Column
    sites: Mask

    @property
    def sums(self) -> tuple[Column, Column]:
        """What the effects add up to by each method, by site."""
        none = np.zeros(len(self.start))
        by_lmdi, by_shapley = (sum(effects.T, start=none) for effects in (self.lmdi, self.shapley))
        return by_lmdi, by_shapley


def attribution(
    case: Case,
    activities: Mapping[Key, Activity[float]],
    start: int,
    end: int,
    sites: Collection[str] | None = None,
) -> tuple[list[Effect], list[Change]]:
    """Effects by site, source and factor, whole sites, and their reconciliation with the accounts.

    activities: at least every site in both years; sites: of the place shown, all where not given.
    Effects add up over sources, sites and (by consolidated share) regions. Output is what the place
    shown makes, and structure which of its sites makes it; so of a site by itself all is output.
    Raises ``RecountError`` where the effects are not the change of the accounts within 1e-9.
    """
    effects, changes = [], []
    shown = case.sites if sites is None else sites
    sources = source_effects(case, activities, start, end, shown)
    for row, site in enumerate(case.sites):
        for one in sources if site in shown else ():
            effects += [
                Effect(
                    site=site,
                    source=one.source,
                    factor=factor,
                    lmdi=float(one.lmdi[row, n]),
                    shapley=float(one.shapley[row, n]),
                )
                for n, factor in enumerate(FACTORS)
                if one.sites[row, n]
            ]
            changes.append(_change(site, row, one))
    return effects, changes


def source_effects(
    case: Case,
    activities: Mapping[Key, Activity[float]],
    start: int,
    end: int,
    sites: Collection[str],
) -> list[SourceEffects]:
    """What ``attribution`` gives, by source, in columns. Raises ``RecountError`` as it does.

    sites: of the place shown; each of the others is a place by itself.
    """
    chosen, parameters = grid_of(case, activities), site_years(case)
    ends = [
        (chosen.within(year).columns, parameters.within(year).columns)
        for year in (range(start, start + 1), range(end, end + 1))
    ]
    kiln, shares = parameters.sites.kiln[:, None], consolidated_shares(case, sites)
    before, after = (products(a, p, kiln, shares) for a, p in ends)
    books = [inventory(a, p) for a, p in ends]
    found = []
    for source in before:
        first, last = (Matrices(one[source], kiln.shape).at(0) for one in (before, after))
        first, last = defined(first, last), defined(last, first)
        shape = (len(before[source]), len(kiln), len(FACTORS))
        before_it, after_it = (
            np.broadcast_to(_level(one, source), kiln.shape)[:, 0] for one in books
        )
        by_lmdi, by_shapley = (
            method(first, last).reshape(shape).sum(axis=0) for method in (lmdi, shapley)
        )
        has_part = _sites(before[source], len(kiln))
        found.append(SourceEffects(source, before_it, after_it, by_lmdi, by_shapley, has_part))
    sizes = np.max([np.broadcast_to(b.gross + b.power, kiln.shape)[:, 0] for b in books], axis=0)
    _confirm(list(case.sites), found, sizes)
    return found


def consolidated_shares(case: Case, sites: Collection[str]) -> Column:
    """The share with which a site is consolidated, 0 for one that is not of a place. [1]"""
    parts = [site.share if site.id in sites else 0.0 for site in case.sites.values()]
    return np.array(parts)[:, None]


def products(a: Activity[Any], p: SiteYear, kiln: Mask, shares: Column) -> dict[str, list[Product]]:
    """source -> products of levers that add up to its emissions. [t CO2e]

        cement     = cement of the place shown · part that the site makes
        sold       = clinker that the place shown sells · part that the site sells
        clinker    = cement · ratio + sold − bought
        heat       = clinker · heat per clinker + cement · heat of additions + heat of capture
        demand     = clinker · power per clinker + cement · (power per cement + power of additions)
                   + other power + power of capture + heat · power per heat
        process    = clinker · CO2 per clinker
        combustion = heat · CO2 per heat · fossil part
        power      = (demand − clinker · waste heat power per clinker)
                   · part that is not renewable · grid factor

    and additions, other direct emissions and counted capture as they are: the formulas of
    ``emissions`` and ``balances``, by ratio. NaN where a ratio does not exist (0 of 0). kiln: the
    sites with one, as a column; elsewhere there is no clinker. shares: as ``consolidated_shares``.
    """
    cement = _made(p.cement, shares)
    clinker = _clinker(a, p, kiln, cement, _made(p.clinker_sold, shares))
    heat = _heat(a, p, clinker, cement)
    return {
        "process": _per(a.clinker, clinker, F.RAW_MATERIALS, process_emissions(a, p)),
        "combustion": _times(heat, _fuels(a, p)),
        "additions": _recipe(p, cement, weighted_sum(a.additions, p.addition_co2)),
        "other": [_product({F.OTHER: p.other_direct})],
        "counted": [_product({F.CAPTURE: -counted_capture(a, p)})],
        "power": _times(_power(a, p, clinker, heat, cement), _grid(a, p)),
    }


def _product(factors: Mapping[Factor, Any]) -> Product:
    return Product(factors, _EVERYWHERE)


def _made(amount: Any, shares: Column) -> Product:
    """What sites make, as the total of the place shown times the part of a site. [t]

    The total is consolidated, as the place's emissions are. A site that is not consolidated is no
    part of it, and is a place by itself.
    """
    total = np.where(shares > 0, np.sum(shares * amount, axis=0), amount)
    return _product({F.OUTPUT: total, F.STRUCTURE: divided(amount, total)})


def _clinker(
    a: Activity[Any], p: SiteYear, kiln: Mask, cement: Product, sold: Product
) -> list[Product]:
    terms = [
        *_recipe(p, cement, clinker_for_cement(a, p)),
        sold,
        _product({F.CLINKER_BOUGHT: -a.clinker_bought}),
    ]
    return [Product(term.factors, kiln) for term in terms]


def _heat(a: Activity[Any], p: SiteYear, clinker: list[Product], cement: Product) -> list[Product]:
    return [
        *_per(a.clinker, clinker, F.HEAT, kiln_heat(a, p)),
        *_recipe(p, cement, weighted_sum(a.additions, p.addition_heat)),
        _product({F.CAPTURE: captured(a) * p.capture_heat}),
    ]


def _power(
    a: Activity[Any],
    p: SiteYear,
    clinker: list[Product],
    heat: list[Product],
    cement: Product,
) -> list[Product]:
    """What is needed beside waste heat power."""
    electric = divided(weighted_sum(a.heat, p.heat_power), total_heat(a))
    return [
        *_times(clinker, {F.POWER: p.power_clinker}),
        *_times([cement], {F.POWER: p.power_cement}),
        *_recipe(p, cement, weighted_sum(a.additions, p.addition_power)),
        _product({F.OTHER: p.other_power}),
        _product({F.CAPTURE: captured(a) * p.capture_power}),
        *_times(heat, {F.FUEL_MIX: electric}),
        *_per(a.clinker, clinker, F.WASTE_HEAT, -a.waste_heat_power),
    ]


def _fuels(a: Activity[Any], p: SiteYear) -> Mapping[Factor, Any]:
    fossil, biogenic = combustion_emissions(a, p), biogenic_emissions(a, p)
    return {
        F.FUEL_MIX: divided(fossil + biogenic, total_heat(a)),
        F.BIOMASS: divided(fossil, fossil + biogenic),
    }


def _grid(a: Activity[Any], p: SiteYear) -> Mapping[Factor, Any]:
    needed = power_demand(a, p) - a.waste_heat_power
    return {F.RENEWABLES: divided(needed - a.renewable_power, needed), F.GRID: p.grid_factor}


def _recipe(p: SiteYear, cement: Product, amount: Any) -> list[Product]:
    """What cement is made of, or what its additions bring along, per cement."""
    return _per(p.cement, [cement], F.CLINKER_RATIO, amount)


def _per(whole: Any, terms: list[Product], factor: Factor, amount: Any) -> list[Product]:
    """An amount as a whole (the sum of terms) times its ratio to it; by itself where that is 0."""
    each = _times(terms, {factor: divided(amount, whole)})
    return [*each, _product({factor: np.where(np.not_equal(whole, 0), 0.0, amount)})]


def _times(terms: Iterable[Product], factors: Mapping[Factor, Any]) -> list[Product]:
    return [Product({**term.factors, **factors}, term.sites) for term in terms]


class Matrices:
    """Products as matrices, one for each year: a row for a term and a site, a column for a factor.

    1 where a factor has no part; 0 at sites that have no such term.
    """

    def __init__(self, terms: Sequence[Product], shape: tuple[int, int]) -> None:
        self._shape = (len(terms), shape[0], len(FACTORS))
        self._columns = [
            (n, FACTORS.index(factor), np.broadcast_to(np.where(term.sites, values, 0.0), shape))
            for n, term in enumerate(terms)
            for factor, values in term.factors.items()
        ]

    def at(self, year: int) -> Array:
        """The matrix of a year, by its number."""
        found = np.ones(self._shape)
        for n, factor, values in self._columns:
            found[n, :, factor] = values[:, year]
        return found.reshape(-1, len(FACTORS))


def _sites(terms: Iterable[Product], count: int) -> Mask:
    """By site and factor, whether the factor has a part in any term."""
    found = np.zeros((count, len(FACTORS)), dtype=bool)
    for term in terms:
        for factor in term.factors:
            found[:, FACTORS.index(factor)] |= np.broadcast_to(term.sites, (count, 1))[:, 0]
    return found


def defined(levels: Array, other: Array) -> Array:
    """A ratio that does not exist takes the other year's value, so that it has no effect.

    A kiln that is closed has no clinker ratio: all it does not emit is then due to its part of the
    output, and where all are closed, to output.
    """
    filled: Array = np.nan_to_num(np.where(np.isnan(levels), other, levels))
    return filled


def _level(account: Inventory, source: str) -> Any:
    value = getattr(account, source)
    return -value if source == "counted" else value


def _change(site: str, row: int, one: SourceEffects) -> Change:
    lmdi, shapley = one.sums
    return Change(
        site=site,
        source=one.source,
        start=float(one.start[row]),
        end=float(one.end[row]),
        lmdi=float(lmdi[row]),
        shapley=float(shapley[row]),
    )


def _confirm(sites: Sequence[str], sources: Sequence[SourceEffects], sizes: Column) -> None:
    """sizes: of each site."""
    exact = []
    for one in sources:
        residual = np.max([np.abs(s - (one.end - one.start)) for s in one.sums], axis=0)
        size = np.maximum(sizes, np.maximum(np.abs(one.start), np.abs(one.end)))
        exact.append(residual <= EXACT * size)
    for row, number in np.argwhere(~np.stack(exact, axis=1)).tolist():
        change = _change(sites[row], row, sources[number])
        raise RecountError(
            message(
                "the effects on {source} of '{site}' are {lmdi:.9g} t by LMDI and "
                "{shapley:.9g} t by Shapley value; the accounts change by {change:.9g} t",
                source=change.source,
                site=change.site,
                lmdi=change.lmdi,
                shapley=change.shapley,
                change=change.end - change.start,
            )
        )
