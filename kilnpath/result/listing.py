"""Results told in a row each, from their manifests alone: nothing is proven, and little is read."""

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kilnpath.files.result_folder import JOURNAL, MANIFEST, RESULTS, ResultError
from kilnpath.result.manifest import ManifestError, load_manifest
from kilnpath.result.named import results_in
from kilnpath.result.read import read_manifest
from model.messages.message import Message, message

SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class Listed:
    """A result as its manifest tells it.

    name: by which commands find it. kind: what it is, empty where its manifest is damaged. written:
    when the file system says that the manifest was [s since 1970, UTC]; a result holds no clock.
    least: of the objective, over the case's years [t CO2]; ``None`` where it is no pathway. fault:
    why it cannot be used.
    """

    name: str
    kind: str
    written: float
    case: str = ""
    scenario: str = ""
    objective: str = ""
    then: str = ""
    changes: tuple[str, ...] = ()
    least: float | None = None
    fault: Message | None = None


def listed_results(folder: Path = RESULTS) -> list[Listed]:
    """The results in a folder and below it, by name. Raises ``ResultError`` as ``results_in``."""
    found = (_listed(path) for path in results_in(folder))
    return [one for one in found if one is not None]


def results_table(found: list[Listed]) -> pd.DataFrame:
    """One row a result. [t CO2]"""
    return pd.DataFrame(
        [
            (
                one.name,
                one.kind,
                _utc(one.written),
                one.case,
                one.scenario,
                one.objective,
                one.then,
                "; ".join(one.changes),
                one.least,
                "t CO2" if one.least is not None else "",
                "" if one.fault is None else str(one.fault),
            )
            for one in found
        ],
        columns=[
            *("result", "kind", "written", "case", "scenario", "objective", "then", "changes"),
            *("least_ccus", "unit", "fault"),
        ],
    ).astype({"least_ccus": float})


def _utc(seconds: float) -> str:
    try:
        when = datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)
    except (OverflowError, ValueError, OSError):  # a time that no calendar has
        return ""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _listed(path: Path) -> Listed | None:
    """A result; ``None`` where the manifest is of another program."""
    name = (path.relative_to(RESULTS) if path.is_relative_to(RESULTS) else path).as_posix()
    if not os.path.lexists(path / MANIFEST):
        said = message("not finished; the same sweep goes on from there")
        return Listed(name, SWEEP, _written(path / JOURNAL), fault=said)
    written = _written(path / MANIFEST)
    try:
        manifest = load_manifest(path / MANIFEST, signs=True)
        if not {"kind", "case"} <= manifest.keys():
            return None
        if manifest["kind"] != SWEEP:
            manifest = read_manifest(path)
            _check_files(path, manifest)
    except (ManifestError, ResultError, OSError) as error:
        told = error.message if isinstance(error, ManifestError | ResultError) else None
        said = told or message("cannot be read: {reason}", reason=str(error))
        return Listed(name, "", written, fault=said)
    return _of_manifest(name, written, manifest)


def _check_files(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raises ``ResultError`` where a file is missing; what is in them is not looked at."""
    for name in manifest["files"]:
        if not os.path.lexists(path / name):
            raise ResultError(message("{name} is missing", name=name))


def _of_manifest(name: str, written: float, manifest: Mapping[str, Any]) -> Listed:
    changes = manifest.get("changes")
    least = manifest["objectives"][0]["value"] if manifest["kind"] == "plan" else None
    return Listed(
        name=name,
        kind=_text(manifest["kind"]),
        written=written,
        case=_text(manifest["case"]),
        scenario=_text(manifest.get("scenario")),
        objective=_text(manifest.get("objective")),
        then=_text(manifest.get("then")),
        changes=tuple(map(_text, changes)) if isinstance(changes, list) else (),
        least=least,
    )


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""


def _written(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
