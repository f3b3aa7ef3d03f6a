"""Results listed, named, and found by name."""

import csv
import json
import os
import shutil
import time
from pathlib import Path

import pytest

from kilnpath.files.result_folder import ResultError
from kilnpath.result.listing import listed_results, results_table
from kilnpath.result.named import MOST_RESULTS, named_result, results_in
from kilnpath.result.write import write_files
from tests.tools.commands import run, run_here
from tests.tools.plants import CASES, ROOT

KILN = str(CASES / "one-kiln")
STORED = ROOT / "results/one-kiln/reference"
WHEN = 1_700_000_000  # 2023-11-14 22:13:20 UTC


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three pathways of two cases, accounts, a sweep that goes on, and what is damaged."""
    monkeypatch.chdir(tmp_path)
    for name in ("mill/base", "mill/more-wood", "kiln/base"):
        shutil.copytree(STORED, Path("results", name))
        os.utime(Path("results", name, "manifest.json"), (WHEN, WHEN))
    change("mill/more-wood", changes=["wood_permit=25%", "h=3"], scenario="grid-nze")
    write_files(Path("results/kiln/accounts"), {}, {"kind": "account", "case": "kiln"})
    Path("results/kiln/sweep-s").mkdir()
    Path("results/kiln/sweep-s/journal.sqlite").touch()
    return tmp_path


def change(name: str, **said: object) -> None:
    path = Path("results", name, "manifest.json")
    manifest = json.loads(path.read_text("utf-8")) | said
    path.write_text(json.dumps(manifest), encoding="utf-8")
    os.utime(path, (WHEN, WHEN))


def test_a_row_for_each(here: Path) -> None:
    """0.7328 t CO2 a tonne of clinker, 0.96 off by a captured tonne: (512,960 − 450,000) / 0.96."""
    found = listed_results()
    assert [one.name for one in found] == [
        *("kiln/accounts", "kiln/base", "kiln/sweep-s", "mill/base", "mill/more-wood")
    ]
    assert [one.kind for one in found] == ["account", "plan", "sweep", "plan", "plan"]
    rows = results_table(found).to_dict("records")
    assert rows[4] == {
        "result": "mill/more-wood",
        "kind": "plan",
        "written": "2023-11-14T22:13:20Z",
        "case": "one-kiln",
        "scenario": "grid-nze",
        "objective": "cumulative",
        "then": "steady",
        "changes": "wood_permit=25%; h=3",
        "least_ccus": pytest.approx((0.7328 * 700_000 - 450_000) / 0.96, rel=1e-9),
        "unit": "t CO2",
        "fault": "",
    }
    assert "not finished" in str(found[2].fault)
    assert (found[0].case, found[0].least, found[0].fault) == ("kiln", None, None)


def test_the_table(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Taipei")
        time.tzset()
        said = run_here(here, "results", "--out", "list")
    time.tzset()
    rows = {line.split()[0]: line for line in said.splitlines() if "/" in line}
    assert rows["mill/base"].split() == [
        *("mill/base", "pathway", "2023-11-15", "06:13", "one-kiln", "cumulative,", "steady"),
        "65.6",
    ]
    assert "one-kiln, grid-nze" in rows["mill/more-wood"]
    assert "wood_permit=25%;" in rows["mill/more-wood"]
    with (here / "list/results.csv").open(encoding="utf-8") as file:
        assert len([*csv.DictReader(file)]) == 5
    assert "Written to list" in run_here(here, "results", "--out", "list")  # anew


@pytest.mark.parametrize(
    "manifest", ["", "{", "[" * 9999, '{"kind": "plan", "case": 1}', '{"kind": [], "case": "x"}']
)
def test_damaged_ones_are_listed_as_such(here: Path, manifest: str) -> None:
    (here / "results/mill/base/manifest.json").write_text(manifest, encoding="utf-8")
    (here / "results/kiln/base/levers.csv").unlink()
    change("mill/more-wood", format=0)
    (here / "results/other").mkdir()
    (here / "results/other/manifest.json").write_text('{"name": "a web page"}', encoding="utf-8")
    found = {one.name: one for one in listed_results()}
    assert len(found) == 5
    damaged = {name: str(one.fault) for name, one in found.items() if not one.kind}
    assert damaged.keys() == {"mill/base", "kiln/base", "mill/more-wood"}
    assert damaged["kiln/base"] == "levers.csv is missing"
    assert "another version" in damaged["mill/more-wood"]
    said = run_here(here, "results")
    assert said.count(" damaged ") == 3
    assert "kiln/base: levers.csv is missing\n" in said


def test_nothing_to_list(tmp_path: Path) -> None:
    assert run(tmp_path, "results") == "There is no result in results.\n"
    (tmp_path / "results").mkdir()
    assert run(tmp_path, "results") == "There is no result in results.\n"
    assert "nowhere: cannot be read: No such file" in run(tmp_path, "results", "nowhere", code=1)
    (tmp_path / "file").touch()
    assert "file: cannot be read: Not a directory" in run(tmp_path, "results", "file", code=1)


def test_many_and_deep_folders_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(MOST_RESULTS + 5):
        Path(f"results/c/{number:05}").mkdir(parents=True)
        Path(f"results/c/{number:05}/manifest.json").write_text("{}", encoding="utf-8")
    assert len([*results_in(Path("results"))]) == MOST_RESULTS
    deep = Path("deep", *("d" * 30))
    deep.mkdir(parents=True)
    (deep / "manifest.json").touch()
    Path("deep/d/loop").symlink_to(tmp_path / "deep", target_is_directory=True)
    assert [*results_in(Path("deep"))] == []
    monkeypatch.setattr("kilnpath.result.named._MOST_ENTRIES", 10)
    assert len([*results_in(Path("results"))]) == 9


def test_what_a_name_means(here: Path) -> None:
    """A path goes first; then the name, its end, and no guess between several."""
    results = Path("results")
    assert named_result(Path("mill/base")) == results / "mill/base"
    assert named_result(Path("more-wood")) == results / "mill/more-wood"
    assert named_result(results / "mill/base") == results / "mill/base"
    with pytest.raises(ResultError) as caught:
        named_result(Path("base"))
    assert str(caught.value) == (
        "'base' is the name of 2 results: write 'kiln/base' or 'mill/base'"
    )
    with pytest.raises(ResultError, match=r"did you mean 'more-wood'\?"):
        named_result(Path("more-wod"))
    for word in ("wood", "nothing-like-it", "../more-wood", str(here / "more-wod")):
        assert named_result(Path(word)) == Path(word)
    (here / "more-wood").mkdir()
    assert named_result(Path("more-wood")) == Path("more-wood")


def test_commands_take_names(here: Path) -> None:
    """As they take paths; what they write goes into the folder that is meant."""
    said = run_here(here, "compare", "mill/base", "kiln/base")
    assert said.startswith("a  results/mill/base: result of one-kiln\n")
    said = run_here(here, "report", "kiln/base", "--compare", "mill/base")
    assert said == "Written to results/kiln/base/report.html\n"
    assert "results/kiln/base/parquet" in run_here(here, "export", "kiln/base", "--parquet")
    assert "Proven." in run_here(here, "verify", "mill/base", "--case", KILN)
    said = run_here(here, "attribute", "mill/base", "--case", KILN)
    assert "the pathway of results/mill/base" in said
    said = run(here, "compare", "base", "mill/base", code=1)
    assert "'base' is the name of 2 results: write 'kiln/base' or 'mill/base'\n" in said
    assert run(here, "verify", "mil/base", code=1).endswith(
        "did you mean 'mill/base' or 'kiln/base'?\n"
    )


@pytest.mark.slow
def test_a_run_with_a_name(tmp_path: Path) -> None:
    said = run_here(tmp_path, "plan", KILN, "--name", "更多木材")
    assert "Written to results/one-kiln/更多木材\n" in said
    said = run_here(tmp_path, "plan", KILN, "--name", "2026-11", "--set", "wood_permit=25%")
    assert "Written to results/one-kiln/2026-11\n" in said
    said = run_here(tmp_path, "compare", "更多木材", "2026-11")
    assert "wood_permit=25%" in said


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a b", "a\\b", "a\u200bb", "ａ"])
def test_names_that_cannot_be(tmp_path: Path, name: str) -> None:
    assert "letters, digits" in run_here(tmp_path, "plan", KILN, "--name", name, code=2)
    assert not (tmp_path / "results").exists()


def test_a_name_and_a_place(tmp_path: Path) -> None:
    said = run_here(tmp_path, "plan", KILN, "--name", "a", "--out", "b", code=2)
    assert "--name and --out both say where" in said
