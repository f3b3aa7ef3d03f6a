"""No favourable number alone: what a plan says first, on screen, page, sheet and in summary.csv."""

import io
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import openpyxl
import pandas as pd
import pytest
from markupsafe import Markup
from rich.console import Console

from kilnpath import PlanResult, plan, read_case
from kilnpath.export.workbook import write_result_workbook
from kilnpath.language.chosen import choose
from kilnpath.language.headline import first_sentences
from kilnpath.language.languages import Language
from kilnpath.report.answer import answer
from kilnpath.report.page import report
from kilnpath.result.labels import Labels
from kilnpath.result.read import read_result
from kilnpath.screen.plan import show_plan
from kilnpath.studies.result_folder import manifest_of, write_plan
from kilnpath.tables.cautions import cautions_frame
from tests.tools.case_tools import add_row, edit
from tests.tools.plants import CASES, ROOT, TCC_BEFORE

CLIFF = ROOT / "tests" / "cases" / "headline-cliff"


@pytest.fixture(scope="module")
def cliff() -> PlanResult:
    """A planner's own case: targets as points, no bound on the pace of capture."""
    return plan(read_case(CLIFF))


@pytest.fixture(scope="module")
def tcc() -> PlanResult:
    return plan(read_case(CASES / "tcc-2024"))


def _value(result: PlanResult, quantity: str, scenario: str = "pathway", year: str = "") -> float:
    table = result.tables["summary"]
    rows = table[(table["quantity"] == quantity) & (table["scenario"] == scenario)]
    rows = rows[rows["year"] == year] if year else rows
    return float(rows["value"].item())


def _caution(result: PlanResult, caution: str) -> pd.DataFrame:
    table = result.tables["cautions"]
    return table[table["caution"] == caution]


def _screen(result: PlanResult) -> str:
    console = Console(file=io.StringIO(), width=400)
    show_plan(console, result)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _first(said: str) -> str:
    """What stands above the first table."""
    return said.split("CCUS needed, kt CO2")[0]


def test_a_cliff_is_told_before_the_numbers(cliff: PlanResult) -> None:
    """28 % more than the plan in 2050, 23 % more emitted, 82 % of the stack in one year."""
    first = _first(_screen(cliff))
    assert "In 2050 it captures 2,624 kt, 28.0 % more than the plan (2,050 kt)." in first
    assert "emits 89,510 kt of scope 1 and 2, 23.3 % more than the plan (72,625 kt)" in first
    assert "In 2050 alone CCUS rises by 2,622 kt, to 2,624 kt: 82.1 %" in first
    assert "keeps 1 of 3 targets; it misses s1_near (2030), s1_sda (2050)" in first
    assert "s1_near (ambition, forward-looking)" in first
    assert "No bound limits how fast capture may rise: hualien, yilan, binhphuoc." in first
    assert "single years only, and not between: s1_near (2030), s1_sda (2050)" in first
    assert "All CCUS hangs on one target, s1_sda" in first


def test_levers_that_break_bounds_give_no_percentage(cliff: PlanResult) -> None:
    """The 18,878 kt (87.8 %) are of a plan that breaks supplies, permits and standards."""
    assert cliff.at_plan is not None and cliff.at_plan.least is None
    assert {"ggbs_supply", "flyash_supply_tw", "lime_binhphuoc"} <= cliff.at_plan.missed.keys()
    assert not {"s1_near", "s1_sda", "s2_near"} & cliff.at_plan.missed.keys()
    said = _screen(cliff)
    assert "No like-for-like comparison" in _first(said)
    assert "88" not in said and "87.8" not in said and "less" not in said
    assert not (cliff.tables["summary"]["quantity"] == "ccus_less_by_levers_share").any()
    assert manifest_of(cliff)["like_for_like"] == {"status": "no pathway with the plan's levers"}


