"""The levers: what a bound or a plan line may speak of, as amounts and the totals they are part of.

A bound on a ratio, ``amount / total <= value``, becomes the linear row ``amount − value · total
<= 0``; this module gives both sides, for accounts and programme alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from model.case.types import Bound
from model.case.units import Dimension as D
from model.formulas.activity import Activity, Q, SiteYear
from model.formulas.balances import (
    additions_of,
    clinker_for_cement,
    clinker_in_product,
    kiln_heat,
    product_cement,
    raw_meal,
    total_heat,
)
from model.formulas.emissions import bought_power, power_demand, stack_co2, weighted_sum
from model.messages.message import mark

CAPTURE = ("storage", "use")


@dataclass(frozen=True, slots=True)
class Lever:
    """quantity: the dimension of its amount; ratios: its accepted ratios, the natural one first.

    fixed_total: whether the total of the natural ratio is known beforehand, so that a bound on the
    yearly change of the ratio is linear. selects: what ``which`` names.
    """

    quantity: D
    ratios: tuple[D, ...]
    fixed_total: bool
    selects: str
    meaning: str
    also_quantity: tuple[D, ...] = ()


# The largest ratio of each dimension that a bound or a plan line may have.
MOST = {
    D.SHARE: 1.0,
    D.POINTS_PER_YEAR: 1.0,
    D.RELATIVE_PER_YEAR: 1000.0,
    D.HEAT_PER_MASS: 20.0,
    D.POWER_PER_MASS: 1.0,
}

LEVERS: dict[str, Lever] = {
    "clinker_ratio": Lever(D.MASS, (D.SHARE,), True, "", mark("clinker in cement, per cement")),
    "cement": Lever(D.MASS, (), False, "", mark("cement made, where the output is decided")),
    "clinker": Lever(D.MASS, (), False, "", mark("clinker made")),
    "clinker_bought": Lever(D.MASS, (), False, "", mark("clinker bought by grinding stations")),
    "clinker_moved": Lever(
        D.MASS, (), False, "route", mark("clinker moved from one site of the group to another")
    ),
    "addition": Lever(D.MASS, (D.SHARE,), True, "addition", mark("mineral additions, per cement")),
    "alternative_raw": Lever(
        D.MASS,
        (D.SHARE,),
        False,
        "alternative_raw",
        mark("alternative raw materials, per raw meal"),
    ),
    "fuel": Lever(
        D.HEAT, (D.SHARE,), False, "fuel", mark("heat of fuels, per total heat"), (D.MASS,)
    ),
    "heat_intensity": Lever(D.HEAT, (D.HEAT_PER_MASS,), False, "", mark("kiln heat, per clinker")),
    "waste_heat_power": Lever(
        D.POWER,
        (D.SHARE, D.POWER_PER_MASS),
        False,
        "",
        mark("waste heat power, per demand or clinker"),
    ),
    "renewable_power": Lever(
        D.POWER, (D.SHARE,), False, "", mark("renewable power, per power demand")
    ),
    "own_power": Lever(
        D.POWER,
        (D.SHARE,),
        False,
        "generator",
        mark("power of sources of its own that burn fuel, per power demand"),
    ),
    "grid_power": Lever(
        D.POWER, (D.SHARE,), False, "", mark("power bought from the grid, per power demand")
    ),
    "capture": Lever(D.MASS, (D.SHARE,), False, "capture", mark("CO2 captured, per stack CO2")),
}

CHANGE = {
    D.MASS: D.MASS_PER_YEAR,
    D.HEAT: D.HEAT_PER_YEAR,
    D.POWER: D.POWER_PER_YEAR,
}


def level_dimensions(lever: Lever) -> tuple[D, ...]:
    """Dimensions in which a level (min, max, fixed, or a plan line) may be written."""
    quantity = (lever.quantity,) if lever.ratios != (D.HEAT_PER_MASS,) else ()
    return (*lever.ratios, *quantity, *lever.also_quantity)


def change_dimensions(lever: Lever) -> tuple[D, ...]:
    """Dimensions in which a change from year to year may be bounded."""
    points = (D.POINTS_PER_YEAR,) if lever.fixed_total else ()
    return (CHANGE[lever.quantity], D.RELATIVE_PER_YEAR, *points)


def sum_dimensions(lever: Lever) -> tuple[D, ...]:
    """Dimensions in which the sum over years may be bounded: amounts."""
    return (lever.quantity, *lever.also_quantity)


def amount(
    lever: str, weights: Mapping[str, float], a: Activity[Q], p: SiteYear, product: str = ""
) -> Q:
    """The amount of a lever in one site and year, inside units; of one product, where it is told.

    What is of a product is 0 at sites that do not make it.
    """
    if product:
        return _of_product(lever, weights, a, p, product)
    match lever:
        case "addition":
            return weighted_sum(a.additions, weights)
        case "alternative_raw":
            return weighted_sum(a.alternative_raw, weights)
        case "fuel":
            return weighted_sum(a.heat, weights)
        case "clinker_moved":
            return weighted_sum(a.clinker_sent, weights)
        case "own_power":
            return weighted_sum(a.own_power, weights)
        case "capture":
            captured = {"storage": a.captured_storage, "use": a.captured_use}
            return weighted_sum(captured, weights)
    return _single(lever, a, p)


def _single(lever: str, a: Activity[Q], p: SiteYear) -> Q:
    """The amount of a lever of which there is one at each site."""
    match lever:
        case "clinker_ratio":
            return clinker_for_cement(a, p)
        case "cement":
            return a.cement
        case "clinker":
            return a.clinker
        case "clinker_bought":
            return a.clinker_bought
        case "heat_intensity":
            return kiln_heat(a, p)
        case "waste_heat_power":
            return a.waste_heat_power
        case "renewable_power":
            return a.renewable_power
        case "grid_power":
            return bought_power(a, p)
    raise KeyError(lever)


def _of_product(
    lever: str, weights: Mapping[str, float], a: Activity[Q], p: SiteYear, product: str
) -> Q:
    if lever == "clinker_ratio":
        return clinker_in_product(a, p, product)
    return weighted_sum(additions_of(a, product), weights)


def total(lever: str, dimension: D, a: Activity[Q], p: SiteYear, product: str = "") -> Q:
    """The total that a ratio of the lever is part of, in one site and year."""
    match lever, dimension:
        case (("clinker_ratio" | "addition"), _):
            return product_cement(a, p, product) if product else a.cement
        case "alternative_raw", _:
            return raw_meal(a, p)
        case "fuel", _:
            return total_heat(a)
        case "heat_intensity", _:
            return a.clinker
        case "waste_heat_power", D.POWER_PER_MASS:
            return a.clinker
        case (("waste_heat_power" | "renewable_power" | "own_power" | "grid_power"), _):
            return power_demand(a, p)
        case "capture", _:
            return stack_co2(a, p)
    raise KeyError(lever)


def bound_weights(bound: Bound, p: SiteYear) -> Mapping[str, float]:
    """Weights of what a bound covers; ``biomass`` follows each fuel's biomass fraction."""
    if bound.lever == "fuel" and bound.which == "biomass":
        return {fuel: w * p.biomass_fraction[fuel] for fuel, w in bound.weights.items()}
    return bound.weights


def bound_amount(bound: Bound, a: Activity[Q], p: SiteYear) -> Q:
    """The amount that a bound speaks of, in one of its sites."""
    return amount(bound.lever, bound_weights(bound, p), a, p, bound.product)


def is_ratio(bound: Bound) -> bool:
    """Whether the bound limits a ratio, and not an amount."""
    return bound.dimension in (*LEVERS[bound.lever].ratios, D.POINTS_PER_YEAR)
