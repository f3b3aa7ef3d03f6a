"""Where a sweep's outcomes go: a journal while it runs, a columnar file when it is done."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from model.sweep import Sweep
from optimizer.sweeping import Outcome

JOURNAL = "journal.sqlite"


class StoreError(Exception):
    """A store that cannot be written, or is of another sweep."""


class Journal:
    """Outcomes by draw, one commit a chunk: after a kill every row is whole or not there."""

    def __init__(self, folder: Path, identity: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(folder / JOURNAL)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, text TEXT)"
            )
            self._base.execute(
                "CREATE TABLE IF NOT EXISTS outcomes "
                "(draw INTEGER PRIMARY KEY, status TEXT, least REAL, shortfall REAL)"
            )
            self._base.commit()
            self._same(folder, identity)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{folder}: cannot be written: {error}") from None

    def _same(self, folder: Path, identity: str) -> None:
        """The journal must be of the same case, sweep file and objective."""
        found = self._base.execute("SELECT text FROM facts WHERE name = 'identity'").fetchone()
        if found is None:
            self._base.execute("INSERT INTO facts VALUES ('identity', ?)", (identity,))
            self._base.commit()
        elif found[0] != identity:
            raise StoreError(
                f"{folder} holds a sweep of another case, file or objective; "
                "name another folder, or remove it"
            )

    def done(self) -> set[int]:
        """The draws that have an outcome."""
        return {row[0] for row in self._base.execute("SELECT draw FROM outcomes")}

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Adds the outcomes of a chunk, all or none. Raises ``StoreError``."""
        rows = [(o.draw, o.status, _nullable(o.least), o.shortfall) for o in outcomes]
        try:
            with self._base:
                self._base.executemany("INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise StoreError(f"the journal cannot be written: {error}; nothing is lost") from None

    def outcomes(self) -> pd.DataFrame:
        """draw, status, least, shortfall, by draw."""
        query = "SELECT draw, status, least, shortfall FROM outcomes ORDER BY draw"
        return pd.read_sql_query(query, self._base)

    def close(self) -> None:
        """Closes the journal."""
        self._base.close()


def _nullable(value: float) -> float | None:
    return None if np.isnan(value) else value


def table(sweep: Sweep, outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row a draw: its number, the value of each factor, status, least CCUS, shortfall. [t]"""
    draws = outcomes["draw"].to_numpy(dtype=np.int64)
    columns: dict[str, object] = {"draw": draws}
    for position, factor in enumerate(sweep.factors):
        columns[factor.name] = [factor.value(n) for n in sweep.points[draws, position]]
    columns["status"] = outcomes["status"]
    columns["ccus"] = outcomes["least"].astype(float)
    columns["shortfall"] = outcomes["shortfall"].astype(float)
    return pd.DataFrame(columns)


def export(folder: Path, frame: pd.DataFrame, facts: dict[str, object]) -> Path:
    """Writes ``draws.parquet`` and ``sweep.json``; each appears whole. Raises ``StoreError``."""
    target = folder / "draws.parquet"
    try:
        fresh = folder / ".draws.parquet"
        frame.to_parquet(fresh, index=False)
        fresh.replace(target)
        text = folder / ".sweep.json"
        text.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        text.replace(folder / "sweep.json")
    except OSError as error:
        raise StoreError(
            f"{target}: cannot be written: {error.strerror}; the journal stands"
        ) from None
    return target
