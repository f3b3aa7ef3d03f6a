"""What the commands about bounds say on the screen."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from rich.console import Console
from rich.markup import escape

from kilnpath.language.chosen import text
from kilnpath.language.wording import (
    CONFIDENCES,
    TAGS,
    ccus_words,
    lever_name,
    line_words,
    lines_words,
    named_limit,
    names_on_screen,
    place_words,
    title,
    what_limits,
)
from kilnpath.screen.layout import grid, show
from kilnpath.screen.plan import LEVERS, kilotonnes
from kilnpath.studies.bounds.rank import SHOWN
from kilnpath.studies.bounds.whatif import AS_IT_IS, Variant, binding
from model.case.types import Case, Objective
from optimizer.sensitivity.curve import Curve
from optimizer.sensitivity.reoptimize import shown_unit


def number(value: float) -> str:
    """A number with five digits at most, without the minus of a rounded 0."""
    return f"{value:,.0f}" if abs(value) >= 99_999.5 else f"{value + 0.0:,.5g}"


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
            shown = lines_words(case, sorted(names)[:12], text) + (", …" if len(names) > 12 else "")
            said = words.format(variant=_name(variant), bounds=shown)
            console.print(said, highlight=False)


def show_rank(
    console: Console, case: Case, objective: Objective, table: pd.DataFrame, most: int = SHOWN
) -> None:
    """Bounds by worth, in words and units."""
    words = text("{case}: what each bound is worth, in {ccus} saved per step of relaxation, kt.")
    ccus = ccus_words(case, objective, text)
    console.print(words.format(case=title(case.names), ccus=ccus), highlight=False)
    if table.empty:
        console.print(text("No bound or target saves any."))
        return
    columns = (text("where"), text("years"), text("a step"), "kt CO2", text("valid for"))
    heads = (text("what"), *columns, text("confidence"), text("check first"))
    shown, names = grid(text("Bounds by worth"), "", *heads), names_on_screen(case)
    alone = table[table["together_with"] == ""]
    sure = alone[alone["confirmed"]].head(most)
    for row in sure.to_dict("records"):
        far = f"{number(row['holds_for'])} {row['step_unit']}"
        shown.add_row(
            str(row["id"]),
            named_limit(case.bounds.get(row["id"]) or case.targets[row["id"]], text, names),
            place_words(str(row["place"]), text, names),
            str(row["years"]),
            f"{number(row['step'])} {row['step_unit']}",
            kilotonnes(row["saved"]),
            text("no limit") if row["holds_for"] in (float("inf"), float("-inf")) else far,
            text(CONFIDENCES[row["confidence"]]),
            str(row["check_first"]),
        )
    show(console, shown)
    if len(alone) > len(sure):
        words = text("… and {count} more, by their duals alone (--out writes all).")
        console.print(words.format(count=len(alone) - len(sure)))
    for row in table[table["together_with"] != ""].to_dict("records"):
        words = text("{bound} is worth something only together with {others}").format(
            bound=lines_words(case, [row["id"]], text),
            others=lines_words(case, row["together_with"].split(", "), text),
        )
        console.print(f" · {words}", highlight=False)


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
    name = curve.parameter.name
    line = case.bounds.get(name) or case.targets[name]
    unit, factor = shown_unit(line)
    words = text("{case}: least {ccus}, by [bold]{bound}[/], {what}.")
    if curve.parameter.shifts:
        words = text("{case}: least {ccus}, by [bold]{bound}[/], {what}, shifted in every year.")
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
        words = text("A step is 1 {unit}.").format(unit="pp" if unit == "%" else unit)
        console.print(words, highlight=False)
        _show_edges(console, curve, own, factor)


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
    what = text("shift, {unit}").format(unit=unit) if curve.parameter.shifts else unit
    shown = grid("", what, "kt CO2", text("kt a step"), "")
    for row in rows.to_dict("records"):
        slope = "" if pd.isna(row["slope"]) else kilotonnes(row["slope"])
        ccus = text("impossible") if pd.isna(row["ccus"]) else kilotonnes(row["ccus"])
        shown.add_row(number(row["value"]), ccus, slope, text("now") if row["now"] else "")
    show(console, shown)
    if len(rows) < len(table):
        words = text("{shown} of {all} points; --out writes all.")
        console.print(words.format(shown=len(rows), all=len(table)), highlight=False)


def _show_edges(console: Console, curve: Curve, unit: str, factor: float) -> None:
    """Where it becomes impossible, and where it is worth nothing."""
    points = curve.points
    ends = (points[0].value / factor, points[-1].value / factor)
    room = 1e-8 * (curve.looked[1] - curve.looked[0])  # an end found is possible but for rounding
    if points[0].value > curve.looked[0] + room:
        words = text("Impossible below {value} {unit}.").format(value=number(ends[0]), unit=unit)
        console.print(words, highlight=False)
    if points[-1].value < curve.looked[1] - room:
        words = text("Impossible above {value} {unit}.").format(value=number(ends[1]), unit=unit)
        console.print(words, highlight=False)
    flat = [i for i in range(len(points) - 1) if abs(points[i + 1].least - points[i].least) < 1e-3]
    for i in flat:
        low, high = (number(points[n].value / factor) for n in (i, i + 1))
        words = text("No worth between {low} and {high} {unit}.")
        console.print(words.format(low=low, high=high, unit=unit), highlight=False)


def show_ranges(
    console: Console, case: Case, objective: Objective, within: float, table: pd.DataFrame
) -> None:
    """Ranges of the levers that are used or could be, by site and year.

    within: how much more than the least the pathways may need [%].
    """
    words = text("{case}: levers among all pathways with the least {ccus}.")
    if within:
        words = text(
            "{case}: levers among all pathways with the least {ccus}, or up to {part} % more."
        )
    ccus = ccus_words(case, objective, text)
    said = words.format(case=title(case.names), ccus=ccus, part=f"{within:g}")
    console.print(said, highlight=False)
    counts = table["tag"].value_counts()
    parts = text(", ").join(f"{count} {text(TAGS[str(tag)])}" for tag, count in counts.items())
    words = text("{count} levers: {parts}.").format(count=len(table), parts=parts)
    console.print(words, highlight=False)
    names = names_on_screen(case)
    for (site, year), rows in table.groupby(["site", "year"], sort=False):
        shown = grid(
            f"{place_words(str(site), text, names)}, {year}",
            "",
            text("least"),
            text("most"),
            text("unit"),
            "",
        )
        for row in rows.to_dict("records"):
            if row["most"] > 0:
                lever = lever_name(row["lever"], row["which"], text, names)
                least, tag = number(row["least"]), text(TAGS[row["tag"]])
                shown.add_row(lever, least, _or_none(row["most"]), row["unit"], tag)
        show(console, shown)


def _or_none(value: float) -> str:
    return text("no limit") if np.isinf(value) else number(value)


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
    return line_words(case.bounds.get(name) or case.targets[name], text, limit)


def show_alternatives(console: Console, case: Case, table: pd.DataFrame) -> None:
    """The group's levers in the last year, a column a pathway."""
    names = [name for name in table.columns if str(name).startswith("pathway")]
    words = text("{case}: {count} pathways, maximally different.")
    console.print(words.format(case=title(case.names), count=len(names)))
    heading = text("The group in {year} (CCUS: all years)").format(year=case.final_year)
    numbered = [text("pathway {number}").format(number=str(name).split()[-1]) for name in names]
    shown = grid(heading, "", *numbered, text("unit"))
    for row in table.to_dict("records"):
        if any(row[name] > 1e-6 for name in names):
            lever = lever_name(row["lever"], row["which"], text, names_on_screen(case))
            share = row["unit"] == "1"
            cells = [number(row[name] * (100 if share else 1)) for name in names]
            shown.add_row(lever, *cells, "%" if share else str(row["unit"]))
    show(console, shown)
