"""What the commands about bounds say on the screen."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from rich.console import Console
from rich.markup import escape

from kilnpath.language.wording import ccus_words, title, what_limits
from kilnpath.screen.layout import grid, show
from kilnpath.screen.plan import kilotonnes
from kilnpath.studies.bounds.rank import SHOWN
from kilnpath.studies.bounds.whatif import Variant, binding
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
    of = f" {ccus_words(case, base.objective)}" if base else ""
    console.print(f"{title(case.names)}: what if. kt CO2 captured, consolidated; least{of}.")
    table = grid("CCUS needed", "", "least", "change", *map(str, years))
    for variant in variants:
        if variant.result is None:
            first = variant.why.first_year if variant.why else "?"
            table.add_row(escape(variant.name), f"[red]impossible from {first}[/]", "")
            continue
        pathway, least = variant.result.pathway, variant.result.solution.least
        change = least - base.solution.least if base else 0.0
        table.add_row(
            escape(variant.name),
            kilotonnes(least),
            kilotonnes(change),
            *(kilotonnes(pathway.ccus(year)) for year in years),
        )
    show(console, table)
    _say_bounds_alone(console, variants)
    _show_levers(console, case, variants)
    if base is not None:
        for variant in variants[1:]:
            _show_binding(console, variant, binding(base))


def _say_bounds_alone(console: Console, variants: Sequence[Variant]) -> None:
    """Variants that no change of a target would make possible."""
    names = [variant.name for variant in variants if variant.why and variant.why.bounds_alone]
    if names:
        console.print(
            f"The bounds contradict each other whatever the targets are: {'; '.join(names)}. "
            "See kilnpath explain.",
            highlight=False,
            markup=False,
        )


_SHOWN = (
    ("clinker_ratio", "", "clinker ratio", 100, "%"),
    ("alternative_raw", "all", "alternative raw materials", 100, "%"),
    ("fuel", "alternative", "alternative fuels, of heat", 100, "%"),
    ("renewable_power", "", "renewable power, of demand", 100, "%"),
    ("capture", "all", "CO2 captured, of stack", 100, "%"),
)


def _show_levers(console: Console, case: Case, variants: Sequence[Variant]) -> None:
    solved = [v for v in variants if v.result is not None]
    if not solved:
        return
    table = grid(f"Levers of the group in {case.final_year}", "", *(escape(v.name) for v in solved))
    table.add_column("unit")
    found = [_levers(variant, case.final_year) for variant in solved]
    for lever, which, words, factor, unit in _SHOWN:
        if any((lever, which) in levers for levers in found):
            cells = [f"{levers.get((lever, which), 0.0) * factor:.1f}" for levers in found]
            table.add_row(words, *cells, unit)
    show(console, table)


def _levers(variant: Variant, year: int) -> dict[tuple[str, str], float]:
    assert variant.result is not None
    levers = variant.result.tables["levers"]
    chosen = levers[
        (levers["scenario"] == "pathway") & (levers["place"] == "group") & (levers["year"] == year)
    ]
    pairs = zip(chosen["lever"], chosen["which"], strict=True)
    return dict(zip(pairs, chosen["value"], strict=True))


def _show_binding(console: Console, variant: Variant, before: set[str]) -> None:
    if variant.result is None:
        return
    now = binding(variant.result)
    for words, names in (("now hold back", now - before), ("no longer", before - now)):
        if names:
            shown = ", ".join(sorted(names)[:12]) + (", …" if len(names) > 12 else "")
            console.print(f"{escape(variant.name)}: {words}: {shown}", highlight=False)


def show_rank(
    console: Console, case: Case, objective: Objective, table: pd.DataFrame, most: int = SHOWN
) -> None:
    """Bounds by worth, in words and units."""
    console.print(
        f"{title(case.names)}: what each bound is worth. A step more room saves so many kt of "
        f"{ccus_words(case, objective)}.",
        highlight=False,
    )
    if table.empty:
        console.print("No bound or target saves any.")
        return
    columns = ("", "where", "years", "a step", "kt CO2", "goes on for", "confidence")
    shown = grid("Bounds by worth", *columns, "check first")
    alone = table[table["together_with"] == ""]
    sure = alone[alone["confirmed"]].head(most)
    for row in sure.to_dict("records"):
        far = f"{number(row['holds_for'])} {row['step_unit']}"
        shown.add_row(
            str(row["id"]),
            escape(str(row["place"])),
            str(row["years"]),
            f"{number(row['step'])} {row['step_unit']}",
            kilotonnes(row["saved"]),
            "as far as it goes" if row["holds_for"] in (float("inf"), float("-inf")) else far,
            str(row["confidence"]),
            str(row["check_first"]),
        )
    show(console, shown)
    if len(alone) > len(sure):
        more = len(alone) - len(sure)
        console.print(f"… and {more} more, by their duals alone (--out writes all).")
    for row in table[table["together_with"] != ""].to_dict("records"):
        console.print(
            f" · {row['id']} is worth something only together with {row['together_with']}",
            highlight=False,
        )


def show_curve(
    console: Console,
    case: Case,
    objective: Objective,
    bound: str,
    found: Curve,
    table: pd.DataFrame,
    most: int = 30,
) -> None:
    """The breakpoints of a curve."""
    name = found.parameter.name
    line = case.bounds.get(name) or case.targets[name]
    unit, factor = shown_unit(line)
    shift = ", shifted in every year" if found.parameter.shifts else ""
    console.print(
        f"{title(case.names)}: least {ccus_words(case, objective)}, by [bold]{bound}[/], "
        f"{what_limits(line)}{shift}.",
        highlight=False,
    )
    console.print(f"The curve is {_how(found)}.")
    own = str(table["unit"].iloc[0])  # percentage points, where a share is shifted
    if not found.possible and not found.stopped:
        low, high = (number(end / factor) for end in found.looked)
        console.print(f"[red]There is no pathway[/] between {low} and {high} {own}.")
    _show_points(console, found, table, own, most)
    if found.possible and not found.stopped:
        console.print(f"A step is 1 {'pp' if unit == '%' else unit}.", highlight=False)
        _show_edges(console, found, own, factor)


def _how(found: Curve) -> str:
    """How near the points are to the whole curve."""
    if found.stopped:
        return f"not whole: it was stopped after {found.solves} solves"
    if found.exact:
        return f"exact, {found.solves} solves"
    error = kilotonnes(found.error)
    return f"refined to within {error} kt, {found.solves} solves: the limit multiplies a decision"


def _show_points(console: Console, found: Curve, table: pd.DataFrame, unit: str, most: int) -> None:
    """Points of the curve: all, or some from end to end, and always the present value."""
    kept = set(np.linspace(0, len(table) - 1, min(most, len(table))).round().astype(int))
    rows = table[[now or n in kept for n, now in enumerate(table["now"])]]
    what = f"shift, {unit}" if found.parameter.shifts else unit
    shown = grid("", what, "kt CO2", "kt a step", "")
    for row in rows.to_dict("records"):
        slope = "" if pd.isna(row["slope"]) else kilotonnes(row["slope"])
        ccus = "impossible" if pd.isna(row["ccus"]) else kilotonnes(row["ccus"])
        shown.add_row(number(row["value"]), ccus, slope, "now" if row["now"] else "")
    show(console, shown)
    if len(rows) < len(table):
        console.print(f"{len(rows)} of {len(table)} points; --out writes all.", highlight=False)


def _show_edges(console: Console, found: Curve, unit: str, factor: float) -> None:
    """Where it becomes impossible, and where it is worth nothing."""
    points = found.points
    ends = (points[0].value / factor, points[-1].value / factor)
    room = 1e-8 * (found.looked[1] - found.looked[0])  # an end found is possible but for rounding
    if points[0].value > found.looked[0] + room:
        console.print(f"Impossible below {number(ends[0])} {unit}.", highlight=False)
    if points[-1].value < found.looked[1] - room:
        console.print(f"Impossible above {number(ends[1])} {unit}.", highlight=False)
    flat = [i for i in range(len(points) - 1) if abs(points[i + 1].least - points[i].least) < 1e-3]
    for i in flat:
        console.print(
            f"No worth between {number(points[i].value / factor)} and "
            f"{number(points[i + 1].value / factor)} {unit}.",
            highlight=False,
        )


def show_ranges(
    console: Console, case: Case, objective: Objective, within: float, table: pd.DataFrame
) -> None:
    """Ranges of the levers that are used or could be, by site and year.

    within: how much more than the least the pathways may need [%].
    """
    least = f"the least {ccus_words(case, objective)}"
    if within:
        least += f", or up to {within:g} % more"
    console.print(f"{title(case.names)}: levers among all pathways with {least}.", highlight=False)
    counts = table["tag"].value_counts()
    parts = ", ".join(f"{count} {tag}" for tag, count in counts.items())
    console.print(f"{len(table)} levers: {parts}.", highlight=False)
    for (site, year), rows in table.groupby(["site", "year"], sort=False):
        shown = grid(f"{site}, {year}", "", "least", "most", "unit", "")
        for row in rows.to_dict("records"):
            if row["most"] > 0:
                lever = f"{row['lever'].replace('_', ' ')} {row['which']}".strip()
                shown.add_row(
                    lever, number(row["least"]), _or_none(row["most"]), row["unit"], row["tag"]
                )
        show(console, shown)


def _or_none(value: float) -> str:
    return "no limit" if np.isinf(value) else number(value)


def show_map(
    console: Console, case: Case, objective: Objective, table: pd.DataFrame, other: str
) -> None:
    """The least CCUS by two limits."""
    console.print(
        f"{title(case.names)}: least {ccus_words(case, objective)}, in kt CO2; "
        f"{table.index.name} down, {other} across.",
        highlight=False,
    )
    shown = grid("", "", *(number(float(value)) for value in table.columns))
    for value, row in zip(table.index, table.to_numpy(), strict=True):
        cells = ["impossible" if pd.isna(least) else kilotonnes(least) for least in row]
        shown.add_row(number(float(value)), *cells)
    show(console, shown)


def show_alternatives(console: Console, case: Case, table: pd.DataFrame) -> None:
    """The group's levers in the last year, a column a pathway."""
    names = [name for name in table.columns if str(name).startswith("pathway")]
    console.print(f"{title(case.names)}: {len(names)} pathways, as different as can be.")
    shown = grid(f"The group in {case.final_year} (ccus: all years)", "", *names, "unit")
    for row in table.to_dict("records"):
        if any(row[name] > 1e-6 for name in names):
            lever = f"{row['lever']} {row['which']}".strip()
            share = row["unit"] == "1"
            cells = [number(row[name] * (100 if share else 1)) for name in names]
            shown.add_row(lever, *cells, "%" if share else str(row["unit"]))
    show(console, shown)
