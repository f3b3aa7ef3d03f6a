"""Writes the tables of a result as Parquet, with types, meanings and units."""

import io
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kilnpath.result.data_package import column_units
from kilnpath.result.derive import write_made_folder
from kilnpath.result.kept import Kept
from kilnpath.result.read import Result
from kilnpath.result.schema import SCHEMAS, Kind, Schema

_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.YES_NO: pa.bool_(),
}


def write_parquet(result: Result, folder: Path) -> Kept:
    """Writes each table as ``<table>.parquet``; gives what was kept. Raises ``ResultError``.

    The metadata of a file hold ``description``, ``case`` and ``kilnpath``, the version; those of a
    column ``description`` and, for numbers, ``units``: a list in JSON. An empty number is null.
    """
    about = {
        "case": result.manifest["case"],
        "case_sha256": result.manifest["case_sha256"],
        "kilnpath": result.manifest["versions"]["kilnpath"],
    }
    files = {
        f"{name}.parquet": _content(table, SCHEMAS[name], about)
        for name, table in result.tables.items()
    }
    keys = ("case", "case_sha256", "scenario", "changes", "versions")
    manifest = {"kind": "parquet", **{key: result.manifest[key] for key in keys}}
    return write_made_folder(result, folder, files, manifest)


def _content(table: pd.DataFrame, schema: Schema, about: dict[str, str]) -> bytes:
    units = column_units(table, schema)
    fields = []
    for name, column in schema.columns.items():
        said = {"description": column.description}
        if name in units:
            said["units"] = json.dumps(units[name], ensure_ascii=False)
        fields.append(pa.field(name, _TYPES[column.kind], metadata=said))
    metadata = {"description": schema.description, **about}
    typed = pa.Table.from_pandas(
        table, pa.schema(fields, metadata=metadata), preserve_index=False
    ).replace_schema_metadata(metadata)
    stream = io.BytesIO()
    pq.write_table(typed, stream)
    return stream.getvalue()
