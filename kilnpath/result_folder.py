"""How a result folder is known, and the error of one that cannot be read or written."""

from pathlib import Path

from kilnpath.replacing import put_back

MANIFEST = "manifest.json"
PROOF = "proof"  # in the case of a draw of a sweep


class ResultError(Exception):
    """A result that cannot be read or written; what stood there before still stands."""


def is_result(path: Path) -> bool:
    """Whether a path is a folder that a command wrote, and not a case."""
    put_back(path)
    return (path / MANIFEST).is_file()
