"""The group of ``group_case`` with routes, power of its own, stages, products and a decided output.

A second plant, ``oven``, closes its kiln after 2023; the group's consolidation changes in 2022.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.tools.group_case import SETTINGS, TABLES

LINKED_SETTINGS = SETTINGS.replace(
    'consolidation = "equity"',
    'base_years = "recalculated"\nconsolidation = { 2020 = "equity", 2022 = "control" }',
)
LINKED: Mapping[str, tuple[str, ...]] = {
    "sites": ("oven,Oven,,north,100,yes,60,1.5,1.6,integrated",),
    "series": (
        *("oven,cement,,kt,500,500,400", "oven,power_clinker,,kWh/t,60,60,50"),
        *("oven,capture_heat,,GJ/t,2,2,2", "oven,capture_power,,kWh/t,100,100,100"),
        "oven,captured_biogenic_share,,%,10,10,20",
    ),
    "plan": (
        "oven,heat_intensity,,GJ/t,4,3.5,3",
        "kiln/cem2,addition,slag,%,40,40,40",
        "oven,clinker_moved,oven_mill,kt,0,10,20",
        "kiln,own_power,turbine,GWh,1,1,1",
    ),
    "bounds": (
        "oven_best,heat_intensity,,oven,min,GJ/t,3,3,technical,,medium",
        "oven_buys,clinker_bought,,oven,max,kt,300,300,market,,low",
        "output,cement,,kiln+oven,fixed,kt,1400,1600,market,,high",
        "oven_most,cement,,oven,max,kt,800,800,technical,,high",
        "slag_most,addition,slag,group/cem2,max,%,50,50,standard,,high",
        "moved,clinker_moved,all,north,rise_max,kt/yr,50,50,technical,,low",
        "own_most,own_power,turbine,kiln,max,%,20,20,technical,,low",
        "grid_least,grid_power,,group,min,%,10,10,technical,,low",
    ),
    "routes": (
        "route,from,to,unit,2022,2024,kind,confidence,transport [kg/t],loss [%],name",
        "kiln_mill,kiln,mill,kt,100,200,technical,high,5,1,Rail",
        "oven_mill,oven,mill,kt,50,50,technical,low,,,",
    ),
    "generators": (
        "generator,site,fuel,heat_rate [GJ/MWh],unit,2023,2024,kind,confidence,doubt [%]",
        "turbine,kiln,coal,10,GWh,20,20,technical,medium,10",
    ),
    "stages": (
        "site,from,kind,equity [%],control",
        "oven,2024,grinding,,",
        "mill,2023,,80,yes",
    ),
    "products": (
        "product,name,name_zh,place,unit,2020,2022,2024",
        "cem1,Portland cement,波特蘭水泥,north,%,70,70,60",
        "cem2,Blended cement,混合水泥,north,%,30,30,40",
        "cem1,,,mill,kt,0,0,0",
        "cem2,,,mill,kt,400,400,500",
    ),
}

# Lines with which the group needs CCUS, sends clinker to the mill and burns coal for power.
LIMITED: Mapping[str, tuple[str, ...]] = {
    "bounds": (
        "supply,clinker_moved,kiln_mill,kiln,min,kt,,50,market,,medium",
        "backup,own_power,turbine,kiln,min,GWh,,5,technical,,medium",
        "wastes,fuel,alternative,group,max,%,45,45,market,,medium",
        "ash_most,alternative_raw,ash,north,max,%,10,10,market,,medium",
        "oven_heat,heat_intensity,,oven,max,GJ/t,4,4,technical,,medium",
        "kiln_heat,heat_intensity,,kiln,max,GJ/t,4,4,technical,,medium",
        "steam,waste_heat_power,,north,max,kWh/t,25,25,technical,,medium",
        "clay_most,addition,clay,north,max,%,5,5,market,,medium",
        "plain,addition,slag,group/cem1,max,%,5,5,standard,,high",
        "sun,renewable_power,,group,max,%,20,20,technical,,medium",
        "kiln_most,cement,,kiln,max,kt,1300,1300,technical,,high",
    ),
    "targets": (
        "cut,group,1,absolute,line,% below base,20,50",
        "cut_power,group,1+2,intensity,points,% below base,,40",
    ),
}


def write_linked(
    folder: Path,
    add: Mapping[str, Iterable[str]] | None = None,
    swap: Mapping[str, str] | None = None,
) -> Path:
    """The case in a folder, with lines added to its tables and texts swapped in any file.

    Source and status are the same for all lines. A text that is not found fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {"case.toml": LINKED_SETTINGS}
    for table in {**TABLES, **LINKED}:
        lines = [*TABLES.get(table, "").strip().splitlines(), *LINKED.get(table, ())]
        header, *rows = [*lines, *(add or {}).get(table, ())]
        whole = [f"{header},source,status", *(f"{row},hand,assumed" for row in rows)]
        files[f"{table}.csv"] = "\n".join(whole) + "\n"
    for old, new in (swap or {}).items():
        assert any(old in text for text in files.values()), old
        files = {name: text.replace(old, new) for name, text in files.items()}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
