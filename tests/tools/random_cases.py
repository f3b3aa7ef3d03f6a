"""Random small cases: the four sites of ``group_case`` with other numbers, bounds and targets.

They use every lever, sense and unit of the register, every way to state a target, every switch and
objective. About half of them have no pathway.
"""

import random
from pathlib import Path

from tests.tools.group_case import SETTINGS, TABLES
from tests.tools.random_links import with_links

_LEVELS = {  # lever: unit -> from, to
    "clinker_ratio": {"%": (40, 95), "kt": (300, 1400)},
    "clinker": {"kt": (300, 1300)},
    "clinker_bought": {"kt": (20, 500)},
    "addition": {"%": (2, 60), "kt": (20, 500)},
    "alternative_raw": {"%": (1, 40), "kt": (10, 400)},
    "fuel": {"%": (5, 90), "TJ": (100, 4000), "kt": (5, 200)},
    "heat_intensity": {"GJ/t": (2.5, 4.5)},
    "waste_heat_power": {"%": (1, 60), "GWh": (1, 60), "kWh/t": (5, 60)},
    "renewable_power": {"%": (1, 90), "GWh": (1, 80)},
    "capture": {"%": (0, 95), "kt": (0, 900)},
}
_AMOUNTS = ("kt", "TJ", "GWh")
_CHANGES = {
    "clinker_ratio": {"pp/yr": (1, 20), "%/yr": (5, 60)},
    "addition": {"pp/yr": (1, 20), "%/yr": (5, 60)},
    "clinker": {"kt/yr": (10, 300)},
    "clinker_bought": {"kt/yr": (10, 300)},
    "alternative_raw": {"kt/yr": (10, 300)},
    "fuel": {"TJ/yr": (50, 1500), "%/yr": (10, 80)},
    "heat_intensity": {"TJ/yr": (100, 1500)},
    "waste_heat_power": {"GWh/yr": (1, 30)},
    "renewable_power": {"GWh/yr": (1, 30), "%/yr": (20, 300)},
    "capture": {"kt/yr": (50, 500)},
}
_WHICH = {
    "addition": ("slag", "clay", "all", "slags"),
    "alternative_raw": ("ash", "all", "ashes"),
    "fuel": ("coal", "rdf", "wood", "alternative", "biomass", "fossil", "mixed_waste"),
    "capture": ("storage", "use", "all"),
}
_PLACES = {
    "clinker_bought": ("mill", "north", "group"),
    "renewable_power": ("kiln", "mill", "mixer", "office", "group", "south", "kiln+office"),
    **dict.fromkeys(("clinker_ratio", "addition"), ("kiln", "mill", "north", "kiln+mill", "group")),
}
_END = "hand,assumed"


