"""What a case may say, and hardly means: warnings, not errors."""

from collections.abc import Iterator

from model.case.senses import Sense
from model.case.sites import Site
from model.case.types import Bound, Case, Metric
from model.case.units import Dimension
from model.formulas.site_years import site_years
from model.levers.bound_rows import bound_years
from model.levers.company_plan import plan_activities
from model.levers.crossings import crossings
from model.levers.levers import bound_amount
from model.messages.faults import Fault
from model.messages.message import Message, message
from model.pathway.recount import broken_laws
from model.plausibility.scale import size_of
from model.plausibility.table_rows import TableRows
from model.targets.limits import years_without_product

# Cement of a site in a year, where a wrong unit is likely. Assumed: no group makes as much as the
# upper one (the world makes some 4,000 Mt), and the smallest kiln makes more than the lower one.
LIKELY = (1e4, 3e8)  # [t]
LEAST_SHARE = 0.01  # of a site; below it is rather a fraction under a heading in %: assumed


def unlikely(case: Case) -> Iterator[Fault]:
    """Sizes and shares in a wrong unit, limits on nothing, bounds that cross."""
    rows = TableRows(case)
    for site in case.sites.values():
        yield from _size(case, site, rows)
        equity = min((one.equity for one in site.stages if one.equity > 0), default=1.0)
        if equity <= LEAST_SHARE:
            yield Fault(
                rows.find("sites", site.id),
                message(
                    "the group's equity in '{site}' is {equity:.3%}: look at the unit",
                    site=site.id,
                    equity=equity,
                ),
            )
    yield from _of_nothing(case, rows)
    yield from _growth_of_nothing(case, rows)
    yield from _plan(case)
    for crossing in crossings(case.bounds.values()):
        fault = message(
            "'{bound}' {crossing}, so there is no pathway",
            bound=crossing.low.id,
            crossing=crossing.message,
        )
        yield Fault(rows.find("bounds", crossing.low.id), fault)


def _size(case: Case, site: Site, rows: TableRows) -> Iterator[Fault]:
    """A site that makes less than a kiln or more than a group: t for kt, and the like."""
    line = size_of(case, site.id) if site.kind.makes_cement else {}
    smallest = LIKELY[0] if site.kind.has_kiln else 0.0
    year = next((y for y, t in line.items() if t and not smallest <= t <= LIKELY[1]), None)
    little, much = message("no kiln makes so little"), message("no group so much")
    if year is not None:
        yield Fault(
            rows.of_series(site.id, "cement", ""),
            message(
                "cement and clinker sold of '{site}' are {amount:,.0f} t in {year}; {why}: "
                "look at the unit",
                site=site.id,
                amount=line[year],
                year=year,
                why=little if line[year] < smallest else much,
            ),
        )


def _plan(case: Case) -> Iterator[Fault]:
    """What no plant can do, though the company's plan says so: it is no fair comparison then."""
    found: dict[tuple[Message, str], list[int]] = {}
    for broken in broken_laws(case, plan_activities(case), site_years(case)):
        found.setdefault((broken.law, broken.site), []).append(broken.year)
    for (law, site), years in found.items():
        more = message(", in {count} years", count=len(years)) if len(years) > 1 else ""
        fault = message(
            "the plan cannot be kept at '{site}': {law} in {year}{more}",
            site=site,
            law=law,
            year=years[0],
            more=more,
        )
        yield Fault("plan.csv", fault)


def _growth_of_nothing(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Paces in parts of the level before, of what the company does not have: it never can."""
    nothing: dict[tuple[str, str, str], bool] = {}  # bounds of a place and lever are asked once
    year = case.inventory_year
    for bound in case.bounds.values():
        relative = bound.dimension is Dimension.RELATIVE_PER_YEAR and not bound.seed
        relative = relative and bound.sense is Sense.RISE_MAX
        if relative and year + 1 in bound.values:
            thing = (bound.place, bound.lever, bound.which)
            if thing not in nothing:
                nothing[thing] = _had_nothing(case, bound)
            if nothing[thing]:
                fault = message(
                    "'{bound}' lets rise by parts of what there was, and in {year} there was "
                    "none: it stays at 0 for ever; give the pace as an amount a year",
                    bound=bound.id,
                    year=year,
                )
                yield Fault(rows.find("bounds", bound.id), fault)


def _had_nothing(case: Case, bound: Bound) -> bool:
    """Whether a bound on a pace holds from the first year on, and there was nothing before it."""
    year = case.inventory_year
    if next(iter(bound_years(case, bound)), None) != year + 1:
        return False
    parameters, reported = site_years(case), plan_activities(case)
    return not any(bound_amount(bound, reported[s, year], parameters[s, year]) for s in bound.sites)


def _of_nothing(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Limits on an intensity in years in which the group makes nothing there."""
    idle: dict[str, frozenset[int]] = {}
    for target in case.targets.values():
        if target.metric is not Metric.INTENSITY:
            continue
        if target.place not in idle:
            idle[target.place] = frozenset(years_without_product(case, target, case.horizon))
        if none := [year for year in target.values if year in idle[target.place]]:
            yield Fault(
                rows.find("targets", target.id),
                message(
                    "'{target}' limits an intensity in {years}, when the group makes nothing at "
                    "'{place}': no emissions are allowed there then",
                    target=target.id,
                    years=tuple(none),
                    place=target.place,
                ),
            )
