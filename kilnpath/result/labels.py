"""What the ids in result tables are called where people read them, in a language."""

from collections.abc import Iterable, Mapping

import pandas as pd

from kilnpath.language.languages import Language, mark, texts
from kilnpath.language.wording import CONFIDENCES, STATUSES
from model.case.places import PRODUCT, parts_of_place

_PLACES = {"group": mark("Group")}
_LEVERS = {
    "clinker_ratio": mark("Clinker ratio"),
    "clinker_for_cement": mark("Clinker for cement"),
    "clinker": mark("Clinker made"),
    "cement": mark("Cement made"),
    "clinker_bought": mark("Clinker bought"),
    "clinker_moved": mark("Clinker moved between own sites"),
    "clinker_sent": mark("Clinker sent"),
    "clinker_received": mark("Clinker received"),
    "addition": mark("Mineral additions"),
    "alternative_raw": mark("Alternative raw materials"),
    "fuel": mark("Fuels"),
    "heat_intensity": mark("Kiln heat per clinker"),
    "kiln_heat": mark("Kiln heat"),
    "waste_heat_power": mark("Waste heat power"),
    "renewable_power": mark("Renewable power"),
    "own_power": mark("Own power"),
    "grid_power": mark("Grid power"),
    "capture": mark("CO2 captured"),
}
_PARTS = {
    "all": mark("in total"),
    "alternative": mark("all alternative fuels"),
    "fossil": mark("fossil fuels"),
    "fossil_waste": mark("fossil wastes"),
    "mixed_waste": mark("mixed wastes"),
    "biomass": mark("biomass"),
    "hydrogen": mark("hydrogen"),
    "electric": mark("electric heat"),
    "mineral_addition": mark("mineral additions without gypsum"),
    "storage": mark("for storage"),
    "use": mark("for use"),
}
_NAMED_PARTS = ("material", "fuel", "route", "generator", "product")  # kinds of names
_SENSES = {
    "min": mark("{what} at least"),
    "max": mark("{what} at most"),
    "fixed": mark("{what} fixed"),
    "rise_max": mark("{what}, rise in a year at most"),
    "fall_max": mark("{what}, fall in a year at most"),
    "total_min": mark("{what}, over its years at least"),
    "total_max": mark("{what}, over its years at most"),
}
_CHANGES = {
    "rise_max": mark("{what}, rise in a year"),
    "fall_max": mark("{what}, fall in a year"),
}
_LAYERS = {
    "baseline": mark("Frozen baseline"),
    "clinker_ratio": mark("Clinker ratio"),
    "raw_materials": mark("Raw materials"),
    "heat": mark("Heat per clinker"),
    "fuels": mark("Fuels"),
    "power": mark("Power"),
    "other": mark("Other"),
    "capture": mark("CO2 capture"),
    "net": mark("What is left"),
}
_FACTORS = {
    "output": mark("Output"),
    "structure": mark("Structure (which site)"),
    "clinker ratio": mark("Clinker ratio"),
    "clinker bought": mark("Clinker bought"),
    "raw materials": mark("Raw materials"),
    "heat per clinker": mark("Heat per clinker"),
    "fuel mix": mark("Fuel mix"),
    "biomass": mark("Biomass"),
    "power intensity": mark("Power per product"),
    "waste heat power": mark("Waste heat power"),
    "renewable power": mark("Renewable power"),
    "grid": mark("Grid factor"),
    "other sources": mark("Other sources"),
    "capture": mark("Energy of capture"),
    "captured": mark("CO2 captured"),
}
_SOURCES = {
    "process": mark("Process"),
    "combustion": mark("Combustion"),
    "additions": mark("Mineral additions"),
    "own_power": mark("Own power"),
    "other": mark("Other"),
    "power": mark("Bought power"),
    "own_removal": mark("Removals (biogenic CO2 stored)"),
    "accounts": mark("As the case counts it"),
}
_KINDS = {
    "permit": mark("Permit"),
    "standard": mark("Standard"),
    "market": mark("Market"),
    "technical": mark("Technical"),
    "policy": mark("Policy"),
    "target": mark("Target"),
}
_SCENARIOS = {
    "pathway": mark("Pathway"),
    "plan": mark("Company's plan"),
    "reported": mark("Reported"),
    "baseline": mark("Frozen baseline"),
    "plan levers": mark("Plan's levers, capture optimised"),
}
_TAGS = {
    "fixed": mark("Fixed"),
    "must-have": mark("Must-have"),
    "free": mark("Free"),
    "avoidable": mark("Avoidable"),
}
_SCOPES = {
    "1": mark("Scope 1"),
    "2": mark("Scope 2"),
    "1+2": mark("Scope 1+2"),
}
_VERDICTS = {
    "passed": mark("passed"),
    "failed": mark("failed"),
    "cannot be judged": mark("cannot be judged"),
}
_CRITERIA = {
    "time frame": mark("Time frame"),
    "base year": mark("Base year"),
    "coverage": mark("Coverage"),
    "ambition": mark("Ambition"),
    "forward-looking": mark("Forward-looking ambition"),
}
_CERTAINTIES = {
    "published": mark("published"),
    "second hand": mark("second hand"),
    "not verified": mark("not verified"),
}
_OBJECTIVES = {
    "cumulative": mark("Least CCUS over all years"),
    "final": mark("Least CCUS in the final year"),
    "peak": mark("Least CCUS in the peak year"),
}
_THENS = {
    "steady": mark("of the pathways that need hardly more, a steady one"),
    "plan": mark("of the pathways that need hardly more, the nearest to the company's plan"),
    "none": mark("the pathway as the solver found it"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "confidence": CONFIDENCES,
    "status": STATUSES,
    "verdict": _VERDICTS,
    "criterion": _CRITERIA,
    "certainty": _CERTAINTIES,
    "objective": _OBJECTIVES,
    "then": _THENS,
    "lever": _LEVERS,
    "layer": _LAYERS,
    "factor": _FACTORS,
    "source": _SOURCES,
    "kind": _KINDS,
    "scenario": _SCENARIOS,
    "tag": _TAGS,
    "scope": _SCOPES,
}


class Labels:
    """The words for ids of one case; an id that nothing names is shown as it is.

    names: the table of that name, as results have it.
    """

    def __init__(self, names: pd.DataFrame, language: Language) -> None:
        self.text = texts(language)
        self.language = language
        column = "name_zh" if language is Language.CHINESE else "name"
        self._names = {
            kind: _unlike(dict(zip(rows["id"], rows[column], strict=True)))
            for kind, rows in names.groupby("kind", sort=False)
        }
        self._lines = {**self._names.get("bound", {}), **self._names.get("target", {})}
        self.regions: list[str] = list(self._names.get("region", {}))

    def of(self, kind: str, key: str) -> str:
        """What a lever, layer, factor, source, kind, scenario, tag or scope is called."""
        return self.text(_WORDS[kind][key]) if key in _WORDS[kind] else key

    def case(self) -> str:
        """The name of the case."""
        return next(iter(self._names["case"].values()))

    def place(self, place: str) -> str:
        """A site, a region, the group, or several joined by ``+``; of it one product."""
        where, product = parts_of_place(place)
        if product:
            return self.text("{place}, {product}").format(
                place=self.place(where), product=self.part(product)
            )
        if place in _PLACES:
            return self.text(_PLACES[place])
        known = {**self._names.get("site", {}), **self._names.get("region", {})}
        if place in known:
            return known[place]
        return self.text(" + ").join(known.get(part, part) for part in place.split("+"))

    def part(self, which: str) -> str:
        """A fuel, a material, a route, a power source, a product, or a part of a lever."""
        for kind in _NAMED_PARTS:
            if which in (named := self._names.get(kind, {})):
                return named[which]
        product, slash, material = which.partition(PRODUCT)
        if slash:
            return self.text("{addition} of {product}").format(
                addition=self.part(material), product=self.part(product)
            )
        return self.text(_PARTS[which]) if which in _PARTS else which

    def lever(self, lever: str, which: str) -> str:
        """A lever, and which part of it."""
        whole = self.of("lever", lever)
        if not which:
            return whole
        return self.text("{lever}: {part}").format(lever=whole, part=self.part(which))

    def line(self, key: str) -> str:
        """A bound or a target; its id where it has no name."""
        return self.name_of_line(key) or key

    def name_of_line(self, key: str) -> str:
        """The name of a bound or a target, empty where it has none."""
        return self._lines.get(key, "")

    def limited(self, lever: str, which: str, sense: str) -> str:
        """What a bound limits: a level of a lever, or its change from year to year."""
        what = self.lever(lever, which)
        return self.text(_CHANGES[sense]).format(what=what) if sense in _CHANGES else what

    def bound(self, lever: str, which: str, sense: str) -> str:
        """What a bound limits, and in which sense."""
        what = self.lever(lever, which)
        return self.text(_SENSES[sense]).format(what=what) if sense in _SENSES else what

    def several(self, things: Iterable[str]) -> str:
        """Things in a row."""
        return self.text(", ").join(things)


def _unlike(names: Mapping[str, str]) -> dict[str, str]:
    """Names by id; where two have the same, each with its id behind it."""
    alike = pd.Series(names, dtype=object).duplicated(keep=False)
    return {key: f"{name} ({key})" if alike[key] else name for key, name in names.items()}
