"""What the commands about bounds have in common: how they end."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kilnpath.commands.common.options import console, say_stopped, say_written
from kilnpath.screen.exit_codes import IMPOSSIBLE

if TYPE_CHECKING:
    from kilnpath.progress import Progress

T = TypeVar("T")


def or_explain(work: Callable[[], T]) -> T:
    """The result of work; where there is no pathway, why, and exit code 2."""
    from kilnpath.screen.bounds.explain import show_impossible  # loads pandas
    from kilnpath.studies.plan import ImpossibleError

    try:
        return work()
    except ImpossibleError as impossible:
        show_impossible(console(), impossible.case, impossible.why)
        sys.exit(IMPOSSIBLE)


def finish(out: Path | None, progress: "Progress", done: str) -> None:
    """Tells where the tables are; or that an interrupt left only a part, and ends."""
    if progress.stopped:
        say_stopped(done)
    if out is not None:
        say_written(console(), out)
