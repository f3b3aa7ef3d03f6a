"""HiGHS in a thread of its own, so that Ctrl-C is heard while it solves.

While HiGHS computes no Python runs, and a keyboard interrupt waits until it is done. Here the main
thread waits beside it, passes the interrupt on, and raises ``KeyboardInterrupt``. HiGHS asks
between its iterations whether to stop. In presolve and between the looks of HiPO it does not ask,
at 200 sites for up to 5 s; then it is left behind after ``PATIENCE``, in a thread that ends itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread, current_thread, main_thread
from typing import Any

from highspy import cb

PATIENCE = 0.5  # seconds for which an interrupted HiGHS is waited for
_STEP = 0.1  # seconds between looks; on Windows a wait without an end does not hear Ctrl-C
_ASKS = (
    cb.HighsCallbackType.kCallbackSimplexInterrupt,
    cb.HighsCallbackType.kCallbackIpmInterrupt,
)


@dataclass(slots=True)
class Stop:
    """Whether solves that watch it shall stop."""

    asked: bool = False


def watch(solver: Any, stop: Stop) -> None:
    """Lets HiGHS ask between iterations, about 1 µs each, whether to stop.

    Highspy keeps the function alive, but not the data that it can be given beside it.
    """

    def answered(kind: Any, message: str, output: Any, answer: Any, data: Any) -> None:
        if stop.asked:
            answer.user_interrupt = True

    solver.setCallback(answered, None)
    for one in _ASKS:
        solver.startCallback(one)


def unwatch(solver: Any) -> None:
    """HiGHS asks no more: in the main thread an interrupt must not be raised inside it."""
    for one in _ASKS:
        solver.stopCallback(one)


def run_interruptibly(solver: Any) -> None:
    """Runs HiGHS; raises ``KeyboardInterrupt`` soon after one, whatever HiGHS is doing.

    Always in a thread of its own: HiGHS keeps for each thread how many it may use, from its first
    run there on, and refuses another number. Beside another thread than the main one, which hears
    no interrupt, nothing asks it to stop but what already watches it.
    """
    stop = Stop()
    if current_thread() is not main_thread():
        beside(lambda: solver.run(), stop)
        return
    watch(solver, stop)
    beside(lambda: solver.run(), stop)
    unwatch(solver)


def beside(work: Callable[[], object], stop: Stop) -> None:
    """Does work in a thread and waits for it; an interrupt tells it to stop. Raises its error.

    It waits for an event: a ``join`` that is interrupted takes the thread for ended ever after.
    """
    errors: list[BaseException] = []
    done = Event()

    def kept() -> None:
        try:
            work()
        except BaseException as error:  # raised again below, where it is heard
            errors.append(error)
        finally:
            done.set()

    try:  # an interrupt may come while the thread starts
        Thread(target=kept, daemon=True).start()
        while not done.wait(_STEP):
            pass
    except KeyboardInterrupt:
        stop.asked = True
        done.wait(PATIENCE)
        raise
    if errors:
        raise errors[0]
