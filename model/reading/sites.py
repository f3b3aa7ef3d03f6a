"""Reads what stands still in a case: sites, fuels and materials."""

from collections.abc import Collection

from model.case.ids import Ids
from model.case.sites import Site, SiteKind, Stage
from model.case.tables import Faults, Row, Table
from model.case.types import (
    Fuel,
    FuelKind,
    Material,
    MaterialUse,
    Source,
)
from model.case.units import Dimension as D
from model.formulas.emissions import calcination_co2
from model.messages.message import message
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import names_of, not_too_many, provenance
from model.reading.rows.words import free_id, is_word

SITE_COLUMNS: dict[str, D | None] = {
    "site": None,
    "name": None,
    "name_zh": None,
    "region": None,
    "kind": None,
    "equity": D.SHARE,
    "control": None,
    "clinker_cao": D.SHARE,
    "clinker_mgo": D.SHARE,
    "raw_per_clinker": D.MASS_RATIO,
    "source": None,
    "status": None,
}
FUEL_COLUMNS: dict[str, D | None] = {
    "fuel": None,
    "name": None,
    "name_zh": None,
    "kind": None,
    "heating_value": D.HEAT_PER_MASS,
    "co2_factor": D.CO2_PER_HEAT,
    "biomass_fraction": D.SHARE,
    "source": None,
    "status": None,
}
MATERIAL_COLUMNS: dict[str, D | None] = {
    "material": None,
    "name": None,
    "name_zh": None,
    "use": None,
    "kind": None,
    "cao": D.SHARE,
    "mgo": D.SHARE,
    "moisture": D.SHARE,
    "co2": D.MASS_RATIO,
    "heat": D.HEAT_PER_MASS,
    "power": D.POWER_PER_MASS,
    "source": None,
    "status": None,
}
MOST_SITES, MOST_FUELS, MOST_MATERIALS = 5000, 500, 500  # of a case; the largest has some 50
_NO_COMBUSTION = (FuelKind.HYDROGEN, FuelKind.ELECTRIC)


def read_sites(
    table: Table | None,
    base_year: int,
    with_kiln_later: Collection[str],
    sources: list[Source],
    faults: Faults,
) -> dict[str, Site]:
    """The sites as they are in the base year, not consolidated yet.

    with_kiln_later: those that get a kiln in time, so that their clinker must be known.
    """
    sites: dict[str, Site] = {}
    ids, regions = Ids(), Ids()
    rows = not_too_many(open_table(table, "sites.csv", SITE_COLUMNS, faults), MOST_SITES)
    for row in rows:
        site = free_id(row, "site", ids)
        kind = row.choice("kind", SiteKind)
        before = len(faults.entries)
        region = row.group_id("region", regions)
        is_word(row, "region", region)
        later = row.text("site") in with_kiln_later
        cao, mgo, raw_per_clinker = _chemistry(row, kind, later=later)
        if len(faults.entries) > before and site:
            faults.doubtful |= {site} if region else {site, ""}  # kind or region may be another
        with_clinker = kind is SiteKind.INTEGRATED or later
        provenance(row, 4 if with_clinker else 1, sources, "site")
        equity = row.number_in("equity", most=1.0)
        controlled = row.text("control")
        if controlled not in ("yes", "no"):
            row.fault(
                message("control is '{control}'; write yes or no", control=controlled),
                "control",
            )
        if site and kind:
            control = controlled == "yes"
            sites[site] = Site(
                id=site,
                names=names_of(row),
                region=region,
                kind=kind,
                stages=(Stage(base_year, kind, equity, control, equity),),
                clinker_cao=cao,
                clinker_mgo=mgo,
                raw_per_clinker=raw_per_clinker,
            )
    _check_regions(regions, ids, faults)
    if table is not None and table.columns and rows == [] and not table.rows:
        faults.add("sites.csv", message("has no rows; a case needs at least one site"))
    return sites


def _check_regions(regions: Ids, ids: Ids, faults: Faults) -> None:
    """No region may be called as a site."""
    for given in regions.given():
        if like := ids.like(given.id):
            what = message(
                "region '{region}' is taken for the site '{site}' of {place}; rename one",
                region=given.id,
                site=like.id,
                place=like.place,
            )
            faults.add(given.place, what)


def _chemistry(row: Row, kind: SiteKind | None, *, later: bool) -> tuple[float, float, float]:
    columns = ("clinker_cao", "clinker_mgo", "raw_per_clinker")
    if kind is None:
        return 0.0, 0.0, 0.0
    given = [column for column in columns if row.text(column)]
    if not (kind.has_kiln or later):
        if given:
            row.fault(
                message(
                    "{column} is given, but a {kind} site makes no clinker; leave it empty",
                    column=tuple(given),
                    kind=kind,
                ),
                given[0],
            )
        return 0.0, 0.0, 0.0
    if not given:
        what = message("an integrated site needs {columns}", columns=columns)
        if later:
            what = message("needs {columns}, as stages.csv gives it a kiln", columns=columns)
        row.fault(what, columns[0])
        return 0.0, 0.0, 1.0
    cao = row.number_in("clinker_cao", most=0.75)
    mgo = row.number_in("clinker_mgo", most=0.1)
    return cao, mgo, row.number_in("raw_per_clinker", least=1.0, most=3.0)


