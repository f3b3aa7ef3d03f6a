"""Writes a case with many sites or many bounds, for timing. All numbers are invented and marked so.

``python -m benchmarks.generated_case FOLDER SITES [BOUNDS]`` writes one.
"""

import random
import shutil
import sys
from pathlib import Path

FUELS = """fuel,name,name_zh,kind,heating_value [GJ/t],co2_factor [kg/GJ],biomass_fraction [%],\
source,status
coal,Coal,燃煤,fossil,25.8,94.6,0,invented,assumed
petcoke,Petroleum coke,石油焦,fossil,32.5,97.5,0,invented,assumed
gas,Natural gas,天然氣,fossil,48,56.1,0,invented,assumed
oil,Waste oil,廢油,fossil_waste,40.2,73.3,0,invented,assumed
rdf,Refuse-derived fuel,廢棄物衍生燃料,mixed_waste,15,90,40,invented,assumed
wood,Wood,木材,biomass,15.6,112,100,invented,assumed
sludge,Sludge,污泥,biomass,10,110,100,invented,assumed
hydrogen,Hydrogen,氫能,hydrogen,120,0,0,invented,assumed
"""
MATERIALS = (
    "material,name,name_zh,use,kind,cao [%],mgo [%],moisture [%],co2 [t/t],heat [GJ/t],"
    "power [kWh/t],source,status\n"
    "steel_slag,Steel slag,鋼碴,alternative_raw,slag,40,8,10,0,0,0,invented,assumed\n"
    "ash,Ash,灰,alternative_raw,ash,20,2,15,0,0,0,invented,assumed\n"
    "slag,Slag,爐石粉,addition,slag,0,0,0,0,0,25,invented,assumed\n"
    "fly_ash,Fly ash,飛灰,addition,fly_ash,0,0,0,0,0,5,invented,assumed\n"
    "clay,Calcined clay,煅燒黏土,addition,calcined_clay,0,0,0,0,2.6,30,invented,assumed\n"
    "limestone,Limestone,石灰石粉,addition,limestone,0,0,0,0,0,5,invented,assumed\n"
)
SETTINGS = """base_year = 2020
inventory_year = 2022
final_year = 2050
objective = "cumulative"
then = "steady"
[names]
en = "Generated"
zh-Hant = "產生的案例"
[accounting]
consolidation = "equity"
captured_biogenic_counts = true
captured_use_counts = false
"""
END = "invented,assumed"
_BOUND_END = "technical,invented,,assumed,medium"
_SITES_OF_RISE = 45  # up to which a group's capture may rise by 2.5 Mt a year; more need more
_WIDE = (  # bounds that hold nothing back: lever, which, sense, unit, least value
    ("fuel", "petcoke", "rise_max", "PJ/yr", 900),
    ("capture", "storage", "rise_max", "Mt/yr", 900),
    ("addition", "slag", "fall_max", "Mt/yr", 900),
    ("fuel", "coal", "max", "PJ", 900),
    ("waste_heat_power", "", "fall_max", "TWh/yr", 900),
    ("alternative_raw", "steel_slag", "max", "Mt", 900),
)


