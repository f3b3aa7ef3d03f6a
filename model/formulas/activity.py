"""The quantities decided for one site in one year, and its parameters.

``Activity[Q]`` holds the decisions. ``Q`` is a float where one site's year is worked by hand, a
column over (site, year) in accounts, recount and tables, and a block of linear expressions in the
programme. ``SiteYear`` holds parameters only: floats, or columns, which stand in the place of
floats (and are typed as such), since every formula takes either. Every formula of this package is a
sum of *quantity x parameter*; the protocol below has no product of two quantities, so a formula
that is not linear does not type-check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, Self, TypeVar


class Quantity(Protocol):
    """What can be added to its like, or to a parameter, and scaled by a parameter."""

    def __add__(self, other: Self | float, /) -> Self: ...
    def __sub__(self, other: Self | float, /) -> Self: ...
    def __mul__(self, factor: float, /) -> Self: ...


Q = TypeVar("Q", bound=Quantity)


@dataclass(frozen=True, slots=True)
class Activity(Generic[Q]):
    """What one site does in one year.

    cement: cement made, given or decided [t]
    clinker: clinker made [t]
    clinker_bought: clinker bought from others [t]
    additions: each mineral addition ground into cement, by material [t]
    alternative_raw: each alternative raw material fed to the kiln, wet, by material [t]
    heat: heat of each fuel, lower heating value, by fuel [GJ]
    waste_heat_power, renewable_power: power that need not be bought [MWh]
    own_power: power of sources of its own that burn fuel, by generator [MWh]
    captured_storage, captured_use: CO2 captured for storage and for use [t CO2]
    uncredited: CaO and MgO of alternative raw materials beyond what clinker holds, which avoid no
        calcination CO2, by oxide (``cao``, ``mgo``), as far as a material of the case has any [t]
    clinker_sent, clinker_received: clinker that leaves for other sites of the group, and that
        arrives from them, by route [t]
    product_additions: what of each mineral addition is ground into each cement product, by product
        and material, where a site's cement is told by products [t]
    """

    cement: Q
    clinker: Q
    clinker_bought: Q
    additions: Mapping[str, Q]
    alternative_raw: Mapping[str, Q]
    heat: Mapping[str, Q]
    waste_heat_power: Q
    renewable_power: Q
    captured_storage: Q
    captured_use: Q
    uncredited: Mapping[str, Q] = field(default_factory=dict)
    clinker_sent: Mapping[str, Q] = field(default_factory=dict)
    clinker_received: Mapping[str, Q] = field(default_factory=dict)
    own_power: Mapping[str, Q] = field(default_factory=dict)
    product_additions: Mapping[tuple[str, str], Q] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteYear:
    """The parameters of one site in one year, all in t, GJ, MWh, t CO2 and fractions of 1.

    cement: cement made, as the series has it; ``Activity`` has what is decided [t]
    clinker_sold, clinker_bought, substitutes_sold: sold as clinker, bought from others (given for
        plants with a kiln; a grinding station buys what it needs), cement substitutes sold [t]
    other_direct: mobile, fugitive and small stationary sources [t CO2e]
    other_power: power beside kiln line and cement grinding [MWh]
    power_clinker, power_cement: power per clinker and per cement [MWh/t]
    grid_factor: emissions of bought power [t CO2/MWh]
    capture_heat, capture_power: what capture itself needs [GJ/t CO2], [MWh/t CO2]
    clinker_co2: calcination CO2 of clinker made from carbonates only [t CO2/t]
    clinker_cao, clinker_mgo: CaO and MgO that clinker holds [t/t]
    raw_per_clinker: raw meal per clinker [t/t]
    fossil_factor, biogenic_factor: CO2 per heat, by fuel [t CO2/GJ]
    biomass_fraction: by fuel [1]
    heat_power: power per heat, of electric heat only, by fuel [MWh/GJ]
    burns: 1 for a fuel that burns, 0 for electric heat, by fuel [1]
    waste_heat_yield: power that waste heat of a kiln can give, per heat, at most [MWh/GJ]
    raw_cao, raw_mgo: CaO and MgO in a wet t of alternative raw material, by material [t/t]
    raw_co2: calcination CO2 that a wet t of alternative raw material avoids, by material [t CO2/t]
    addition_co2, addition_heat, addition_power: own CO2, heat and power of mineral additions, by
        material [t CO2/t], [GJ/t], [MWh/t]
    counted_storage, counted_use: the part of CO2 captured that may be deducted from scope 1 [1]
    most_cement: cement that it makes, or where it is decided that of all who share the total [t]
    share: the consolidated part of the site [1]
    has_kiln, makes_cement, burns_fuel: what the site is in the year
    product_share: the part of its cement that is of a product, by product [1]
    transport_co2: emission of the group's own vehicles per clinker sent, by route [t CO2e/t]
    generator_co2, generator_biogenic: CO2 of own power, by generator [t CO2/MWh]
    """

    cement: float
    clinker_sold: float
    clinker_bought: float
    substitutes_sold: float
    other_direct: float
    other_power: float
    power_clinker: float
    power_cement: float
    grid_factor: float
    capture_heat: float
    capture_power: float
    clinker_co2: float
    clinker_cao: float
    clinker_mgo: float
    raw_per_clinker: float
    fossil_factor: Mapping[str, float]
    biogenic_factor: Mapping[str, float]
    biomass_fraction: Mapping[str, float]
    heat_power: Mapping[str, float]
    burns: Mapping[str, float]
    waste_heat_yield: float
    raw_cao: Mapping[str, float]
    raw_mgo: Mapping[str, float]
    raw_co2: Mapping[str, float]
    addition_co2: Mapping[str, float]
    addition_heat: Mapping[str, float]
    addition_power: Mapping[str, float]
    counted_storage: float
    counted_use: float
    most_cement: float
    share: float = 1.0
    has_kiln: bool = True
    makes_cement: bool = True
    burns_fuel: bool = True
    product_share: Mapping[str, float] = field(default_factory=dict)
    transport_co2: Mapping[str, float] = field(default_factory=dict)
    generator_co2: Mapping[str, float] = field(default_factory=dict)
    generator_biogenic: Mapping[str, float] = field(default_factory=dict)
