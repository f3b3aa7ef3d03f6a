"""The exports against the tables, number by number, and against the standards they claim."""

import csv
import dataclasses
import errno
import json
import os
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from kilnpath.commands.common.formats import FORMATS, Asked
from kilnpath.export.iamc import fuels_without_carrier, scenario_names, write_iamc
from kilnpath.export.iamc_regions import plain, region_names, with_boundaries
from kilnpath.export.iamc_variables import CARRIERS, EMISSIONS, LEVERS, PATHWAY, STANDARD
from kilnpath.export.parquet import write_parquet
from kilnpath.files.result_folder import ResultError
from kilnpath.language.languages import Language
from kilnpath.result.read import Result, read_result
from kilnpath.result.schema import SCHEMAS
from kilnpath.result.write import check_folder
from tests.tools.case_tools import new_case
from tests.tools.commands import everything, run
from tests.tools.plants import ROOT

REFERENCE = ROOT / "results" / "tcc-2024" / "reference"
Key = tuple[str, str, str, str, int]  # scenario, region, variable, unit, year

MT, EJ, CO2, CO2E = "Mt/yr", "EJ/yr", "Mt CO2/yr", "Mt CO2-equiv/yr"
MILLION, BILLION = Decimal("1e-6"), Decimal("1e-9")
FINAL = "Final Energy|Industry|Cement|"
NET = "Emissions|Kyoto Gases|Energy and Industrial Processes"
# Written by hand from the meaning of each quantity: variables, unit, factor. {} is the name of the
# fuel or material.
QUANTITIES = {
    "cement": (["Production|Non-Metallic Minerals|Cement"], MT, MILLION),
    "clinker": (["Production|Non-Metallic Minerals|Cement Clinker"], MT, MILLION),
    "clinker_bought": (["kilnpath|Clinker Bought"], MT, MILLION),
    "clinker_sold": (["kilnpath|Clinker Sold"], MT, MILLION),
    "addition": (["kilnpath|Mineral Addition|{}"], MT, MILLION),
    "cementitious_product": (["kilnpath|Cementitious Product"], MT, MILLION),
    "alternative_raw": (["kilnpath|Alternative Raw Material|{}"], MT, MILLION),
    "uncredited/cao": (["kilnpath|CaO Not Credited"], MT, MILLION),
    "uncredited/mgo": (["kilnpath|MgO Not Credited"], MT, MILLION),
    "heat": (["kilnpath|Fuel Heat|{}"], EJ, BILLION),
    "heat/total": (["kilnpath|Fuel Heat"], EJ, BILLION),
    "heat/coal": (["kilnpath|Fuel Heat|{}", f"{FINAL}Solids", f"{FINAL}Solids|Coal"], EJ, BILLION),
    "heat/petcoke": (["kilnpath|Fuel Heat|{}", f"{FINAL}Solids"], EJ, BILLION),
    "heat/biomass_fuel": (
        ["kilnpath|Fuel Heat|{}", f"{FINAL}Solids", f"{FINAL}Solids|Biomass"],
        EJ,
        BILLION,
    ),
    "heat/diesel": (
        ["kilnpath|Fuel Heat|{}", f"{FINAL}Liquids", f"{FINAL}Liquids|Oil"],
        EJ,
        BILLION,
    ),
    "heat/natural_gas": (
        ["kilnpath|Fuel Heat|{}", f"{FINAL}Gases", f"{FINAL}Gases|Gas"],
        EJ,
        BILLION,
    ),
    "heat/green_hydrogen": (["kilnpath|Fuel Heat|{}", f"{FINAL}Hydrogen"], EJ, BILLION),
    "heat/rdf": (["kilnpath|Fuel Heat|{}", f"{FINAL}Other"], EJ, BILLION),
    "kiln_heat": (["kilnpath|Kiln Heat"], EJ, BILLION),
    "power_demand": ([f"{FINAL}Electricity"], EJ, Decimal("3.6e-9")),
    "waste_heat_power": (["kilnpath|Power|Waste Heat"], EJ, Decimal("3.6e-9")),
    "renewable_power": (["kilnpath|Power|Renewable"], EJ, Decimal("3.6e-9")),
    "bought_power": (["kilnpath|Power|Bought"], EJ, Decimal("3.6e-9")),
    "stack_co2": (["kilnpath|Stack CO2"], CO2, MILLION),
    "capture/storage": (["Carbon Capture|Geological Storage"], CO2, MILLION),
    "capture/use": (["Carbon Capture|Utilization"], CO2, MILLION),
}
QUANTITIES["heat/anthracite"] = QUANTITIES["heat/coal"]
QUANTITIES["heat/waste_oil"] = QUANTITIES["heat/rdf"]
SOURCES = {
    "process": ([NET, "kilnpath|Emissions|Scope 1|Process"], CO2E),
    "combustion": ([NET, "kilnpath|Emissions|Scope 1|Combustion"], CO2E),
    "additions": ([NET, "kilnpath|Emissions|Scope 1|Additions"], CO2E),
    "other": ([NET, "kilnpath|Emissions|Scope 1|Other"], CO2E),
    "counted": ([NET, "kilnpath|Emissions|Scope 1|Captured and Counted"], CO2E),
    "power": (["kilnpath|Emissions|Scope 2"], CO2E),
    "biogenic": (["kilnpath|Biogenic CO2"], CO2),
    "captured": (["Carbon Capture"], CO2),
}
RATIOS = {
    "clinker_ratio": ("kilnpath|Clinker Ratio", "%"),
    "addition": ("kilnpath|Addition Rate|{}", "%"),
    "addition/all": ("kilnpath|Addition Rate", "%"),
    "alternative_raw": ("kilnpath|Alternative Raw Material Rate|{}", "%"),
    "alternative_raw/all": ("kilnpath|Alternative Raw Material Rate", "%"),
    "heat_intensity": ("kilnpath|Kiln Heat Intensity", "GJ/t"),
    "fuel": ("kilnpath|Fuel Rate|{}", "%"),
    "fuel/alternative": ("kilnpath|Thermal Substitution Rate", "%"),
    "fuel/biomass": ("kilnpath|Biomass Rate", "%"),
    "waste_heat_power": ("kilnpath|Waste Heat Power Rate", "%"),
    "waste_heat_power/per clinker": ("kilnpath|Waste Heat Power Intensity", "MWh/t"),
    "renewable_power": ("kilnpath|Renewable Power Rate", "%"),
    "capture/all": ("kilnpath|Capture Rate", "%"),
    "capture/storage": ("kilnpath|Capture Rate|Storage", "%"),
    "capture/use": ("kilnpath|Capture Rate|Use", "%"),
}
SCOPES = {"1": "Scope 1", "2": "Scope 2", "1+2": "Scope 1 and 2"}


