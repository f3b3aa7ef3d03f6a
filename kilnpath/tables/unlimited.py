"""What no bound of a site alone holds from above: gaps in the register that a pathway would use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kilnpath.language.languages import Text, mark
from kilnpath.language.wording import IDS, ThingNames, named_place, spans
from model.case.places import PRODUCT
from model.case.senses import Sense
from model.case.sites import Site
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
    "cement": mark("cement made"),
    "renewable_power": mark("renewable power"),
}
_PRODUCTS = ("cement", "clinker_sold")  # what a lever is used for, where it is no other
_MADE = {
    "addition": ("cement",),
    "clinker_bought": ("cement",),
    "cement": ("cement",),
    "renewable_power": (*_PRODUCTS, "other_power"),
}
_QUANTITIES = {"fuel": "heat", "heat_intensity": "kiln_heat"}  # of a lever of another name
_OF_STATIONS = ("clinker_bought",)
_ANYWHERE = ("addition", "cement", "renewable_power")  # whether or not the site has a kiln


@dataclass(frozen=True, slots=True)
class UnlimitedLever:
    """A lever of one site, and years of the horizon in which no bound holds it there by itself.

    which: what it selects; of one cement product alone ``product/material``. totals: the places
    whose bounds hold it in total with other sites; none where nothing does.
    """

    site: str
    lever: str
    which: str
    years: tuple[int, ...]
    totals: tuple[str, ...]

    @property
    def quantity(self) -> str:
        """The quantity of ``pathway.csv`` that it is."""
        if self.lever == "addition" and PRODUCT in self.which:
            return "product_addition"
        return _QUANTITIES.get(self.lever, self.lever)


def unlimited_levers(case: Case) -> Iterator[UnlimitedLever]:
    """Levers of a site that no bound holds from above, or only in total with other sites.

    A total does not hold one site: the others may leave it all of their part. An addition of a site
    whose cement is told by products is held where that of all its cement is, or of each product.
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
                    works[made] = _works(case, site, made, site in able["cement"])
                years = works[made] & _while_able(case, site, lever)
                for which in things[lever]:
                    one = UnlimitedLever(site, lever, which, (), ())
                    yield from _gaps_of(case, held, years, one)


def _gaps_of(
    case: Case, held: "_Held", works: int, lever: UnlimitedLever
) -> Iterator[UnlimitedLever]:
    """works: the years in which the site can use the lever, as bits."""
    whole = held.years(lever.site, lever.lever, lever.which)
    products = held.products(lever.site, lever.lever, lever.which)
    if not products:
        yield from _gaps(case, lever, works, *whole)
        return
    left, together = works & ~whole[0], works
    for product, (alone, _) in products.items():
        together &= alone | ~_makes(case, lever.site, product)
    if lever.lever != "addition":
        yield from _gaps(case, lever, left & ~together, *whole)
        return
    for product, (alone, totals) in products.items():
        one = replace(lever, which=f"{product}{PRODUCT}{lever.which}")
        years = left & _makes(case, lever.site, product)
        yield from _gaps(case, one, years, alone, {**whole[1], **totals})


def _gaps(
    case: Case, lever: UnlimitedLever, works: int, alone: int, totals: Mapping[str, int]
) -> Iterator[UnlimitedLever]:
    """alone: the years in which bounds hold the lever there; totals: places that hold it when."""
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
    """What bounds hold, and whether from above: ``fuel``, ``alternative``, ``True``.

    product: that they speak of; empty: of all cement.
    """

    lever: str
    which: str
    above: bool
    product: str


class _Total(NamedTuple):
    """Years in which a place holds a selection, as bits; order: of its first bound."""

    order: int
    place: str
    years: int


