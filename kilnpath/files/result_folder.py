"""How a result folder is known, and the error of one that cannot be read or written."""

import os
from pathlib import Path

from kilnpath.files.replace import recover
from model.messages.errors import KilnpathError

MANIFEST = "manifest.json"
CERTIFICATE = "certificate.json"
JOURNAL = "journal.sqlite"  # of a sweep that goes on
RESULTS = Path("results")  # where commands write that are told no other place
PROOF = "proof"  # in the case of a draw of a sweep


class ResultError(KilnpathError):
    """A result that cannot be read or written; what stood there before still stands."""


def is_result(path: Path) -> bool:
    """Whether a path is a folder that a command wrote, and not a case."""
    recover(path)
    return os.path.lexists(path / MANIFEST)
