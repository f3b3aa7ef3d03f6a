"""Every command on cases whose ids are Chinese: the same numbers as with English ones."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from kilnpath.commands.case import TEMPLATE
from tests.tools.chinese_ids import IDS, with_chinese_ids
from tests.tools.commands import run_here
from tests.tools.plants import ROOT

SWEEP = """name = "掃描"
method = "grid"
[[factor]]
set = "木材許可@2026"
values = ["10%", "20%"]
[[factor]]
series = "cement"
place = "和平廠"
values = [0.9, 1.0]
"""
COMMANDS = [
    "check 一座窯",
    "account 一座窯",
    "whatif 一座窯 --set 木材許可=12%",
    "rank 一座窯",
    "curve 一座窯 木材許可@2026",
    "curve 一座窯 木材許可 --and 爐石標準",
    "range 一座窯",
    "attribute 一座窯 --place 此區",
    "targets 一座窯 --boundaries 和平廠 --methods contraction",
    "rulebooks 一座窯",
    "report 結果 --lang zh-Hant",
    "verify 結果 --case 一座窯",
    "compare 一座窯 結果",
    "export 結果 --iamc --parquet --xlsx --case 一座窯",
    "export 一座窯 --csv --out 別處",
    "export 一座窯 --xlsx --out 別處",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the case 一座窯, and 結果, its pathway."""
    folder = tmp_path_factory.mktemp("ids")
    with_chinese_ids(Path(shutil.copytree(ROOT / "cases" / "one-kiln", folder / "一座窯")))
    run_here(folder, "plan", "一座窯", "--out", "結果", "--report")
    return folder


def _table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False)


def test_the_pathway_is_that_of_the_case_with_english_ids(place: Path) -> None:
    run_here(place, "plan", str(ROOT / "cases" / "one-kiln"), "--out", "english")
    for name in ("pathway", "bounds", "targets", "worth"):
        english = _table(place / "english", name).replace(IDS)
        pd.testing.assert_frame_equal(_table(place / "結果", name), english)


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command(place: Path, words: str) -> None:
    assert run_here(place, *words.split())


def test_what_is_impossible_is_explained_and_proven(place: Path) -> None:
    changes = ("--set", "木材許可=0%", "--set", "捕集率=0%")
    said = run_here(place, "explain", "一座窯", *changes, "--certify", "證明", code=2)
    assert "木材許可" in said
    assert "Proven" in run_here(place, "verify", "證明", "--case", "一座窯")


def test_a_sweep_goes_into_a_folder_of_its_name(place: Path) -> None:
    (place / "掃描.toml").write_text(SWEEP, encoding="utf-8")
    run_here(place, "sweep", "一座窯", "掃描.toml", "--workers", "1")
    draws = pd.read_parquet(place / "results" / "一座窯" / "sweep-掃描" / "draws.parquet")
    assert "木材許可@2026" in draws.columns and len(draws) == 4


@pytest.mark.parametrize("form", ["lp", "mps"])
def test_the_programme_has_names_that_every_solver_reads(place: Path, form: str) -> None:
    run_here(place, "export", "一座窯", f"--{form}")
    folder = place / f"一座窯-{form}"
    text = (folder / f"1-least_ccus.{form}").read_text(encoding="utf-8")
    names = pd.read_csv(folder / "1-least_ccus.names.csv", keep_default_na=False)
    assert text.isascii() and names["name"].is_unique
    coal = names[names["which"] == "煤"]
    assert set(coal["name"]) == {f"heat_u7164_u548cu5e73u5ee0_{year}" for year in (2025, 2026)}


@pytest.mark.slow
def test_the_template_with_chinese_ids(tmp_path: Path) -> None:
    with_chinese_ids(Path(shutil.copytree(TEMPLATE, tmp_path / "範本")))
    run_here(tmp_path, "plan", "範本", "--out", "結果", "--report")
    assert "Proven" in run_here(tmp_path, "verify", "結果", "--case", "範本")
    run_here(tmp_path, "plan", str(TEMPLATE), "--out", "english")
    for name in ("pathway", "worth"):
        english = _table(tmp_path / "english", name).replace(IDS)
        pd.testing.assert_frame_equal(_table(tmp_path / "結果", name), english)


def test_a_case_in_another_unicode_form_is_the_same_case(tmp_path: Path) -> None:
    apart, together = "Cafe\u0301", "Caf\xe9"
    for folder, name in (("apart", apart), ("together", together)):
        case = Path(shutil.copytree(ROOT / "cases" / "one-kiln", tmp_path / folder / "case"))
        for file in (*case.glob("*.csv"), case / "case.toml"):
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"\bplant\b", name, text), encoding="utf-8")
        assert name in (case / "sites.csv").read_text(encoding="utf-8")
        run_here(tmp_path, "plan", f"{folder}/case", "--out", f"{folder}/result")
        run_here(tmp_path, "verify", f"{folder}/result", "--case", f"{folder}/case")
    hashes = [
        json.loads((tmp_path / folder / "result" / "manifest.json").read_text())["case_sha256"]
        for folder in ("apart", "together")
    ]
    assert hashes[0] == hashes[1]
