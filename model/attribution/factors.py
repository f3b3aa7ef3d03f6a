"""Emissions of each site as products of its levers: the factors that a change is due to."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, cast

import numpy as np

from model.case.columns import Column, Mask, divided
from model.formulas.activity import Activity, SiteYear
from model.formulas.balances import clinker_for_cement, kiln_heat, total_heat
from model.formulas.emissions import (
    biogenic_emissions,
    captured,
    combustion_emissions,
    counted_capture,
    indirect_emissions,
    less,
    more,
    own_power_emissions,
    power_demand,
    process_emissions,
    transport_emissions,
    weighted_sum,
)
from model.messages.message import mark


class Factor(StrEnum):
    """What a change of emissions is due to.

    OUTPUT: cement that all sites of the place shown make together, and clinker that they sell [t]
    STRUCTURE: the part of each that a site makes [1]
    CLINKER_RATIO: clinker per cement, and the CO2, heat and power of the additions per cement
    CLINKER_BOUGHT: clinker that the site does not make, bought or of other sites of the group [t]
    RAW_MATERIALS: process CO2 per clinker [t/t]
    HEAT: kiln heat per clinker [GJ/t]
    FUEL_MIX: CO2 of the fuels per heat, fossil and biogenic [t/GJ]; electric heat [MWh/GJ]
    BIOMASS: fossil part of that CO2 [1]
    POWER: power per clinker and per cement [MWh/t]
    WASTE_HEAT: waste heat power per clinker [MWh/t]
    RENEWABLES: part of the power needed beside it that is not renewable [1]
    GRID: grid factor, of what is bought or burnt for power [t/MWh]
    OTHER: what the case gives as amounts: other direct emissions [t], other power [MWh]; and the
        group's own transport of clinker [t]
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


def kilns_of(before: SiteYear, after: SiteYear) -> Mask:
    """The sites, by year, that have a kiln in one state or the other."""
    return cast(Mask, np.logical_or(before.has_kiln, after.has_kiln))


def products(
    a: Activity[Any], p: SiteYear, shares: Column, kilns: Mask
) -> dict[str, list[Product]]:
    """source -> products of levers that add up to its emissions. [t CO2e]

        cement     = cement of the place shown · part that the site makes
        sold       = clinker that the place shown sells · part that the site sells
        clinker    = cement · ratio + sold − bought or received + sent
        heat       = clinker · heat per clinker + cement · heat of additions + heat of capture
        demand     = clinker · power per clinker + cement · (power per cement + power of additions)
                   + other power + power of capture + heat · power per heat
        process    = clinker · CO2 per clinker
        combustion = heat · CO2 per heat · fossil part
        power      = (demand − clinker · waste heat power per clinker)
                   · part that is not renewable · grid factor
        own power  = the same with its own CO2 per power

    and additions, other direct emissions and counted capture as they are: the formulas of
    ``emissions`` and ``balances``, by ratio. NaN where a ratio does not exist (0 of 0). Where a
    site has power sources that burn fuel, the grid factor is that of all power that is bought or
    burnt for. shares: of each site, 0 of one that is not of the place shown. kilns: sites with a
    kiln in one of the years that are compared; elsewhere there is no clinker. A site whose kiln is
    gone buys all its clinker, so what the kiln emitted is a matter of clinker bought.
    """
    cement, sold = _made(a.cement, shares), _made(p.clinker_sold, shares)
    clinker = _clinker(a, kilns, [*_recipe(a, cement, clinker_for_cement(a, p)), sold])
    heat = _heat(a, p, clinker, cement)
    needed = _power(a, p, clinker, heat, cement)
    burnt = {"own_power": _times(needed, _own(a, p))} if a.own_power else {}
    return {
        "process": _per(a.clinker, clinker, F.RAW_MATERIALS, process_emissions(a, p)),
        "combustion": _times(heat, _fuels(a, p)),
        "additions": _recipe(a, cement, weighted_sum(a.additions, p.addition_co2)),
        **burnt,
        "other": [_product({F.OTHER: transport_emissions(a, p) + p.other_direct})],
        "counted": [_product({F.CAPTURE: -counted_capture(a, p)})],
        "power": _times(needed, _grid(a, p)),
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


def _clinker(a: Activity[Any], kilns: Mask, used: Iterable[Product]) -> list[Product]:
    """used: what is ground or sold of it."""
    elsewhere = less(more(a.clinker_bought, a.clinker_received), a.clinker_sent)
    terms = [*used, _product({F.CLINKER_BOUGHT: -elsewhere})]
    return [Product(term.factors, kilns) for term in terms]


def _heat(a: Activity[Any], p: SiteYear, clinker: list[Product], cement: Product) -> list[Product]:
    return [
        *_per(a.clinker, clinker, F.HEAT, kiln_heat(a, p)),
        *_recipe(a, cement, weighted_sum(a.additions, p.addition_heat)),
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
        *_recipe(a, cement, weighted_sum(a.additions, p.addition_power)),
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
    if a.own_power:
        return _burnt_or_bought(a, p, indirect_emissions(a, p))
    needed = power_demand(a, p) - a.waste_heat_power
    return {F.RENEWABLES: divided(needed - a.renewable_power, needed), F.GRID: p.grid_factor}


def _own(a: Activity[Any], p: SiteYear) -> Mapping[Factor, Any]:
    return _burnt_or_bought(a, p, own_power_emissions(a, p))


def _burnt_or_bought(a: Activity[Any], p: SiteYear, emitted: Any) -> Mapping[Factor, Any]:
    """emitted: by what is bought, or by what is burnt for power."""
    needed = power_demand(a, p) - a.waste_heat_power
    left = needed - a.renewable_power
    return {F.RENEWABLES: divided(left, needed), F.GRID: divided(emitted, left)}


def _recipe(a: Activity[Any], cement: Product, amount: Any) -> list[Product]:
    """What cement is made of, or what its additions bring along, per cement."""
    return _per(a.cement, [cement], F.CLINKER_RATIO, amount)


def _per(whole: Any, terms: list[Product], factor: Factor, amount: Any) -> list[Product]:
    """An amount as a whole (the sum of terms) times its ratio to it; by itself where that is 0."""
    each = _times(terms, {factor: divided(amount, whole)})
    return [*each, _product({factor: np.where(np.not_equal(whole, 0), 0.0, amount)})]


def _times(terms: Iterable[Product], factors: Mapping[Factor, Any]) -> list[Product]:
    return [Product({**term.factors, **factors}, term.sites) for term in terms]
