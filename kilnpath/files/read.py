"""Reads whole files: plain ones, of a size that can be, which lie in the folder they belong to."""

import tomllib
from pathlib import Path

from kilnpath.files.limits import LONGEST_LINE, MIB
from model.messages.errors import KilnpathError
from model.messages.message import Message, as_told, message


class FileError(KilnpathError):
    """A file that is not read; the message says what is wrong, and not which file."""


def read_plain(file: Path, most: int, folder: Path | None = None) -> bytes:
    """The content of a file of at most ``most`` bytes. Raises ``FileError``.

    folder: in which it must lie, whatever links lead to; a device or a pipe is no plain file.
    """
    try:
        if folder is not None and not file.resolve().is_relative_to(folder.resolve()):
            raise FileError(
                message("is a link to a file outside its folder; put the file itself there")
            )
        if file.is_dir():
            raise FileError(message("is a folder; it must be a file"))
        if file.exists() and not file.is_file():
            raise FileError(message("is a device or a pipe; it must be a plain file"))
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FileError(message("cannot be read: {reason}", reason=error.strerror)) from None
    except (RuntimeError, ValueError) as error:  # links in a circle; a name that none can have
        raise FileError(message("cannot be read: {reason}", reason=as_told(error))) from None
    if len(content) > most:
        raise FileError(too_large(most))
    return content


def too_large(most: int) -> Message:
    """What is wrong with a file of more than ``most`` bytes."""
    size = f"{most // MIB} MiB" if most >= MIB else f"{most // 1024} KiB"
    return message("exceeds the limit of {size}", size=size)


def toml_content(text: str) -> dict[str, object]:
    """What a TOML text holds. Raises ``FileError``."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            raise FileError(
                message(
                    "has over {most:,} characters in line {number}; break the line",
                    most=LONGEST_LINE,
                    number=number,
                )
            )
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise FileError(message("is not valid TOML: it is nested too deeply")) from None
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise FileError(message("is not valid TOML: {error}", error=as_told(error))) from None
