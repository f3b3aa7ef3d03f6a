"""What may be written where: a plain file or folder of its own, in a place that can be written."""

import stat
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from kilnpath.files.replace import leftovers, reason
from kilnpath.files.result_folder import ResultError
from model.messages.message import message


def check_kind(path: Path, folder: bool) -> None:
    """Raises ``ResultError`` where something stands there that is no plain file of its own.

    folder: a folder is to be written, and must stand there, if anything does. A link to a folder is
    followed; one to a file is refused: which of the two is to be replaced is for its owner to say,
    and ``/dev/stdout`` is one.
    """
    try:
        if not folder and path.is_symlink():
            raise ResultError(message("{path} is a link; name the file itself", path=path))
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:  # also links in a circle, names that none can have
        raise unwritten(path, error) from None
    if stat.S_ISDIR(mode):
        if not folder:
            raise ResultError(message("{path} is a folder; name a file", path=path))
    elif stat.S_ISREG(mode):
        if folder:
            raise ResultError(message("{folder} is a file; name a folder", folder=path))
    elif folder:
        raise ResultError(
            message("{path} is a pipe, a socket or a device; name a folder", path=path)
        )
    else:
        raise ResultError(message("{path} is a pipe, a socket or a device; name a file", path=path))


def check_place(path: Path) -> None:
    """Raises ``ResultError`` where nothing can be written beside a path, whose kind is right.

    Beside it, as it is put in its place when it is whole; in what is there of the folders around
    it. It is tried, as no mode tells what a disk or a network lets happen.
    """
    try:
        if path.is_mount():
            raise ResultError(
                message(
                    "{path} is a place where a disk is mounted, which cannot be replaced; name a "
                    "folder in it",
                    path=path,
                )
            )
        place = path.resolve()
        missing = [one for one in place.parents if not one.exists()]
        nearest = place.parents[len(missing)]
        with TemporaryFile(dir=nearest):
            for name in {*(one.name for one in missing), *leftovers(place.name)}:
                with suppress(FileNotFoundError):
                    (nearest / name).lstat()  # raises where a name is too long
    except OSError as error:
        raise unwritten(path, error) from None


def unwritten(path: Path, error: Exception) -> ResultError:
    """The error of what cannot be written, which says why."""
    return ResultError(
        message("{path}: cannot be written: {reason}", path=path, reason=reason(error))
    )
