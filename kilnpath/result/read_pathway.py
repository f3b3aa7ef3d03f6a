"""Reads the pathway of a result folder back, against the case that it was planned from."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kilnpath.case.read import SETTINGS, read_case
from kilnpath.files.result_folder import ResultError
from kilnpath.result.read import read_manifest, read_result, read_table
from kilnpath.tables.quantities import activities_from
from model.case.columns import Key
from model.case.types import Case
from model.changes.changes import with_changes
from model.formulas.activity import Activity
from model.messages.message import as_told, message
from model.pathway.pathway import Pathway
from model.pathway.recount import recount


def read_pathway(folder: Path, case: Path | None = None) -> Pathway:
    """The pathway of a folder that ``plan`` wrote, recounted.

    case: where its case is; not given, the case of its name here or in ``cases``. It must be the
    very case that was planned, by the hash in the manifest. Raises ``ResultError`` where it is not,
    or a table of the folder is missing, damaged or changed; ``RecountError`` where the pathway was
    altered so that it does not recount.
    """
    manifest = read_manifest(folder)
    if manifest.get("kind") != "plan":
        raise ResultError(
            message("{folder} is no result of plan; name its case instead", folder=folder)
        )
    planned = _case(folder, manifest, case)
    activities = _activities(folder, manifest)
    missing = {(site, year) for site in planned.sites for year in planned.horizon} ^ {*activities}
    if missing:
        site, year = min(missing)
        raise ResultError(
            message(
                "{folder} is damaged: pathway.csv and case differ in '{site}', {year}",
                folder=folder,
                site=site,
                year=year,
            )
        )
    recounted = recount(planned, activities)
    # Another table may have been altered too, or this one where the recount does not look.
    read_result(folder)
    return recounted


def _activities(folder: Path, manifest: Mapping[str, Any]) -> dict[Key, Activity[float]]:
    """The amounts of ``pathway.csv``. Raises ``ResultError`` where it is damaged."""
    table = read_table(folder, "pathway", manifest)
    key = ["site", "year", "quantity", "which"]
    if table["value"].isna().any() or table.duplicated(key).any():
        raise ResultError(
            message(
                "{folder} is damaged: pathway.csv lacks a number, or tells one twice; plan again",
                folder=folder,
            )
        )
    try:
        return activities_from(table)
    except KeyError as error:
        raise ResultError(
            message(
                "{folder} is damaged: pathway.csv has no {quantity}; plan again",
                folder=folder,
                quantity=" ".join(filter(None, error.args[0])),
            )
        ) from None
    except (ValueError, TypeError) as error:
        raise ResultError(
            message("{path} is damaged: {error}; plan again", path=folder, error=as_told(error))
        ) from None


def find_case(folder: Path, manifest: Mapping[str, Any], case: Path | None) -> Path:
    """Where the very case is from which a result was planned. Raises ``ResultError``.

    case: where it is said to be; else the folder around the result, if it is called so, and what is
    called so here or in ``cases``.
    """
    name = manifest["case"]
    here = [place / file for place in (Path(), Path("cases")) for file in (name, f"{name}.xlsx")]
    around = folder.resolve().parent
    if around.name == name and os.path.lexists(around / SETTINGS):
        here.insert(0, around)
    path = case or next((path for path in here if os.path.lexists(path)), None)
    if path is None:
        raise ResultError(
            message(
                "{folder}: its case '{name}' is not here; say where with --case",
                folder=folder,
                name=name,
            )
        )
    hashes, told = (
        read_case(path, manifest["scenario"] or None).hashes,
        manifest["case_parts_sha256"],
    )
    if other := sorted(n for n in hashes | told if hashes.get(n) != told.get(n)):
        raise ResultError(
            message(
                "{folder} was not planned from {path} as it is now: {parts} changed; plan again",
                folder=folder,
                path=path,
                parts=", ".join(other),
            )
        )
    return path


def _case(folder: Path, manifest: Mapping[str, Any], case: Path | None) -> Case:
    path = find_case(folder, manifest, case)
    return with_changes(read_case(path, manifest["scenario"] or None), manifest["changes"])
