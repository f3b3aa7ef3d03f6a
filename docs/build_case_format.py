"""Writes ``docs/case-format.md`` from the readers' own tables, whenever they change."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from model.case import (
    BoundKind,
    Confidence,
    FuelKind,
    Metric,
    Objective,
    Scope,
    Second,
    Sense,
    SiteKind,
    Status,
)
from model.levers import LEVERS, change_dimensions, level_dimensions
from model.read_bounds import COLUMNS as BOUND_COLUMNS
from model.read_plan import COLUMNS as PLAN_COLUMNS
from model.read_plan import PLANNED
from model.read_sectors import COLUMNS as SECTOR_COLUMNS
from model.read_series import COLUMNS as SERIES_COLUMNS
from model.read_series import QUANTITIES
from model.read_sites import FUEL_CLASSES, FUEL_COLUMNS, MATERIAL_COLUMNS, SITE_COLUMNS
from model.read_targets import COLUMNS as TARGET_COLUMNS
from model.sda import MarketShare
from model.settings import AccountingSettings, Settings
from model.units import UNITS, Dimension

PAGE = Path(__file__).parent / "case-format.md"


def _either(kinds: Iterable[str]) -> str:
    return ", ".join(f"`{kind}`" for kind in kinds)


MEANINGS = {
    "site": "id of the site",
    "fuel": "id of the fuel",
    "material": "id of the material",
    "id": "stable id, by which results and commands name the line; shared by bounds and targets",
    "name": "name in English",
    "name_zh": "name in Traditional Chinese; the English one where empty",
    "region": "id of the region",
    "equity": "equity share of the group",
    "control": "`yes` or `no`: whether the group controls the site",
    "clinker_cao": "CaO in clinker; only for `integrated`",
    "clinker_mgo": "MgO in clinker; only for `integrated`",
    "raw_per_clinker": "raw meal per clinker; only for `integrated`",
    "source": "where the numbers come from; never empty",
    "status": f"how they came to be: {_either(Status)}",
    "heating_value": "lower heating value, wet basis; empty where the fuel is not weighed",
    "co2_factor": "CO2 per heat, fossil and biogenic together",
    "biomass_fraction": "part of that CO2, and of the heat, that is biogenic",
    "use": "`alternative_raw` or `addition`",
    "cao": "CaO that does not come from carbonates",
    "mgo": "MgO that does not come from carbonates",
    "moisture": "water in the material as used",
    "co2": "own CO2 of an addition, on site",
    "heat": "own heat of an addition, on site, from the site's fuels",
    "power": "own power of an addition, on site",
    "place": "a site, a region or `group`; in bounds and targets also several joined by `+`",
    "quantity": "see the table below",
    "which": "which fuel, material or kind of capture, where the lever or quantity has several",
    "unit": "unit of the numbers under the year columns",
    "lever": "see the table of levers",
    "sense": _either(Sense),
    "expires": "last year in which the bound holds; empty: to the end of the case",
    "confidence": f"{_either(Confidence)}",
    "scope": _either(Scope),
    "metric": f"{_either(Metric)} (`intensity`: per t cementitious product)",
    "form": "`points`: the years given; `line`: also the years between, on straight lines",
}
SECTOR_MEANINGS = {
    "sector": "name of the sector pathway",
    "quantity": "`emissions` or `activity` (cementitious product)",
}
KINDS = {
    "sites.csv": _either(SiteKind),
    "fuels.csv": _either(FuelKind),
    "materials.csv": "a word of your own, by which bounds may name several (`slag`, `fly_ash`, …)",
    "bounds.csv": _either(BoundKind),
}
SETTINGS = {
    "base_year": "the year that targets are compared with",
    "inventory_year": "the last year known from an inventory; the pathway starts the year after",
    "final_year": "the last year of the pathway",
    "objective": f"{_either(Objective)}: CCUS over all years, in the last, in the largest",
    "then": f"{_either(Second)}: the steadiest such pathway, or the nearest to `plan.csv`",
    "names": "`en` and `zh-Hant`: names of the case",
    "company": "optional: `en` and `zh-Hant`, the company's name in target statements",
    "regions": "optional: for each region id `en` and `zh-Hant`",
    "accounting": "a table with the switches below",
    "consolidation": "`equity`: by equity share; `control`: controlled sites whole, others not",
    "captured_biogenic_counts": "whether captured biogenic CO2 is deducted from scope 1",
    "captured_use_counts": "whether CO2 captured for use is deducted from scope 1",
}
INTRO = """# The case format
Made by `python docs/build_case_format.py` from the readers' own tables; a test compares.

A case is a folder with `case.toml` and the CSV files below, or one `.xlsx` workbook with sheets of
the same names (`case` with the columns `key` and `value`, nested keys as `names.en`). CSV files are
UTF-8; a line that starts with `#` is a comment; a column `note` is allowed everywhere.

