"""The variables of an IAMC export: standard names where there are any, and kilnpath's own.

Each says how regions of a variable add up, in the attributes of nomenclature (its user guide,
"Variable": ``weight``, ``skip-region-aggregation``), which adds all others: a ratio is weighted by
what it is a ratio of, or is not aggregated where that is not exported in every row.

Standard names, units and the entries they come from: repository IAMconsortium/common-definitions,
the versions named in ``STANDARD``, read on 2026-11-21. A number is exported under a standard name
only where it is what that entry defines. Net CO2 of calcination and of combustion apart
(``Emissions|CO2|Industrial Processes|Cement``) is not: capture treats both in one stack.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

ANY = "*"  # each fuel or material has a variable of its own; its name stands for {which}
_OWN = "kilnpath|"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its name, its unit and what it is. ``: ; "`` are not allowed by nomenclature.

    weight: the variable by which regions of a ratio are weighted; adds_up: whether there is a way
    to make one region of several, else nomenclature leaves the variable out.
    """

    name: str
    unit: str
    description: str
    weight: str = ""
    adds_up: bool = True

    def of(self, which: str, material: str = "") -> "Variable":
        """The variable of one fuel, material, route, power source, product or target.

        material: which addition, where it is one of a product.
        """
        name, description, weight = (
            text.replace("{which}", which).replace("{material}", material)
            for text in (self.name, self.description, self.weight)
        )
        return replace(self, name=name, description=description, weight=weight)

    def of_company(self) -> "Variable":
        """The ratio as the company reports or plans it: what it is a ratio of is not exported."""
        name = f"{_OWN}Company|{self.name.removeprefix(_OWN)}"
        said = f"{self.description}, as the company reports or plans it"
        return Variable(name, self.unit, said, adds_up=False)

    @property
    def rule(self) -> dict[str, str | bool]:
        """How regions add up, as nomenclature reads it."""
        if not self.adds_up:
            return {"skip-region-aggregation": True}
        return {"weight": self.weight} if self.weight else {}


FACTORS: Mapping[
    tuple[str, str], float
] = {  # (unit of a table, unit of a variable) -> exact factor
    ("t", "Mt/yr"): 1e-6,
    ("t", "Mt CO2-equiv/yr"): 1e-6,
    ("t", "Mt CO2-equiv"): 1e-6,
    ("t CO2", "Mt CO2/yr"): 1e-6,
    ("t CO2e", "Mt CO2/yr"): 1e-6,
    ("t CO2e", "Mt CO2-equiv/yr"): 1e-6,
    ("GJ", "EJ/yr"): 1e-9,
    ("MWh", "EJ/yr"): 3.6e-9,
    ("1", "%"): 100.0,
    ("GJ/t", "GJ/t"): 1.0,
    ("MWh/t", "MWh/t"): 1.0,
    ("t/t", "t CO2-equiv/t"): 1.0,
    ("t CO2e/t", "t CO2-equiv/t"): 1.0,
}

_MT, _EJ, _CO2, _CO2E = "Mt/yr", "EJ/yr", "Mt CO2/yr", "Mt CO2-equiv/yr"

_FINAL_ENERGY = "energy/final-energy.yaml, commit e03775f"
_PRODUCTION = "industry/production.yaml, commit 8b3ee39"
_CAPTURE = "emissions/carbon-management.yaml, commit 8b12fd7"
_EMISSIONS = "emissions/emissions.yaml, commit 8b3ee39"

_CEMENT = Variable("Production|Non-Metallic Minerals|Cement", _MT, "Cement made")
_CLINKER = Variable("Production|Non-Metallic Minerals|Cement Clinker", _MT, "Clinker made")
_CAPTURED = Variable("Carbon Capture", _CO2, "CO2 captured, for storage and for use")
_STORED = Variable("Carbon Capture|Geological Storage", _CO2, "CO2 captured for storage")
_USED = Variable("Carbon Capture|Utilization", _CO2, "CO2 captured for use")
_NET = Variable(
    "Emissions|Kyoto Gases|Energy and Industrial Processes",
    _CO2E,
    "Scope 1, net of the captured CO2 that the accounting rules of the case deduct",
)
_ELECTRICITY = Variable(
    "Final Energy|Industry|Cement|Electricity",
    _EJ,
    "Power used on site, own power from waste heat and renewables included, and that of capture",
)


