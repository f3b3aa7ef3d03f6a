"""What no bound of a site alone holds from above: gaps in the register that a pathway would use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kilnpath.words import spans
from model.activity import SiteYear
from model.case import Bound, Case, FuelKind, Sense, Site
from model.columns import Key, heated
from model.levers import CAPTURE, LEVERS, bound_weights
from model.site_years import site_years

_WORDS = {
    "fuel": "fuel",
    "alternative_raw": "raw material",
    "heat_intensity": "kiln heat per clinker",
    "waste_heat_power": "waste heat power",
    "capture": "capture for",
    "addition": "addition",
    "clinker_bought": "clinker bought",
    "renewable_power": "renewable power",
}
QUANTITIES = {"fuel": "heat", "heat_intensity": "kiln_heat"}  # of a lever of another name
_LOOPHOLE = (
    "it carries no CO2 in the group's scope 1, so this is a loophole: "
    "bound clinker_bought or clinker_ratio of each station"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A lever of one site, and years of the horizon in which no bound holds it there by itself.

    totals: the places whose bounds hold it in total with other sites; none where nothing does.
    """

    site: str
    lever: str
    which: str
    years: tuple[int, ...]
    totals: tuple[str, ...]


def gaps(case: Case) -> Iterator[Gap]:
    """Levers of a site that no bound holds from above, or only in total with other sites.

    A total does not hold one site: the others may leave it all of their part.
    """
    known = site_years(case)
    for site in case.sites.values():
        for lever in _WORDS:
            if _can(case, site, lever):
                for which in _things(case, lever):
                    yield from _gaps_of(case, known, site.id, lever, which)


def _gaps_of(
    case: Case, known: Mapping[Key, SiteYear], site: str, lever: str, which: str
) -> Iterator[Gap]:
    left = {year for year in case.horizon if _works(known[site, year], lever)}
    totals = dict[str, set[int]]()
    for bound in case.bounds.values():
        if site not in bound.sites:
            continue
        years = bound.values.keys() & set(case.horizon)
        years = {year for year in years if _holds(bound, lever, which, case, known[site, year])}
        if _sharers(case, bound) == [site]:
            left -= years
        elif years:
            totals.setdefault(bound.place, set()).update(years)
    pooled = left.intersection(set().union(*totals.values()))
    if left - pooled:
        yield Gap(site, lever, which, tuple(sorted(left - pooled)), ())
    if pooled:
        places = tuple(place for place, years in totals.items() if years & pooled)
        yield Gap(site, lever, which, tuple(sorted(pooled)), places)


def _works(k: SiteYear, lever: str) -> bool:
    """Whether a site can use a lever in a year: where nothing is made, nothing is needed."""
    if lever == "renewable_power":
        return k.cement + k.clinker_sold + k.other_power > 0
    if lever in ("addition", "clinker_bought"):
        return k.cement > 0
    return k.cement + k.clinker_sold > 0


def _can(case: Case, site: Site, lever: str) -> bool:
    """Whether a site decides a lever. Clinker bought by a kiln plant is given, not decided."""
    match lever:
        case "renewable_power":
            return True
        case "fuel":
            return heated(case, site)
        case "addition" | "clinker_ratio":
            return site.kind.makes_cement
        case "clinker_bought":
            return site.kind.makes_cement and not site.kind.has_kiln
    return site.kind.has_kiln


def _things(case: Case, lever: str) -> list[str]:
    """What a lever selects among. Fossil fuels need no limit: more of them is no way out."""
    match lever:
        case "fuel":
            return [f.id for f in case.fuels.values() if f.kind is not FuelKind.FOSSIL]
        case "alternative_raw":
            return [m.id for m in case.raw_materials]
        case "addition":
            return [m.id for m in case.additions]
        case "capture":
            return list(CAPTURE)
    return [""]


def _sharers(case: Case, bound: Bound) -> list[str]:
    """The sites that a bound speaks of and that decide its lever."""
    return [site for site in bound.sites if _can(case, case.sites[site], bound.lever)]


def _holds(bound: Bound, lever: str, which: str, case: Case, k: SiteYear) -> bool:
    """Whether a bound holds a lever from above, in a site by itself.

    A grinding station's cement is given, and is clinker bought and additions: a largest clinker
    ratio, or a least share of all additions, holds its clinker bought. A least ratio holds no
    addition, because it leaves open which.
    """
    above = bound.sense in (Sense.MAX, Sense.FIXED)
    if lever == "clinker_bought" and bound.lever == "addition":
        least = bound.sense in (Sense.MIN, Sense.FIXED)
        return least and bound.weights.keys() >= {m.id for m in case.additions}
    if lever == "clinker_bought" and bound.lever == "clinker_ratio":
        return above
    if not above or bound.lever != lever:
        return False
    return not LEVERS[lever].selects or bound_weights(bound, k).get(which, 0.0) > 0


def told(found: Iterable[Gap]) -> Iterator[str]:
    """Gaps in words, those alike on one line."""
    sites: dict[tuple[str, str, tuple[int, ...], tuple[str, ...]], list[str]] = {}
    for gap in found:
        sites.setdefault((gap.lever, gap.which, gap.years, gap.totals), []).append(gap.site)
    things: dict[tuple[str, tuple[str, ...], tuple[int, ...], tuple[str, ...]], list[str]] = {}
    for (lever, which, years, totals), where in sites.items():
        things.setdefault((lever, tuple(where), years, totals), []).append(which)
    for (lever, places, years, totals), selected in things.items():
        words = f"{_WORDS[lever]} {', '.join(selected)}".strip()
        text = f"{words} at {', '.join(map(repr, places))}, {spans(years)}"
        if totals:
            text += f", in total of {', '.join(totals)}"
        yield f"{text}; {_LOOPHOLE}" if lever == "clinker_bought" else text
