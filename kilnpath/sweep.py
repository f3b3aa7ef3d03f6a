"""Runs a sweep: chunks of neighbouring draws on worker processes, or on a Dask cluster."""

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kilnpath.sweep_store import Journal, export, table
from model.case import Case, Objective
from model.sweep import Sweep
from optimizer.sweeping import Evaluator, Outcome

CHUNK = 64
_evaluator: Evaluator | None = None


@dataclass(frozen=True)
class SweepResult:
    """All outcomes of a sweep, one row a draw, and where they are stored."""

    sweep: Sweep
    frame: pd.DataFrame
    file: Path


def run_sweep(
    case: Case,
    sweep: Sweep,
    folder: Path,
    objective: Objective | str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SweepResult:
    """Solves every draw that the journal in ``folder`` does not have yet, and exports all.

    workers: processes on this machine, as many as it has cores where not given; scheduler: address
    of a Dask cluster to use instead. Raises ``StoreError`` where the folder cannot be written or
    holds another sweep.
    """
    chosen = Objective(objective or case.objective)
    journal = Journal(folder, _identity(case, sweep, chosen))
    try:
        done = journal.done()
        total = len(sweep.points)
        waiting = _chunks(sweep, done)
        finished = len(done)
        for outcomes in _solve(case, sweep, chosen, waiting, workers, scheduler):
            journal.add(outcomes)
            finished += len(outcomes)
            if progress is not None:
                progress(finished, total)
        frame = table(sweep, journal.outcomes())
    finally:
        journal.close()
    facts = {
        "kind": "sweep",
        "case": case.id,
        "case_sha256": case.hash,
        "scenario": case.scenario,
        "sweep": sweep.name,
        "method": sweep.method,
        "seed": sweep.seed,
        "objective": str(chosen),
        "draws": total,
    }
    return SweepResult(sweep, frame, export(folder, frame, facts))


def _identity(case: Case, sweep: Sweep, objective: Objective) -> str:
    digest = hashlib.sha256(sweep.points.tobytes())
    names = [[f.name, list(f.shown)] for f in sweep.factors]
    digest.update(json.dumps([case.hash, case.scenario, objective, names]).encode())
    return digest.hexdigest()


def _chunks(sweep: Sweep, done: set[int]) -> list[list[int]]:
    """Draws to do, neighbours together: those with the same series follow each other."""
    waiting = [draw for draw in range(len(sweep.points)) if draw not in done]
    waiting.sort(key=lambda draw: (sweep.series_part(draw), draw))
    return [waiting[i : i + CHUNK] for i in range(0, len(waiting), CHUNK)]


def _solve(
    case: Case,
    sweep: Sweep,
    objective: Objective,
    chunks: list[list[int]],
    workers: int | None,
    scheduler: str | None,
) -> Iterator[list[Outcome]]:
    count = min(workers or os.cpu_count() or 1, len(chunks))
    if scheduler is not None:
        yield from _on_cluster(case, sweep, objective, chunks, scheduler)
    elif count <= 1:
        evaluator = Evaluator(case, objective, sweep)
        for chunk in chunks:
            yield [evaluator.solve(draw) for draw in chunk]
    else:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, spawn, _prepare, (case, objective, sweep)) as pool:
            futures = [pool.submit(_solve_chunk, chunk) for chunk in chunks]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _prepare(case: Case, objective: Objective, sweep: Sweep) -> None:
    """Runs once in each worker process."""
    global _evaluator
    _evaluator = Evaluator(case, objective, sweep)


def _solve_chunk(chunk: list[int]) -> list[Outcome]:
    assert _evaluator is not None
    return [_evaluator.solve(draw) for draw in chunk]


def _on_cluster(
    case: Case, sweep: Sweep, objective: Objective, chunks: list[list[int]], scheduler: str
) -> Iterator[list[Outcome]]:
    """The same chunks on a Dask cluster, which runs a chunk again where a worker died."""
    from distributed import Client  # an extra, loaded where asked for
    from distributed import as_completed as as_done

    with Client(scheduler) as client:  # type: ignore[no-untyped-call]
        task: Any = client.scatter((case, objective, sweep), broadcast=True)
        futures = [client.submit(_cluster_chunk, task, chunk, pure=False) for chunk in chunks]
        for future in as_done(futures):  # type: ignore[no-untyped-call]
            yield future.result()


def _cluster_chunk(task: tuple[Case, Objective, Sweep], chunk: list[int]) -> list[Outcome]:
    """A chunk in a cluster's worker, which keeps its programme for the next one."""
    global _evaluator
    case, objective, sweep = task
    if _evaluator is None or _identity(_evaluator.case, _evaluator.sweep, _evaluator.objective) != (
        _identity(case, sweep, objective)
    ):
        _prepare(case, objective, sweep)
    return _solve_chunk(chunk)
