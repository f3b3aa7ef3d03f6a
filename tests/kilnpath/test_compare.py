"""What changed between cases or results: found all, found by hand, and nothing else."""

import io
import random
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

import kilnpath
from kilnpath import compare, plan, read_case
from kilnpath.files.result_folder import ResultError
from kilnpath.screen.compare import show_comparison
from kilnpath.studies.result_folder import write_plan
from model.messages.faults import CaseError
from tests.tools.case_tools import (
    KEYS,
    NUMBERS,
    TABLES,
    add_column,
    add_row,
    drop_column,
    drop_row,
    edit,
    file_of,
    find_row,
    header_at,
    new_case,
    read_rows,
    replace_text,
    write_rows,
    write_workbook,
)
from tests.tools.commands import run
from tests.tools.plants import CASES, one_kiln

RESULT_TABLES = ("summary", "ccus", "levers", "targets", "bounds", "criteria")
# With 20 % wood the kiln emits 0.7328 t CO2 a tonne of clinker and a captured tonne takes 0.96 off;
# with 25 % the heat of 3 GJ/t and that of capture, 0.5 GJ/t, emit 0.075 t/GJ instead of 0.08.
CCUS = {
    "a": (0.7328 * 700_000 - 450_000) / 0.96,
    "b": ((0.7328 - 3 * 0.005) * 700_000 - 450_000) / (1 - 0.5 * 0.075),
}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """The template twice; the second is to be changed."""
    return new_case(tmp_path / "a"), new_case(tmp_path / "b")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the hand-worked plant: a as it is, b with 25 % wood, c with 25 % slag.

    d is no hotter than 3 GJ/t, and its scope 1 of 2026 at most 0.46 t/t.
    """
    folder = tmp_path_factory.mktemp("results")
    case = read_case(CASES / "one-kiln")
    changes = {"a": [], "b": ["wood_permit=25%"], "c": ["slag_standard=25%"]}
    for name, texts in changes.items():
        write_plan(plan(case, changes=texts), folder / name)
    looser = one_kiln(folder / "case", swap={"t/t,0.55,0.45": "t/t,0.55,0.46"})
    write_plan(plan(looser, changes=["heat_today=3"]), folder / "d")
    return folder


def inputs(*cases: Path) -> pd.DataFrame:
    return compare(*cases).tables["inputs"]


def told(*subjects: Path) -> str:
    """What the command says of them."""
    console = Console(width=120, file=io.StringIO())
    show_comparison(console, compare(*subjects))
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def one(table: pd.DataFrame, **keys: Any) -> dict[Any, Any]:
    """The only row with these values."""
    for column, value in keys.items():
        table = table[table[column] == value]
    (row,) = table.to_dict("records")
    return row


@pytest.mark.parametrize("table", TABLES)
def test_one_changed_cell_is_found_and_nothing_else(pair: tuple[Path, Path], table: str) -> None:
    row, column, _ = NUMBERS[table]
    rows = read_rows(pair[1], table)
    old = float(rows[find_row(rows, table, row)][rows[header_at(rows)].index(column)] or "nan")
    edit(pair[1], table, row, column, "7.5")
    found = one(inputs(*pair))
    assert (found["table"], found["row"], found["change"]) == (table, row, "changed")
    assert (found["a"], found["b"], found["difference"]) == pytest.approx((old, 7.5, 7.5 - old))
    if column.isdigit():
        assert (found["column"], found["year"]) == ("", int(column))
    else:
        name, unit = column.rstrip("]").split(" [")
        assert (found["column"], found["unit"]) == (name, unit)
        assert pd.isna(found["year"])
    assert compare(*pair).tables["provenance"].empty


def test_order_comments_and_ways_to_write_a_number_do_not_matter(pair: tuple[Path, Path]) -> None:
    draws = random.Random(1)
    for table in TABLES:
        rows = read_rows(pair[1], table)
        head, lines = rows[header_at(rows)], rows[header_at(rows) + 1 :]
        order = draws.sample(range(len(head)), len(head))
        draws.shuffle(lines)
        mixed = [[cells[n] for n in order] for cells in [head, *lines]]
        write_rows(pair[1], table, mixed)
    edit(pair[1], "bounds", "fuel_permit", "2030", "30.0")
    edit(pair[1], "bounds", "capture_start", "expires", "2027.0")
    edit(pair[1], "series", "plant/cement", "2035", "9.5e2")
    for table in TABLES:
        head, *lines = read_rows(pair[1], table)
        write_rows(pair[1], table, [["# mine"], head, ["# more"], *lines])
    found = compare(*pair).tables
    assert found["inputs"].empty
    assert found["provenance"].empty


def test_other_units_of_the_same_number_are_no_difference(pair: tuple[Path, Path]) -> None:
    edit(pair[1], "bounds", "slag_supply", "unit", "t")
    for year, value in (("2024", "250000"), ("2030", "300e3"), ("2035", "300000")):
        edit(pair[1], "bounds", "slag_supply", year, value)
    rows = read_rows(pair[1], "fuels")
    rows[header_at(rows)][rows[header_at(rows)].index("biomass_fraction [%]")] = (
        "biomass_fraction [1]"
    )
    write_rows(pair[1], "fuels", rows)
    edit(pair[1], "fuels", "rdf", "biomass_fraction [1]", "0.4")
    edit(pair[1], "fuels", "wood", "biomass_fraction [1]", "1")
    assert inputs(*pair).empty
    edit(pair[1], "bounds", "slag_supply", "2035", "310000")
    found = one(inputs(*pair))
    assert (found["a"], found["b"], found["difference"], found["unit"]) == (300, 310, 10, "kt")


def test_a_year_on_the_line_is_no_difference_and_off_it_is_one(pair: tuple[Path, Path]) -> None:
    """plant/cement is 1,020 kt in 2023 and 950 in 2035, so 985 in 2029."""
    add_column(pair[1], "series", "2029")
    edit(pair[1], "series", "plant/cement", "2029", "985")
    assert inputs(*pair).empty
    edit(pair[1], "series", "plant/cement", "2029", "990")
    found = one(inputs(*pair))
    assert (found["year"], found["a"], found["b"]) == (2029, 985, 990)


def test_points_of_a_target_are_not_interpolated(pair: tuple[Path, Path]) -> None:
    """48 % in 2033 is on the line between 30 % in 2030 and 60 % in 2035, and a new limit."""
    for case in pair:
        edit(case, "targets", "scope2_cut", "2030", "30")
        add_column(case, "targets", "2033")
    edit(pair[1], "targets", "scope2_cut", "2033", "48")
    found = one(inputs(*pair))
    assert (found["year"], found["b"]) == (2033, 48)
    assert pd.isna(found["a"])


def test_rows_that_only_one_has(pair: tuple[Path, Path]) -> None:
    drop_row(pair[1], "bounds", "wood_supply")
    add_row(pair[1], "bounds", "raw_permit", id="new_permit")
    table = inputs(*pair)
    assert set(zip(table["row"], table["change"], strict=True)) == {
        ("wood_supply", "removed"),
        ("new_permit", "added"),
    }
    gone = table[(table["row"] == "wood_supply") & (table["unit"] == "t")]
    assert gone.set_index("year")["a"].to_dict() == {2024: 8000, 2030: 20000, 2035: 20000}
    assert gone["b"].isna().all()
    assert one(table, row="new_permit", column="lever")["b_text"] == "alternative_raw"
    said = told(*pair)
    assert "bounds wood_supply, only in a: name Wood waste supply, name_zh 廢木材供應" in said
    assert "lever fuel, which wood" in said
    assert "bounds new_permit, only in b" in said
    assert "Inputs that differ" not in said


def test_sources_are_counted_and_not_mixed_with_numbers(pair: tuple[Path, Path]) -> None:
    for row in ("heat_best", "raw_permit"):
        edit(pair[1], "bounds", row, "source", "another book")
    edit(pair[1], "series", "plant/cement", "status", "published")
    found = compare(*pair).tables
    assert found["inputs"].empty
    counts = found["provenance"].set_index(["table", "column"])["cells_b"].to_dict()
    assert counts == {("series", "status"): 1, ("bounds", "source"): 2}
    said = told(*pair)
    assert "Inputs: no difference." in said
    assert "Cells of b that change no number: series status 1, bounds source 2." in said


def test_settings(pair: tuple[Path, Path]) -> None:
    replace_text(pair[1], "case", "final_year = 2035", "final_year = 2034")
    replace_text(pair[1], "case", 'consolidation = "equity"', 'consolidation = "control"')
    table = inputs(*pair).set_index("row")
    assert set(table.index) == {"final_year", "accounting.consolidation"}
    assert table.loc["final_year", "difference"] == -1
    assert table.loc["accounting.consolidation", "b_text"] == "control"


def test_folder_and_its_workbook(tmp_path: Path) -> None:
    for name in ("one-kiln", "tcc-2024"):
        book = write_workbook(CASES / name, tmp_path / f"{name}.xlsx")
        table = inputs(CASES / name, book)
        assert table[~table["table"].str.startswith("scenario")].empty


def test_scenarios_are_inputs_too(pair: tuple[Path, Path]) -> None:
    for case, value in zip(pair, ("0.1", "0.05"), strict=True):
        (case / "scenarios").mkdir()
        head = "place,quantity,which,unit,2020,2035,source,status"
        line = f"group,grid_factor,,t/MWh,0.5,{value},x,assumed"
        (case / "scenarios/clean.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    found = one(inputs(*pair))
    assert (found["table"], found["row"]) == ("scenario clean", "group/grid_factor")
    assert found["difference"] == pytest.approx(-0.05)


def test_years_with_equal_change_are_one_line(pair: tuple[Path, Path]) -> None:
    for year, value in (("2024", "25"), ("2030", "35"), ("2035", "40")):
        edit(pair[1], "bounds", "fuel_permit", year, value)
    assert inputs(*pair)["difference"].tolist() == [5, 5, 5]
    said = " ".join(told(*pair).split())
    assert "bounds fuel_permit, 2024, 2030, 2035 20 to 35 25 to 40 +5 pp %" in said


CELLS = st.lists(
    st.tuples(st.sampled_from(TABLES), st.integers(0, 10**4), st.integers(1, 10**4)), max_size=5
)


@settings(max_examples=20, deadline=None)
@given(CELLS)
def test_laws_of_inputs(cells: list[tuple[str, int, int]]) -> None:
    """A case and itself: nothing. b beside a has the opposite differences of a beside b."""
    with tempfile.TemporaryDirectory() as folder:
        a, b = new_case(Path(folder) / "a"), new_case(Path(folder) / "b")
        touched = set()
        for table, place, value in cells:
            rows = read_rows(b, table)
            at = header_at(rows)
            spots = [
                (r, c)
                for r in range(at + 1, len(rows))
                for c, name in enumerate(rows[at])
                if (name.isdigit() or "[" in name) and rows[r][c].replace(".", "").isdigit()
            ]
            row, column = spots[place % len(spots)]
            rows[row][column] = str(value / 100 + 1000)
            write_rows(b, table, rows)
            keys = [rows[row][rows[at].index(key)] for key in KEYS[table]]
            touched.add((table, "/".join(keys).rstrip("/"), rows[at][column].split(" [")[0]))
        assert inputs(b, b).empty
        there, back = inputs(a, b), inputs(b, a)
        found = zip(there["table"], there["row"], there["column"], there["year"], strict=True)
        assert {(t, r, c or str(y)) for t, r, c, y in found} == touched
        assert there["difference"].tolist() == pytest.approx((-back["difference"]).tolist())
        assert there["a"].tolist() == back["b"].tolist()


def test_ccus_by_hand(results: Path) -> None:
    tables = compare(results / "a", results / "b").tables
    group = one(tables["ccus"], scenario="pathway", place="group")
    assert (group["year"], group["unit"]) == (2026, "t CO2")
    assert (group["a"], group["b"]) == pytest.approx((CCUS["a"], CCUS["b"]), rel=1e-7)
    assert group["difference"] == pytest.approx(CCUS["b"] - CCUS["a"], rel=1e-6)
    total = one(tables["summary"], quantity="ccus_total", scenario="pathway")
    assert total["difference"] == pytest.approx(CCUS["b"] - CCUS["a"], rel=1e-6)
    wood = one(tables["levers"], scenario="pathway", place="group", which="wood", year=2026)
    assert (wood["a"], wood["b"], wood["difference"]) == pytest.approx((0.2, 0.25, 0.05))


@pytest.mark.slow
def test_bounds_by_hand(results: Path) -> None:
    """Only the permit that was set has another limit; its worth is 1 % of 25 points, not of 20."""
    bounds = compare(results / "a", results / "b").tables["bounds"]
    limits = bounds[bounds["quantity"] == "limit"]
    assert set(limits["id"]) == {"wood_permit"}
    assert limits[["year", "a", "b", "difference", "unit"]].to_numpy().tolist() == [
        [2025, 20, 25, 5, "%"],
        [2026, 20, 25, 5, "%"],
    ]
    heat = [2_100_000 + 0.5 * CCUS[x] for x in "ab"]  # GJ; a point of wood saves 0.1 t/GJ of it
    worth = one(bounds, quantity="worth", id="wood_permit")
    expected = (0.002 * 0.1 * heat[0] / 0.96, 0.0025 * 0.1 * heat[1] / 0.9625)
    assert (worth["a"], worth["b"]) == pytest.approx(expected, rel=1e-5)
    said = run(results, "compare", "a", "b")
    flat = " ".join(said.split())
    assert "wood_permit, 2025–2026 20 25 +5 pp %" in flat
    assert "CCUS total, 2025–2026 65.6 54.5 -11.1 kt CO2" in flat
    assert "All were planned from the same state of case one-kiln" in said
    assert "changes – wood_permit=25%" in flat


@pytest.mark.slow
def test_bounds_that_begin_and_cease_to_bind(results: Path) -> None:
    """At least 3 GJ/t in d leaves no room; in a 2026 needs all it can get, so 3 of 3.5 GJ/t."""
    there, back = (" ".join(run(results, "compare", *pair).split()) for pair in ("ad", "da"))
    assert re.search(r"In b bind: [^.]*heat_today \(2025–2026\)", there)
    assert re.search(r"In b bind no more: [^.]*heat_today \(2025–2026\)", back)
    assert "heat_best (2026)" not in there + back  # it binds in both


def test_a_target_by_hand(tmp_path: Path, results: Path) -> None:
    """Scope 1 of 2026 at most 0.46 t/t: 10,000 t less to avoid, so 10,000 / 0.96 t less CCUS."""
    looser = one_kiln(tmp_path, swap={"t/t,0.55,0.45": "t/t,0.55,0.46"})
    write_plan(plan(looser), tmp_path / "looser")
    found = compare(results / "a", tmp_path / "looser").tables
    limit = one(found["targets"], target="scope1", quantity="limit")
    assert (limit["year"], limit["a"], limit["b"]) == (2026, 0.45, 0.46)
    assert limit["difference"] == pytest.approx(0.01)
    total = one(found["summary"], quantity="ccus_total", scenario="pathway")
    assert total["difference"] == pytest.approx(-10_000 / 0.96, rel=1e-6)
    said = " ".join(told(results / "a", tmp_path / "looser").split())
    assert "case one-kiln plant" in said
    assert "the same state" not in said


def test_a_bound_that_is_gone_and_a_peak_of_another_year(tmp_path: Path, results: Path) -> None:
    """Scope 1 at most 0.44 t/t in 2025 already and 0.46 in 2026: most CCUS is in 2025 now."""
    swap = {"t/t,0.55,0.45": "t/t,0.44,0.46"}
    write_plan(plan(one_kiln(tmp_path, drop=["heat_today"], swap=swap)), tmp_path / "other")
    tables = compare(results / "a", tmp_path / "other").tables
    bounds = tables["bounds"]
    gone = bounds[(bounds["id"] == "heat_today") & (bounds["quantity"] == "limit")]
    assert gone["a"].tolist() == [3.5, 3.5]
    assert gone["b"].isna().all()
    assert gone["difference"].isna().all()
    peak = one(tables["summary"], quantity="ccus_peak", scenario="pathway")
    assert (peak["a"], peak["b"]) == pytest.approx((CCUS["a"], (512_960 - 440_000) / 0.96))


def test_laws_of_results(results: Path) -> None:
    for name in "abc":
        same = compare(results / name, results / name).tables
        assert all(same[table].empty for table in RESULT_TABLES)
    there, back = (compare(results / x, results / y).tables for x, y in ("ad", "da"))
    for table in RESULT_TABLES[:-1]:
        assert not there[table].empty
        keys = [c for c in there[table] if c not in ("a", "b", "difference", "relative")]
        merged = there[table].merge(back[table], on=keys, how="outer", indicator=True)
        assert (merged["_merge"] == "both").all()
        assert (merged["difference_x"] + merged["difference_y"]).abs().max() < 1e-9
    assert "Results: no difference." in told(results / "a", results / "a")


def test_three_results_side_by_side(results: Path) -> None:
    table = compare(*(results / name for name in "abc")).tables["ccus"]
    row = one(table, scenario="pathway", place="group", year=2026)
    third = (0.7328 * 750_000 - 450_000) / 0.96
    assert [row[name] for name in "abc"] == pytest.approx([CCUS["a"], CCUS["b"], third], rel=1e-7)
    assert row["difference_b"] == pytest.approx(CCUS["b"] - CCUS["a"], rel=1e-6)
    assert row["difference_c"] == pytest.approx(third - CCUS["a"], rel=1e-6)
    two = compare(results / "a", results / "c").tables["ccus"]
    assert row["difference_c"] == one(two, scenario="pathway", place="group")["difference"]


def test_a_result_beside_cases(tmp_path: Path, results: Path) -> None:
    one_kiln(tmp_path, swap={"t/t,0.55,0.45": "t/t,0.55,0.46"})
    same = shutil.copytree(CASES / "one-kiln", tmp_path / "same" / "one-kiln")
    (tmp_path / "plant").rename(tmp_path / "one-kiln")
    said = told(results / "b", same, tmp_path / "one-kiln", CASES / "tcc-2024")
    assert "a was planned from b as it is now." in said
    assert "a was not planned from c as it is now: plan again." in said
    assert "a was planned from another case than d." in said
    assert "Inputs that differ" in said
    only = told(results / "b", same)
    assert "Inputs" not in only
    assert "Results" not in only


@pytest.mark.slow
def test_what_is_written(results: Path, tmp_path: Path) -> None:
    run(results, "compare", "a", "b", "--out", str(tmp_path / "out"))
    names = {file.stem for file in (tmp_path / "out").glob("*.csv")}
    assert names == {"subjects", *RESULT_TABLES}
    for name in ("ccus", "levers", "targets", "bounds"):
        table = pd.read_csv(tmp_path / "out" / f"{name}.csv")
        assert {"a", "b", "difference", "unit"} <= set(table.columns)
    subjects = pd.read_csv(tmp_path / "out/subjects.csv", keep_default_na=False)
    assert subjects["changes"].tolist() == ["", "wood_permit=25%"]
    assert subjects["case_sha256"].tolist() == [read_case(CASES / "one-kiln").hash] * 2
    run(tmp_path, "compare", str(CASES / "one-kiln"), str(CASES / "infeasible"), "--out", "out")
    table = pd.read_csv(tmp_path / "out/inputs.csv")
    assert {"a", "b", "difference", "unit"} <= set(table.columns)


def test_what_cannot_be_compared(results: Path, tmp_path: Path) -> None:
    a = results / "a"
    (tmp_path / "notes").mkdir()
    neither = r"notes is neither a case \(it has no case.toml\) nor a result \(no manifest.json\)"
    with pytest.raises(ResultError, match=neither):
        compare(a, tmp_path / "notes")
    with pytest.raises(CaseError, match="nowhere: does not exist"):
        compare(a, tmp_path / "nowhere")
    with pytest.raises(ResultError, match="name 2 to 26"):
        compare(a)
    damaged = shutil.copytree(a, tmp_path / "damaged")
    (damaged / "ccus.csv").write_text("scenario\n", encoding="utf-8")
    with pytest.raises(ResultError, match="was changed after it was written"):
        compare(a, damaged)
    (damaged / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ResultError, match="is damaged"):
        compare(a, damaged)
    case = new_case(tmp_path / "case")
    edit(case, "bounds", "heat_today", "id", "heat_best")
    with pytest.raises(CaseError, match=r"bounds.csv row 7: duplicate key 'heat_best'"):
        compare(CASES / "one-kiln", case)
    drop_column(case, "bounds", "id")
    with pytest.raises(CaseError, match=r"bounds.csv: column 'id' is missing"):
        compare(case, CASES / "one-kiln")


@pytest.mark.slow
def test_faults_on_the_command_line(results: Path, tmp_path: Path) -> None:
    a = str(results / "a")
    assert "name two cases or results" in run(tmp_path, "compare", a, code=1)
    (tmp_path / "notes").mkdir()
    assert "notes is neither a case" in run(tmp_path, "compare", a, "notes", code=1)
    out = str(_with_file(tmp_path))
    assert "holds 'mine.txt'" in run(tmp_path, "compare", a, a, "--out", out, code=1)


def _with_file(folder: Path) -> Path:
    (folder / "taken").mkdir()
    (folder / "taken/mine.txt").write_text("mine", encoding="utf-8")
    return folder / "taken"


def test_different_groups(results: Path, tmp_path: Path) -> None:
    """The same plant under another name is another group."""
    case = shutil.copytree(CASES / "one-kiln", tmp_path / "moved")
    for file in case.glob("*.csv"):
        text = file.read_text(encoding="utf-8").replace("plant,", "works,")
        file.write_text(text, encoding="utf-8")
    write_plan(plan(read_case(case)), tmp_path / "result")
    with pytest.raises(ResultError, match=r"no site in common.*different groups: plant; works"):
        compare(results / "a", tmp_path / "result")


def test_a_damaged_case_is_compared_as_far_as_it_can_be_read(pair: tuple[Path, Path]) -> None:
    edit(pair[1], "bounds", "fuel_permit", "2030", "much")
    table = inputs(*pair)
    assert set(table["row"]) == {"fuel_permit"}
    assert one(table, b_text="much")["year"] == 2030
    file_of(pair[1], "sites").unlink()
    with pytest.raises(CaseError, match=r"sites.csv: is missing"):
        compare(*pair)


def test_as_a_library() -> None:
    assert {"compare", "Comparison"} <= set(kilnpath.__all__)
    assert isinstance(compare(CASES / "one-kiln", CASES / "one-kiln"), kilnpath.Comparison)
