"""Regions of an IAMC export added up as nomenclature does it, from the attributes it exports.

nomenclature 0.32 needs pandas below 3 and so cannot stand among what kilnpath is tested with; its
documented rule is applied here with pandas (user guide, "Variable"; pyam, ``aggregate_region``):
what skips region aggregation is left out, a weight gives Σ weight·value / Σ weight and a row
without one is an error, all else is summed. ``tests/tools/iamc_with_pyam.py`` does the same with
nomenclature itself, with the same numbers.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd


def rules(folder: Path) -> dict[str, dict[str, Any]]:
    lines = [
        line.removeprefix("- ")
        for file in sorted((folder / "definitions/variable").iterdir())
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return {name: about for line in lines for name, about in json.loads(line).items()}


def series(folder: Path) -> pd.Series:
    """Value by scenario, variable, region and year."""
    table = pd.read_csv(folder / "data.csv").drop(columns=["Model", "Unit"])
    keys = ["Scenario", "Variable", "Region"]
    tidy = table.melt(id_vars=keys, var_name="Year").dropna()
    return (
        tidy.assign(Year=tidy["Year"].astype(int)).set_index([*keys, "Year"])["value"].sort_index()
    )


def aggregated(folder: Path, regions: Collection[str]) -> pd.Series:
    """What nomenclature makes of some regions together, by scenario, variable and year."""
    data = series(folder)
    chosen = data[data.index.get_level_values("Region").isin(list(regions))]
    by, found = ["Scenario", "Year"], {}
    there = {*chosen.index.get_level_values("Variable")}
    for name, about in rules(folder).items():
        if about.get("skip-region-aggregation") or name not in there:
            continue
        values = chosen.xs(name, level="Variable")
        if "weight" in about:
            weights = chosen.xs(about["weight"], level="Variable").reindex(values.index)
            assert not weights.isna().any(), name  # pyam: "Missing weights for the following rows"
            total = weights.groupby(by).sum()
            values = (values * weights).groupby(by).sum() / total.where(total > 0)
        else:
            values = values.groupby(by).sum()
        found[name] = values.dropna()
    return pd.concat(found, names=["Variable"])
