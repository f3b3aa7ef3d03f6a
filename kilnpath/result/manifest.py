"""What manifest.json must say of a result that is read again, whoever wrote it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from kilnpath.files.cells import cell_fault, escape_control
from kilnpath.files.limits import LARGEST_MANIFEST
from kilnpath.files.read import FileError, read_plain
from model.case.types import Objective, Second
from model.messages.errors import KilnpathError
from model.messages.invalid import what_is_right
from model.messages.message import as_told, message
from model.reading.settings import AccountingSettings

_PLAIN = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)
_Year = Field(ge=1990, le=2100)


class _Names(BaseModel):
    model_config = _PLAIN
    en: str
    zh: str = Field(alias="zh-Hant")


class _Amount(BaseModel):
    model_config = _PLAIN
    value: FiniteFloat
    unit: Literal["t CO2"]


class _Named(_Amount):
    name: str


class _LikeForLike(BaseModel):
    model_config = _PLAIN
    status: Literal["no pathway with the plan's levers", "optimal, recounted, not certified"]
    value: FiniteFloat | None = None
    unit: Literal["t CO2"] | None = None


class _Programme(BaseModel):
    model_config = _PLAIN
    columns: int = Field(ge=0)
    rows: int = Field(ge=0)


class _Versions(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    __pydantic_extra__: dict[str, str]
    kilnpath: str


class _PlanManifest(BaseModel):
    """The manifest that ``plan`` writes."""

    model_config = _PLAIN
    kind: Literal["plan"]
    case: str
    names: _Names
    case_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    case_parts_sha256: dict[str, str]
    scenario: str
    changes: list[str]
    base_year: int = _Year
    inventory_year: int = _Year
    accounting: AccountingSettings
    status: Literal["optimal, recounted"]
    objective: Objective = Field(strict=False)
    then: Second = Field(strict=False)
    within: FiniteFloat = Field(ge=0)
    objectives: list[_Named] = Field(min_length=2, max_length=3)
    cumulative_ccus: _Amount
    like_for_like: _LikeForLike | None = None
    horizon: list[int] = Field(min_length=2, max_length=2)
    programme: _Programme
    algorithm: Literal["simplex", "ipx", "hipo"]
    versions: _Versions
    format: int
    files: dict[str, str]


class ManifestError(KilnpathError):
    """A manifest that no command writes; the message says which."""


def load_manifest(path: Path, signs: bool = False) -> dict[str, Any]:
    """A manifest, as it stands. Raises ``ManifestError``, ``FileNotFoundError``.

    signs: whether a text may begin with one, as the values ``+5%`` of a sweep; such a manifest is
    written into no table.
    """
    try:
        manifest = json.loads(
            read_plain(path, LARGEST_MANIFEST, path.parent).decode(),
            parse_constant=_no_number,
            object_pairs_hook=_once,
        )
    except FileError as error:
        raise ManifestError(error.message) from None
    except RecursionError:
        raise ManifestError(message("is damaged: it is nested too deeply")) from None
    except ValueError as error:
        raise ManifestError(message("is damaged: {error}", error=as_told(error))) from None
    if not isinstance(manifest, dict):
        raise ManifestError(message("is damaged: it holds no table"))
    for text in _texts(manifest):
        if what := cell_fault(text, numeric=signs):
            raise ManifestError(
                message("is damaged: '{text}' {what}", text=escape_control(text[:40]), what=what)
            )
    return manifest


def check_files(manifest: Mapping[str, Any]) -> None:
    """Raises ``ManifestError`` where the files are not named, or one lies outside the folder."""
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(isinstance(v, str) for v in files.values()):
        raise ManifestError(message("is damaged: it does not name its files"))
    for name in files:
        if not _is_inside(name):
            raise ManifestError(
                message("names the file '{name}', which lies outside the folder", name=name[:60])
            )


def check_plan(manifest: Mapping[str, Any]) -> None:
    """Raises ``ManifestError`` where this is not the manifest of a result of ``plan``."""
    try:
        known = _PlanManifest.model_validate(manifest)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        what = what_is_right(first, string_pattern_mismatch=message("is no SHA-256"))
        raise ManifestError(
            message("is damaged: {where}: {what}", where=where[:60], what=what)
        ) from None
    if not known.case or PurePosixPath(known.case).name != known.case or "\\" in known.case:
        raise ManifestError(
            message("is damaged: '{case}' cannot be the name of a case", case=known.case[:60])
        )
    names = [f"least CCUS, {known.objective}", f"CCUS shown, {known.objective}"]
    if known.objective is not Objective.CUMULATIVE:
        names.append(f"least CCUS, {known.objective}, then cumulative")
    if [one.name for one in known.objectives] != names:
        raise ManifestError(message("is damaged: its objectives are not in full order"))
    first_year, last = known.horizon
    if not known.base_year <= known.inventory_year < first_year <= last <= 2100:
        raise ManifestError(message("is damaged: its years do not follow each other"))


def _is_inside(name: str) -> bool:
    ways = (PurePosixPath(name), PureWindowsPath(name))
    return bool(name) and not any(way.is_absolute() or ".." in way.parts for way in ways)


def _no_number(text: str) -> float:
    raise ManifestError(message("is damaged: {text} is no number", text=text))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of two values of one name each reader could take another."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ManifestError(message("is damaged: a name stands twice"))
    return found


def _texts(inside: object) -> Iterator[str]:
    if isinstance(inside, str):
        yield inside
    elif isinstance(inside, dict):
        for key, value in inside.items():
            yield key
            yield from _texts(value)
    elif isinstance(inside, list):
        for value in inside:
            yield from _texts(value)
