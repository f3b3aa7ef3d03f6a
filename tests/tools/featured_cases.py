"""Small cases of routes, own power, stages, decided output and products, made of the template."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.tools.case_tools import edit, replace_text

ROUTES = "route,from,to,unit,kind,source,status,confidence,2024,2030,2035,transport [kg/t],loss [%]"
GENERATORS = "generator,site,fuel,heat_rate [GJ/MWh],unit,kind,source,status,confidence,2024,2035"
STAGES = "site,from,kind,equity [%],control,source,status"
PRODUCTS = "product,name,name_zh,place,unit,source,status,2020,2023,2035"


def table(case: Path, name: str, *rows: str) -> None:
    """A table of its own."""
    (case / f"{name}.csv").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def more(case: Path, name: str, *rows: str) -> None:
    """Further rows of a table."""
    with (case / f"{name}.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


def bounds(case: Path, *rows: str) -> None:
    """Lines of the register: id, lever, which, place, sense, unit, limits of 2024, 2030, 2035."""
    for row in rows:
        *words, first, then, last = row.split()
        head = ",".join([words[0], "", "", *(word.strip("-") for word in words[1:])])
        more(case, "bounds", f"{head},{first},,{then},{last},technical,test,,assumed,low")


def rules(case: Path, text: str) -> None:
    """Further rules of accounting."""
    old = "captured_biogenic_counts = false"
    replace_text(case, "case", old, f"{text}\n{old}")


def linked(case: Path) -> None:
    """The station grinds the clinker of the group's own kiln, and buys none."""
    table(case, "routes", ROUTES, "rail,plant,station,kt,technical,t,assumed,high,210,205,200,,")
    more(case, "plan", "plant,clinker_moved,rail,kt,210,205,200,test,assumed")
    for column in ("2020", "2023", "2035"):
        edit(case, "series", "plant/clinker_sold", column, "0")
    for column in ("2024", "2030", "2035"):
        edit(case, "bounds", "clinker_contract", column, "0")


def moved(case: Path) -> None:
    """A route that opens in the horizon, loses clinker on the way and burns fuel for it."""
    table(case, "routes", ROUTES, "rail,plant,station,kt,technical,t,assumed,high,,205,200,12,1.5")
    more(case, "plan", "plant,clinker_moved,rail,kt,20,20,20,test,assumed")
    bounds(
        case,
        "rail_pace clinker_moved rail plant rise_max kt/yr 60 60 60",
        "rail_least clinker_moved all group min kt 0 0 20",
    )


def powered(case: Path) -> None:
    """Power sources of two sites, with bounds on them and on the grid."""
    coal = "coal_unit,plant,coal,10.5,GWh,technical,test,assumed,low,60,40"
    table(
        case, "generators", GENERATORS, coal, "rdf_unit,station,rdf,12,GWh,market,t,assumed,low,,5"
    )
    more(case, "plan", "plant,own_power,coal_unit,%,30,30,30,test,assumed")
    bounds(
        case,
        "grid_most grid_power - plant max GWh 60 50 40",
        "own_most own_power all group max % 60 50 40",
        "own_fall own_power coal_unit plant fall_max GWh/yr 10 10 10",
    )


def staged(case: Path) -> None:
    """A kiln that closes, shares that change, and base years that follow them."""
    rows = ("plant,2033,grinding,,,t,assumed", "station,2027,,60,,t,assumed")
    table(case, "stages", STAGES, *rows, "plant,2026,,80,no,t,assumed")
    replace_text(
        case, "series", "plant,clinker_sold,,kt,100,100,80", "plant,clinker_sold,,kt,0,0,0"
    )
    rules(case, 'base_years = "recalculated"')
    by_year = '{ 2020 = "equity", 2028 = "control", 2030 = "equity" }'
    replace_text(case, "case", 'consolidation = "equity" ', f"consolidation = {by_year} ")
    bounds(case, "plant_buys clinker_bought - plant max kt 900 900 900")
    replace_text(case, "targets", "group,2,intensity,points,", "plant,1+2,budget,points,")
    edit(case, "targets", "scope2_cut", "2035", "15")


def opened(case: Path) -> None:
    """A station that becomes a plant with a kiln, whose base years stay as reported."""
    table(case, "stages", STAGES, "mill,2030,integrated,,,t,assumed", "plant,2030,,70,,t,assumed")
    row = "mill,Mill,,north,grinding,100,yes,65,2,1.55,test,assumed"
    more(case, "sites", row)
    rules(case, 'base_years = "as_reported"')
    for quantity, unit, value in (
        *(("cement", "kt", 200), ("power_clinker", "kWh/t", 60), ("capture_heat", "GJ/t", 0.5)),
        *(("capture_power", "kWh/t", 240), ("captured_biogenic_share", "%", 30)),
    ):
        more(case, "series", f"mill,{quantity},,{unit},{value},{value},{value},test,assumed")
    bounds(
        case,
        "mill_buys clinker_bought - mill max kt 150 150 150",
        "mill_least heat_intensity - mill min GJ/t 3.1 3.1 3.1",
        "mill_most heat_intensity - mill max GJ/t 3.4 3.4 3.4",
        "mill_ratio clinker_ratio - mill min % 60 60 60",
    )
    more(case, "plan", "mill,addition,slag,%,30,30,30,test,assumed")
    more(case, "plan", "mill,heat_intensity,,GJ/t,3.4,3.4,3.4,test,assumed")
    more(case, "plan", "mill,fuel,coal,rest,,,,test,assumed")


def supplied(case: Path) -> None:
    """What the station buys is given."""
    more(case, "series", "station,clinker_bought,,kt,180,180,180,test,assumed")
    for column in ("2024", "2030", "2035"):
        edit(case, "bounds", "slag_station", column, "90")


def shared(case: Path) -> None:
    """Two sites share an output that is given."""
    bounds(
        case,
        "all_cement cement - plant+station fixed kt 1325 1295 1270",
        "mill_most cement - station max kt 500 500 500",
        "plant_least cement - plant min kt 700 700 700",
        "ratio_pace clinker_ratio - group fall_max pp/yr 2 2 2",
        "slag_pace addition slag group rise_max %/yr 20 20 20",
    )


def blended(case: Path) -> None:
    """Products of one site and of two, in parts and in tonnes, with limits of their own."""
    rows = ("cem1,CEM I,,plant,%,t,assumed,40,40,30", "cem2,CEM II,,plant,%,t,assumed,60,60,70")
    table(case, "products", PRODUCTS, *rows, "cem2,CEM II,,station,kt,t,assumed,300,310,320")
    bounds(
        case,
        "cem1_ratio clinker_ratio - plant/cem1 min % 88 88 88",
        "cem2_slag addition slag group/cem2 max % 30 32 35",
        "cem2_pace addition slag plant/cem2 rise_max pp/yr 3 3 3",
    )
    more(case, "plan", "plant/cem1,addition,slag,%,2,2,2,test,assumed")


FEATURES: Mapping[str, Callable[[Path], None]] = {
    one.__name__: one for one in (linked, moved, powered, staged, opened, supplied, shared, blended)
}
