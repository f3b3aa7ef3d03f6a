"""``kilnpath check``: what a sound case holds, and what nothing limits."""

from rich.console import Console
from rich.markup import escape

from kilnpath.gaps import gaps, told
from kilnpath.screen_tables import grid, show
from kilnpath.words import title
from model.case import BoundKind, Case
from model.out_of_scale import out_of_scale
from model.unlikely import unlikely


def show_case(console: Console, case: Case) -> None:
    """Sites, years, bounds by kind, targets, where the numbers come from, and what is unlimited."""
    console.print(
        f"{title(case.names)}: no faults. Base year {case.base_year}, "
        f"inventory {case.inventory_year}, horizon {case.horizon.start}–{case.final_year}."
    )
    sites = grid("Sites", "region", *(k for k in ("integrated", "grinding", "concrete", "office")))
    for region, names in case.regions.items():
        kinds = [site.kind.value for site in case.sites.values() if site.region == region]
        counts = (kinds.count(k) for k in ("integrated", "grinding", "concrete", "office"))
        sites.add_row(title(names), *map(str, counts))
    show(console, sites)
    kinds_of_bounds = grid("Bounds", *BoundKind, "all")
    bounds = [bound.kind for bound in case.bounds.values()]
    kinds_of_bounds.add_row(*(str(bounds.count(kind)) for kind in BoundKind), str(len(bounds)))
    show(console, kinds_of_bounds)
    plan = "to the final year" if case.plan_reaches_horizon else "reported years only"
    console.print(
        f"{len(case.fuels)} fuels, {len(case.materials)} materials, {len(case.targets)} targets; "
        f"plan.csv: {plan if case.plan else 'none'}."
    )
    numbers = sum(case.provenance.values())
    parts = [
        f"{status} {count / numbers:.0%}" for status, count in case.provenance.items() if numbers
    ]
    console.print(f"{numbers} numbers given: {', '.join(parts)}.")
    say_what_is_out_of_scale(console, case)
    _show_gaps(console, case)


def say_what_is_out_of_scale(console: Console, case: Case) -> None:
    """Numbers that a solver may lose, or that a wrong unit made, with their rows."""
    found = list(out_of_scale(case))
    if found:
        console.print("[bold]Out of scale[/] with the rest of the case:")
    for fault in found:
        console.print(f" · {escape(str(fault))}", highlight=False)
    for fault in unlikely(case):
        console.print(f"[bold]Unlikely[/]: {escape(str(fault))}", highlight=False)


def _show_gaps(console: Console, case: Case) -> None:
    found = list(gaps(case))
    free = [gap for gap in found if not gap.totals]
    pooled = [gap for gap in found if gap.totals]
    if free:
        console.print("[bold]Nothing limits[/] (add a bound if that is not meant):")
    for text in told(free):
        console.print(f" · {text}", highlight=False)
    if pooled:
        console.print(
            "[bold]Limited only in total[/] (one of several sites may take all of it; "
            "bound each site if that is not meant):"
        )
    for text in told(pooled):
        console.print(f" · {text}", highlight=False)
