"""Bounds in words."""

from collections.abc import Iterable

from rich.markup import escape

from model.case.types import Bound, Case, Names, Objective, Sense, Target

_LEVERS = {
    "clinker_ratio": "clinker ratio",
    "clinker": "clinker made",
    "clinker_bought": "clinker bought",
    "addition": "mineral addition",
    "alternative_raw": "alternative raw material",
    "fuel": "fuel",
    "heat_intensity": "kiln heat per clinker",
    "waste_heat_power": "waste heat power",
    "renewable_power": "renewable power",
    "capture": "CO2 captured",
}
_SENSES = {
    Sense.MIN: "at least",
    Sense.MAX: "at most",
    Sense.FIXED: "fixed at",
    Sense.RISE_MAX: "rising at most",
    Sense.FALL_MAX: "falling at most",
}
_PARTS = {"alternative": "all alternative", "": "", "all": "all"}


def title(names: Names) -> str:
    """Both names of a case or region, safe to print as rich text."""
    return f"[bold]{escape(names.en)}[/] ({escape(names.zh)})"


def ccus_words(case: Case, objective: Objective) -> str:
    """Of which years the CCUS is that an objective makes as small as it can be."""
    years = {
        Objective.CUMULATIVE: "over the horizon",
        Objective.FINAL: f"in the final year, {case.final_year}",
        Objective.PEAK: "in the year with the most",
    }
    return f"CCUS {years[objective]}"


def lever_words(bound: Bound) -> str:
    """What a bound limits, and in which sense: ``fuel rdf at most``."""
    which = escape(_PARTS.get(bound.which, bound.which))
    which = f" ({which})" if which else ""
    return f"{_LEVERS[bound.lever]}{which} {_SENSES[bound.sense]}"


def what_limits(line: Bound | Target) -> str:
    """What a bound or target limits."""
    if isinstance(line, Bound):
        return lever_words(line)
    return f"scope {line.scope} {line.metric} at most"


def bound_words(bound: Bound, years: Iterable[int]) -> str:
    """A bound with its limits in some years: ``fuel (rdf) at most 30 % in plant``."""
    limits = sorted({bound.values[year] / bound.factor for year in years})
    shown = f"{limits[0]:.6g}" + (f" to {limits[-1]:.6g}" if len(limits) > 1 else "")
    return f"{lever_words(bound)} {shown} {bound.unit} in {escape(bound.place)}"


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
