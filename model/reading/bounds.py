"""Reads the register of bounds."""

from collections.abc import Mapping
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
Weights = Mapping[str, float]
_NONE: Weights = {}


class Selection:
    """What ``which`` may name: one fuel or material, a kind of them, or a class.

    at_fault: ids of rows of their tables that are at fault, and are told there.
    """

    def __init__(
        self,
        fuels: Mapping[str, Fuel],
        materials: Mapping[str, Material],
        at_fault: frozenset[str],
    ) -> None:
        self.fuels = fuels
        self.materials = materials
        self.at_fault = at_fault

        self._single: dict[str, tuple[str, ...]] = {
            "fuel": tuple(fuels),
            "capture": CAPTURE,
            **{u.value: tuple(m.id for m in materials.values() if m.use is u) for u in MaterialUse},
        }
        self._weights: dict[tuple[str, str], Weights] = {}
        self._per_mass: dict[str, Weights] = {}

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
            return self._fuel_class(row, which)
        if which in ("", "all"):
            return dict.fromkeys(singles, 1.0)
        use = {"addition": MaterialUse.ADDITION}.get(lever.selects, MaterialUse.ALTERNATIVE_RAW)
        kinds = {m.kind for m in self.materials.values() if m.use is use}
        if lever.selects != "capture" and which in kinds:
            return {m.id: 1.0 for m in self.materials.values() if m.use is use and m.kind == which}
        if which not in self.at_fault:
            known = did_you_mean(which, [*singles, *kinds, "all"])
            row.fault(
                message("which '{which}' is unknown{known}", which=which, known=known), "which"
            )
        return None

    def _fuel_class(self, row: Row, which: str) -> Weights | None:
        if which == "biomass":
            return dict.fromkeys(self.fuels, 1.0)
        if which == "alternative":
            return {f.id: 1.0 for f in self.fuels.values() if f.kind is not FuelKind.FOSSIL}
        if which in FUEL_CLASSES:
            return {f.id: 1.0 for f in self.fuels.values() if f.kind == which}
        if which not in self.at_fault:
            known = did_you_mean(which, [*self.fuels, *FUEL_CLASSES])
            row.fault(
                message(
                    "which '{which}' is not a fuel or a class of fuels{known}",
                    which=which,
                    known=known,
                ),
                "which",
            )
        return None


def read_bounds(table: Table | None, context: Context, selection: Selection) -> dict[str, Bound]:
    """The register, by id."""
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
        bound = _read_bound(row, context, selection, bounds)
        if bound is not None:
            bounds[bound.id] = bound
        else:
            heat_at_fault |= row.text("lever") == "heat_intensity"
    if table is not None and table.columns and not heat_at_fault:
        _kilns_need_heat(table.name, bounds, context)
    return {**bounds, **_at_kilns(bounds, context)}


def _at_kilns(bounds: Mapping[str, Bound], context: Context) -> dict[str, Bound]:
    """A least heat of several kilns as lines that hold at each of them."""
    found = {}
    for bound in bounds.values():
        if bound.lever != "heat_intensity" or bound.sense not in (Sense.MIN, Sense.FIXED):
            continue
        kilns = [site for site in bound.sites if context.places.sites[site].kind.has_kiln]
        for site in kilns if len(kilns) > 1 else ():
            name, own = f"{bound.id}{AT}{site}", bound.names
            names = own and Names(f"{own.en}: {site}", f"{own.zh}：{site}")
            found[name] = replace(
                bound, id=name, place=site, sites=(site,), sense=Sense.MIN, names=names
            )
    return found


def _kilns_need_heat(table: str | Message, bounds: Mapping[str, Bound], context: Context) -> None:
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
    for site in context.places.sites.values():
        if site.kind.has_kiln and (left := every & ~at_site.get(site.id, 0)):
            faults.add(
                table,
                message(
                    "'{site}' needs a least heat_intensity (sense min or fixed) for every year "
                    "from {start}; {year} has none",
                    site=site.id,
                    start=horizon.start,
                    year=years_of(left, horizon)[0],
                ),
            )


def _read_bound(
    row: Row, context: Context, selection: Selection, taken: Mapping[str, Bound]
) -> Bound | None:
    bound_id = row.identifier("id", taken)
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
        row.fault(
            message(
                "which '{which}' covers nothing: the case has no {what}",
                which=which,
                what=which or lever,
            ),
            "which",
        )
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
    kinds = places.kinds(place)
    if not kinds or lever == "renewable_power":
        return
    needs_kiln = lever in ("clinker", "alternative_raw", "heat_intensity", "capture")
    fits = any(k.has_kiln for k in kinds) if needs_kiln else any(k.makes_cement for k in kinds)
    if lever == "waste_heat_power":
        fits = any(k.has_kiln for k in kinds)
    if not fits:
        row.fault(
            message(
                "{lever} has no meaning in '{place}', where no site has such a thing",
                lever=lever,
                place=place,
            ),
            "place",
        )
