"""Questions about bounds on the hand-worked plant: curve, worth, repair, ranges, what if.

With a share s of slag the plant makes C = 10^6 (1 − s) t of clinker and emits 0.7328 C t before
capture, which takes off 0.96 t a tonne. So 2026 needs (0.7328 C − 450,000) / 0.96 t, and 2025
(0.7328 C − 550,000) / 0.96 t, where they are above 0. Scope 2 of 2026 allows 66,000 MWh bought:
0.75 (0.06 C + 40,000 + 0.2 c) − 0.02 C <= 66,000 gives C <= 762,096.77 t.
"""

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from kilnpath import ImpossibleError, read_case
from kilnpath.studies.bounds import curve, explain, ranges, rank, whatif
from kilnpath.studies.bounds.repair_options import menu_table
from model.case.types import Case, Objective
from model.changes.changes import with_changes
from model.messages.faults import CaseError
from optimizer.infeasible.diagnose import diagnose
from optimizer.infeasible.repair import Menu, Move, Repairer, menu
from optimizer.planning.solve import compile_case
from optimizer.sensitivity.curve import trace
from optimizer.sensitivity.moving_limit import parameter
from optimizer.sensitivity.ranges import FIXED, Tag, _told
from optimizer.sensitivity.reoptimize import Reoptimizer
from tests.tools.commands import run
from tests.tools.plants import CASES, ROOT, TCC_BEFORE, bound, one_kiln

TEMPLATE = ROOT / "kilnpath" / "template"
C_TOP = (66_000 + 70_312.5 - 30_000) / (0.025 + 0.15 * 0.7328 / 0.96)


@pytest.fixture(scope="module")
def kiln() -> Case:
    return read_case(CASES / "one-kiln")


def _model(case: Case) -> Reoptimizer:
    return Reoptimizer(case, Objective.CUMULATIVE)


def _menu(case: Case, kinds: Collection[str] = ()) -> Menu:
    model = _model(case)
    return menu(model, diagnose(model.compiled), kinds)


def test_curve_by_hand(kiln: Case) -> None:
    model = _model(kiln)
    found = trace(model, parameter(model, "slag_standard"))
    assert found.exact
    values = [point.value for point in found.points]
    expected = [1 - C_TOP / 1e6, 1 - 0.55 / 0.7328, 1 - 0.45 / 0.7328, 1.0]
    assert values == pytest.approx(expected, rel=1e-7)
    least = [point.least for point in found.points]
    second = (0.7328 * C_TOP - 450_000) / 0.96 + (0.7328 * C_TOP - 550_000) / 0.96
    assert least == pytest.approx([second, 100_000 / 0.96, 0, 0], rel=1e-7, abs=1e-3)


def test_ends_of_a_curve_but_for_rounding(kiln: Case) -> None:
    """An end 1e-9 of the range from where it was looked is that end; one 1e-7 from it is not."""
    model = _model(kiln)
    found = trace(model, parameter(model, "slag_standard"))
    points = [replace(found.points[0], value=value) for value in (0.2, 0.8)]
    whole = replace(found, points=tuple(points), looked=(0.2 - 6e-10, 0.8 + 6e-10))
    assert whole.ends == whole.looked
    part = replace(whole, looked=(0.2 - 6e-8, 0.8 + 6e-8))
    assert part.ends == (0.2, 0.8)


def test_curve_takes_few_solves(kiln: Case) -> None:
    model = _model(kiln)
    found = trace(model, parameter(model, "slag_standard"))
    assert found.solves <= 2 * (len(found.points) - 2) + 5


@pytest.mark.slow
@pytest.mark.parametrize("name", ["capture_growth", "residual_2050", "clinker_ratio_tw_cn"])
def test_exact_curve_of_the_reference_case(name: str) -> None:
    """No solve between the breakpoints lies off the curve, and there are few of them.

    One a breakpoint and one a straight part, and five for the ends: at the end of what is possible
    the slope may be steeper than that of the part before it.
    """
    model = _model(read_case(CASES / "tcc-2024"))
    moving = parameter(model, name)
    found = trace(model, moving)
    breakpoints, parts = len(found.points) - 2, len(found.points) - 1
    assert found.solves <= breakpoints + parts + 5
    values = [point.value for point in found.points]
    least = [point.least for point in found.points]
    draws = random.Random(1)
    base = model.values(name)
    for _ in range(25):
        value = draws.uniform(values[0], values[-1])
        model.set(name, moving.limits(base, value))
        assert model.least() == pytest.approx(np.interp(value, values, least), rel=1e-7)
    slopes = np.diff(least) / np.diff(values)
    assert (np.diff(slopes) >= -1e-6 * np.abs(slopes).max()).all()  # convex


