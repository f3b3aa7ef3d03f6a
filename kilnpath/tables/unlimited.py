"""What no bound of a site alone holds from above: gaps in the register that a pathway would use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kilnpath.language.languages import Text, mark
from kilnpath.language.wording import IDS, ThingNames, named_place, spans
from model.case.senses import Sense
from model.case.types import Bound, Case, FuelKind
from model.case.year_lines import years_held, years_of
from model.levers.levers import CAPTURE, LEVERS

_WORDS = {
    "fuel": mark("fuel"),
    "alternative_raw": mark("raw material"),
    "heat_intensity": mark("kiln heat per clinker"),
    "waste_heat_power": mark("waste heat power"),
    "capture": mark("capture for"),
    "addition": mark("addition"),
    "clinker_bought": mark("clinker bought"),
    "renewable_power": mark("renewable power"),
}
QUANTITIES = {"fuel": "heat", "heat_intensity": "kiln_heat"}  # of a lever of another name
_PRODUCTS = ("cement", "clinker_sold")  # what a lever is used for, where it is no other
_MADE = {
    "addition": ("cement",),
    "clinker_bought": ("cement",),
    "renewable_power": (*_PRODUCTS, "other_power"),
}
_LOOPHOLE = mark(
    "it carries no CO2 in the group's scope 1, so this is a loophole: "
    "bound clinker_bought or clinker_ratio of each station"
)


@dataclass(frozen=True, slots=True)
class UnlimitedLever:
    """A lever of one site, and years of the horizon in which no bound holds it there by itself.

    totals: the places whose bounds hold it in total with other sites; none where nothing does.
    """

    site: str
    lever: str
    which: str
    years: tuple[int, ...]
    totals: tuple[str, ...]


def unlimited_levers(case: Case) -> Iterator[UnlimitedLever]:
    """Levers of a site that no bound holds from above, or only in total with other sites.

    A total does not hold one site: the others may leave it all of their part.
    """
    able = {lever: _able(case, lever) for lever in LEVERS}
    things = {lever: _things(case, lever) for lever in _WORDS}
    held = _Held(case, able)
    for site in case.sites:
        works: dict[tuple[str, ...], int] = {}
        for lever in _WORDS:
            if site in able[lever]:
                made = _MADE.get(lever, _PRODUCTS)
                if made not in works:
                    works[made] = _works(case, site, made)
                for which in things[lever]:
                    yield from _gaps_of(
                        case, held, works[made], UnlimitedLever(site, lever, which, (), ())
                    )


def _gaps_of(
    case: Case, held: "_Held", works: int, lever: UnlimitedLever
) -> Iterator[UnlimitedLever]:
    """works: the years in which the site can use the lever, as bits."""
    alone, totals = held.years(lever.site, lever.lever, lever.which)
    left = works & ~alone
    pooled = 0
    for years in totals.values():
        pooled |= left & years
    if left & ~pooled:
        yield replace(lever, years=years_of(left & ~pooled, case.horizon))
    if pooled:
        places = tuple(place for place, years in totals.items() if years & pooled)
        yield replace(lever, years=years_of(pooled, case.horizon), totals=places)


class _Selection(NamedTuple):
    """What bounds hold, and whether from above: ``fuel``, ``alternative``, ``True``."""

    lever: str
    which: str
    above: bool


class _Total(NamedTuple):
    """Years in which a place holds a selection, as bits; order: of its first bound."""

    order: int
    place: str
    years: int


class _Held:
    """What bounds hold at each site, asked of each bound once."""

    def __init__(self, case: Case, able: Mapping[str, frozenset[str]]) -> None:
        self.case = case
        self.selections: dict[tuple[str, str], list[_Selection]] = {}
        self.alone: dict[tuple[str, _Selection], int] = {}
        self.totals: dict[tuple[str, _Selection], list[_Total]] = {}
        every = frozenset(m.id for m in case.additions)
        found: dict[tuple[str, _Selection], _Total] = {}
        sites: dict[str, tuple[str, ...]] = {}
        seen = set[_Selection]()
        for order, bound in enumerate(case.bounds.values()):
            years = years_held(bound.values, case.horizon)
            for selection in _selections(bound, every) if years else ():
                if selection not in seen:
                    seen.add(selection)
                    self._answer(selection, bound)
                key = (bound.place, selection)
                before = found.get(key, _Total(order, bound.place, 0))
                found[key] = before._replace(years=before.years | years)
                sites[bound.place] = bound.sites
        for (place, selection), total in found.items():
            sharers = [site for site in sites[place] if site in able[selection.lever]]
            for site in sharers if len(sharers) > 1 else ():
                self.totals.setdefault((site, selection), []).append(total)
            if len(sharers) == 1:
                one = (sharers[0], selection)
                self.alone[one] = self.alone.get(one, 0) | total.years

    def _answer(self, selection: _Selection, bound: Bound) -> None:
        """Keeps for which questions a selection is an answer.

        A grinding station's cement is given, and is clinker bought and additions: a largest clinker
        ratio, or a least share of all additions, holds its clinker bought. A least ratio holds no
        addition, because it leaves open which.
        """
        if selection.above:
            for which in bound.weights if LEVERS[bound.lever].selects else ("",):
                self.selections.setdefault((bound.lever, which), []).append(selection)
        if bound.lever == "clinker_ratio" or not selection.above:
            self.selections.setdefault(("clinker_bought", ""), []).append(selection)

    def years(self, site: str, lever: str, which: str) -> tuple[int, dict[str, int]]:
        """In which years bounds hold a lever at a site by itself, and which totals hold it when."""
        alone = 0
        totals: list[_Total] = []
        for selection in self.selections.get((lever, which), ()):
            known = self.alone.get((site, selection), 0)
            shared = self.totals.get((site, selection), ())
            if selection.lever == "fuel" and selection.which == "biomass" and (known or shared):
                biogenic = self._biogenic(site, which)
                known &= biogenic
                shared = [total._replace(years=total.years & biogenic) for total in shared]
            alone |= known
            totals += shared
        places: dict[str, int] = {}
        for _, place, years in sorted(totals):
            if years:
                places[place] = places.get(place, 0) | years
        return alone, places

    def _biogenic(self, site: str, fuel: str) -> int:
        """The years in which a fuel has a biomass fraction at a site, as bits."""
        line = self.case.series.get((site, "biomass_fraction", fuel))
        if line is None:
            still = self.case.fuels[fuel].biomass_fraction
            line = dict.fromkeys(self.case.horizon, still)
        return years_held(
            {year: part for year, part in line.items() if part > 0}, self.case.horizon
        )


def _selections(bound: Bound, additions: frozenset[str]) -> Iterator[_Selection]:
    """What a bound holds from above; and a least share of all additions."""
    if bound.sense in (Sense.MAX, Sense.FIXED):
        yield _Selection(bound.lever, bound.which, True)
    if (
        bound.lever == "addition"
        and bound.sense in (Sense.MIN, Sense.FIXED)
        and bound.weights.keys() >= additions
    ):
        yield _Selection(bound.lever, bound.which, False)


def _works(case: Case, site: str, made: tuple[str, ...]) -> int:
    """The years in which a site makes something, as bits: where it makes nothing, it needs none."""
    found = (case.series.get((site, quantity, "")) for quantity in made)
    lines = [line for line in found if line is not None]
    first = case.horizon.start
    return sum(1 << (y - first) for y in case.horizon if any(line[y] > 0 for line in lines))


def _able(case: Case, lever: str) -> frozenset[str]:
    """The sites that decide a lever. Clinker bought by a kiln plant is given, not decided."""
    sites = case.sites.values()
    match lever:
        case "renewable_power":
            return frozenset(case.sites)
        case "fuel":
            dries = any(m.heat > 0 for m in case.additions)
            burns = (s.id for s in sites if s.kind.has_kiln or (s.kind.makes_cement and dries))
            return frozenset(burns)
        case "addition" | "clinker_ratio":
            return frozenset(s.id for s in sites if s.kind.makes_cement)
        case "clinker_bought":
            return frozenset(s.id for s in sites if s.kind.makes_cement and not s.kind.has_kiln)
    return frozenset(s.id for s in sites if s.kind.has_kiln)


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


def describe(
    levers: Iterable[UnlimitedLever], text: Text = mark, names: ThingNames = IDS
) -> Iterator[str]:
    """Unlimited levers in words, those alike on one line."""
    sites: dict[tuple[str, str, tuple[int, ...], tuple[str, ...]], list[str]] = {}
    for one in levers:
        sites.setdefault((one.lever, one.which, one.years, one.totals), []).append(one.site)
    things: dict[tuple[str, tuple[str, ...], tuple[int, ...], tuple[str, ...]], list[str]] = {}
    for (lever, which, years, totals), where in sites.items():
        things.setdefault((lever, tuple(where), years, totals), []).append(which)
    for (lever, places, years, totals), selected in things.items():
        parts = (names.part(lever, which) for which in selected)
        words = text("{lever} at {sites}, {years}").format(
            lever=f"{text(_WORDS[lever])} {text(', ').join(parts)}".strip(),
            sites=text(", ").join(f"'{names.places.get(place, place)}'" for place in places),
            years=spans(years),
        )
        if totals:
            words += text(", in total of {places}").format(
                places=text(", ").join(named_place(total, text, names) for total in totals)
            )
        yield f"{words}{text('; ')}{text(_LOOPHOLE)}" if lever == "clinker_bought" else words
