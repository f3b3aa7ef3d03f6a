"""The commands that ask about bounds: exit codes, what they print, and the tables of --out."""

import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from tests.tools.case_tools import drop_row, edit, new_case
from tests.tools.commands import KILNPATH, run, run_here
from tests.tools.plants import CASES, one_kiln

KILN = str(CASES / "one-kiln")


@pytest.mark.slow
def test_whatif_with_an_impossible_variant_tells_all_and_exits_2(tmp_path: Path) -> None:
    lines = "variant,change\nmore,slag_standard=40%\nnone,capture_rate=5%\nless,slag_standard=25%\n"
    (tmp_path / "v.csv").write_text(lines, encoding="utf-8")
    words = ["whatif", KILN, "--variants", "v.csv", "--out", "out"]
    said = run(tmp_path, *words, code=2)
    assert "impossible from 2026" in said
    assert "103.8" in said  # less, which stands after the impossible one
    assert "Written to out" in said
    table = pd.read_csv(tmp_path / "out/comparison.csv")
    assert table["status"].tolist() == ["optimal", "optimal", "impossible", "optimal"]


@pytest.mark.slow
def test_variants_that_are_not_there(tmp_path: Path) -> None:
    said = run(tmp_path, "whatif", KILN, "--variants", "nope.csv", code=1)
    assert "nope.csv: does not exist" in said


