"""What sites need: least heat of kilns, limits on what stations buy, a kiln to sell clinker."""

from collections.abc import Callable, Iterable, Mapping

from model.case.senses import Sense
from model.case.sites import Site
from model.case.types import Bound
from model.case.year_lines import years_held, years_of
from model.messages.message import Message, message
from model.reading.rows.context import Context
from model.reading.rows.register import Register
from model.reading.together.made import Made

_LIMITS = (Sense.MAX, Sense.FIXED, Sense.TOTAL_MAX)
_Years = Mapping[str, int]  # site -> years of the horizon, as bits


def what_is_needed(
    table: str | Message, register: Register, made: Made, context: Context, *, sound: bool
) -> None:
    """Tells which kilns have no least heat, and which stations no limit on what they buy.

    table: the name of the register's; sound: whether the series could be read.
    """
    if sound:
        _only_kilns_sell(made, context)
    if register.is_known("heat_intensity"):
        _kilns_need_heat(table, register, made, context)
    if register.is_known("clinker_bought") and sound:
        _stations_need_limits(table, register, made, context)


def _kilns_need_heat(
    table: str | Message, register: Register, made: Made, context: Context
) -> None:
    """Without a least heat intensity a pathway would make clinker without burning anything."""
    horizon = context.horizon
    least = (
        bound
        for bound in register.lines.values()
        if bound.lever == "heat_intensity" and bound.sense in (Sense.MIN, Sense.FIXED)
    )

    def needed(site: Site) -> int:
        idle = years_held(dict.fromkeys(made.without_clinker(site), 0.0), horizon)
        return ((1 << len(horizon)) - 1) & ~idle if site.kind.has_kiln else 0

    for names, year in _lacking(least, needed, context):
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
                sites=names,
                start=horizon.start,
                year=year,
            )
        )
        context.faults.add(table, words)


def _only_kilns_sell(made: Made, context: Context) -> None:
    """A site sells clinker that it makes, and none once it is a grinding station."""
    for site in context.places.sites.values():
        sold = made.series.get((site.id, "clinker_sold", ""), {})
        years = [y for y in context.horizon if sold.get(y) and not site.at(y).kind.has_kiln]
        if years:
            what = message(
                "clinker_sold of '{site}' is {amount:,.6g} t in {year}, but it has no kiln then; "
                "write 0",
                site=site.id,
                amount=sold[years[0]],
                year=years[0],
            )
            context.faults.add("series.csv", what)


def _stations_need_limits(
    table: str | Message, register: Register, made: Made, context: Context
) -> None:
    """Without a limit a pathway would buy all clinker, whose CO2 is its maker's."""
    limits = (
        bound
        for bound in register.lines.values()
        if bound.lever == "clinker_bought" and bound.sense in _LIMITS
    )

    def needed(site: Site) -> int:
        if (site.id, "clinker_bought", "") in made.series:
            return 0
        years = {year: 0.0 for year in context.horizon if made.grinds(site, year)}
        return years_held(years, context.horizon)

    for names, year in _lacking(limits, needed, context):
        words = (
            message(
                "'{site}' needs a limit on clinker_bought (sense max, fixed or total_max), or a "
                "series of it, for every year in which it grinds; {year} has none",
                site=names[0],
                year=year,
            )
            if len(names) == 1
            else message(
                "{sites} need a limit on clinker_bought (sense max, fixed or total_max), or a "
                "series of it, for every year in which they grind; {year} has none",
                sites=names,
                year=year,
            )
        )
        context.faults.add(table, words)


def _lacking(
    bounds: Iterable[Bound], needed: Callable[[Site], int], context: Context
) -> list[tuple[tuple[str, ...], int]]:
    """The sites that need a line in years in which none holds, by the first of these.

    needed: years of the horizon, as bits.
    """
    horizon, places = context.horizon, context.places
    held_at = _held(bounds, horizon)
    lacking: dict[int, list[str]] = {}
    for site in places.sites.values():
        left = needed(site) & ~held_at.get(site.id, 0)
        if left and site.id not in places.at_fault:
            lacking.setdefault(years_of(left, horizon)[0], []).append(site.id)
    return [(tuple(names), year) for year, names in lacking.items()]


def _held(bounds: Iterable[Bound], horizon: range) -> _Years:
    """The years in which lines hold at each site."""
    at_place: dict[str, int] = {}
    sites_of: dict[str, tuple[str, ...]] = {}
    for bound in bounds:
        years = bound.values if bound.since is None else dict.fromkeys(bound.years, 0.0)
        held = years_held(years, horizon)
        at_place[bound.place] = at_place.get(bound.place, 0) | held
        sites_of[bound.place] = bound.sites
    at_site: dict[str, int] = {}
    for place, held in at_place.items():
        for site in sites_of[place]:
            at_site[site] = at_site.get(site, 0) | held
    return at_site