def write_random_case(folder: Path, seed: int, linked: bool = True) -> Path:
    """A random case in a new folder, the same for the same seed.

    linked: whether it may have routes, own power, stages, products and decided output.
    """
    rng = random.Random(seed)
    folder.mkdir(parents=True)
    tables = {name: text.strip().splitlines() for name, text in TABLES.items()}
    tables["series"] = [tables["series"][0], *(_shaken(x, rng) for x in tables["series"][1:])]
    stops = random.Random(f"stop {seed}")  # its own, so that all else of a seed stays
    if stops.random() < 0.25:
        tables["series"] = _stopped(tables["series"], stops)
    if rng.random() < 0.3:
        tables["series"].append("kiln,substitutes_sold,,kt,0,0,10")
        tables["series"] = [*{x.rsplit(",", 3)[0]: x for x in tables["series"]}.values()]
    tables["fuels"] += ["hydrogen,Hydrogen,,hydrogen,120,0,0", "heater,Heater,,electric,,0,0"]
    kilns = random.Random(f"kilns {seed}")  # its own, too
    if kilns.random() < 0.4:
        _with_what_kilns_cannot(tables, kilns)
    least = rng.uniform(2.7, 3.3)
    tables["bounds"] = [tables["bounds"][0], _row("heat_best,heat_intensity,,kiln,min,GJ/t", least)]
    if rng.random() < 0.85:
        tables["bounds"].append(_row("heat_most,heat_intensity,,kiln,max,GJ/t", least + 1.5))
    if rng.random() < 0.8:
        tables["bounds"].append(_row("little,capture,all,kiln,max,%", rng.uniform(0, 25)))
    tables["bounds"] += [_bound(n, rng) for n in range(rng.randint(2, 9))]
    tables["targets"] += [_target(n, rng) for n in range(rng.randint(1, 4))]
    if any(row.startswith("oven,") for row in tables["sites"]):
        _bound_together(tables, kilns, least)
    _with_years_of_their_own(tables, random.Random(f"sums {seed}"))  # its own, too
    links = random.Random(f"links {seed}")  # its own, too
    accounting = with_links(tables, links, linked)
    settings = SETTINGS.replace("cumulative", rng.choice(("cumulative", "final", "peak")))
    settings = settings.replace('"steady"', rng.choice(('"steady"', '"plan"')))
    for switch in ("captured_biogenic_counts = false", "captured_use_counts = true"):
        if rng.random() < 0.5:
            way = "true" if "false" in switch else "false"
            settings = settings.replace(switch, f"{switch.split(' = ')[0]} = {way}")
    if rng.random() < 0.3:
        settings = settings.replace('"equity"', '"control"')
    settings = accounting(settings)
    if rng.random() < 0.2 and '"plan"' not in settings and not _needs_plan(tables):
        del tables["plan"]
    (folder / "case.toml").write_text(settings, encoding="utf-8")
    for name, (header, *rows) in tables.items():
        lines = [f"{header},source,status", *(f"{row},{_END}" for row in rows)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _with_years_of_their_own(tables: dict[str, list[str]], rng: random.Random) -> None:
    """Sums over years, seeds of paces, budgets, and base years of targets."""
    if rng.random() < 0.4:
        more = [_sum(n, rng) for n in range(rng.randint(1, 3))]
        tables["bounds"] = [*(_with_a_year(row) for row in tables["bounds"]), *more]
    if rng.random() < 0.4:
        header, *rows = tables["bounds"]
        tables["bounds"] = [f"{header},seed", *(_with_seed(row, rng) for row in rows)]
    if rng.random() < 0.3:
        header, *rows = tables["targets"]
        tables["targets"] = [f"{header},since", *(f"{row}," for row in rows), _budget(rng)]
    if rng.random() < 0.4:
        header, *rows = tables["targets"]
        years = (rng.choice(("", "2020", "2021")) for _ in rows)
        tables["targets"] = [
            f"{header},base_year",
            *(f"{r},{y}" for r, y in zip(rows, years, strict=True)),
        ]


def _with_what_kilns_cannot(tables: dict[str, list[str]], rng: random.Random) -> None:
    """A second kiln, slag with more MgO than clinker holds, and waste heat that gives little."""
    tables["sites"].append("oven,Oven,,north,100,yes,60,1.5,1.6,integrated")
    kiln = [row for row in tables["series"] if row.startswith("kiln,")]
    tables["series"] += [row.replace("kiln,", "oven,", 1) for row in kiln]
    yields = ",".join(f"{rng.uniform(2, 16):.4g}" for _ in range(3))
    tables["series"].append(f"{rng.choice(('kiln', 'north'))},waste_heat_yield,,kWh/GJ,{yields}")
    oxides = f"{rng.uniform(20, 45):.4g},{rng.uniform(2, 12):.4g}"
    tables["materials"].append(f"steel,Steel,,alternative_raw,ashes,{oxides},5,0,0,0")
    tables["plan"] += [row.replace("kiln,", "oven,", 1) for row in tables["plan"] if "kiln," in row]
    tables["plan"].append(f"oven,alternative_raw,steel,%,{rng.uniform(0, 25):.4g},5,10")


def _bound_together(tables: dict[str, list[str]], rng: random.Random, least: float) -> None:
    """Heat pooled over both kilns, and targets that ask for much: few other bounds."""
    sense = rng.choice(("min", "fixed"))
    tables["bounds"] = [
        tables["bounds"][0],
        _row(f"heat_best,heat_intensity,,group,{sense},GJ/t", least),
        _row("heat_most,heat_intensity,,group,max,GJ/t", least + rng.choice((0, 1))),
        _row("wood_most,fuel,wood,group,max,%", rng.uniform(5, 60)),
        _row("rdf_most,fuel,rdf,group,max,%", rng.uniform(5, 30)),
        _row("heater_most,fuel,heater,group,max,%", rng.choice((0, 0, 40))),
        _row("gas_most,fuel,hydrogen,group,max,%", 0),
        _row("addition_most,addition,all,group,max,%", rng.uniform(10, 30)),
        _row("steel_most,alternative_raw,all,group,max,%", rng.uniform(5, 40)),
        _row("sun_most,renewable_power,,group,max,%", rng.uniform(5, 60)),
        _row("oven_most,capture,all,oven,max,%", rng.choice((0, 90))),
        _row("kiln_most,capture,all,kiln,max,%", rng.choice((0, 90))),
        *tables["bounds"][-1:],
    ]
    first, last = rng.uniform(0.45, 0.7), rng.uniform(0.25, 0.6)
    tables["targets"] = [
        tables["targets"][0],
        f"much,group,1,intensity,line,t/t,{first:.4g},{last:.4g}",
    ]
    if rng.random() < 0.5:
        power = rng.uniform(0.01, 0.04)
        tables["targets"].append(f"power,group,2,intensity,line,t/t,{power:.4g},{power / 2:.4g}")


def _needs_plan(tables: dict[str, list[str]]) -> bool:
    return any("below" in row or ",sda" in row for row in tables["targets"])


def _shaken(row: str, rng: random.Random) -> str:
    """A row of the series with each year's number moved by up to 15 %."""
    *head, first, middle, last = row.split(",")
    moved = [f"{float(v) * rng.uniform(0.85, 1.15):.6g}" for v in (first, middle, last)]
    return ",".join([*head, *moved])


def _stopped(rows: list[str], rng: random.Random) -> list[str]:
    """A plant, or both, makes and sells nothing in the year 2022 or in the last."""
    places, middle = rng.choice((("kiln",), ("mill",), ("kiln", "mill"))), rng.random() < 0.5
    found = []
    for row in rows:
        place, quantity, *units, first, second, third = row.split(",")
        if place in places and units[-1] == "kt":
            second, third = ("0", third) if middle else (second, "0")
        found.append(",".join([place, quantity, *units, first, second, third]))
    return found


def _row(head: str, start: float, end: float | None = None) -> str:
    return f"{head},{start:.4g},{start if end is None else end:.4g},technical,,medium"


def _bound(number: int, rng: random.Random) -> str:
    lever = rng.choice(sorted(_LEVELS))
    which = rng.choice(_WHICH.get(lever, ("",)))
    place = rng.choice(_PLACES.get(lever, ("kiln", "north", "group")))
    if rng.random() < 0.25 and lever in _CHANGES:
        sense, units = rng.choice(("rise_max", "fall_max")), _CHANGES[lever]
    else:
        sense, units = rng.choice(("max", "max", "max", "max", "min", "fixed")), _LEVELS[lever]
    unit = rng.choice(sorted(units))
    low, high = units[unit]
    part = 0.3 if sense in ("min", "fixed") else 1.0
    start, end = (low + (high - low) * part * rng.random() for _ in range(2))
    if lever == "fuel" and unit == "kt" and which in ("biomass", "alternative"):
        which = "rdf"
    return _row(f"b{number},{lever},{which},{place},{sense},{unit}", start, end)


def _sum(number: int, rng: random.Random) -> str:
    """A bound on the sum over the years of the horizon, from its first or second on."""
    lever = rng.choice(sorted(_LEVELS))
    which = rng.choice(_WHICH.get(lever, ("",)))
    place = rng.choice(_PLACES.get(lever, ("kiln", "north", "group")))
    amounts = {unit: span for unit, span in _LEVELS[lever].items() if unit in _AMOUNTS}
    unit = rng.choice(sorted(amounts or {"TJ"}))
    low, high = amounts.get(unit, (1500, 6000))
    sense = rng.choice(("total_max", "total_max", "total_min"))
    amount = low + (high - low) * rng.random() * (0.3 if sense == "total_min" else 2)
    if lever == "fuel" and unit == "kt" and which in ("biomass", "alternative"):
        which = "rdf"
    first, last = rng.choice(((f"{amount:.4g}", ""), ("", f"{amount:.4g}")))
    expires = rng.choice(("", "", "2023" if first else ""))
    head = f"sum{number},{lever},{which},{place},{sense},{unit}"
    return f"{head},,{first},{last},technical,{expires},medium"


def _with_seed(row: str, rng: random.Random) -> str:
    """A row with a seed of its lever's amount, where it is a pace in %/yr."""
    lever, unit = row.split(",")[1], row.split(",")[5]
    seeds = {unit: span for unit, span in _CHANGES.get(lever, {}).items() if unit[:2] != "pp"}
    seeds = {unit: span for unit, span in seeds.items() if unit != "%/yr"} or {"kt/yr": (5, 100)}
    seed, (_, high) = rng.choice(sorted(seeds.items()))
    return f"{row},{rng.uniform(0, high / 2):.4g} {seed}" if unit == "%/yr" else f"{row},"


def _budget(rng: random.Random) -> str:
    """A target on the sum of emissions over years: an amount, or the area under a line."""
    place, scope = rng.choice(("kiln", "north", "group")), rng.choice(("1", "1", "2", "1+2"))
    form, unit = (
        rng.choice(("points", "line")),
        rng.choice(("kt", "% below base", "% below frozen")),
    )
    if form == "line":
        unit = unit.replace("frozen", "base")
    part = 0.08 if scope == "2" else 1
    numbers = [rng.uniform(5, 60) for _ in range(2)]
    if unit == "kt":
        numbers = [(2500 if form == "points" else 850) * (1 - x / 75) * part for x in numbers]
    first, last = (f"{number:.4g}" for number in numbers)
    since = ""
    if form == "points":
        first, since = "", rng.choice(("", "2022", "2023"))
    return f"budget,{place},{scope},budget,{form},{unit},{first},{last},{since}"


def _with_a_year(row: str) -> str:
    """A row of the register with a further year, the first of the horizon, between the two."""
    cells = row.split(",")
    return ",".join([*cells[:7], "2022" if cells[0] == "id" else "", *cells[7:]])


def _target(number: int, rng: random.Random) -> str:
    place = rng.choice(("kiln", "north", "group", "kiln+mill"))
    scope = rng.choice(("1", "1", "2", "1+2"))
    metric = rng.choice(("intensity", "intensity", "absolute"))
    form = rng.choice(("points", "line"))
    unit = rng.choice(("% below base", "% below frozen", "typed", "sda"))
    first, last = sorted(rng.uniform(0, 90) for _ in range(2))
    if unit == "sda" and scope == "1":
        return f"t{number},{place},1,intensity,{form},t/t,sda,sda"
    if unit in ("typed", "sda"):
        unit, top = ("t/t", 0.8) if metric == "intensity" else ("kt CO2e", 900)
        first, last = (top * (1 - x / 95) * (0.08 if scope == "2" else 1) for x in (first, last))
    return f"t{number},{place},{scope},{metric},{form},{unit},{first:.4g},{last:.4g}"
