"""Sweeps that are killed, whose workers die, or whose disk is full: nothing is lost."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from contextlib import closing, suppress
from pathlib import Path

import duckdb
import pandas as pd
import psutil
import pytest
from pandas.testing import assert_frame_equal

from kilnpath import read_case
from kilnpath.files import replace as replacing
from kilnpath.sweep import store
from kilnpath.sweep.run import chunks_of, run_sweep
from kilnpath.sweep.store import JOURNAL, PARTS, Journal, StoreError, table
from kilnpath.sweep.workers import Chunk, job_of, solve_in_processes
from model.sweep.reading import read_sweep
from model.sweep.sweep import Sweep
from optimizer.sweep.evaluate import Evaluator, Outcome
from tests.tools.plants import CASES, ROOT

FILE = """
name = "kill"
method = "latin"
draws = 4000
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
COMMAND = [sys.executable, "-c", "from kilnpath.commands.main import main; main()", "sweep"]


@pytest.fixture(scope="module")
def tcc() -> Sweep:
    case = read_case(CASES / "tcc-2024")
    return read_sweep(tomllib.loads(FILE), "kill.toml", case)


def test_a_place_that_nobody_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "s"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError) as caught:
        Journal(tmp_path / "s", "x", 1)
    assert str(caught.value) == (
        f"{tmp_path / 's'}: cannot be written: Permission denied; name another with --out"
    )


@pytest.fixture(scope="module")
def small() -> Sweep:
    factors = [
        {"set": "wood_permit", "low": "5%", "high": "35%"},
        {"set": "slag_standard@2026", "low": "20%", "high": "40%"},
    ]
    raw = {"name": "s", "method": "random", "draws": 400, "seed": 3, "factor": factors}
    return read_sweep(raw, "s.toml", read_case(CASES / "one-kiln"))


def _parts(folder: Path) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(part) for part in sorted((folder / PARTS).glob("p*"))])


def _rows(folder: Path) -> int:
    """Rows of the journal of a sweep that does not run."""
    if not (folder / JOURNAL).exists():
        return 0
    with closing(sqlite3.connect(folder / JOURNAL)) as base:
        return int(base.execute("SELECT count(*) FROM outcomes").fetchone()[0])


def test_killed_at_random_moments_and_resumed(tcc: Sweep, tmp_path: Path) -> None:
    """Nothing lost, nothing twice, no half row, the numbers of an undisturbed sweep to the bit."""
    file, out = tmp_path / "kill.toml", tmp_path / "killed"
    file.write_text(FILE, encoding="utf-8")
    command = [*COMMAND, str(CASES / "tcc-2024"), str(file), "--out", str(out), "--workers", "2"]
    moments, before, orphans = random.Random(4), 0, 0
    for _ in range(4):
        run = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        children = _until_more_is_kept(run, out, before, tmp_path / "copy")
        time.sleep(moments.uniform(0.0, 1.0))
        run.kill()  # the parent alone: its workers must end by themselves
        run.wait()
        gone, alive = psutil.wait_procs(children, timeout=20)
        assert not alive
        orphans += len(gone)
        done = _rows(out)
        assert done > before
        before = done
    assert orphans >= 2
    assert 0 < before < 4000
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    whole = run_sweep(tcc, tmp_path / "whole", workers=1)
    resumed = pd.read_parquet(out / "draws.parquet")
    assert resumed["draw"].tolist() == list(range(4000))
    assert_frame_equal(resumed, whole.frame, check_exact=True)
    assert {entry.name for entry in out.iterdir()} == {
        *("draws.parquet", "manifest.json", "sensitivity.csv", "summary.csv")
    }


def _until_more_is_kept(
    run: subprocess.Popen[bytes], folder: Path, before: int, copy: Path
) -> list[psutil.Process]:
    """The worker processes, once the journal has more rows than before by their work."""
    parent = psutil.Process(run.pid)
    while len(parent.children()) < 3:  # two workers and Python's tracker of resources
        time.sleep(0.02)
    while _rows_meanwhile(folder, copy) <= before:
        assert run.poll() is None, "it ended without more"
        time.sleep(0.02)
    return parent.children()


