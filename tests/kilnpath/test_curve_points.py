"""A curve from limit to limit, by shifts and by factors: the same numbers as ``--set`` gives."""

import re
from pathlib import Path

import pandas as pd
import pytest

from kilnpath import ImpossibleError, plan, read_case
from kilnpath.charts.questions.curve import curve_charts
from kilnpath.language.languages import Language
from kilnpath.result.labels import Labels
from kilnpath.studies.bounds.certified_points import changes_at
from kilnpath.studies.bounds.curve import curve
from kilnpath.tables.outcome import names_frame
from model.case.types import Case, Objective, Second
from model.messages.faults import CaseError
from tests.tools.commands import run
from tests.tools.plants import CASES, ROOT

TEMPLATE = ROOT / "kilnpath" / "template"
KILN, EXAMPLE = read_case(CASES / "one-kiln"), read_case(TEMPLATE)


def _least(case: Case, change: str) -> float:
    return plan(case, then=Second.NONE, changes=[change]).solution.least


@pytest.mark.parametrize(
    ("low", "high", "values", "unit"),
    [
        ("25%", "35%", [25, 30, 35], "%"),
        ("0.25 1", "35%", [25, 30, 35], "%"),
        ("-5 pp", "+5pp", [-5, 0, 5], "pp"),
        ("*0.8", "+20%", [0.8, 1.0, 1.2], "×"),
    ],
)
def test_three_ways_to_say_where(low: str, high: str, values: list[float], unit: str) -> None:
    """25 % slag leaves 103,750 t, 30 % 65,583 t (by hand); the limit stands beside."""
    _, table = curve(KILN, "slag_standard", low, high)
    assert table["value"].iloc[0] == pytest.approx(values[0])
    assert table["value"].iloc[-1] == pytest.approx(values[-1])
    now = table[table["now"]].iloc[0]
    assert (now["value"], now["limit"]) == (pytest.approx(values[1]), pytest.approx(30))
    assert now["ccus"] == pytest.approx(65_583.3, rel=1e-5)
    assert set(table["unit"]) == {unit}
    assert set(table["limit_unit"]) == {"%"}
    limits = {"%": [25, 35], "pp": [25, 35], "×": [24, 36]}[unit]
    assert [table["limit"].iloc[0], table["limit"].iloc[-1]] == pytest.approx(limits)
    by_limit = table.set_index("limit")["ccus"]
    if unit != "×":
        assert by_limit.iloc[0] == pytest.approx((0.7328 * 750_000 - 450_000) / 0.96, rel=1e-8)


