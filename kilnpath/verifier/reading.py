"""Files as they stand: tables of text, settings, and exact numbers made from decimal text."""

import csv
import hashlib
import io
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

REQUIRED = ("sites", "series", "fuels", "materials", "bounds", "targets")
OPTIONAL = ("plan", "sectors")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE | re.ASCII)
# Beyond these nobody's file is a case or result; below them a crafted one takes seconds and 1 GiB.
_LARGEST_FILE, _LARGEST_JSON, _LARGEST_TOML = 64 * 2**20, 32 * 2**20, 2**18  # bytes
_MOST_CELLS, _MOST_COLUMNS = 5_000_000, 1000  # of a table
_LONGEST_LINE = 4000  # of case.toml: a key of n parts takes n³ steps
Row = dict[str, str]


class RefusedError(Exception):
    """What is given is not proven: damaged, altered, or of another case. The message says what."""


@dataclass(frozen=True)
class Table:
    """columns: as the header has them; rows: cells by column, without comments."""

    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Raw:
    """A case as its files have it."""

    settings: Mapping[str, Any]
    tables: Mapping[str, Table]

    @property
    def hash(self) -> str:
        """SHA-256 of what the case says, as the manifest of a result states it."""
        tables = {
            name: [t.columns, [{c: _plain(c, cell) for c, cell in row.items()} for row in t.rows]]
            for name, t in self.tables.items()
        }
        text = json.dumps(
            {"settings": self.settings, **tables},
            sort_keys=True,
            ensure_ascii=False,
            default=str,
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(column: str, cell: str) -> str:
    """A cell under a year or a unit as the hash takes it: 43.0 is 43."""
    is_number = (len(column) == 4 and column.isdigit()) or column.endswith("]")
    if not (is_number and _NUMBER.fullmatch(cell)):
        return cell
    value = float(cell)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def exact(text: str, place: str) -> Fraction:
    """The number that a decimal text stands for, to its last digit."""
    text = text.strip()
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        raise RefusedError(f"{place}: '{text[:40]}' is not a number")
    return Fraction(text)


def read_case(folder: Path, scenario: str) -> Raw:
    """A case folder; the table ``scenario`` has the lines that replace some of ``series``."""
    if not folder.is_dir():
        raise RefusedError(f"{folder} is no folder; save a workbook's sheets as CSV files in one")
    try:
        text = content(folder / "case.toml", folder, _LARGEST_TOML).decode("utf-8-sig")
        if max(map(len, text.split("\n"))) > _LONGEST_LINE:
            raise RefusedError(f"{folder / 'case.toml'} has a line of over {_LONGEST_LINE} signs")
        settings = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{folder / 'case.toml'}: {error}") from None
    files = {name: folder / f"{name}.csv" for name in (*REQUIRED, *OPTIONAL)}
    kept = {n: file for n, file in files.items() if n in REQUIRED or file.exists()}
    if scenario:
        kept["scenario"] = folder / "scenarios" / f"{Path(scenario).name}.csv"
    tables = {n: table(content(file, folder), str(file)) for n, file in kept.items()}
    return Raw(settings, tables)


def content(file: Path, folder: Path, most: int = _LARGEST_FILE) -> bytes:
    """The bytes of a plain file of at most ``most`` bytes that lies in ``folder``."""
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise RefusedError(f"{file} is a link that leads out of its folder")
        if file.exists() and not file.is_file():
            raise RefusedError(f"{file} is no plain file")
        with file.open("rb") as opened:
            found = opened.read(most + 1)
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}") from None
    except RuntimeError:  # a link to itself
        raise RefusedError(f"{file} cannot be read: its links go round in a circle") from None
    if len(found) > most:
        raise RefusedError(f"{file} is larger than {most // 1024} KiB")
    return found


def table(data: bytes, place: str) -> Table:
    """A table from CSV in UTF-8; empty lines, and lines that start with ``#``, are comments."""
    kept, cells = list[list[str]](), 0
    try:
        for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True):
            if any(map(str.strip, line)) and not line[0].lstrip().startswith("#"):
                kept.append([_clean(cell) for cell in line])
                cells += max(len(line), len(kept[0]))
            if cells > _MOST_CELLS or len(line) > _MOST_COLUMNS:
                raise RefusedError(f"{place} has more cells than any table of a case or result")
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(f"{place}: {error}") from None
    if not kept:
        return Table([], [])
    columns = kept[0]
    while columns and not columns[-1]:
        columns = columns[:-1]
    width = len(columns)
    padded = ([*line, *[""] * width][:width] for line in kept[1:])
    return Table(columns, [dict(zip(columns, line, strict=True)) for line in padded])


def _clean(cell: str) -> str:
    return cell.strip().replace("\r\n", "\n").replace("\r", "\n")


def straight(given: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """Straight lines between the given years."""
    years = sorted(given)
    found = {year: given[year] for year in years[-1:]}
    for left, right in pairwise(years):
        rise = (given[right] - given[left]) / (right - left)
        found |= {year: given[left] + rise * (year - left) for year in range(left, right)}
    return found


def read_json(file: Path) -> dict[str, Any]:
    """A JSON file, its numbers left as text."""
    try:
        text = content(file, file.parent, _LARGEST_JSON).decode()
        found = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"{file} is damaged: {error}") from None
    if not isinstance(found, dict):
        raise RefusedError(f"{file} is damaged: it holds no table of facts")
    return found


def seal(facts: Mapping[str, Any]) -> str:
    """SHA-256 of facts, by their content: a changed number changes it."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
