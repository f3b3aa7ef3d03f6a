"""Reads the register of bounds."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

from model.case.at_kilns import AT
from model.case.places import Places
from model.case.senses import Sense
from model.case.tables import LARGEST, Row, Table, members
from model.case.types import (
    Bound,
    BoundKind,
    Confidence,
    Fuel,
    FuelKind,
    Material,
    MaterialUse,
    Names,
    Status,
)
from model.case.units import Dimension as D
from model.case.year_lines import years_held, years_of
from model.levers.levers import (
    CAPTURE,
    LEVERS,
    MOST,
    Lever,
    change_dimensions,
    level_dimensions,
    sum_dimensions,
)
from model.messages.faults import did_you_mean
from model.messages.message import Message, message
from model.reading.bound_years import SEED, expiry_of, first_of_sum, line_of_years, seed_of
from model.reading.context import Context
from model.reading.headers import open_table
from model.reading.sites import FUEL_CLASSES, OWN_NAMES, own_names, provenance

COLUMNS: dict[str, D | None] = {
    "id": None,
    "lever": None,
    "which": None,
    "place": None,
    "sense": None,
    "unit": None,
    "kind": None,
    "source": None,
    "expires": None,
    "status": None,
    "confidence": None,
}
DOUBT: dict[str, D] = {"doubt": D.SHARE}  # a column that it may have
_OF_KILNS = ("clinker", "alternative_raw", "heat_intensity", "capture", "waste_heat_power")
MOST_AT_KILNS = 200_000  # lines that least heats of several kilns become, as many as bounds
Weights = Mapping[str, float]
_NONE: Weights = {}


class Selection:
    """What ``which`` may name: one fuel or material, a kind of them, or a class.

    at_fault: ids of rows of their tables that are at fault, and are told there; an empty one is of
    a row without an id. unread: those of the tables fuels and materials that are at fault whole.
    """

    def __init__(
        self,
        fuels: Mapping[str, Fuel],
        materials: Mapping[str, Material],
        at_fault: frozenset[str],
        unread: Collection[str] = (),
    ) -> None:
        self.fuels = fuels
        self.materials = materials
        self._at_fault = at_fault
        self._unread = unread
        self._single: dict[str, tuple[str, ...]] = {
            "fuel": tuple(fuels),
            "capture": CAPTURE,
            **{u.value: tuple(m.id for m in materials.values() if m.use is u) for u in MaterialUse},
        }
        self._weights: dict[tuple[str, str], Weights] = {}
        self._per_mass: dict[str, Weights] = {}

    def in_doubt(self, lever: Lever, which: str) -> bool:
        """Whether what a row selects may stand in a row or table that is at fault."""
        lost, single = self._at_fault, which in self._at_fault or "" in self._at_fault
        several = which in ("", "all", *FUEL_CLASSES)
        return _table_of(lever) in self._unread or single or (several and bool(lost))

    def unknown(self, row: Row, lever: Lever, which: str, what: Message) -> None:
        """Tells that a row selects what is not there, but for what is told where it should stand.

        what: the fault, where its table has rows.
        """
        if self.in_doubt(lever, which):
            return
        table = _table_of(lever)
        if table and not (self.fuels if table == "fuels" else self.materials):
            what = message("selects what should stand in {table}, which has no rows", table=table)
        row.fault(what, "which")

    def single(self, lever: Lever) -> tuple[str, ...]:
        """The single things a lever selects among."""
        return self._single[lever.selects]

    def weights(self, row: Row, lever: Lever, which: str) -> Weights | None:
        """Weights of the selected, ``None`` and a fault where ``which`` is unknown.

        Rows that select the same get the same mapping.
        """
        if not lever.selects:
            if which:
                row.fault(
                    message("which is '{which}'; this lever takes none", which=which), "which"
                )
            return _NONE
        key = (lever.selects, which)
        if key not in self._weights:
            found = self._find(row, lever, which)
            if found is None:
                return None
            self._weights[key] = found
        return self._weights[key]

    def per_mass(self, row: Row, which: str, weights: Weights) -> Weights | None:
        """Weights of fuels that turn heat into tonnes of fuel."""
        if which in self._per_mass:
            return self._per_mass[which]
        unweighed = [f for f in weights if self.fuels[f].heating_value == 0.0]
        if unweighed:
            row.fault(
                message(
                    "'{fuel}' has no heating value, so it cannot be bounded in t; write "
                    "GJ, or its heating value in fuels.csv",
                    fuel=unweighed[0],
                ),
                "unit",
            )
            return None
        found = {f: w / self.fuels[f].heating_value for f, w in weights.items()}
        self._per_mass[which] = found
        return found

    def _find(self, row: Row, lever: Lever, which: str) -> Weights | None:
        singles = self.single(lever)
        if which in singles:
            return {which: 1.0}
        if lever.selects == "fuel":
            return self._fuel_class(row, lever, which)
        if which in ("", "all"):
            return dict.fromkeys(singles, 1.0)
        use = {"addition": MaterialUse.ADDITION}.get(lever.selects, MaterialUse.ALTERNATIVE_RAW)
        kinds = {m.kind for m in self.materials.values() if m.use is use}
        if lever.selects != "capture" and which in kinds:
            return {m.id: 1.0 for m in self.materials.values() if m.use is use and m.kind == which}
        known = did_you_mean(which, dict.fromkeys([*singles, *kinds, "all"]))
        what = message("which '{which}' is unknown{known}", which=which, known=known)
        self.unknown(row, lever, which, what)
        return None

    def _fuel_class(self, row: Row, lever: Lever, which: str) -> Weights | None:
        if which == "biomass":
            return dict.fromkeys(self.fuels, 1.0)
        if which == "alternative":
            return {f.id: 1.0 for f in self.fuels.values() if f.kind is not FuelKind.FOSSIL}
        if which in FUEL_CLASSES:
            return {f.id: 1.0 for f in self.fuels.values() if f.kind == which}
        known = did_you_mean(which, [*self.fuels, *FUEL_CLASSES])
        what = message(
            "which '{which}' is not a fuel or a class of fuels{known}", which=which, known=known
        )
        self.unknown(row, lever, which, what)
        return None


def _table_of(lever: Lever) -> str:
    """The table in which stands what a lever selects; empty where that is in none."""
    return {"fuel": "fuels", "capture": "", "": ""}.get(lever.selects, "materials")


def read_bounds(
    table: Table | None,
    context: Context,
    selection: Selection,
    without_clinker: Mapping[str, frozenset[int]],
) -> dict[str, Bound]:
    """The register, by id; without_clinker: the years in which a site makes none."""
    bounds: dict[str, Bound] = {}
    heat_at_fault = False
    rows = open_table(
        table,
        "bounds.csv",
        COLUMNS,
        context.faults,
        years=context.years,
        optional=(*OWN_NAMES, SEED),
        measured=DOUBT,
    )
    for row in rows:
        bound = _read_bound(row, context, selection)
        if bound is not None:
            bounds[bound.id] = bound
        lever = row.text("lever")
        heat_at_fault |= row.at_fault and (lever == "heat_intensity" or lever not in LEVERS)
    if table is not None and "bounds.csv" not in context.faults.unread and not heat_at_fault:
        _kilns_need_heat(table.name, bounds, context, without_clinker)
    return {**bounds, **_at_kilns(bounds, context)}


def _at_kilns(bounds: Mapping[str, Bound], context: Context) -> dict[str, Bound]:
    """A least heat of several kilns as lines that hold at each of them; none where too many."""
    found: dict[str, Bound] = {}
    kilns_of: dict[tuple[str, ...], list[str]] = {}
    count = 0
    for bound in bounds.values():
        if bound.lever != "heat_intensity" or bound.sense not in (Sense.MIN, Sense.FIXED):
            continue
        if bound.sites not in kilns_of:
            sites = context.places.sites
            kilns_of[bound.sites] = [site for site in bound.sites if sites[site].kind.has_kiln]
        kilns = kilns_of[bound.sites]
        count += len(kilns) if len(kilns) > 1 else 0
        if count > MOST_AT_KILNS:
            what = message(
                "'{bound}' and the least heats of several kilns before it hold at more than "
                "{most:,} kilns, all together; no group has as many",
                bound=bound.id,
                most=MOST_AT_KILNS,
            )
            context.faults.add("bounds.csv", what)
            return {}
        for site in kilns if len(kilns) > 1 else ():
            name, own = f"{bound.id}{AT}{site}", bound.names
            names = own and Names(f"{own.en}: {site}", f"{own.zh}：{site}")
            found[name] = replace(
                bound, id=name, place=site, sites=(site,), sense=Sense.MIN, names=names
            )
    return found


def _kilns_need_heat(
    table: str | Message,
    bounds: Mapping[str, Bound],
    context: Context,
    without_clinker: Mapping[str, frozenset[int]],
) -> None:
    """Without a least heat intensity a pathway would make clinker without burning anything."""
    horizon, faults = context.horizon, context.faults
    at_place: dict[str, int] = {}
    sites_of: dict[str, tuple[str, ...]] = {}
    for bound in bounds.values():
        if bound.lever == "heat_intensity" and bound.sense in (Sense.MIN, Sense.FIXED):
            held = years_held(bound.values, horizon)
            at_place[bound.place] = at_place.get(bound.place, 0) | held
            sites_of[bound.place] = bound.sites
    at_site: dict[str, int] = {}
    for place, held in at_place.items():
        for site_id in sites_of[place]:
            at_site[site_id] = at_site.get(site_id, 0) | held
    every = (1 << len(horizon)) - 1
    lacking: dict[int, list[str]] = {}
    for site in context.places.sites.values():
        idle = years_held(dict.fromkeys(without_clinker.get(site.id, ()), 0.0), horizon)
        left = every & ~at_site.get(site.id, 0) & ~idle
        if site.kind.has_kiln and left and site.id not in context.places.at_fault:
            lacking.setdefault(years_of(left, horizon)[0], []).append(site.id)
    for year, names in lacking.items():
        words = (
            message(
                "'{site}' needs a least heat_intensity (sense min or fixed) for every year "
                "from {start}; {year} has none",
                site=names[0],
                start=horizon.start,
                year=year,
            )
            if len(names) == 1
            else message(
                "{sites} need a least heat_intensity (sense min or fixed) for every year from "
                "{start}; {year} has none",
                sites=tuple(names),
                start=horizon.start,
                year=year,
            )
        )
        faults.add(table, words)


def _read_bound(row: Row, context: Context, selection: Selection) -> Bound | None:
    bound_id = row.identifier("id", context.ids)
    lever_name, which, place = row.needed("lever"), row.text("which"), row.needed("place")
    sense, kind = row.choice("sense", Sense), row.choice("kind", BoundKind)
    status = members(Status).get(row.text("status"), Status.ASSUMED)
    confidence = row.choice("confidence", Confidence)
    sites = context.places.resolve(row, place)
    if not _is_lever(row, lever_name) or sense is None:
        return None
    allowed = _allowed(lever_name, sense)
    unit = row.unit(*allowed, what=message("{sense} of {lever}", sense=sense, lever=lever_name))
    dimension, unit_text, factor = unit or (allowed[0], "", 1.0)
    weights = _weights(row, selection, lever_name, which, dimension)
    most = MOST.get(dimension, LARGEST) if unit else LARGEST
    given = row.years(factor, unit_text, most=most, what=lever_name)
    provenance(row, len(given), context.sources, "id")
    expires = expiry_of(row)
    seed = seed_of(row, lever_name, dimension) if row.text(SEED) else 0.0
    doubt = row.number_in("doubt", most=1.0) if row.text("doubt") else None
    since = first_of_sum(row, given, expires, context.horizon) if sense.sums_years else None
    values = line_of_years(row, given, expires, context.years, is_sum=sense.sums_years)
    _meaningful_place(row, lever_name, place, context.places)
    if not (bound_id and kind and confidence and unit and sites) or weights is None:
        return None
    return Bound(
        id=bound_id,
        lever=lever_name,
        which=which,
        weights=weights,
        place=place,
        sites=sites,
        sense=sense,
        dimension=dimension,
        unit=unit_text,
        factor=factor,
        values=values,
        kind=kind,
        source=row.text("source"),
        expires=expires,
        status=status,
        confidence=confidence,
        names=own_names(row),
        doubt=doubt,
        since=since,
        seed=seed,
    )


def _is_lever(row: Row, name: str) -> bool:
    """Whether a lever is known; else it is told."""
    if name and name not in LEVERS:
        known = did_you_mean(name, LEVERS)
        row.fault(message("lever '{lever}' is unknown{known}", lever=name, known=known), "lever")
    return name in LEVERS


def _weights(
    row: Row, selection: Selection, lever: str, which: str, dimension: D
) -> Mapping[str, float] | None:
    """What a bound selects, each with its factor; ``None`` where that is at fault."""
    weights = selection.weights(row, LEVERS[lever], which)
    if weights is None:
        return None
    if LEVERS[lever].selects and not weights:
        what = message(
            "which '{which}' covers nothing: the case has no {what}",
            which=which,
            what=lever if which in ("", "all") else which,
        )
        selection.unknown(row, LEVERS[lever], which, what)
    if dimension is D.MASS and lever == "fuel":
        return selection.per_mass(row, which, weights)
    return weights


@cache
def _allowed(lever: str, sense: Sense) -> tuple[D, ...]:
    """The dimensions that a bound on a lever, its yearly change or its sum over years may have."""
    if sense.limits_change:
        return change_dimensions(LEVERS[lever])
    return (sum_dimensions if sense.sums_years else level_dimensions)(LEVERS[lever])


def _meaningful_place(row: Row, lever: str, place: str, places: Places) -> None:
    what = places.without(place, kiln=lever in _OF_KILNS)
    if what is not None and lever != "renewable_power":
        row.fault(what, "place")
