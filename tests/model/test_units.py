"""Every accepted unit against its definition, written out here and taken from nowhere else.

1 kcal = 4.1868 kJ exactly (International Table calorie), 1 度 = 1 kWh, 1 萬噸 = 10,000 t. All
factors are exact fractions, so a slip of a power of ten or of a calorie shows.
"""

from fractions import Fraction as F

import pytest

from model.case.units import REDUCTIONS, UNITS, accepted, with_unit
from model.case.units import Dimension as D

KCAL = F(41868, 10_000_000_000)  # GJ
MASS = {
    "kg": F(1, 1000),
    "t": F(1),
    "kt": F(1000),
    "Mt": F(1_000_000),
    "10^4 t": F(10_000),
    "萬噸": F(10_000),
}
HEAT = {
    "MJ": F(1, 1000),
    "GJ": F(1),
    "TJ": F(1000),
    "PJ": F(1_000_000),
    "kcal": KCAL,
    "Mcal": 1000 * KCAL,
    "Gcal": 1_000_000 * KCAL,
}
POWER = {"kWh": F(1, 1000), "MWh": F(1), "GWh": F(1000), "TWh": F(1_000_000), "千度": F(1)}
RATIOS: dict[D, dict[str, F]] = {
    D.SHARE: {"%": F(1, 100), "1": F(1)},
    D.MASS_RATIO: {
        **dict.fromkeys(("t/t", "t CO2/t", "t CO2e/t"), F(1)),
        **dict.fromkeys(("kg/t", "kg CO2/t", "kg CO2e/t"), F(1, 1000)),
    },
    D.HEAT_PER_MASS: {
        "GJ/t": F(1),
        "MJ/kg": F(1),  # 1e-3 GJ over 1e-3 t
        "MJ/t": F(1, 1000),
        "kcal/kg": 1000 * KCAL,
    },
    D.POWER_PER_MASS: {"MWh/t": F(1), "kWh/t": F(1, 1000)},
    D.POWER_PER_HEAT: {"MWh/GJ": F(1), "kWh/GJ": F(1, 1000)},
    D.HEAT_PER_POWER: {"GJ/MWh": F(1), "MJ/kWh": F(1), "kcal/kWh": 1000 * KCAL},
    D.CO2_PER_HEAT: {
        **dict.fromkeys(("t/GJ", "t CO2/GJ"), F(1)),
        **dict.fromkeys(("kg/GJ", "kg CO2/GJ", "t/TJ", "t CO2/TJ"), F(1, 1000)),
        **dict.fromkeys(("kg/TJ", "kg CO2/TJ"), F(1, 1_000_000)),
        "kg CO2/kcal": F(1, 1000) / KCAL,
    },
    D.CO2_PER_POWER: {
        **dict.fromkeys(("t/MWh", "t CO2/MWh", "kg/kWh", "kg CO2/kWh", "kg CO2e/kWh"), F(1)),
        **dict.fromkeys(("g/kWh", "g CO2/kWh", "kg/MWh", "kg CO2/MWh"), F(1, 1000)),
    },
    D.POINTS_PER_YEAR: {"pp/yr": F(1, 100)},
    D.RELATIVE_PER_YEAR: {"%/yr": F(1, 100)},
    D.REDUCTION: {"% below base": F(1, 100)},
    D.BELOW_FROZEN: {"% below frozen": F(1, 100)},
}
EXPECTED: dict[str, tuple[D, F]] = {
    **{unit: (D.MASS, f) for unit, f in MASS.items()},
    **{f"{unit} CO2": (D.MASS, f) for unit, f in MASS.items()},
    **{f"{unit} CO2e": (D.MASS, f) for unit, f in MASS.items()},
    **{f"{unit}/yr": (D.MASS_PER_YEAR, f) for unit, f in MASS.items()},
    **{f"{unit} CO2/yr": (D.MASS_PER_YEAR, f) for unit, f in MASS.items()},
    **{unit: (D.HEAT, f) for unit, f in HEAT.items()},
    **{f"{unit}/yr": (D.HEAT_PER_YEAR, f) for unit, f in HEAT.items()},
    **{unit: (D.POWER, f) for unit, f in POWER.items()},
    **{f"{unit}/yr": (D.POWER_PER_YEAR, f) for unit, f in POWER.items()},
    **{unit: (dim, f) for dim, units in RATIOS.items() for unit, f in units.items()},
}


def test_no_unit_is_left_out() -> None:
    assert set(UNITS) == set(EXPECTED)


@pytest.mark.parametrize("unit", EXPECTED)
def test_factor(unit: str) -> None:
    dimension, factor = EXPECTED[unit]
    assert UNITS[unit][0] is dimension
    assert UNITS[unit][1] == pytest.approx(float(factor), rel=1e-14, abs=0)


@pytest.mark.parametrize("dimension", D)
def test_the_unit_used_inside_has_the_factor_1(dimension: D) -> None:
    """Every dimension but those of changes and reductions is named by a unit of factor 1."""
    if dimension.value in UNITS:
        assert UNITS[dimension.value] == (dimension, 1.0)
    else:
        assert dimension in (D.RELATIVE_PER_YEAR, D.POINTS_PER_YEAR, *REDUCTIONS)


def test_units_named_in_messages_fit() -> None:
    for dimension in D:
        shown = accepted(dimension)
        assert shown
        assert all(UNITS[unit][0] is dimension for unit in shown)


def test_dimensions_are_named_by_the_unit_used_inside() -> None:
    assert [dimension.value for dimension in D] == [
        *("t", "GJ", "MWh", "1", "t/t", "GJ/t", "MWh/t", "MWh/GJ", "GJ/MWh"),
        *("t/GJ", "t/MWh"),
        *("t/yr", "GJ/yr", "MWh/yr", "1/yr", "relative/yr"),
        *("below base", "below frozen baseline"),
    ]


def test_a_share_stands_without_a_unit() -> None:
    """A unit 1 after a number would be read as another number."""
    assert with_unit("15", "GJ/t") == "15 GJ/t"
    assert with_unit("15", D.SHARE) == "15"