def test_what_stands_beside_it_in_the_summary(cliff: PlanResult) -> None:
    assert _value(cliff, "ccus_less_than_plan") == pytest.approx(18_878e3, rel=1e-4)
    assert _value(cliff, "ccus_rise", "pathway", "2050") == pytest.approx(2_622e3, rel=1e-3)
    assert _value(cliff, "ccus_rise", "plan", "2036") == pytest.approx(116e3)
    emitted = _value(cliff, "scope12_total") / _value(cliff, "scope12_total", "plan")
    assert emitted == pytest.approx(1.23, abs=0.005)
    assert (_value(cliff, "targets_kept"), _value(cliff, "targets_kept", "plan")) == (3, 1)
    assert (_value(cliff, "bounds_broken"), _value(cliff, "bounds_broken", "plan")) == (0, 10)
    assert _value(cliff, "criteria_failed", "") == 2
    part = _caution(cliff, "more_than_plan").set_index("id")["value"]
    assert part["ccus"] == pytest.approx(0.28, abs=0.005)
    assert part["scope12_total"] == pytest.approx(0.233, abs=0.0005)


@pytest.fixture(scope="module")
def then() -> PlanResult:
    """76,458 kt were its least before waste heat power needed heat, and 76,467 kt with that law."""
    return plan(read_case(TCC_BEFORE))


LIKE_FOR_LIKE = [("then", 92_725, 76_467, "17.5", "21.9"), ("tcc", 94_507, 80_368, "15.0", "19.1")]


@pytest.mark.parametrize(("case", "theirs", "ours", "less", "flattering"), LIKE_FOR_LIKE)
def test_tcc_2024_like_for_like(
    case: str,
    theirs: int,
    ours: int,
    less: str,
    flattering: str,
    request: pytest.FixtureRequest,
) -> None:
    """With the plan's levers, and with the pathway's; never the part of the plan's own CCUS."""
    tcc: PlanResult = request.getfixturevalue(case)
    assert tcc.at_plan is not None and tcc.at_plan.pathway is not None
    assert tcc.at_plan.least == pytest.approx(theirs * 1e3, rel=1e-5)
    assert tcc.solution.least == pytest.approx(ours * 1e3, rel=1e-5)
    part = _value(tcc, "ccus_less_by_levers_share")
    assert part == pytest.approx(1 - ours / theirs, abs=2e-5)
    said = _screen(tcc)
    words = f"{theirs:,} kt are needed in 2024–2050; the levers of this pathway bring it to"
    assert f"{words} {ours:,} kt, {less} % less." in _first(said)
    flat = 100 * _value(tcc, "ccus_less_than_plan") / _value(tcc, "ccus_total", "plan")
    assert f"{flat:.1f}" == flattering
    assert f"{flat:.0f}%" not in said and f"{flat:.0f} %" not in said
    assert flattering not in _first(said)
    assert _caution(tcc, "jump").empty and _caution(tcc, "no_pace").empty
    assert _caution(tcc, "more_than_plan").empty
    hanging = _caution(tcc, "one_target")
    assert set(hanging["id"]) == {"sda_group"}
    without = hanging[hanging["unit"] == "t CO2"]["value"].item()
    alone = {n: t for n, t in tcc.case.targets.items() if n != "sda_group"}
    again = plan(tcc.case.with_limits(targets=alone), then="none")
    assert again.solution.least == pytest.approx(without, rel=1e-6)


@pytest.mark.parametrize("objective", ["final", "peak"])
def test_the_plan_s_levers_by_the_same_objective(objective: str, tcc: PlanResult) -> None:
    result = plan(tcc.case, objective, then="none")
    assert result.at_plan is not None and result.at_plan.least is not None
    ours = result.solution.least
    assert ours < result.at_plan.least < 8_131e3  # what the plan itself has in 2050
    part = _value(result, "ccus_less_by_levers_share")
    assert part == pytest.approx(1 - ours / result.at_plan.least)


def test_one_kiln_by_hand(tmp_path: Path) -> None:
    """The plan's 150,000 t miss a target; its levers need 174,207 t, the pathway's 65,583 t."""
    case = Path(copytree(CASES / "one-kiln", tmp_path / "case"))
    edit(case, "targets", "scope2", "2026", "38")
    result = plan(read_case(case))
    theirs = 45_500 / 0.955 + 121_500 / 0.96
    assert result.at_plan is not None
    assert result.at_plan.least == pytest.approx(theirs, rel=1e-8)
    less = _value(result, "ccus_less_by_levers")
    assert less == pytest.approx(theirs - result.solution.least, rel=1e-8)