def read_fuels(table: Table | None, sources: list[Source], faults: Faults) -> dict[str, Fuel]:
    """The kiln fuels."""
    fuels: dict[str, Fuel] = {}
    ids = Ids()
    for row in not_too_many(open_table(table, "fuels.csv", FUEL_COLUMNS, faults), MOST_FUELS):
        fuel_id = free_id(row, "fuel", ids)
        kind = row.choice("kind", FuelKind)
        provenance(row, 3, sources, "fuel")
        weighed = row.text("heating_value") != ""
        heating_value = row.number_in("heating_value", least=0.1, most=150.0) if weighed else 0.0
        factor = row.number_in("co2_factor", most=0.5)
        biomass = row.number_in("biomass_fraction", most=1.0)
        if not row.at_fault:
            _check_fuel(row, kind, factor, biomass)
        if row.at_fault:
            faults.doubtful.add(row.text("fuel"))
        if fuel_id and kind:
            fuels[fuel_id] = Fuel(
                id=fuel_id,
                names=names_of(row),
                kind=kind,
                heating_value=heating_value,
                co2_factor=factor,
                biomass_fraction=biomass,
            )
    for kind in {fuel.kind: None for fuel in fuels.values()}:
        others = [f.id for f in fuels.values() if f.kind == kind != f.id]
        if kind in fuels and others:
            faults.add(
                "fuels.csv",
                message(
                    "'{kind}' is an id, and the kind of '{other}' too; rename it",
                    kind=kind,
                    other=others[0],
                ),
            )
    return fuels


def _check_fuel(row: Row, kind: FuelKind | None, factor: float, biomass: float) -> None:
    """What the kind of a fuel says of its factors. factor: [t CO2/GJ]; biomass: a part of 1."""
    if kind in _NO_COMBUSTION and factor != 0.0:
        what = message(
            "co2_factor of {kind} heat is {co2_factor}; it must be 0",
            kind=kind,
            co2_factor=row.text("co2_factor"),
        )
        row.fault(what, "co2_factor")
    if kind in (FuelKind.FOSSIL, FuelKind.FOSSIL_WASTE) and biomass != 0.0:
        what = message(
            "biomass_fraction of a {kind} fuel must be 0; a mixed one is 'mixed_waste'", kind=kind
        )
        row.fault(what, "biomass_fraction")
    if kind is FuelKind.BIOMASS and biomass != 1.0:
        what = message(
            "biomass_fraction of a biomass fuel must be 100 %; a mixed one is 'mixed_waste'"
        )
        row.fault(what, "biomass_fraction")


def read_materials(
    table: Table | None, sources: list[Source], faults: Faults
) -> dict[str, Material]:
    """Alternative raw materials and mineral additions."""
    materials: dict[str, Material] = {}
    ids, kinds = Ids(), Ids()
    rows = open_table(table, "materials.csv", MATERIAL_COLUMNS, faults)
    for row in not_too_many(rows, MOST_MATERIALS):
        material = free_id(row, "material", ids)
        use = row.choice("use", MaterialUse)
        kind = row.group_id("kind", kinds)
        is_word(row, "kind", kind)
        provenance(row, 3, sources, "material")
        cao = row.number_in("cao", most=1.0)
        mgo = row.number_in("mgo", most=1.0)
        moisture = row.number_in("moisture", most=0.9)
        co2 = row.number_in("co2", most=2.0)
        heat = row.number_in("heat", most=20.0)
        power = row.number_in("power", most=2.0)
        if not row.at_fault and cao + mgo > 1.0:
            row.fault(message("cao and mgo together exceed 100 %"))
        if use is MaterialUse.ALTERNATIVE_RAW and (co2 or heat or power):
            row.fault(
                message("co2, heat and power are of mineral additions; write 0 for a raw material")
            )
        if use is MaterialUse.ALTERNATIVE_RAW and calcination_co2(cao, mgo) == 0.0:
            row.fault(message("has neither CaO nor MgO, so it avoids no CO2; leave it out"))
        if row.at_fault:
            faults.doubtful |= {row.text("material"), kind}
        if material and use:
            materials[material] = Material(
                id=material,
                names=names_of(row),
                use=use,
                kind=kind,
                cao=cao,
                mgo=mgo,
                moisture=moisture,
                co2=co2,
                heat=heat,
                power=power,
            )
    _check_kinds(kinds, ids, materials, faults)
    return materials


def _check_kinds(kinds: Ids, ids: Ids, materials: dict[str, Material], faults: Faults) -> None:
    """A kind may be called as a material that is of it, and as no other."""
    for given in kinds.given():
        like = ids.like(given.id)
        if like and like.id in materials and materials[like.id].kind not in ("", like.id):
            what = message(
                "the kind '{kind}' is taken for the material '{id}' of {place}; rename one",
                kind=given.id,
                id=like.id,
                place=like.place,
            )
            faults.add(given.place, what)
