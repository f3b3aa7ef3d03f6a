"""Chosen points of curves and sweeps, proven: the same numbers, by another way."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kilnpath import read_case
from kilnpath.studies.bounds.certified_points import changes_at
from model.case.types import Objective
from model.changes.changes import with_changes
from model.messages.faults import CaseError
from tests.tools.certifying import proven, proven_numbers
from tests.tools.commands import run
from tests.tools.plants import CASES, VERIFIER

KILN, TCC = CASES / "one-kiln", CASES / "tcc-2024"
SERIES = """
name = "market"
method = "list"
[[factor]]
set = "fuel_permit_tw"
values = ["*0.8", "*1.1"]
[[factor]]
series = "grid_factor"
place = "mainland"
values = [0.9, 1.05]
[[factor]]
series = "cement"
place = "tw_cement"
values = [1.02, 0.97]
"""


def test_values_of_a_curve_by_hand(tmp_path: Path) -> None:
    """25 % slag leaves 62,960 t above the target of 2026; 20 % no pathway at all."""
    words = ["curve", str(KILN), "slag_standard", "--certify", "25%", "a", "--certify", "20%", "b"]
    said = run(tmp_path, *words)
    numbers = proven_numbers(proven(tmp_path / "a", KILN))
    assert numbers["need"] == pytest.approx((0.7328 * 750_000 - 450_000) / 0.96, rel=1e-8)
    assert numbers["gap"] < 1e-9
    assert f"slag_standard at 25%: least CCUS (cumulative) {numbers['need']:,.0f} t." in said
    assert "slag_standard at 20%: impossible. Written to b" in said
    assert "there is no pathway" in proven(tmp_path / "b", KILN)


def test_a_shift_moves_the_limits_of_all_years() -> None:
    case = read_case(TCC)
    before = case.bounds["cns61_additions"]
    moved = changes_at(case, "cns61_additions", "+5 pp", Objective.CUMULATIVE)
    after = with_changes(case, moved).bounds["cns61_additions"]
    for year in case.horizon:
        assert after.values[year] == pytest.approx(before.values[year] + 0.05, abs=1e-15)
    (one,) = changes_at(case, "cns61_additions@2035", "20%", Objective.CUMULATIVE)
    assert one == "cns61_additions@2035=20%"


@pytest.mark.parametrize(
    ("bound", "value", "wrong"),
    [
        ("wood_permit", "much", "'much' is not a number with a unit"),
        ("wood_permit", "nan", "'nan' is not a number with a unit"),
        ("wood_permit", "30", "'30' is unclear; write 30% for the limit itself, '+30 pp' or"),
        ("wood_permit", "5 pp", "'5 pp' is unclear"),
        ("wood_permit", "+5 kt", "unit 'kt' does not fit; this line is in %"),
        ("wood_permit", "30 t", "'30 t' is not a number in %"),
        ("wood_permit", "-21 pp", "too little"),
        ("wood_permit", "101%", "too much"),
        ("slag_standard@2030", "20%", "2030"),
        ("timber", "30%", "no bound or target is called 'timber'"),
    ],
)
def test_values_that_cannot_be(bound: str, value: str, wrong: str) -> None:
    with pytest.raises(CaseError, match=re.escape(wrong)):
        changes_at(read_case(KILN), bound, value, Objective.CUMULATIVE)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both draws of a sweep over a permit, a region's series and a site's, under a scenario."""
    place = tmp_path_factory.mktemp("swept")
    (place / "market.toml").write_text(SERIES, encoding="utf-8")
    words = ["sweep", str(TCC), "market.toml", "--scenario", "grid-aps", "--objective", "final"]
    run(place, *words, "--out", "s", "--workers", "1", "--certify", "0", "a", "--certify", "1", "b")
    return place


@pytest.mark.slow
@pytest.mark.parametrize(("draw", "name"), [(0, "a"), (1, "b")])
def test_draws_are_proven_as_the_sweep_found_them(swept: Path, draw: int, name: str) -> None:
    folder = swept / name
    found = pd.read_parquet(swept / "s/draws.parquet").set_index("draw").loc[draw, "ccus"]
    numbers = proven_numbers(proven(folder / "proof", folder))
    assert numbers["bound"] * (1 - 1e-9) <= found <= numbers["need"] * (1 + 1e-8)
    assert numbers["gap"] < 1e-8
    manifest = json.loads((folder / "proof/manifest.json").read_text("utf-8"))
    assert (manifest["case"], manifest["objective"], manifest["scenario"]) == (name, "final", "")


@pytest.mark.slow
def test_the_case_of_a_draw_says_what_was_changed(swept: Path) -> None:
    """Lines of a region become lines of its sites; what does not move stays as it was."""
    own, before = read_case(swept / "a"), read_case(TCC, "grid-aps")
    assert (own.objective, own.second) == (Objective.FINAL, before.second)
    for key, line in before.series.items():
        site, quantity, _ = key
        factor = 1.0
        if quantity == "grid_factor" and before.sites[site].region == "mainland":
            factor = 0.9
        if (site, quantity) == ("tw_cement", "cement"):
            factor = 1.02
        for year, value in line.items():
            expected = value * factor if year in before.horizon else value
            assert own.series[key][year] == pytest.approx(expected, rel=1e-15), (key, year)
    permit = own.bounds["fuel_permit_tw"]
    was = before.bounds["fuel_permit_tw"]
    assert permit.values == pytest.approx({y: v * 0.8 for y, v in was.values.items()}, rel=1e-12)
    unlike = {b for b in own.bounds if own.bounds[b].values != before.bounds[b].values}
    assert unlike == {"fuel_permit_tw"}
    with (swept / "a/series.csv").open(encoding="utf-8", newline="") as file:
        said = {row["place"] for row in csv.DictReader(file) if "market, draw 0" in row["source"]}
    assert said == {s.id for s in before.sites.values() if s.region == "mainland"} | {"tw_cement"}


@pytest.mark.slow
def test_every_command_finds_the_case_around_a_proof(swept: Path) -> None:
    assert run(swept, "verify", "a/proof").rstrip().endswith("Proven.")
    assert "Residual emissions" in run(swept, "residual", "a/proof")
    assert "its proof is a/proof" in run(swept, "verify", "a", code=1)
    assert "s is a sweep, not a pathway" in run(swept, "report", "s", code=1)
    alone = [sys.executable, "-I", str(VERIFIER), "a/proof"]
    done = subprocess.run(alone, cwd=swept, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.rstrip().endswith("Proven.")


@pytest.mark.slow
def test_draws_and_folders_that_cannot_be(swept: Path) -> None:
    words = ["sweep", str(TCC), "market.toml", "--scenario", "grid-aps", "--out", "t", "--certify"]
    assert "the draws of 'market' are 0 to 1, not 2" in run(swept, *words, "2", "c", code=1)
    assert "a exists already" in run(swept, *words, "1", "a", code=1)
    assert not (swept / "t").exists()
    curve = ["curve", str(KILN), "wood_permit", "--certify", "25%", "a"]
    assert "a holds 'bounds.csv'" in run(swept, *curve, code=1)
    assert "without --and" in run(swept, *curve, "--and", "slag_standard", code=1)
