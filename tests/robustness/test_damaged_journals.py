"""Journals of sweeps that were damaged or edited: no sweep ends without all its rows, each once."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from kilnpath import read_case
from kilnpath.sweep import run as running
from kilnpath.sweep.run import run_sweep
from kilnpath.sweep.store import JOURNAL, PARTS, Journal, StoreError
from kilnpath.sweep.workers import Chunk, Job, solve_here
from model.sweep.reading import read_sweep
from model.sweep.sweep import Sweep
from optimizer.sweep.evaluate import Outcome
from tests.tools.plants import CASES

DRAWS = 64  # four a chunk


@pytest.fixture(scope="module")
def sweep() -> Sweep:
    factors = [{"set": "wood_permit", "low": "5%", "high": "35%"}]
    raw = {"name": "s", "method": "random", "draws": DRAWS, "seed": 3, "factor": factors}
    return read_sweep(raw, "s.toml", read_case(CASES / "one-kiln"))


@pytest.fixture(scope="module")
def whole(sweep: Sweep, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return run_sweep(sweep, tmp_path_factory.mktemp("whole") / "s", workers=1).frame


@pytest.fixture(scope="module")
def stopped(sweep: Sweep, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The journal of a sweep that was stopped when half of it was done, with parts noted."""
    folder = tmp_path_factory.mktemp("stopped") / "s"

    def stop(done: int, total: int) -> None:
        if done >= total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(sweep, folder, workers=1, progress=stop, part_seconds=0.0)
    with closing(sqlite3.connect(folder / JOURNAL)) as base:
        base.execute("PRAGMA journal_mode=DELETE")
    return (folder / JOURNAL).read_bytes()


def damaged(folder: Path, journal: bytes, *statements: str) -> Path:
    """A folder with a journal in which somebody changed something."""
    folder.mkdir(parents=True)
    (folder / JOURNAL).write_bytes(journal)
    with closing(sqlite3.connect(folder / JOURNAL)) as base, base:
        for statement in statements:
            base.execute(statement)
    return folder


MENDED = {  # what was done to the journal, and how many draws are solved again for it
    "a line is missing": ("DELETE FROM outcomes WHERE draw = (SELECT min(draw) FROM outcomes)", 4),
    "a line in each chunk is missing": (
        "DELETE FROM outcomes WHERE draw IN (SELECT min(draw) FROM outcomes GROUP BY chunk)",
        32,
    ),
    "a chunk in the middle has no lines": ("DELETE FROM outcomes WHERE chunk = 3", 4),
    "no chunk has lines": ("DELETE FROM outcomes", 32),
    "all chunks are told as done": (
        "WITH RECURSIVE a(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM a WHERE n < 15) "
        "INSERT OR IGNORE INTO chunks SELECT n, NULL FROM a",
        32,
    ),
    "a chunk that does not exist": ("INSERT INTO chunks VALUES (40, NULL)", 0),
    "a line of a chunk that does not exist": (
        "UPDATE outcomes SET chunk = 5 WHERE draw = "
        "(SELECT min(draw) FROM outcomes WHERE chunk = 2)",
        8,
    ),
    "a line of a draw of a chunk that is not done": (
        "INSERT OR IGNORE INTO outcomes SELECT n, 1, 'optimal', 1.0, 0.0 FROM "
        "(WITH RECURSIVE a(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM a WHERE n < 63) "
        "SELECT n FROM a WHERE n NOT IN (SELECT draw FROM outcomes) LIMIT 1)",
        8,
    ),
    "an optimum without a number": (
        "UPDATE outcomes SET least = NULL WHERE draw = (SELECT draw FROM outcomes WHERE "
        "status = 'optimal' LIMIT 1)",
        4,
    ),
    "an endless optimum": (
        "UPDATE outcomes SET least = 9e999 WHERE draw = (SELECT draw FROM outcomes WHERE "
        "status = 'optimal' LIMIT 1)",
        4,
    ),
    "an optimum told as impossible": (
        "UPDATE outcomes SET status = 'impossible' WHERE draw = (SELECT draw FROM outcomes WHERE "
        "status = 'optimal' LIMIT 1)",
        4,
    ),
}


