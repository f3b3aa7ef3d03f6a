"""Where a sweep's outcomes go: a journal and Parquet parts while it runs, one Parquet file after.

The journal is the truth: a chunk is committed whole or not at all. One that is not whole all the
same, since the file was damaged or edited, is forgotten and solved again. Parts hold whole chunks;
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
from numpy.typing import NDArray

from kilnpath.files.limits import MIB
from kilnpath.files.outputs import check_kind, check_place
from kilnpath.files.replace import reason, replace_file
from kilnpath.files.result_folder import JOURNAL, MANIFEST
from kilnpath.result.manifest import ManifestError, load_manifest
from model.messages.errors import KilnpathError
from model.messages.message import Message, as_told, mark, message
from model.sweep.sweep import Sweep
from optimizer.sweep.evaluate import Outcome

PARTS, DRAWS = "parts", "draws.parquet"
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, text TEXT);
CREATE TABLE IF NOT EXISTS chunks (chunk INTEGER PRIMARY KEY, part INTEGER);
CREATE TABLE IF NOT EXISTS outcomes
  (draw INTEGER PRIMARY KEY, chunk INTEGER, status TEXT, least REAL, shortfall REAL);
"""
_SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
_UNSOUND = """
SELECT (SELECT count(*) FROM outcomes WHERE draw < 0 OR draw >= ? OR typeof(chunk) != 'integer'
  OR typeof(least) NOT IN ('real', 'null') OR typeof(shortfall) NOT IN ('real', 'null')
  OR status NOT IN ('optimal', 'impossible', 'failed') OR status IS NULL
  OR chunk NOT IN (SELECT chunk FROM chunks))
+ (SELECT count(*) FROM chunks WHERE chunk < 0 OR chunk >= ?
  OR typeof(part) NOT IN ('integer', 'null'))
"""
# Every outcome with its chunk, and whether it is one that a draw can have.
_FOUND = """
SELECT draw, chunk, CASE status
  WHEN 'optimal' THEN coalesce(abs(least) < 1e300 AND shortfall = 0, 0)
  WHEN 'impossible' THEN least IS NULL AND coalesce(shortfall >= 0, 0)
  ELSE least IS NULL AND shortfall IS NULL END
FROM outcomes
"""
_STATUSES = ("optimal", "impossible", "failed")
_BATCH = 100_000  # rows that are looked at together


class StoreError(KilnpathError):
    """A store that cannot be written, or is of another sweep."""


class _DrawsError(KilnpathError):
    """Rows that are none of the sweep; the message says what is wrong, and not in which folder."""


