"""What no kiln can do, though every limit of the register allows it."""

from pathlib import Path

import pytest

from kilnpath import plan
from kilnpath.studies.plan import PlanResult
from model.case.types import Case
from model.formulas.balances import burnt_heat, kiln_heat
from model.formulas.site_years import WASTE_HEAT_YIELD
from optimizer.planning.solve import compile_case
from tests.tools.bare_kilns import bare_kilns
from tests.tools.certifying import certified, proven

STEEL = {("alternative_raw", "steel"): ("max", "%", 25.0)}
HOT = {
    ("fuel", "eheat"): ("max", "%", 50.0),
    ("waste_heat_power", ""): ("max", "%", 60.0),
}


def _planned(case: Case) -> PlanResult:
    return plan(case, within=0.0)


def _ccus(result: PlanResult) -> list[float]:
    """By year, in kt."""
    return [result.pathway.ccus(year) / 1e3 for year in result.pathway.case.horizon]


def test_no_more_magnesia_is_credited_than_clinker_holds(tmp_path: Path) -> None:
    """25 % of 1.55 t of meal, 5 % wet, with 10 % MgO bring 0.0368 t; 0.02 are in the clinker.

    With one limit for both oxides together 184.0 kt are enough in 2027.
    """
    case = bare_kilns(tmp_path, steel="38,10,5", change=STEEL)
    result = _planned(case)
    assert _ccus(result) == pytest.approx([0, 2.545, 201.168], abs=1e-3)
    a = result.pathway.activities["k0", 2027]
    raw = 0.25 * 1.55 * 700_000
    assert a.clinker == pytest.approx(700_000)
    assert a.alternative_raw["steel"] == pytest.approx(raw, rel=1e-6)
    assert a.uncredited["cao"] == pytest.approx(0, abs=1)
    assert a.uncredited["mgo"] == pytest.approx(raw * 0.95 * 0.1 - 14_000, rel=1e-4)
    process = 700_000 * (0.65 * 44 / 56 + 0.02 * 44 / 40) - raw * 0.95 * 0.38 * 44 / 56
    process -= 14_000 * 44 / 40
    assert result.pathway.accounts["k0", 2027].process == pytest.approx(process, rel=1e-6)


def test_what_is_not_credited_is_proven(tmp_path: Path) -> None:
    bare_kilns(tmp_path / "case", steel="38,10,5", change=STEEL)
    assert certified(tmp_path / "case", tmp_path / "result")
    assert "no pathway can need less" in proven(tmp_path / "result", tmp_path / "case")


def test_all_is_credited_where_clinker_holds_it(tmp_path: Path) -> None:
    """8 % of the meal bring 0.0070 t of MgO and 0.0466 t of CaO per t of clinker."""
    result = _planned(bare_kilns(tmp_path))
    a = result.pathway.activities["k0", 2027]
    assert a.alternative_raw["steel"] > 0
    assert [a.uncredited[oxide] for oxide in ("cao", "mgo")] == pytest.approx([0, 0], abs=1e-3)


@pytest.mark.parametrize("given", [None, 10.0, 14.0])
def test_waste_heat_gives_no_more_power_than_there_is_heat(
    tmp_path: Path, given: float | None
) -> None:
    """Scope 2 of 10 kg/t asks for more power than the kiln's exhaust has; all of it is used.

    60 % of demand would be 382 kWh per t of clinker where half of the heat is electric.
    """
    series = [] if given is None else [f"group,waste_heat_yield,,kWh/GJ,{given},{given}"]
    targets = ("t0,group,1,intensity,line,t/t,0.6,0.5", "t1,group,2,intensity,line,t/t,0.04,0.0145")
    result = _planned(bare_kilns(tmp_path, change=HOT, targets=targets, series=series))
    a, p = (grid["k0", 2027] for grid in (result.pathway.activities, result.pathway.parameters))
    heat = min(burnt_heat(a, p), kiln_heat(a, p))
    assert a.waste_heat_power == pytest.approx((given or 14.0) / 1e3 * heat, rel=1e-6)
    assert a.waste_heat_power / a.clinker < 0.051


def test_the_usual_yield_is_45_kwh_of_a_modern_kiln() -> None:
    assert round(45 / 3.2) / 1e3 == WASTE_HEAT_YIELD


def test_scope_2_that_waste_heat_cannot_meet_has_no_pathway(tmp_path: Path) -> None:
    """0 kg/t in 2027 was met with 382 kWh/t of waste heat power, 3.5 of it from electric heat."""
    targets = ("t0,group,1,intensity,line,t/t,0.6,0.3", "t1,group,2,intensity,line,t/t,0.02,0")
    case = bare_kilns(tmp_path, change=HOT, targets=targets)
    assert compile_case(case, case.objective).highs.solve() is None


def test_electric_heat_gives_no_power(tmp_path: Path) -> None:
    """All heat electric: 65 kWh/t and 833 of heat; what waste heat gives is 0."""
    electric = {("fuel", "eheat"): ("fixed", "%", 100.0), ("fuel", "wood"): ("max", "%", 0.0)}
    targets = ("t1,group,2,absolute,line,kt,2000,2000",)
    result = _planned(bare_kilns(tmp_path, change=electric, targets=targets))
    assert result.pathway.activities["k0", 2027].waste_heat_power == pytest.approx(0, abs=1e-3)