def test_refined_curve_keeps_its_error(kiln: Case) -> None:
    model = _model(kiln)
    found = trace(model, parameter(model, "wood_permit"))
    assert not found.exact
    values, least = [p.value for p in found.points], [p.least for p in found.points]
    for value in np.linspace(0.0, 1.0, 41):
        model.set("wood_permit", {2025: value, 2026: value})
        assert model.least() == pytest.approx(np.interp(value, values, least), abs=2 * found.error)


def test_curve_of_one_year(kiln: Case) -> None:
    """Only 2026 moves; 2025 stays possible, so 2026 is what needs capture."""
    found, table = curve.curve(kiln, "slag_standard@2026", "25%", "35%")
    assert found.possible
    assert table["value"].tolist() == pytest.approx([25, 30, 35])
    expected = (0.7328 * 750_000 - 450_000) / 0.96
    assert table["ccus"].iloc[0] == pytest.approx(expected, rel=1e-8)
    assert table["slope"].iloc[0] == pytest.approx(-7_633.333, rel=1e-6)


@pytest.mark.slow
def test_moved_rows_are_the_rows_of_a_changed_case() -> None:
    """A limit moved in HiGHS gives what a case built with that limit gives; reset puts it back."""
    case = read_case(CASES / "tcc-2024")
    model = _model(case)
    least = model.least()
    for name in random.Random(2).sample(sorted(case.bounds), 6):
        moved = {year: value * 0.97 for year, value in model.values(name).items()}
        model.set(name, moved)
        line = case.bounds[name]
        changed = replace(line, values={**line.values, **moved})
        again = _model(replace(case, bounds={**case.bounds, name: changed}))
        assert model.least() == pytest.approx(again.least(), rel=1e-8)
        model.reset()
    assert model.least() == pytest.approx(least, rel=1e-9)


def test_rank_by_hand(kiln: Case) -> None:
    table = rank.rank(kiln).set_index("id")
    assert table.loc["scope1", "saved"] == pytest.approx(0.01 * 1e6 / 0.96, rel=1e-6)
    assert table.loc["slag_standard", "saved"] == pytest.approx(7_328 / 0.96, rel=1e-6)
    assert table.loc["heat_best", "saved"] == pytest.approx(0.08 * 7_000 / 0.96, rel=1e-6)
    assert table.loc["heat_best", "step"] == pytest.approx(-0.01)
    assert table.loc["sludge_permit", "saved"] == pytest.approx(0.22 * 10_500 / 0.96, rel=1e-6)
    assert table.loc["wood_permit", "saved"] == pytest.approx(2_221.658, rel=1e-5)
    # slag goes on saving until no capture is needed, at 38.59 %: within 1 % of 8.59 points
    assert table.loc["slag_standard", "holds_for"] == pytest.approx(8.59 * 1.01, rel=2e-3)
    assert set(table.index) == {
        "scope1",
        "slag_standard",
        "heat_best",
        "sludge_permit",
        "wood_permit",
    }


def test_what_is_worth_checking_first(kiln: Case) -> None:
    """slag 7,633 t a point times 2 (medium) comes before the target's 10,417 t times 1."""
    order = rank.rank(kiln).set_index("id")["check_first"]
    assert order["slag_standard"] == 1
    assert order["scope1"] == 2


def test_bounds_that_are_worth_something_only_together(tmp_path: Path) -> None:
    """The same standard twice: one alone saves nothing."""
    lines = {"bounds": [bound("slag_twin,addition,all,plant,max,%,30,30")]}
    table = rank.rank(one_kiln(tmp_path, lines)).set_index("id")
    pair = table.loc[["slag_standard", "slag_twin"]]
    assert (pair["saved"] < 1e-3).all()
    assert any("slag" in partners for partners in pair["together_with"])


