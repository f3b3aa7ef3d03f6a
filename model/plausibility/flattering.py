"""What in the structure of a case makes its answer smaller than a plant could: doubts."""

from collections.abc import Iterator, Sequence

from model.case.at_kilns import line_of
from model.case.places import place_of
from model.case.senses import Sense
from model.case.sites import Site
from model.case.types import Bound, BoundKind, Case, Scope
from model.case.units import Dimension as D
from model.levers.bound_rows import bound_years
from model.levers.levers import CAPTURE, LEVERS
from model.messages.faults import Fault
from model.messages.location import Location
from model.messages.message import message
from model.plausibility.scale import size_of
from model.plausibility.table_rows import TableRows
from model.plausibility.target_limits import in_single_years

# EN 197-1:2011, table 1: CEM III/C holds 81 to 95 % slag; no cement holds more of additions.
MOST_ADDED = 0.95
_UPPER, _LOWER = (Sense.MAX, Sense.FIXED), (Sense.MIN, Sense.FIXED)
_CLINKER = ("clinker_ratio", "clinker_bought")
_OF_CEMENT = ("addition", *_CLINKER)
_BY_NATURE = ("heat_intensity",)  # what each kiln needs, whatever the kind of the bound


def flattering(case: Case) -> Iterator[Fault]:
    """Sums of maxima, capture for nothing, pooled laws, targets in single years, growth from 0."""
    rows = TableRows(case)
    yield from _sums_of_additions(case, rows)
    yield from _free_capture(case, rows)
    yield from _pooled_laws(case, rows)
    yield from _single_years(case, rows)
    yield from _growth_from_zero(case, rows)


