"""The readers that are fuzzed: seeds, how an input is read, and which errors are declared."""

import hashlib
import io
import json
import random
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from fuzz.files import Files, place
from kilnpath.case.read import read_case
from kilnpath.case.write_workbook import write_case
from kilnpath.commands.sweep import _toml
from kilnpath.files.read import toml_content
from kilnpath.language.languages import Language
from kilnpath.report.page import report
from kilnpath.result.read import check_consistency, read_result
from kilnpath.result.read_pathway import read_pathway
from kilnpath.studies.compare import compare
from kilnpath.sweep.store import Journal, check_folder, finished, table
from kilnpath.verifier import read_case as verifier_case
from kilnpath.verifier import seal, verify
from model.case.types import Case, whole_hash
from model.changes.changes import with_changes
from model.sweep.reading import read_sweep
from model.sweep.sweep import Sweep

ROOT = Path(__file__).resolve().parents[1]
CASES = [ROOT / "cases" / "one-kiln", ROOT / "kilnpath" / "template"]
RESULT = ROOT / "results" / "one-kiln" / "reference"
SWEEP = """name = "a"
method = "grid"
changes = ["slag_standard=28%"]
[[factor]]
set = "wood_permit"
values = ["20%", "25%", 0.3]
[[factor]]
series = "grid_factor"
place = "group"
name = "grid"
values = [0.9, 1.1]
"""
DRAWN = """name = "b"
method = "sobol"
draws = 4
seed = 3
[[factor]]
set = ["wood_permit@2026", "sludge_permit"]
low = "10%"
high = "20%"
distribution = "triangular"
mode = "12%"
[[factor]]
series = "cement"
place = "plant"
low = "900 kt"
high = "1 Mt"
"""
CHANGES = ["wood_permit=25%", "wood_permit@2026=0.3", "scope1=*0.9", "slag_standard=+5%"]
CHANGES += ["wood_permit=2025:15%,2026:40%", "scope1@2025-2026=0.5 t/t", "heat_best=2.9 GJ/t"]
CHANGES += ["cement@plant=*0.9", "grid_factor@group@2026=0.3 t/MWh", "wood_permit=-5 pp"]
CHANGES += ["cement@plant@2025-2026=2025:900 kt,2026:1 Mt/yr", "power_cement@plant=+2 kWh/t"]


@dataclass(frozen=True)
class Reader:
    """seeds: sound inputs; read: reads files that stand in a folder; names: what is changed.

    ready: makes files ready after they were changed, such as their hashes; declared: its errors;
    laid: what is done in the folder before anything is watched.
    """

    seeds: Callable[[], list[Files]]
    read: Callable[[Path], object]
    declared: tuple[str, ...]
    names: tuple[str, ...] = ()
    ready: Callable[[Files], Files] = dict
    links: bool = True
    laid: Callable[[Path], None] = lambda folder: None


def _folder(folder: Path) -> Files:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _cases() -> list[Files]:
    return [{n: c for n, c in _folder(case).items() if n != "README.md"} for case in CASES]


def _read_case(folder: Path) -> Case:
    scenarios = folder / "scenarios"
    return read_case(folder, "a" if scenarios.is_dir() else None)


def _laid_out() -> list[Files]:
    """Cases as people lay them out: a title and units, semicolons and decimal commas, UTF-16."""
    found = []
    for case in _cases():
        tables = {name: content for name, content in case.items() if name.endswith(".csv")}
        for name, content in tables.items():
            plain = b"\n".join(x for x in content.split(b"\n") if x[:1] != b"#")
            titled = b"Title,,2025\n\n" + plain + b"Total,,,1\n"
            commas = b"sep=;\n" + plain.replace(b",", b";").replace(b".", b",")
            wide = plain.decode().replace(",", "\t").encode("utf-16")
            found += [{**case, name: changed} for changed in (titled, commas, wide)]
    return found


