"""How far a long command is, where the error stream is a terminal; and what Ctrl-C leaves of it."""

import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from kilnpath.language.chosen import text

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 2.0  # seconds before anything is shown
T = TypeVar("T")


class Progress:
    """A bar with count and time left, while a command goes on for longer than ``PATIENCE``.

    words: a text of the catalogue; so too of ``say``.
    stopped: whether an interrupt ended what was counted.
    """

    def __init__(self, words: str) -> None:
        self.stopped = False
        self._bar = _bar(text(words)) if sys.stderr.isatty() else None

    def __enter__(self) -> "Progress":
        if self._bar is not None:
            self._timer = threading.Timer(PATIENCE, self._bar.start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._timer.cancel()
            self._timer.join()
            self._bar.stop()

    def say(self, words: str) -> None:
        """Names the stage that begins, of which there is no count."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], description=text(words))

    def update(self, done: int, total: int | None) -> None:
        """Moves the bar."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)


def _bar(words: str) -> "Bar":
    from rich import progress  # slow to load, and seldom shown
    from rich.console import Console

    columns = (progress.TextColumn("{task.description}"), progress.BarColumn())
    counts = (progress.MofNCompleteColumn(), progress.TimeRemainingColumn())
    bar = progress.Progress(*columns, *counts, console=Console(stderr=True), transient=True)
    bar.add_task(words, total=None)
    return bar


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
