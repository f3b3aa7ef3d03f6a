"""What joins and changes the sites of a random case: routes, own power, stages, output, products.

Each is drawn by itself. Lines for ``source`` and ``status`` are left to ``random_cases``.
"""

import random
from collections.abc import Callable, Iterator

Tables = dict[str, list[str]]
YEARS = "2020,2022,2024"
BOUND = {"kind": "technical", "confidence": "medium"}


def with_links(tables: Tables, rng: random.Random, linked: bool) -> Callable[[str], str]:
    """Adds to the tables what is drawn; gives what becomes of the settings.

    linked: whether anything is, but for a limit on what the station buys, which any case has.
    """
    if not linked:
        _bounds(tables, [_line("mill_buys,clinker_bought,,mill,max,kt", 900, 900)])
        return lambda settings: settings
    _with_purchase(tables, rng)
    if rng.random() < 0.25:
        _with_routes(tables, rng)
    if rng.random() < 0.25:
        _with_own_power(tables, rng)
    if rng.random() < 0.2:
        _with_products(tables, rng)
    if rng.random() < 0.2:
        _with_decided_output(tables, rng)
    changes = rng.random() < 0.25
    if changes:
        _with_stages(tables, rng)
    approaches = rng.random() < 0.1
    rule = rng.choice(("as_reported", "recalculated"))
    later, year = rng.choice(("equity", "control")), rng.choice((2022, 2023, 2024))

    def accounting(settings: str) -> str:
        if approaches:
            first = '"equity"' if 'consolidation = "equity"' in settings else '"control"'
            both = f'{{ 2020 = {first}, {year} = "{later}" }}'
            settings = settings.replace(f"consolidation = {first}", f"consolidation = {both}")
        if changes or approaches:
            settings = settings.replace("[accounting]", f'[accounting]\nbase_years = "{rule}"')
        return settings

    return accounting


def _sites(tables: Tables) -> list[str]:
    return [row.split(",")[0] for row in tables["sites"][1:]]


def _kilns(tables: Tables) -> list[str]:
    return [site for site in ("kiln", "oven") if site in _sites(tables)]


def _bounds(tables: Tables, lines: list[dict[str, str]]) -> None:
    """Adds lines to the register, whatever columns it has; other cells are empty."""
    header = tables["bounds"][0].split(",")
    rows = (BOUND | line for line in lines)
    tables["bounds"] += [",".join(row.get(column, "") for column in header) for row in rows]


def _line(head: str, first: float, last: float) -> dict[str, str]:
    """A line of the register from its first cells, and its limits of 2020 and 2024."""
    cells = dict(
        zip(("id", "lever", "which", "place", "sense", "unit"), head.split(","), strict=True)
    )
    return cells | {"2020": f"{first:.5g}", "2024": f"{last:.5g}"}


def _three(rng: random.Random, low: float, high: float) -> list[float]:
    return [rng.uniform(low, high) for _ in range(3)]


def _cells(values: list[float]) -> str:
    return ",".join(f"{value:.5g}" for value in values)


def _with_purchase(tables: Tables, rng: random.Random) -> None:
    """What the grinding station buys: limited by more than it grinds, by less, or given."""
    if rng.random() < 0.1:
        tables["series"].append(f"mill,clinker_bought,,kt,{_cells(_three(rng, 200, 330))}")
        return
    most = rng.choice((900, 900, rng.uniform(250, 450)))
    _bounds(tables, [_line("mill_buys,clinker_bought,,mill,max,kt", most, most)])


def _from_a_year_on(values: list[float], rng: random.Random) -> str:
    """Limits from 2020, from the first year of the horizon or from its last on."""
    none = rng.choice((0, 0, 1, 2))
    return ",".join([*[""] * none, *(f"{value:.5g}" for value in values[none:])])


def _with_routes(tables: Tables, rng: random.Random) -> None:
    """Clinker from a kiln to the station, and between two kilns."""
    ways = [("belt", "kiln", "mill")]
    if len(_kilns(tables)) > 1 and rng.random() < 0.6:
        ways.append(("ferry", *rng.choice((("oven", "kiln"), ("oven", "mill")))))
    tables["routes"] = [f"route,from,to,unit,{YEARS},kind,confidence,transport [kg/t],loss [%]"]
    for way in ways:
        most = _from_a_year_on(_three(rng, 30, 400), rng)
        own = f"{rng.choice((0, rng.uniform(0, 40))):.4g},{rng.choice((0, rng.uniform(0, 12))):.4g}"
        tables["routes"].append(f"{','.join(way)},kt,{most},market,medium,{own}")
    if rng.random() < 0.5:
        sent = _cells(_three(rng, 5, 90))
        tables["plan"].append(f"kiln,clinker_moved,belt,kt,{sent}")
    which, place = rng.choice(("belt", "all")), rng.choice(("kiln", "north", "group"))
    _bounds(tables, list(_of_routes(rng, which, place)))


