"""Traps: something happens to a process at its n-th call that touches the disk."""

import errno
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import resource

REMOVALS = {"os.remove", "os.rmdir"}  # by names relative to a folder, inside shutil.rmtree
CRASH = 70
KILLED = (-9, -25)  # SIGKILL, and SIGXFSZ of kill_within
Files = dict[str, bytes]


class Trap:
    """Does something at the n-th call that touches the disk under a folder."""

    active: "Trap | None" = None
    hooked = False

    def __init__(self, folder: Path, number: int, act: Callable[[], None]) -> None:
        self.folder, self.number, self.act, self.calls = str(folder), number, act, 0

    def step(self) -> None:
        """One more call."""
        self.calls += 1
        if self.calls == self.number:
            self.act()

    def is_inside(self, path: object) -> bool:
        """Whether a path is of the folder."""
        return isinstance(path, str | Path) and str(Path(path).absolute()).startswith(self.folder)

    def __enter__(self) -> "Trap":
        fsync = self.fsync = os.fsync

        def stepped(opened: Any) -> None:
            self.step()
            fsync(opened)

        os.fsync = stepped
        if not Trap.hooked:
            sys.addaudithook(Trap.hear)
            Trap.hooked = True
        Trap.active = self
        return self

    def __exit__(self, *_: object) -> None:
        Trap.active = None
        os.fsync = self.fsync

    @staticmethod
    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        """Python tells of every call of these kinds before it is made."""
        trap = Trap.active
        if trap is None:
            return
        inside = bool(arguments) and trap.is_inside(arguments[0])
        exchange = event == "ctypes.dlsym" and arguments[1] == "renameat2"
        if (
            event in REMOVALS
            or exchange
            or (inside and event in {"os.rename", "os.mkdir", "os.link"})
        ):
            trap.step()
        if inside and event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            trap.step()


def in_child(body: Callable[[], object], after: float | None = None) -> int:
    """The exit code of a process that does something; -9 where it is killed, or kills itself.

    70 where it raises an error, as no command may.

    after: the moment to kill it. [s]
    """
    child = os.fork()
    if child == 0:
        code = CRASH
        try:
            body()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(code)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at(number: int, folder: Path, body: Callable[[], object]) -> int:
    """As ``in_child``, killed before its n-th call that touches the disk under a folder."""
    return in_child(trapped(number, folder, lambda: os.kill(os.getpid(), signal.SIGKILL), body))


def kill_within(size: int, body: Callable[[], object]) -> int:
    """As ``in_child``, killed in the midst of a file: where it writes more than so many bytes."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        body()

    return in_child(limited)


def kill_somehow(
    chance: random.Random, calls: int, largest: int, folder: Path, body: Callable[[], object]
) -> int:
    """As ``in_child``, killed at a call, in the midst of a file, or at any moment.

    calls: of the body, that touch the disk under the folder; largest: file that it writes. [bytes]
    """
    way = chance.random()
    if way < 0.6:
        return kill_at(chance.randint(1, calls), folder, body)
    if way < 0.8:
        return kill_within(chance.randint(1, largest), body)
    return in_child(body, after=chance.uniform(0.0, 0.5))


def full() -> None:
    """Fails as a call does on a full disk."""
    raise OSError(errno.ENOSPC, "No space left on device")


def trapped(
    number: int, folder: Path, act: Callable[[], None], body: Callable[[], object]
) -> Callable[[], None]:
    """A body whose n-th call that touches the disk under a folder does something else."""

    def inside() -> None:
        with Trap(folder, number, act):
            body()

    return inside


def state(path: Path) -> Files:
    """Everything that stands under a name: path inside -> content."""
    found = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return {str(p.relative_to(path)): p.read_bytes() for p in found}