def _sums_of_additions(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Cement that may hold next to no clinker, by limits of additions that each hold alone."""
    by_site: dict[tuple[str, str], list[Bound]] = {}
    for bound in case.bounds.values():
        if bound.lever in _OF_CEMENT and bound.sense.is_level:
            for site in bound.sites if len(bound.sites) == 1 or _above(bound) else ():
                by_site.setdefault((site, bound.product), []).append(bound)
    for product in ("", *case.products):
        found = [
            one
            for site in case.sites.values()
            if site.kind.makes_cement
            and (one := _sum_of_site(case, site, product, by_site.get((site.id, product), [])))
            is not None
        ]
        if found:
            yield _no_clinker_left(rows, product, found)


def _no_clinker_left(
    rows: TableRows, product: str, found: Sequence[tuple[str, int, dict[str, float]]]
) -> Fault:
    """product: of which this is told; empty: of all cement; found: sites, years and limits."""
    site, year, limits = found[0]
    others = [one[0] for one in found[1:]]
    what = message(
        "limits of additions at '{site}' add up to {total:.0%} of its cement in {year} "
        "({bounds}), each alone, and nothing limits its clinker ratio by itself: cement needs "
        "clinker; write a least clinker_ratio, or a most of all additions{others}",
        site=place_of(site, product),
        total=sum(limits.values()),
        year=year,
        bounds=tuple(limits),
        others=message("; so at {sites} too", sites=_few(others)) if others else "",
    )
    return Fault(rows.find("bounds", max(limits, key=limits.__getitem__), year), what)


def _above(bound: Bound) -> bool:
    """Whether a bound holds additions from above by an amount, which one site may use whole."""
    return bound.lever == "addition" and bound.sense in _UPPER and bound.dimension is D.MASS


def _sum_of_site(
    case: Case, site: Site, product: str, bounds: Sequence[Bound]
) -> tuple[str, int, dict[str, float]] | None:
    """The site and first year in which additions may take more than any cement holds, and limits.

    Limits by id of the bound, as parts of the site's cement. [1]
    """
    cement = case.series.get((site.id, "cement", ""), {})
    if product:
        shares = case.products[product].shares.get(site.id, {})
        cement = {year: part * cement.get(year, 0.0) for year, part in shares.items()}
    for year in case.horizon if bounds else ():
        held = [bound for bound in bounds if year in bound.values]
        clinker = any(b.lever in _CLINKER and b.sense in _LOWER for b in held)
        if clinker or not cement.get(year):
            continue
        limits = _tightest(case, held, year, cement[year])
        if limits and sum(limits.values()) > MOST_ADDED + 1e-9:
            return site.id, year, limits
    return None


def _tightest(
    case: Case, held: Sequence[Bound], year: int, cement: float
) -> dict[str, float] | None:
    """What additions may take of cement, by the bounds that allow least; ``None``: no limit.

    Bounds on several are taken instead of those on each, where they allow less. An addition that no
    bound holds is told of elsewhere.
    """
    groups: dict[frozenset[str], tuple[str, float]] = {}
    above = [b for b in held if b.lever == "addition" and b.sense in _UPPER]
    for bound in sorted(above, key=lambda b: len(b.weights)):
        ratio = bound.dimension is D.SHARE
        limit = bound.values[year] if ratio else bound.values[year] / cement
        things = frozenset(bound.weights)
        inside = [group for group in groups if group <= things]
        covered = frozenset[str]().union(*inside)
        if covered >= things and limit >= sum(groups[group][1] for group in inside):
            continue
        for group in inside:
            del groups[group]
        groups[things] = (bound.id, limit)
    every = frozenset(m.id for m in case.additions)
    if not frozenset[str]().union(*groups) >= every:
        return None
    return dict(groups.values())


def _free_capture(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Capture that needs no power, in years in which it is allowed."""
    forbids: dict[str, list[Bound]] = {}
    for bound in case.bounds.values():
        if bound.lever == "capture" and bound.sense in _UPPER:
            for site in bound.sites:
                forbids.setdefault(site, []).append(bound)
    told = set[Location | str]()
    for one in case.sites.values():
        year = _free_year(case, one, forbids.get(one.id, []))
        place = rows.of_series(one.id, "capture_power", "", year or "")
        if year is None or place in told:
            continue
        told.add(place)
        neither = not case.series.get((one.id, "capture_heat", ""), {}).get(year)
        what = message(
            "capture at '{site}' needs {what} in {year}, which no plant does: compressing CO2 "
            "alone takes some 100 kWh/t, and what capture needs adds to what must be captured",
            site=one.id,
            what=message("neither heat nor power") if neither else message("no power"),
            year=year,
        )
        yield Fault(place, what)


def _free_year(case: Case, site: Site, forbids: Sequence[Bound]) -> int | None:
    """The first year in which a site may capture and needs no power for it."""
    power = case.series.get((site.id, "capture_power", ""), {})
    free = [year for year in case.horizon if site.kind.has_kiln and not power.get(year)]
    made = size_of(case, site.id) if free else {}
    for year in free:
        zero = [set(bound.weights) for bound in forbids if _is_zero(bound, year)]
        if made[year] and not set[str]().union(*zero) >= set(CAPTURE):
            return year
    return None


def _is_zero(bound: Bound, year: int) -> bool:
    return bound.values.get(year, 1.0) == 0


def _pooled_laws(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Least ratios of what each site must hold by itself, written of several together."""
    alone: dict[tuple[str, str, str, str], set[int]] = {}
    for bound in case.bounds.values():
        if bound.sense not in _LOWER or line_of(bound.id) != bound.id:
            continue  # a line at a kiln follows from the pooled row, and is not in the table
        if len(able := _able(case, bound)) == 1:
            one = (able[0], bound.lever, bound.which, bound.product)
            alone.setdefault(one, set()).update(bound.values)
    for bound in case.bounds.values():
        law = bound.lever in _BY_NATURE or bound.kind in (BoundKind.STANDARD, BoundKind.TECHNICAL)
        ratio = bound.dimension in LEVERS[bound.lever].ratios
        if not (law and ratio and bound.sense in _LOWER) or len(able := _able(case, bound)) < 2:
            continue
        years = [year for year in case.horizon if year in bound.values]
        free = [
            site
            for site in able
            if not alone.get(
                (site, bound.lever, bound.which, bound.product), set[int]()
            ).issuperset(years)
        ]
        if not free or not years:
            continue
        given = {"bound": bound.id, "lever": bound.lever, "count": len(able), "sites": _few(free)}
        if bound.lever in _BY_NATURE:
            what = message(
                "'{bound}' is a least {lever} of {count} sites together; it is held by each of "
                "them too, because no kiln burns less for another's sake; write a row for each of "
                "{sites}",
                **given,
            )
        else:
            what = message(
                "'{bound}' is a least {lever} of {count} sites together, though each must hold it "
                "by itself: what one has above it, another may lack; write a row for each of "
                "{sites}",
                **given,
            )
        yield Fault(rows.find("bounds", bound.id), what)


def _few(sites: Sequence[str], most: int = 5) -> tuple[str, ...]:
    return (*sites[:most], "…") if len(sites) > most else tuple(sites)


def _able(case: Case, bound: Bound) -> list[str]:
    """The sites of a bound that have such a lever."""
    kinds = [case.sites[site] for site in bound.sites]
    if bound.lever in ("renewable_power", "grid_power"):
        return list(bound.sites)
    if bound.lever == "own_power":
        equipped = {case.generators[one].site for one in bound.weights}
        return [site for site in bound.sites if site in equipped]
    if bound.lever in ("clinker_ratio", "addition", "fuel", "cement"):
        return [site.id for site in kinds if site.kind.makes_cement]
    return [site.id for site in kinds if site.kind.has_kiln]


def _single_years(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Targets on scope 1 that hold in single years, with none that holds in those beside them."""
    asking = [t for t in case.targets.values() if t.scope is not Scope.TWO]
    for target in asking:
        if not in_single_years(target):
            continue
        wider = [t for t in asking if set(t.sites) >= set(target.sites)]
        held = {year for t in wider for year in t.values}
        years = [year for year in sorted(target.values) if _stands_alone(case, year, held)]
        later = [t for t in wider if not in_single_years(t) and max(t.values) > min(target.values)]
        if not years or later:
            continue
        what = message(
            "'{target}' asks for its limit in {years} alone, and nothing is asked of '{place}' in "
            "scope 1 in the years beside: CCUS may begin in that year and end with it; a target of "
            "form 'line' asks for the way there too",
            target=target.id,
            years=tuple(years),
            place=target.place,
        )
        yield Fault(rows.find("targets", target.id, "form"), what)


def _stands_alone(case: Case, year: int, held: set[int]) -> bool:
    """Whether no target holds in the years of the horizon beside a year."""
    beside = [near for near in (year - 1, year + 1) if near in case.horizon]
    return year in case.horizon and bool(beside) and not held.intersection(beside)


def _growth_from_zero(case: Case, rows: TableRows) -> Iterator[Fault]:
    """Paces in parts of the level before, of what bounds hold at 0 in a year: it stays at 0."""
    zeros: dict[str, list[Bound]] = {}
    for bound in case.bounds.values():
        if bound.sense in _UPPER and 0.0 in bound.values.values():
            zeros.setdefault(bound.lever, []).append(bound)
    for bound in case.bounds.values():
        relative = bound.dimension is D.RELATIVE_PER_YEAR and bound.sense is Sense.RISE_MAX
        if not relative or bound.seed or bound.lever not in zeros:
            continue
        for year in bound_years(case, bound):
            holder = _held_at_zero(case, bound, year - 1, zeros[bound.lever])
            if holder is not None:
                what = message(
                    "'{bound}' lets rise by parts of the year before, and '{zero}' holds that at 0 "
                    "in {before}: it stays at 0 from then on; give the pace as an amount a year, "
                    "or let it begin later",
                    bound=bound.id,
                    zero=holder.id,
                    before=year - 1,
                )
                yield Fault(rows.find("bounds", bound.id, year), what)
                break


def _held_at_zero(case: Case, pace: Bound, year: int, zeros: Sequence[Bound]) -> Bound | None:
    """A bound that holds what a pace speaks of at 0 in a year of the horizon, with others."""
    if year not in case.horizon:
        return None
    left = {(site, thing) for site in _able(case, pace) for thing in pace.weights or ("",)}
    holder = None
    for zero in zeros:
        part = zero.which == "biomass" and pace.which != "biomass"
        part = part or zero.product not in ("", pace.product)
        if part or not _is_zero(zero, year):
            continue
        held = {(site, thing) for site in zero.sites for thing in zero.weights or ("",)}
        if left & held:
            holder, left = zero, left - held
    return holder if not left else None
