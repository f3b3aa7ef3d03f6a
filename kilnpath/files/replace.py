"""Puts a file or a folder in the place of an old one: whole or not at all, one process at a time.

Beside ``name`` stands meanwhile ``.name.kilnpath-lock``, and ``.name.kilnpath-new``, which is being
written. Two folders change places in one step where the system can; elsewhere the old one makes
room first, as ``.name.kilnpath-old``. Whoever holds the lock knows that the other two are of a
process that was killed. No clock is read.
"""

import errno
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from model.messages.message import Message, as_told, message

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOCK, _NEW, _OLD = "lock", "new", "old"
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # a planted link would make a file somewhere else
_TRIES, _PAUSE = 100, 0.1  # s
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # of Linux
_REPLACED = message("its folder was replaced by another process")
_BUSY = message("another process is writing it")
_OURS = {str(said): said for said in (_REPLACED, _BUSY)}


def replace_file(path: Path, content: bytes) -> None:
    """Puts a file in the place of an old one, in folders that are made. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as fresh:
        put(fresh, content)


def replace_folder(path: Path, files: Mapping[str, bytes], check: Callable[[], None]) -> None:
    """Puts a folder in the place of an old one, in folders that are made. Raises ``OSError``.

    files: path inside the folder, with ``/`` -> content; check: raises where what stands there must
    stay; it is asked when nobody else can write there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as fresh:
        check()
        fill(fresh, files)
        sync(fresh)


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Makes a folder with files, path inside it -> content. Raises ``OSError``."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        put(folder / name, content)


def link(old: Path, new: Path) -> None:
    """Gives a file or a link one more name, under which it stays when the old one goes.

    Where the file system has no such names it is copied. Raises ``OSError``.
    """
    try:
        os.link(old, new, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(old, new, follow_symlinks=False)
        if not new.is_symlink():
            with new.open("rb") as file:
                os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Has the disk keep which names a folder and those in it hold. Raises ``OSError``."""
    for inside in folder.rglob("*/"):
        if not inside.is_symlink():
            _sync_names(inside)
    _sync_names(folder)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A free place beside ``path``; what the body writes there, file or folder, becomes ``path``.

    Where the body raises, what stood there before still stands. What a killed process left is put
    back or removed first. Raises ``OSError``, also where another process is writing ``path``.
    """
    with _lock(path) as lock:
        _recover(path)
        fresh = _beside(path, _NEW)
        for left in (fresh, _beside(path, _OLD)):
            _remove(left)
        try:
            yield fresh
            if not _stands(lock, _beside(path, _LOCK)):
                raise OSError(errno.ESTALE, str(_REPLACED))
            _swap(fresh, path)
            with suppress(OSError):  # it stands, even if the disk does not promise for how long
                _sync_names(path.parent)
        finally:
            with suppress(OSError):  # it is out of the way, and the next one removes it
                _remove(fresh)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody replaces a file or folder meanwhile. Raises ``OSError``, as ``replacing``."""
    with _lock(path):
        _recover(path)
        yield


def recover(path: Path) -> None:
    """Puts an old folder back that a killed process had moved away, where there is one."""
    with suppress(OSError, RuntimeError):  # names that none can have, links in a circle
        path = path.resolve()
        if not path.exists() and _beside(path, _OLD).is_dir():
            with _lock(path):
                _recover(path)


def reason(error: Exception) -> Message:
    """What is wrong in words, without the number and the path that Python tells with it."""
    said = (isinstance(error, OSError) and error.strerror) or str(error)
    return _OURS.get(said) or as_told(said)


def discard(old: Path, path: Path) -> None:
    """Removes an old file or folder, of which a kill leaves either all or what is out of the way.

    path: whose lock is held, or that of the folder around it. Raises ``OSError``.
    """
    away = _beside(path, _NEW)
    _remove(away)
    old.rename(away)
    _remove(away)


def leftovers(name: str) -> set[str]:
    """What a process that is writing ``name``, or was killed then, has beside it."""
    return {_beside(Path(name), part).name for part in (_LOCK, _NEW, _OLD)}


def _beside(path: Path, part: str) -> Path:
    return path.with_name(f".{path.name}.kilnpath-{part}")


def _recover(path: Path) -> None:
    old = _beside(path, _OLD)
    if old.is_dir() and not path.exists():
        old.rename(path)


def _swap(fresh: Path, path: Path) -> None:
    """Puts ``fresh`` in the place of ``path``; an old folder returns if that fails."""
    if not (fresh.is_dir() and path.is_dir()):
        fresh.replace(path)
        return
    if _exchange(fresh, path):
        return
    old = _beside(path, _OLD)
    path.rename(old)
    try:
        fresh.rename(path)
    except OSError:
        old.rename(path)
        raise
    with suppress(OSError):
        old.rename(fresh)  # to be removed; nothing puts it back from here on


def _exchange(fresh: Path, path: Path) -> bool:
    """Whether two folders could change places in one step: on Linux, on most file systems."""
    if sys.platform != "linux":
        return False
    import ctypes  # beside its only use, which most commands do without

    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    names = (_AT_FDCWD, os.fsencode(fresh), _AT_FDCWD, os.fsencode(path))
    return rename is not None and rename(*names, _RENAME_EXCHANGE) == 0


def put(path: Path, content: bytes) -> None:
    """Writes a new file through to the disk. Raises ``OSError``."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_names(folder: Path) -> None:
    """Has the disk keep which names a folder holds, also where the power fails."""
    if sys.platform == "win32":  # where a folder cannot be opened
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that does so by itself, or never
            raise
    finally:
        os.close(opened)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _lock(path: Path) -> Iterator[int]:
    """Holds the lock of ``path``, which the system gives back when a process is killed."""
    name = _beside(path, _LOCK)
    lock = _take(name)
    try:
        yield lock
    finally:
        if sys.platform == "win32":  # where an open file cannot be removed
            os.close(lock)
        with suppress(OSError):
            if sys.platform == "win32" or _stands(lock, name):
                name.unlink()
        if sys.platform != "win32":
            os.close(lock)


def _take(name: Path) -> int:
    for _ in range(_TRIES):
        lock = os.open(name, os.O_CREAT | os.O_RDWR | _NO_LINK, 0o666)
        try:
            _hold(lock)
        except OSError as error:
            os.close(lock)
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise
            time.sleep(_PAUSE)
            continue
        if _stands(lock, name):
            return lock
        os.close(lock)  # its holder removed it while we waited
    raise BlockingIOError(errno.EAGAIN, str(_BUSY))


def _hold(lock: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _stands(lock: int, name: Path) -> bool:
    """Whether the open file is the one that stands under its name."""
    try:
        return os.path.samestat(os.fstat(lock), name.stat())
    except OSError:
        return False
