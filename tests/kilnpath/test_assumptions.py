"""What the answer rests on: ``cases/one-kiln`` by hand, tcc-2024 as it was, and laws."""

from dataclasses import replace
from math import isnan
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kilnpath import ImpossibleError, read_case
from kilnpath.case.differences import input_differences
from kilnpath.case.read import raw_case
from kilnpath.charts.questions.assumptions_words import assumptions_words
from kilnpath.language.languages import Language
from kilnpath.result.labels import Labels
from kilnpath.studies.assumptions import AssumptionsResult, assumptions
from kilnpath.tables.outcome import names_frame
from model.case.types import Case, Status
from tests.tools.case_tools import add_column, edit
from tests.tools.commands import run
from tests.tools.plants import CASES, TCC_BEFORE, one_kiln
from tests.tools.random_cases import write_random_case


def _by_part(result: AssumptionsResult) -> pd.DataFrame:
    return result.tables["assumptions"].set_index(["part", "id"])


@pytest.fixture(scope="module")
def kiln() -> AssumptionsResult:
    return assumptions(read_case(CASES / "one-kiln"))


def test_the_room_curve_by_hand(kiln: AssumptionsResult) -> None:
    """Of 2026, as in test_like_for_like: 1 Mt cement, 0.506 t/t process, 0.1 t CO2/GJ of coal.

    Half of the room: 27.5 % slag (30 and 25), 2 % sludge (4 and 0), 3.1 GJ/t (3 and 3.2), 20 % wood
    (20 and 20). Sludge takes 0.22 t/t of 1.5 t raw meal per clinker away.
    """
    rooms = _by_part(kiln).loc[("room", "assumed")].set_index("room")
    clinker = 725_000
    stack = clinker * (0.506 - 0.02 * 1.5 * 0.22 + 3.1 * 0.1 * 0.8)
    assert rooms.loc[0.5, "ccus_final"] == pytest.approx((stack - 450_000) / 0.96, rel=2e-5)
    early = clinker * (0.506 - 0.02 * 1.5 * 0.22 + 3.1 * 0.1 * 0.85)  # 15 % wood: 20 and 10
    total = rooms.loc[0.5, "ccus_final"] + (early - 550_000) / 0.9575
    assert rooms.loc[0.5, "ccus_total"] == pytest.approx(total, rel=2e-5)
    assert rooms.loc[1.0, "ccus_total"] == pytest.approx(62_960 / 0.96)
    assert isnan(rooms.loc[0.0, "ccus_total"])  # scope 2 of the plan: 27,094 t for 26,400
    assert list(rooms["bounds"]) == [9] * 5


def test_each_target_and_switch_by_hand(kiln: AssumptionsResult) -> None:
    """Without the scope 1 target nothing is captured; all of the plant is the group's."""
    found = _by_part(kiln)["ccus_total"]
    assert found["target", "scope1"] == 0
    own = found["own", ""]
    assert found["target", "scope2"] == pytest.approx(own)
    assert found["switch", "consolidation"] == pytest.approx(own)
    # Wood makes a share of the stack whose capture ceases to count: 0.96 becomes 0.96 - share.
    heat, process = 3.0 * 700_000 + 0.5 * own, 700_000 * (0.506 - 0.04 * 1.5 * 0.22)
    share = 0.02 * heat / (process + 0.1 * heat)
    later = found["switch", "captured_biogenic_counts"]
    assert later == pytest.approx(62_960 / (0.96 - share), rel=1e-3)


def test_each_lever_at_the_plan_by_hand(kiln: AssumptionsResult) -> None:
    """25 % slag in place of 30; no sludge in place of 4 %; 3.2 GJ/t in place of 3."""
    found = _by_part(kiln)["more_total"]
    per_slag = 50_000 * (0.506 - 0.04 * 1.5 * 0.22 + 3.0 * 0.1 * 0.8)
    assert found["lever", "clinker_ratio"] == pytest.approx(per_slag / 0.96)
    assert found["lever", "addition"] == pytest.approx(per_slag / 0.96)
    assert found["lever", "alternative_raw"] == pytest.approx(4 * 2_310 / 0.96)
    assert found["lever", "heat_intensity"] == pytest.approx(0.2 * 0.1 * 0.8 * 700_000 / 0.96)
    assert isnan(found["lever", "all"])