def _carrier(name: str, description: str) -> Variable:
    return Variable(f"Final Energy|Industry|Cement|{name}", _EJ, description)


_SOLIDS = _carrier("Solids", "Kiln fuels that are coal, petroleum coke or solid biomass")
_COAL = _carrier("Solids|Coal", "Coal of the kilns")
_BIOMASS = _carrier("Solids|Biomass", "Solid biomass of the kilns")
_LIQUIDS = _carrier("Liquids", "Liquid fuels of the kilns")
_OIL = _carrier("Liquids|Oil", "Oil products of the kilns that are liquid")
_GASES = _carrier("Gases", "Gaseous fuels of the kilns, without hydrogen")
_GAS = _carrier("Gases|Gas", "Natural gas of the kilns")
_HYDROGEN = _carrier("Hydrogen", "Hydrogen of the kilns")
_OTHER = _carrier("Other", "Waste fuels of the kilns, as refuse-derived fuel and waste oil")

STANDARD: Mapping[Variable, str] = {  # variable -> its entry under definitions/variable/
    **dict.fromkeys((_CEMENT, _CLINKER), _PRODUCTION),
    **dict.fromkeys((_CAPTURED, _STORED, _USED), _CAPTURE),
    _NET: _EMISSIONS,
    **dict.fromkeys((_ELECTRICITY, _SOLIDS, _COAL, _BIOMASS, _LIQUIDS, _OIL), _FINAL_ENERGY),
    **dict.fromkeys((_GASES, _GAS, _HYDROGEN, _OTHER), _FINAL_ENERGY),
}

CARRIERS: Mapping[str, tuple[Variable, ...]] = {  # fuel of a case, by id -> what it is a part of
    **dict.fromkeys(("coal", "anthracite", "lignite"), (_SOLIDS, _COAL)),
    "petcoke": (_SOLIDS,),
    **dict.fromkeys(("biomass_fuel", "wood"), (_SOLIDS, _BIOMASS)),
    **dict.fromkeys(("diesel", "fuel_oil"), (_LIQUIDS, _OIL)),
    "natural_gas": (_GASES, _GAS),
    **dict.fromkeys(("rdf", "waste_oil"), (_OTHER,)),
}
CARRIERS_BY_KIND: Mapping[str, tuple[Variable, ...]] = {  # of fuels by whatever id
    "hydrogen": (_HYDROGEN,),
    "electric": (),  # its power is in the electricity used
}


def _own(name: str, unit: str, description: str) -> Variable:
    return Variable(f"{_OWN}{name}", unit, description)


def _ratio(name: str, unit: str, description: str, total: Variable | None) -> Variable:
    """A ratio of ``total``, by which regions are weighted; without, they cannot be aggregated."""
    weight = "" if total is None else total.name
    return replace(_own(name, unit, description), weight=weight, adds_up=total is not None)


def _emitted(name: str, description: str) -> Variable:
    return _own(f"Emissions|{name}", _CO2E, description)


def _of_product(name: str, unit: str, description: str) -> Variable:
    """A variable of one cement product, whose name stands for {which}."""
    return _own(f"Product|{{which}}|{name}", unit, description)


_FUEL_HEAT = _own("Fuel Heat", _EJ, "Heat of all fuels, lower heating value")
_STACK = _own("Stack CO2", _CO2, "CO2 of the kiln stacks before capture, fossil and biogenic")

Variables = Mapping[tuple[str, ...], tuple[Variable, ...]]  # what rows say of themselves -> theirs

