"""Kilns of 1 Mt of cement that nothing bounds but what a test says: cases of a few lines.

Base and inventory year 2024, horizon to 2027. Clinker has 65 % CaO and 2 % MgO.
"""

from collections.abc import Iterable
from pathlib import Path

from kilnpath.case.read import read_case
from model.case.types import Case

_END = "x,assumed"
_FUELS = """fuel,name,name_zh,kind,heating_value [GJ/t],co2_factor [kg/GJ],biomass_fraction [%]
coal,Coal,,fossil,25,96,0
wood,Wood,,biomass,15,100,100
eheat,Electric,,electric,,0,0"""
_SERIES = """group,power_clinker,,kWh/t,65,65
group,power_cement,,kWh/t,38,38
group,grid_factor,,t/MWh,0.5,0.4
group,capture_heat,,GJ/t,3,3
group,capture_power,,kWh/t,150,150"""
_PLAN = """place,lever,which,unit,2024
group,addition,slag,%,10
group,addition,lime,%,5
group,heat_intensity,,GJ/t,3.5
group,fuel,wood,%,2
group,fuel,coal,rest,"""
USUAL = {  # of each kiln, lever and which -> sense, unit, limit
    ("heat_intensity", ""): ("max", "GJ/t", 3.6),
    ("addition", "slag"): ("max", "%", 20),
    ("addition", "lime"): ("max", "%", 10),
    ("alternative_raw", "steel"): ("max", "%", 8),
    ("fuel", "wood"): ("max", "%", 15),
    ("fuel", "eheat"): ("max", "%", 0),
    ("waste_heat_power", ""): ("max", "kWh/t", 35),
    ("renewable_power", ""): ("max", "%", 40),
    ("capture", "all"): ("max", "%", 90),
    ("capture", "use"): ("max", "%", 0),
}


def bare_kilns(
    folder: Path,
    *,
    kilns: Iterable[tuple[str, int]] = (("k0", 100),),
    steel: str = "40,6,6",
    change: dict[tuple[str, str], tuple[str, str, float]] | None = None,
    bounds: Iterable[str] = ("least,heat_intensity,,group,min,GJ/t,3,3",),
    targets: Iterable[str] = ("t0,group,1,intensity,line,t/t,0.6,0.3",),
    series: Iterable[str] = (),
    biogenic_counts: bool = True,
) -> Case:
    """A case of kilns, each with its equity share [%].

    steel: CaO, MgO and moisture of the alternative raw material [%]; change: limits in place of
    ``USUAL``; bounds: further lines, with limits of 2025 and 2027; targets: with the same years;
    series: further lines, with numbers of 2024 and 2027.
    """
    folder.mkdir(parents=True, exist_ok=True)
    limits = {**USUAL, **(change or {})}
    register = [
        f"{lever}_{which or 'all'}_{kiln},{lever},{which},{kiln},{sense},{unit},{limit},{limit}"
        for kiln, _ in kilns
        for (lever, which), (sense, unit, limit) in limits.items()
    ]
    tables = {
        "sites": [
            "site,name,name_zh,region,kind,equity [%],control,clinker_cao [%],clinker_mgo [%],"
            "raw_per_clinker [t/t]",
            *(f"{kiln},{kiln},,r_{kiln},integrated,{e},yes,65,2,1.55" for kiln, e in kilns),
        ],
        "fuels": _FUELS.splitlines(),
        "materials": [
            "material,name,name_zh,use,kind,cao [%],mgo [%],moisture [%],co2 [t/t],heat [GJ/t],"
            "power [kWh/t]",
            "slag,Slag,,addition,slag,0,0,0,0,0,0",
            "lime,Limestone,,addition,filler,0,0,0,0,0,0",
            f"steel,Steel slag,,alternative_raw,s,{steel},0,0,0",
        ],
        "series": [
            "place,quantity,which,unit,2024,2027",
            *(f"{kiln},cement,,Mt,1,1" for kiln, _ in kilns),
            *_SERIES.splitlines(),
            *series,
        ],
        "bounds": [
            "id,lever,which,place,sense,unit,2025,2027,kind,expires,confidence",
            *(f"{line},technical,,low" for line in (*register, *bounds)),
        ],
        "targets": ["id,place,scope,metric,form,unit,2025,2027", *targets],
        "plan": _PLAN.splitlines(),
    }
    for name, (header, *lines) in tables.items():
        whole = [f"{header},source,status", *(f"{line},{_END}" for line in lines)]
        (folder / f"{name}.csv").write_text("\n".join(whole) + "\n", encoding="utf-8")
    (folder / "case.toml").write_text(
        "base_year = 2024\ninventory_year = 2024\nfinal_year = 2027\n"
        'objective = "cumulative"\nthen = "steady"\n[names]\nen = "Kilns"\nzh-Hant = ""\n'
        '[accounting]\nconsolidation = "equity"\ncaptured_use_counts = false\n'
        f"captured_biogenic_counts = {str(biogenic_counts).lower()}\n",
        encoding="utf-8",
    )
    return read_case(folder)