class Journal:
    """Outcomes by draw, one commit a chunk. Only one process may have it open."""

    def __init__(self, folder: Path, identity: str, draws: int) -> None:
        """draws: of the sweep, numbered from 0."""
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(folder / JOURNAL, timeout=1.0, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                message(
                    "{folder}: cannot be written: {reason}; name another with --out",
                    folder=folder,
                    reason=reason(error),
                )
            ) from None
        try:
            self._base.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=FULL")
            self._base.execute("PRAGMA trusted_schema=OFF")
            self._base.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
            self._sound(draws)
            self._same(identity)
        except sqlite3.OperationalError as error:
            self._base.close()
            code = getattr(error, "sqlite_errorcode", 0)  # an error of Python's own has none
            if code & 0xFF == sqlite3.SQLITE_BUSY:
                what = message("{folder}: another process is running this sweep", folder=folder)
                raise StoreError(what) from None
            raise StoreError(_unwritten(folder, error)) from None
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a message may quote what is damaged
            self._base.close()
            raise StoreError(
                message(
                    "{folder}: {file} is damaged: {error}; remove the folder",
                    folder=folder,
                    file=JOURNAL,
                    error=as_told(error),
                )
            ) from None
        except StoreError:
            self._base.close()
            raise

    def _sound(self, draws: int) -> None:
        """No other tables than ours, no views or triggers, and numbers in their places."""
        with closing(sqlite3.connect(":memory:")) as fresh:
            fresh.executescript(_TABLES)
            ours = fresh.execute(_SCHEMA).fetchall()
        if self._base.execute(_SCHEMA).fetchall() != ours:
            raise StoreError(
                message(
                    "{folder}: {file} is none of ours; remove the folder",
                    folder=self.folder,
                    file=JOURNAL,
                )
            )
        if self._base.execute(_UNSOUND, (draws, draws)).fetchone()[0]:
            raise StoreError(
                message(
                    "{folder}: {file} is damaged; remove the folder",
                    folder=self.folder,
                    file=JOURNAL,
                )
            )

    def _same(self, identity: str) -> None:
        """The journal must be of the same case, sweep file, draws, objective and versions."""
        found = self._base.execute("SELECT text FROM facts WHERE name = 'identity'").fetchone()
        if found is None:
            self._base.execute("INSERT INTO facts VALUES ('identity', ?)", (identity,))
        elif found[0] != identity:
            raise StoreError(other_sweep(self.folder))

    def done(self) -> set[int]:
        """The chunks that are done."""
        return {row[0] for row in self._rows("SELECT chunk FROM chunks")}

    def count(self) -> int:
        """The number of draws that have an outcome."""
        return int(self._rows("SELECT count(*) FROM outcomes")[0][0])

    def forget_incomplete(self, chunk_of: NDArray[np.int64]) -> int:
        """Forgets chunks that lack an outcome, or have one that is none; the number of their draws.

        chunk_of: the chunk of each draw. Parts are written again: they may hold what is forgotten.
        """
        count = int(chunk_of.max(initial=-1)) + 1
        right = np.zeros(count, dtype=np.int64)
        touched = np.zeros(count, dtype=bool)
        touched[[chunk for chunk in self.done() if chunk < count]] = True
        wrong = {chunk for chunk in self.done() if chunk >= count}
        try:
            rows = self._base.execute(_FOUND)
            while batch := rows.fetchmany(_BATCH):
                draws, chunks, sound = np.array(batch, dtype=np.int64).T
                fits = (chunk_of[draws] == chunks) & (sound == 1)
                np.add.at(right, chunks[fits], 1)
                wrong.update(chunks[~fits].tolist(), chunk_of[draws[~fits]].tolist())
            sizes = np.bincount(chunk_of, minlength=count)
            wrong.update(np.flatnonzero(touched & (right != sizes)).tolist())
            self._forget(wrong)
        except (sqlite3.Error, OSError, ValueError, OverflowError) as error:
            raise StoreError(_unwritten(self.folder, error)) from None
        return int(sum(sizes[chunk] for chunk in wrong if chunk < count))

    def _forget(self, chunks: Iterable[int]) -> None:
        wrong = [(chunk,) for chunk in chunks]
        if not wrong:
            return
        shutil.rmtree(self.folder / PARTS, ignore_errors=True)
        self._base.execute("BEGIN IMMEDIATE")
        self._base.execute("CREATE TEMP TABLE wrong (chunk INTEGER PRIMARY KEY)")
        self._base.executemany("INSERT INTO wrong VALUES (?)", wrong)
        for name in ("outcomes", "chunks"):
            self._base.execute(f"DELETE FROM {name} WHERE chunk IN (SELECT chunk FROM wrong)")
        self._base.execute("DROP TABLE wrong")
        self._base.execute("UPDATE chunks SET part = NULL")
        self._base.execute("COMMIT")

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
            raise StoreError(_unwritten(self.folder / JOURNAL, error)) from None

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
            raise StoreError(_unwritten(self.folder, error)) from None

    def outcomes(self, where: str = "") -> pd.DataFrame:
        """draw, status, least, shortfall, by draw."""
        query = f"SELECT draw, status, least, shortfall FROM outcomes {where} ORDER BY draw"
        return pd.DataFrame(self._rows(query), columns=["draw", "status", "least", "shortfall"])

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return self._base.execute(query).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                message(
                    "{folder}: the journal cannot be read: {error}",
                    folder=self.folder,
                    error=as_told(error),
                )
            ) from None

    def close(self) -> None:
        """Closes the journal."""
        self._base.close()


def _unwritten(path: Path, error: Exception) -> Message:
    """The message for what cannot be written while a sweep runs."""
    return message(
        "{path}: cannot be written: {reason}; every chunk told as done is kept; the same command "
        "goes on from there",
        path=path,
        reason=reason(error),
    )