def _of_routes(rng: random.Random, which: str, place: str) -> Iterator[dict[str, str]]:
    head = f"clinker_moved,{which},{place}"
    if rng.random() < 0.3:
        yield _line(f"moved_least,{head},min,kt", *_three(rng, 0, 25)[:2])
    if rng.random() < 0.3:
        sense, unit = rng.choice(
            (("rise_max", "kt/yr"), ("fall_max", "kt/yr"), ("rise_max", "%/yr"))
        )
        yield _line(f"moved_pace,{head},{sense},{unit}", *_three(rng, 10, 120)[:2])
    if rng.random() < 0.2:
        yield _line(f"moved_sum,{head},total_max,kt", 0, rng.uniform(100, 800)) | {"2020": ""}


def _with_own_power(tables: Tables, rng: random.Random) -> None:
    """Turbines of coal, refuse or wood, and limits on what they and the grid give."""
    header = f"generator,site,fuel,heat_rate [GJ/MWh],unit,{YEARS},kind,confidence"
    tables["generators"] = [header]
    stands = []
    for number in range(rng.choice((1, 1, 2))):
        site = rng.choice(("kiln", "kiln", "mill", "office"))
        stands.append(site)
        fuel, rate = rng.choice(("coal", "coal", "rdf", "wood")), rng.uniform(7, 12)
        most = _from_a_year_on(_three(rng, 1, 1 if site == "office" else 70), rng)
        row = f"turbine{number},{site},{fuel},{rate:.4g},GWh,{most},technical,medium"
        tables["generators"].append(row)
        if rng.random() < 0.5:
            planned = rng.choice((f"%,{_cells(_three(rng, 1, 20))}", "MWh,100,150,200"))
            tables["plan"].append(f"{site},own_power,turbine{number},{planned}")
    place = rng.choice((*stands, "group"))
    lines = []
    if rng.random() < 0.4:
        unit, most = rng.choice((("%", 60), ("GWh", 60)))
        sense = rng.choice(("max", "max", "min"))
        part = 0.2 if sense == "min" else 1
        limits = [part * value for value in _three(rng, 1, most)[:2]]
        lines.append(_line(f"own_power,own_power,all,{place},{sense},{unit}", *limits))
    if rng.random() < 0.5:
        unit, most = rng.choice((("%", 90), ("GWh", 90)))
        limits = _three(rng, most / 3, most)[:2]
        lines.append(_line(f"grid,grid_power,,{place},max,{unit}", *limits))
    _bounds(tables, lines)


def _with_products(tables: Tables, rng: random.Random) -> None:
    """Two products of the kiln, of the station or of both, with standards of their own."""
    place = rng.choice(("kiln", "mill", "north", "group"))
    part = _three(rng, 20, 80)
    rest = [100 - float(f"{value:.5g}") for value in part]
    tables["products"] = [
        f"product,name,name_zh,place,unit,{YEARS}",
        f"pure,Pure,純,{place},%,{_cells(part)}",
        f"mixed,Mixed,混,{place},%,{','.join(f'{value:.10g}' for value in rest)}",
    ]
    at = rng.choice([place, "group"])
    lines = [
        _line(f"pure_most,addition,all,{at}/pure,max,%", rng.uniform(3, 30), rng.uniform(3, 30))
    ]
    if rng.random() < 0.5:
        which = rng.choice(("slag", "clay", "slags"))
        lines.append(
            _line(f"mixed_most,addition,{which},{at}/mixed,max,%", *_three(rng, 20, 70)[:2])
        )
    if rng.random() < 0.5:
        lines.append(
            _line(f"mixed_ratio,clinker_ratio,,{at}/mixed,min,%", *_three(rng, 30, 80)[:2])
        )
    if rng.random() < 0.3:
        sense, unit = rng.choice(
            (("rise_max", "pp/yr"), ("rise_max", "kt/yr"), ("fall_max", "%/yr"))
        )
        pace = _three(rng, 3, 40)[:2]
        lines.append(_line(f"mixed_pace,addition,all,{at}/mixed,{sense},{unit}", *pace))
    if rng.random() < 0.5:
        planned = _cells(_three(rng, 5, 40))
        tables["plan"].append(f"{place}/mixed,addition,slag,%,{planned}")
    _bounds(tables, lines)


