"""Totals of output that are given: what their sites may be bounded by, and what follows."""

import math
from collections.abc import Mapping, Sequence

from model.case.tables import Row
from model.case.types import Bound, YearValues
from model.case.units import Dimension as D
from model.messages.message import message
from model.reading.rows.context import Context
from model.reading.rows.register import Register

_NEAR = 1e-6  # of a total, within which the series of its sites must add up to it
Series = Mapping[tuple[str, str, str], YearValues]


def decided_sites(totals: Sequence[Bound]) -> dict[str, Bound]:
    """Site -> the first total that holds it."""
    found: dict[str, Bound] = {}
    for total in totals:
        for site in total.sites:
            found.setdefault(site, total)
    return found


def check_totals(register: Register, series: Series, context: Context) -> None:
    """Tells what is wrong with totals of output, and with bounds on such output."""
    totals = register.totals
    decided = decided_sites(totals)
    for total in totals:
        _check_total(register.rows[total.id], total, decided, series, context)
    if not register.is_known("cement"):
        return
    for name, row in register.rows.items():
        bound = register.lines[name]
        if bound.lever == "cement" and not bound.gives_output:
            _check_cement(row, bound, decided)
        if bound.dimension is D.POINTS_PER_YEAR:
            _check_points(row, bound, decided)


def _check_total(
    row: Row, total: Bound, decided: Mapping[str, Bound], series: Series, context: Context
) -> None:
    for site in total.sites:
        if decided[site] is not total:
            what = message(
                "gives the cement of '{site}', as '{other}' does; a site may be in one total",
                site=site,
                other=decided[site].id,
            )
            row.fault(what, "place")
            return
    missing = [year for year in context.horizon if year not in total.values]
    if missing:
        what = message(
            "gives the cement of several sites, and must give it in every year from {start} to "
            "{last}; {year} has none",
            start=context.horizon.start,
            last=context.horizon.stop - 1,
            year=missing[0],
        )
        row.fault(what)
        return
    lines = [series.get((site, "cement", ""), {}) for site in total.sites]
    for year in context.horizon:
        if not all(year in line for line in lines):
            return
        planned, given = math.fsum(line[year] for line in lines), total.values[year]
        if abs(planned - given) > _NEAR * max(planned, given):
            what = message(
                "gives {given} of cement in {year}; the series of its sites add up to {planned}",
                given=f"{given / total.factor:,.10g} {total.unit}",
                planned=f"{planned / total.factor:,.10g} {total.unit}",
                year=year,
            )
            row.fault(what)
            return


def _check_cement(row: Row, bound: Bound, decided: Mapping[str, Bound]) -> None:
    """Cement can be bounded where it is decided alone."""
    given = [site for site in bound.sites if site not in decided]
    if given:
        what = message(
            "limits the cement of '{site}', which its series gives; cement is decided only within "
            "a total of several sites (sense fixed)",
            site=given[0],
        )
        row.fault(what, "place")


def _check_points(row: Row, bound: Bound, decided: Mapping[str, Bound]) -> None:
    """A change in points needs to know the cement that the ratio is part of."""
    for site in bound.sites:
        total = decided.get(site)
        if total is None or (not bound.product and {*total.sites} <= {*bound.sites}):
            continue
        what = message(
            "is in points of cement that is decided: a product of two decisions; write it over "
            "all sites of '{total}', or in another unit than pp/yr",
            total=total.id,
        )
        if bound.product:
            what = message(
                "is in points of a product whose cement is decided, in '{total}': a product of two "
                "decisions; write it in another unit than pp/yr",
                total=total.id,
            )
        row.fault(what, "unit")
        return


def check_share_of_market(row: Row, sites: tuple[str, ...], totals: Sequence[Bound]) -> None:
    """A limit that follows the output of a place needs to know that output."""
    for total in totals:
        inside = {*total.sites} & {*sites}
        if inside and inside != {*total.sites}:
            what = message(
                "its limit follows the output of '{place}', which holds some sites of '{total}' "
                "and not all: limit × output would be a product of two decisions; write the "
                "market share 'fixed', or another place",
                place=row.text("place"),
                total=total.id,
            )
            row.fault(what, "market_share")
            return


def check_amounts(amounts: Mapping[str, Row], decided: Mapping[str, Bound]) -> None:
    """Products of decided cement are parts of it; amounts: site -> a row that gives one in t."""
    for site, row in amounts.items():
        if site in decided:
            what = message(
                "gives an amount, and '{total}' decides the cement of '{site}'; write %",
                total=decided[site].id,
                site=site,
            )
            row.fault(what, "unit")
