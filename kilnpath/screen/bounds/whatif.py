"""What other bounds change, on a screen."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from kilnpath.language.chosen import text
from kilnpath.language.wording import (
    ccus_words,
    line_words,
    title,
)
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.layout import first_of, grid, show
from kilnpath.screen.plan import LEVERS
from kilnpath.studies.bounds.whatif import AS_IT_IS, Variant, binding
from model.case.types import Case


def show_whatif(
    console: Console, case: Case, variants: Sequence[Variant], years: Sequence[int]
) -> None:
    """CCUS of each variant, its levers in the last year, and the bounds that begin to hold back."""
    base = variants[0].result
    words = text("{case}: what if. kt CO2 captured, consolidated; least.")
    of = ""
    if base:
        words = text("{case}: what if. kt CO2 captured, consolidated; least {ccus}.")
        of = ccus_words(case, base.objective, text)
    console.print(words.format(case=title(case.names), ccus=of))
    table = grid(text("CCUS needed"), "", text("least"), text("change"), *map(str, years))
    for variant in variants:
        if variant.result is None:
            first = variant.why.first_year if variant.why else "?"
            words = text("impossible from {year}").format(year=first)
            table.add_row(_name(variant), f"[red]{words}[/]", "")
            continue
        pathway, least = variant.result.pathway, variant.result.solution.least
        change = least - base.solution.least if base else 0.0
        table.add_row(
            _name(variant),
            kilotonnes(least),
            kilotonnes(change),
            *(kilotonnes(pathway.ccus(year)) for year in years),
        )
    show(console, table)
    _say_bounds_alone(console, variants)
    _show_levers(console, case, variants)
    if base is not None:
        for variant in variants[1:]:
            _show_binding(console, case, variant, binding(base))


def _name(variant: Variant) -> str:
    return text(AS_IT_IS) if variant.name == AS_IT_IS else escape(variant.name)


def _say_bounds_alone(console: Console, variants: Sequence[Variant]) -> None:
    """Variants that no change of a target would make possible."""
    names = [variant.name for variant in variants if variant.why and variant.why.bounds_alone]
    if names:
        words = text(
            "The bounds conflict whatever the targets are: {names}. See kilnpath explain."
        ).format(names="; ".join(names))
        console.print(words, highlight=False, markup=False)


_MOST_BOUNDS = 12  # named of those that begin or cease to bind
_LEFT_OUT = (("heat_intensity", ""), ("fuel", "biomass"), ("waste_heat_power", ""))
_SHOWN = [lever for lever in LEVERS if lever[:2] not in _LEFT_OUT]


def _show_levers(console: Console, case: Case, variants: Sequence[Variant]) -> None:
    solved = [v for v in variants if v.result is not None]
    if not solved:
        return
    heading = text("Levers of the group in {year}").format(year=case.final_year)
    table = grid(heading, "", *(_name(v) for v in solved))
    table.add_column(text("unit"))
    found = [_levers(variant, case.final_year) for variant in solved]
    for lever, which, words, factor, unit in _SHOWN:
        if any((lever, which) in levers for levers in found):
            cells = [f"{levers.get((lever, which), 0.0) * factor:.1f}" for levers in found]
            table.add_row(text(words), *cells, unit)
    show(console, table)


def _levers(variant: Variant, year: int) -> dict[tuple[str, str], float]:
    assert variant.result is not None
    levers = variant.result.tables["levers"]
    chosen = levers[
        (levers["scenario"] == "pathway") & (levers["place"] == "group") & (levers["year"] == year)
    ]
    pairs = zip(chosen["lever"], chosen["which"], strict=True)
    return dict(zip(pairs, chosen["value"], strict=True))


def _show_binding(console: Console, case: Case, variant: Variant, before: set[str]) -> None:
    if variant.result is None:
        return
    now = binding(variant.result)
    changes = (
        (text("{variant}: now bind: {bounds}"), now - before),
        (text("{variant}: no longer bind: {bounds}"), before - now),
    )
    for words, names in changes:
        if names:
            shown = first_of([line_words(case.line(name)) for name in sorted(names)], _MOST_BOUNDS)
            said = words.format(variant=_name(variant), bounds=shown)
            console.print(said, highlight=False)