def _with_decided_output(tables: Tables, rng: random.Random) -> None:
    """The cement of kilns and station together, as their series have it, and limits of each."""
    _without_points_of_single_sites(tables)
    rows = [row.split(",") for row in tables["series"] if ",cement,," in row]
    sums = [sum(float(row[n]) for row in rows) for n in (5, 6)]
    header = tables["bounds"][0].split(",")
    if "2022" not in header:
        at = header.index("2024")
        tables["bounds"] = [_inserted(row, at, "2022" if not n else "") for n, row in
                            enumerate(tables["bounds"])]  # fmt: skip
    place = rng.choice(("north", "group", "+".join(row[0] for row in rows)))
    total = _line(f"all_cement,cement,,{place},fixed,kt", 0, 0) | {"2020": ""}
    lines = [total | {"2022": f"{sums[0]:.12g}", "2024": f"{sums[1]:.12g}"}]
    if rng.random() < 0.6:
        lines.append(_line("mill_cement,cement,,mill,max,kt", *_three(rng, 300, 900)[:2]))
    if rng.random() < 0.4:
        lines.append(_line("kiln_cement,cement,,kiln,min,kt", *_three(rng, 300, 900)[:2]))
    if rng.random() < 0.3:
        sense, unit = rng.choice(
            (("rise_max", "kt/yr"), ("fall_max", "kt/yr"), ("rise_max", "%/yr"))
        )
        pace = _three(rng, 10, 200)[:2]
        lines.append(
            _line(f"cement_pace,cement,,{rng.choice(('kiln', 'mill'))},{sense},{unit}", *pace)
        )
    if rng.random() < 0.5:
        lines.append(_line("kiln_clinker,clinker,,kiln,max,kt", *_three(rng, 700, 1500)[:2]))
    _bounds(tables, lines)


def _without_points_of_single_sites(tables: Tables) -> None:
    """Leaves out limits in points where they would be a product of two decisions."""
    kept = []
    for row in tables["bounds"]:
        cells = row.split(",")
        whole = cells[3] in ("north", "group")
        if cells[5] != "pp/yr" or whole:
            kept.append(row)
    tables["bounds"] = kept


def _inserted(row: str, at: int, cell: str) -> str:
    cells = row.split(",")
    return ",".join([*cells[:at], cell, *cells[at:]])


def _with_stages(tables: Tables, rng: random.Random) -> None:
    """Shares that change, a kiln that becomes a station, a station that gets a kiln."""
    tables["stages"] = ["site,from,kind,equity [%],control"]
    for site in rng.sample(_sites(tables), rng.choice((1, 2))):
        kind = ""
        if site in ("kiln", "oven") and rng.random() < 0.4:
            kind = "grinding"
            _becomes_a_station(tables, site)
        elif site == "mill" and rng.random() < 0.4:
            kind = "integrated"
            _gets_a_kiln(tables)
        least = "15" if site == "kiln" else "0"  # a group that makes nothing is none
        equity = rng.choice(("", least, "100", f"{rng.uniform(10, 90):.3g}"))
        control = rng.choice(("", "yes", "" if site == "kiln" else "no"))
        if not (kind or equity or control):
            equity = "75"
        year = rng.choice((2021, 2022, 2023, 2024))
        tables["stages"].append(f"{site},{year},{kind},{equity},{control}")


def _becomes_a_station(tables: Tables, site: str) -> None:
    """It sells no clinker, and buys what a limit allows."""
    given = (f"{site},clinker_sold", f"{site},clinker_bought")
    tables["series"] = [row for row in tables["series"] if not row.startswith(given)]
    _bounds(tables, [_line(f"{site}_buys,clinker_bought,,{site},max,kt", 1500, 1500)])


def _gets_a_kiln(tables: Tables) -> None:
    """Chemistry, power of a kiln line and a least heat."""
    rows = [row.split(",") for row in tables["sites"]]
    for row in rows:
        if row[0] == "mill":
            row[6:9] = ["58", "1", "1.55"]
    tables["sites"] = [",".join(row) for row in rows]
    tables["series"] += [
        f"mill,{quantity},,{numbers}"
        for quantity, numbers in (
            ("power_clinker", "kWh/t,60,60,55"),
            ("capture_heat", "GJ/t,2,2,2"),
            ("capture_power", "kWh/t,100,100,100"),
            ("captured_biogenic_share", "%,10,15,20"),
        )
    ]
    tables["plan"].append("mill,heat_intensity,,GJ/t,3.5,3.5,3.2")
    _bounds(tables, [_line("mill_heat,heat_intensity,,mill,min,GJ/t", 3, 3)])
