"""Between which numbers nature and practice lie, each range with where it comes from.

Where no guideline or derivation is named, a range is assumed: what plants report, made wider, so
that no plant that exists is told of. All in inside units: t, GJ, MWh, parts of 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from model.case.types import Fuel, FuelKind, Scope
from model.case.units import Dimension as D
from model.messages.message import mark


@dataclass(frozen=True, slots=True)
class Range:
    """What lies between ``least`` and ``most`` is likely; ``low``, ``high``: why not beyond.

    zero: whether 0 is likely too, as where there is none of it.
    """

    least: float
    most: float
    low: str
    high: str
    zero: bool = True

    def why_not(self, value: float) -> str:
        """Why a value is unlikely; empty where it is likely."""
        if value < self.least and (value != 0 or not self.zero):
            return self.low
        return self.high if value > self.most else ""


def _about(least: float, most: float, why: str, *, zero: bool = True) -> Range:
    """A range with one reason for both of its ends."""
    return Range(least, most, why, why, zero)


# Kiln heat. 1.75 GJ/t is the heat of clinker formation, without any loss. The best kilns report 2.8
# to 3.0, long wet ones 5 to 7: 2.7 and 15 are assumed.
_KILN_HEAT = mark("kilns burn 2.8 (the best) to 7 GJ/t clinker (long wet ones)")
_HEATS = (
    Range(1.75, 15.0, mark("the chemistry of clinker alone takes 1.75 GJ/t"), _KILN_HEAT, False),
    _about(2.7, 15.0, _KILN_HEAT, zero=False),
)
# Boilers on preheater and cooler: IFC 2014, Waste heat recovery for the cement sector: 20 to 45
# kWh/t clinker, up to 30 % of a plant's power. Wider: assumed.
_BOILERS = mark("boilers on preheater and cooler give 20 to 45 kWh/t clinker")
LEVELS: Mapping[tuple[str, D], tuple[Range, ...]] = {
    ("heat_intensity", D.HEAT_PER_MASS): _HEATS,
    ("waste_heat_power", D.POWER_PER_MASS): (_about(0.0005, 0.06, _BOILERS),),
    ("waste_heat_power", D.SHARE): (
        Range(0.0, 0.4, "", mark("waste heat gives up to some 30 % of a cement plant's power")),
    ),
    ("clinker_ratio", D.SHARE): (  # EN 197-1:2011, table 1: CEM III/C
        Range(0.05, 1.0, mark("no cement of EN 197-1 holds less than 5 % clinker"), ""),
    ),
}

# Clinker. CaO: IPCC 2006, vol. 3 ch. 2: 60 to 67 %. MgO: standards end at 5 or 6 %; 0 is of those
# who leave it out. Raw meal: 1.5 t by the loss of CO2. Wider: assumed.
SITES: Mapping[str, Range] = {
    "clinker_cao": _about(0.55, 0.70, mark("clinker holds 60 to 67 % CaO"), zero=False),
    "clinker_mgo": _about(0.003, 0.06, mark("clinker holds 0.5 to 5 % MgO")),
    "raw_per_clinker": _about(1.25, 2.0, mark("clinker takes 1.5 to 1.7 t of raw meal per t")),
}

# Alternative raw materials. Slaked lime, dry, holds 56.08 / 74.09 = 75.7 % CaO: what holds more is
# burnt lime, whose CO2 left elsewhere. The rest is assumed.
_LIME = mark("slags, sludges and ashes hold 5 to 50 % CaO, slaked lime 76 %")
RAW: Mapping[str, Range] = {
    "cao": _about(0.01, 0.76, _LIME),
    "mgo": _about(0.001, 0.3, mark("slags and ashes hold 0.5 to 15 % MgO")),
    "moisture": Range(0.005, 0.9, mark("they hold 5 to 40 % water as they are weighed"), ""),
}
# Mineral additions. Burning limestone gives 44.01 / 56.08 = 0.785 t CO2 per t of lime; calcined
# clay takes 2.2 to 3.0 GJ/t, grinding 5 to 100 kWh/t: wider, and the lower ends, assumed.
ADDITION: Mapping[str, Range] = {
    "co2": _about(0.001, 0.8, mark("burnt lime gives 0.785 t CO2/t, calcined clay next to none")),
    "heat": _about(0.01, 5.0, mark("calcined clay takes 2.2 to 3.0 GJ/t, drying some 0.1")),
    "power": _about(0.001, 0.3, mark("grinding takes 5 to 100 kWh/t")),
}

# Routes: a truck gives some 0.06 to 0.1 kg/(t km), ships and trains less: 0.2 t is of 2,000 km by
# truck, farther than clinker goes. Power sources: 3.6 GJ/MWh is all heat, 20 GJ/MWh 18 % of it,
# less than any that is run for power. Both upper ends assumed.
ROUTES: Mapping[str, Range] = {
    "transport": Range(0.0, 0.2, "", mark("clinker goes 2,000 km by truck with 200 kg/t")),
}
GENERATORS: Mapping[str, Range] = {
    "heat_rate": _about(
        3.6, 20.0, mark("power takes 3.6 (all heat) to 20 GJ/MWh; plants take 6 to 12"), zero=False
    ),
}

# Series. Lignite gives 1.2 t/MWh. Amines take 2.5 to 4 GJ/t CO2, oxyfuel 200 to 350 kWh/t. All
# wider: assumed.
_SMALL_SHARE = mark("it stays below 1 %")
_CAPTURE_HEAT = mark("amines take 2.5 to 4 GJ/t CO2, oxyfuel next to none")
_CAPTURE_POWER = mark("compressing CO2 takes some 100 kWh/t, oxyfuel 200 to 350")
SERIES: Mapping[str, Range] = {
    "power_clinker": _about(0.015, 0.2, mark("raw mill and kiln take 50 to 80 kWh/t clinker")),
    "power_cement": _about(0.008, 0.15, mark("cement mills take 25 to 60 kWh/t cement")),
    "grid_factor": Range(0.0, 1.3, "", mark("power of lignite alone has 1.2 t CO2/MWh")),
    "capture_heat": _about(0.01, 8.0, _CAPTURE_HEAT),
    "capture_power": _about(0.02, 1.0, _CAPTURE_POWER),
    "bought_clinker_co2": _about(0.5, 1.3, mark("clinker has 0.7 to 1.1 t CO2/t")),
    "bought_cement_co2": _about(0.1, 1.3, mark("cement has 0.2 to 1.0 t CO2/t")),
}
# Of the inventory year alone: that a grid falls to nothing later is what scenarios say. Assumed.
GRID_TODAY = Range(
    0.003, 1.3, mark("grids of nuclear and water power have some 0.02 t CO2/MWh"), "", False
)
# Shares that may begin small, and are small in every year only under a wrong unit. Assumed.
SMALL_SHARE = Range(0.01, 1.0, _SMALL_SHARE, "")
SHARES = ("captured_biogenic_share", "biomass_fraction")  # of the series

# Sector pathways, in their first year: cement has some 0.6 t of scope 1 and 0.05 t of scope 2 per t
# of cementitious product (anchors of the package: 0.58). Wider: assumed.
SECTORS: Mapping[Scope, Range] = {
    Scope.ONE: _about(0.1, 1.3, mark("a cement sector has 0.4 to 0.9 t CO2/t in scope 1")),
    Scope.TWO: _about(0.001, 0.4, mark("a cement sector has 0.01 to 0.1 t CO2/t in scope 2")),
}

# Fuels: IPCC 2006, vol. 2 ch. 1, tables 1.2 to 1.4, from the lowest lower to the highest upper
# value of a class. Hydrogen has 120 GJ/t by its lower heating value, 142 by its higher.
_HEATING_VALUE = _about(2.0, 55.0, mark("fuels have 2 to 50 GJ/t"))
_HYDROGEN = _about(115.0, 125.0, mark("the lower heating value of hydrogen is 120 GJ/t"))
_FOSSIL = mark("gas has 56, coal 95, lignite 101 kg CO2/GJ")
_WASTE = _about(0.037, 0.183, mark("wastes have 73 to 143 kg CO2/GJ"), zero=False)
_FACTORS: Mapping[FuelKind, Range] = {
    FuelKind.FOSSIL: _about(0.037, 0.125, _FOSSIL, zero=False),
    FuelKind.FOSSIL_WASTE: _WASTE,
    FuelKind.MIXED_WASTE: _WASTE,
    FuelKind.BIOMASS: _about(0.046, 0.132, mark("biomass has 55 to 112 kg CO2/GJ")),
}
_LEAN = 10.0  # below it a fossil fuel may be blast furnace gas: 2.5 GJ/t and 260 kg/GJ [GJ/t]
_LEAN_FACTOR = Range(0.037, 0.308, _FOSSIL, mark("blast furnace gas has 260 kg CO2/GJ"), False)


def fuel_ranges(fuel: Fuel) -> Mapping[str, Range]:
    """The ranges of a fuel's numbers, by column; none of those that follow from its kind."""
    found: dict[str, Range] = {}
    if fuel.heating_value:
        hydrogen = fuel.kind is FuelKind.HYDROGEN
        found["heating_value"] = _HYDROGEN if hydrogen else _HEATING_VALUE
    if fuel.kind in _FACTORS:
        lean = fuel.kind is FuelKind.FOSSIL and fuel.heating_value < _LEAN
        found["co2_factor"] = _LEAN_FACTOR if lean else _FACTORS[fuel.kind]
    if fuel.kind is FuelKind.MIXED_WASTE:
        found["biomass_fraction"] = SMALL_SHARE
    return found