MENU = {
    "wood_permit": 1 - (480_000 - 344_960) / 210_000 - 0.2,
    "slag_standard": 1 - 0.48 / 0.7328 - 0.3,
    "sludge_permit": (522_200 - 480_000) / (0.22 * 1_050_000) - 0.04,
    "heat_best": (480_000 - 344_960) / (0.08 * 700_000) - 3.0,
    "scope1": 0.03296,
    "no_capture": (32_960 / 0.96) / (344_960 + 210_000 + 0.05 * 32_960 / 0.96),
}


def test_repair_menu_by_hand() -> None:
    found = _menu(read_case(CASES / "infeasible"))
    assert {move.name: move.change for move in found.singles} == pytest.approx(MENU, rel=1e-5)
    assert not found.pairs
    order = [move.relative for move in found.singles]
    assert order == sorted(order)


@pytest.mark.parametrize("name", MENU)
def test_each_repair_repairs_and_a_little_less_does_not(name: str) -> None:
    case = read_case(CASES / "infeasible")
    (move,) = [m for m in _menu(case).singles if m.name == name]
    model = _model(case)
    for part, possible in ((1.0, True), (0.999, False)):
        values = model.values(name)
        model.set(name, {year: v + part * move.change for year, v in values.items()})
        assert np.isfinite(model.least()) is np.bool_(possible)
        model.reset()


IMPOSSIBLE = {
    "one year's target": ["sbti_scope1_2030=45%"],
    "permits": ["fuel_permit_tw=5%", "fuel_permit_cn=5%"],
    "two permits and a target": ["fuel_permit_tw=5%", "fuel_permit_cn=5%", "sbti_scope1_2030=40%"],
}


