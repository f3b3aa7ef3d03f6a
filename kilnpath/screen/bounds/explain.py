"""What is said where there is no pathway: why, how near one comes, and what would repair it."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape

from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.language.wording import (
    KINDS,
    METRICS,
    ThingNames,
    bound_words,
    line_words,
    lines_words,
    named_limit,
    names_on_screen,
    place_words,
    spans,
    spans_of,
    title,
)
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.layout import grid, number, show
from kilnpath.studies.bounds.repair_options import far_enough, menu_table
from model.case.types import Case, Target
from model.levers.physical_ends import physical_ends
from model.targets.limits import years_without_product
from optimizer.infeasible.conflict import Others
from optimizer.infeasible.diagnose import Impossible
from optimizer.infeasible.repair import Menu, Move

_MOST_NAMED = 40
_MOST_MISSED = 12
_OTHERS = {
    Others.SHARING: mark("There may be other conflicts, each with one of these lines in it."),
    Others.APART: mark(
        "This is one of several conflicts: without all of these lines, in every year, there "
        "still is no pathway."
    ),
}


def show_impossible(console: Console, case: Case, why: Impossible) -> None:
    """The conflict in words, and by how much the best pathway misses its targets."""
    words = text(
        "[bold red]No pathway[/] of {case} keeps every bound and target: {year} is the first year "
        "that cannot be met."
    )
    console.print(words.format(case=title(case.names), year=why.first_year))
    if why.irreducible:
        console.print(text("These cannot hold together; without any one of them the rest can:"))
    else:
        words = text("These cannot hold together (a proof, in which some may not be needed):")
        console.print(words)
    names = names_on_screen(case)
    for target_id, years in why.targets.items():
        words = _target_words(case, case.targets[target_id], years, names)
        console.print(f" · {words}", highlight=False)
    for bound_id, years in list(why.bounds.items())[:_MOST_NAMED]:
        bound = case.bounds[bound_id]
        words = text("{kind} [bold]{bound}[/]: {limit}, {years} ({source})").format(
            kind=text(KINDS[bound.kind]),
            bound=line_words(bound),
            limit=bound_words(bound, years, text, names),
            years=spans_of(bound, years),
            source=escape(bound.source),
        )
        console.print(f" · {words}", highlight=False)
    if len(why.bounds) > _MOST_NAMED:
        others = list(why.bounds)[_MOST_NAMED:]
        words = text("and {count} more: {names}")
        said = words.format(count=len(others), names=lines_words(case, others))
        console.print(f" · {said}", highlight=False)
    if why.others in _OTHERS:
        console.print(text(_OTHERS[why.others]))
    _show_missed(console, why)


def _target_words(case: Case, target: Target, years: Iterable[int], names: ThingNames) -> str:
    """A target of a conflict, with the years in which it asks for no emissions at all."""
    words = text("target [bold]{target}[/]: scope {scope} {metric} of {place}, {years}").format(
        target=line_words(target),
        scope=target.scope,
        metric=text(METRICS[target.metric]),
        place=place_words(target.place, text, names),
        years=spans_of(target, years),
    )
    empty = years_without_product(case, target, years)
    if not empty:
        return words
    made = text("(nothing is made in {years}: whatever its limit, it asks for 0 t there)")
    return f"{words} {made.format(years=spans(empty))}"


def _show_missed(console: Console, why: Impossible) -> None:
    if why.bounds_alone:
        if why.targets and why.irreducible:
            words = text("The bounds conflict whatever the targets are, in another conflict.")
        else:
            words = text("The bounds conflict whatever the targets are.")
        console.print(words)
        return
    heading = text(
        "At best, inside all bounds, the targets are missed by {amount} kt CO2e in all "
        "(consolidated, over all years):"
    ).format(amount=kilotonnes(why.missed_total))
    table = grid(heading, "", text("year"), text("limit"), text("best"), text("unit"))
    for check in why.missed[:_MOST_MISSED]:
        digits = ".4f" if check.unit == "t/t" else ",.0f"
        limit, value = f"{check.limit:{digits}}", f"{check.value:{digits}}"
        table.add_row(check.target, str(check.year), limit, value, check.unit)
    if len(why.missed) > _MOST_MISSED:
        words = text("… and {count} more").format(count=len(why.missed) - _MOST_MISSED)
        table.add_row(words, "", "", "", "")
    show(console, table)


def show_explain(console: Console, case: Case, found: tuple[Impossible, Menu] | None) -> None:
    """Why a case is impossible, and the repair menu."""
    if found is None:
        words = text("{case}: feasible: nothing to repair.")
        console.print(words.format(case=title(case.names)))
        return
    why, menu = found
    show_impossible(console, case, why)
    if len(why.years) > 1:
        words = text("Years whose own targets cannot be met: {years}.")
        console.print(words.format(years=spans(why.years)), highlight=False)
    _show_out_of_reach(console, case, why)
    show_menu(console, case, menu)


def _show_out_of_reach(console: Console, case: Case, why: Impossible) -> None:
    """Targets that no change of another target helps."""
    if not why.out_of_reach or len(case.targets) == 1:
        return
    if len(why.out_of_reach) == 1:
        words = text("{names} cannot be met inside the bounds, even if there were no other target.")
    else:
        words = text(
            "These targets are out of reach separately, each even if there were no other: {names}. "
            "Mending one does not help another; only bounds do, or a change of each."
        )
    console.print(words.format(names=lines_words(case, why.out_of_reach)))


def show_menu(console: Console, case: Case, menu: Menu, most: int = 15) -> None:
    """The repair menu, smallest change first."""
    table = menu_table(case, menu)
    if menu.singles:
        heading = text("What would repair it: one of these changes, in every year")
    else:
        heading = text("What would repair it: one of these pairs of changes, in every year")
    shown = grid(heading, "", text("what"), text("where"), text("change"), text("to"))
    names = names_on_screen(case)
    table = table[table["option"] <= most]
    for _, rows in table.groupby("option", sort=True):
        for row in rows.to_dict("records"):
            shown.add_row(*_menu_cells(case, row, names))
        if not menu.singles:
            shown.add_row()
    if table.empty:
        console.print(f"\n{text('No single bound or pair looked at can repair it.')}")
    else:
        show(console, shown)
        _say_how_to_try(console, case, table)
    for move in menu.past:
        console.print(_past_words(case, move), highlight=False)
    if menu.cannot:
        words = text("Cannot repair it alone: {names}, and whatever is not named above.")
        console.print(words.format(names=lines_words(case, menu.cannot)))
    if menu.untried:
        words = text("{count} pairs were not tried, for want of time.")
        console.print(words.format(count=f"{menu.untried:,}"))
    if menu.stopped:
        console.print(text("Stopped before all were tried; there may be others."))


def _past_words(case: Case, move: Move) -> str:
    """What a limit would have to be where physics has ended."""
    line = case.line(move.name)
    words = text(
        "{bound} would have to go down to {value} {unit} to repair it: there is no such repair, "
        "as the reactions of clinker take {end} {unit}."
    )
    ends = (min(move.values.values()), physical_ends(line)[0])
    value, end = (number(far_enough(limit / line.factor, -1.0)) for limit in ends)
    return words.format(bound=line_words(line), value=value, end=end, unit=line.unit)


def _menu_cells(case: Case, row: dict[Any, Any], names: ThingNames) -> list[str]:
    move = row["change"]
    to = number(far_enough(row["lowest"], move))
    if (highest := number(far_enough(row["highest"], move))) != to:
        to = text("{low} to {high}").format(low=to, high=highest)
    line = case.line(row["id"])
    change = f"{'+' if move > 0 else ''}{number(far_enough(move, move))} {row['change_unit']}"
    what, place = named_limit(line, names), place_words(row["place"], text, names)
    return [row["id"], what, place, change, f"{to} {row['unit']}"]


def _say_how_to_try(console: Console, case: Case, table: pd.DataFrame) -> None:
    """A line an option, to be copied."""
    console.print(f"\n{text('To try one, with plan, whatif or explain:')}")
    by_sda = text("SDA computes the limits of {target}; type others into targets.csv, {line}")
    total = text(
        "{target} gives an output; type another into bounds.csv, {line}, and cement that adds up "
        "to it into series.csv"
    )
    for _, rows in table.groupby("option", sort=True):
        options = [f"--set '{setting}'" for setting in rows["set"] if setting]
        in_tables = rows[rows["set"] == ""]
        typed = [
            (total if name in case.bounds else by_sda).format(target=name, line=line)
            for name, line in zip(in_tables["id"], in_tables["line"], strict=True)
        ]
        said = "; ".join(part for part in (" ".join(options), *typed) if part)
        console.print(f" {said}", highlight=False, markup=False, soft_wrap=True)