def _with_scenario() -> list[Files]:
    line = (
        b"place,quantity,which,unit,2024,2026,source,status\nplant,cement,,kt,1000,900,x,assumed\n"
    )
    return [*_cases(), *_laid_out(), {**_cases()[0], "scenarios/a.csv": line}]


@cache
def _books() -> tuple[Files, ...]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            path = Path(folder) / f"{case.name}.xlsx"
            write_case(case, path)
            with zipfile.ZipFile(path) as parts:
                found.append({name: parts.read(name) for name in parts.namelist()})
    return tuple(found)


def _read_book(folder: Path) -> object:
    path = folder / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file != path:
                parts.write(file, file.relative_to(folder))
    return read_case(path)


@cache
def _one_kiln() -> Case:
    return read_case(CASES[0])


def _read_sweep(folder: Path) -> object:
    return read_sweep(_toml(folder / "sweep.toml"), "sweep.toml", _one_kiln())


def _sweeps() -> list[Files]:
    return [{"sweep.toml": text.encode()} for text in (SWEEP, DRAWN)]


def _changes() -> list[Files]:
    return [{"changes.txt": "\n".join(CHANGES).encode()}]


def _read_changes(folder: Path) -> object:
    text = (folder / "changes.txt").read_bytes().decode("utf-8", "surrogateescape")
    return with_changes(_one_kiln(), text.split("\n"))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _rehashed(files: Files) -> Files:
    """A result whose manifest names the hashes of what stands there now, as a forger would."""
    found = dict(files)
    try:
        manifest = json.loads(found["manifest.json"])
        for name in manifest["files"]:
            if name in found:
                manifest["files"][name] = _digest(found[name])
        found["manifest.json"] = json.dumps(manifest, ensure_ascii=False).encode()
    except (KeyError, ValueError, TypeError, RecursionError):
        return found
    return found


def _read_result(folder: Path) -> object:
    result = read_result(folder)
    read_pathway(folder, CASES[0])
    compare(RESULT, folder)
    with check_consistency([result]):
        return report(result, Language.ENGLISH)


def _forged(files: Files) -> Files:
    """A result whose hashes and seals fit again, whatever stands in it."""
    found = dict(files)
    try:
        certificate = json.loads(found["certificate.json"])
        manifest = json.loads(found["manifest.json"])
        told = json.loads(found["manifest.json"], parse_float=str, parse_int=str)
        certificate["files"] = {n: _digest(found.get(n, b"")) for n in certificate["files"]}
        certificate["manifest"] = seal({k: v for k, v in told.items() if k != "files"})
        certificate["seal"] = seal({k: v for k, v in certificate.items() if k != "seal"})
        found["certificate.json"] = json.dumps(certificate, ensure_ascii=False).encode()
        manifest["files"] = {name: _digest(found.get(name, b"")) for name in manifest["files"]}
        found["manifest.json"] = json.dumps(manifest, ensure_ascii=False).encode()
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return found
    return found


def _verified(files: Files) -> Files:
    """As ``_forged``, and of the case as it is now, so that its numbers are computed with."""
    case = {n.removeprefix("case/"): c for n, c in files.items() if n.startswith("case/")}
    result = {n: c for n, c in files.items() if not n.startswith("case/")}
    plain = {n: c for n, c in case.items() if not c.startswith(b"\x01")}
    # Such a case, or such a result, is refused before its hash matters.
    with tempfile.TemporaryDirectory() as folder, suppress(Exception):
        place(plain, Path(folder))
        hashes = verifier_case(Path(folder), "").hashes
        for name in ("manifest.json", "certificate.json"):
            manifest = json.loads(result[name])
            manifest |= {"case_sha256": whole_hash(hashes), "case_parts_sha256": hashes}
            result[name] = json.dumps(manifest, ensure_ascii=False).encode()
    return {**_forged(result), **{f"case/{n}": c for n, c in case.items()}}


