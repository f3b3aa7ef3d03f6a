"""The closed table of units accepted at the door, and the dimension and factor of each.

Inside the code only t, GJ, MWh, t CO2 and fractions of 1 exist; other units are converted here and
nowhere else.
"""

from enum import StrEnum


class Dimension(StrEnum):
    """What a number measures; the value is the unit used inside."""

    MASS = "t"
    HEAT = "GJ"
    POWER = "MWh"
    SHARE = "1"
    MASS_RATIO = "t/t"
    HEAT_PER_MASS = "GJ/t"
    POWER_PER_MASS = "MWh/t"
    POWER_PER_HEAT = "MWh/GJ"
    HEAT_PER_POWER = "GJ/MWh"
    CO2_PER_HEAT = "t/GJ"
    CO2_PER_POWER = "t/MWh"
    MASS_PER_YEAR = "t/yr"
    HEAT_PER_YEAR = "GJ/yr"
    POWER_PER_YEAR = "MWh/yr"
    POINTS_PER_YEAR = "1/yr"
    RELATIVE_PER_YEAR = "relative/yr"
    REDUCTION = "below base"
    BELOW_FROZEN = "below frozen baseline"


_KCAL = 4.1868e-6  # GJ, International Table calorie, as in the source (1 kcal = 4.1868 kJ)

_MASS = {"kg": 1e-3, "t": 1.0, "kt": 1e3, "Mt": 1e6, "10^4 t": 1e4, "萬噸": 1e4}
_HEAT = {
    "MJ": 1e-3,
    "GJ": 1.0,
    "TJ": 1e3,
    "PJ": 1e6,
    "kcal": _KCAL,
    "Mcal": _KCAL * 1e3,
    "Gcal": _KCAL * 1e6,
}
_POWER = {"kWh": 1e-3, "MWh": 1.0, "GWh": 1e3, "TWh": 1e6, "千度": 1.0}

UNITS: dict[str, tuple[Dimension, float]] = {
    **{unit: (Dimension.MASS, factor) for unit, factor in _MASS.items()},
    **{
        f"{unit} {gas}": (Dimension.MASS, f) for unit, f in _MASS.items() for gas in ("CO2", "CO2e")
    },
    **{unit: (Dimension.HEAT, factor) for unit, factor in _HEAT.items()},
    **{unit: (Dimension.POWER, factor) for unit, factor in _POWER.items()},
    "%": (Dimension.SHARE, 1e-2),
    "1": (Dimension.SHARE, 1.0),
    "t/t": (Dimension.MASS_RATIO, 1.0),
    "t CO2/t": (Dimension.MASS_RATIO, 1.0),
    "t CO2e/t": (Dimension.MASS_RATIO, 1.0),
    "kg/t": (Dimension.MASS_RATIO, 1e-3),
    "kg CO2/t": (Dimension.MASS_RATIO, 1e-3),
    "kg CO2e/t": (Dimension.MASS_RATIO, 1e-3),
    "GJ/t": (Dimension.HEAT_PER_MASS, 1.0),
    "MJ/kg": (Dimension.HEAT_PER_MASS, 1.0),
    "MJ/t": (Dimension.HEAT_PER_MASS, 1e-3),
    "kcal/kg": (Dimension.HEAT_PER_MASS, _KCAL * 1e3),
    "MWh/t": (Dimension.POWER_PER_MASS, 1.0),
    "kWh/t": (Dimension.POWER_PER_MASS, 1e-3),
    "MWh/GJ": (Dimension.POWER_PER_HEAT, 1.0),
    "kWh/GJ": (Dimension.POWER_PER_HEAT, 1e-3),
    "GJ/MWh": (Dimension.HEAT_PER_POWER, 1.0),
    "MJ/kWh": (Dimension.HEAT_PER_POWER, 1.0),
    "kcal/kWh": (Dimension.HEAT_PER_POWER, _KCAL * 1e3),
    "t/GJ": (Dimension.CO2_PER_HEAT, 1.0),
    "t CO2/GJ": (Dimension.CO2_PER_HEAT, 1.0),
    "kg/GJ": (Dimension.CO2_PER_HEAT, 1e-3),
    "kg CO2/GJ": (Dimension.CO2_PER_HEAT, 1e-3),
    "t/TJ": (Dimension.CO2_PER_HEAT, 1e-3),
    "t CO2/TJ": (Dimension.CO2_PER_HEAT, 1e-3),
    "kg/TJ": (Dimension.CO2_PER_HEAT, 1e-6),
    "kg CO2/TJ": (Dimension.CO2_PER_HEAT, 1e-6),
    "kg CO2/kcal": (Dimension.CO2_PER_HEAT, 1e-3 / _KCAL),
    "t/MWh": (Dimension.CO2_PER_POWER, 1.0),
    "t CO2/MWh": (Dimension.CO2_PER_POWER, 1.0),
    "kg/kWh": (Dimension.CO2_PER_POWER, 1.0),
    "kg CO2/kWh": (Dimension.CO2_PER_POWER, 1.0),
    "kg CO2e/kWh": (Dimension.CO2_PER_POWER, 1.0),
    "g/kWh": (Dimension.CO2_PER_POWER, 1e-3),
    "g CO2/kWh": (Dimension.CO2_PER_POWER, 1e-3),
    "kg/MWh": (Dimension.CO2_PER_POWER, 1e-3),
    "kg CO2/MWh": (Dimension.CO2_PER_POWER, 1e-3),
    **{f"{unit}/yr": (Dimension.MASS_PER_YEAR, factor) for unit, factor in _MASS.items()},
    **{f"{unit} CO2/yr": (Dimension.MASS_PER_YEAR, factor) for unit, factor in _MASS.items()},
    **{f"{unit}/yr": (Dimension.HEAT_PER_YEAR, factor) for unit, factor in _HEAT.items()},
    **{f"{unit}/yr": (Dimension.POWER_PER_YEAR, factor) for unit, factor in _POWER.items()},
    "pp/yr": (Dimension.POINTS_PER_YEAR, 1e-2),
    "%/yr": (Dimension.RELATIVE_PER_YEAR, 1e-2),
    "% below base": (Dimension.REDUCTION, 1e-2),
    "% below frozen": (Dimension.BELOW_FROZEN, 1e-2),
}
AMOUNTS = (
    *(Dimension.MASS, Dimension.HEAT, Dimension.POWER),
    *(Dimension.MASS_PER_YEAR, Dimension.HEAT_PER_YEAR, Dimension.POWER_PER_YEAR),
)
REDUCTIONS = (Dimension.REDUCTION, Dimension.BELOW_FROZEN)  # parts of what accounts give


def accepted(*dimensions: Dimension) -> tuple[str, ...]:
    """The usual units of some dimensions, for messages; ``docs/case-format.md`` has them all."""
    return tuple(
        unit
        for wanted in dimensions
        for unit, (dimension, _) in UNITS.items()
        if dimension is wanted and "CO2" not in unit
    )


def with_unit(number: str, unit: str) -> str:
    """A number with its unit, for messages; a share as a fraction has none.

    >>> with_unit("15", "GJ/t"), with_unit("15", "1")
    ('15 GJ/t', '15')
    """
    return number if unit == Dimension.SHARE else f"{number} {unit}"


def with_which(name: str, which: str) -> str:
    """The name of a quantity or lever with what of it is meant, where that is told.

    >>> with_which("fuel", "coal"), with_which("cement", "")
    ('fuel coal', 'cement')
    """
    return f"{name} {which}".strip()