def test_doubts_by_hand(kiln: AssumptionsResult) -> None:
    """A tenth of each limit, as confidence is medium; worth a step as in test_rank."""
    table = kiln.tables["doubts"].set_index("id")
    assert table["doubt"].tolist() == [0.1] * 4
    assert not table["given"].any()
    by_hand = {"slag_standard": 3 * 7_328, "heat_best": 0.3 * 0.1 * 0.8 * 700_000}
    by_hand |= {"sludge_permit": 0.4 * 2_310}
    for name, tonnes in by_hand.items():
        assert table.loc[name, "worth"] == pytest.approx(tonnes / 0.96, rel=1e-3), name
    own = 62_960 / 0.96
    assert table.loc["slag_standard", "looser"] == pytest.approx(own - 3 * 7_328 / 0.96)
    assert table.loc["slag_standard", "tighter"] == pytest.approx(own + 3 * 7_328 / 0.96)
    assert list(table.index[:2]) == ["slag_standard", "heat_best"]


def test_a_doubt_of_its_own(tmp_path: Path) -> None:
    """2 % of 30 % are 0.6 pp of slag; a cell that is empty leaves it to the confidence."""
    case = one_kiln(tmp_path)
    add_column(tmp_path / "plant", "bounds", "doubt [%]", "")
    edit(tmp_path / "plant", "bounds", "slag_standard", "doubt [%]", "2")
    case = read_case(tmp_path / "plant")
    assert case.bounds["slag_standard"].doubt == pytest.approx(0.02)
    assert case.bounds["heat_best"].doubt is None
    table = assumptions(case).tables["doubts"].set_index("id")
    assert table.loc["slag_standard", "worth"] == pytest.approx(0.6 * 7_328 / 0.96, rel=1e-3)
    assert table["given"].to_dict() == {name: name == "slag_standard" for name in table.index}
    assert table.index[0] == "heat_best"


def test_a_doubt_is_compared_and_proven_with_its_case(tmp_path: Path) -> None:
    """The verifier reads the column too, and a doubt that is added is one difference."""
    one_kiln(tmp_path)
    add_column(tmp_path / "plant", "bounds", "doubt [%]", "")
    edit(tmp_path / "plant", "bounds", "slag_standard", "doubt [%]", "2")
    run(tmp_path, "plan", "plant", "--out", "result")
    assert "Proven." in run(tmp_path, "verify", "result", "--case", "plant")
    cases = [{"": raw_case(folder)} for folder in (CASES / "one-kiln", tmp_path / "plant")]
    (found,) = input_differences(cases)
    assert (found.row, found.column, found.unit, found.cells) == (
        "slag_standard",
        "doubt",
        "%",
        (None, 2.0),
    )


def test_only_what_is_published(tmp_path: Path) -> None:
    """Nothing of the plant is published, so nothing limits its levers. The four bounds that hold it
    back give the same least without the others."""
    found = _by_part(assumptions(one_kiln(tmp_path)))
    assert found.loc[("published", ""), ["bounds", "ccus_total"]].tolist() == [0, 0]
    one_kiln(tmp_path)
    for name in ("slag_standard", "sludge_permit", "heat_best", "wood_permit"):
        edit(tmp_path / "plant", "bounds", name, "status", "derived")
    found = _by_part(assumptions(read_case(tmp_path / "plant")))
    known = found.loc[("published", ""), ["bounds", "ccus_total"]].tolist()
    assert known == [4, pytest.approx(62_960 / 0.96)]


