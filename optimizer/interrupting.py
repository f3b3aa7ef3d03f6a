"""HiGHS in a thread of its own, so that Ctrl-C is heard while it solves.

While HiGHS computes no Python runs, and a keyboard interrupt waits until it is done. Here the main
thread waits beside it, passes the interrupt on, and raises ``KeyboardInterrupt``. HiGHS asks between
its iterations whether to stop. In presolve and within an iteration of HiPO it does not ask, at 200
sites for up to 5 s; then it is left behind after ``PATIENCE``, in a thread that ends by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread, current_thread, main_thread
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
    """Lets HiGHS ask between iterations, about 1 µs each, whether to stop."""
    solver.setCallback(_answer, stop)
    for one in _ASKS:
        solver.startCallback(one)


def unwatch(solver: Any) -> None:
    """HiGHS asks no more: in the main thread an interrupt must not be raised inside it."""
    for one in _ASKS:
        solver.stopCallback(one)


def _answer(kind: Any, message: str, output: Any, answer: Any, stop: Stop) -> None:
    if stop.asked:
        answer.user_interrupt = True


def run_interruptibly(solver: Any) -> None:
    """Runs HiGHS; raises ``KeyboardInterrupt`` soon after one, whatever HiGHS is doing.

    In another thread than the main one, which hears no interrupt, it runs as it is.
    """
    if current_thread() is not main_thread():
        solver.run()
        return
    stop = Stop()
    watch(solver, stop)
    beside(lambda: solver.run(), stop)
    unwatch(solver)


def beside(work: Callable[[], object], stop: Stop) -> None:
    """Does work in a thread and waits for it; on an interrupt tells it to stop. Raises its error."""
    errors: list[BaseException] = []

    def kept() -> None:
        try:
            work()
        except BaseException as error:  # raised again below, where it is heard
            errors.append(error)

    thread = Thread(target=kept, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_STEP)
    except KeyboardInterrupt:
        stop.asked = True
        thread.join(PATIENCE)
        raise
    if errors:
        raise errors[0]