class _Held:
    """What bounds hold at each site, asked of each bound once."""

    def __init__(self, case: Case, able: Mapping[str, frozenset[str]]) -> None:
        self.case = case
        self.selections: dict[tuple[str, str, str], list[_Selection]] = {}
        self.alone: dict[tuple[str, _Selection], int] = {}
        self.totals: dict[tuple[str, _Selection], list[_Total]] = {}
        self.additions = every = frozenset(m.id for m in case.additions)
        found: dict[tuple[str, _Selection], _Total] = {}
        sites: dict[str, tuple[str, ...]] = {}
        seen = set[_Selection]()
        for order, bound in enumerate(case.bounds.values()):
            years = _years_held(case, bound)
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
        addition, because it leaves open which; but that of a product is its standard, and holds
        each.
        """
        if bound.lever == "clinker_ratio" and not selection.above:
            for material in self.additions:
                key = ("addition", material, bound.product)
                self.selections.setdefault(key, []).append(selection)
            return
        if selection.above:
            for which in bound.weights if LEVERS[bound.lever].selects else ("",):
                key = (bound.lever, which, bound.product)
                self.selections.setdefault(key, []).append(selection)
        if bound.lever == "clinker_ratio" or not selection.above:
            key = ("clinker_bought", "", bound.product)
            self.selections.setdefault(key, []).append(selection)

    def products(self, site: str, lever: str, which: str) -> dict[str, tuple[int, dict[str, int]]]:
        """What bounds of products hold, as ``years``; none where no bound is of one of them."""
        made = [one.id for one in self.case.products.values() if site in one.shares]
        if not any((lever, which, product) in self.selections for product in made):
            return {}
        return {product: self.years(site, lever, which, product) for product in made}

    def years(
        self, site: str, lever: str, which: str, product: str = ""
    ) -> tuple[int, dict[str, int]]:
        """In which years bounds hold a lever at a site by itself, and which totals hold it when."""
        alone = 0
        totals: list[_Total] = []
        for selection in self.selections.get((lever, which, product), ()):
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


def _years_held(case: Case, bound: Bound) -> int:
    """The years that a bound holds, as bits; of clinker bought in all, those that are summed."""
    if bound.lever == "clinker_bought" and bound.sense is Sense.TOTAL_MAX:
        return _bits(case, lambda year: year in bound.years)
    return years_held(bound.values, case.horizon)


def _selections(bound: Bound, additions: frozenset[str]) -> Iterator[_Selection]:
    """What a bound holds from above; a least share of all additions, or ratio of a product."""
    in_all = bound.lever == "clinker_bought" and bound.sense is Sense.TOTAL_MAX
    if in_all or bound.sense in (Sense.MAX, Sense.FIXED):
        yield _Selection(bound.lever, bound.which, True, bound.product)
    if (
        bound.lever == "addition"
        and bound.sense in (Sense.MIN, Sense.FIXED)
        and bound.weights.keys() >= additions
    ):
        yield _Selection(bound.lever, bound.which, False, bound.product)
    least = bound.sense in (Sense.MIN, Sense.FIXED)
    if bound.lever == "clinker_ratio" and bound.product and least:
        yield _Selection(bound.lever, bound.which, False, bound.product)


def _works(case: Case, site: str, made: tuple[str, ...], decides: bool) -> int:
    """The years in which a site makes something, as bits: where it makes nothing, it needs none.

    decides: whether its output is decided; it may then make something in every year.
    """
    if "cement" in made and decides:
        return _bits(case, lambda year: True)
    found = (case.series.get((site, quantity, "")) for quantity in made)
    lines = [line for line in found if line is not None]
    return _bits(case, lambda year: any(line[year] > 0 for line in lines))


def _bits(case: Case, holds: Callable[[int], bool]) -> int:
    """The years of the horizon in which something holds, as bits."""
    return sum(1 << (y - case.horizon.start) for y in case.horizon if holds(y))


def _makes(case: Case, site: str, product: str) -> int:
    """The years in which a site makes a cement product, as bits."""
    shares = case.products[product].shares[site]
    return _bits(case, lambda year: shares.get(year, 0.0) > 0)


def _while_able(case: Case, site: str, lever: str) -> int:
    """The years in which what a site is then lets it decide a lever, as bits; else all of them."""
    one = case.sites[site]
    if lever in _OF_STATIONS:
        return _bits(case, lambda year: not one.at(year).kind.has_kiln)
    if lever in _ANYWHERE or len(one.stages) == 1:
        return _bits(case, lambda year: True)
    dries = lever == "fuel" and any(m.heat > 0 for m in case.additions)
    return _bits(case, lambda year: dries or one.at(year).kind.has_kiln)


def _able(case: Case, lever: str) -> frozenset[str]:
    """The sites that decide a lever in some year.

    Clinker bought by a kiln plant is given, not decided, and so it is where a series tells it.
    """
    sites = case.sites.values()
    match lever:
        case "cement":
            return frozenset(case.decides_output)
        case "renewable_power":
            return frozenset(case.sites)
        case "fuel":
            dries = any(m.heat > 0 for m in case.additions)
            burns = (s.id for s in sites if s.kind.has_kiln or (s.kind.makes_cement and dries))
            return frozenset(burns)
        case "addition" | "clinker_ratio":
            return frozenset(s.id for s in sites if s.kind.makes_cement)
        case "clinker_bought":
            return frozenset(s.id for s in sites if _buys(case, s))
    return frozenset(s.id for s in sites if s.kind.has_kiln)


def _buys(case: Case, site: Site) -> bool:
    """Whether a site decides in some year what clinker it buys."""
    kinds = [stage.kind for stage in site.stages]
    station = any(kind.makes_cement and not kind.has_kiln for kind in kinds)
    return station and (site.id, "clinker_bought", "") not in case.series


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


def _selected(lever: str, which: str, text: Text, names: ThingNames) -> str:
    """What a lever selects; of a product the addition, and the product."""
    product, slash, material = which.rpartition(PRODUCT)
    if not slash:
        return names.part(lever, which)
    words = text("{addition} of {product}")
    return words.format(
        addition=names.part(lever, material), product=names.products.get(product, product)
    )


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
        parts = (_selected(lever, which, text, names) for which in selected)
        words = text("{lever} at {sites}, {years}").format(
            lever=f"{text(_WORDS[lever])} {text(', ').join(parts)}".strip(),
            sites=text(", ").join(f"'{names.places.get(place, place)}'" for place in places),
            years=spans(years),
        )
        if totals:
            words += text(", in total of {places}").format(
                places=text(", ").join(named_place(total, text, names) for total in totals)
            )
        yield words
