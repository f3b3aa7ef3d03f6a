"""The verifier's rows of routes, own power, stages, decided output and products, by themselves."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kilnpath.verifier import Case, RefusedError, read_case
from tests.robustness.tampering import forge
from tests.tools.case_tools import new_case, replace_text
from tests.tools.certifying import certified, other_optimum, proven, proven_numbers
from tests.tools.featured_cases import (
    FEATURES,
    GENERATORS,
    PRODUCTS,
    ROUTES,
    STAGES,
    bounds,
    linked,
    more,
    rules,
    shared,
    table,
)

Change = Callable[[Path], None]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new_case(tmp_path / "demo")


def least(case: Path) -> float:
    found = other_optimum(case, "cumulative")
    assert found is not None
    return found


def test_clinker_of_the_group_for_its_own_station(case: Path) -> None:
    """462,562.05 t: the programme in which the plant sells what the station buys, by hand."""
    linked(case)
    assert least(case) == pytest.approx(462_562.0496, abs=0.01)


@pytest.mark.parametrize("name", FEATURES)
def test_each_feature_has_a_pathway(case: Path, name: str) -> None:
    FEATURES[name](case)
    assert least(case) > 0


@pytest.mark.parametrize("objective", ["cumulative", "peak"])
@pytest.mark.parametrize("name", FEATURES)
def test_the_pathway_of_each_feature_is_proven(case: Path, name: str, objective: str) -> None:
    FEATURES[name](case)
    replace_text(case, "case", 'objective = "cumulative"', f'objective = "{objective}"')
    assert certified(case, case / "result")
    numbers = proven_numbers(proven(case / "result", case))
    assert numbers["bound"] == pytest.approx(other_optimum(case, objective), rel=1e-6)
    assert numbers["gap"] < 1e-9


@pytest.mark.parametrize("name", FEATURES)
def test_that_no_feature_does_without_capture_is_proven(case: Path, name: str) -> None:
    FEATURES[name](case)
    bounds(case, "none capture all group max kt 0 0 0")
    assert not certified(case, case / "result")
    assert "so there is no pathway" in proven(case / "result", case)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("linked", "rail@2030-2035=165 kt"),
        ("moved", "rail=*0.5"),
        ("powered", "coal_unit=*0.5"),
        ("supplied", "clinker_bought@station=*1.02"),
        ("blended", "cement@station=*1.02"),
        ("blended", "cem1_ratio=86%"),
    ],
)
def test_changes_are_proven(case: Path, name: str, change: str) -> None:
    FEATURES[name](case)
    assert certified(case, case / "result", (change,))
    assert f"changed against the case: {change}" in proven(case / "result", case)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("linked", "clinker_sent,rail"),
        ("moved", "clinker_received,rail"),
        ("powered", "own_power,coal_unit"),
        ("shared", "cement,"),
        ("blended", "product_addition,cem2/slag"),
        ("blended", "product_cement,cem2"),
    ],
)
def test_a_forged_quantity_is_refused(case: Path, name: str, row: str) -> None:
    FEATURES[name](case)
    assert certified(case, case / "result")
    file = case / "result" / "pathway.csv"
    found = [line for line in file.read_text("utf-8").splitlines() if f",2035,{row}," in line]
    value = found[0].split(",")[5]
    new = found[0].replace(f",{value},", f",{float(value) * 1.01 + 1},", 1)
    file.write_text(file.read_text("utf-8").replace(found[0], new), "utf-8")
    forge(case / "result")
    with pytest.raises(RefusedError):
        proven(case / "result", case)


def closed_route(case: Path) -> None:
    table(case, "routes", ROUTES, "rail,plant,station,kt,technical,t,assumed,high,0,0,0,12,1.5")


def no_source(case: Path) -> None:
    row = "unit,plant,coal,10.5,GWh,technical,test,assumed,low,0,0"
    table(case, "generators", GENERATORS, row)


def no_change(case: Path) -> None:
    table(case, "stages", STAGES, "station,2027,grinding,,,t,assumed")


def given_output(case: Path) -> None:
    bounds(case, "all_cement cement - group fixed kt 1325 1295 1270")
    bounds(case, "own_cement cement - plant fixed kt 1014.1666666667 979.1666666667 950")


def one_product(case: Path) -> None:
    table(case, "products", PRODUCTS, "cem,Cement,,group,%,t,assumed,100,100,100")


@pytest.mark.parametrize("change", [closed_route, no_source, no_change, given_output, one_product])
def test_what_changes_nothing_leaves_the_least(case: Path, change: Change) -> None:
    before = least(case)
    change(case)
    assert least(case) == pytest.approx(before, rel=1e-6)


def test_what_a_station_buys_can_be_given(case: Path) -> None:
    """As a series it is what a fixed line of the register makes it."""
    FEATURES["supplied"](case)
    given = least(case)
    (case / "series.csv").write_text(
        "".join(
            line
            for line in (case / "series.csv").read_text("utf-8").splitlines(keepends=True)
            if "station,clinker_bought" not in line
        ),
        "utf-8",
    )
    bounds(case, "buys clinker_bought - station fixed kt 180 180 180")
    assert least(case) == pytest.approx(given, rel=1e-9)


def route(text: str) -> Change:
    return lambda case: table(
        case, "routes", ROUTES, f"{text},kt,technical,t,assumed,high,9,9,9,,60"
    )


def source(text: str) -> Change:
    row = f"unit,{text},10.5,GWh,technical,test,assumed,low,9,9"
    return lambda case: table(case, "generators", GENERATORS, row)


def stage(text: str) -> Change:
    return lambda case: table(case, "stages", STAGES, f"{text},t,assumed")


def product(*texts: str) -> Change:
    rows = (f"{text},t,assumed,60,60,60" for text in texts)
    return lambda case: table(case, "products", PRODUCTS, *rows)


def register(*texts: str) -> Change:
    return lambda case: bounds(case, *texts)


def both(one: Change, other: Change) -> Change:
    def change(case: Path) -> None:
        one(case)
        other(case)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (route("rail,plant,plant"), "routes.csv, rail: no such place"),
        (route("rail,station,plant"), "routes.csv, rail: no such site has it"),
        (route("rail,plant,station"), "routes.csv, rail: a number out of range"),
        (route("slag_supply,plant,station"), "targets.csv, slag_supply: taken for another"),
        (source("mill,coal"), "generators.csv, unit: no such place"),
        (source("plant,peat"), "generators.csv, unit: which"),
        (stage("plant,2020,,80,"), "stages.csv, plant 2020: years"),
        (stage("plant,2030,,140,"), "stages.csv, plant 2030: a number out of range"),
        (stage("plant,2030,office,,"), "stages.csv, plant 2030: no such site has it"),
        (stage("plant,2030,,,maybe"), "stages.csv, plant 2030: control is 'maybe'"),
        (stage("plant,2030,,80,"), "case.toml: base_years is missing"),
        (lambda case: rules(case, 'base_years = "new"'), "case.toml, base_years"),
        (product("cem,Cem,,plant,%"), "products.csv, plant: 2020 is 0.6"),
        (product("cem,Cem,,group,kt"), "products.csv, cem group: unit"),
        (register("x addition slag plant/cem max % 9 9 9"), "bounds.csv, x: no such place"),
        (
            both(
                product("cem,Cem,,group,%", "two,Two,,group,%"),
                register("x fuel rdf plant/cem max % 9 9 9"),
            ),
            "products.csv, plant: 2020 is 1.2",
        ),
        (register("x cement - plant max kt 9 9 9"), "bounds.csv, x: no such site has it"),
        (
            register("x cement - group fixed kt 9 9 9"),
            "bounds.csv, x: what its sites make does not add up in 2024",
        ),
        (
            lambda case: more(case, "plan", "plant,grid_power,,%,30,30,30,test,assumed"),
            "plan.csv, plant grid_power : which",
        ),
    ],
)
def test_what_no_case_can_say(case: Path, change: Change, words: str) -> None:
    change(case)
    with pytest.raises(RefusedError) as refused:
        Case(read_case(case, ""), {})
    assert words in str(refused.value)


def test_points_of_an_output_that_is_decided(case: Path) -> None:
    """They need to know the output that they are part of."""
    shared(case)
    bounds(case, "x clinker_ratio - plant fall_max pp/yr 2 2 2")
    with pytest.raises(RefusedError, match="a limit times output is a product of two decisions"):
        other_optimum(case, "cumulative")
