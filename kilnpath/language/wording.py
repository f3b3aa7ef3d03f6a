"""Bounds in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rich.markup import escape

from kilnpath.language.chosen import screen_language
from kilnpath.language.chosen import text as on_screen
from kilnpath.language.languages import Language, Text, mark
from model.case.places import parts_of_place, place_of
from model.case.senses import Sense
from model.case.sites import SiteKind
from model.case.types import Bound, BoundKind, Case, Metric, Names, Objective, Status, Target

_LEVERS = {
    "clinker_ratio": mark("clinker ratio"),
    "clinker": mark("clinker made"),
    "cement": mark("cement made"),
    "clinker_bought": mark("clinker bought"),
    "clinker_moved": mark("clinker moved between own sites"),
    "addition": mark("mineral addition"),
    "alternative_raw": mark("alternative raw material"),
    "fuel": mark("fuel"),
    "heat_intensity": mark("kiln heat per clinker"),
    "waste_heat_power": mark("waste heat power"),
    "renewable_power": mark("renewable power"),
    "own_power": mark("own power"),
    "grid_power": mark("grid power"),
    "capture": mark("CO2 captured"),
}
_SENSES = {
    Sense.MIN: mark("at least"),
    Sense.MAX: mark("at most"),
    Sense.FIXED: mark("fixed at"),
    Sense.RISE_MAX: mark("rising at most"),
    Sense.FALL_MAX: mark("falling at most"),
    Sense.TOTAL_MIN: mark("over its years at least"),
    Sense.TOTAL_MAX: mark("over its years at most"),
}
_PARTS = {
    "alternative": mark("all alternative"),
    "": "",
    "all": mark("all"),
    "storage": mark("for storage"),
    "use": mark("for use"),
}
KINDS = {
    BoundKind.PERMIT: mark("permit"),
    BoundKind.STANDARD: mark("standard"),
    BoundKind.MARKET: mark("market"),
    BoundKind.TECHNICAL: mark("technical"),
    BoundKind.POLICY: mark("policy"),
}
SITE_KINDS = {
    SiteKind.INTEGRATED: mark("integrated"),
    SiteKind.GRINDING: mark("grinding"),
    SiteKind.CONCRETE: mark("concrete"),
    SiteKind.OFFICE: mark("office"),
}
STATUSES: Mapping[str, str] = {
    Status.PUBLISHED: mark("published"),
    Status.DERIVED: mark("derived"),
    Status.CALIBRATED: mark("calibrated"),
    Status.ASSUMED: mark("assumed"),
}
CONFIDENCES: Mapping[str, str] = {
    "high": mark("high"),
    "medium": mark("medium"),
    "low": mark("low"),
    "": "",
}
TAGS = {  # of ranges
    "fixed": mark("fixed"),
    "free": mark("free"),
    "must-have": mark("must-have"),
    "avoidable": mark("avoidable"),
}
_AMOUNTS = {  # levers as ranges and alternatives name them
    "clinker_ratio": mark("clinker ratio"),
    "clinker_for_cement": mark("clinker for cement"),
    "clinker": mark("clinker"),
    "cement": mark("cement"),
    "clinker_bought": mark("clinker bought"),
    "clinker_moved": mark("clinker moved"),
    "addition": mark("addition"),
    "alternative_raw": mark("alternative raw"),
    "fuel": mark("fuel"),
    "kiln_heat": mark("kiln heat"),
    "heat_intensity": mark("heat intensity"),
    "waste_heat_power": mark("waste heat power"),
    "renewable_power": mark("renewable power"),
    "own_power": mark("own power"),
    "grid_power": mark("grid power"),
    "capture": mark("capture"),
    "ccus": mark("ccus"),
}
_SELECTED = {  # what they select, where it is no fuel or material
    "all": mark("all"),
    "alternative": mark("alternative"),
    "biomass": mark("biomass"),
    "per clinker": mark("per clinker"),
    "storage": mark("storage"),
    "use": mark("use"),
    "total": mark("total"),
}
_GROUP = mark("group")
METRICS = {
    Metric.INTENSITY: mark("intensity"),
    Metric.ABSOLUTE: mark("absolute"),
    Metric.BUDGET: mark("budget"),
}
OBJECTIVES = {
    Objective.CUMULATIVE: mark("cumulative"),
    Objective.FINAL: mark("final"),
    Objective.PEAK: mark("peak"),
}


def title(names: Names) -> str:
    """The name of a case or region, safe to print as rich text; in English both names."""
    if screen_language() is Language.CHINESE:
        return f"[bold]{escape(names.zh)}[/]"
    return f"[bold]{escape(names.en)}[/] ({escape(names.zh)})"


def ccus_words(case: Case, objective: Objective, text: Text = mark) -> str:
    """Of which years the CCUS is that an objective makes as small as it can be.

    text: gives a text of the catalogue in another language; so everywhere here.
    """
    words = {
        Objective.CUMULATIVE: mark("CCUS over the horizon"),
        Objective.FINAL: mark("CCUS in the final year, {year}"),
        Objective.PEAK: mark("CCUS in the peak year"),
    }
    return text(words[objective]).format(year=case.final_year)


@dataclass(frozen=True)
class ThingNames:
    """What ids are called where a sentence speaks of them: id -> name; others are called by ids."""

    places: Mapping[str, str] = field(default_factory=dict)
    fuels: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)
    generators: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)

    def part(self, lever: str, which: str) -> str:
        """A fuel, material, route or power source that a lever selects."""
        named = {
            "fuel": self.fuels,
            "clinker_moved": self.routes,
            "own_power": self.generators,
        }.get(lever, self.materials)
        return named.get(which, which)


IDS = ThingNames()


def names_on_screen(case: Case) -> ThingNames:
    """The names of a Chinese screen; an English one keeps the ids, which its user types."""
    if screen_language() is not Language.CHINESE:
        return IDS
    return ThingNames(
        {key: names.zh for key, names in case.regions.items()}
        | {site.id: site.names.zh for site in case.sites.values()},
        {fuel.id: fuel.names.zh for fuel in case.fuels.values()},
        {material.id: material.names.zh for material in case.materials.values()},
        {route.id: route.names.zh for route in case.routes.values()},
        {generator.id: generator.names.zh for generator in case.generators.values()},
        {product.id: product.names.zh for product in case.products.values()},
    )


def line_words(line: Bound | Target, typed: str = "") -> str:
    """A bound or target in a sentence, safe to print as rich text: its name, and its id.

    typed: what its user types instead of the id, as ``permit@2030``.
    """
    typed = escape(typed or line.id)
    if line.names is None:
        return typed
    return on_screen("{name} ({id})").format(name=escape(_name_on_screen(line.names)), id=typed)


def lines_words(case: Case, ids: Iterable[str]) -> str:
    """Bounds and targets in a row, safe to print as rich text."""
    return on_screen(", ").join(line_words(case.line(one)) for one in ids)


def named_place(place: str, text: Text = mark, names: ThingNames = IDS) -> str:
    """A place; the group, which no case names, as a word; with its product, where it names one."""
    where, product = parts_of_place(place)
    if where == _GROUP:
        called = text(_GROUP)
    elif where in names.places or not names.places:
        called = names.places.get(where, where)
    else:
        called = text(" + ").join(names.places.get(part, part) for part in where.split("+"))
    return place_of(called, names.products.get(product, product))


def place_words(place: str, text: Text = mark, names: ThingNames = IDS) -> str:
    """A place, safe to print as rich text."""
    return escape(named_place(place, text, names))


def lever_words(bound: Bound, text: Text = mark, names: ThingNames = IDS) -> str:
    """What a bound limits, and in which sense: ``fuel (rdf) at most``."""
    part = names.part(bound.lever, bound.which)
    which = escape(text(_PARTS.get(bound.which, part)))
    lever, sense = text(_LEVERS[bound.lever]), text(_SENSES[bound.sense])
    if not which:
        return text("{lever} {sense}").format(lever=lever, sense=sense)
    return text("{lever} ({which}) {sense}").format(lever=lever, which=which, sense=sense)


def lever_name(lever: str, which: str, text: Text = mark, names: ThingNames = IDS) -> str:
    """A lever of a result table, with what it selects: ``fuel rdf``."""
    part = _SELECTED.get(which, names.part(lever, which))
    return f"{text(_AMOUNTS[lever])} {text(part)}".strip()


def what_limits(line: Bound | Target, text: Text = mark, names: ThingNames = IDS) -> str:
    """What a bound or target limits."""
    if isinstance(line, Bound):
        return lever_words(line, text, names)
    metric = text(METRICS[line.metric])
    return text("scope {scope} {metric} at most").format(scope=line.scope, metric=metric)


def named_limit(line: Bound | Target, names: ThingNames) -> str:
    """The name of a bound or target beside its id in a table; what it limits, where it has none."""
    if line.names is not None:
        return escape(_name_on_screen(line.names))
    return what_limits(line, on_screen, names)


def _name_on_screen(names: Names) -> str:
    return names.zh if screen_language() is Language.CHINESE else names.en


def bound_words(
    bound: Bound, years: Iterable[int], text: Text = mark, names: ThingNames = IDS
) -> str:
    """A bound with its limits in some years: ``fuel (rdf) at most 30 % in plant``."""
    limits = sorted({bound.values[year] / bound.factor for year in years})
    shown = f"{limits[0]:.6g}"
    if len(limits) > 1:
        shown = text("{low} to {high}").format(low=shown, high=f"{limits[-1]:.6g}")
    return text("{what} {limit} {unit} in {place}").format(
        what=lever_words(bound, text, names),
        limit=shown,
        unit=bound.unit,
        place=place_words(bound.place, text, names),
    )


def spans_of(line: Bound | Target, years: Iterable[int]) -> str:
    """The years in which a line holds, as spans: of a sum over years all that it sums."""
    return spans(years if line.since is None else line.years)


def spans(years: Iterable[int]) -> str:
    """Years as spans.

    >>> spans([2030, 2031, 2032, 2035])
    '2030–2032, 2035'
    """
    parts: list[list[int]] = []
    for year in sorted(set(years)):
        if parts and parts[-1][-1] == year - 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts)
