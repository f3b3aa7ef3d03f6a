"""The words of a result for people: its tables, columns, layers, levers and numbers."""

from collections.abc import Mapping

from kilnpath.languages import Language, Text, mark, texts
from kilnpath.results import Result

TABLES = {
    "summary": mark("key numbers"),
    "pathway": mark("pathway"),
    "levers": mark("levers"),
    "emissions": mark("emissions"),
    "ccus": mark("ccus"),
    "intensities": mark("intensities"),
    "targets": mark("result targets"),
    "criteria": mark("criteria"),
    "bounds": mark("result bounds"),
    "worth": mark("worth"),
    "wedges": mark("wedges"),
    "waterfall": mark("waterfall"),
    "residual": mark("residual"),
    "ranges": mark("ranges"),
    "plan_misses": mark("plan misses"),
    "sources": mark("sources"),
    "names": mark("names"),
}
COLUMNS = {
    "quantity": mark("quantity"),
    "scenario": mark("scenario"),
    "year": mark("year"),
    "years": mark("years"),
    "value": mark("value"),
    "unit": mark("unit"),
    "site": mark("site"),
    "region": mark("region"),
    "which": mark("which"),
    "place": mark("place"),
    "lever": mark("lever"),
    "scope": mark("scope"),
    "source": mark("source"),
    "consolidated": mark("consolidated"),
    "target": mark("target"),
    "metric": mark("metric"),
    "limit": mark("limit"),
    "margin": mark("margin"),
    "tonnes": mark("tonnes"),
    "holds": mark("holds"),
    "criterion": mark("criterion"),
    "verdict": mark("verdict"),
    "found": mark("found"),
    "found_zh": mark("found, in Chinese"),
    "rule": mark("rule"),
    "rule_zh": mark("rule, in Chinese"),
    "certainty": mark("certainty"),
    "id": mark("id"),
    "sense": mark("sense"),
    "kind": mark("kind"),
    "slack": mark("slack"),
    "binds": mark("binds"),
    "shadow_price": mark("shadow price"),
    "confidence": mark("confidence"),
    "layer": mark("layer"),
    "method": mark("method"),
    "step": mark("step"),
    "item": mark("item"),
    "least": mark("least"),
    "most": mark("most"),
    "tag": mark("tag"),
    "table": mark("table"),
    "row": mark("row"),
    "status": mark("status"),
    "numbers": mark("numbers"),
    "name": mark("name"),
    "name_zh": mark("name, in Chinese"),
}
SUMMARY = {
    "ccus_total": mark("CCUS over all years"),
    "ccus": mark("CCUS"),
    "ccus_peak": mark("CCUS in the year with the most"),
    "ccus_less_than_plan": mark("CCUS less than the company's own plan"),
    "ccus_less_than_plan_share": mark("… as a share of the plan's CCUS"),
    "scope12": mark("emissions of scope 1 and 2"),
    "scope12_below_base": mark("emissions below the base year"),
    "residual": mark("residual emissions"),
    "own_removal": mark("own removals"),
    "targets": mark("targets"),
    "bounds": mark("bounds"),
    "numbers_published": mark("numbers published"),
    "numbers_derived": mark("numbers derived"),
    "numbers_calibrated": mark("numbers calibrated"),
    "numbers_assumed": mark("numbers assumed"),
}
SCENARIOS = {
    "pathway": mark("pathway"),
    "plan": mark("the company's own plan"),
    "reported": mark("reported"),
    "baseline": mark("frozen baseline"),
}
LAYERS = {
    "net": mark("net emissions"),
    "clinker_ratio": mark("clinker ratio"),
    "raw_materials": mark("raw materials"),
    "heat": mark("kiln heat"),
    "fuels": mark("fuels"),
    "power": mark("power"),
    "other": mark("other"),
    "capture": mark("CCUS"),
    "baseline": mark("frozen baseline"),
}
LEVERS = {
    "clinker_ratio": mark("clinker ratio"),
    "clinker": mark("clinker made"),
    "clinker_bought": mark("clinker bought"),
    "addition": mark("mineral additions"),
    "alternative_raw": mark("alternative raw materials"),
    "fuel": mark("fuels"),
    "heat_intensity": mark("kiln heat per clinker"),
    "waste_heat_power": mark("waste heat power"),
    "renewable_power": mark("renewable power"),
    "capture": mark("CO2 captured"),
}
SENSES = {
    "min": mark("at least"),
    "max": mark("at most"),
    "fixed": mark("fixed at"),
    "rise_max": mark("rising at most"),
    "fall_max": mark("falling at most"),
}
WHICH = {
    "all": "",
    "alternative": mark("all alternative fuels"),
    "biomass": mark("biomass"),
    "storage": mark("storage"),
    "use": mark("use"),
}
GROUP = mark("group")


class Words:
    """What a result's ids are called in a language."""

    def __init__(self, result: Result, language: Language) -> None:
        table = result.tables["names"]
        named = table["name_zh" if language is Language.CHINESE else "name"]
        self.text: Text = texts(language)
        self.names: Mapping[str, str] = dict(zip(table["id"], named, strict=True))
        self.case = next((n for k, n in zip(table["kind"], named, strict=True) if k == "case"), "")

    def place(self, place: str) -> str:
        """A site, region, the group, or several joined by ``+``."""
        known = {**self.names, "group": self.text(GROUP)}
        return " + ".join(known.get(part, part) for part in place.split("+"))

    def known(self, words: Mapping[str, str], key: str) -> str:
        """The word for a key of a table, the key itself where there is none."""
        found = words.get(key, key)
        return self.text(found) if found and key in words else found

    def bound(self, lever: str, which: str, sense: str, place: str) -> str:
        """What a bound limits, in which sense and where."""
        part = self.known(WHICH, which) if which in WHICH else self.names.get(which, which)
        inside = f" ({part})" if part else ""
        limited = f"{self.known(LEVERS, lever)}{inside} {self.known(SENSES, sense)}"
        return f"{limited} · {self.place(place)}"