@pytest.mark.slow
@pytest.mark.parametrize("changes", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_menu_of_a_group(changes: list[str]) -> None:
    """Every repair repairs, and 0.1 % less does not; no share of a pair is larger than alone."""
    case = with_changes(read_case(CASES / "tcc-2024"), changes)
    model = _model(case)
    why = diagnose(model.compiled)
    found = menu(model, why)
    assert found.singles or found.pairs  # less heat alone is no repair: it takes waste heat along
    for move in found.singles:
        for part, possible in ((1.0, True), (0.999, False)):
            values = model.values(move.name)
            moved = {year: v + part * (move.values[year] - v) for year, v in values.items()}
            model.set(move.name, moved)
            assert np.isfinite(model.least()) is np.bool_(possible), (move.name, part)
            model.reset()
    repairer = Repairer(model, why)
    singles = {move.name: move for move in found.singles}
    for first, second in combinations([*singles, *found.cannot][:5], 2):
        moves = repairer.least([first, second])
        assert (moves is None) <= (not {first, second} & singles.keys())
        for move in moves or ():
            if move.name in singles:
                assert abs(move.change) <= abs(singles[move.name].change) * (1 + 1e-6)


def test_only_permits() -> None:
    found = _menu(read_case(CASES / "infeasible"), ["permit"])
    assert {move.name for move in found.singles} == {"wood_permit", "sludge_permit"}


def test_pairs_where_no_single_one_repairs(tmp_path: Path) -> None:
    """Two bounds, each at most 5 % of slag and of all additions: only both together let go."""
    twice = [
        bound("first,addition,slag,plant,max,%,5,5"),
        bound("second,addition,all,plant,max,%,5,5"),
        "fix_heat,heat_intensity,,plant,fixed,GJ/t,3,3,policy,test,,assumed,medium",
        "no_capture,capture,all,plant,max,%,0,0,policy,test,,assumed,medium",
    ]
    case = one_kiln(tmp_path, {"bounds": twice}, drop=["slag_standard", "scope2"])
    found = _menu(case, ["technical"])
    names = [{move.name for move in pair} for pair in found.pairs]
    assert {"first", "second"} in names
    assert not found.singles
    for pair in found.pairs:
        _both_are_needed(case, pair)


def _moved(case: Case, moves: Mapping[str, Mapping[int, float]]) -> Case:
    lines = {name: replace(case.bounds[name], values=values) for name, values in moves.items()}
    return replace(case, bounds={**case.bounds, **lines})


def _both_are_needed(case: Case, pair: tuple[Move, Move]) -> None:
    """A pair repairs the case as compiled anew, and not with 0.1 % less of either of the two."""
    whole = {move.name: move.values for move in pair}
    assert compile_case(_moved(case, whole), Objective.CUMULATIVE).highs.solve() is not None
    for move in pair:
        short = {
            year: value - 0.001 * (value - case.bounds[move.name].values[year])
            for year, value in move.values.items()
        }
        less = compile_case(_moved(case, {**whole, move.name: short}), Objective.CUMULATIVE)
        assert less.highs.solve() is None, (pair, move.name)


SLAG = 1 - 0.45 / 0.7328  # of cement, with which the plant needs no capture in 2026
NO_CAPTURE = "no_capture,capture,all,plant,max,%,0,0,policy,test,,assumed,medium"


def _slag_case(folder: Path, *lines: str) -> Case:
    """The plant without capture, its slag limited by lines of the market alone."""
    market = [f"{line},market,test,,assumed,medium" for line in lines]
    drop = ["slag_standard", "scope2", "renewables_market"]
    return one_kiln(folder, {"bounds": [*market, NO_CAPTURE]}, drop)


@pytest.mark.parametrize("order", [1, -1])
def test_each_of_a_pair_moves_by_what_it_needs(tmp_path: Path, order: int) -> None:
    """Both shares must reach what the target needs: 20 % has less far to go than 5 %."""
    lines = ("slag,addition,slag,plant,max,%,5,5", "total,addition,all,plant,max,%,20,20")
    case = _slag_case(tmp_path, *lines[::order])
    (pair,) = _menu(case, ["market"]).pairs
    changes = {move.name: move.change for move in pair}
    assert changes == pytest.approx({"slag": SLAG - 0.05, "total": SLAG - 0.20}, rel=1e-6)
    _both_are_needed(case, pair)


def test_a_share_that_ends_at_a_whole_lets_its_partner_go_on(tmp_path: Path) -> None:
    """10 kt must become 38 times as much, a share of 5 % cannot; it needs not."""
    lines = ("share,addition,slag,plant,max,%,5,5", "supply,addition,slag,plant,max,kt,10,10")
    case = _slag_case(tmp_path, *lines)
    (pair,) = _menu(case, ["market"]).pairs
    changes = {move.name: move.change for move in pair}
    expected = {"share": SLAG - 0.05, "supply": SLAG * 1e6 - 10_000}
    assert changes == pytest.approx(expected, rel=1e-6)
    _both_are_needed(case, pair)


def test_a_share_at_a_whole_leaves_more_to_its_partner(tmp_path: Path) -> None:
    """By the README 344,960 + 168,000 t less 231,000 t a unit of sludge and 210,000 of wood.

    Wood ends at +80 points; 137,060 t is then left with +90 of sludge, not with +85.2 of both.
    """
    swap = {"0.55,0.45": "0.55,0.13706"}
    case = one_kiln(tmp_path, {"bounds": [NO_CAPTURE]}, ["scope2"], swap)
    (pair,) = _menu(case, ["permit"]).pairs
    changes = {move.name: move.change for move in pair}
    assert changes == pytest.approx({"sludge_permit": 0.9, "wood_permit": 0.8}, rel=1e-6)
    _both_are_needed(case, pair)


def test_no_share_moves_beyond_a_whole(tmp_path: Path) -> None:
    """2026 needs 34 points more, which 90 % in 2025 has no room for."""
    case = _slag_case(tmp_path, "slag,addition,slag,plant,max,%,90,5")
    (move,) = _menu(case, ["market"]).singles
    assert move.change == pytest.approx(SLAG - 0.05, rel=1e-6)
    assert move.values == pytest.approx({2025: 1.0, 2026: SLAG}, rel=1e-6)
    found = explain.explain(case, kinds=["market"])
    assert found is not None
    (row,) = menu_table(case, found[1]).to_dict("records")
    assert (row["change"], row["highest"]) == pytest.approx((100 * SLAG - 5, 100), rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["slag_standard", "sludge_permit", "wood_permit", "no_capture"])
def test_what_the_menu_prints_repairs_as_it_is_printed(tmp_path: Path, name: str) -> None:
    printed = run(tmp_path, "explain", str(CASES / "infeasible"), code=2)
    ((points, share),) = re.findall(rf"^{name} .* (\+\S+ pp) +(\S+ %)$", printed, re.MULTILINE)
    for value in (points, share):
        case = with_changes(read_case(CASES / "infeasible"), [f"{name}={value}"])
        assert _model(case).solve() is not None


# How many pairs: the group has 13 without its paces and the iron of steel slag, which end five.
GROUP = ["fuel_permit_tw=5%", "fuel_permit_cn=5%", "sbti_scope1_2030=55%"]
OUT_OF_REACH = {
    "group": (CASES / "tcc-2024", GROUP, 8),
    "group without paces": (TCC_BEFORE, GROUP, 13),
    "new case": (TEMPLATE, ["scope2_cut=99%", "capture_growth=10"], 13),
}


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "changes", "pairs"), OUT_OF_REACH.values(), ids=OUT_OF_REACH)
def test_pairs_with_targets(folder: Path, changes: list[str], pairs: int) -> None:
    """Shares stay within a whole, heat above theory; each move is needed, be it 0.1 % of it."""
    case = with_changes(read_case(folder), changes)
    found = _menu(case)
    model = _model(case)
    whole = set()
    for pair in found.pairs:
        for less in (None, *pair):
            for move in pair:
                part = 0.999 if move is less else 1.0
                old = model.values(move.name)
                model.set(
                    move.name, {y: old[y] + part * (v - old[y]) for y, v in move.values.items()}
                )
            assert (model.solve() is not None) == (less is None), (pair, less)
            model.reset()
        shares = [m for m in pair if m.name in case.bounds and case.bounds[m.name].unit == "%"]
        assert all(0 <= value <= 1 for move in shares for value in move.values.values())
        heats = [m for m in pair if m.name in case.bounds and case.bounds[m.name].unit == "GJ/t"]
        assert all(value >= 1.75 for move in heats for value in move.values.values())
        whole |= {move.name for move in shares if max(move.values.values()) > 1 - 1e-5}
    assert len(found.pairs) == pairs
    assert whole or folder != TEMPLATE


