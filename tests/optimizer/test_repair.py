"""Repairs as they are printed: in the unit of their line, and as ``--set`` takes them.

The plant emits 0.6848 t/t in its base year: 0.8 t of clinker a tonne, each 0.506 + 3.5 · 0.1 t. At
best, without capture, it emits 0.7328 t a tonne of clinker, and 0.7 of that a tonne of cement.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kilnpath import read_case
from kilnpath.studies.bounds import explain
from kilnpath.studies.bounds.repair_options import menu_table
from model.case.types import Case, Objective
from model.changes.changes import with_changes
from optimizer.planning.solve import compile_case
from tests.tools.case_tools import new_case
from tests.tools.commands import run_here
from tests.tools.plants import CASES, ROOT, bound, one_kiln, target

BASE, BEST = 0.6848, 0.7 * 0.7328
NEEDED = 100 * (1 - BEST / BASE)  # 25.09 % below
SLAG = 100 * (1 - 0.45 / 0.7328)  # of cement, with which 2026 needs no capture
NO_CAPTURE = bound("no_capture,capture,all,plant,max,%,0,0")
TEMPLATE = ROOT / "kilnpath" / "template"


def _menu(case: Case, *kinds: str) -> pd.DataFrame:
    found = explain.explain(case, kinds=kinds)
    assert found is not None
    return menu_table(case, found[1])


def _possible(case: Case, changes: Sequence[str]) -> bool:
    compiled = compile_case(with_changes(case, changes), Objective.CUMULATIVE)
    return compiled.highs.solve() is not None


MENUS = {
    "infeasible": (CASES / "infeasible", []),
    "two targets": (TEMPLATE, ["scope2_cut=99%", "capture_growth=10"]),
    "little capture": (TEMPLATE, ["capture_rate=5%"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "changes"), MENUS.values(), ids=MENUS)
def test_every_repair_can_be_set_and_repairs(folder: Path, changes: list[str]) -> None:
    """But for what SDA computes, which --set cannot change."""
    case = with_changes(read_case(folder), changes)
    tried = 0
    for _, rows in _menu(case).groupby("option"):
        by_sda = [case.targets[name].sda for name in rows["id"] if name in case.targets]
        if any(by_sda):
            assert (rows["set"] == "").sum() == sum(by_sda)
            continue
        assert _possible(case, list(rows["set"])), list(rows["set"])
        tried += 1
    assert tried >= 3


REDUCTIONS = {
    "a year": ("cut,group,1,intensity,points,% below base,,40", {}, "cut={}"),
    "two years": ("cut,group,1,intensity,points,% below base,30,40", {}, "cut={}"),
    "frozen": (
        "cut,group,1,absolute,points,% below frozen,30,40",
        {"cement,,t,1000000,1000000,1000000": "cement,,t,1000000,1000000,2000000"},
        "cut={}",
    ),
}


@pytest.mark.parametrize(("line", "swap", "text"), REDUCTIONS.values(), ids=REDUCTIONS)
def test_a_reduction_moves_in_points(
    tmp_path: Path, line: str, swap: dict[str, str], text: str
) -> None:
    """By as much in every year, though the frozen baseline of 2026 is twice that of 2025."""
    lines = {"targets": [target(line)], "bounds": [NO_CAPTURE]}
    case = one_kiln(tmp_path, lines, ["scope1", "scope2"], swap)
    row = _menu(case).set_index("id").loc["cut"]
    assert row["change"] == pytest.approx(NEEDED - 40, rel=1e-6)
    assert row["change_unit"] == "pp"
    assert row["lowest"] == pytest.approx(NEEDED - 10 * (",30," in line), rel=1e-6)
    assert row["unit"] in line
    whole = "25.093 % below base" if ",,40" in line else "-14.907 pp"
    assert row["set"] == text.format(whole)
    assert _possible(case, [row["set"]])
    assert not _possible(case, ["cut=-14.8 pp"])


def test_an_amount_that_differs_between_years_is_a_new_line(tmp_path: Path) -> None:
    supply = bound("supply,addition,slag,plant,max,kt,10,20")
    drop = ["slag_standard", "scope2"]
    case = one_kiln(tmp_path, {"bounds": [supply, NO_CAPTURE]}, drop)
    row = _menu(case).set_index("id").loc["supply"]
    assert row["set"] == "supply=2025:375.92 kt,2026:385.92 kt"
    assert _possible(case, [row["set"]])


def test_a_new_line_keeps_years_in_which_nothing_is_limited(tmp_path: Path) -> None:
    """Such as 2024, which is known, and without which --set would not take the line."""
    supply = bound("supply,addition,slag,plant,max,kt,10,20")
    drop = ["slag_standard", "scope2"]
    case = one_kiln(tmp_path, {"bounds": [supply, NO_CAPTURE]}, drop)
    longer = replace(case.bounds["supply"], values={2024: 5e3, 2025: 10e3, 2026: 20e3})
    case = replace(case, bounds={**case.bounds, "supply": longer})
    row = _menu(case).set_index("id").loc["supply"]
    assert row["set"] == "supply=2024:5 kt,2025:375.92 kt,2026:385.92 kt"
    assert _possible(case, [row["set"]])


def test_a_new_line_bends_where_the_line_does() -> None:
    table = _menu(with_changes(read_case(TEMPLATE), ["capture_rate=5%"])).set_index("id")
    line = "2024:1.8592 GJ/t,2030:1.8092 GJ/t,2035:1.7592 GJ/t"
    assert table.loc["heat_best", "set"] == f"heat_best={line}"


def test_a_year_at_a_whole_stays_there(tmp_path: Path) -> None:
    """2026 needs 34 points more, which 90 % in 2025 has no room for."""
    slag = bound("slag,addition,slag,plant,max,%,90,5")
    case = one_kiln(tmp_path, {"bounds": [slag, NO_CAPTURE]}, ["slag_standard", "scope2"])
    row = _menu(case).set_index("id").loc["slag"]
    assert row["set"] == "slag=2025:100 %,2026:38.592 %"
    assert _possible(case, [row["set"]])


def test_a_pair_with_a_year_at_a_whole(tmp_path: Path) -> None:
    """Both years of wood end at 100 %, though one has 5 points to go and the other 80."""
    swap = {"wood,plant,max,%,20,20": "wood,plant,max,%,95,20", "0.55,0.45": "0.55,0.13706"}
    case = one_kiln(tmp_path, {"bounds": [NO_CAPTURE]}, ["scope2"], swap)
    pair = _menu(case, "permit")
    sets = dict(zip(pair["id"], pair["set"], strict=True))
    assert sets == {"wood_permit": "wood_permit=100 %", "sludge_permit": "sludge_permit=94 %"}
    assert _possible(case, list(sets.values()))


def test_what_sda_computes_can_be_typed_into_the_case(tmp_path: Path) -> None:
    """The limits that the menu gives, in targets.csv as numbers, repair the case.

    On the sector's line in 2020 the limit of 2035 is 0.38153 t/t, which 31.274 % of alternative raw
    material keep; from the actual values of 2020 it is 0.37863 t/t. The MgO of what more is fed has
    no room in clinker, of which 0.6357 t are in a tonne: the 0.00290 t take 0.00290 / (0.6357 ·
    1.55 · 0.9 · 0.4 · 44/56) = 1.04 % more.
    """
    folder = new_case(tmp_path / "demo")
    none = ["capture_rate=0%"]
    row = _menu(with_changes(read_case(folder), none)).set_index("id").loc["scope1_sda"]
    assert row["set"] == ""
    said = run_here(tmp_path, "explain", "demo", "--set", *none, code=2)
    said_of_sda = "SDA computes the limits of scope1_sda; type others into targets.csv"
    assert f" {said_of_sda}, {row['line']}\n" in said
    assert " --set 'raw_permit=32.313 %'\n" in said
    limits = [part.split(":") for part in row["line"].split(",")]
    years = ",".join(year for year, _ in limits)
    for less, possible in ((0.0, True), (0.001, False)):
        cells = ",".join(str(float(limit.removesuffix(" t/t")) - less) for _, limit in limits)
        (folder / "targets.csv").write_text(
            f"id,place,scope,metric,form,unit,{years},source,status\n"
            f"scope1_sda,group,1,intensity,points,t/t,{cells},test,assumed\n",
            encoding="utf-8",
        )
        assert _possible(read_case(folder), none) is possible


def test_a_reduction_that_cannot_be_typed_is_no_mend(tmp_path: Path) -> None:
    """Three times the cement needs 2.2 times the base year's emissions; twice is the most."""
    for cement, possible in ((2_500_000, True), (3_000_000, False)):
        swap = {"cement,,t,1000000,1000000,1000000": f"cement,,t,1000000,1000000,{cement}"}
        cut = target("cut,group,1,absolute,points,% below base,,0")
        lines = {"targets": [cut], "bounds": [NO_CAPTURE]}
        table = _menu(one_kiln(tmp_path, lines, ["scope1", "scope2"], swap))
        row = table[table["id"] == "cut"]
        assert len(row) == possible
        if possible:
            needed = 100 * (1 - cement / 1e6 * BEST / BASE)
            assert row["lowest"].item() == pytest.approx(needed, rel=1e-6)
            assert row["set"].item() == "cut=-87.267 % below base"


def test_a_reduction_of_nothing_is_no_mend(tmp_path: Path) -> None:
    """Without emissions of power in the base year, any part of them is none."""
    swap = {"grid_factor,,t/MWh,0.5,0.45,0.4": "grid_factor,,t/MWh,0,0.45,0.4"}
    case = one_kiln(tmp_path, swap=swap)
    found = explain.explain(case)
    assert found is not None
    assert "scope2" in found[1].cannot
