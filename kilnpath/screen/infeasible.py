"""What is said where there is no pathway: the contradiction, how near one comes, and the mends."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape

from kilnpath.language.wording import bound_words, spans, title
from kilnpath.screen.bounds import number
from kilnpath.screen.layout import grid, show
from kilnpath.screen.plan import kilotonnes
from kilnpath.studies.bounds.repair_options import far_enough, menu_table
from model.case.types import Case, Target
from model.targets.limits import years_without_product
from optimizer.infeasible.conflict import Others
from optimizer.infeasible.diagnose import Impossible
from optimizer.infeasible.repair import Menu

_MOST_NAMED = 40
_MOST_MISSED = 12
_OTHERS = {
    Others.SHARING: "There may be other contradictions, each with one of these lines in it.",
    Others.APART: "This is one of several contradictions: without all of these lines, in every "
    "year, there still is no pathway.",
}


def show_impossible(console: Console, case: Case, why: Impossible) -> None:
    """The contradiction in words, and by how much the best pathway misses its targets."""
    console.print(
        f"[bold red]No pathway[/] of {title(case.names)} keeps every bound and target: "
        f"{why.first_year} is the first year that cannot be met."
    )
    if why.irreducible:
        console.print("These cannot hold together; without any one of them the rest can:")
    else:
        console.print("These cannot hold together (a proof, in which some may not be needed):")
    for target_id, years in why.targets.items():
        console.print(f" · {_target_words(case, case.targets[target_id], years)}", highlight=False)
    for bound_id, years in list(why.bounds.items())[:_MOST_NAMED]:
        bound = case.bounds[bound_id]
        console.print(
            f" · {bound.kind} [bold]{bound_id}[/]: {bound_words(bound, years)}, {spans(years)} "
            f"({escape(bound.source)})",
            highlight=False,
        )
    if len(why.bounds) > _MOST_NAMED:
        others = list(why.bounds)[_MOST_NAMED:]
        console.print(f" · and {len(others)} more: {', '.join(others)}", highlight=False)
    if why.others in _OTHERS:
        console.print(_OTHERS[why.others])
    _show_missed(console, why)


def _target_words(case: Case, target: Target, years: Iterable[int]) -> str:
    """A target of a contradiction, with the years in which it asks for no emissions at all."""
    words = (
        f"target [bold]{target.id}[/]: scope {target.scope} {target.metric} of "
        f"{escape(target.place)}, {spans(years)}"
    )
    empty = years_without_product(case, target, years)
    if not empty:
        return words
    return f"{words} (nothing is made in {spans(empty)}: whatever its limit, it asks for 0 t there)"


def _show_missed(console: Console, why: Impossible) -> None:
    if why.bounds_alone:
        alone = "The bounds contradict each other whatever the targets are"
        besides = ", in another contradiction." if why.targets and why.irreducible else "."
        console.print(f"{alone}{besides}")
        return
    table = grid(
        f"At best, inside all bounds, the targets are missed by {kilotonnes(why.missed_total)} "
        "kt CO2e in all (consolidated, over all years):",
        "",
        "year",
        "limit",
        "best",
        "unit",
    )
    for check in why.missed[:_MOST_MISSED]:
        digits = ".4f" if check.unit == "t/t" else ",.0f"
        limit, value = f"{check.limit:{digits}}", f"{check.value:{digits}}"
        table.add_row(check.target, str(check.year), limit, value, check.unit)
    if len(why.missed) > _MOST_MISSED:
        table.add_row(f"… and {len(why.missed) - _MOST_MISSED} more", "", "", "", "")
    show(console, table)


def show_explain(console: Console, case: Case, found: tuple[Impossible, Menu] | None) -> None:
    """Why a case is impossible, and the repair menu."""
    if found is None:
        console.print(f"{title(case.names)}: there is a pathway; nothing to mend.")
        return
    why, menu = found
    show_impossible(console, case, why)
    if len(why.years) > 1:
        years = spans(why.years)
        console.print(f"Years whose own targets cannot be met: {years}.", highlight=False)
    show_menu(console, case, menu)


def show_menu(console: Console, case: Case, menu: Menu, most: int = 15) -> None:
    """The repair menu, smallest change first."""
    table = menu_table(case, menu)
    words = "one of these changes" if menu.singles else "one of these pairs of changes"
    shown = grid(f"What would mend it: {words}, in every year", "", "what", "where", "change", "to")
    table = table[table["mend"] <= most]
    for _, rows in table.groupby("mend", sort=True):
        for row in rows.to_dict("records"):
            shown.add_row(*_menu_cells(row))
        if not menu.singles:
            shown.add_row()
    if table.empty:
        console.print("\nNo single bound or pair looked at can mend it.")
    else:
        show(console, shown)
        _say_how_to_try(console, table)
    if menu.cannot:
        names = ", ".join(menu.cannot)
        console.print(f"Cannot mend it alone: {names}, and whatever is not named above.")
    if menu.untried:
        console.print(f"{menu.untried:,} pairs were not tried, for want of time.")
    if menu.stopped:
        console.print("Stopped before all were tried; there may be others.")


def _menu_cells(row: dict[Any, Any]) -> list[str]:
    move = row["change"]
    to = number(far_enough(row["lowest"], move))
    if (highest := number(far_enough(row["highest"], move))) != to:
        to += f" to {highest}"
    change = f"{'+' if move > 0 else ''}{number(far_enough(move, move))} {row['change_unit']}"
    return [row["id"], escape(row["what"]), escape(row["place"]), change, f"{to} {row['unit']}"]


def _say_how_to_try(console: Console, table: pd.DataFrame) -> None:
    """A line a mend, to be copied."""
    console.print("\nTo try one, with plan, whatif or explain:")
    for _, rows in table.groupby("mend", sort=True):
        options = [f"--set '{text}'" for text in rows["set"] if text]
        by_sda = rows[rows["set"] == ""]
        typed = [
            f"SDA computes the limits of {name}; type others into targets.csv, {line}"
            for name, line in zip(by_sda["id"], by_sda["line"], strict=True)
        ]
        said = "; ".join(part for part in (" ".join(options), *typed) if part)
        console.print(f" {said}", highlight=False, markup=False, soft_wrap=True)