def test_each_group_is_moved_by_itself(tmp_path: Path) -> None:
    """Calibrated slag at the plan's 25 %, sludge of low confidence at its 0 %; the rest assumed."""
    one_kiln(tmp_path)
    edit(tmp_path / "plant", "bounds", "slag_standard", "status", "calibrated")
    edit(tmp_path / "plant", "bounds", "sludge_permit", "status", "published")
    edit(tmp_path / "plant", "bounds", "sludge_permit", "confidence", "low")
    table = _by_part(assumptions(read_case(tmp_path / "plant")))
    none = table[table["room"] == 0]
    assert none["bounds"].to_dict() == {
        ("room", "assumed"): 7,
        ("room", "calibrated"): 1,
        ("room", "low"): 1,
    }
    per_slag = 50_000 * (0.506 - 0.04 * 1.5 * 0.22 + 3.0 * 0.1 * 0.8)
    more = none["more_total"]
    assert more["room", "calibrated"] == pytest.approx(per_slag / 0.96, rel=1e-4)
    assert more["room", "low"] == pytest.approx(4 * 2_310 / 0.96, rel=1e-4)
    assert table.loc[("published", ""), "bounds"].item() == 1


def test_without_a_plan_nothing_is_moved_to_it(tmp_path: Path) -> None:
    one_kiln(tmp_path)
    (tmp_path / "plant" / "plan.csv").unlink()
    edit(tmp_path / "plant", "targets", "scope2", "unit", "t/t")
    edit(tmp_path / "plant", "targets", "scope2", "2026", "1")
    result = assumptions(read_case(tmp_path / "plant"))
    assert result.plan is None
    assert set(result.tables["assumptions"]["part"]) == {"own", "published", "target", "switch"}


def test_what_is_impossible_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ImpossibleError):
        assumptions(one_kiln(tmp_path, swap={"max,%,90,90,": "max,%,1,1,"}))


@pytest.fixture(scope="module")
def tcc() -> AssumptionsResult:
    """Without the law that waste heat power needs heat: the programme was exported before it.

    Nor did it have limits on what stations buy; as much as their cement is none, and is not moved.
    """
    case = read_case(TCC_BEFORE)
    law = {(site, "waste_heat_yield", ""): dict.fromkeys(case.years, 1.0) for site in case.sites}
    still = {
        bound.id: replace(bound, status=Status.DERIVED)
        for bound in case.bounds.values()
        if bound.lever == "clinker_bought"
    }
    bounds = {**case.bounds, **still}
    return assumptions(replace(case, series={**case.series, **law}, bounds=bounds))


ROOMS = [(1.0, 76_458, 7_019), (0.75, 79_459, 7_236), (0.5, 82_793, 7_479)]
ROOMS += [(0.25, 86_824, 7_772), (0.0, 92_590, 8_128)]


@pytest.mark.slow
@pytest.mark.parametrize(("room", "total", "final"), ROOMS)
def test_the_room_curve_of_tcc(tcc: AssumptionsResult, room: float, total: int, final: int) -> None:
    """By the exported programme with its assumed bounds moved, solved by HiGHS. [kt CO2]"""
    row = _by_part(tcc).loc[("room", "assumed")].set_index("room").loc[room]
    assert (round(row["ccus_total"] / 1e3), round(row["ccus_final"] / 1e3)) == (total, final)


@pytest.mark.slow
def test_tcc_with_its_plan_and_capture_alone(tcc: AssumptionsResult) -> None:
    """92,725 kt, as in test_like_for_like; no bound of tcc is calibrated."""
    found = _by_part(tcc)
    assert round(found.loc[("lever", "all"), "ccus_total"].item() / 1e3) == 92_725
    assert ("room", "calibrated") not in found.index


def test_scenarios_are_tried(tmp_path: Path) -> None:
    """4 % of the cement is lost: 4 % less clinker and less output, and so 4 % less CCUS."""
    case = _write_less(tmp_path)
    other = read_case(tmp_path / "plant", "less")
    found = _by_part(assumptions(case, {"less": other}))["ccus_total"]
    assert found["scenario", "less"] == pytest.approx(62_960)


def _write_less(folder: Path) -> Case:
    """The plant with a scenario ``less``: 960,000 t of cement in 2026."""
    case = one_kiln(folder)
    header, *lines = _lines(folder / "plant", "series")
    (cement,) = [line for line in lines if line.startswith("plant,cement,")]
    less = cement.replace("1000000,1000000,1000000", "1000000,1000000,960000")
    assert less != cement
    file = folder / "plant" / "scenarios" / "less.csv"
    file.parent.mkdir()
    file.write_text(f"{header}\n{less}\n", encoding="utf-8")
    return case