PATHWAY: Variables = {  # (quantity, which)
    ("cement", ""): (_CEMENT,),
    ("clinker", ""): (_CLINKER,),
    ("clinker_bought", ""): (_own("Clinker Bought", _MT, "Clinker bought from others"),),
    ("clinker_sold", ""): (_own("Clinker Sold", _MT, "Clinker sold to others"),),
    ("clinker_sent", ANY): (
        _own("Clinker Sent", _MT, "Clinker sent to other sites of the group, counted where sent"),
        _own("Clinker Sent|{which}", _MT, "Clinker sent to another site of the group, by {which}"),
    ),
    ("clinker_received", ANY): (
        _own(
            "Clinker Received",
            _MT,
            "Clinker that arrives from other sites of the group, counted where it arrives",
        ),
        _own(
            "Clinker Received|{which}",
            _MT,
            "Clinker that arrives from another site of the group, by {which}",
        ),
    ),
    ("product_cement", ANY): (_of_product("Cement", _MT, "Cement made, of {which}"),),
    ("product_addition", f"{ANY}/{ANY}"): (
        _of_product("Mineral Addition|{material}", _MT, "{material} ground into {which}"),
    ),
    ("addition", ANY): (
        _own("Mineral Addition|{which}", _MT, "{which} ground into cement in place of clinker"),
    ),
    ("cementitious_product", ""): (
        _own("Cementitious Product", _MT, "Denominator of intensity targets, after SBTi"),
    ),
    ("alternative_raw", ANY): (
        _own("Alternative Raw Material|{which}", _MT, "{which} in the raw meal, as delivered"),
    ),
    ("uncredited", "cao"): (
        _own("CaO Not Credited", _MT, "CaO of raw materials beyond what clinker holds"),
    ),
    ("uncredited", "mgo"): (
        _own("MgO Not Credited", _MT, "MgO of raw materials beyond what clinker holds"),
    ),
    ("heat", ANY): (_own("Fuel Heat|{which}", _EJ, "Heat of {which}, lower heating value"),),
    ("heat", "total"): (_FUEL_HEAT,),
    ("kiln_heat", ""): (
        _own("Kiln Heat", _EJ, "Heat left for the kilns, without that of additions and capture"),
    ),
    ("power_demand", ""): (_ELECTRICITY,),
    ("waste_heat_power", ""): (_own("Power|Waste Heat", _EJ, "Own power from waste heat"),),
    ("renewable_power", ""): (_own("Power|Renewable", _EJ, "Renewable power"),),
    ("own_power", ANY): (
        _own("Power|Own", _EJ, "Own power that burns fuel"),
        _own("Power|Own|{which}", _EJ, "Own power that burns fuel, of {which}"),
    ),
    ("bought_power", ""): (_own("Power|Bought", _EJ, "Power bought from the grid"),),
    ("stack_co2", ""): (_STACK,),
    ("capture", "storage"): (_STORED,),
    ("capture", "use"): (_USED,),
}

EMISSIONS: Variables = {  # (scope, source)
    ("1", "process"): (_NET, _emitted("Scope 1|Process", "Calcination, before capture")),
    ("1", "combustion"): (
        _NET,
        _emitted("Scope 1|Combustion", "Fossil CO2 of fuels, before capture"),
    ),
    ("1", "additions"): (_NET, _emitted("Scope 1|Additions", "Own CO2 of mineral additions")),
    ("1", "own_power"): (_NET, _emitted("Scope 1|Own Power", "Fossil CO2 of own power")),
    ("1", "other"): (_NET, _emitted("Scope 1|Other", "Other direct emissions")),
    ("1", "counted"): (
        _NET,
        _emitted("Scope 1|Captured and Counted", "Captured CO2 that is deducted, negative"),
    ),
    ("2", "power"): (_emitted("Scope 2", "Emissions of bought power"),),
    ("memo", "biogenic"): (
        _own("Biogenic CO2", _CO2, "Biogenic CO2 of fuels before capture, outside scope 1"),
    ),
    ("memo", "captured"): (_CAPTURED,),
}