@pytest.mark.parametrize(
    ("bound", "low", "high"),
    [
        ("fuel_permit", "20%", "60%"),
        ("fuel_permit", "-5 pp", "+20 pp"),
        ("fuel_permit", "*0.9", "*1.5"),
        ("fuel_permit@2035", "20%", "60%"),
        ("slag_supply", "200 kt", "320 kt"),
        ("slag_supply", "-50 kt", "+0.02 Mt"),
        ("slag_supply", "*0.8", "+10%"),
        ("ratio_standard", "*0.9", "*1.05"),
        ("heat_best", "2.9 GJ/t", "3.15 GJ/t"),
        ("heat_best", "*0.95", "*1"),
    ],
)
def test_a_point_is_what_set_gives(bound: str, low: str, high: str) -> None:
    """At every point the least CCUS, and between two within the error that is told."""
    found, table = curve(EXAMPLE, bound, low, high)
    words = {"pp": "{:+.12g} pp", "×": "*{:.12g}", "%": "{:.12g}%"}
    unit = str(table["unit"].iloc[0])
    shown = words.get(unit, ("{:+.12g} " if low[0] in "+-" else "{:.12g} ") + unit)
    some = [0, len(table) // 2, len(table) - 1]
    for row in table.iloc[sorted({*some})].to_dict("records"):
        change = f"{bound}={shown.format(row['value'])}"
        if pd.isna(row["ccus"]):
            with pytest.raises(ImpossibleError):
                _least(EXAMPLE, change)
        else:
            assert row["ccus"] == pytest.approx(_least(EXAMPLE, change), rel=1e-6, abs=0.5)
    assert found.possible


def test_the_slope_of_a_factor_is_of_all_years() -> None:
    """By the duals; the curve's own tangents at its first point."""
    found, _ = curve(EXAMPLE, "slag_supply", "*0.8", "*1.1")
    first = found.points[0]
    little = 1e-5
    near = _least(EXAMPLE, f"slag_supply=*{first.value + little!r}")
    assert (near - first.least) / little == pytest.approx(first.slope, rel=1e-3)
    assert first.slope < 0


def test_a_line_of_many_limits_at_one(tmp_path: Path) -> None:
    """It is not on such a curve as it is; on one of shifts the limit of the last year is beside."""
    said = run(tmp_path, "curve", str(TEMPLATE), "fuel_permit", "--from", "20%", "--to", "60%")
    assert "now" not in said
    assert "shift" not in said
    words = ["curve", str(TEMPLATE), "fuel_permit", "--from", "-5 pp", "--to", "+20 pp"]
    shifted = run(tmp_path, *words, "--out", "out")
    assert "shift, pp  limit in 2035, %" in shifted
    table = pd.read_csv(tmp_path / "out/curve.csv")
    assert (table["limit"] - table["value"]).tolist() == pytest.approx([35.0] * len(table))
    factors = run(tmp_path, "curve", str(TEMPLATE), "fuel_permit", "--from", "*0.9", "--to", "*1.2")
    assert re.search(r"factor +limit in 2035, %", factors)
    assert "A step is 0.01, so 1 % of each limit." in factors


@pytest.mark.parametrize(
    ("bound", "low", "high", "said"),
    [
        ("fuel_permit", "20", None, "'20' is unclear; write 20% for the limit itself, '+20 pp' or"),
        ("fuel_permit", "-5", None, "'-5' is unclear; write 5% for the limit itself, '+5 pp' or"),
        ("fuel_permit", "5 pp", None, "'5 pp' is unclear"),
        ("fuel_permit", "20%", "+5 pp", "write both in one way: as limits (20%), shifts (+5 pp)"),
        ("fuel_permit", "30 kt", None, "'30 kt' is not a number in %"),
        ("fuel_permit", "+30 kt", None, "unit 'kt' does not fit; this line is in %"),
        ("fuel_permit", None, "*3", "'*3' is past where this limit can go; it ends at 2.857142857"),
        ("slag_supply", "100", None, "'100' is unclear; write '100 kt' for the limit itself"),
        ("slag_supply", "+5 pp", None, "'+5 pp' is for shares; this line is in kt"),
        ("scope2_cut", "*0.9", None, "unclear here: this limit is computed; write it in t/t"),
        ("scope2_cut", "50%", None, "'50%' is not a number in t/t"),
        ("fuel_permit", "40%", "20%", "the lowest value must be below the highest"),
    ],
)
def test_what_is_refused_and_why(bound: str, low: str | None, high: str | None, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        curve(EXAMPLE, bound, low, high)
    assert said in str(caught.value)


def test_a_certified_point_is_the_change_as_written() -> None:
    for value in ("40%", "+5 pp", "*0.9"):
        found = changes_at(EXAMPLE, "fuel_permit", value, Objective.CUMULATIVE)
        assert found == (f"fuel_permit={value}",)


def test_a_number_alone_of_a_limit_that_is_the_same_in_all_years() -> None:
    """In its own unit, as for ``--set``."""
    _, table = curve(KILN, "waste_heat_limit", "20", "30")
    assert [table["value"].min(), table["value"].max()] == pytest.approx([20, 30])


@pytest.mark.parametrize(("low", "high"), [("-5 pp", "+20 pp"), ("*0.9", "*1.2")])
def test_labels_of_the_chart_say_the_limit_too(low: str, high: str) -> None:
    found, table = curve(EXAMPLE, "fuel_permit", low, high)
    labels = Labels(names_frame(EXAMPLE), Language.ENGLISH)
    (chart,) = curve_charts(EXAMPLE, found, table, labels)
    axis = chart.spec["layer"][-1]["encoding"]["x"]["axis"]
    assert "(limit in 2035, %)" in str(axis["title"])
    told = axis["labelExpr"].split("format(")[1].split(", '")[0]
    for row in table.to_dict("records"):
        value = eval(told.replace("datum.value", repr(row["value"])))
        assert value == pytest.approx(row["limit"], rel=1e-9)


def test_a_chart_without_the_case_as_it_is() -> None:
    found, table = curve(EXAMPLE, "fuel_permit", "20%", "60%")
    assert not table["now"].any()
    labels = Labels(names_frame(EXAMPLE), Language.CHINESE)
    (chart,) = curve_charts(EXAMPLE, found, table, labels)
    assert not chart.table["now"].any()
