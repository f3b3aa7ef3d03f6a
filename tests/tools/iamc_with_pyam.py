"""Loads an IAMC export with pyam, validates and aggregates it with nomenclature, draws it.

Not part of pytest, which applies nomenclature's rule with pandas (``test_iamc_aggregation``).

In an environment of its own, as both are large: pip install -e ".[exchange-check]", then
kilnpath plan cases/tcc-2024 --out out --iamc
python -m tests.tools.iamc_with_pyam out/iamc chart.png
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib as mpl
import pyam  # type: ignore[import-not-found]
from nomenclature import (  # type: ignore[import-not-found]
    DataStructureDefinition,
    RegionProcessor,
)

mpl.use("Agg")

NET = "Emissions|Kyoto Gases|Energy and Industrial Processes"
CEMENT = "Production|Non-Metallic Minerals|Cement"
SCOPE1 = "kilnpath|Emissions|Scope 1"
SUMS = ("Production|*", "Emissions|*", "Carbon Capture*", "Final Energy|*", "kilnpath|Emissions|*")


def main(folder: Path, chart: Path) -> None:
    data = pyam.IamDataFrame(folder / "data.csv")
    print(data)
    definitions = DataStructureDefinition(folder / "definitions")
    definitions.validate(data)
    print(f"valid: {len(definitions.variable)} variables, {len(definitions.region)} regions")
    refused(definitions, data.rename(variable={NET: "Emissions|CO2e"}), "another variable")
    refused(definitions, data.rename(unit={"EJ/yr": "GJ"}), "another unit")
    refused(definitions, data.rename(region={data.region[0]: "Elsewhere"}), "another region")
    sums(data)
    aggregates(folder, data)
    draw(data, chart)


def refused(definitions: DataStructureDefinition, data: pyam.IamDataFrame, why: str) -> None:
    try:
        definitions.validate(data)
    except Exception as error:  # a group of faults
        print(f"{why}: refused ({type(error).__name__})")
    else:
        raise SystemExit(f"{why} was not refused")


def sums(data: pyam.IamDataFrame) -> None:
    """Regions add up to the group, sources to scope 1, storage and use to what is captured."""
    group = group_of(data)
    regions = [r for r in data.region if r.startswith(f"{group}|") and r.count("|") == 1]
    regions = [r for r in regions if r in data.filter(variable=NET).region]
    for variable in data.filter(variable=list(SUMS), region=regions).variable:
        off = data.check_aggregate_region(variable, region=group, subregions=regions)
        print(f"{variable}: {'regions add up to the group' if off is None else off}")
    sources = data.filter(variable=f"{SCOPE1}|*").variable
    print(f"sources add up to scope 1: {data.check_aggregate(NET, components=sources) is None}")
    found = data.filter(scenario="* pathway *")
    parts = ["Carbon Capture|Geological Storage", "Carbon Capture|Utilization"]
    print(f"captured: {found.check_aggregate('Carbon Capture', components=parts) is None}")


def aggregates(folder: Path, data: pyam.IamDataFrame) -> None:
    """Ratios of all whole sites together, as a model comparison would make one region of them."""
    group = group_of(data)
    sites = [r for r in data.filter(variable=CEMENT).region if not r.startswith(group)]
    with TemporaryDirectory() as name:
        project = Path(name)
        shutil.copytree(folder / "definitions", project / "definitions")
        (project / "definitions/region/common.yaml").write_text("- common:\n    - All sites\n")
        lines = [f"    - {site}\n" for site in sites]
        mapping = f"model: {data.model[0]}\nnative_regions:\n{''.join(lines)}"
        mapping += f"common_regions:\n  - All sites:\n{''.join(lines)}"
        (project / "mappings").mkdir()
        (project / "mappings/sites.yaml").write_text(mapping, encoding="utf-8")
        definitions = DataStructureDefinition(project / "definitions")
        processor = RegionProcessor.from_directory(project / "mappings", definitions)
        found = processor.apply(data.filter(region=sites)).filter(region="All sites").data
    last = found[(found["year"] == found["year"].max()) & found["unit"].isin(("%", "GJ/t"))]
    print(last[["scenario", "variable", "unit", "value"]].to_string(index=False))


def group_of(data: pyam.IamDataFrame) -> str:
    return next(str(r) for r in data.region if r.endswith(" (consolidated)"))


def draw(data: pyam.IamDataFrame, chart: Path) -> None:
    shown = data.filter(variable=NET, region=group_of(data))
    axes = shown.plot(color="scenario", title="Net scope 1 of the group")
    axes.figure.savefig(chart, dpi=110, bbox_inches="tight")
    print(f"drawn: {chart}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
