"""Each term of each formula against a number worked by hand, apart from the package's own sums."""

from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.formulas.activity import Activity, Q, SiteYear
from model.formulas.balances import (
    cement_made,
    cementitious_product,
    clinker_for_cement,
    kiln_heat,
    raw_meal,
    total_heat,
)
from model.formulas.emissions import (
    addition_emissions,
    biogenic_emissions,
    bought_power,
    calcination_co2,
    captured,
    combustion_emissions,
    counted_capture,
    direct_emissions,
    indirect_emissions,
    power_demand,
    process_emissions,
    stack_co2,
    waste_emissions,
    weighted_sum,
)

KNOWN = SiteYear(
    cement=1200.0,
    clinker_sold=50.0,
    clinker_bought=20.0,
    substitutes_sold=30.0,
    other_direct=7.0,
    other_power=11.0,
    power_clinker=0.06,
    power_cement=0.04,
    grid_factor=0.5,
    capture_heat=0.5,
    capture_power=0.2,
    clinker_co2=0.53,
    clinker_cao=0.6,
    clinker_mgo=0.02,
    raw_per_clinker=1.55,
    fossil_factor={"coal": 0.1, "rdf": 0.05, "wood": 0.0, "power": 0.0},
    biogenic_factor={"coal": 0.0, "rdf": 0.04, "wood": 0.11, "power": 0.0},
    biomass_fraction={"coal": 0.0, "rdf": 0.4, "wood": 1.0, "power": 0.0},
    heat_power={"coal": 0.0, "rdf": 0.0, "wood": 0.0, "power": 1 / 3.6},
    burns={"coal": 1.0, "rdf": 1.0, "wood": 1.0, "power": 0.0},
    waste_heat_yield=0.014,
    raw_cao={"ash": 0.25},
    raw_mgo={"ash": 0.05},
    raw_co2={"ash": 0.25},
    addition_co2={"slag": 0.0, "clay": 0.1},
    addition_heat={"slag": 0.3, "clay": 2.5},
    addition_power={"slag": 0.03, "clay": 0.02},
    counted_storage=0.9,
    counted_use=0.4,
    most_cement=1200.0,
)
DONE = Activity(
    cement=1200.0,
    clinker=1000.0,
    clinker_bought=20.0,
    additions={"slag": 180.0, "clay": 50.0},
    alternative_raw={"ash": 100.0},
    heat={"coal": 2000.0, "rdf": 500.0, "wood": 400.0, "power": 360.0},
    waste_heat_power=25.0,
    renewable_power=15.0,
    captured_storage=60.0,
    captured_use=40.0,
)


def waste_of_rdf_and_wood(a: Activity[Q], p: SiteYear) -> Q:
    return waste_emissions(a, p, ("rdf", "wood"))


# process: 1000·0.53 − 100·0.25 = 505; combustion: 200 + 25 = 225; biogenic: 20 + 44 = 64
# power: 60 (clinker) + 48 (cement) + 11 (other) + 100 (electric heat) + 6.4 (additions) + 20
BY_HAND = {
    process_emissions: 505.0,
    combustion_emissions: 225.0,
    biogenic_emissions: 64.0,
    addition_emissions: 5.0,
    stack_co2: 794.0,
    counted_capture: 70.0,
    direct_emissions: 505.0 + 225.0 + 5.0 + 7.0 - 70.0,
    power_demand: 245.4,
    bought_power: 205.4,
    indirect_emissions: 102.7,
    clinker_for_cement: 970.0,
    cement_made: 1200.0,
    cementitious_product: 1260.0,
    raw_meal: 1550.0,
    waste_of_rdf_and_wood: 25.0,
    kiln_heat: 3260.0 - 54.0 - 125.0 - 50.0,
}


@pytest.mark.parametrize("formula", BY_HAND, ids=lambda f: f.__name__)
def test_formula_by_hand(formula) -> None:  # type: ignore[no-untyped-def]
    assert formula(DONE, KNOWN) == pytest.approx(BY_HAND[formula], rel=1e-12)


def test_sums_by_hand() -> None:
    assert total_heat(DONE) == 3260.0
    assert captured(DONE) == 100.0


def test_a_factor_of_0_leaves_its_quantity_out() -> None:
    """So that the programme has no term of it, and what is not known does no harm."""
    quantities = {"coal": 3.0, "wood": float("nan"), "rdf": float("nan")}
    assert weighted_sum(quantities, {"coal": 2.0, "wood": 0.0, "tyres": 5.0}) == 6.0


@pytest.mark.parametrize(
    ("cao", "mgo", "moisture", "expected"),
    [
        (0.56, 0.0, 0.0, 0.44),  # 56 t CaO leave 44 t CO2 behind
        (0.0, 0.40, 0.0, 0.44),  # 40 t MgO too
        (0.35, 0.0, 0.2, 0.22),
        (0.65, 0.02, 0.0, 0.5327142857142857),  # a usual clinker: GNR's default is 0.525
    ],
)
def test_calcination(cao: float, mgo: float, moisture: float, expected: float) -> None:
    assert calcination_co2(cao, mgo, moisture) == pytest.approx(expected, rel=1e-12)


def test_power_of_electric_heat() -> None:
    """1 MWh is 3.6 GJ."""
    none = replace(DONE, heat={**DONE.heat, "power": 0.0})
    assert power_demand(DONE, KNOWN) - power_demand(none, KNOWN) == pytest.approx(100.0)


amounts = st.floats(0, 1e6)


@given(st.lists(amounts, min_size=12, max_size=12), st.lists(amounts, min_size=12, max_size=12))
def test_float_column_and_pyomo_agree(first: list[float], second: list[float]) -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var(range(12))
    columns = [np.array(pair) for pair in zip(first, second, strict=True)]
    for formula in BY_HAND:
        plain = [formula(_activity(values), KNOWN) for values in (first, second)]
        column = formula(_activity(columns), KNOWN) * np.ones(2)
        expression = formula(_activity([m.x[i] for i in range(12)]), KNOWN)
        for values, expected, entry in zip((first, second), plain, column, strict=True):
            m.x.set_values(dict(enumerate(values)), skip_validation=True)
            assert entry == pytest.approx(expected, rel=1e-9, abs=1e-6)
            assert pyo.value(expression) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def _activity(v):  # type: ignore[no-untyped-def]
    return Activity(
        KNOWN.cement,
        v[0],
        v[1],
        {"slag": v[2], "clay": v[3]},
        {"ash": v[4]},
        {"coal": v[5], "rdf": v[6], "wood": v[7], "power": v[8]},
        v[9],
        v[10],
        v[11],
        v[11],
    )