@pytest.mark.slow
def test_curve_says_what_was_looked_at(tmp_path: Path) -> None:
    """Below 23.79 % of slag there is no pathway; the ends of --from and --to are no such edges."""
    words = ["curve", str(CASES / "one-kiln"), "slag_standard"]
    inside = run(tmp_path, *words, "--from", "30%", "--to", "35%")
    assert "Impossible" not in inside
    outside = run(tmp_path, *words, "--from", "20%", "--to", "22%", code=2)
    assert "no pathway between 20 and 22 %" in outside
    across = run(tmp_path, *words, "--from", "20%", "--to", "35%")
    assert "Impossible below 23.79" in across
    assert "Impossible above" not in across


def test_ranges_by_hand(kiln: Case) -> None:
    """Of 29,116.67 MWh waste heat gives 5,337.5 to 14,000 and renewables the rest."""
    table = ranges.ranges(kiln, [2026]).set_index(["lever", "which"])
    heat = table.loc[("waste_heat_power", "")]
    assert (heat["least"], heat["most"]) == pytest.approx((5_337.5, 14_000), rel=1e-6)
    sun = table.loc[("renewable_power", "")]
    assert (sun["least"], sun["most"]) == pytest.approx((15_116.667, 23_779.167), rel=1e-6)
    assert heat["tag"] == Tag.MUST_HAVE
    assert table.loc[("clinker_for_cement", ""), "least"] == pytest.approx(700_000, rel=1e-6)
    fixed = table[table["tag"] == Tag.FIXED]
    assert (fixed["least"] == fixed["most"]).all()
    slag = table.loc[("addition", "slag")]
    assert slag["tag"] == Tag.FIXED
    assert slag["least"] == pytest.approx(300_000, rel=1e-6)


