"""How a case describes itself: a JSON schema of ``case.toml``, a data package of its tables.

Editors read the one (Taplo, Even Better TOML), data tools the other (Frictionless Data, Tabular
Data Package and Table Schema, version 1). Both are made from the readers' own models and columns.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from kilnpath.case.columns import COLUMNS, MEANINGS, SHEETS, YEAR, choices, meaning, units
from kilnpath.case.differences import KEYS
from kilnpath.case.read import SETTINGS, raw_case
from kilnpath.language.languages import Text
from model.case.tables import Table, is_year
from model.case.units import UNITS, Dimension
from model.reading.case import RawCase
from model.reading.settings import Settings

SCHEMA = "case.schema.json"  # beside case.toml, which refers to it in its first line
DATA_PACKAGE = "datapackage.json"
_HEADER = re.compile(r"^(?P<name>[^\[\]]+?)\s*(\[(?P<unit>[^\[\]]*)\])?$")
_NEVER_EMPTY: Mapping[str, set[str]] = {  # but for what identifies a row
    "sites": {"name", "region", "kind", "equity", "control"},
    "series": {"unit"},
    "fuels": {"name", "kind", "co2_factor", "biomass_fraction"},
    "materials": {*["name", "use", "kind", "cao", "mgo", "moisture", "co2", "heat", "power"]},
    "bounds": {"lever", "place", "sense", "unit", "kind", "confidence"},
    "targets": {"place", "scope", "metric", "form", "unit"},
    "plan": {"unit"},
    "sectors": {"unit"},
    "routes": {"from", "to", "unit", "kind", "confidence"},
    "generators": {"site", "fuel", "heat_rate", "unit", "kind", "confidence"},
    "stages": set(),
    "products": {"unit"},
}
_MAY_BE_EMPTY = {"which"}  # of what identifies a row
_LIMIT = r"^([sS][dD][aA]|[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?)$"  # of a target


def descriptions(path: Path, name: str, text: Text) -> dict[str, bytes]:
    """The files that describe a case in a folder: file -> content.

    path: of the case; name: by which it is called; text: gives a language's words. Raises
    ``CaseError`` where it cannot be read.
    """
    raw = replace(raw_case(path), id=name)
    return {SCHEMA: _json(settings_schema(text)), DATA_PACKAGE: _json(case_package(raw, text))}


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def settings_schema(text: Text) -> dict[str, Any]:
    """The JSON schema of ``case.toml``, in the words of a language; it refers to nothing else."""
    whole = Settings.model_json_schema(by_alias=True)
    found = _described(whole, whole.get("$defs", {}), text)
    return {"title": SETTINGS, "description": text(SHEETS["case"]), **found}


def _described(part: Any, known: Mapping[str, Any], text: Text) -> Any:
    """Part of a schema with what it refers to in its place, and its keys as they are meant."""
    if isinstance(part, list):
        return [_described(one, known, text) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _described(known[part["$ref"].rpartition("/")[2]], known, text)
    found = {
        key: _described(value, known, text)
        for key, value in part.items()
        if key not in ("$defs", "title", "description", "properties")
    }
    if "properties" in part:
        found["properties"] = {
            key: {"description": _of_key(key, text), **_described(value, known, text)}
            for key, value in part["properties"].items()
        }
    return found


def _of_key(key: str, text: Text) -> str:
    names = {"en": "name", "zh-Hant": "name_zh"}
    return text(MEANINGS[names[key]]) if key in names else meaning("case", key, text, quote='"')


def case_package(raw: RawCase, text: Text) -> dict[str, Any]:
    """The data package of the tables of a case, in the words of a language."""
    slug = re.sub(r"[^-a-z0-9._]+", "-", raw.id.lower()).strip("-") or "case"
    names = raw.settings.get("names")
    there = [name for name in COLUMNS if name in raw.tables]
    return {
        "profile": "tabular-data-package",
        "name": slug,
        "title": names["en"] if isinstance(names, dict) else raw.id,
        "resources": [_resource(name, raw.tables[name], text) for name in there],
    }


def _resource(name: str, table: Table, text: Text) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "description": text(SHEETS[name]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "header": True, "commentChar": "#"},
        "schema": {
            "fields": [_field(name, column, table, text) for column in table.columns],
            "primaryKey": list(KEYS[name]),
            "missingValues": [""],
        },
    }


def _field(sheet: str, column: str, table: Table, text: Text) -> dict[str, Any]:
    """A column: its type, meaning, units, and what its cells may be."""
    match = _HEADER.match(column)
    name, unit = (match["name"], match["unit"]) if match else (column, None)
    constraints = dict(_constraints(sheet, name, unit))
    about = {
        "name": column,
        "type": _type(sheet, name, unit),
        "description": text(YEAR) if is_year(name) else meaning(sheet, name, text),
        **({"constraints": constraints} if constraints else {}),
    }
    if unit:
        about["units"] = [unit]
    elif is_year(name):
        given = {cells["unit"] for _, cells in table.rows}
        about["units"] = sorted(given & UNITS.keys())
    return about


def _type(sheet: str, name: str, unit: str | None) -> str:
    if name == "expires" or (sheet, name) == ("stages", "from"):
        return "integer"
    return "number" if unit or (is_year(name) and sheet != "targets") else "string"


def _constraints(sheet: str, name: str, unit: str | None) -> Iterator[tuple[str, Any]]:
    """What the cells of a column may be, as Table Schema names it."""
    key = name in KEYS[sheet] and name not in _MAY_BE_EMPTY
    if key or name in _NEVER_EMPTY[sheet] or name in ("source", "status"):
        yield "required", True
    if words := units(sheet) if name == "unit" else choices(sheet, name):
        yield "enum", list(words)
    if unit or (is_year(name) and sheet not in ("targets", "sectors")):
        yield "minimum", 0
    if unit and UNITS[unit][0] is Dimension.SHARE:
        yield "maximum", round(1 / UNITS[unit][1])
    if is_year(name) and sheet == "targets":
        yield "pattern", _LIMIT