Wide tables have a column per year. A gap between two years is interpolated on a straight line, a
gap at an end is a fault. Every number has a unit, in its column's header as `cao [%]` or in the
column `unit`, and every row a source and a status. All faults are told at once:
`kilnpath check my-case`.
"""


def _table(columns: Mapping[str, Dimension | None], file: str) -> list[str]:
    lines = ["| column | unit | what |", "|---|---|---|"]
    for column, dimension in columns.items():
        what = KINDS.get(file, "") if column == "kind" else MEANINGS.get(column, "")
        if file == "sectors.csv":
            what = SECTOR_MEANINGS.get(column, what)
        shown = f"`[{dimension}]` or another of its kind" if dimension else ""
        lines.append(f"| `{column}` | {shown} | {what} |")
    return lines


def _units(dimensions: Iterable[Dimension]) -> str:
    wanted = set(dimensions)
    return ", ".join(str(d) for d in Dimension if d in wanted)


def page() -> str:
    """The whole page."""
    parts = [INTRO, "## case.toml", "| key | what |", "|---|---|"]
    keys = [*Settings.model_fields, *AccountingSettings.model_fields]
    parts += [f"| `{key}` | {SETTINGS[key]} |" for key in keys]
    parts += ["", "## sites.csv", *_table(SITE_COLUMNS, "sites.csv")]
    parts += ["", "## fuels.csv", *_table(FUEL_COLUMNS, "fuels.csv")]
    parts += [
        "",
        "Every kind but `fossil` is an alternative fuel. Hydrogen and electric heat have the",
        "factor 0; electric heat adds to the power demand.",
        "",
        "## materials.csv",
        *_table(MATERIAL_COLUMNS, "materials.csv"),
    ]
    parts += ["", "## series.csv", *_table(SERIES_COLUMNS, "series.csv"), "| years | | from |"]
    parts[-1] = "| `2016`, `2017`, … | | from the base year to the final year |"
    parts += [
        "",
        "The line of a site goes before that of its region, and that before the group's. Amounts",
        "are given for single sites only. What is left out where it may be is none; but where",
        "clinker or cement is bought without its `bought_…_co2`, its scope 3 is *not given*. For",
        "what comes from sites of the group itself, write 0: its CO2 is theirs already.",
        "",
        "| quantity | in | needed by | may stand for | what |",
        "|---|---|---|---|---|",
    ]
    for name, spec in QUANTITIES.items():
        needed, allowed = ", ".join(spec.needed) or "–", ", ".join(spec.allowed)
        parts.append(f"| `{name}` | {spec.dimension} | {needed} | {allowed} | {spec.meaning} |")
    parts += ["", "## bounds.csv", *_table(BOUND_COLUMNS, "bounds.csv")]
    parts += [
        "",
        "A bound holds from its first year on. It limits whole plants, whoever owns them. Values",
        "end with the case, or with the year in `expires`.",
        "",
        "Over several sites a bound limits their total, and not each of them: what must hold in",
        "every site needs a row for every site. Clinker bought by a grinding station carries no",
        "CO2 in the group's scope 1, so limit the station's `clinker_bought`, or its",
        "`clinker_ratio` from above.",
        "",
        "| lever | what | a level in | a yearly change in | `which` |",
        "|---|---|---|---|---|",
    ]
    for name, lever in LEVERS.items():
        which = {
            "fuel": f"a fuel, or {_either(FUEL_CLASSES)}",
            "addition": "an addition, a kind of them, or `all`",
            "alternative_raw": "a raw material, a kind of them, or `all`",
            "capture": "`storage`, `use` or `all`",
        }.get(lever.selects, "–")
        level, change = _units(level_dimensions(lever)), _units(change_dimensions(lever))
        parts.append(f"| `{name}` | {lever.meaning} | {level} | {change} | {which} |")
    parts += [
        "",
        "`biomass` is biomass fuels and the biomass fraction of mixed ones. Every kiln needs a",
        "least `heat_intensity` in every year of the horizon.",
        "",
        "## targets.csv",
        *_table(TARGET_COLUMNS, "targets.csv"),
        "",
        "`% below base` is against the base year of the same boundary, `% below frozen` against",
        "what base-year levers would emit in that year. A cell `sda` lets the Sectoral",
        "Decarbonization Approach compute an intensity from the base-year inventory; two optional",
        "columns are for it:",
        "",
        "| column | what |",
        "|---|---|",
        "| `sector` | a sector pathway of sectors.csv; empty: the 1.5 °C anchors of scope 1 |",
        f"| `market_share` | {_either(MarketShare)}; empty: `fixed`. See the mathematics |",
        "",
        "## sectors.csv (optional)",
        *_table(SECTOR_COLUMNS, "sectors.csv"),
        "| `licence` | | optional: on what terms the table may be used |",
        "",
        "A sector pathway has a row of `emissions` and one of `activity` for each scope, in any",
        "years (straight lines between them, level before the first); intensity is their ratio;",
        "the last year is that of convergence. Put the table of the tool you hold here.",
        "",
        "## plan.csv (optional)",
        *_table(PLAN_COLUMNS, "plan.csv"),
        "",
        f"Levers: {_either(PLANNED)}. `which` names one fuel, material, `storage` or `use`.",
        "Each covers the base year to the inventory year; all, or none, go on to the final year.",
        "Additions, raw materials and fuels are shares (of cement, raw meal, heat) or, for a site,",
        "amounts; one fuel of every kiln has the unit `rest` and takes what the others leave. The",
        "clinker ratio is 1 less the additions.",
        "",
        "## Units",
        "| measures | accepted |",
        "|---|---|",
    ]
    for dimension in Dimension:
        units = ", ".join(f"`{unit}`" for unit, (of, _) in UNITS.items() if of is dimension)
        parts.append(f"| {dimension.name.lower().replace('_', ' ')} | {units} |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
