"""Writes a result folder, whole or not at all."""

import hashlib
import json
import platform
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from kilnpath.certificates import CERTIFICATE, certificate, impossible_certificate
from kilnpath.csv_text import csv_text
from kilnpath.data_package import DATA_PACKAGE, data_package
from kilnpath.library import AccountResult, PlanResult
from kilnpath.replacing import replace_file, replace_folder, traces
from kilnpath.result_facts import FactsError, read_facts
from kilnpath.result_folder import MANIFEST, ResultError
from kilnpath.result_schema import FORMAT
from model.case.types import Objective
from optimizer.planning.confirm import needed
from optimizer.infeasible.diagnose import ImpossibleError

_DERIVED = {  # made from a result, in its folder; they go where the result is replaced
    *("report.html", "report.zh-Hant.html", "figures", "figures.zh-Hant"),
    *("result.xlsx", "result.zh-Hant.xlsx", "iamc", "parquet"),
}
_TRACES = {trace for name in _DERIVED for trace in traces(name)}  # of a killed export
_DESKTOP = {".DS_Store", "Thumbs.db", "desktop.ini"}  # left by file managers, of no worth


def write_plan(result: PlanResult, folder: Path) -> None:
    """Writes tables, data package, certificate and manifest into ``folder``.

    Raises ``ResultError``.
    """
    write_files(folder, *plan_files(result))


def plan_files(result: PlanResult) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files of a plan, but for the manifest, and the facts for that."""
    facts = {**manifest(result), "format": FORMAT}
    files = csv_files(result.tables)
    files[DATA_PACKAGE] = data_package(result.tables, files, facts)
    files[CERTIFICATE] = certificate(result, files, facts)
    return files, facts


def write_account(result: AccountResult, folder: Path) -> None:
    """Writes the tables of the accounts and a manifest into ``folder``. Raises ``ResultError``."""
    case = result.case
    facts = {"kind": "account", "case": case.id, "case_sha256": case.hash, "versions": _versions()}
    write_folder(folder, result.tables, facts)


def write_impossible(
    impossible: ImpossibleError, objective: Objective, changes: Iterable[str], folder: Path
) -> None:
    """Writes the certificate that a case has no pathway, and a manifest. Raises ``ResultError``.

    changes: those that the case was made by.
    """
    write_files(folder, *impossible_files(impossible, objective, changes))


def impossible_files(
    impossible: ImpossibleError, objective: Objective, changes: Iterable[str]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The certificate, and the facts for the manifest. Raises ``ResultError``."""
    case = impossible.case
    if not impossible.why.multipliers:
        raise ResultError("no certificate, because HiGHS gives no multipliers for one")
    facts = {
        "kind": "impossible",
        "case": case.id,
        "case_sha256": case.hash,
        "case_parts_sha256": dict(case.hashes),
        "scenario": case.scenario,
        "changes": list(changes),
        "objective": str(objective),
        "versions": _versions(),
        "format": FORMAT,
    }
    return {CERTIFICATE: impossible_certificate(case, impossible.why, facts)}, facts