def _lines(folder: Path, table: str) -> list[str]:
    return (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_laws_of_random_cases(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Less room never needs less, what is left out never more, and a tighter end never less."""
    case = read_case(write_random_case(tmp_path_factory.mktemp("random") / "case", seed))
    try:
        result = assumptions(case)
    except ImpossibleError:
        return
    _hold(case, result)


def _hold(case: Case, result: AssumptionsResult) -> None:
    own = result.tried[0].least
    near = 1e-5 * max(own.total, 1e4)
    table = result.tables["assumptions"].fillna({"ccus_total": 1e99, "ccus_final": 1e99})
    for column, least in (("ccus_total", own.total), ("ccus_final", own.final)):
        for _, rows in table[table["part"] == "room"].groupby("id"):
            narrowing = rows.sort_values("room", ascending=False)[column]
            assert (narrowing.diff().fillna(0) >= -near).all()
        assert (
            table.loc[table["part"].isin(["published", "target"]), column] <= least + near
        ).all()
        assert (table.loc[table["part"] == "lever", column] >= least - near).all()
    doubts = result.tables["doubts"]
    solved = doubts[doubts["solved"]].fillna({"tighter": 1e99})
    one_side = solved[solved["sense"] != "fixed"]  # a level that moves both ways may fit nowhere
    assert (one_side["looser"] <= own.total + near).all()
    assert (one_side["tighter"] >= own.total - near).all()
    assert (doubts["worth"].diff().fillna(0) <= 0).all()


def test_the_command_tells_and_writes(tmp_path: Path) -> None:
    said = run(tmp_path, "assumptions", str(CASES / "one-kiln"), "--out", "out")
    assert "Without room beyond the plan in the 9 assumed bounds: no pathway." in said
    assert "without the target scope1" in said
    table = pd.read_csv(tmp_path / "out" / "assumptions.csv").fillna({"id": ""})
    found = table.set_index(["part", "id"])["ccus_total"]
    assert found["own", ""] == pytest.approx(62_960 / 0.96)
    assert found["plan", ""] == pytest.approx(150_000)  # plan.csv: 150,000 t stored in 2026
    assert (tmp_path / "out" / "doubts.csv").is_file()


def test_the_command_without_a_pathway(tmp_path: Path) -> None:
    run(tmp_path, "assumptions", str(CASES / "infeasible"), code=2)


def test_every_other_scenario_is_tried(tmp_path: Path) -> None:
    """With a scenario chosen, the case without it is one of them."""
    _write_less(tmp_path)
    plant = str(tmp_path / "plant")
    assert "scenario less" in run(tmp_path, "assumptions", plant)
    said = run(tmp_path, "assumptions", plant, "--scenario", "less")
    assert "without scenario" in said
    assert "scenario less" not in said


def test_the_page_has_it_where_it_was_asked_for(tmp_path: Path) -> None:
    plant = str(CASES / "one-kiln")
    run(tmp_path, "plan", plant, "--out", "with", "--assumptions", "--report")
    page = (tmp_path / "with" / "report.html").read_text(encoding="utf-8")
    assert "Without room beyond the plan in the 9 assumed bounds: no pathway." in page
    assert "plan with --assumptions" not in page
    run(tmp_path, "verify", "with", "--case", plant)
    run(tmp_path, "plan", plant, "--out", "without", "--report")
    page = (tmp_path / "without" / "report.html").read_text(encoding="utf-8")
    assert "plan with --assumptions" in page
    assert not (tmp_path / "without" / "assumptions.csv").exists()


def test_the_paragraph_speaks_both_languages(kiln: AssumptionsResult) -> None:
    for language, words in (
        (Language.ENGLISH, ("65.6 kt of CCUS over all years", "without the target scope1")),
        (Language.CHINESE, ("各年合計 CCUS 65.6 kt", "略去目標 scope1")),
    ):
        labels = Labels(names_frame(kiln.case), language)
        said = assumptions_words(kiln.tables, 2026, labels)
        assert all(word in said for word in words), said
        assert ". " in said or "。" in said
        assert "。 " not in said