@pytest.mark.slow
def test_tables_of_whatif_have_levers_and_units(tmp_path: Path) -> None:
    run(tmp_path, "whatif", KILN, "--set", "slag_standard=25%", "--out", "out")
    table = pd.read_csv(tmp_path / "out/comparison.csv")
    assert set(table["unit"]) == {"t CO2"}
    levers = pd.read_csv(tmp_path / "out/levers.csv", keep_default_na=False)
    levers = levers.set_index(["variant", "place", "year", "lever", "which"])
    row = levers.loc["slag_standard=25%", "group", 2026, "clinker_ratio", ""]
    assert (row["value"], row["change"]) == pytest.approx((0.75, 0.05), rel=1e-6)
    assert row["unit"] == "1"
    assert levers.loc["as it is", "group", 2026, "clinker_ratio", ""]["change"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["whatif", "nowhere", "--set", "wood_permit=30%"],
        ["rank", "nowhere"],
        ["curve", "nowhere", "wood_permit"],
        ["explain", "nowhere"],
        ["range", "nowhere"],
        ["targets", "nowhere"],
    ],
    ids=lambda words: words[0],
)
def test_a_bad_folder_is_told_before_the_work(tmp_path: Path, words: list[str]) -> None:
    """Before the case is even read, which is not there."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine", encoding="utf-8")
    said = run(tmp_path, *words, "--out", "out", code=1)
    assert "out holds 'mine.txt', which is no file of a result" in said


@pytest.mark.slow
def test_the_present_value_is_a_point_of_every_curve(tmp_path: Path) -> None:
    """30 % of slag need 65,583 t, wherever one looks: 7,633 t more a point less, up to 24.945."""
    words = ["curve", KILN, "slag_standard", "--out", "out"]
    for ends, values, slopes in (
        ([], [23.79, 24.945, 30, 38.592, 100], [-15_266.667, -7_633.333, -7_633.333, 0, None]),
        (["--from", "26%", "--to", "28%"], [26, 28, 30], [-7_633.333, None, None]),
        (["--from", "30%", "--to", "31%"], [30, 31], [-7_633.333, None]),
    ):
        said = run(tmp_path, *words, *ends)
        table = pd.read_csv(tmp_path / "out/curve.csv")
        assert table["value"].tolist() == pytest.approx(values, abs=1e-3)
        expected = [float("nan") if slope is None else slope for slope in slopes]
        assert table["slope"].tolist() == pytest.approx(expected, abs=1e-2, nan_ok=True)
        now = table[table["now"]]
        assert now["ccus"].tolist() == pytest.approx([(0.7328 * 700_000 - 450_000) / 0.96])
        assert "30 65.6" in " ".join(said.split())
    beyond = run(tmp_path, "curve", KILN, "slag_standard", "--from", "20%", "--to", "22%", code=2)
    assert "30 65.6 now" in " ".join(beyond.split())


@pytest.mark.slow
def test_a_shifted_share_is_told_in_percentage_points(tmp_path: Path) -> None:
    """Two limits of 25 and 30 %: a shift by one point of both is no per cent of either."""
    one_kiln(tmp_path, swap={"slag,plant,max,%,30,30": "slag,plant,max,%,25,30"})
    said = run(tmp_path, "curve", "plant", "slag_standard", "--out", "out")
    table = pd.read_csv(tmp_path / "out/curve.csv")
    assert set(table["unit"]) == {"pp"}
    assert table[table["now"]]["value"].tolist() == [0]
    assert "shift, pp" in said
    assert "A step is 1 pp." in said
    assert said.partition("\n")[2].count(" %") == said.count("in 2026, %") == 1  # the limit beside
    assert "pp" not in run(tmp_path, "curve", "plant", "scope1@2026")


@pytest.mark.slow
def test_how_many_points_a_curve_has_is_told(tmp_path: Path) -> None:
    said = run(tmp_path, "curve", KILN, "wood_permit", "--out", "out")
    table = pd.read_csv(tmp_path / "out/curve.csv")
    rows = [line for line in said.splitlines() if line[:1].isdigit() and "points" not in line]
    assert 30 <= len(rows) <= 31 < len(table)
    assert f"{len(rows)} of {len(table)} points; --out writes all." in said
    assert sum(line.endswith("now") for line in rows) == 1
    assert rows[0].startswith("0 ")
    assert rows[-1].startswith("100 ")


@pytest.mark.slow
def test_plan_tells_what_nothing_limits(tmp_path: Path) -> None:
    """In words, on a line; levers that several sites share are for check to tell."""
    case = new_case(tmp_path / "demo")
    assert "Nothing limits" not in run(tmp_path, "plan", "demo")
    drop_row(case, "bounds", "wood_supply")
    edit(case, "bounds", "fuel_permit", "which", "rdf")
    said = run(tmp_path, "plan", "demo")
    assert "Nothing limits: fuel wood at 'plant', 2024–2035; see kilnpath check." in said
    run(tmp_path, "plan", "demo", "--out", "r", "--report")
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "No bound holds the level of: Fuels: Wood waste (Example plant)." in page
    unlimited = pd.read_csv(tmp_path / "r" / "unlimited.csv", keep_default_na=False)
    wood = unlimited[(unlimited["which"] == "wood") & (unlimited["totals"] == "")]
    used = pd.read_csv(tmp_path / "r" / "pathway.csv")
    used = used[(used["quantity"] == "heat") & (used["which"] == "wood")]
    assert wood[["site", "lever", "years", "unit"]].to_numpy().tolist() == [
        ["plant", "fuel", "2024–2035", "GJ"]
    ]
    assert wood["value"].item() == pytest.approx(used["value"].sum())
    for name in ("raw_permit", "slag_station", "waste_heat_limit", "renewables_market"):
        drop_row(case, "bounds", name)
    many = " ".join(run(tmp_path, "plan", "demo").split())
    assert "Nothing limits: " in many
    assert "; and 1 more; see kilnpath check." in many


@pytest.mark.skipif(os.name != "posix", reason="a pipe that its reader closes")
@pytest.mark.parametrize("words", [["plan"], ["rank"], ["account"]], ids=lambda words: words[0])
def test_a_reader_who_stops_reading_loses_no_table(tmp_path: Path, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [str(KILNPATH), *words, KILN, "--out", "out"]
    done = subprocess.run(
        command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=120
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 141
    assert (tmp_path / "out/manifest.json").exists()


CCUS_OF = {
    "cumulative": "CCUS over the horizon",
    "final": "CCUS in the final year, 2026",
    "peak": "CCUS in the peak year",
}


@pytest.mark.parametrize("objective", CCUS_OF)
def test_of_which_years_the_ccus_is_stands_beside_it(tmp_path: Path, objective: str) -> None:
    """Screens, tables and the folder of a target: 10 kt must be captured in 2025 too."""
    one_kiln(
        tmp_path,
        {"bounds": ["start,capture,all,plant,min,t,10000,10000,policy,test,,assumed,medium"]},
        swap={'"cumulative"': f'"{objective}"'},
    )
    said = CCUS_OF[objective]
    for words in (["rank"], ["targets"], ["curve", "slag_standard"], ["range"]):
        printed = run_here(tmp_path, words[0], "plant", *words[1:], "--out", words[0])
        assert said in " ".join(printed.split()), words
        assert f'"objective": "{objective}"' in (tmp_path / words[0] / "manifest.json").read_text()
    for table in ("rank/rank.csv", "targets/candidates.csv", "curve/curve.csv"):
        assert set(pd.read_csv(tmp_path / table)["objective"]) == {objective}, table


def test_the_folder_of_a_target_says_of_which_years_its_ccus_is(tmp_path: Path) -> None:
    """The folder is a case of that objective; what both years capture is another number."""
    start = "start,capture,all,plant,min,t,10000,10000,policy,test,,assumed,medium"
    one_kiln(tmp_path, {"bounds": [start]})
    words = ["--methods", "below:60%", "--target-years", "2026", "--objective", "peak"]
    out = ["--submit", "group-s1-below_60-2024-2026", "--out", "own"]
    printed = run_here(tmp_path, "targets", "plant", *words, *out)
    assert "Least CCUS in the peak year, of a pathway: " in printed
    summary = pd.read_csv(tmp_path / "own/pathway/summary.csv").set_index(["quantity", "scenario"])
    least = summary.loc[("least_ccus", "pathway"), "value"]
    assert summary.loc[("ccus_peak", "pathway"), "value"] == pytest.approx(least)
    assert summary.loc[("ccus_total", "pathway"), "value"] > 1.04 * least
    readme = (tmp_path / "own/README.md").read_text("utf-8")
    row = "| least CCUS in the peak year, of a pathway inside the bounds | {:,.0f} t CO2 |"
    assert row.format(least) in readme
    assert "objective peak" in readme
    assert 'objective = "peak"' in (tmp_path / "own/case.toml").read_text("utf-8")


def test_bounds_that_conflict_are_told_without_empty_tables(tmp_path: Path) -> None:
    """No target is missed by an infinite amount, and no levers are shown of no pathway."""
    need = "need,addition,slag,plant,min,%,35,35,technical,test,,assumed,medium"
    one_kiln(tmp_path, {"bounds": [need]})
    alone = "The bounds conflict whatever the target"
    said = run_here(tmp_path, "targets", "plant")
    assert f"{alone} is: see kilnpath explain." in said
    assert "  impossible  " in said
    name = "group-s1-contraction-2024-2026"
    chosen = run_here(tmp_path, "targets", "plant", "--submit", name, code=2)
    assert f"No pathway. {alone} is" in " ".join(chosen.split())
    variants = run_here(tmp_path, "whatif", "plant", "--set", "wood_permit=30%", code=2)
    assert f"{alone}s are: as it is; wood_permit=30%." in variants
    assert "Levers of the group" not in variants
    for text in (said, chosen, variants):
        assert "inf" not in text
    possible = run_here(tmp_path, "whatif", "plant", "--set", "need=20%", code=2)
    assert f"{alone}s are: as it is." in possible
    assert "Levers of the group in 2026" in possible


def test_rank_without_ccus_shows_no_empty_table(tmp_path: Path) -> None:
    one_kiln(tmp_path, drop=["scope1", "scope2"])
    said = run_here(tmp_path, "rank", "plant")
    assert "No bound or target saves any." in said
    assert "Bounds by worth" not in said


def test_doubts_are_told_by_check_plan_and_page(tmp_path: Path) -> None:
    """A slip of a unit: with its row on each, in full by check, and none where there is none."""
    case = new_case(tmp_path / "demo")
    plain = run(tmp_path, "plan", "demo", "--out", "plain", "--report")
    assert "Doubtful" not in plain + run(tmp_path, "check", "demo")
    assert not (tmp_path / "plain" / "doubtful.csv").exists()
    edit(case, "bounds", "heat_best", "unit", "MJ/t")
    first = "bounds.csv row 6: 'heat_best' is 3.1 MJ/t in 2035"
    said = run(tmp_path, "plan", "demo", "--out", "slip", "--report")
    assert f"Doubtful (1): {first}" in said
    assert said.index("Doubtful") < said.index("CCUS needed")
    assert f" · {first}" in run(tmp_path, "check", "demo").split("Doubtful")[1]
    assert (tmp_path / "slip" / "doubtful.csv").read_text(encoding="utf-8").count(first) == 1
    page = (tmp_path / "slip" / "report.html").read_text(encoding="utf-8")
    assert page.count("row 6: &#39;heat_best&#39; is 3.1 MJ/t in 2035") == 2
    assert "Doubtful in this case" not in (tmp_path / "plain" / "report.html").read_text("utf-8")
