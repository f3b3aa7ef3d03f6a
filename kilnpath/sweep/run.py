"""Runs a sweep: chunks of neighbouring draws on processes or a cluster, kept as they come."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kilnpath.extras import lacking
from kilnpath.language.chosen import text
from kilnpath.sweep.store import (
    Journal,
    StoreError,
    check_folder,
    finish,
    finished,
    table,
)
from kilnpath.sweep.tables import lacks_sensitivity, sensitivity, summary
from kilnpath.sweep.workers import (
    Chunk,
    Done,
    Job,
    job_of,
    solve_here,
    solve_in_processes,
    solve_on_cluster,
)
from model.case.types import Objective
from model.messages.message import Message, message
from model.sweep.draws import near_order
from model.sweep.sweep import Sweep
from optimizer.sweep.series_programme import is_worth_it

PART_SECONDS = 30.0  # between Parquet parts
# Draws in a chunk, which is done again where it is interrupted: where limits move; where series do,
# which mostly costs as little; and where each series needs a programme of its own.
_LARGEST_CHUNK, _LARGEST_FOLLOWING, _LARGEST_OF_SERIES = 512, 256, 16


@dataclass(frozen=True)
class SweepResult:
    """All outcomes of a sweep, one row a draw; its summary; and where they are stored.

    sensitivity: what the variance of the least CCUS is due to, ``None`` where it cannot be said;
    notes: what the reader should know.
    """

    sweep: Sweep
    frame: pd.DataFrame
    summary: pd.DataFrame
    sensitivity: pd.DataFrame | None
    notes: tuple[str, ...]
    file: Path


def run_sweep(
    sweep: Sweep,
    folder: Path,
    objective: Objective | str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    notice: Callable[[str], None] = lambda words: None,
    part_seconds: float = PART_SECONDS,
) -> SweepResult:
    """Solves every draw that ``folder`` does not have yet, and writes all.

    workers: processes on this machine, as many as it has cores where not given; scheduler: address
    of a Dask cluster to use instead. The same call goes on after an interruption, with the same
    outcomes. Raises ``StoreError`` where the folder cannot be written or holds another sweep,
    ``WorkerError`` where workers cannot be had, ``ExtraError`` where a cluster needs a package.
    """
    chosen = Objective(objective or sweep.case.objective)
    job = job_of(chosen, sweep)
    identity = _identity(sweep, chosen, job)
    if scheduler is not None and (lacks := lacking("cluster")):
        raise lacks
    check_folder(folder)
    frame = finished(folder, identity, sweep)
    if frame is None:
        if lacks := lacks_sensitivity(sweep):
            notice(lacks.in_words(text))
        journal = Journal(folder, identity, len(sweep.points))
        try:
            chunks, before = chunks_of(sweep), -1
            while (kept := _kept_draws(sweep, chunks, journal, notice)) < len(sweep.points):
                if kept <= before:
                    raise StoreError(_lacking(folder, len(sweep.points) - kept))
                before, todo = kept, [c for c in chunks if c.number not in journal.done()]
                _solve(
                    sweep, job, journal, todo, workers, scheduler, progress, notice, part_seconds
                )
            frame = table(sweep, journal.outcomes())
        finally:
            journal.close()
    indices, notes = sensitivity(sweep, frame)
    short = summary(frame)
    tables = {"summary": short, **({} if indices is None else {"sensitivity": indices})}
    file = finish(folder, frame, tables, _manifest(sweep, chosen, identity, job))
    return SweepResult(sweep, frame, short, indices, notes, file)


def _kept_draws(
    sweep: Sweep, chunks: list[Chunk], journal: Journal, notice: Callable[[str], None]
) -> int:
    """How many draws have their outcome; what is not a whole chunk is forgotten, and said."""
    chunk_of = np.zeros(len(sweep.points), dtype=np.int64)
    for chunk in chunks:
        chunk_of[chunk.draws] = chunk.number
    if lost := journal.forget_incomplete(chunk_of):
        words = text("The journal was not whole: {count:,} draws are solved again.")
        notice(words.format(count=lost))
    return journal.count()


def _lacking(folder: Path, count: int) -> Message:
    return message(
        "{folder}: {count:,} draws have no outcome, though all were solved; the same command "
        "solves them again",
        folder=folder,
        count=count,
    )


def _solve(
    sweep: Sweep,
    job: Job,
    journal: Journal,
    chunks: list[Chunk],
    workers: int | None,
    scheduler: str | None,
    progress: Callable[[int, int], None] | None,
    notice: Callable[[str], None],
    part_seconds: float,
) -> None:
    finished_draws, total = journal.count(), len(sweep.points)
    if finished_draws:
        words = text("{done:,} of {total:,} draws were done before; going on from there.")
        notice(words.format(done=finished_draws, total=total))
    count = min(workers or os.cpu_count() or 1, len(chunks))
    last = time.monotonic()
    outcomes_of: Done
    if scheduler is not None:
        outcomes_of = solve_on_cluster(job, chunks, scheduler, notice)
    elif count <= 1:
        outcomes_of = solve_here(job, chunks)
    else:
        outcomes_of = solve_in_processes(job, chunks, count)
    try:
        for chunk, outcomes in outcomes_of:
            journal.add(chunk.number, outcomes)
            finished_draws += len(outcomes)
            if progress is not None:
                progress(finished_draws, total)
            if time.monotonic() - last > part_seconds:
                journal.write_part(sweep)
                last = time.monotonic()
    except KeyboardInterrupt:
        journal.write_part(sweep)
        raise
    finally:
        outcomes_of.close()


def chunks_of(sweep: Sweep) -> list[Chunk]:
    """The chunks of a sweep, which depend on nothing but its draws."""
    series, largest = sweep.series_columns, _LARGEST_CHUNK
    if series:
        largest = _LARGEST_FOLLOWING if is_worth_it(sweep) else _LARGEST_OF_SERIES
        if len(sweep.points) < 2 * sweep.count_parts():
            series = []  # next to no draws have the same series, which then are like limits
    order = near_order(sweep.points, series)
    size = max(1, min(largest, len(order) // 16))
    return [
        Chunk(number, order[start : start + size], sweep.points[order[start : start + size]])
        for number, start in enumerate(range(0, len(order), size))
    ]


def _identity(sweep: Sweep, objective: Objective, job: Job) -> str:
    """What must be the same where a sweep goes on: case, scenario, file, draws and versions."""
    digest = hashlib.sha256(sweep.points.tobytes())
    case = sweep.case
    told = [case.hash, case.scenario, objective, sweep.content, job.versions]
    digest.update(json.dumps(told, sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _manifest(sweep: Sweep, objective: Objective, identity: str, job: Job) -> dict[str, object]:
    columns = {factor.name: factor.unit for factor in sweep.factors}
    return {
        "kind": "sweep",
        "case": sweep.case.id,
        "case_sha256": sweep.case.hash,
        "scenario": sweep.case.scenario,
        "sweep": dict(sweep.content),
        "objective": str(objective),
        "draws": len(sweep.points),
        "columns": {"draw": "1", **columns, "status": "", "ccus": "t CO2", "shortfall": "t CO2e"},
        "identity": identity,
        "versions": list(job.versions),
    }
