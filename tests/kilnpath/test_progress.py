"""What a long command shows, and what an interrupt leaves of it."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kilnpath import read_case
from kilnpath.progress import Progress, collected
from kilnpath.studies import targets
from kilnpath.studies.bounds import rank, whatif
from model.case.types import Case, Objective
from optimizer.infeasible.repair import Repairer
from optimizer.sensitivity import candidates, ranges
from optimizer.sensitivity.assumptions import BothYears
from optimizer.sensitivity.curve import trace
from optimizer.sensitivity.holding import Saving
from optimizer.sensitivity.moving_limit import parameter
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.highs import Highs
from tests.tools.commands import run_here
from tests.tools.plants import CASES

KILN = str(CASES / "one-kiln")
SHOWS = """
import time
from kilnpath import progress
progress.PATIENCE = 0.2
with progress.Progress("levers") as bar:
    bar.update(3, 7)
    time.sleep({seconds})
"""


@pytest.fixture(scope="module")
def kiln() -> Case:
    return read_case(CASES / "one-kiln")


def _on_a_terminal(program: str) -> str:
    """What a program writes to an error stream that is a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    words = [sys.executable, "-c", program]
    subprocess.run(words, stderr=theirs, check=True, env=environment, timeout=60)
    os.close(theirs)
    said = b""
    while chunk := _read(ours):
        said += chunk
    os.close(ours)
    return said.decode()


def _read(file: int) -> bytes:
    try:
        return os.read(file, 4096)
    except OSError:  # as Linux says that the other end is closed
        return b""


def test_a_long_command_shows_its_count_on_a_terminal() -> None:
    said = _on_a_terminal(SHOWS.format(seconds=1))
    assert "levers" in said
    assert "3/7" in said


def test_a_short_command_shows_nothing() -> None:
    assert _on_a_terminal(SHOWS.format(seconds=0)) == ""


def test_nothing_is_shown_where_the_error_stream_is_no_terminal() -> None:
    words = [sys.executable, "-c", SHOWS.format(seconds=0.5)]
    done = subprocess.run(words, capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")


def _three_then_stop() -> Iterator[int]:
    yield from (1, 2, 3)
    raise KeyboardInterrupt


def test_an_interrupt_leaves_what_came_before() -> None:
    progress = Progress("numbers")
    assert collected(_three_then_stop(), 9, progress) == [1, 2, 3]
    assert progress.stopped
    with pytest.raises(KeyboardInterrupt):
        collected(_three_then_stop(), 9, None)


def _stop_after(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, calls: int
) -> Callable[..., Any]:
    """Ctrl-C at a later call of a function."""
    honest, done = getattr(owner, name), [0]

    def stopping(*arguments: Any, **named: Any) -> Any:
        done[0] += 1
        if done[0] == calls + 1:
            raise KeyboardInterrupt
        return honest(*arguments, **named)

    monkeypatch.setattr(owner, name, stopping)
    return stopping


def test_a_stopped_rank_has_the_worths_that_were_confirmed(
    kiln: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rank.rank(kiln)
    # each bound is asked for at a thousandth of a step first
    honest, seen = Saving.at, []

    def at(self: Saving, move: float) -> Any:
        seen.append(self.name)
        if len(set(seen)) > 2:
            raise KeyboardInterrupt
        return honest(self, move)

    monkeypatch.setattr(Saving, "at", at)
    progress = Progress("bounds")
    table = rank.rank(kiln, progress=progress)
    assert progress.stopped
    assert table["confirmed"].tolist() == [True, True, False, False, False]
    assert table["saved"].tolist() == pytest.approx(whole["saved"].tolist(), rel=1e-3)
    assert table["holds_for"].isna().tolist() == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("words", "stop", "left", "told"),
    [
        (["rank"], (Saving, "at", 9), "scope1", "bounds were confirmed"),
        (["range"], (Highs, "least", 12), "levers: ", "levers"),
        (["targets"], (candidates, "_feasibility", 2), "Candidates", "2 candidates"),
        (["curve", "slag_standard"], (Reoptimizer, "solve", 3), "it was stopped", "points"),
        (["whatif", "--set", "wood_permit=30%"], (whatif, "plan", 1), "as it is", "1 of 2"),
        (["assumptions"], (BothYears, "without", 2), "target scope1", "programmes"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_stopped_command_shows_what_it_has_and_writes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    stop: tuple[Any, str, int],
    left: str,
    told: str,
) -> None:
    monkeypatch.setattr(ranges, "_TOGETHER", 4)
    _stop_after(monkeypatch, *stop)
    said = run_here(tmp_path, words[0], KILN, *words[1:], "--out", "out", code=130)
    assert left in said
    assert told in said
    assert "; nothing was written." in said
    assert not (tmp_path / "out").exists()


def test_a_stopped_curve_has_points_of_the_whole(
    kiln: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Reoptimizer(kiln, Objective.CUMULATIVE)
    whole = trace(model, parameter(model, "slag_standard"))
    _stop_after(monkeypatch, Reoptimizer, "solve", 4)
    found = trace(model, parameter(model, "slag_standard"), watch=lambda done, total: None)
    assert found.stopped
    assert 0 < len(found.points) < 5
    at = np.interp(
        [p.value for p in found.points],
        [p.value for p in whole.points],
        [p.least for p in whole.points],
    )
    assert [p.least for p in found.points] == pytest.approx(at.tolist(), abs=1e-3)


def test_a_stopped_menu_has_the_repairs_that_were_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stop_after(monkeypatch, Repairer, "least", 2)
    infeasible = str(CASES / "infeasible")
    said = run_here(tmp_path, "explain", infeasible, "--out", "out", code=130)
    assert "Stopped before all were tried; there may be others." in said
    assert said.count("--set '") == 2
    assert not (tmp_path / "out").exists()


def test_a_library_call_without_a_progress_is_stopped_itself(
    kiln: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stop_after(monkeypatch, candidates, "_feasibility", 1)
    with pytest.raises(KeyboardInterrupt):
        targets.targets(kiln)