LEVERS: Variables = {  # (lever, which)
    ("clinker_ratio", ""): (_ratio("Clinker Ratio", "%", "Clinker per cement", _CEMENT),),
    ("addition", "all"): (_ratio("Addition Rate", "%", "Mineral additions per cement", _CEMENT),),
    ("addition", ANY): (_ratio("Addition Rate|{which}", "%", "{which} per cement", _CEMENT),),
    ("alternative_raw", "all"): (
        _ratio(
            "Alternative Raw Material Rate", "%", "Alternative raw materials per raw meal", None
        ),
    ),
    ("alternative_raw", ANY): (
        _ratio("Alternative Raw Material Rate|{which}", "%", "{which} per raw meal", None),
    ),
    ("heat_intensity", ""): (
        _ratio("Kiln Heat Intensity", "GJ/t", "Kiln heat per clinker", _CLINKER),
    ),
    ("fuel", "alternative"): (
        _ratio(
            "Thermal Substitution Rate",
            "%",
            "Heat of all but fossil fuels, of all heat",
            _FUEL_HEAT,
        ),
    ),
    ("fuel", "biomass"): (
        _ratio("Biomass Rate", "%", "Heat of biogenic carbon, of all heat", _FUEL_HEAT),
    ),
    ("fuel", ANY): (_ratio("Fuel Rate|{which}", "%", "Heat of {which}, of all heat", _FUEL_HEAT),),
    ("waste_heat_power", ""): (
        _ratio(
            "Waste Heat Power Rate", "%", "Own power from waste heat, of power used", _ELECTRICITY
        ),
    ),
    ("waste_heat_power", "per clinker"): (
        _ratio(
            "Waste Heat Power Intensity", "MWh/t", "Own power from waste heat per clinker", _CLINKER
        ),
    ),
    ("renewable_power", ""): (
        _ratio("Renewable Power Rate", "%", "Renewable power, of power used", _ELECTRICITY),
    ),
    ("own_power", "all"): (
        _ratio("Own Power Rate", "%", "Own power that burns fuel, of power used", _ELECTRICITY),
    ),
    ("own_power", ANY): (
        _ratio("Own Power Rate|{which}", "%", "Own power of {which}, of power used", _ELECTRICITY),
    ),
    ("grid_power", ""): (
        _ratio("Grid Power Rate", "%", "Power bought from the grid, of power used", _ELECTRICITY),
    ),
    ("capture", "all"): (_ratio("Capture Rate", "%", "CO2 captured, of stack CO2", _STACK),),
    ("capture", "storage"): (_ratio("Capture Rate|Storage", "%", "Stored, of stack CO2", _STACK),),
    ("capture", "use"): (_ratio("Capture Rate|Use", "%", "Used, of stack CO2", _STACK),),
}

_PRODUCT = _of_product("Cement", _MT, "Cement made, of {which}")
LEVERS_OF_PRODUCTS: Variables = {  # (lever, which), at a place that names a product
    ("clinker_ratio", ""): (
        _ratio("Product|{which}|Clinker Ratio", "%", "Clinker per cement, of {which}", _PRODUCT),
    ),
    ("addition", "all"): (
        _ratio("Product|{which}|Addition Rate", "%", "Additions per cement of {which}", _PRODUCT),
    ),
    ("addition", ANY): (
        _ratio(
            "Product|{which}|Addition Rate|{material}",
            "%",
            "{material} per cement of {which}",
            _PRODUCT,
        ),
    ),
}

_PER = "t CO2-equiv/t"

INTENSITIES: Variables = {  # (scope,)
    ("1",): (
        _ratio("Emission Intensity|Scope 1", _PER, "Net scope 1 per cementitious product", None),
    ),
    ("2",): (_ratio("Emission Intensity|Scope 2", _PER, "Scope 2 per cementitious product", None),),
    ("1+2",): (
        _ratio(
            "Emission Intensity|Scope 1 and 2", _PER, "Scope 1 and 2 per cementitious product", None
        ),
    ),
}

TARGETS: Mapping[str, Mapping[str, Variable]] = {  # metric -> column
    metric: {
        "limit": _ratio("Target|{which}|Limit", unit, "Limit of the target {which}", None),
        "value": _ratio("Target|{which}|Value", unit, "What the target {which} limits", None),
        "margin": _ratio(
            "Target|{which}|Margin", unit, "Room that the target {which} leaves", None
        ),
    }
    for metric, unit in (("intensity", _PER), ("absolute", _CO2E), ("budget", "Mt CO2-equiv"))
}