@pytest.mark.parametrize(
    ("found", "tag", "told"),
    [
        ((40_000.0, 40_050.0), Tag.FIXED, (40_025.0, 40_025.0)),
        ((-2.0, 30.0), Tag.FIXED, (0.0, 0.0)),
        ((-1e-9, 40_000.0), Tag.AVOIDABLE, (0.0, 40_000.0)),
        ((99.0, 40_000.0), Tag.FREE, (0.0, 40_000.0)),
        ((0.0, np.inf), Tag.FREE, (0.0, np.inf)),
    ],
)
def test_rounding_of_solves_is_not_told(
    found: tuple[float, float], tag: Tag, told: tuple[float, float]
) -> None:
    """Of a site of 10^6 t, 100 t are the tolerance."""
    assert _told(found, tag, FIXED * 1e6) == told


@pytest.mark.slow
def test_what_nothing_limits_is_told(tmp_path: Path) -> None:
    """Without its bounds on heat, a kiln may burn any amount in 2025, when no target holds it."""
    drop = ["heat_today", "scope1", "scope2"]
    table = ranges.ranges(one_kiln(tmp_path, drop=drop), [2025]).set_index(["lever", "which"])
    heat = table.loc[("kiln_heat", "")]
    assert heat["least"] == pytest.approx(700_000 * 3.0, rel=1e-6)
    assert heat["most"] == np.inf
    assert heat["tag"] == Tag.FREE
    said = run(tmp_path, "range", str(tmp_path / "plant"), "--years", "2025")
    assert "no limit" in said


@pytest.mark.slow
def test_ranges_say_how_much_more_is_allowed() -> None:
    case, shown = str(CASES / "one-kiln"), "levers among all pathways with the least CCUS over the "
    assert f"{shown}horizon.\n" in run(CASES, "range", case)
    assert f"{shown}horizon, or up to 5 % more.\n" in run(CASES, "range", case, "--within", "5")
    said = run(CASES, "range", case, "--within", "nan", code=1)
    assert "Invalid value for '--within': nan is not a number" in said


def test_free_and_avoidable(tmp_path: Path) -> None:
    """Without targets slag is what its standard allows; capture's heat would take more wood."""
    case = one_kiln(tmp_path, drop=["scope1", "scope2"])
    tags = ranges.ranges(case, [2026]).set_index(["lever", "which"])["tag"]
    assert tags["addition", "slag"] == Tag.FREE
    assert tags["fuel", "wood"] == Tag.AVOIDABLE
    assert tags["capture", "all"] == Tag.FIXED


def test_whatif_is_against_the_case(kiln: Case) -> None:
    variants = whatif.whatif(
        kiln,
        {
            "less": ["slag_standard=25%"],
            "more": ["slag_standard=*1.1"],
            "none": ["capture_rate=5%"],
        },
    )
    table = whatif.comparison(variants, [2025, 2026]).set_index("variant")
    assert table.loc["as it is", "ccus_total"] == pytest.approx(65_583.333, rel=1e-7)
    assert table.loc["less", "ccus_total"] == pytest.approx(103_750, rel=1e-7)
    assert table.loc["more", "ccus_total"] == pytest.approx(
        (0.7328 * 670_000 - 450_000) / 0.96, rel=1e-7
    )
    assert table.loc["none", "status"] == "impossible"
    assert table.loc["none", "impossible_from"] == 2026
    assert table.loc["less", "change"] == pytest.approx(103_750 - 65_583.333, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ("wood_permit=30%", {2025: 0.3, 2026: 0.3}),
        ("wood_permit=0.3", {2025: 0.3, 2026: 0.3}),
        ("wood_permit@2026=30%", {2025: 0.2, 2026: 0.3}),
        ("wood_permit@2025-2026=30%", {2025: 0.3, 2026: 0.3}),
        ("wood_permit=+5%", {2025: 0.21, 2026: 0.21}),
        ("wood_permit@2025=-5%", {2025: 0.19, 2026: 0.2}),
        ("wood_permit=*0.9", {2025: 0.18, 2026: 0.18}),
        ("wood_permit=2025:10%,2026:40%", {2025: 0.1, 2026: 0.4}),
        ("heat_best=3.2", {2025: 3.2, 2026: 3.2}),
        ("heat_best=750 kcal/kg", {2025: 3.1401, 2026: 3.1401}),
    ],
)
def test_ways_to_write_a_change(kiln: Case, change: str, values: dict[int, float]) -> None:
    name = change.split("=")[0].split("@")[0]
    assert with_changes(kiln, [change]).bounds[name].values == pytest.approx(values)