def _certificates() -> list[Files]:
    case = {f"case/{name}": content for name, content in _cases()[0].items()}
    return [{**_folder(RESULT), **case}]


def _read_certificate(folder: Path) -> object:
    return list(verify(folder, lambda scenario: verifier_case(folder / "case", scenario)))


@cache
def _sweep() -> Sweep:
    return read_sweep(toml_content(SWEEP), "sweep.toml", _one_kiln())


def _journal(done: int) -> bytes:
    path = Path(tempfile.mkdtemp())
    journal = Journal(path, "x", len(_sweep().points))
    base = journal._base
    for draw in range(done):
        base.execute("INSERT INTO chunks VALUES (?, NULL)", (draw,))
        base.execute("INSERT INTO outcomes VALUES (?, ?, 'optimal', 5.0, 0.0)", (draw, draw))
    base.execute("PRAGMA locking_mode=NORMAL")
    base.execute("PRAGMA journal_mode=DELETE")
    journal.close()
    content = (path / "journal.sqlite").read_bytes()
    shutil.rmtree(path)
    return content


@cache
def _stores() -> tuple[Files, ...]:

    from kilnpath.sweep.store import table

    count = len(_sweep().points)
    rows = {"draw": range(count), "status": "optimal", "least": 5.0, "shortfall": 0.0}
    parquet = io.BytesIO()
    table(_sweep(), pd.DataFrame(rows, index=range(count))).to_parquet(parquet, index=False)
    manifest = json.dumps({"kind": "sweep", "identity": "x"}).encode()
    done = {"manifest.json": manifest, "draws.parquet": parquet.getvalue()}
    schema = b"CREATE VIEW chunks AS WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n FROM a) "
    return {"journal.sqlite": _journal(3)}, done, {"more.sql": schema + b"SELECT n FROM a;"}


def _journal_of_others(folder: Path) -> None:
    """Makes a journal with whatever SQL stands in more.sql."""
    more, journal = folder / "more.sql", folder / "journal.sqlite"
    if not any(path.is_symlink() or path.is_dir() or path.is_fifo() for path in (more, journal)):
        with suppress(OSError, sqlite3.Error, ValueError, OverflowError, UnicodeError):
            text = more.read_text(errors="replace")
            with closing(sqlite3.connect(journal)) as base:
                base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
                base.set_progress_handler(lambda: 1, 10**6)  # ends what has no end
                base.executescript(text)
    if more.is_symlink() or more.is_file():
        more.unlink()


def _read_store(folder: Path) -> object:
    check_folder(folder)
    frame = finished(folder, "x", _sweep())
    if frame is not None:
        return frame
    journal = Journal(folder, "x", len(_sweep().points))
    try:
        journal.forget_incomplete(np.arange(len(_sweep().points)))
        return journal.done(), journal.count(), table(_sweep(), journal.outcomes())
    finally:
        journal.close()


_OF_RESULTS = ("CaseError", "ResultError", "RecountError")
READERS: Mapping[str, Reader] = {
    "toml": Reader(_cases, _read_case, ("CaseError",), ("case.toml",)),
    "csv": Reader(_with_scenario, _read_case, ("CaseError",)),
    "xlsx": Reader(lambda: list(_books()), _read_book, ("CaseError",), links=False),
    "sweep": Reader(_sweeps, _read_sweep, ("CaseError",), links=False),
    "store": Reader(lambda: list(_stores()), _read_store, ("StoreError",), laid=_journal_of_others),
    "result": Reader(lambda: [_folder(RESULT)], _read_result, _OF_RESULTS, ready=_rehashed),
    "certificate": Reader(_certificates, _read_certificate, ("RefusedError",), ready=_verified),
    "set": Reader(_changes, _read_changes, ("CaseError",), links=False),
}


def made_ready(reader: Reader, files: Files, rng: random.Random) -> Files:
    """Files as a forger leaves them, or now and then as a clumsy one does."""
    return reader.ready(files) if rng.random() < 0.9 else files
