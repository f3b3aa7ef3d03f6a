"""Where a sweep's outcomes go: a journal and Parquet parts while it runs, one Parquet file after.

The journal is the truth: a chunk is committed whole or not at all. Parts hold whole chunks of it;
a part appears whole, under a number that the journal takes note of afterwards, and is written again
under the same number where that did not come about.
"""

import io
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kilnpath.replacing import replace_file
from model.sweep import Sweep
from optimizer.sweeping import Outcome

JOURNAL, PARTS, DRAWS, MANIFEST = "journal.sqlite", "parts", "draws.parquet", "manifest.json"
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, text TEXT);
CREATE TABLE IF NOT EXISTS chunks (chunk INTEGER PRIMARY KEY, part INTEGER);
CREATE TABLE IF NOT EXISTS outcomes
  (draw INTEGER PRIMARY KEY, chunk INTEGER, status TEXT, least REAL, shortfall REAL);
"""
_AGAIN = "every chunk told as done is kept; the same command goes on from there"


class StoreError(Exception):
    """A store that cannot be written, or is of another sweep."""


class Journal:
    """Outcomes by draw, one commit a chunk. Only one process may have it open."""

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(folder / JOURNAL, timeout=1.0, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{folder}: cannot be written: {error}") from None
        try:
            self._base.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._base.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
            self._same(identity)
        except sqlite3.Error as error:
            self._base.close()
            if "locked" in str(error):
                message = f"{folder}: another process is running this sweep"
                raise StoreError(message) from None
            raise StoreError(f"{folder}: cannot be written: {error}; {_AGAIN}") from None
        except StoreError:
            self._base.close()
            raise

    def _same(self, identity: str) -> None:
        """The journal must be of the same case, sweep file, draws, objective and versions."""
        found = self._base.execute("SELECT text FROM facts WHERE name = 'identity'").fetchone()
        if found is None:
            self._base.execute("INSERT INTO facts VALUES ('identity', ?)", (identity,))
        elif found[0] != identity:
            raise StoreError(other_sweep(self.folder))

    def done(self) -> set[int]:
        """The chunks that are done."""
        return {row[0] for row in self._base.execute("SELECT chunk FROM chunks")}

    def count(self) -> int:
        """The number of draws that have an outcome."""
        return int(self._base.execute("SELECT count(*) FROM outcomes").fetchone()[0])

    def add(self, chunk: int, outcomes: Iterable[Outcome]) -> None:
        """Adds the outcomes of a chunk, all or none. Raises ``StoreError``."""
        rows = [(o.draw, chunk, o.status, _nullable(o.least), o.shortfall) for o in outcomes]
        try:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.execute("INSERT INTO chunks VALUES (?, NULL)", (chunk,))
            self._base.executemany("INSERT INTO outcomes VALUES (?, ?, ?, ?, ?)", rows)
            self._base.execute("COMMIT")
        except sqlite3.Error as error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            message = f"{self.folder}: the journal cannot be written: {error}; {_AGAIN}"
            raise StoreError(message) from None

    def write_part(self, sweep: Sweep) -> None:
        """Writes the chunks that no part has yet as the next part. Raises ``StoreError``."""
        last = self._base.execute("SELECT max(part) FROM chunks").fetchone()[0]
        part = 0 if last is None else last + 1
        where = "WHERE chunk IN (SELECT chunk FROM chunks WHERE part IS NULL)"
        outcomes = self.outcomes(where)
        if outcomes.empty:
            return
        try:
            (self.folder / PARTS).mkdir(exist_ok=True)
            write_parquet(table(sweep, outcomes), self.folder / PARTS / f"part-{part:06}.parquet")
            self._base.execute("UPDATE chunks SET part = ? WHERE part IS NULL", (part,))
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{self.folder}: cannot be written: {error}; {_AGAIN}") from None

    def outcomes(self, where: str = "") -> pd.DataFrame:
        """draw, status, least, shortfall, by draw."""
        query = f"SELECT draw, status, least, shortfall FROM outcomes {where} ORDER BY draw"
        return pd.read_sql_query(query, self._base)

    def close(self) -> None:
        """Closes the journal."""
        self._base.close()


def other_sweep(folder: Path) -> str:
    """The message for a folder of another sweep."""
    return (
        f"{folder} holds a sweep of another case, file, objective or version; "
        "name another folder with --out, or remove it"
    )


def _nullable(value: float) -> float | None:
    return None if np.isnan(value) else value


def table(sweep: Sweep, outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row a draw: its number, the value of each factor, status, least CCUS, shortfall. [t]"""
    draws = outcomes["draw"].to_numpy(dtype=np.int64)
    columns: dict[str, Any] = {"draw": draws}
    for position, factor in enumerate(sweep.factors):
        columns[factor.name] = factor.value(sweep.points[draws, position])
    columns["status"] = outcomes["status"]
    columns["ccus"] = outcomes["least"].astype(float)
    columns["shortfall"] = outcomes["shortfall"].astype(float)
    return pd.DataFrame(columns)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Writes a Parquet file, which appears whole."""
    content = io.BytesIO()
    frame.to_parquet(content, index=False)
    replace_file(path, content.getvalue())


def finish(
    folder: Path, frame: pd.DataFrame, tables: dict[str, pd.DataFrame], facts: dict[str, Any]
) -> Path:
    """Writes all rows, the tables and the manifest, then removes journal and parts."""
    try:
        write_parquet(frame, folder / DRAWS)
        for name, chosen in tables.items():
            text = chosen.to_csv(index=False, float_format="%.12g", lineterminator="\n")
            replace_file(folder / f"{name}.csv", text.encode())
        said = json.dumps(facts, indent=2, ensure_ascii=False)
        replace_file(folder / MANIFEST, f"{said}\n".encode())
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error}; {_AGAIN}") from None
    for name in (JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / PARTS, ignore_errors=True)
    return folder / DRAWS


def finished(folder: Path, identity: str) -> pd.DataFrame | None:
    """The rows of a sweep that is done, ``None`` where it is not. Raises ``StoreError``."""
    manifest, draws = folder / MANIFEST, folder / DRAWS
    if (folder / JOURNAL).exists() or not manifest.exists():
        return None
    try:
        facts = json.loads(manifest.read_text(encoding="utf-8"))
        if not isinstance(facts, dict) or facts.get("identity") != identity:
            raise StoreError(other_sweep(folder))
        return pd.read_parquet(draws)
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder}: cannot be read: {error}") from None


def check_folder(folder: Path) -> None:
    """Raises ``StoreError`` where a folder holds something else than a sweep."""
    try:
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"{folder} is a file; name a folder")
        if folder.is_dir():
            with closing(os.scandir(folder)) as entries:
                found = {entry.name for entry in entries}
            if found and not found & {JOURNAL, MANIFEST}:
                raise StoreError(f"{folder} holds something else than a sweep; name another folder")
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror}") from None