def test_faults_of_all_variants_before_anything_is_solved(kiln: Case) -> None:
    with pytest.raises(CaseError) as caught:
        whatif.whatif(kiln, {"a": ["wood_permi=30%"], "b": ["wood_permit=30 kt"]})
    assert "did you mean 'wood_permit'" in str(caught.value)
    assert "unit 'kt' does not fit; this line is in %" in str(caught.value)


def test_scenario_replaces_lines(tmp_path: Path) -> None:
    """A grid without emissions: scope 2 needs no own power."""
    one_kiln(tmp_path)
    folder = tmp_path / "plant"
    (folder / "scenarios").mkdir()
    header = "place,quantity,which,unit,2024,2026,source,status\n"
    line = "plant,grid_factor,,t/MWh,0.5,0,test,assumed\n"
    (folder / "scenarios" / "clean.csv").write_text(header + line, encoding="utf-8")
    case = read_case(folder, "clean")
    assert case.scenario == "clean"
    assert case.series["plant", "grid_factor", ""] == {2024: 0.5, 2025: 0.25, 2026: 0.0}
    with pytest.raises(CaseError, match="no scenario 'cleen'; did you mean 'clean'"):
        read_case(folder, "cleen")
    (folder / "scenarios" / "odd.csv").write_text(
        header + "plant,clinker_sold,,t,0,0,test,assumed\n", encoding="utf-8"
    )
    with pytest.raises(CaseError, match=r"scenarios/odd.csv row 2: replaces clinker_sold"):
        read_case(folder, "odd")


def test_questions_about_an_impossible_case() -> None:
    case = read_case(CASES / "infeasible")
    with pytest.raises(ImpossibleError):
        rank.rank(case)
    with pytest.raises(ImpossibleError):
        ranges.ranges(case, [2026])
    found, _ = curve.curve(case, "wood_permit")
    assert found.points[0].value == pytest.approx(0.35695, rel=1e-4)


def test_map_of_two_bounds(kiln: Case) -> None:
    """Each cell is what the case needs with both limits there; impossible ones are named so."""
    table = curve.curve_map(kiln, "slag_standard", "sludge_permit")
    slag, sludge = 100 * 0.2625, 100 * 0.03
    clinker = 1e6 * (1 - slag / 100)
    per_clinker = 0.506 - 0.03 * 1.5 * 0.22 + 0.24
    expected = (per_clinker * clinker - 450_000) / 0.96
    expected += max(0.0, (per_clinker * clinker - 550_000) / 0.96)
    assert slag in table.index.to_numpy().round(9)
    row = table.index.get_indexer([slag], method="nearest")[0]
    column = table.columns.get_indexer([sludge], method="nearest")[0]
    assert table.iloc[row, column] == pytest.approx(expected, rel=1e-7)
    assert table.iloc[0].isna().all()  # 15 % of slag is impossible
    with pytest.raises(CaseError, match="another bound"):
        curve.curve_map(kiln, "slag_standard", "slag_standard@2026")


def test_alternatives_differ_where_they_may(kiln: Case) -> None:
    """Clinker and fuels of the plant may not move; in the group renewable power is a choice."""
    same = ranges.alternatives(kiln, 1).set_index(["lever", "which"])
    assert same.loc[("fuel", "wood"), "pathway 2"] == pytest.approx(0.2, rel=1e-4)
    table = ranges.alternatives(read_case(CASES / "tcc-2024"), 1, 0.01)
    table = table.set_index(["lever", "which"])
    total = table.loc[("ccus", "total")]
    assert total["pathway 2"] <= 1.01 * total["pathway 1"] * (1 + 1e-6)
    sun = table.loc[("renewable_power", "")]
    assert abs(sun["pathway 1"] - sun["pathway 2"]) > 0.1


def test_crossing_bounds_are_told(tmp_path: Path) -> None:
    lines = {"bounds": [bound("wood_least,fuel,wood,plant,min,%,5,5")]}
    case = one_kiln(tmp_path, lines)
    said = "asks for at least 25 % in 2025, while 'wood_permit' allows 20"
    with pytest.raises(CaseError, match=said):
        with_changes(case, ["wood_least=25%"])
    with_changes(case, ["wood_least=25%", "wood_permit=30%"])
