"""Results as they are stored: every table as its schema says, and what is wrong with others."""

import json
import math
import shutil
from pathlib import Path

import pandas as pd
import pytest

from kilnpath import plan, read_case
from kilnpath.files.result_folder import MANIFEST, ResultError
from kilnpath.result.read import Result, read_result
from kilnpath.result.schema import SCHEMAS, Kind
from kilnpath.studies.plan import PlanResult
from kilnpath.studies.result_folder import write_plan
from tests.tools.plants import CASES


@pytest.fixture(scope="module")
def planned() -> PlanResult:
    return plan(read_case(CASES / "one-kiln"))


@pytest.fixture
def folder(planned: PlanResult, tmp_path: Path) -> Path:
    write_plan(planned, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture(scope="module")
def tcc() -> PlanResult:
    return plan(read_case(CASES / "tcc-2024"))


def test_tables_are_those_of_the_schema(planned: PlanResult) -> None:
    wanted = {name for name, schema in SCHEMAS.items() if not schema.optional}
    assert set(planned.tables) == wanted
    for name, table in planned.tables.items():
        assert list(table.columns) == list(SCHEMAS[name].columns), name


def test_stored_tables_are_the_found_ones(planned: PlanResult, folder: Path) -> None:
    stored = read_result(folder).tables
    for name, table in planned.tables.items():
        for column, about in SCHEMAS[name].columns.items():
            found, given = stored[name][column], table[column]
            if about.kind is Kind.NUMBER:
                assert found.to_list() == pytest.approx(given.to_list(), rel=1e-11, nan_ok=True)
            else:
                assert found.to_list() == given.to_list(), (name, column)


def _value(table: pd.DataFrame, **wanted: object) -> float:
    for column, value in wanted.items():
        table = table[table[column] == value]
    (value,) = table["value"]
    return float(value)


def test_the_answer_by_hand(planned: PlanResult) -> None:
    """one-kiln: 61,204 t of capture where the plan has 139,983; 728,800 t CO2e in 2024."""
    summary = planned.tables["summary"]
    total = _value(summary, quantity="ccus_total", scenario="pathway")
    assert total == pytest.approx(planned.pathway.cumulative_ccus)
    less = _value(summary, quantity="ccus_less_than_plan")
    plan_total = _value(summary, quantity="ccus_total", scenario="plan")
    assert less == pytest.approx(plan_total - total)
    assert _value(summary, quantity="scope12", scenario="reported") == pytest.approx(728_800)
    assert _value(summary, quantity="scope12_below_base") == pytest.approx(1 - 476_400 / 728_800)


@pytest.mark.parametrize("case", ["planned", "tcc"])
def test_wedges_lie_between_baseline_and_net(case: str, request: pytest.FixtureRequest) -> None:
    """Their sum against the emissions table, which knows nothing of wedges."""
    result: PlanResult = request.getfixturevalue(case)
    table, emissions = result.tables["wedges"], result.tables["emissions"]
    counted = emissions[emissions["scope"].isin(["1", "2"])]
    assert set(table["year"]) == set(result.case.horizon)
    for year in result.case.horizon:
        own = table[(table["place"] == "group") & (table["year"] == year)]
        levels = {
            scenario: math.fsum(
                counted[(counted["scenario"] == scenario) & (counted["year"] == year)][
                    "consolidated"
                ]
            )
            for scenario in ("baseline", "pathway", "plan")
        }
        layers = own[~own["layer"].isin(["baseline", "net", "plan"])]["value"].sum()
        assert _value(own, layer="plan") == pytest.approx(levels["plan"], rel=1e-9)
        assert _value(own, layer="baseline") == pytest.approx(levels["baseline"], rel=1e-9)
        assert _value(own, layer="net") == pytest.approx(levels["pathway"], rel=1e-9)
        assert levels["baseline"] - layers == pytest.approx(levels["pathway"], rel=1e-6, abs=1)
        assert _value(own, layer="other") == pytest.approx(0, abs=1e-3)


def test_wedge_of_capture_is_what_it_deducts_less_its_energy(planned: PlanResult) -> None:
    """one-kiln 2026 has capture alone of all that is deducted; its power is bought at 0.4 t/MWh."""
    table, emissions = planned.tables["wedges"], planned.tables["emissions"]
    deducted = emissions[
        (emissions["scenario"] == "pathway")
        & (emissions["year"] == 2026)
        & (emissions["source"] == "counted")
    ]["consolidated"].sum()
    wedge = _value(table, place="group", year=2026, layer="capture")
    assert 0.8 * -deducted < wedge < -deducted


def test_waterfall_adds_up(tcc: PlanResult) -> None:
    table = tcc.tables["waterfall"]
    for (_, place), rows in table.groupby(["method", "place"]):
        values = rows.sort_values("step")["value"].to_list()
        assert math.fsum(values[:-1]) == pytest.approx(values[-1], rel=1e-9, abs=1), place
    group = table[table["place"] == "group"]
    assert _value(group, method="lmdi", item="start") == pytest.approx(
        _value(tcc.tables["summary"], quantity="scope12", scenario="reported")
    )


def test_intensities_are_those_of_the_targets(tcc: PlanResult) -> None:
    intensities = tcc.tables["intensities"]
    for row in tcc.tables["targets"].itertuples():
        if row.metric == "intensity":
            where = {"place": row.place, "scope": row.scope, "year": row.year}
            found = _value(intensities, scenario="pathway", **where)
            assert found == pytest.approx(row.value, rel=1e-12)


def test_limits_in_tonnes(tcc: PlanResult) -> None:
    """The limit in tonnes less the emissions is the margin times the product."""
    emissions = tcc.tables["emissions"]
    for row in tcc.tables["targets"].itertuples():
        if row.place == "group" and row.scope == "1" and row.metric == "intensity":
            own = emissions[
                (emissions["scenario"] == "pathway")
                & (emissions["year"] == row.year)
                & (emissions["scope"] == "1")
            ]
            emitted = own["consolidated"].sum()
            assert row.tonnes / emitted == pytest.approx(row.limit / row.value, rel=1e-9)


def test_ccus_by_region_adds_up(tcc: PlanResult) -> None:
    table = tcc.tables["ccus"]
    group = table[table["place"] == "group"].set_index(["scenario", "year"])["value"]
    regions = table[table["place"] != "group"].groupby(["scenario", "year"])["value"].sum()
    assert regions.to_dict() == pytest.approx(group.to_dict())
    assert group["pathway"].sum() == pytest.approx(tcc.pathway.cumulative_ccus)


def test_criteria_in_both_languages(tcc: PlanResult) -> None:
    table = tcc.tables["criteria"]
    assert set(table["target"]) == set(tcc.case.targets)
    row = table[(table["target"] == "sda_group") & (table["criterion"] == "coverage")].iloc[0]
    assert row["found"] == "100.0 % in 2016, 100.0 % in 2023"
    assert row["found_zh"] == "2016 年 100.0%，2023 年 100.0%"
    assert row["verdict"] == "passed"


def test_sources_count_the_numbers_given(tcc: PlanResult) -> None:
    table = tcc.tables["sources"]
    counts = table.groupby("status")["numbers"].sum()
    assert counts.to_dict() == {str(k): n for k, n in tcc.case.provenance.items()}
    bound = table[table["row"] == "clinker_ratio_tw_cn"].iloc[0]
    assert (bound["table"], bound["status"], bound["confidence"]) == ("bounds", "published", "high")


def test_a_case_without_a_plan(tmp_path: Path) -> None:
    shutil.copytree(CASES / "one-kiln", tmp_path / "case")
    (tmp_path / "case" / "plan.csv").unlink()
    targets = tmp_path / "case" / "targets.csv"  # without one that starts from the base year
    lines = [n for n in targets.read_text("utf-8").splitlines() if "below base" not in n]
    targets.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = plan(read_case(tmp_path / "case"))
    write_plan(result, tmp_path / "run")
    stored = read_result(tmp_path / "run")
    assert stored.tables["wedges"].empty
    assert set(stored.tables["summary"]["scenario"]) == {"pathway", ""}


def _broken(folder: Path, change: str) -> None:
    manifest = folder / MANIFEST
    content = json.loads(manifest.read_text(encoding="utf-8"))
    if change == "format":
        content["format"] = 1
    if change == "kind":
        content["kind"] = "account"
    if change == "files":
        content["files"] = ["pathway.csv"]
    if change == "table":
        del content["files"]["wedges.csv"]
    manifest.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("format", "is of another version"),
        ("kind", "is no result of plan"),
        ("files", "does not name its files"),
        ("table", "has no wedges.csv; plan again"),
    ],
)
def test_other_folders_are_refused(folder: Path, change: str, said: str) -> None:
    _broken(folder, change)
    with pytest.raises(ResultError, match=said):
        read_result(folder)


def test_a_changed_number_is_refused(folder: Path) -> None:
    file = folder / "ccus.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("2", "3", 1), encoding="utf-8")
    with pytest.raises(ResultError, match=r"ccus\.csv was changed after it was written"):
        read_result(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "levers.csv").unlink()
    with pytest.raises(ResultError, match=r"levers\.csv: cannot be read"):
        read_result(folder)


def test_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match=r"has no manifest\.json"):
        read_result(tmp_path)


def test_name(folder: Path) -> None:
    found: Result = read_result(folder)
    assert found.name == "one-kiln · run"
