"""Reads the targets of a case."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from model.case.places import Places
from model.case.sectors import MarketShare, SectorPathway
from model.case.tables import LARGEST, Row, Table, is_year, members
from model.case.types import Bound, Metric, Scope, Status, Target, YearValues, parts_of
from model.case.units import REDUCTIONS, UNITS
from model.case.units import Dimension as D
from model.case.year_lines import interpolate
from model.messages.message import message
from model.reading.rows.context import Context
from model.reading.rows.headers import open_table
from model.reading.rows.provenance import OWN_NAMES, not_too_many, own_names, provenance
from model.reading.together.totals import check_share_of_market

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
SDA_COLUMNS = ("sector", "market_share")
SINCE = "since"  # a column that it may have: the first year of a budget
OWN_BASE_YEAR = "base_year"  # another: a base year of the target's own
MOST_TARGETS = 20_000  # of a case; four for each of the most sites
Sectors = Mapping[tuple[str, Scope], SectorPathway]


@dataclass(frozen=True, slots=True)
class BaseYear:
    """The base year of a case; has_plan: whether its inventory is known.

    reported: the years that a target may start from; idle: the sites that make nothing in a year;
    totals: lines that give the output of several sites together.
    """

    year: int
    reported: range
    has_plan: bool
    idle: Callable[[int], frozenset[str]]
    totals: Sequence[Bound] = ()

    def of(self, row: Row) -> "BaseYear":
        """That of a row: its own, where it says one."""
        said = row.text(OWN_BASE_YEAR)
        if said and not (is_year(said) and int(said) in self.reported):
            what = message(
                "base_year is '{text}'; write a reported year, {first} to {last}",
                text=said,
                first=self.reported.start,
                last=self.reported.stop - 1,
            )
            row.fault(what, OWN_BASE_YEAR)
            return self
        return replace(self, year=int(said)) if said else self


def read_targets(
    table: Table | None, context: Context, base: BaseYear, sectors: Sectors
) -> dict[str, Target]:
    """The targets, by id."""
    targets: dict[str, Target] = {}
    years, faults = context.horizon, context.faults
    rows = open_table(
        table,
        "targets.csv",
        COLUMNS,
        faults,
        years=years,
        optional=(*OWN_NAMES, *SDA_COLUMNS, SINCE, OWN_BASE_YEAR),
    )
    for row in not_too_many(rows, MOST_TARGETS):
        target = _read_target(row, context, base, sectors)
        if target is not None:
            targets[target.id] = target
            if target.market_share is not MarketShare.FIXED:
                check_share_of_market(row, target.sites, base.totals)
    return targets


def _read_target(row: Row, context: Context, base: BaseYear, sectors: Sectors) -> Target | None:
    target_id, base = row.identifier("id", context.ids), base.of(row)
    places, place = context.places, row.needed("place")
    sites = places.resolve(row, place)
    scope, metric, form = row.choice("scope", Scope), row.choice("metric", Metric), _form(row)
    wanted = D.MASS_RATIO if metric is Metric.INTENSITY else D.MASS
    of_any = () if metric else (D.MASS_RATIO,)  # of which metric is not known
    what = message("a target on {metric}", metric=metric or "")
    unit = row.unit(wanted, *of_any, *REDUCTIONS, what=what)
    making = sites if metric is Metric.INTENSITY and not places.at_fault else ()
    _check_product(row, place, making, places)
    dimension, unit_text, factor = unit or (wanted, "", 1.0)
    sda = any(cell.lower() == "sda" for _, cell in row.year_cells())
    values: YearValues
    if sda:
        values = _sda_years(row, metric, dimension)
        _check_sector(row, scope, base.year, sectors)
    else:
        values = _typed_limits(row, dimension, unit_text, factor)
    line = form == "line"
    since = _since(row, values, context.horizon, line=line) if metric is Metric.BUDGET else None
    provenance(row, len(values), context.sources, "id")
    if not any(row.year_cells()):
        row.fault(message("has no limit in any year of the horizon"))
    share = _market_share(row, sda)
    if share is None:
        return None
    _check_base(row, sda, dimension, making, base)
    _check_since(row, dimension, line=line, budget=since is not None)
    if not (target_id and sites and scope and metric and unit and values):
        return None
    return Target(
        id=target_id,
        place=place,
        sites=sites,
        scope=scope,
        metric=metric,
        dimension=dimension,
        unit=unit_text,
        factor=factor,
        values=_over_years(values, context.horizon, dimension, line=line, since=since),
        sda=sda,
        sector=row.text("sector"),
        market_share=share,
        source=row.text("source"),
        status=members(Status).get(row.text("status"), Status.ASSUMED),
        names=own_names(row),
        since=since,
        base_year=base.year if row.text(OWN_BASE_YEAR) else None,
    )


def _check_since(row: Row, dimension: D, *, line: bool, budget: bool) -> None:
    """What only a budget has, and what none under a line can have."""
    if row.text(SINCE) and not budget:
        row.fault(message("'since' is the first year of a budget, and this is none"), SINCE)
    if budget and line and dimension is D.BELOW_FROZEN:
        what = message("a budget under a line is in t or % below base, not % below frozen")
        row.fault(what, "unit")


def _since(row: Row, values: YearValues, horizon: range, *, line: bool) -> int:
    """The first year of a budget: as said, or of the line under which it lies."""
    said = row.text(SINCE)
    if said and line:
        row.fault(message("a budget under a line begins in its first year; empty 'since'"), SINCE)
    if not line and len(values) > 1:
        what = message(
            "a budget is one amount, in its last year; with the form 'line' it is the area under "
            "the line"
        )
        row.fault(what)
    if line and len(values) == 1:
        row.fault(message("a line has two years at least; write the budget as 'points'"), "form")
    first = min(values, default=horizon.start) if line else horizon.start
    if said and not (
        is_year(said) and int(said) in horizon and int(said) <= max(values, default=0)
    ):
        what = message(
            "since is '{text}'; write a year from {first} to that of the budget",
            text=said,
            first=horizon.start,
        )
        row.fault(what, SINCE)
        return first
    return int(said) if said else first


def _over_years(
    values: YearValues, years: range, dimension: D, *, line: bool, since: int | None
) -> YearValues:
    """The limits of a target by year; of a budget one, in its last year.

    Under a line that is the sum of its amounts, or the mean of its reductions.
    """
    given = interpolate(values, years) if line else values
    if since is None or not line:
        return given
    whole = math.fsum(given.values())
    return {max(given): whole / len(given) if dimension in REDUCTIONS else whole}


def _check_base(row: Row, sda: bool, dimension: D, making: tuple[str, ...], base: BaseYear) -> None:
    """What a limit is computed from must be known, and be something; making: of an intensity."""
    if (sda or dimension in REDUCTIONS) and not base.has_plan:
        row.fault(message("is computed from the base-year inventory, which needs plan.csv"))
    if making and (sda or dimension is D.REDUCTION) and base.idle(base.year).issuperset(making):
        row.fault(
            message(
                "is set against the base year {base_year}, in which the group makes "
                "nothing at '{place}'; give its limit in t/t",
                base_year=base.year,
                place=row.text("place"),
            )
        )


def _form(row: Row) -> str:
    form = row.text("form")
    if form not in ("points", "line"):
        row.fault(
            message("form is '{form}'; write 'points' for single years or 'line'", form=form),
            "form",
        )
    return form


def _market_share(row: Row, sda: bool) -> MarketShare | None:
    """How the market share counts; ``None`` where that is at fault. Only SDA knows it."""
    share = row.text("market_share") or MarketShare.FIXED
    if share not in members(MarketShare):
        known = tuple(MarketShare)
        row.fault(
            message(
                "market_share is '{share}'; write one of: {known}, or nothing",
                share=share,
                known=known,
            ),
            "market_share",
        )
        return None
    if (row.text("sector") or row.text("market_share")) and not sda:
        row.fault(message("has a sector or a market share, but no cell 'sda'"))
    return MarketShare(share)


def _typed_limits(row: Row, dimension: D, unit: str, factor: float) -> dict[int, float]:
    """Limits in inside units, by year; a reduction lies between -100 and 100 %."""
    most = 1.0 if dimension in REDUCTIONS else LARGEST
    return row.years(factor, unit, least=-most, most=most, what=message("limit"))


def _sda_years(row: Row, metric: Metric | None, dimension: D) -> dict[int, float]:
    """The years of SDA cells, whose limits are computed later: intensities, in cells alone."""
    _check_sda(row, metric, dimension)
    return {year: math.nan for year, cell in sorted(row.year_cells()) if cell.lower() == "sda"}


def _check_product(row: Row, place: str, sites: tuple[str, ...], places: Places) -> None:
    """Of an intensity some site must make cement; sites: none of an absolute target."""
    if sites and not any(places.sites[site].kind.makes_cement for site in sites):
        row.fault(
            message(
                "no site of '{place}' makes cement, so there is no intensity; write 'absolute'",
                place=place,
            ),
            "place",
        )


def _check_sda(row: Row, metric: Metric | None, dimension: D) -> None:
    """SDA gives an intensity, in cells of their own."""
    for year, cell in row.year_cells():
        if cell.lower() != "sda":
            fault = message(
                "column {year} holds '{cell}' beside 'sda'; write them as two targets",
                year=year,
                cell=cell,
            )
            row.fault(fault, str(year))
    if metric is Metric.ABSOLUTE or dimension is not D.MASS_RATIO:
        known = tuple(u for u, (d, _) in UNITS.items() if d is D.MASS_RATIO)
        row.fault(
            message(
                "SDA gives an intensity; write metric 'intensity' and a unit of {known}",
                known=known,
            )
        )


def _check_sector(row: Row, scope: Scope | None, base_year: int, sectors: Sectors) -> None:
    """Every scope needs its sector pathway, which must reach beyond base and target years."""
    name = row.text("sector")
    for one in parts_of(scope) if scope else ():
        pathway = sectors.get((name, one))
        if pathway is None:
            known = sorted(f"'{n}'" for n, s in sectors if s is one and n)
            have = message("sectors.csv has none")
            if known:
                have = message("sectors.csv has {known}", known=tuple(known))
            public = "" if one is Scope.ONE and not name else message(" and none is public")
            row.fault(
                message(
                    "SDA for scope {scope} needs a sector pathway{public}; name one in column "
                    "'sector' ({have}), or write the limit itself",
                    scope=one,
                    public=public,
                    have=have,
                )
            )
            continue
        end = pathway.convergence_year
        late = [year for year, _ in row.year_cells() if year > end]
        if late:
            fault = message(
                "the sector pathway of SDA ends in {end}; {year} lies after it",
                end=end,
                year=late[-1],
            )
            row.fault(fault, str(late[-1]))
        if pathway.intensity(min(base_year, end)) == pathway.intensity(end):
            row.fault(
                message(
                    "the sector's intensity does not change from {base_year} to {end}",
                    base_year=base_year,
                    end=end,
                )
            )