def _rows_meanwhile(folder: Path, copy: Path) -> int:
    """Rows of the journal of a sweep that runs, and has it for itself: those of a copy."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for name in (JOURNAL, f"{JOURNAL}-wal"):
        with suppress(FileNotFoundError):
            shutil.copy(folder / name, copy / name)
    with suppress(sqlite3.DatabaseError):  # it was written while it was copied
        return _rows(copy)
    return 0


def test_chunks_do_not_depend_on_what_was_solved_before(tcc: Sweep) -> None:
    first, second = chunks_of(tcc)[:2]
    used = Evaluator(tcc.case.objective, tcc, tcc.count_parts())
    used.solve_chunk(second.draws.tolist(), second.points)
    fresh = Evaluator(tcc.case.objective, tcc, tcc.count_parts())
    after = used.solve_chunk(first.draws.tolist(), first.points)
    assert repr(after) == repr(fresh.solve_chunk(first.draws.tolist(), first.points))


def test_a_local_worker_that_dies(small: Sweep, tmp_path: Path) -> None:
    """All chunks come, each once, though a process is killed after the first."""
    seen: list[Chunk] = []
    chunks = chunks_of(small)
    found: list[Outcome] = []
    for chunk, outcomes in solve_in_processes(job_of(small.case.objective, small), chunks, 2):
        if not seen:
            victims = [c for c in psutil.Process().children() if "spawn_main" in str(c.cmdline())]
            victims[0].kill()
        seen.append(chunk)
        found += outcomes
    assert sorted(chunk.number for chunk in seen) == [chunk.number for chunk in chunks]
    assert sorted(o.draw for o in found) == list(range(400))


def test_parts_flow_while_it_runs(small: Sweep, tmp_path: Path) -> None:
    """Every part is a table of whole chunks, each draw once; a lost note writes a part again."""

    def stop(done: int, total: int) -> None:
        if done > 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(small, tmp_path / "s", workers=1, progress=stop, part_seconds=0.0)
    parts = _parts(tmp_path / "s")
    assert parts["draw"].is_unique
    assert len(parts) == _rows(tmp_path / "s") > 200
    with closing(sqlite3.connect(tmp_path / "s" / JOURNAL, isolation_level=None)) as base:
        base.execute("UPDATE chunks SET part = NULL WHERE part >= 2")  # killed before the note
    with pytest.raises(KeyboardInterrupt):
        run_sweep(small, tmp_path / "s", workers=1, progress=stop, part_seconds=0.0)
    found = run_sweep(small, tmp_path / "s", workers=1).frame
    whole = run_sweep(small, tmp_path / "whole", workers=2).frame
    assert_frame_equal(found, whole, check_exact=True)
    kept = parts.sort_values("draw").reset_index(drop=True)
    same = whole[whole["draw"].isin(kept["draw"])].reset_index(drop=True)
    assert_frame_equal(kept, same, check_exact=True)


def test_a_full_disk_under_the_journal(small: Sweep, tmp_path: Path) -> None:
    """SQLite's own limit on pages stands for the disk."""
    journal = Journal(tmp_path, "x", 100_000)
    journal.add(0, [Outcome(0, "optimal", 1.0, 0.0)])
    journal._base.execute("PRAGMA max_page_count = 5")
    many = [Outcome(draw, "optimal" * 20, 1.0, 0.0) for draw in range(1, 5000)]
    with pytest.raises(StoreError, match=r"full.*the same command goes on"):
        journal.add(1, many)
    assert journal.done() == {0}
    assert journal.outcomes()["draw"].tolist() == [0]
    journal._base.execute("PRAGMA max_page_count = 100000")
    journal.add(1, many)
    assert journal.count() == 5000
    journal.close()


@pytest.mark.parametrize("at", ["part-000001.parquet", "draws.parquet", "manifest.json"])
def test_a_full_disk_under_the_results(
    at: str, small: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood there stands; with room again the same call gives the same rows."""
    replace = replacing.replace_file

    def full(path: Path, content: bytes) -> None:
        if path.name == at:
            raise OSError(28, "No space left on device")
        replace(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(store, "replace_file", full)
        with pytest.raises(StoreError, match="No space left on device"):
            run_sweep(small, tmp_path / "s", workers=1, part_seconds=0.0)
    assert not (tmp_path / "s" / at).exists()
    found = run_sweep(small, tmp_path / "s", workers=1).frame
    whole = run_sweep(small, tmp_path / "whole", workers=1).frame
    assert_frame_equal(found, whole, check_exact=True)


def test_two_at_once_in_one_folder(small: Sweep, tmp_path: Path) -> None:
    journal = Journal(tmp_path, "x", 100_000)
    code = (
        "from pathlib import Path; from kilnpath.sweep.store import Journal, StoreError\n"
        f"try: Journal(Path({str(tmp_path)!r}), 'x', 100_000)\nexcept StoreError as e: print(e)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "another process is running this sweep" in done.stdout, done.stderr
    journal.close()


def test_a_folder_of_something_else_is_left_alone(small: Sweep, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(StoreError, match="something else"):
        run_sweep(small, tmp_path, workers=1)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_read_by_duckdb(small: Sweep, tmp_path: Path) -> None:
    found = run_sweep(small, tmp_path / "s", workers=1)
    count = (
        duckdb.connect()
        .execute(f"SELECT count(*) FROM '{found.file}' WHERE status = 'optimal'")
        .fetchone()
    )
    assert count == ((found.frame["status"] == "optimal").sum(),)
    assert found.file.name == store.DRAWS
    assert table(small, found.frame.rename(columns={"ccus": "least"})).equals(found.frame)


def test_cluster_whose_workers_die(small: Sweep, tmp_path: Path) -> None:
    """A scheduler and workers as processes of their own; workers are killed while it runs."""
    pytest.importorskip("distributed")
    tool = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    address_file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [*tool, "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(address_file)], **quiet,
    )  # fmt: skip
    while not address_file.exists() or not address_file.read_text():
        time.sleep(0.1)
    address = _address(address_file)
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1"]
    start = [*command, "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    workers = [subprocess.Popen(start, cwd=ROOT, **quiet) for _ in range(2)]
    killed: list[int] = []

    def kill_some(done: int, total: int) -> None:
        if len(killed) < 2 and done > 100 * len(killed):
            os.kill(workers[len(killed)].pid, signal.SIGKILL)
            killed.append(done)
            workers.append(subprocess.Popen(start, cwd=ROOT, **quiet))

    try:
        found = run_sweep(small, tmp_path / "c", scheduler=address, progress=kill_some)
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()
    assert len(killed) == 2
    alone = run_sweep(small, tmp_path / "one", workers=1)
    assert_frame_equal(found.frame, alone.frame, check_exact=True)


def _address(file: Path) -> str:
    return str(json.loads(file.read_text(encoding="utf-8"))["address"])