@pytest.fixture(scope="module")
def tcc() -> Result:
    return read_result(REFERENCE)


@pytest.fixture(scope="module")
def iamc(tcc: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "iamc"
    write_iamc(tcc, folder)
    return folder


def rows(name: str) -> Iterator[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def exported(folder: Path) -> dict[Key, Decimal]:
    """Every number of a wide IAMC table; an empty cell is none."""
    found = {}
    with (folder / "data.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row.pop("Model") == "kilnpath 0.1.0"
            labels = [row.pop(name) for name in ("Scenario", "Region", "Variable", "Unit")]
            for year, value in row.items():
                if value:
                    key = (*labels, int(year))
                    assert key not in found
                    found[key] = Decimal(value)  # type: ignore[index]
    return found  # type: ignore[return-value]


SCENARIOS = {
    "pathway": "tcc-2024 pathway reference",
    "reported": "tcc-2024 reported",
    "plan": "tcc-2024 plan",
    "baseline": "tcc-2024 frozen baseline",
}


class Expected:
    """What the tables say, under the names of the export, in exact decimals."""

    def __init__(self) -> None:
        self.numbers: dict[Key, Decimal] = defaultdict(Decimal)
        self.names = {(row["kind"], row["id"]): row["name"] for row in rows("names")}
        company = "Taiwan Cement Corporation"
        self.group = f"{company} (consolidated)"
        self.places = {"group": self.group}
        for row in rows("pathway"):
            region = self.names["region", row["region"]]
            self.places[row["region"]] = f"{self.group}|{region}"
            self.places[row["site"]] = f"{company}|{region}|{self.names['site', row['site']]}"
        both = "Taiwan cement plants and Mainland China cement plants"
        self.places["tw_cement+cn_cement"] = f"{self.group}|{both}"

    def name(self, variable: str, row: dict[str, str]) -> str:
        key = row.get("which", "")
        return variable.format(self.names.get(("fuel", key)) or self.names.get(("material", key)))

    def add(
        self, row: dict[str, str], place: str, variable: str, unit: str, value: Decimal
    ) -> None:
        scenario = SCENARIOS[row.get("scenario", "pathway")]
        self.numbers[scenario, self.places[place], variable, unit, int(row["year"])] += value

    def add_sites(
        self, row: dict[str, str], variables: list[str], unit: str, factor: Decimal
    ) -> None:
        for variable in variables:
            name = self.name(variable, row)
            self.add(row, row["site"], name, unit, Decimal(row["value"]) * factor)
            for place in (row["region"], "group"):
                self.add(row, place, name, unit, Decimal(row["consolidated"]) * factor)


@pytest.fixture(scope="module")
def expected() -> dict[Key, Decimal]:
    said = Expected()
    for row in rows("pathway"):
        found = QUANTITIES.get(f"{row['quantity']}/{row['which']}")
        said.add_sites(row, *(found or QUANTITIES[row["quantity"]]))
    for row in rows("emissions"):
        said.add_sites(row, *SOURCES[row["source"]], MILLION)
    for row in rows("levers"):
        variable, unit = RATIOS.get(f"{row['lever']}/{row['which']}") or RATIOS[row["lever"]]
        assert row["unit"] == (unit if unit != "%" else "1")
        if row["scenario"] != "pathway":
            variable = variable.replace("kilnpath|", "kilnpath|Company|")
        factor = Decimal(100 if unit == "%" else 1)
        said.add(row, row["place"], said.name(variable, row), unit, Decimal(row["value"]) * factor)
    for row in rows("intensities"):
        name = f"kilnpath|Emission Intensity|{SCOPES[row['scope']]}"
        said.add(row, row["place"], name, "t CO2-equiv/t", Decimal(row["value"]))
    for row in rows("targets"):
        unit, factor = ("t CO2-equiv/t", Decimal(1)) if row["unit"] == "t/t" else (CO2E, MILLION)
        for column in ("limit", "value", "margin"):
            name = f"kilnpath|Target|{row['target']}|{column.capitalize()}"
            said.add(row, row["place"], name, unit, Decimal(row[column]) * factor)
    return said.numbers


def test_every_number_is_that_of_the_tables(iamc: Path, expected: dict[Key, Decimal]) -> None:
    found = exported(iamc)
    assert len(found) > 40_000
    assert set(found) == set(expected)
    off = {
        key: (value, expected[key])
        for key, value in found.items()
        if abs(value - expected[key]) > Decimal("2e-11") * abs(expected[key]) + Decimal("1e-17")
    }
    assert off == {}


def test_regions_are_consolidated(iamc: Path) -> None:
    """Against tables that the model consolidated itself: capture, intensities, clinker ratio."""
    found = {key: float(value) for key, value in exported(iamc).items()}
    said = Expected()
    for row in rows("ccus"):
        place, scenario = said.places[row["place"]], SCENARIOS[row["scenario"]]
        value = found[scenario, place, "Carbon Capture", CO2, int(row["year"])]
        assert value == pytest.approx(float(row["value"]) / 1e6, rel=1e-9, abs=1e-12)
    pathway = SCENARIOS["pathway"]
    for row in rows("intensities"):
        if (row["scenario"], row["place"], row["scope"]) == ("pathway", "group", "1"):
            key = (pathway, said.group)
            product = found[*key, "kilnpath|Cementitious Product", MT, int(row["year"])]
            net = found[*key, NET, CO2E, int(row["year"])]
            assert net / product == pytest.approx(float(row["value"]), rel=1e-9)
    for year in range(2024, 2051):
        key = (pathway, said.places["turkiye"])  # held in part, with clinker sold
        cement, clinker = (
            found[*key, f"Production|Non-Metallic Minerals|{name}", MT, year]
            for name in ("Cement", "Cement Clinker")
        )
        sold, bought = (
            found[*key, f"kilnpath|Clinker {word}", MT, year] for word in ("Sold", "Bought")
        )
        ratio = found[*key, "kilnpath|Clinker Ratio", "%", year]
        assert 100 * (clinker + bought - sold) / cement == pytest.approx(ratio, rel=1e-9)


def standard() -> Iterator[tuple[str, str, str]]:
    """(variable, unit, file and commit) of the extract of the common definitions."""
    text = (ROOT / "tests" / "iamc_common_definitions.toml").read_text(encoding="utf-8")
    extract = tomllib.loads(text)
    tags = {tag["name"]: tag for tag in extract["tag"]}
    for file in extract["file"]:
        for entry, unit in file["units"].items():
            filled = [(entry, unit)]
            for name, tag in tags.items():
                mark = "{" + name + "}"
                filled = [
                    (variable.replace(mark, value), tag.get("units", {}).get(value, unit))
                    if mark in variable
                    else (variable, unit)
                    for variable, unit in filled
                    for value in tag["values"]
                ]
            for variable, said in filled:
                yield variable, said, f"{file['path']}, commit {file['commit'][:7]}"


def test_standard_names_are_standard() -> None:
    known = set(standard())
    assert len(known) > 20
    for variable, source in STANDARD.items():
        assert (variable.name, variable.unit, source) in known
    for group in (PATHWAY, EMISSIONS, LEVERS):
        for variables in group.values():
            for variable in variables:
                assert variable in STANDARD or variable.name.startswith("kilnpath|")
    assert {v for several in CARRIERS.values() for v in several} <= STANDARD.keys()


def definitions(folder: Path) -> dict[str, dict[str, Any]]:
    """Variable -> what nomenclature reads of it."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("common-definitions", "kilnpath"):
        text = (folder / f"definitions/variable/{name}.yaml").read_text(encoding="utf-8")
        for line in text.splitlines():
            entry = json.loads(line.removeprefix("- "))
            assert not found.keys() & entry.keys()
            found |= entry
    return found


def test_definitions_are_those_of_the_data(iamc: Path) -> None:
    found = exported(iamc)
    said = definitions(iamc)
    assert {(key[2], key[3]) for key in found} == {(n, d["unit"]) for n, d in said.items()}
    for name, about in said.items():
        texts = [value for value in about.values() if isinstance(value, str)]
        assert not set(':;"{}') & set(name + "".join(texts)), name  # of nomenclature
        assert not {"Share", "Index"} & set(name.split("|")), name  # reserved words of the IAMC
        assert ("common-definitions" in about.get("source", "")) != name.startswith("kilnpath|")
    head, *lines = (
        (iamc / "definitions/region/kilnpath.yaml").read_text(encoding="utf-8").splitlines()
    )
    assert head == '- "kilnpath 0.1.0":'
    regions = [name for line in lines for name in json.loads(line.removeprefix("    - "))]
    assert len(regions) == len(set(regions))
    assert {key[1] for key in found} == set(regions)


def other(result: Result, folder: str = "x", **changed: pd.DataFrame) -> Result:
    """A result with other tables, of another folder."""
    tables = {**result.tables, **changed}
    return dataclasses.replace(result, folder=Path(folder), tables=tables)


def renamed(result: Result, ids: dict[str, str]) -> Result:
    """A result in which fuels have other ids."""
    changed = {
        name: result.tables[name].assign(which=result.tables[name]["which"].replace(ids))
        for name in ("pathway", "levers")
    }
    changed["names"] = result.tables["names"].assign(id=result.tables["names"]["id"].replace(ids))
    return other(result, **changed)


def test_an_unknown_fuel_gives_no_carriers(tcc: Result, tmp_path: Path) -> None:
    """A sum that may lack a fuel is not exported; the heat of each fuel still is."""
    result = renamed(tcc, {"coal": "kohle"})
    assert fuels_without_carrier(tcc) == []
    assert fuels_without_carrier(result) == ["kohle"]
    remarks, _ = FORMATS["iamc"].write(result, tmp_path / "iamc", Asked(None, Language.ENGLISH))
    assert "what carrier 'kohle' is, is not known" in remarks[0]
    variables = {key[2] for key in exported(tmp_path / "iamc")}
    assert [name for name in variables if name.startswith(FINAL)] == [f"{FINAL}Electricity"]
    assert "kilnpath|Fuel Heat|Bituminous coal" in variables


def test_hydrogen_and_electric_heat_are_known_by_their_kind(
    tcc: Result, iamc: Path, tmp_path: Path
) -> None:
    result = renamed(tcc, {"green_hydrogen": "h2", "electric_heat": "plasma"})
    assert fuels_without_carrier(result) == []
    write_iamc(result, tmp_path / "iamc")
    before, now = (
        [(key[1:], value) for key, value in exported(folder).items() if key[2].startswith(FINAL)]
        for folder in (iamc, tmp_path / "iamc")
    )
    assert now == before


def test_names_that_others_reserve(tcc: Result, tmp_path: Path) -> None:
    names = tcc.tables["names"].copy()
    for key, name in {
        "tw_cement": 'Kiln | "A": wet; {1}*',
        "cn_cement": "=1+1",
        "tr_concrete": "Mixer",
        "tr_grinding": "Mixer",
        "taiwan": " ",
    }.items():
        names.loc[names["id"] == key, "name"] = name
    result = other(tcc, names=names)
    places = region_names(result)
    assert places["tw_cement"] == "Taiwan Cement Corporation|taiwan|Kiln A wet 1"
    assert places["taiwan"] == "Taiwan Cement Corporation (consolidated)|taiwan"
    assert places["cn_cement"].endswith("Mainland China|=1+1")
    assert places["tr_concrete"].endswith("|Mixer (tr_concrete)")
    assert places["tr_grinding"].endswith("|Mixer (tr_grinding)")
    assert len(set(places.values())) == len(places)
    write_iamc(result, tmp_path / "iamc")
    shown = {name for place, name in places.items() if not place.endswith(" by share")}
    assert {key[1] for key in exported(tmp_path / "iamc")} >= shown
    assert plain("a|b") == "a b"
    assert with_boundaries(places, {"taiwan+mainland"})["taiwan+mainland"] == (
        "Taiwan Cement Corporation (consolidated)|taiwan and Mainland China"
    )


def test_scenarios_tell_runs_and_cases_apart(tcc: Result, tmp_path: Path) -> None:
    assert scenario_names(other(tcc, "plan"))["pathway"] == "tcc-2024 pathway plan"
    assert scenario_names(other(tcc, "plan"))["plan"] == "tcc-2024 plan"
    again = dataclasses.replace(
        other(tcc, "a|b"), manifest={**tcc.manifest, "scenario": "grid-nze"}
    )
    assert scenario_names(again) == {
        "pathway": "tcc-2024 grid-nze pathway a b",
        "reported": "tcc-2024 grid-nze reported",
        "plan": "tcc-2024 grid-nze plan",
        "baseline": "tcc-2024 grid-nze frozen baseline",
    }
    alone = {
        name: tcc.tables[name].query("scenario == 'pathway'")
        for name in ("levers", "emissions", "intensities", "ccus")
    }
    write_iamc(other(tcc, **alone), tmp_path / "iamc")
    assert {key[0] for key in exported(tmp_path / "iamc")} == {"tcc-2024 pathway x"}


def test_parquet_is_the_tables(tcc: Result, tmp_path: Path) -> None:
    write_parquet(tcc, tmp_path / "parquet")
    assert {p.stem for p in (tmp_path / "parquet").glob("*.parquet")} == set(tcc.tables)
    arrow = {"string": "string", "integer": "int64", "number": "double", "boolean": "bool"}
    for name, table in tcc.tables.items():
        found = pq.read_table(tmp_path / f"parquet/{name}.parquet")
        columns = SCHEMAS[name].columns
        assert [str(t) for t in found.schema.types] == [arrow[c.kind] for c in columns.values()]
        assert found.schema.metadata[b"description"].decode() == SCHEMAS[name].description
        assert found.schema.metadata[b"case"] == b"tcc-2024"
        for field in found.schema:
            about = {k.decode(): v.decode() for k, v in field.metadata.items()}
            assert about["description"] == columns[field.name].description
            assert ("units" in about) == (columns[field.name].kind == "number")
        pd.testing.assert_frame_equal(found.to_pandas(), table, check_dtype=False)
    field = pq.read_schema(tmp_path / "parquet/pathway.parquet").field("value")
    assert json.loads(field.metadata[b"units"]) == ["GJ", "MWh", "t", "t CO2"]
    field = pq.read_schema(tmp_path / "parquet/targets.parquet").field("tonnes")
    assert json.loads(field.metadata[b"units"]) == ["t CO2e"]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A result of the template, planned by the command with both formats."""
    new_case(tmp_path / "demo")
    said = run(tmp_path, "plan", "demo", "--out", "run", "--iamc", "--parquet")
    for name in ("", "/iamc", "/parquet"):
        assert f"Written to run{name}\n" in said
    return tmp_path / "run"


@pytest.mark.slow
def test_export_and_plan_write_the_same(stored: Path, tmp_path: Path) -> None:
    before = {name: (stored / name).read_bytes() for name in everything(stored) if "." in name}
    run(tmp_path, "export", "run", "--iamc", "--parquet")
    assert {n: (stored / n).read_bytes() for n in everything(stored) if "." in n} == before
    (tmp_path / "run/iamc/definitions/region/kilnpath.yaml").unlink()
    said = run(tmp_path, "export", "run", "--iamc")
    assert said == "Written to run/iamc\n"
    assert {n: (stored / n).read_bytes() for n in everything(stored) if "." in n} == before
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/mine.txt").write_text("mine", encoding="utf-8")
    run(tmp_path, "export", "run", "--parquet", "--out", "deep")
    assert (tmp_path / "deep/mine.txt").read_text(encoding="utf-8") == "mine"
    assert sorted(p.name for p in (tmp_path / "deep").iterdir()) == ["mine.txt", "parquet"]
    run(tmp_path, "plan", "demo", "--out", "run")  # what stood there is made anew
    assert {n: (stored / n).read_bytes() for n in everything(stored) if "." in n} == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mine.txt", "definitions/mine.txt", "definitions/mine/a.txt"])
def test_export_never_replaces_foreign_files(stored: Path, tmp_path: Path, name: str) -> None:
    """They stay where they are, and that is said."""
    before = everything(stored)
    mine = stored / "iamc" / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine", encoding="utf-8")
    said = run(tmp_path, "export", "run", "--iamc")
    shown = name.removesuffix("/a.txt")
    assert f"Your own files stay there: run/iamc/{shown}\n" in said
    assert mine.read_text(encoding="utf-8") == "mine"
    mine.unlink()
    if name.endswith("a.txt"):
        mine.parent.rmdir()
    assert everything(stored) == before


def test_a_foreign_folder_is_not_walked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home/deep/er").mkdir(parents=True)
    entered = []
    iterdir = Path.iterdir

    def seen(self: Path) -> Iterator[Path]:
        entered.append(self)
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", seen)
    with pytest.raises(ResultError, match="holds 'deep'"):
        check_folder(tmp_path / "home")
    assert set(entered) == {tmp_path / "home"}


@pytest.mark.slow
def test_exports_that_cannot_be(stored: Path, tmp_path: Path) -> None:
    said = run(tmp_path, "export", "run", "--iamc", "--case", "demo", code=1)
    assert "--case is for --xlsx" in said
    said = run(tmp_path, "export", "run", code=1)
    assert "say in which format: --xlsx, --iamc, --parquet, --figures, --csv, --lp, --mps" in said
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "is no result" in run(tmp_path, "export", "demo", "--iamc", code=1)
    assert "is no result" in run(tmp_path, "export", "nowhere", "--iamc", code=1)
    assert "is no result of plan" in run(tmp_path, "export", "run/iamc", "--iamc", code=1)
    for out, told in (
        ("file", "file is a file; name a folder"),
        ("file/inside", "cannot be written: Not a directory"),
        ("x" * 300, "cannot be written: File name too long"),
    ):
        assert told in run(tmp_path, "export", "run", "--iamc", "--out", out, code=1)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    with (stored / "levers.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    said = run(tmp_path, "export", "run", "--parquet", "--out", "other", code=1)
    assert "levers.csv was changed after it was written" in said
    assert not (tmp_path / "other").exists()


def test_a_full_disk_leaves_the_old_export(
    tcc: Result, iamc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name: (iamc / name).stat().st_mtime_ns for name in everything(iamc)}
    calls = []

    def full(number: int) -> None:
        calls.append(number)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResultError, match=r"No space left on device; what stood there before"):
        write_iamc(tcc, iamc)
    assert {name: (iamc / name).stat().st_mtime_ns for name in everything(iamc)} == before
    assert [p.name for p in iamc.parent.iterdir()] == ["iamc"]
