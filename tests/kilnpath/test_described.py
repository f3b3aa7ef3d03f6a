"""What ``kilnpath new`` writes beside a case for editors and data tools, against cases."""

import copy
import csv
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kilnpath import read_case
from kilnpath.case.described import (
    DATA_PACKAGE,
    SCHEMA,
    case_package,
    descriptions,
    settings_schema,
)
from kilnpath.case.read import raw_case
from kilnpath.language.languages import Language, mark, texts
from model.messages.faults import CaseError
from model.reading.settings import AccountingSettings, NamesSettings, Settings
from tests.tools.commands import run
from tests.tools.plants import CASES, ROOT

TEMPLATE = ROOT / "kilnpath" / "template"
EVERY = [TEMPLATE, *sorted(path.parent for path in CASES.glob("*/case.toml"))]
SETTINGS_SCHEMA = settings_schema(mark)


def settings(case: Path) -> dict[str, Any]:
    return tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", EVERY, ids=lambda path: path.name)
def test_settings_of_every_case_fit(case: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(SETTINGS_SCHEMA)
    jsonschema.validate(settings(case), SETTINGS_SCHEMA)


WRONG: dict[str, tuple[tuple[str, ...], Any]] = {
    "a year as text": (("base_year",), "2020"),
    "a year beyond": (("final_year",), 2101),
    "no such objective": (("objective",), "cheapest"),
    "a percentage as a number": (("within",), 0.1),
    "a percentage beyond": (("within",), "101 %"),
    "a switch as text": (("accounting", "captured_use_counts"), "false"),
    "no such consolidation": (("accounting", "consolidation"), "market"),
    "a key too many": (("target_year",), 2030),
    "no name": (("names", "en"), ""),
    "a region without a name": (("regions", "north"), {"en": "North"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_settings_fit_neither_schema_nor_reader(name: str, tmp_path: Path) -> None:
    way, value = WRONG[name]
    changed = settings(TEMPLATE)
    inner = changed
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed, SETTINGS_SCHEMA)
    with pytest.raises(ValueError):
        Settings.model_validate(changed)


@pytest.mark.parametrize("key", ["base_year", "objective", "names", "accounting"])
def test_what_is_missing_fits_neither(key: str) -> None:
    changed = settings(TEMPLATE)
    del changed[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed, SETTINGS_SCHEMA)


def _keys(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for value in schema.values():
            yield from _keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _keys(value)


@pytest.mark.parametrize("language", Language)
def test_every_key_is_explained_and_nothing_is_fetched(language: Language) -> None:
    schema = settings_schema(texts(language))
    found = dict(_keys(schema))
    models = (Settings, NamesSettings, AccountingSettings)
    fields = {f.alias or name for model in models for name, f in model.model_fields.items()}
    assert set(found) == fields
    assert all(about["description"] for about in found.values())
    assert "http" not in json.dumps(schema)
    assert "$ref" not in json.dumps(schema)


# A data package ------------------------------------------------------------------------------


def _rows(case: Path, resource: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The rows of a table as its dialect has them."""
    sign = resource["dialect"]["commentChar"]
    text = (case / resource["path"]).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(sign)]
    yield from csv.DictReader(lines, delimiter=resource["dialect"]["delimiter"])


def _fault(cell: str, field: dict[str, Any]) -> str:
    """What Table Schema finds wrong with a cell: written from its specification, version 1."""
    rules = field.get("constraints", {})
    if cell == "":
        return "required" if rules.get("required") else ""
    if "enum" in rules and cell not in rules["enum"]:
        return "enum"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
        return "pattern"
    if field["type"] in ("number", "integer"):
        try:
            number = int(cell) if field["type"] == "integer" else float(cell)
        except ValueError:
            return "type"
        if not rules.get("minimum", number) <= number <= rules.get("maximum", number):
            return "range"
    return ""


def package(case: Path) -> dict[str, Any]:
    return case_package(raw_case(case), mark)


@pytest.mark.parametrize("case", EVERY, ids=lambda path: path.name)
def test_tables_of_every_case_fit(case: Path) -> None:
    found = package(case)
    resources = {resource["path"]: resource for resource in found["resources"]}
    assert set(resources) == {path.name for path in case.glob("*.csv")}
    for resource in resources.values():
        fields = resource["schema"]["fields"]
        rows = list(_rows(case, resource))
        assert [field["name"] for field in fields] == list(rows[0])
        wrong = [
            (resource["name"], field["name"], row[field["name"]])
            for row in rows
            for field in fields
            if _fault(row[field["name"]], field)
        ]
        assert wrong == []
        key = resource["schema"]["primaryKey"]
        keys = [tuple(row[column] for column in key) for row in rows]
        assert len(set(keys)) == len(keys)


def _templates() -> list[tuple[str, str]]:
    resources = {one["name"]: one for one in package(TEMPLATE)["resources"]}
    return [(n, field["name"]) for n, one in resources.items() for field in one["schema"]["fields"]]


def _with_cell(case: Path, table: str, column: str, cell: str) -> str:
    """Puts a cell into the first row of a table; what stood there."""
    path = case / f"{table}.csv"
    lines = [x for x in path.read_text("utf-8").splitlines() if not x.startswith("#")]
    rows = list(csv.DictReader(lines))
    before = rows[0][column]
    rows[0][column] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return before


@pytest.mark.parametrize(("table", "column"), _templates())
def test_what_a_column_may_hold_is_what_the_reader_takes(
    table: str, column: str, tmp_path: Path
) -> None:
    """An empty cell, a word that is none and a number below 0: refused by both."""
    (resource,) = (one for one in package(TEMPLATE)["resources"] if one["name"] == table)
    (field,) = (one for one in resource["schema"]["fields"] if one["name"] == column)
    tried = {"required": "", "enum": "nonsense", "minimum": "-1", "maximum": "101", "pattern": "x"}
    for rule, cell in tried.items():
        if rule in field.get("constraints", {}):
            assert _fault(cell, field)
            case = shutil.copytree(TEMPLATE, tmp_path / rule)
            _with_cell(case, table, column, cell)
            with pytest.raises(CaseError):
                read_case(case)


def test_what_need_not_be_there_may_be_empty(tmp_path: Path) -> None:
    """Each column that is not required, so that none is left out above by mistake."""
    empty = {
        (resource["name"], field["name"])
        for case in EVERY
        for resource in package(case)["resources"]
        for row in _rows(case, resource)
        for field in resource["schema"]["fields"]
        if row[field["name"]] == ""
    }
    for resource in package(TEMPLATE)["resources"]:
        for field in resource["schema"]["fields"]:
            table, column = resource["name"], field["name"]
            free = not field.get("constraints", {}).get("required") and not column.isdigit()
            if free and (table, column) not in empty:
                case = shutil.copytree(TEMPLATE, tmp_path / table / column.split()[0])
                _with_cell(case, table, column, "")
                read_case(case)


def test_units_stand_beside_numbers() -> None:
    fields = {
        (resource["name"], field["name"]): field
        for resource in package(TEMPLATE)["resources"]
        for field in resource["schema"]["fields"]
    }
    assert fields["fuels", "co2_factor [kg/GJ]"]["units"] == ["kg/GJ"]
    assert fields["sites", "equity [%]"]["constraints"]["maximum"] == 100
    assert fields["plan", "2035"]["units"] == ["%", "GJ/t", "kWh/t", "kt"]
    assert fields["targets", "2030"]["type"] == "string"
    pattern = fields["targets", "2030"]["constraints"]["pattern"]
    assert [bool(re.fullmatch(pattern, x)) for x in ("SDA", "-0.5", "1e-3", "x")] == [1, 1, 1, 0]
    assert "rest" in fields["plan", "unit"]["constraints"]["enum"]


# What is written -----------------------------------------------------------------------------


def test_the_template_has_what_is_made_now() -> None:
    made = descriptions(TEMPLATE, "template", mark)
    assert set(made) == {SCHEMA, DATA_PACKAGE}
    for name, content in made.items():
        assert (TEMPLATE / name).read_bytes() == content, "python docs/build_case_format.py"


def test_a_new_case_refers_to_its_schema(tmp_path: Path) -> None:
    run(tmp_path, "new", "my-case")
    case = tmp_path / "my-case"
    first = (case / "case.toml").read_text(encoding="utf-8").splitlines()[0]
    schema = json.loads((case / first.removeprefix("#:schema ")).read_text(encoding="utf-8"))
    jsonschema.validate(settings(case), schema)
    assert json.loads((case / DATA_PACKAGE).read_text(encoding="utf-8"))["name"] == "my-case"
    before = read_case(case).hash
    (case / SCHEMA).unlink()
    (case / DATA_PACKAGE).write_text("no JSON", encoding="utf-8")
    assert read_case(case).hash == before == read_case(TEMPLATE).hash
    assert "taken as meant" not in run(tmp_path, "check", "my-case")


def test_a_new_case_explains_itself_in_the_language_of_the_screen(tmp_path: Path) -> None:
    run(tmp_path, "--lang", "zh-Hant", "new", "case")
    schema = json.loads((tmp_path / "case" / SCHEMA).read_text(encoding="utf-8"))
    assert schema["properties"]["base_year"]["description"] == texts(Language.CHINESE)(
        "the year that targets are compared with"
    )
    english = copy.deepcopy(SETTINGS_SCHEMA)
    assert schema["required"] == english["required"]


def test_a_workbook_stands_alone(tmp_path: Path) -> None:
    run(tmp_path, "new", "book", "--xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
