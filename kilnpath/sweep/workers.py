"""Where chunks of a sweep are solved: in this process, in processes of this machine, on a cluster.

Every way calls ``solve_chunk`` with the same arguments, and so gives the same outcomes.
"""

import hashlib
import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from multiprocessing.connection import wait as wait_for
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kilnpath.language.chosen import text
from model.case.types import Objective
from model.messages.errors import KilnpathError
from model.messages.message import as_told, message
from model.sweep.sweep import Floats, Sweep
from optimizer.sweep.evaluate import Evaluator, Outcome

_AGAIN = 5  # times that workers may die without any chunk done between
_PACKAGES = ("kilnpath", "highspy", "pyomo", "numpy")
Done = Generator[tuple["Chunk", list[Outcome]], None, None]


class WorkerError(KilnpathError):
    """Workers that cannot be reached, do not fit, or die again and again."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Draws that are solved together, and their numbers."""

    number: int
    draws: NDArray[np.int64]
    points: Floats


@dataclass(frozen=True, slots=True)
class Job:
    """What every chunk of a sweep needs, pickled once; key: its hash."""

    content: bytes
    key: str
    versions: tuple[str, ...] = field(default_factory=lambda: _versions())


def job_of(objective: Objective, sweep: Sweep) -> Job:
    """The job of a sweep, without its draws."""
    empty = replace(sweep, points=np.zeros((0, len(sweep.factors))))
    content = pickle.dumps((objective, empty, sweep.count_parts()))
    return Job(content, hashlib.sha256(content).hexdigest())


def _versions() -> tuple[str, ...]:
    return tuple(f"{name} {version(name)}" for name in _PACKAGES)


_lock = threading.Lock()  # a worker of a cluster may have several threads; a programme only one
_kept: dict[str, Evaluator] = {}


def solve_chunk(job: Job, chunk: Chunk) -> list[Outcome]:
    """The outcomes of a chunk; the programme is kept for the next chunk of the same job."""
    with _lock:
        if job.key not in _kept:
            if job.versions != _versions():
                here, there = ", ".join(_versions()), ", ".join(job.versions)
                raise WorkerError(
                    message(
                        "a worker has {here}; the sweep was started with {there}",
                        here=here,
                        there=there,
                    )
                )
            _kept.clear()
            objective, sweep, parts = pickle.loads(job.content)
            _kept[job.key] = Evaluator(objective, sweep, parts)
        return _kept[job.key].solve_chunk(chunk.draws.tolist(), chunk.points)


def solve_here(job: Job, chunks: Sequence[Chunk]) -> Done:
    """Chunks one after the other in this process."""
    for chunk in chunks:
        yield chunk, solve_chunk(job, chunk)


def solve_in_processes(job: Job, chunks: Sequence[Chunk], workers: int) -> Done:
    """Chunks in processes of this machine, as they are done.

    Where a process dies, all are started anew and the chunks that were not done are done again.
    """
    waiting = list(reversed(chunks))
    deaths = 0
    while waiting:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare)
        running: dict[Future[list[Outcome]], Chunk] = {}
        try:
            while waiting or running:
                while waiting and len(running) < 2 * workers:
                    running[pool.submit(solve_chunk, job, waiting[-1])] = waiting[-1]
                    waiting.pop()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    outcomes = future.result()
                    deaths = 0
                    yield running.pop(future), outcomes
        except BrokenProcessPool:
            deaths += 1
            waiting += running.values()
            if deaths >= _AGAIN:
                raise WorkerError(
                    message(
                        "worker processes ended {deaths} times in a row, perhaps for want of "
                        "memory; the same command goes on, with fewer --workers",
                        deaths=deaths,
                    )
                ) from None
        finally:
            _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    """Ends the pool's processes at once; what they had begun is done again by another."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()


def _prepare() -> None:
    """Runs first in each process: Ctrl-C is the parent's affair, and no process outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def solve_on_cluster(
    job: Job, chunks: Sequence[Chunk], scheduler: str, notice: Callable[[str], None]
) -> Done:
    """Chunks on a Dask cluster, as they are done; those of a worker that died are done again."""
    from distributed import Client, KilledWorker  # an extra, loaded where it is asked for

    try:
        connect: Any = Client
        client = connect(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(
            message(
                "no Dask scheduler answers at {scheduler}: {error}",
                scheduler=scheduler,
                error=as_told(error),
            )
        ) from None
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            notice(text("The cluster has no workers yet; waiting for one."))
        yield from _on_cluster(job, chunks, client, KilledWorker)


def _on_cluster(job: Job, chunks: Sequence[Chunk], client: Any, killed: type[Exception]) -> Done:
    from distributed import as_completed

    waiting = list(reversed(chunks))
    running: dict[Any, Chunk] = {}
    deaths: dict[int, int] = {}
    done = as_completed([], loop=client.loop)  # type: ignore[no-untyped-call]

    def submit() -> None:
        chunk = waiting.pop()
        future = client.submit(solve_chunk, job, chunk, pure=False)
        running[future.key] = chunk
        done.add(future)  # type: ignore[no-untyped-call]

    while waiting or running:
        room = 3 * max(1, sum(client.nthreads().values()))
        while waiting and len(running) < room:
            submit()
        future = next(done)
        chunk = running.pop(future.key)
        try:
            outcomes = future.result()
        except killed:
            deaths[chunk.number] = deaths.get(chunk.number, 0) + 1
            if deaths[chunk.number] >= _AGAIN:
                what = message(
                    "the cluster's workers died {deaths} times over the same draws", deaths=_AGAIN
                )
                raise WorkerError(what) from None
            waiting.append(chunk)
            continue
        yield chunk, outcomes
