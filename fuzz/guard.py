"""What counts as a finding: an error that is not declared, time, memory, a file outside touched."""

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

SECONDS = 10.0  # of processor time, for inputs of at most 400 KB
MEMORY = 1024  # MiB, at most at once, more than before the input
_WRITES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink"}
_SYSTEM = ("/usr", "/lib", "/proc", "/sys", "/dev/null", "/dev/urandom")
_SYSTEM += ("/etc/localtime", "/etc/mime.types")


class TooLongError(BaseException):
    """The time is over; no reader catches it."""


class Guard:
    """Runs a reader on an input; gives what is wrong, '' where nothing is."""

    def __init__(self, inside: Path, readable: tuple[Path, ...], declared: tuple[str, ...]) -> None:
        """inside: where files may be written; readable: also; declared: names of errors."""
        self._inside, self._declared = str(inside), declared
        self._readable = (str(inside), sys.prefix, sys.base_prefix, *map(str, readable), *_SYSTEM)
        self._touched: list[str] = []
        self._on = False
        sys.addaudithook(self._event)
        signal.signal(signal.SIGVTALRM, self._alarm)

    def run(self, read: Callable[[], object]) -> str:
        """What is wrong with a reader on an input."""
        self._touched.clear()
        before = _fresh_peak()
        start, self._on = time.process_time(), True
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            read()
            found = ""
        except TooLongError as error:
            found = f"no end after {SECONDS:g} s: {_where(error)}"
        except Exception as error:
            name = type(error).__name__
            found = "" if name in self._declared else f"{name}: {_where(error)}: {str(error)[:200]}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._on = False
        seconds = time.process_time() - start
        if not found and seconds > SECONDS:
            found = f"took {seconds:.1f} s"
        used = _peak() - before
        if not found and used > MEMORY:
            found = f"took {used} MiB"
        return found or "; ".join(dict.fromkeys(self._touched))

    def _alarm(self, number: int, frame: FrameType | None) -> None:
        raise TooLongError

    def _event(self, event: str, about: tuple[Any, ...]) -> None:
        if not self._on:
            return
        if event == "open" and isinstance(about[0], str | bytes):
            path = about[0] if isinstance(about[0], str) else about[0].decode("utf-8", "replace")
            writes = isinstance(about[1], str) and set(about[1]) & set("wax+")
            self._check(path, "written" if writes else "read")
        elif event == "sqlite3.connect" and about[0] != ":memory:":
            self._check(str(about[0]), event)
        elif event in _WRITES:  # of a link itself, and not of what it leads to
            path = Path(str(about[0]))
            self._check(str(Path(os.path.realpath(path.parent)) / f"{path.name}."), event)

    def _check(self, path: str, what: str) -> None:
        allowed = self._readable if what == "read" else (self._inside,)
        full = os.path.realpath(path)
        if not full.startswith(allowed):
            self._touched.append(f"{what} outside: {full[:80]}")


def _fresh_peak() -> int:
    """The memory in use, from which the peak is measured anew where Linux lets it. [MiB]"""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _peak()


def _peak() -> int:
    """The most memory that was in use at once. [MiB]"""
    with suppress(OSError):
        told = Path("/proc/self/status").read_text(encoding="ascii")
        return int(told.partition("VmHWM:")[2].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _where(error: BaseException) -> str:
    """The last lines of the programme's own code, by which findings are told apart."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if any(part in f.filename for part in ("/kilnpath/", "/model/"))]
    return " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(own[-3:]))