def test_a_target_that_the_plan_s_levers_cannot_keep(tmp_path: Path) -> None:
    result = plan(read_case(CASES / "one-kiln"))
    assert result.at_plan is not None and dict(result.at_plan.missed) == {"scope2": [2026]}
    misses = result.tables["plan_misses"].query("scenario == 'plan levers'")
    assert misses.to_dict("records") == [
        {"scenario": "plan levers", "id": "scope2", "years": "2026"}
    ]


def test_a_law_that_the_plan_s_levers_cannot_keep(tmp_path: Path) -> None:
    """20 kWh of waste heat power a tonne from 3.2 GJ at 5 kWh/GJ: told on screen and page."""
    case = Path(copytree(CASES / "one-kiln", tmp_path / "case"))
    with (case / "series.csv").open("a", encoding="utf-8") as series:
        series.write("plant,waste_heat_yield,,kWh/GJ,5,5,5,test,assumed\n")
    result = plan(read_case(case))
    write_plan(result, tmp_path / "result")
    page = str(report(read_result(tmp_path / "result"), Language.ENGLISH))
    for said in (_screen(result), page):
        assert "whatever is captured: no more waste heat power than the heat of the kiln" in said
        assert "can give (2025–2026), no more waste heat power than what burns can give" in said


def test_without_a_plan_nothing_is_compared(tmp_path: Path) -> None:
    case = Path(copytree(CASES / "one-kiln", tmp_path / "case"))
    (case / "plan.csv").unlink()
    targets = case / "targets.csv"
    kept = [line for line in targets.read_text("utf-8").splitlines() if "below base" not in line]
    targets.write_text("\n".join(kept) + "\n", encoding="utf-8")
    result = plan(read_case(case))
    assert result.at_plan is None and result.tables["plan_misses"].empty
    said = _screen(result)
    assert "ike for like" not in said and "ike-for-like" not in said and "plan " not in said
    assert "like_for_like" not in manifest_of(result)


def test_a_bound_on_the_pace_ends_the_caution(tmp_path: Path) -> None:
    case = Path(copytree(CASES / "one-kiln", tmp_path / "case"))
    assert _caution(plan(read_case(case)), "no_pace")["id"].tolist() == ["plant"]
    new = {"id": "pace", "sense": "rise_max", "unit": "kt/yr", "2025": "500", "2026": "500"}
    add_row(case, "bounds", "capture_rate", **new)
    result = plan(read_case(case))
    assert _caution(result, "no_pace").empty
    assert _caution(result, "jump")["years"].tolist() == ["2026"]  # it jumps all the same


def test_more_than_half_is_what_is_told_of_one_target(tcc: PlanResult) -> None:
    least = tcc.solution.least
    for part, told in ((0.49, True), (0.51, False)):
        table = cautions_frame(tcc.pathway, None, least, {"sda_group": part * least})
        assert bool((table["caution"] == "one_target").any()) is told


@pytest.mark.parametrize("language", list(Language))
def test_page_and_sheet_say_the_same_first(
    cliff: PlanResult, tmp_path: Path, language: Language
) -> None:
    write_plan(cliff, tmp_path / "run")
    result = read_result(tmp_path / "run")
    section = answer(result, Labels(result.tables["names"], language))
    words = " ".join(Markup(one).striptags() for one in (*section.lead, *section.cautions))
    page, book = report(result, language), tmp_path / "book.xlsx"
    assert all(str(Markup.escape(one)) in page for one in (*section.lead, *section.cautions))
    write_result_workbook(result, book, language, CLIFF)
    sheet = openpyxl.load_workbook(book).worksheets[0]
    cells = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    for said in (words, cells):
        for told in ("28.0", "23.3", "82.1", "s1_near"):
            assert told in said
        assert "87.8" not in said


def test_every_sentence_is_said_in_chinese(cliff: PlanResult, tcc: PlanResult) -> None:
    choose(Language.CHINESE)
    try:
        for result in (cliff, tcc):
            lines = [line for line in _screen(result).splitlines() if line.startswith(" · ")]
            assert len(lines) == len(first_sentences(result.tables, result.objective))
            assert not any(" the " in line or " is " in line for line in lines)
    finally:
        choose(Language.ENGLISH)


def test_without_its_result_nothing_is_told_of_levers(tcc: PlanResult) -> None:
    """Where the comparison is not known, nothing is said in its place."""
    unknown = replace(tcc, at_plan=None, without={})
    said = _first(_screen(unknown))
    assert "ike" not in said.split("pathway within")[1]
