"""Reads the targets of a case."""

import math
from collections.abc import Mapping

from model.case import Metric, Scope, Status, Target
from model.places import Places
from model.read_sites import provenance
from model.sda import CEMENT_1_5C_SCOPE_1
from model.tables import LARGEST, Faults, Row, Table, interpolate, is_year, open_table
from model.units import UNITS
from model.units import Dimension as D

COLUMNS: dict[str, D | None] = {
    "id": None,
    "place": None,
    "scope": None,
    "metric": None,
    "form": None,
    "unit": None,
    "source": None,
    "status": None,
}
_SDA_END = CEMENT_1_5C_SCOPE_1.convergence_year


def read_targets(
    table: Table | None,
    places: Places,
    bounds: Mapping[str, object],
    horizon: range,
    has_plan: bool,
    counts: dict[Status, int],
    faults: Faults,
) -> dict[str, Target]:
    """The targets, by id. Ids are shared with the register, so that an id names one thing."""
    targets: dict[str, Target] = {}
    for row in open_table(table, "targets.csv", COLUMNS, faults, years=horizon):
        target = _read_target(row, places, {**bounds, **targets}, horizon, has_plan, counts)
        if target is not None:
            targets[target.id] = target
    return targets


def _read_target(
    row: Row,
    places: Places,
    taken: Mapping[str, object],
    horizon: range,
    has_plan: bool,
    counts: dict[Status, int],
) -> Target | None:
    target_id = row.identifier("id", taken)
    place = row.needed("place")
    sites = places.resolve(row, place)
    scope, metric = row.choice("scope", Scope), row.choice("metric", Metric)
    form = row.text("form")
    if form not in ("points", "line"):
        row.fault(f"form is '{form}'; write 'points' for single years or 'line'")
    wanted = D.MASS_RATIO if metric is Metric.INTENSITY else D.MASS
    unit = row.unit(wanted, D.REDUCTION, what=f"a target on {metric}")
    if metric is Metric.INTENSITY and sites and not _has_product(sites, places):
        row.fault(f"no site of '{place}' makes cement, so there is no intensity; write 'absolute'")
    dimension, unit_text, factor = unit or (wanted, "", 1.0)
    sda_years = [int(c) for c, v in row.cells.items() if is_year(c) and v.strip().lower() == "sda"]
    if sda_years:
        values = dict.fromkeys(sorted(sda_years), math.nan)
        _check_sda(row, scope, metric, dimension)
    else:
        most = 1.0 if dimension is D.REDUCTION else LARGEST
        least = -LARGEST if dimension is not D.REDUCTION else -1.0
        values = row.years(factor, unit_text, least=least, most=most, what="limit")
    provenance(row, len(values), counts)
    if not any(is_year(column) and row.text(column) for column in row.cells):
        row.fault("has no limit in any year of the horizon")
    if form == "line":
        values = interpolate(values, horizon)
    if (sda_years or dimension is D.REDUCTION) and not has_plan:
        row.fault("is computed from the base-year inventory, which needs plan.csv")
    if not (target_id and sites and scope and metric and unit and values):
        return None
    return Target(
        target_id,
        place,
        sites,
        scope,
        metric,
        dimension,
        unit_text,
        factor,
        values,
        bool(sda_years),
        row.text("source"),
        Status(row.text("status")) if row.text("status") in list(Status) else Status.ASSUMED,
    )


def _has_product(sites: tuple[str, ...], places: Places) -> bool:
    return any(places.sites[site].kind.makes_cement for site in sites)


def _check_sda(row: Row, scope: Scope | None, metric: Metric | None, dimension: D) -> None:
    """SDA gives an intensity, and only scope 1 has public sector anchors."""
    for column, cell in row.cells.items():
        if is_year(column) and cell.strip() and cell.strip().lower() != "sda":
            row.fault(f"column {column} holds '{cell}' beside 'sda'; write them as two targets")
    if metric is Metric.ABSOLUTE or dimension is not D.MASS_RATIO:
        known = ", ".join(u for u, (d, _) in UNITS.items() if d is D.MASS_RATIO)
        row.fault(f"SDA gives an intensity; write metric 'intensity' and a unit of {known}")
    late = [c for c in row.cells if is_year(c) and row.text(c) and int(c) > _SDA_END]
    if late:
        row.fault(f"the sector pathway of SDA ends in {_SDA_END}; {late[-1]} lies after it")
    if scope is not None and scope is not Scope.ONE:
        row.fault(
            f"SDA for scope {scope} needs a sector pathway, and none is public; "
            "write the limit itself"
        )
