"""Writes a result in the wide format of the IAMC, with definitions, for pyam and nomenclature.

Numbers are those of the tables. The only arithmetic is a change of unit by an exact factor, and
the sum of rows that belong to the same variable, region and year: sites (consolidated, by the
group's share) into regions and the group, sources into scope 1, fuels into energy carriers.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd

from kilnpath.export.iamc_regions import (
    GROUP,
    by_share,
    plain,
    plain_names,
    region_names,
    with_boundaries,
)
from kilnpath.export.iamc_variables import (
    ANY,
    CARRIERS,
    CARRIERS_BY_KIND,
    EMISSIONS,
    FACTORS,
    INTENSITIES,
    LEVERS,
    LEVERS_OF_PRODUCTS,
    PATHWAY,
    STANDARD,
    TARGETS,
    Variable,
    Variables,
)
from kilnpath.result.derive import write_made_folder
from kilnpath.result.kept import Kept
from kilnpath.result.read import Result
from kilnpath.result.write import csv_files
from model.case.places import PRODUCT

_INDEX = ["model", "scenario", "region", "variable", "unit"]
_ROW = ["scenario", "place", "year"]
_KINDS = {  # quantity or lever -> what its parts are, where they are no materials
    **dict.fromkeys(("heat", "fuel"), "fuel"),
    **dict.fromkeys(("clinker_sent", "clinker_received"), "route"),
    **{"own_power": "generator", "product_cement": "product"},
}
Entry = tuple[Variable, pd.DataFrame]


def write_iamc(result: Result, folder: Path) -> Kept:
    """Writes ``data.csv`` and the definitions that it validates against; gives what was kept.

    Raises ``ResultError``.
    """
    used, rows = _rows(result)
    places = with_boundaries(region_names(result), {*rows["place"]})
    data = rows.assign(
        model=f"kilnpath {result.manifest['versions']['kilnpath']}",
        scenario=rows["scenario"].map(scenario_names(result)),
        region=rows["place"].map(places),
    )
    wide = data.pivot(index=_INDEX, columns="year", values="value").sort_index().reset_index()
    wide.columns = [str(name).capitalize() for name in wide.columns]
    shown = {place: places[place] for place in rows["place"].unique()}
    sites = {*result.tables["pathway"]["site"]}
    files = {
        **csv_files({"data": wide}),
        **_variable_files(used),
        "definitions/region/kilnpath.yaml": _region_file(data["model"].iloc[0], shown, sites),
    }
    keys = ("case", "case_sha256", "scenario", "changes", "versions")
    manifest = {"kind": "iamc", **{key: result.manifest[key] for key in keys}}
    return write_made_folder(result, folder, files, manifest)


def scenario_names(result: Result) -> dict[str, str]:
    """Scenario of the tables -> scenario of the export, which tells case and run apart."""
    case = plain(" ".join((result.manifest["case"], result.manifest["scenario"])))
    run = plain(result.folder.resolve().name)
    own = {"reported": "reported", "plan": "plan", "baseline": "frozen baseline"}
    return {"pathway": f"{case} pathway {run}", **{k: f"{case} {v}" for k, v in own.items()}}


def fuels_without_carrier(result: Result) -> list[str]:
    """Fuels of which it is not known what carrier they are; with one, no carrier is exported."""
    table = result.tables["pathway"]
    fuels = table.loc[(table["quantity"] == "heat") & (table["which"] != "total"), "which"]
    return sorted({*fuels} - _carriers(result).keys())


def _carriers(result: Result) -> dict[str, tuple[Variable, ...]]:
    """What each fuel is a part of, where its kind or its id tells."""
    names = result.tables["names"]
    kinds = names[names["kind"] == "fuel"].set_index("id")["fuel_kind"]
    known = {
        str(fuel): CARRIERS_BY_KIND[kind]
        for fuel, kind in kinds.items()
        if kind in CARRIERS_BY_KIND
    }
    return {**CARRIERS, **known}


def _rows(result: Result) -> tuple[list[Variable], pd.DataFrame]:
    """The variables, and the values: scenario, place, variable, unit, year, value."""
    tables = result.tables
    pathway = tables["pathway"].assign(scenario="pathway")
    shares = by_share({*tables["pathway"]["site"]})
    consolidated = {
        name: tables[name].assign(place=tables[name]["place"].replace(shares))
        for name in ("intensities", "targets")
    }
    parts = [
        *_summed(pathway, ("quantity", "which"), _pathway_variables(result)),
        *_summed(tables["emissions"], ("scope", "source"), EMISSIONS),
        *_lever_rows(tables["levers"], tables["names"]),
        *_read(consolidated["intensities"], ("scope",), INTENSITIES),
        *_target_rows(consolidated["targets"]),
    ]
    used = sorted({variable for variable, _ in parts}, key=lambda variable: variable.name)
    rows = [part.assign(variable=v.name, unit=v.unit) for v, part in parts]
    return used, pd.concat(rows, ignore_index=True)


def _pathway_variables(result: Result) -> Variables:
    """The variables of quantities, with the carriers of fuels where all of them are known."""
    found = _named(PATHWAY, result.tables["names"])
    if not fuels_without_carrier(result):
        for fuel, carriers in _carriers(result).items():
            found["heat", fuel] = found.get(("heat", fuel), ()) + carriers
    return found


def _lever_rows(levers: pd.DataFrame, names: pd.DataFrame) -> Iterator[Entry]:
    """The ratios of the pathway, and the company's own, which are variables of their own.

    Those of a cement product stand in the region of its place: ``plant/cem2`` is of ``plant``.
    """
    parts = levers["place"].str.partition(PRODUCT)
    products = plain_names(names, "product")
    for product, rows in levers.assign(place=parts[0]).groupby(parts[2], sort=False):
        of_product = _named_of_product(names, products[str(product)]) if product else None
        named = of_product or _named(LEVERS, names)
        ours = rows["scenario"] == "pathway"
        yield from _read(rows[ours], ("lever", "which"), named)
        yield from _read(rows[~ours], ("lever", "which"), _of_company(named))


def _named_of_product(
    names: pd.DataFrame, product: str
) -> dict[tuple[str, ...], tuple[Variable, ...]]:
    """The ratios of one product, with a variable for each mineral addition."""
    found: dict[tuple[str, ...], tuple[Variable, ...]] = {}
    for (lever, which), several in LEVERS_OF_PRODUCTS.items():
        things = plain_names(names, "material") if which == ANY else {which: ""}
        for key, name in things.items():
            found.setdefault((lever, key), tuple(v.of(product, name) for v in several))
    return found


def _of_company(variables: Variables) -> Variables:
    return {key: tuple(v.of_company() for v in several) for key, several in variables.items()}


def _named(
    variables: Variables, names: pd.DataFrame
) -> dict[tuple[str, ...], tuple[Variable, ...]]:
    """Puts a variable of its own for every fuel, material and so on in the place of ``ANY``."""
    found = dict(variables)
    for (quantity, which), several in variables.items():
        if which == ANY:
            del found[quantity, which]
            for key, name in plain_names(names, _KINDS.get(quantity, "material")).items():
                found.setdefault((quantity, key), tuple(v.of(name) for v in several))
        elif which == ANY + PRODUCT + ANY:
            del found[quantity, which]
            for product, name in plain_names(names, "product").items():
                for key, material in plain_names(names, "material").items():
                    both = tuple(v.of(name, material) for v in several)
                    found[quantity, f"{product}{PRODUCT}{key}"] = both
    return found


def _read(
    table: pd.DataFrame, by: tuple[str, ...], variables: Variables
) -> Iterator[tuple[Variable, pd.DataFrame]]:
    """Each variable with its rows, in its unit."""
    for key, rows in table.groupby(list(by), sort=False):
        for variable in variables[tuple(str(part) for part in key)]:
            factors = [FACTORS[unit, variable.unit] for unit in rows["unit"]]
            yield variable, rows[_ROW].assign(value=rows["value"] * factors)


def _summed(
    table: pd.DataFrame, by: tuple[str, ...], variables: Variables
) -> Iterator[tuple[Variable, pd.DataFrame]]:
    """As ``_read``, of a table by site: whole at sites, consolidated in regions and the group."""
    shown = ["scenario", "year", "unit", *by]
    levels = [
        table.assign(place=table["site"]),
        table.assign(place=table["region"], value=table["consolidated"]),
        table.assign(place=GROUP, value=table["consolidated"]),
    ]
    tidy = pd.concat([level[["place", "value", *shown]] for level in levels])
    parts: dict[Variable, list[pd.DataFrame]] = {}
    for variable, rows in _read(tidy, by, variables):
        parts.setdefault(variable, []).append(rows)
    for variable, several in parts.items():
        rows = pd.concat(several)
        yield variable, rows.groupby(_ROW)["value"].sum().reset_index()


def _target_rows(targets: pd.DataFrame) -> Iterator[tuple[Variable, pd.DataFrame]]:
    for (target, metric), rows in targets.groupby(["target", "metric"], sort=False):
        for column, variable in TARGETS[str(metric)].items():
            one = rows.assign(scenario="pathway", value=rows[column], key="")
            yield from _read(one, ("key",), {("",): (variable.of(plain(str(target))),)})


def _variable_files(used: Iterable[Variable]) -> dict[str, bytes]:
    """The definitions of the standard variables in one file, of kilnpath's own in another."""
    standard, own = [], []
    for variable in used:
        entry: dict[str, str | bool] = {"description": variable.description, "unit": variable.unit}
        entry |= variable.rule
        if variable in STANDARD:
            entry["source"] = f"IAMconsortium/common-definitions, {STANDARD[variable]}"
            standard.append({variable.name: entry})
        else:
            own.append({variable.name: entry})
    return {
        "definitions/variable/common-definitions.yaml": _yaml(standard),
        "definitions/variable/kilnpath.yaml": _yaml(own),
    }


def _region_file(model: str, places: Mapping[str, str], sites: Collection[str]) -> bytes:
    """The definitions of the regions, below the model that they belong to."""
    said = {True: "A site as a whole", False: "Sites added up by the share of the group"}
    own = {key: site for site, key in by_share(sites).items()}
    entries = [
        {region: {"description": said[place in sites], "place": own.get(place, place)}}
        for place, region in sorted(places.items(), key=lambda item: item[1])
    ]
    return f"- {json.dumps(model)}:\n".encode() + _yaml(entries, "    ")


def _yaml(entries: Iterable[object], indent: str = "") -> bytes:
    """Entries in YAML, of which JSON is a part: one entry a line."""
    return "".join(f"{indent}- {json.dumps(e, ensure_ascii=False)}\n" for e in entries).encode()