def other_sweep(folder: Path) -> Message:
    """The message for a folder of another sweep."""
    return message(
        "{folder} holds a sweep of another case, file, objective or version; name another folder "
        "with --out, or remove it",
        folder=folder,
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
    folder: Path, frame: pd.DataFrame, tables: dict[str, pd.DataFrame], manifest: dict[str, object]
) -> Path:
    """Writes all rows, the tables and the manifest, then removes journal and parts."""
    try:
        write_parquet(frame, folder / DRAWS)
        for name, chosen in tables.items():
            text = chosen.to_csv(index=False, float_format="%.12g", lineterminator="\n")
            replace_file(folder / f"{name}.csv", text.encode())
        said = json.dumps(manifest, indent=2, ensure_ascii=False)
        replace_file(folder / MANIFEST, f"{said}\n".encode())
    except OSError as error:
        raise StoreError(_unwritten(folder, error)) from None
    for name in (JOURNAL, f"{JOURNAL}-wal", f"{JOURNAL}-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / PARTS, ignore_errors=True)
    return folder / DRAWS


def finished(folder: Path, identity: str, sweep: Sweep) -> pd.DataFrame | None:
    """The rows of a sweep that is done, ``None`` where it is not. Raises ``StoreError``."""
    path = folder / MANIFEST
    if (folder / JOURNAL).exists() or not path.exists():
        return None
    try:
        if load_manifest(path, signs=True).get("identity") != identity:
            raise StoreError(other_sweep(folder))
        return _draws(folder / DRAWS, sweep)
    except (ManifestError, _DrawsError) as error:
        what = message("{folder}: cannot be read: {what}", folder=folder, what=error.message)
        raise StoreError(what) from None
    except (OSError, ValueError, NotImplementedError) as error:
        said = str(reason(error)).splitlines()[0][:200] if str(error) else type(error).__name__
        what = message("{folder}: cannot be read: {what}", folder=folder, what=as_told(said))
        raise StoreError(what) from None


def _draws(path: Path, sweep: Sweep) -> pd.DataFrame:
    """The rows of a Parquet file, looked at before it is unpacked.

    Raises ``_DrawsError`` where they are of another sweep, ``ValueError`` where it is damaged.
    """
    from pyarrow import ArrowException  # beside its only use

    try:
        return _unpacked(path, sweep)
    except ArrowException as error:  # some of its kinds are no ValueError
        raise ValueError(str(error)) from None


def _unpacked(path: Path, sweep: Sweep) -> pd.DataFrame:
    from pyarrow import parquet  # beside its only use

    nothing = pd.DataFrame(columns=["draw", "status", "least", "shortfall"])
    columns = list(table(sweep, nothing))
    with parquet.ParquetFile(path, read_dictionary=["status"]) as file:
        told = file.metadata
        chunks = [told.row_group(n) for n in range(min(told.num_row_groups, 1000))]
        size = sum(chunk.total_byte_size for chunk in chunks)
        most = 100 * (told.num_rows * len(columns)) + MIB
        if told.num_rows != len(sweep.points) or told.num_row_groups > 1000 or size > most:
            raise _DrawsError(
                message("{file} holds other draws; remove the folder", file=path.name)
            )
        if file.schema_arrow.names != columns:
            raise _DrawsError(
                message("{file} has other columns; remove the folder", file=path.name)
            )
        frame: pd.DataFrame = file.read().to_pandas(ignore_metadata=True)
    frame["status"] = frame["status"].astype(str)
    if not (_is_whole(frame, sweep) and frame["status"].isin(_STATUSES).all()):
        raise _DrawsError(message("{file} holds other draws; remove the folder", file=path.name))
    numbers = frame.drop(columns="status")
    if not (numbers.dtypes.map(lambda kind: kind.kind in "if").all()):
        raise _DrawsError(
            message("{file} holds texts among its numbers; remove the folder", file=path.name)
        )
    return frame


def _is_whole(frame: pd.DataFrame, sweep: Sweep) -> bool:
    """Whether each draw of a sweep has one row, in their order, with its own factors."""
    nothing = pd.DataFrame({"draw": range(len(sweep.points)), "status": "", "least": 0.0})
    own = table(sweep, nothing.assign(shortfall=0.0))
    names = ["draw", *(factor.name for factor in sweep.factors)]
    return all(np.array_equal(frame[name], own[name]) for name in names)


def check_folder(folder: Path) -> None:
    """Raises ``StoreError`` where a folder holds something else than a sweep.

    ``ResultError`` where it is none, or cannot be written in.
    """
    check_kind(folder, folder=True)
    check_place(folder / JOURNAL)
    try:
        if folder.is_dir():
            with closing(os.scandir(folder)) as entries:
                found = {entry.name for entry in entries}
            if found and not found & {JOURNAL, MANIFEST}:
                raise StoreError(
                    message(
                        "{folder} holds something else than a sweep; name another folder",
                        folder=folder,
                    )
                )
            for path in folder.rglob("*"):
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    what = (
                        mark("{folder} holds the link '{name}'; remove it")
                        if path.is_symlink()
                        else mark("{folder} holds the pipe or device '{name}'; remove it")
                    )
                    raise StoreError(message(what, folder=folder, name=path.name[:60]))
    except OSError as error:
        raise StoreError(
            message("{folder}: {reason}", folder=folder, reason=reason(error))
        ) from None