@pytest.mark.parametrize("what", MENDED)
def test_what_is_not_whole_is_solved_again(
    what: str, sweep: Sweep, whole: pd.DataFrame, stopped: bytes, tmp_path: Path
) -> None:
    statement, again = MENDED[what]
    folder, said = damaged(tmp_path / "s", stopped, statement), list[str]()
    (folder / PARTS).mkdir()
    (folder / PARTS / "part-000000.parquet").touch()
    found = run_sweep(sweep, folder, workers=1, notice=said.append)
    assert_frame_equal(found.frame, whole, check_exact=True)
    words = f"The journal was not whole: {again} draws are solved again."
    assert (words in said) == (again > 0)
    assert not (folder / PARTS).exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_edits_of_its_lines_are_mended_or_refused(
    data: st.DataObject, sweep: Sweep, whole: pd.DataFrame, stopped: bytes,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    number = st.integers(-1, DRAWS + 2)
    edit = st.one_of(
        st.builds("DELETE FROM outcomes WHERE draw = {}".format, number),
        st.builds("DELETE FROM outcomes WHERE chunk = {}".format, number),
        st.builds("DELETE FROM chunks WHERE chunk = {}".format, number),
        st.builds(
            "UPDATE OR REPLACE outcomes SET draw = {} WHERE draw = {}".format, number, number
        ),
        st.builds("UPDATE outcomes SET chunk = {} WHERE draw = {}".format, number, number),
        st.builds("INSERT OR IGNORE INTO chunks VALUES ({}, NULL)".format, number),
    )
    statements = data.draw(st.lists(edit, min_size=1, max_size=6))
    folder = damaged(tmp_path_factory.mktemp("any") / "s", stopped, *statements)
    try:
        found = run_sweep(sweep, folder, workers=1)
    except StoreError as error:
        assert "is damaged; remove the folder" in str(error)
    else:
        assert_frame_equal(found.frame, whole, check_exact=True)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.99])
def test_a_journal_that_is_cut_off_is_mended_or_refused(
    part: float, sweep: Sweep, whole: pd.DataFrame, stopped: bytes, tmp_path: Path
) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / JOURNAL).write_bytes(stopped[: int(len(stopped) * part)])
    try:
        found = run_sweep(sweep, tmp_path / "s", workers=1)
    except StoreError as error:
        assert JOURNAL in str(error) or "journal" in str(error)
    else:
        assert_frame_equal(found.frame, whole, check_exact=True)


def test_a_journal_of_another_sweep_is_refused(
    sweep: Sweep, stopped: bytes, tmp_path: Path
) -> None:
    folder = damaged(tmp_path / "s", stopped, "UPDATE facts SET text = 'other'")
    with pytest.raises(StoreError, match="holds a sweep of another case"):
        run_sweep(sweep, folder, workers=1)


Solve = Callable[[Job, list[Chunk]], Iterator[tuple[Chunk, list[Outcome]]]]


def lacking(times: int) -> Solve:
    """Workers that lose the last outcome of the first chunk, so many times."""
    left = [times]

    def solve(job: Job, chunks: list[Chunk]) -> Iterator[tuple[Chunk, list[Outcome]]]:
        for chunk, outcomes in solve_here(job, chunks):
            lose = chunk.number == 0 and left[0] > 0
            left[0] -= lose
            yield chunk, outcomes[:-1] if lose else outcomes

    return solve


def test_workers_that_lose_an_outcome(
    sweep: Sweep, whole: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Solved again where it comes then; else the sweep does not end as if it were whole."""
    monkeypatch.setattr(running, "solve_here", lacking(1))
    found = run_sweep(sweep, tmp_path / "once", workers=1)
    assert_frame_equal(found.frame, whole, check_exact=True)
    monkeypatch.setattr(running, "solve_here", lacking(99))
    with pytest.raises(StoreError, match="4 draws have no outcome, though all were solved"):
        run_sweep(sweep, tmp_path / "always", workers=1)
    assert not (tmp_path / "always" / "draws.parquet").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: frame.iloc[:-1],
        lambda frame: pd.concat([frame.iloc[:-1], frame.iloc[:1]]),
        lambda frame: frame.assign(draw=frame["draw"] + 1),
        lambda frame: frame.iloc[::-1],
        lambda frame: frame.assign(wood_permit=frame["wood_permit"] + 1),
        lambda frame: frame.assign(status="perhaps"),
    ],
)
def test_rows_of_a_sweep_that_is_done_are_those_of_its_draws(
    change: Callable[[pd.DataFrame], pd.DataFrame], sweep: Sweep, tmp_path: Path
) -> None:
    file = run_sweep(sweep, tmp_path / "s", workers=1).file
    change(pd.read_parquet(file)).to_parquet(file, index=False)
    with pytest.raises(StoreError, match="holds other draws; remove the folder"):
        run_sweep(sweep, tmp_path / "s", workers=1)


def test_looking_at_a_journal_takes_time_by_its_rows(tmp_path: Path) -> None:
    """As many rows as chunks are wrong: each is looked at once, and they go together."""
    count, steps = 40_000, [0]
    journal = Journal(tmp_path, "x", count)
    base = journal._base
    rows = [(n, n // 2) for n in range(count)]
    base.executemany("INSERT INTO outcomes VALUES (?, ?, 'optimal', 1.0, 0.0)", rows[::2])
    base.executemany("INSERT INTO chunks VALUES (?, NULL)", [(n,) for n in range(count // 2)])

    def step() -> int:
        steps[0] += 1
        return 0

    base.set_progress_handler(step, 1000)
    lost = journal.forget_incomplete(np.arange(count) // 2)
    assert lost == count
    assert journal.count() == 0
    assert steps[0] * 1000 < 200 * count
    journal.close()
