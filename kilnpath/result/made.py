"""What was made from a result in its own folder, and how it is known again: by its SHA-256.

Reports and workbooks are named in ``derived.json`` beside the manifest, which does not name them:
they are no part of the result, and nobody needs them to read or prove it. Folders made from a
result (figures, iamc, parquet) have a manifest of their own.
"""

import hashlib
import json
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kilnpath.files.limits import LARGEST_MANIFEST
from kilnpath.files.read import FileError, read_plain
from kilnpath.files.replace import leftovers

SIDECAR = "derived.json"
DERIVED = frozenset(  # made from a result, in its folder, under fixed names
    {
        *("report.html", "report.zh-Hant.html", "report.both.html", "figures", "figures.zh-Hant"),
        *("result.xlsx", "result.zh-Hant.xlsx", "iamc", "parquet"),
    }
)
LEFTOVERS = frozenset(  # of a killed export
    leftover for name in (*DERIVED, SIDECAR) for leftover in leftovers(name)
)
_EARLIER = re.compile(r"earlier(-[2-9]|-[1-9][0-9]+)?")


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made from a result.

    sha256: of what it may hold; two while it is being made anew, none where it is to be, as a
    changed one stood there before. beside: the results that a report
    shows beside its own, as ways from the folder.
    """

    sha256: tuple[str, ...]
    beside: tuple[str, ...] = ()


def earlier_name(number: int) -> str:
    """The folder for what is kept of earlier results: ``earlier``, ``earlier-2``, …"""
    return "earlier" if number == 1 else f"earlier-{number}"


def is_earlier(name: str) -> bool:
    """Whether a folder is one for what is kept of earlier results."""
    return _EARLIER.fullmatch(name) is not None


def read_made(folder: Path) -> dict[str, Made]:
    """What ``derived.json`` names: path inside the folder -> how it is known again.

    Where there is none, or it is none of ours, nothing is known, so that all is kept.
    """
    try:
        found = json.loads(read_plain(folder / SIDECAR, LARGEST_MANIFEST, folder).decode())
        return {name: _made(said) for name, said in found.items()}
    except (OSError, FileError, RecursionError, ValueError, AttributeError, TypeError, KeyError):
        return {}


def _made(said: Mapping[str, Any]) -> Made:
    hashes, beside = said["sha256"], said.get("beside", [])
    if not all(isinstance(text, str) for text in [*hashes, *beside]):
        raise TypeError
    return Made(tuple(hashes), tuple(beside))


def made_content(made: Mapping[str, Made]) -> bytes:
    """The content of ``derived.json``."""
    said = {
        name: {"sha256": [*one.sha256], **({"beside": [*one.beside]} if one.beside else {})}
        for name, one in sorted(made.items())
    }
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()


def content_sha256(content: bytes) -> str:
    """The SHA-256 of what a file is to hold."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a plain file; empty for what is none, as a link, or may not be read."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, PermissionError):
        return ""