def write_case(folder: Path, sites: int, seed: int = 1, bounds: int = 0, routes: int = 0) -> Path:
    """A case of ``sites`` plants (one in five a grinding station) in regions of five.

    bounds: how many it has at least; those beyond what it has anyhow hold nothing back. They are of
    a site, of two, of a region and, one in a thousand, of the group. routes: on which clinker may
    go from a plant to another site.
    """
    rng = random.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    kinds = ["grinding" if n % 5 == 4 else "integrated" for n in range(sites)]
    regions = sorted({f"region{n // 5}" for n in range(sites)})
    tables = {
        "sites.csv": _sites(kinds, rng),
        "series.csv": _series(kinds, regions, rng),
        "plan.csv": _plan(regions, rng),
        "bounds.csv": _bounds(kinds, regions, rng),
        "targets.csv": _targets(),
    }
    tables["bounds.csv"] += _wide_bounds(kinds, bounds - len(tables["bounds.csv"]) + 1, rng)
    if routes:
        tables["routes.csv"] = _routes(kinds, routes, random.Random(f"routes {seed}"))
    (folder / "case.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "fuels.csv").write_text(FUELS, encoding="utf-8")
    (folder / "materials.csv").write_text(MATERIALS, encoding="utf-8")
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _sites(kinds: list[str], rng: random.Random) -> list[str]:
    lines = [
        "site,name,name_zh,region,kind,equity [%],control,clinker_cao [%],clinker_mgo [%],"
        "raw_per_clinker [t/t],source,status"
    ]
    for n, kind in enumerate(kinds):
        chemistry = f"{rng.uniform(64, 66):.2f},2,1.55" if kind == "integrated" else ",,"
        lines.append(f"s{n},Site {n},廠{n},region{n // 5},{kind},100,yes,{chemistry},{END}")
    return lines


def _series(kinds: list[str], regions: list[str], rng: random.Random) -> list[str]:
    lines = ["place,quantity,which,unit,2020,2022,2050,source,status"]
    for n, kind in enumerate(kinds):
        cement = rng.uniform(500, 3000)
        lines.append(f"s{n},cement,,kt,{cement:.1f},{cement:.1f},{cement * 0.7:.1f},{END}")
        if kind == "integrated":
            lines.append(f"s{n},clinker_sold,,kt,100,100,50,{END}")
    for region in regions:
        lines += [
            f"{region},power_clinker,,kWh/t,{rng.uniform(60, 70):.1f},64,58,{END}",
            f"{region},power_cement,,kWh/t,{rng.uniform(35, 45):.1f},40,35,{END}",
            f"{region},grid_factor,,t/MWh,{rng.uniform(0.4, 0.7):.3f},0.5,0.1,{END}",
            f"{region},capture_heat,,GJ/t,0.4,0.4,0.4,{END}",
            f"{region},capture_power,,kWh/t,220,220,220,{END}",
        ]
    return lines


def _plan(regions: list[str], rng: random.Random) -> list[str]:
    lines = ["place,lever,which,unit,2020,2022,2050,source,status"]
    for region in regions:
        lines += [
            f"{region},addition,slag,%,{rng.uniform(8, 14):.2f},12,15,{END}",
            f"{region},addition,limestone,%,5,5,8,{END}",
            f"{region},alternative_raw,steel_slag,%,{rng.uniform(1, 4):.2f},3,6,{END}",
            f"{region},heat_intensity,,GJ/t,{rng.uniform(3.4, 3.7):.3f},3.5,3.2,{END}",
            f"{region},fuel,coal,rest,,,,{END}",
            f"{region},fuel,rdf,%,5,8,30,{END}",
            f"{region},waste_heat_power,,kWh/t,20,22,30,{END}",
            f"{region},renewable_power,,%,0,2,40,{END}",
            f"{region},capture,storage,%,0,0,70,{END}",
        ]
    return lines


def _bounds(kinds: list[str], regions: list[str], rng: random.Random) -> list[str]:
    lines = ["id,lever,which,place,sense,unit,2023,2030,2050,kind,source,expires,status,confidence"]

    def add(*cells: object) -> None:
        lines.append(",".join(map(str, cells)) + f",{_BOUND_END}")

    for n, kind in enumerate(kinds):
        if kind == "integrated":
            add(f"ratio_{n}", "clinker_ratio", "", f"s{n}", "min", "%", 75, 70, 60)
            add(f"heat_{n}", "heat_intensity", "", f"s{n}", "min", "GJ/t", 3.3, 3.2, 3.0)
            add(f"heat_top_{n}", "heat_intensity", "", f"s{n}", "max", "GJ/t", 3.8, 3.8, 3.8)
            fuel = rng.uniform(30, 60)
            add(f"fuel_{n}", "fuel", "alternative", f"s{n}", "max", "%", 15, 30, f"{fuel:.1f}")
            add(f"rdf_rise_{n}", "fuel", "rdf", f"s{n}", "rise_max", "TJ/yr", 300, 300, 300)
            add(f"raw_{n}", "alternative_raw", "all", f"s{n}", "max", "%", 8, 10, 15)
            add(f"capture_{n}", "capture", "all", f"s{n}", "max", "%", 0, 20, 92)
            add(f"whr_{n}", "waste_heat_power", "", f"s{n}", "max", "kWh/t", 30, 32, 35)
            add(f"gas_{n}", "fuel", "gas", f"s{n}", "max", "%", 5, 10, 20)
        else:  # as much as its cement, which holds nothing back
            add(f"buys_{n}", "clinker_bought", "", f"s{n}", "max", "kt", 3000, 3000, 3000)
    for region in regions:
        add(f"slag_{region}", "addition", "slag", region, "max", "kt", 1500, 1400, 900)
        add(f"ash_{region}", "addition", "fly_ash", region, "max", "kt", 300, 250, 100)
        add(f"clay_{region}", "addition", "clay", region, "max", "%", 1, 5, 20)
        add(f"stone_{region}", "addition", "limestone", region, "max", "%", 6, 8, 10)
        add(f"biomass_{region}", "fuel", "biomass", region, "max", "%", 10, 15, 30)
        add(f"renewable_{region}", "renewable_power", "", region, "max", "%", 10, 30, 70)
        add(f"h2_{region}", "fuel", "hydrogen", region, "max", "%", 0, 1, 8)
    rise = f"{2.5 * max(1.0, len(kinds) / _SITES_OF_RISE):.4g}"
    add("capture_rise", "capture", "all", "group", "rise_max", "Mt/yr", rise, rise, rise)
    return lines


def _wide_bounds(kinds: list[str], count: int, rng: random.Random) -> list[str]:
    """Rows of bounds that hold nothing back."""
    kilns = [n for n, kind in enumerate(kinds) if kind == "integrated"]
    lines = []
    for n in range(count):
        lever, which, sense, unit, least = _WIDE[n % len(_WIDE)]
        one, two = rng.choice(kilns), rng.choice(kilns)
        places = (f"s{one}", f"s{one}+s{two}", f"region{one // 5}")
        place = "group" if n % 1000 == 999 else rng.choice(places)
        values = ",".join(f"{rng.uniform(least, least + 99):.3f}" for _ in range(3))
        lines.append(f"wide_{n},{lever},{which},{place},{sense},{unit},{values},{_BOUND_END}")
    return lines


def _routes(kinds: list[str], count: int, rng: random.Random) -> list[str]:
    """Routes between pairs of sites, none twice; each begins at a plant."""
    kilns = [n for n, kind in enumerate(kinds) if kind == "integrated"]
    pairs = [(n, to) for n in kilns for to in range(len(kinds)) if n != to]
    lines = ["route,from,to,unit,2023,2050,transport [kg/t],loss [%],kind,source,status,confidence"]
    for n, to in rng.sample(pairs, count):
        most, loss = rng.uniform(50, 300), rng.uniform(0.1, 1)
        limits = f"{most:.1f},{most:.1f},{rng.uniform(2, 20):.1f},{loss:.2f}"
        lines.append(f"r{n}_{to},s{n},s{to},kt,{limits},technical,{END},medium")
    return lines


def _targets() -> list[str]:
    return [
        "id,place,scope,metric,form,unit,2030,2050,source,status",
        f"scope1,group,1,intensity,line,t/t,0.5,0.06,{END}",
        f"scope2,group,2,intensity,line,t/t,0.03,0.01,{END}",
    ]


if __name__ == "__main__":
    where, count, *more = sys.argv[1:]
    print(write_case(Path(where), int(count), bounds=int(more[0]) if more else 0))
