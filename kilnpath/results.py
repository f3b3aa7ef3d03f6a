"""A stored result: the tables and facts of a folder that ``plan`` wrote. All outputs read it."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kilnpath.replacing import holding, put_back
from kilnpath.result_files import MANIFEST, ResultError
from kilnpath.result_schema import FORMAT, SCHEMAS, Kind

_TYPES = {Kind.TEXT: str, Kind.WHOLE: "int64", Kind.NUMBER: "float64", Kind.YES_NO: bool}


@dataclass(frozen=True)
class Result:
    """The tables of a result, as ``SCHEMAS`` describes them, and the facts of its manifest."""

    folder: Path
    facts: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def name(self) -> str:
        """How the result is called beside others: its case and its run."""
        return f"{self.facts['case']} · {self.folder.name}"


def read_result(folder: Path) -> Result:
    """The result that ``plan`` wrote into a folder, every file as it was written.

    Raises ``ResultError`` where the folder is no result, of another format, or a file of it is
    missing or was changed.
    """
    facts = read_manifest(folder)
    if facts.get("kind") != "plan":
        raise ResultError(f"{folder} is no result of plan")
    tables = {
        Path(name).stem: _table(folder / name, digest)
        for name, digest in facts["files"].items()
        if Path(name).stem in SCHEMAS
    }
    missing = [n for n, schema in SCHEMAS.items() if not schema.optional and n not in tables]
    if missing:
        raise ResultError(f"{folder} has no {missing[0]}.csv; plan again")
    return Result(folder, facts, tables)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The facts of a result folder. Raises ``ResultError``."""
    put_back(folder)
    path = folder / MANIFEST
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ResultError(f"{folder} is no result: it has no {MANIFEST}") from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ResultError(f"{path} is damaged: {error}; plan again") from None
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        found = facts.get("format", "none") if isinstance(facts, dict) else "none"
        raise ResultError(
            f"{folder} is of another version (format {str(found)[:20]}, not {FORMAT}); plan again"
        )
    files = facts.get("files")
    if not isinstance(files, dict) or not all(isinstance(v, str) for v in files.values()):
        raise ResultError(f"{path} is damaged: it does not name its files; plan again")
    return facts


@contextmanager
def kept(result: Result, target: Path) -> Iterator[None]:
    """Keeps a result as it was read while what was made from it is written into its folder.

    target: what is written; elsewhere nothing needs to be kept. Raises ``ResultError`` where the
    folder holds another result by now.
    """
    folder = result.folder.resolve()
    if not target.resolve().is_relative_to(folder):
        yield
        return
    with ExitStack() as held:
        try:
            held.enter_context(holding(folder))
        except OSError as error:
            raise ResultError(
                f"{result.folder}: cannot be kept from changing: {error.strerror}; "
                "name another place with --out"
            ) from None
        if read_manifest(folder) != result.facts:
            raise ResultError(f"{result.folder} was replaced while {target} was made; once more")
        yield


def _table(path: Path, digest: str) -> pd.DataFrame:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultError(f"{path}: cannot be read: {error.strerror}; plan again") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise ResultError(f"{path} was changed after it was written; plan again")
    columns = SCHEMAS[path.stem].columns
    types: dict[str, Any] = {name: _TYPES[column.kind] for name, column in columns.items()}
    empty = {name: [""] for name, c in columns.items() if c.kind is Kind.NUMBER}
    return pd.read_csv(
        io.BytesIO(content), dtype=types, keep_default_na=False, na_values=empty, encoding="utf-8"
    )
