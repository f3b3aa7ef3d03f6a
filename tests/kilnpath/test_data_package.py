"""``datapackage.json`` against the specification and against the CSV files that it describes."""

import csv
import hashlib
import json
from typing import Any

import jsonschema
import pandas as pd
import pytest

from kilnpath.result.data_package import data_package
from kilnpath.result.read import read_manifest, read_result
from kilnpath.result.write import csv_files
from tests.tools.reference import SHIPPED, folder

# Written from the Frictionless specifications, version 1: Tabular Data Package, Tabular Data
# Resource, Table Schema and CSV Dialect. What is required, and the form of what is written.
NAME = {"type": "string", "pattern": "^[-a-z0-9._/]+$"}
TEXT = {"type": "string", "minLength": 1}
TYPES = ["string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime"]
FIELD = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": TEXT,
        "type": {"enum": [*TYPES, "year", "yearmonth", "duration", "geopoint", "geojson", "any"]},
        "description": TEXT,
        "units": {"type": "array", "items": TEXT, "uniqueItems": True},
    },
}
RESOURCE = {
    "type": "object",
    "required": ["name", "path", "profile", "schema"],
    "properties": {
        "profile": {"const": "tabular-data-resource"},
        "name": NAME,
        "path": {"type": "string", "pattern": r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"},
        "format": {"const": "csv"},
        "mediatype": {"const": "text/csv"},
        "encoding": {"const": "utf-8"},
        "bytes": {"type": "integer", "minimum": 1},
        "hash": {"type": "string", "pattern": r"^(md5:|sha1:|sha256:|sha512:)?[a-f0-9]+$"},
        "dialect": {"type": "object", "properties": {"delimiter": TEXT, "lineTerminator": TEXT}},
        "schema": {
            "type": "object",
            "required": ["fields"],
            "properties": {
                "fields": {"type": "array", "minItems": 1, "items": FIELD},
                "missingValues": {"type": "array", "items": {"type": "string"}},
            },
        },
    },
}
PACKAGE = {
    "type": "object",
    "required": ["profile", "resources"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": NAME,
        "title": TEXT,
        "description": TEXT,
        "sources": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["title"], "properties": {"title": TEXT}},
        },
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
    },
}


def package(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (folder(case) / "datapackage.json").read_text(encoding="utf-8")
    )
    return found


def fits(cell: str, kind: str) -> bool:
    """Whether a cell is of a type of Table Schema, in its default form; empty is missing."""
    if cell == "" or kind == "string":
        return True
    if kind == "boolean":
        return cell in ("true", "True", "TRUE", "1", "false", "False", "FALSE", "0")
    try:
        (int if kind == "integer" else float)(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("case", SHIPPED)
def test_package_is_one(case: str) -> None:
    found = package(case)
    jsonschema.validate(found, PACKAGE)
    assert found["name"] == f"kilnpath-{case}"
    assert "licenses" not in found
    manifest = read_manifest(folder(case))
    assert manifest["case_sha256"] in found["sources"][0]["title"]
    assert found["sources"][1]["title"] == f"kilnpath {manifest['versions']['kilnpath']}"
    content = (folder(case) / "datapackage.json").read_bytes()
    assert manifest["files"]["datapackage.json"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("case", SHIPPED)
def test_package_describes_every_table(case: str) -> None:
    resources = {resource["path"]: resource for resource in package(case)["resources"]}
    assert set(resources) == {path.name for path in folder(case).glob("*.csv")}
    for path, resource in resources.items():
        content = (folder(case) / path).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        header, *lines = csv.reader(content.decode("utf-8").splitlines())
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields], path
        kinds = [field["type"] for field in fields]
        wrong = [line for line in lines if not all(map(fits, line, kinds))]
        assert wrong == [], path
        if "unit" in header:
            units = sorted({line[header.index("unit")] for line in lines})
            for field in fields:
                if field["type"] == "number" and field["name"] not in ("tonnes", "shadow_price"):
                    assert field["units"] == units, (path, field["name"])


@pytest.mark.parametrize("case", SHIPPED)
def test_stored_package_is_what_is_written_now(case: str) -> None:
    result = read_result(folder(case))
    files = {path.name: path.read_bytes() for path in folder(case).glob("*.csv")}
    now = data_package(result.tables, files, result.manifest)
    assert now == (folder(case) / "datapackage.json").read_bytes()


def test_types_by_hand() -> None:
    resources = {resource["name"]: resource for resource in package("tcc-2024")["resources"]}
    fields = {
        name: {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        for name, resource in resources.items()
    }
    text, number = "string", "number"
    assert list(fields["pathway"].values()) == [
        text,
        text,
        "integer",
        text,
        text,
        *[number] * 2,
        text,
    ]
    assert fields["summary"]["year"] == text  # also a first and a last year
    assert fields["targets"]["scope"] == text
    assert fields["bounds"]["binds"] == fields["targets"]["holds"] == "boolean"


def test_package_of_a_case_with_any_name() -> None:
    manifest = {
        "case": "台泥 2024",
        "case_sha256": "0" * 64,
        "names": {"en": "A", "zh-Hant": "B"},
        "versions": {"kilnpath": "0.1.0"},
    }
    tables = {"plan_misses": pd.DataFrame({"id": ["=1+1"], "years": ["2030"]})}
    found = json.loads(data_package(tables, csv_files(tables), manifest))
    jsonschema.validate(found, PACKAGE)
    assert found["name"] == "kilnpath-2024"
    manifest["case"] = "台泥"
    assert json.loads(data_package(tables, csv_files(tables), manifest))["name"] == "kilnpath-case"


def test_the_check_can_fail() -> None:
    found = package("one-kiln")
    for damage in ({"name": "One Kiln"}, {"resources": []}, {"profile": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**found, **damage}, PACKAGE)
    assert not fits("x", "number")
    assert not fits("1.5", "integer")
