"""Attribution at its edges: what is refused, sites without a kiln, names of factors."""

from dataclasses import replace
from pathlib import Path

import pytest

from kilnpath import read_case
from model.attribution import effects as module
from model.attribution.effects import Change, attribution
from model.attribution.factors import Factor
from model.attribution.lmdi_shapley import Array, lmdi, shapley
from model.levers.company_plan import plan_activities
from model.pathway.recount import RecountError
from tests.tools.group_case import four_sites
from tests.tools.plants import CASES

METHODS = {"lmdi": lmdi, "shapley": shapley}


def test_factors_by_name() -> None:
    assert [factor.value for factor in Factor] == [
        *("output", "structure", "clinker ratio", "clinker bought", "raw materials"),
        "heat per clinker",
        *("fuel mix", "biomass", "power intensity", "waste heat power", "renewable power"),
        *("grid", "other sources", "capture"),
    ]


@pytest.mark.parametrize(("first", "second"), [(10.5, 9.0), (9.0, 10.5), (11.0, 10.0)])
def test_residual_is_the_larger_difference(first: float, second: float) -> None:
    change = Change("plant", "process", 100.0, 110.0, first, second)
    assert change.residual == max(abs(first - 10), abs(second - 10))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("error", "passes"), [(7.27e-4, True), (7.31e-4, False)])
def test_effects_may_be_off_by_a_billionth_of_the_site(
    method: str, error: float, passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cases/one-kiln: 684,800 t of scope 1 and 44,000 t of scope 2 in 2024, less in 2026."""

    def off(start: Array, end: Array) -> Array:
        found = METHODS[method](start, end)
        found[0, 0] += error
        return found

    monkeypatch.setattr(module, method, off)
    case = read_case(CASES / "one-kiln")
    if passes:
        attribution(case, plan_activities(case), 2024, 2026)
        return
    said = "the effects on process of 'plant' are .* the accounts change by -25300 t"
    with pytest.raises(RecountError, match=said):
        attribution(case, plan_activities(case), 2024, 2026)


def test_a_station_has_no_levers_of_clinker(tmp_path: Path) -> None:
    case = four_sites(tmp_path)
    effects, changes = attribution(case, plan_activities(case), 2020, 2024)
    mill = {(e.source, e.factor) for e in effects if e.site == "mill"}
    assert {f for source, f in mill if source == "process"} == {Factor.RAW_MATERIALS}
    assert Factor.CLINKER_BOUGHT not in {f for _, f in mill}
    assert {f for source, f in mill if source == "other"} == {Factor.OTHER}
    assert {c.source for c in changes if c.site == "mill"} == {
        *("process", "combustion", "additions", "other", "counted", "power")
    }


def test_captured_co2_is_a_deduction(tmp_path: Path) -> None:
    """The kiln of four_sites: what is captured and counted grows, so its level falls."""
    case = four_sites(tmp_path)
    activities = dict(plan_activities(case))
    none = replace(activities["kiln", 2020], captured_storage=0.0, captured_use=1_000.0)
    _, changes = attribution(case, {**activities, ("kiln", 2020): none}, 2020, 2024)
    (counted,) = [c for c in changes if (c.site, c.source) == ("kiln", "counted")]
    assert counted.start == pytest.approx(-900)  # a tenth is biogenic
    assert counted.end < counted.start
