"""Least CCUS as a function of one bound or two, on a screen."""

import numpy as np
import pandas as pd
from rich.console import Console

from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.language.wording import (
    ccus_words,
    line_words,
    names_on_screen,
    title,
    what_limits,
)
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.layout import grid, number, show
from kilnpath.studies.bounds.limit_points import TIMES, shown_in
from model.case.types import Case, Objective
from model.changes.quantity import Way
from optimizer.sensitivity.curve import Curve


def show_curve(
    console: Console,
    case: Case,
    objective: Objective,
    bound: str,
    curve: Curve,
    table: pd.DataFrame,
    most: int = 30,
) -> None:
    """The breakpoints of a curve."""
    line = case.line(curve.parameter.name)
    factor = shown_in(line, curve.parameter.way)[1]
    words = text(_BY[curve.parameter.way])
    console.print(
        words.format(
            case=title(case.names),
            ccus=ccus_words(case, objective, text),
            bound=_limit_words(case, bound),
            what=what_limits(line, text, names_on_screen(case)),
        ),
        highlight=False,
    )
    console.print(_how(curve))
    own = str(table["unit"].iloc[0])  # percentage points, where a share is shifted
    if not curve.possible and not curve.stopped:
        low, high = (number(end / factor) for end in curve.looked)
        words = text("[red]There is no pathway[/] between {low} and {high} {unit}.")
        console.print(words.format(low=low, high=high, unit=own))
    _show_points(console, curve, table, own, most)
    if curve.possible and not curve.stopped:
        console.print(_step(own), highlight=False)
        _show_edges(console, curve, own, factor)


_BY = {
    Way.IS: mark("{case}: least {ccus}, by [bold]{bound}[/], {what}."),
    Way.PLUS: mark("{case}: least {ccus}, by [bold]{bound}[/], {what}, shifted in every year."),
    Way.TIMES: mark("{case}: least {ccus}, by [bold]{bound}[/], {what}, times a factor."),
}


def _step(unit: str) -> str:
    """Of what a point tells the slope."""
    if unit == TIMES:
        return text("A step is 0.01, so 1 % of each limit.")
    return text("A step is 1 {unit}.").format(unit="pp" if unit == "%" else unit)


def _how(curve: Curve) -> str:
    """How near the points are to the whole curve."""
    if curve.stopped:
        words = text("The curve is not whole: it was stopped after {solves} solves.")
        return words.format(solves=curve.solves)
    if curve.exact:
        return text("The curve is exact, {solves} solves.").format(solves=curve.solves)
    return text(
        "The curve is refined to within {error} kt, {solves} solves: the limit multiplies a "
        "decision."
    ).format(error=kilotonnes(curve.error), solves=curve.solves)


def _show_points(console: Console, curve: Curve, table: pd.DataFrame, unit: str, most: int) -> None:
    """Points of the curve: all, or some from end to end, and always the present value."""
    kept = set(np.linspace(0, len(table) - 1, min(most, len(table))).round().astype(int))
    rows = table[[now or n in kept for n, now in enumerate(table["now"])]]
    way, step = curve.parameter.way, 0.01 if unit == TIMES else 1.0
    heads = [{Way.PLUS: text("shift, {unit}"), Way.TIMES: text("factor")}.get(way, "{unit}")]
    if way is not Way.IS:  # the numbers are no limits, which stand beside them
        words, year = text("limit in {year}, {unit}"), curve.parameter.years[-1]
        heads.append(words.format(year=year, unit=table["limit_unit"].iloc[0]))
    shown = grid("", *(h.format(unit=unit) for h in heads), "kt CO2", text("kt a step"), "")
    for row in rows.to_dict("records"):
        slope = "" if pd.isna(row["slope"]) else kilotonnes(row["slope"] * step)
        ccus = text("impossible") if pd.isna(row["ccus"]) else kilotonnes(row["ccus"])
        values = [number(row[name]) for name in ("value", "limit")[: len(heads)]]
        shown.add_row(*values, ccus, slope, text("now") if row["now"] else "")
    show(console, shown)
    if len(rows) < len(table):
        words = text("{shown} of {all} points; --out writes all.")
        console.print(words.format(shown=len(rows), all=len(table)), highlight=False)


def _show_edges(console: Console, curve: Curve, unit: str, factor: float) -> None:
    """Where it becomes impossible, and where it is worth nothing."""
    points, (first, last) = curve.points, curve.ends
    if first > curve.looked[0]:
        low = number(first / factor)
        words = text("Impossible below {value} {unit}.").format(value=low, unit=unit)
        console.print(words, highlight=False)
    if last < curve.looked[1]:
        high = number(last / factor)
        words = text("Impossible above {value} {unit}.").format(value=high, unit=unit)
        console.print(words, highlight=False)
    flat = [i for i in range(len(points) - 1) if abs(points[i + 1].least - points[i].least) < 1e-3]
    for i in flat:
        low, high = (number(points[n].value / factor) for n in (i, i + 1))
        words = text("No worth between {low} and {high} {unit}.")
        console.print(words.format(low=low, high=high, unit=unit), highlight=False)


def show_map(
    console: Console, case: Case, objective: Objective, table: pd.DataFrame, other: str
) -> None:
    """The least CCUS by two limits."""
    words = text("{case}: least {ccus}, in kt CO2; {first} down, {second} across.").format(
        case=title(case.names),
        ccus=ccus_words(case, objective, text),
        first=_limit_words(case, str(table.index.name)),
        second=_limit_words(case, other),
    )
    console.print(words, highlight=False)
    shown = grid("", "", *(number(float(value)) for value in table.columns))
    for value, row in zip(table.index, table.to_numpy(), strict=True):
        cells = [text("impossible") if pd.isna(least) else kilotonnes(least) for least in row]
        shown.add_row(number(float(value)), *cells)
    show(console, shown)


def _limit_words(case: Case, limit: str) -> str:
    """The bound of ``ID`` or ``ID@YEAR`` in a sentence, with what is to be typed."""
    name = limit.partition("@")[0]
    return line_words(case.line(name), limit)
