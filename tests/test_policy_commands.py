"""The commands that ask about bounds: exit codes, what they print, and the tables of --out."""

import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from tests.plants import CASES
from tests.test_commands import KILNPATH, run

KILN = str(CASES / "one-kiln")


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


@pytest.mark.parametrize(
    "words",
    [
        ["whatif", "nowhere", "--set", "wood_permit=30%"],
        ["rank", "nowhere"],
        ["curve", "nowhere", "wood_permit"],
        ["explain", "nowhere"],
        ["range", "nowhere"],
    ],
    ids=lambda words: words[0],
)
def test_a_bad_folder_is_told_before_the_work(tmp_path: Path, words: list[str]) -> None:
    """Before the case is even read, which is not there."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine", encoding="utf-8")
    said = run(tmp_path, *words, "--out", "out", code=1)
    assert "out holds 'mine.txt', which is no file of a result" in said


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
