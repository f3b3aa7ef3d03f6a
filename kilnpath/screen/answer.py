"""The first lines of a plan on the screen: its least CCUS, and what stands beside it."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kilnpath.language.chosen import text
from kilnpath.language.headline import (
    PLAN_LEVERS,
    Amount,
    Summary,
    Things,
    Value,
    first_sentences,
)
from kilnpath.language.wording import line_words, names_on_screen, place_words
from kilnpath.screen.amounts import kilotonnes, unsigned_zero
from kilnpath.screen.layout import SHORT, first_of, grid
from kilnpath.studies.plan import PlanResult
from kilnpath.tables.outcome import milestone
from model.case.types import Case, Objective
from model.formulas.laws import MEANINGS
from model.pathway.pathway import Pathway


def say_first(console: Console, result: PlanResult) -> None:
    """The like-for-like comparison, what is worse than in the plan, and cautions: a line each."""
    for said in first_sentences(result.tables, result.objective):
        shown = {name: _shown(value, result.case) for name, value in said.values.items()}
        console.print(f" · {text(said.template).format(**shown)}", highlight=False)


def _shown(value: Value, case: Case) -> str:
    match value:
        case Amount(number, "1"):
            return f"{100 * number:.1f} %"
        case Amount(number, ""):
            return f"{number:.0f}"
        case Amount(number, _):
            return f"{kilotonnes(number)} kt"
        case Things(ids, notes):
            names = [_name(one, case) for one in ids]
            noted = zip(names, notes, strict=True) if notes else ((name, ()) for name in names)
            return first_of([_noted(name, note) for name, note in noted], SHORT)
        case str(words):
            return escape(words)


def _name(thing: str, case: Case) -> str:
    if thing in case.bounds or thing in case.targets:
        return line_words(case.line(thing))
    if thing in MEANINGS:
        return text(MEANINGS[thing])
    return place_words(thing, text, names_on_screen(case))


def _noted(name: str, notes: Iterable[str]) -> str:
    notes = text(", ").join(text(note) for note in notes)
    return text("{name} ({notes})").format(name=name, notes=notes) if notes else name


def ccus_table(result: PlanResult) -> Table:
    """CCUS of the company's plan, of its levers with capture optimised, and of the pathway."""
    case, pathway = result.case, result.pathway
    years = sorted({milestone(case), case.final_year})
    table = grid(
        text("CCUS needed, kt CO2"), "", text("total"), *map(str, years), text("peak year")
    )
    plan = result.company.plan if result.company else None
    if plan is not None:
        total = kilotonnes(plan.cumulative_ccus)
        table.add_row(text("the case's own plan"), total, *_ccus_cells(plan, years))
    summary = Summary(result.tables["summary"])
    theirs = summary.find("least_ccus", PLAN_LEVERS)
    if theirs is not None:
        words = text("with the plan's levers, capture optimised")
        table.add_row(words, *_least_cells(result, theirs.value, years))
    least, then = result.solution.least, result.solution.total
    in_all = None if then is None else then.least
    table.add_row(text("least, proven"), *_least_cells(result, least, years, in_all))
    less = summary.find("ccus_less_by_levers", "pathway")
    part = summary.find("ccus_less_by_levers_share", "pathway")
    if less is not None and part is not None:
        words = text("less than with the plan's levers ({part})")
        table.add_row(
            words.format(part=f"{part.value:.1%}"), *_least_cells(result, less.value, years)
        )
    table.add_row(
        text("pathway"), kilotonnes(pathway.cumulative_ccus), *_ccus_cells(pathway, years)
    )
    return table


def _least_cells(
    result: PlanResult, tonnes: float, years: Iterable[int], total: float | None = None
) -> list[str]:
    """A least in the column of what the objective makes least; elsewhere nothing is proven.

    total: of the pathways with the least peak or final year, the least over the horizon. [t CO2]
    """
    case, least = result.case, kilotonnes(tonnes)
    final, in_all = result.objective is Objective.FINAL, "" if total is None else kilotonnes(total)
    return [
        least if result.objective is Objective.CUMULATIVE else in_all,
        *(least if final and year == case.final_year else "" for year in years),
        least if result.objective is Objective.PEAK else "",
    ]


def _ccus_cells(pathway: Pathway, years: Iterable[int]) -> list[str]:
    peak = max(pathway.case.horizon, key=pathway.ccus)
    most = pathway.ccus(peak)
    named = f"{kilotonnes(most)} ({peak})" if most > 0 else text("none")
    return [*(kilotonnes(pathway.ccus(year)) for year in years), named]


def beside_table(result: PlanResult) -> Table | None:
    """What is told of the plan and of the pathway alike, besides CCUS; nothing without a plan."""
    summary = Summary(result.tables["summary"])
    if summary.find("ccus_total", "plan") is None:
        return None
    heads = (text("the case's own plan"), text("pathway"), text("unit"))
    table = grid(text("Beside the plan"), "", *heads)
    rises = []
    for scenario in ("plan", "pathway"):
        rise, year = summary.find("ccus_rise", scenario), summary.year("ccus_rise", scenario)
        rises.append(f"{kilotonnes(rise.value)} ({year})" if rise else text("none"))
    table.add_row(text("largest rise of CCUS in a year"), *rises, "kt CO2")
    emitted = text("scope 1 and 2 emitted, {years}").format(
        years=summary.year("scope12_total", "pathway")
    )
    for quantity, words, unit in (
        ("scope12_total", emitted, "kt CO2e"),
        ("targets_kept", text("targets kept"), ""),
        ("bounds_broken", text("bounds not kept"), ""),
    ):
        cells = []
        for scenario in ("plan", "pathway"):
            found = summary.find(quantity, scenario)
            number = found.value if found else 0.0
            cells.append(kilotonnes(number) if unit else unsigned_zero(f"{number:.0f}"))
        if quantity == "targets_kept":
            whole = len(result.case.targets)
            cells = [text("{kept} of {count}").format(kept=kept, count=whole) for kept in cells]
        table.add_row(words, *cells, unit)
    return table