def _versions() -> dict[str, str]:
    packages = ("kilnpath", "pyomo", "highspy", "pandas", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def manifest(result: PlanResult) -> dict[str, Any]:
    """What the result is, how it was found and with which versions."""
    case, solution = result.case, result.solution
    shown = needed(result.pathway, result.objective)
    return {
        "kind": "plan",
        "case": case.id,
        "names": {"en": case.names.en, "zh-Hant": case.names.zh},
        "case_sha256": case.hash,
        "case_parts_sha256": dict(case.hashes),
        "scenario": case.scenario,
        "changes": list(result.changes),
        "base_year": case.base_year,
        "inventory_year": case.inventory_year,
        "accounting": asdict(case.accounting),
        "status": "optimal, recounted",
        "objective": str(result.objective),
        "then": str(result.second),
        "within": result.within,
        "objectives": [
            {"name": f"least CCUS, {result.objective}", "value": solution.least, "unit": "t CO2"},
            {"name": f"CCUS shown, {result.objective}", "value": shown, "unit": "t CO2"},
        ],
        "cumulative_ccus": {"value": result.pathway.cumulative_ccus, "unit": "t CO2"},
        "horizon": [case.horizon.start, case.final_year],
        "programme": {"columns": solution.columns, "rows": solution.rows},
        "algorithm": solution.algorithm,
        "versions": _versions(),
    }


def csv_files(tables: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Tables as CSV in UTF-8: file name -> content."""
    return {f"{name}.csv": csv_text(table) for name, table in tables.items()}


def write_folder(
    folder: Path, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]
) -> None:
    """Writes tables as CSV and facts as the manifest; see ``write_files``."""
    write_files(folder, csv_files(tables), facts)


def write_files(folder: Path, files: Mapping[str, bytes], facts: Mapping[str, Any]) -> None:
    """Writes files and facts as the manifest, first beside ``folder``, then in its place.

    files: path inside the folder, with ``/`` -> content. A folder that is not an earlier result is
    never replaced; the manifest names the files with their SHA-256, so that a later command knows
    them again. Raises ``ResultError``.
    """
    folder = folder.resolve()
    try:
        replace_folder(folder, with_manifest(files, facts), lambda: check_folder(folder))
    except OSError as error:
        raise ResultError(
            f"{folder}: cannot be written: {error.strerror}; what stood there before still stands"
        ) from None


def with_manifest(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> dict[str, bytes]:
    """Files with the manifest, which has the facts and the SHA-256 of each."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    said = json.dumps({**facts, "format": FORMAT, "files": hashes}, indent=2, ensure_ascii=False)
    return {**files, MANIFEST: f"{said}\n".encode()}


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files into a new folder, whole or not at all.

    Raises ``ResultError``, also where something stands there that is not empty.
    """
    try:
        replace_folder(folder.resolve(), files, lambda: check_new(folder))
    except OSError as error:
        raise ResultError(f"{folder}: cannot be written: {error.strerror}") from None


def check_new(folder: Path) -> None:
    """Raises ``ResultError`` where something stands there that is not an empty folder."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ResultError(f"{folder} exists already and is not empty; name a new folder")
        _refuse_working_folder(folder)
    except OSError as error:
        raise ResultError(f"{folder}: cannot be written: {error.strerror}") from None


def _refuse_working_folder(folder: Path) -> None:
    """Raises ``ResultError`` where who asks stands in the folder, which would be taken away."""
    if Path.cwd().is_relative_to(folder.resolve()):
        raise ResultError(f"{folder} is the folder you are in; name another, or go out of it")


def check_folder(folder: Path) -> None:
    """Raises ``ResultError`` where a folder holds something else than an earlier result."""
    try:
        if folder.exists() and not folder.is_dir():
            raise ResultError(f"{folder} is a file; name a folder")
        if not folder.is_dir():
            return
        _refuse_working_folder(folder)
        foreign = next(_foreign(folder, {MANIFEST, *_written(folder / MANIFEST)}), None)
        if foreign is not None:
            raise ResultError(
                f"{folder} holds '{foreign}', which is no file of a result and would be lost; "
                "name another folder"
            )
        found = {entry.name for entry in folder.iterdir()} - _DESKTOP
        if found and MANIFEST not in found:
            raise ResultError(
                f"{folder} has no {MANIFEST}, so it is no earlier result; name another folder"
            )
    except OSError as error:
        raise ResultError(f"{folder}: {error.strerror}") from None


def _foreign(folder: Path, known: Collection[str], inside: str = "") -> Iterator[str]:
    """What a folder holds beside known files; a folder without any of them is not entered."""
    for entry in sorted((folder / inside).iterdir()):
        name = f"{inside}{entry.name}"
        is_folder = entry.is_dir() and not entry.is_symlink()
        if (
            name in _DERIVED | _TRACES
            or entry.name in _DESKTOP
            or (name in known and not is_folder)
        ):
            continue
        if is_folder and any(path.startswith(f"{name}/") for path in known):
            yield from _foreign(folder, known, f"{name}/")
        else:
            yield name


def _written(manifest: Path) -> set[str]:
    """The files that the command which wrote a manifest wrote beside it."""
    try:
        facts = read_facts(manifest, signs=True)
        own = {"kind", "case", "files"} <= facts.keys()
        return {str(name) for name in facts["files"]} if own else set()
    except (OSError, FactsError, TypeError):  # none, damaged, or not of ours
        return set()


def write_bytes(path: Path, content: bytes) -> None:
    """Writes one file, whole or not at all. Raises ``ResultError``."""
    try:
        replace_file(path, content)
    except OSError as error:
        raise ResultError(f"{path}: cannot be written: {error.strerror}") from None
