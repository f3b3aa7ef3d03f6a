"""Sweeps: what is drawn, what comes out, and that nothing is lost when one is killed."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from SALib.analyze import sobol

from kilnpath import ImpossibleError, plan, read_case
from kilnpath.sweep import run_sweep
from kilnpath.sweep_store import Journal, StoreError
from model.case import Case
from model.faults import CaseError
from model.sweep import Sweep, read_sweep, sobol_indices
from optimizer.sweeping import Outcome
from tests.plants import CASES, ROOT

PROGRAM = str(Path(sys.executable).parent / "kilnpath")
WOOD = {"set": "wood_permit", "low": "5%", "high": "35%"}
SLAG = {"set": "slag_standard@2026", "low": "20%", "high": "40%"}
OUTPUT = {"series": "cement", "place": "plant", "low": 0.9, "high": 1.1}


@pytest.fixture(scope="module")
def kiln() -> Case:
    return read_case(CASES / "one-kiln")


def _sweep(case: Case, method: str, *factors: dict[str, object], draws: int = 0) -> Sweep:
    raw = {"name": "test", "method": method, "draws": draws, "seed": 3, "factor": list(factors)}
    return read_sweep(raw, "sweep.toml", case)


def test_grid_by_hand(kiln: Case, tmp_path: Path) -> None:
    """Slag of both years, as in the README of the case; 20 % is impossible."""
    slag = {"set": "slag_standard", "values": ["20%", "25%", "30%", "40%"]}
    frame = run_sweep(kiln, _sweep(kiln, "grid", slag), tmp_path / "s", workers=1).frame
    assert frame["status"].tolist() == ["impossible", "optimal", "optimal", "optimal"]
    expected = [(0.7328 * 750_000 - 450_000) / 0.96, 62_960 / 0.96, 0.0]
    assert frame["ccus"].tolist()[1:] == pytest.approx(expected, rel=1e-9, abs=1e-3)
    assert frame["slag_standard"].tolist() == pytest.approx([20, 25, 30, 40])
    assert frame["shortfall"].iloc[0] > 0
    assert frame["shortfall"].tolist()[1:] == [0, 0, 0]


def test_every_draw_is_what_plan_finds(kiln: Case, tmp_path: Path) -> None:
    """Warm solves in any order, with bounds and series, against a case built for each draw."""
    sweep = _sweep(kiln, "latin", WOOD, SLAG, OUTPUT, draws=12)
    frame = run_sweep(kiln, sweep, tmp_path / "s", workers=1).frame
    for row in frame.to_dict("records"):
        key = ("plant", "cement", "")
        line = {
            y: v * (row["plant cement"] if y > 2024 else 1.0) for y, v in kiln.series[key].items()
        }
        case = replace(kiln, series={**kiln.series, key: line})
        wood, slag = row["wood_permit"], row["slag_standard@2026"]
        changes = [f"wood_permit={wood:.15g}%", f"slag_standard@2026={slag:.15g}%"]
        try:
            found = plan(case, changes=changes).solution.least
            assert row["ccus"] == pytest.approx(found, rel=1e-7, abs=1e-3)
        except ImpossibleError as impossible:
            assert row["status"] == "impossible"
            assert row["shortfall"] == pytest.approx(impossible.why.missed_total, rel=1e-6)


def test_same_numbers_from_one_and_two_workers(kiln: Case, tmp_path: Path) -> None:
    sweep = _sweep(kiln, "random", WOOD, SLAG, draws=200)
    one = run_sweep(kiln, sweep, tmp_path / "one", workers=1)
    two = run_sweep(kiln, sweep, tmp_path / "two", workers=2)
    assert_frame_equal(one.frame, two.frame, rtol=1e-9)
    assert_frame_equal(pd.read_parquet(two.file), two.frame)


def test_latin_hypercube_has_one_draw_a_stratum(kiln: Case) -> None:
    sweep = _sweep(kiln, "latin", WOOD, SLAG, draws=50)
    for column in sweep.points.T:
        assert sorted((column * 50).astype(int)) == list(range(50))


def test_seed_gives_the_same_draws(kiln: Case) -> None:
    for method in ("latin", "random", "sobol"):
        first = _sweep(kiln, method, WOOD, SLAG, draws=20).points
        assert (first == _sweep(kiln, method, WOOD, SLAG, draws=20).points).all()


def test_sobol_indices_of_a_known_function(kiln: Case) -> None:
    """y = 3 a + b of uniforms: variances 9/12 and 1/12, so 0.9 and 0.1; and SALib agrees."""
    sweep = _sweep(kiln, "sobol", WOOD, SLAG, draws=20_000)
    outcome = 3 * sweep.points[:, 0] + sweep.points[:, 1]
    first, total = sobol_indices(sweep, outcome)
    assert first == pytest.approx([0.9, 0.1], abs=0.02)
    assert total == pytest.approx([0.9, 0.1], abs=0.02)
    blocks = outcome.reshape(4, -1)  # A, B, A with a column of B; SALib wants A, A with …, B
    ordered = np.column_stack([blocks[0], blocks[2], blocks[3], blocks[1]]).ravel()
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}
    theirs = sobol.analyze(problem, ordered, calc_second_order=False)
    assert first == pytest.approx(theirs["S1"], abs=0.02)
    assert total == pytest.approx(theirs["ST"], abs=0.02)


def test_targets_below_the_base_year(kiln: Case, tmp_path: Path) -> None:
    """scope2 is written as 40 % below the base; a sweep moves the limit that follows from it."""
    factor = {"set": "scope2", "values": ["30%", "40%", "60%"]}
    frame = run_sweep(kiln, _sweep(kiln, "grid", factor), tmp_path / "s", workers=1).frame
    assert frame["status"].tolist() == ["optimal", "optimal", "impossible"]
    assert frame["ccus"].iloc[0] == pytest.approx(62_960 / 0.96, rel=1e-9)
    assert frame["scope2"].tolist() == pytest.approx([30, 40, 60])


def test_two_years_of_one_bound(kiln: Case, tmp_path: Path) -> None:
    """Each factor moves its own year: 24.2 % of slag in both."""
    factors = [{"set": f"slag_standard@{year}", "values": ["24.2%"]} for year in (2025, 2026)]
    frame = run_sweep(kiln, _sweep(kiln, "grid", *factors), tmp_path / "s", workers=1).frame
    clinker = 0.758 * 1e6
    expected = (2 * 0.7328 * clinker - 450_000 - 550_000) / 0.96
    assert frame["ccus"].iloc[0] == pytest.approx(expected, rel=1e-9)


FAULTS = {
    "unknown bound": (
        {"set": "wood_permi", "low": "5%", "high": "9%"},
        "did you mean 'wood_permit'",
    ),
    "wrong unit": ({"set": "wood_permit", "low": "5 kt", "high": "9%"}, "unit 'kt' does not fit"),
    "too much": ({"set": "wood_permit", "low": "5%", "high": "150%"}, "too much"),
    "no series": (
        {"series": "cemen", "place": "plant", "low": 1, "high": 2},
        "did you mean 'cement'",
    ),
    "no place": (
        {"series": "cement", "place": "plan", "low": 1, "high": 2},
        "did you mean 'plant'",
    ),
    "both": ({"set": "wood_permit", "series": "cement", "low": 1, "high": 2}, "either 'set'"),
    "no ends": ({"set": "wood_permit", "values": ["5%"]}, "needs 'low' and 'high'"),
    "text": ({"series": "cement", "place": "plant", "low": "much", "high": 2}, "not multipliers"),
    "computed": ({"set": "none", "low": 1, "high": 2}, "no bound or target is called 'none'"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_told_before_the_first_solve(name: str, kiln: Case) -> None:
    factor, said = FAULTS[name]
    with pytest.raises(CaseError, match=said):
        _sweep(kiln, "random", factor, draws=3)


def test_all_faults_at_once_and_empty_sweeps(kiln: Case) -> None:
    with pytest.raises(CaseError) as caught:
        _sweep(kiln, "random", FAULTS["unknown bound"][0], FAULTS["no series"][0])
    assert "factor 1" in str(caught.value)
    assert "factor 2" in str(caught.value)
    assert "needs draws" in str(caught.value)
    for raw in ({}, {"name": "x", "method": "grid", "factor": []}, {"name": "x", "metod": "grid"}):
        with pytest.raises(CaseError):
            read_sweep(raw, "sweep.toml", kiln)


FILE = """
name = "kill"
method = "latin"
draws = 2500
seed = 5
[[factor]]
set = "fuel_permit_tw"
low = "*0.7"
high = "*1.2"
[[factor]]
set = "capture_growth"
low = "0.38 Mt CO2/yr"
high = "2 Mt CO2/yr"
"""


def test_killed_at_random_moments_and_resumed(tmp_path: Path) -> None:
    """Nothing lost, nothing twice, no half row, and the numbers of an undisturbed sweep."""
    file = tmp_path / "kill.toml"
    file.write_text(FILE, encoding="utf-8")
    out = tmp_path / "killed"
    command = [PROGRAM, "sweep", str(CASES / "tcc-2024"), str(file), "--out", str(out)]
    moments = random.Random(4)
    before = 0
    for _ in range(4):
        run = subprocess.Popen(
            [*command, "--workers", "2"], start_new_session=True, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        patience = time.monotonic() + 60
        while _rows(out) == before and time.monotonic() < patience:
            time.sleep(0.05)
        time.sleep(moments.uniform(0.0, 0.4))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        done = _rows(out)
        assert done > before
        before = done
    assert 0 < before < 2500
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    case = read_case(CASES / "tcc-2024")
    sweep = read_sweep(tomllib.loads(FILE), "kill.toml", case)
    whole = run_sweep(case, sweep, tmp_path / "whole", workers=2)
    resumed = pd.read_parquet(out / "draws.parquet")
    assert resumed["draw"].tolist() == list(range(2500))
    assert_frame_equal(resumed, whole.frame, rtol=1e-9)


def _rows(folder: Path) -> int:
    journal = folder / "journal.sqlite"
    if not journal.exists():
        return 0
    with sqlite3.connect(journal) as base:
        found = base.execute("SELECT name FROM sqlite_master WHERE name = 'outcomes'").fetchone()
        return int(base.execute("SELECT COUNT(*) FROM outcomes").fetchone()[0]) if found else 0


def test_a_finished_sweep_solves_nothing_again(kiln: Case, tmp_path: Path) -> None:
    sweep = _sweep(kiln, "random", WOOD, draws=30)
    first = run_sweep(kiln, sweep, tmp_path / "s", workers=1)
    seen: list[int] = []
    again = run_sweep(kiln, sweep, tmp_path / "s", workers=1, progress=lambda d, t: seen.append(d))
    assert not seen
    assert_frame_equal(first.frame, again.frame)


def test_the_folder_of_another_sweep_is_refused(kiln: Case, tmp_path: Path) -> None:
    run_sweep(kiln, _sweep(kiln, "random", WOOD, draws=3), tmp_path / "s", workers=1)
    with pytest.raises(StoreError, match="another case, file or objective"):
        run_sweep(kiln, _sweep(kiln, "random", SLAG, draws=3), tmp_path / "s", workers=1)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """SQLite's own limit on pages stands for the disk."""
    journal = Journal(tmp_path, "x")
    journal.add([Outcome(0, "optimal", 1.0, 0.0)])
    journal._base.execute("PRAGMA max_page_count = 5")
    many = [Outcome(draw, "optimal" * 20, 1.0, 0.0) for draw in range(1, 5000)]
    with pytest.raises(StoreError, match="full; nothing is lost"):
        journal.add(many)
    assert journal.done() == {0}
    journal.close()


def test_cluster_whose_worker_dies(kiln: Case, tmp_path: Path) -> None:
    """A real local cluster of processes; one worker is killed while the sweep runs."""
    distributed = pytest.importorskip("distributed")
    sweep = _sweep(kiln, "random", WOOD, SLAG, draws=400)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        killed: list[int] = []

        def kill_once(done: int, total: int) -> None:
            if not killed:
                os.kill(victim, signal.SIGKILL)
                killed.append(done)

        found = run_sweep(
            kiln, sweep, tmp_path / "c", scheduler=cluster.scheduler_address, progress=kill_once
        )
    assert killed
    alone = run_sweep(kiln, sweep, tmp_path / "one", workers=1)
    assert_frame_equal(found.frame, alone.frame, rtol=1e-9)
