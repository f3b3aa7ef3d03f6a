"""A small group for hand work: a kiln plant, a grinding station, a concrete plant and an office.

Every series moves after the inventory year, so that a number of a wrong year shows. Base year 2020,
inventory 2021, horizon 2022 to 2024; what is given is straight between 2020, 2022 and 2024.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from kilnpath.case.read import read_case
from model.case.types import Case

SETTINGS = """base_year = 2020
inventory_year = 2021
final_year = 2024
objective = "cumulative"
then = "steady"
[names]
en = "Four sites"
zh-Hant = "四個廠"
[accounting]
consolidation = "equity"
captured_biogenic_counts = false
captured_use_counts = true
"""
TABLES = {
    "sites": """
site,name,name_zh,region,equity [%],control,\
clinker_cao [%],clinker_mgo [%],raw_per_clinker [t/t],kind
kiln,Kiln,,north,60,yes,56,0,1.5,integrated
mill,Mill,,north,50,no,,,,grinding
mixer,Mixer,,south,25,yes,,,,concrete
office,Office,,south,100,yes,,,,office
""",
    "fuels": """
fuel,name,name_zh,kind,heating_value [GJ/t],co2_factor [kg/GJ],biomass_fraction [%]
coal,Coal,,fossil,25,100,0
rdf,Refuse,,mixed_waste,20,80,25
wood,Wood,,biomass,15,100,100
""",
    "materials": """
material,name,name_zh,use,kind,cao [%],mgo [%],moisture [%],co2 [t/t],heat [GJ/t],power [kWh/t]
ash,Ash,,alternative_raw,ashes,28,0,50,0,0,0
slag,Slag,,addition,slags,0,0,0,0,0.2,20
clay,Clay,,addition,clays,0,0,0,0.1,2,10
""",
    "series": """
place,quantity,which,unit,2020,2022,2024
kiln,cement,,kt,1000,1000,1200
kiln,clinker_sold,,kt,100,100,120
kiln,clinker_bought,,kt,50,50,100
kiln,substitutes_sold,,kt,30,30,40
kiln,other_direct,,kt,5,5,6
kiln,other_power,,GWh,10,10,12
kiln,power_clinker,,kWh/t,60,60,50
group,power_cement,,kWh/t,40,40,30
group,grid_factor,,t/MWh,0.5,0.5,0.3
north,grid_factor,,t/MWh,0.4,0.4,0.2
mill,grid_factor,,t/MWh,0.6,0.6,0.1
kiln,capture_heat,,GJ/t,2,2,2
kiln,capture_power,,kWh/t,100,100,100
kiln,captured_biogenic_share,,%,10,10,20
kiln,biomass_fraction,rdf,%,25,25,50
mill,cement,,kt,400,400,500
mixer,other_direct,,t,1000,1000,1200
mixer,other_power,,MWh,2000,2000,3000
office,other_direct,,t,10,10,20
office,other_power,,MWh,500,500,700
""",
    "plan": """
place,lever,which,unit,2020,2022,2024
group,addition,slag,%,10,10,10
north,addition,slag,%,30,30,30
kiln,addition,slag,%,20,20,25
kiln,addition,clay,kt,50,50,80
kiln,alternative_raw,ash,%,10,10,10
kiln,heat_intensity,,GJ/t,4,3.5,3
kiln,fuel,rdf,%,20,30,40
kiln,fuel,wood,%,10,10,10
group,fuel,coal,rest,,,
kiln,waste_heat_power,,kWh/t,20,20,25
group,renewable_power,,%,10,10,20
office,renewable_power,,MWh,100,100,200
kiln,capture,storage,%,10,20,30
kiln,capture,use,kt,5,5,10
""",
    "bounds": """
id,lever,which,place,sense,unit,2020,2024,kind,expires,confidence
heat_best,heat_intensity,,kiln,min,GJ/t,3,3,technical,,medium
mill_buys,clinker_bought,,mill,max,kt,500,500,market,,low
""",
    "targets": """
id,place,scope,metric,form,unit,2022,2024
""",
}


def four_sites(
    folder: Path,
    add: Mapping[str, Iterable[str]] | None = None,
    swap: Mapping[str, str] | None = None,
) -> Case:
    """The group, with lines added to its tables and texts swapped in its settings.

    Source and status are the same for all lines, and left to this function.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS
    for old, new in (swap or {}).items():
        assert old in settings, old
        settings = settings.replace(old, new)
    (folder / "case.toml").write_text(settings, encoding="utf-8")
    for table, text in TABLES.items():
        header, *lines = [*text.strip().splitlines(), *(add or {}).get(table, ())]
        whole = [f"{header},source,status", *(f"{line},hand,assumed" for line in lines)]
        (folder / f"{table}.csv").write_text("\n".join(whole) + "\n", encoding="utf-8")
    return read_case(folder)
