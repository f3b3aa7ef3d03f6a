"""How far a long command is, where the error stream is a terminal; and what Ctrl-C leaves of it."""

import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

PATIENCE = 2.0  # seconds before anything is shown
T = TypeVar("T")


class Progress:
    """A bar with count and time left, while a command goes on for longer than ``PATIENCE``.

    stopped: whether an interrupt ended what was counted.
    """

    def __init__(self, words: str) -> None:
        error = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Bar(*columns, TimeRemainingColumn(), console=error, transient=True)
        self._task = self._bar.add_task(words, total=None)
        self._start = threading.Timer(PATIENCE, self._bar.start) if error.is_terminal else None
        self.stopped = False

    def __enter__(self) -> "Progress":
        if self._start is not None:
            self._start.daemon = True
            self._start.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._start is not None:
            self._start.cancel()
            self._start.join()
            self._bar.stop()

    def say(self, words: str) -> None:
        """Names the stage that begins, of which there is no count."""
        self._bar.update(self._task, description=words, completed=0, total=None)

    def update(self, done: int, total: int | None) -> None:
        """Moves the bar."""
        self._bar.update(self._task, completed=done, total=total)


def collected(items: Iterable[T], total: int | None, progress: Progress | None) -> list[T]:
    """All items as they come; with a progress, those up to an interrupt."""
    if progress is None:
        return list(items)
    found: list[T] = []
    try:
        for item in items:
            found.append(item)
            progress.update(len(found), total)
    except KeyboardInterrupt:
        progress.stopped = True
    return found
