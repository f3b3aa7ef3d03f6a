"""The data package of a result: its tables, columns, types and units, as Frictionless names them.

Source: Frictionless Data, Tabular Data Package and Table Schema, version 1.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kilnpath.result.schema import SCHEMAS, Kind, Schema

DATA_PACKAGE = "datapackage.json"
_UNIT = "unit"  # the column of a table that holds the unit of each row


def data_package(
    tables: Mapping[str, pd.DataFrame], files: Mapping[str, bytes], manifest: Mapping[str, Any]
) -> bytes:
    """The descriptor of the tables of a result, for ``datapackage.json``.

    files: the tables as written, file name -> content; manifest: without its files.
    """
    case, names = manifest["case"], manifest["names"]
    version = manifest["versions"]["kilnpath"]
    slug = re.sub(r"[^-a-z0-9._]+", "-", case.lower()).strip("-") or "case"
    package = {
        "profile": "tabular-data-package",
        "name": f"kilnpath-{slug}",
        "title": names["en"],
        "description": f"Result of kilnpath {version} for the case {case}: "
        "the pathway that needs the least CCUS",
        "sources": [
            {"title": f"Case {case}, SHA-256 {manifest['case_sha256']}"},
            {"title": f"kilnpath {version}"},
        ],
        "resources": [
            _resource(name, schema, tables[name], files[f"{name}.csv"])
            for name, schema in SCHEMAS.items()
            if name in tables
        ],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def column_units(table: pd.DataFrame, schema: Schema) -> dict[str, list[str]]:
    """Column of numbers -> the units it is in; the unit of a row stands in its column ``unit``."""
    of_rows = sorted(table[_UNIT].unique()) if _UNIT in schema.columns else []
    return {
        name: [column.unit] if column.unit else of_rows
        for name, column in schema.columns.items()
        if column.kind is Kind.NUMBER
    }


def _resource(name: str, schema: Schema, table: pd.DataFrame, content: bytes) -> dict[str, Any]:
    units = column_units(table, schema)
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "description": schema.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": {
            "fields": [
                {
                    "name": column,
                    "type": str(about.kind),
                    "description": about.description,
                    **({"units": units[column]} if column in units else {}),
                }
                for column, about in schema.columns.items()
            ],
            "missingValues": [""],
        },
    }
