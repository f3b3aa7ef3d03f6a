"""``kilnpath check``: what a sound case holds, and what nothing limits."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from rich.console import Console
from rich.markup import escape

from kilnpath.language.chosen import text
from kilnpath.language.wording import KINDS, SITE_KINDS, STATUSES, names_on_screen, title
from kilnpath.screen.layout import grid, show
from kilnpath.tables.unlimited import describe, unlimited_levers
from model.case.sites import SiteKind
from model.case.types import BoundKind, Case
from model.messages.faults import MOST_FAULTS, Fault, shortened
from model.plausibility.doubts import doubts
from model.plausibility.scale import out_of_scale
from model.targets.limits import off_the_line

_MOST_REGIONS = 100  # with a line of their own


def show_case(console: Console, case: Case) -> None:
    """Sites, years, bounds by kind, targets, where the numbers come from, and what is unlimited."""
    words = text("{case}: no faults. Base year {base}, inventory {known}, horizon {first}–{last}.")
    console.print(
        words.format(
            case=title(case.names),
            base=case.base_year,
            known=case.inventory_year,
            first=case.horizon.start,
            last=case.final_year,
        )
    )
    _show_sites(console, case)
    kinds_of_bounds = grid(text("Bounds"), *(text(KINDS[kind]) for kind in BoundKind), text("all"))
    kinds = Counter(bound.kind for bound in case.bounds.values())
    kinds_of_bounds.add_row(*(str(kinds[kind]) for kind in BoundKind), str(len(case.bounds)))
    show(console, kinds_of_bounds)
    reaches = case.plan_reaches_horizon
    plan = text("to the final year") if reaches else text("reported years only")
    words = text("{fuels} fuels, {materials} materials, {targets} targets; plan.csv: {plan}.")
    console.print(
        words.format(
            fuels=len(case.fuels),
            materials=len(case.materials),
            targets=len(case.targets),
            plan=plan if case.company_plan else text("none"),
        )
    )
    numbers = sum(case.provenance.values())
    parts = [
        f"{text(STATUSES[status])} {count / numbers:.0%}"
        for status, count in case.provenance.items()
        if numbers
    ]
    words = text("{count} numbers given: {parts}.")
    console.print(words.format(count=numbers, parts=text(", ").join(parts)))
    for said in off_the_line(case, case.targets.values()):
        console.print(said.in_words(text), highlight=False)
    say_what_is_out_of_scale(console, case)
    found = [_line(fault) for fault in doubts(case)]
    heading = text("[bold]Doubtful[/] (correct it, or know that the answer rests on it):")
    _say(console, heading, found)
    _show_gaps(console, case)


def _show_sites(console: Console, case: Case) -> None:
    """How many sites of each kind there are in each region."""
    sites = grid(text("Sites"), text("region"), *(text(SITE_KINDS[kind]) for kind in SiteKind))
    counts = Counter((site.region, site.kind) for site in case.sites.values())
    for region, names in islice(case.regions.items(), _MOST_REGIONS):
        sites.add_row(title(names), *(str(counts[region, kind]) for kind in SiteKind))
    if len(case.regions) > _MOST_REGIONS:
        kinds = Counter(site.kind for site in case.sites.values())
        words = text("all {count} regions").format(count=f"{len(case.regions):,}")
        sites.add_row(words, *(f"{kinds[k]:,}" for k in SiteKind))
    show(console, sites)


def say_what_is_out_of_scale(console: Console, case: Case) -> None:
    """Numbers that a solver may lose, with their rows."""
    found = [_line(fault) for fault in out_of_scale(case)]
    _say(console, text("[bold]Out of scale[/] with the rest of the case:"), found)


def say_first_doubt(console: Console, case: Case) -> None:
    """How many doubts there are about a case, and the gravest."""
    found = list(doubts(case))
    if found:
        words = text("[bold]Doubtful[/] ({count}): {first}; see kilnpath check.").format(
            count=f"{len(found):,}", first=escape(shortened(found[0].in_words(text)))
        )
        console.print(words, highlight=False)


def _line(fault: Fault) -> str:
    return f" · {escape(shortened(fault.in_words(text)))}"


def _show_gaps(console: Console, case: Case) -> None:
    found, names = list(unlimited_levers(case)), names_on_screen(case)
    free = describe((lever for lever in found if not lever.totals), text, names)
    pooled = describe((lever for lever in found if lever.totals), text, names)
    heading = text("[bold]Nothing limits[/] (add a bound if that is not meant):")
    _say(console, heading, [f" · {escape(shortened(line))}" for line in free])
    heading = text(
        "[bold]Limited only in total[/] (one of several sites may take all of it; "
        "bound each site if that is not meant):"
    )
    _say(console, heading, [f" · {escape(shortened(line))}" for line in pooled])


def _say(console: Console, heading: str, lines: Sequence[str]) -> None:
    """Lines under a heading, where there are any; of very many the first."""
    if lines:
        console.print(heading)
    for line in lines[:MOST_FAULTS]:
        console.print(line, highlight=False)
    if len(lines) > MOST_FAULTS:
        words = text("and {count} more").format(count=f"{len(lines) - MOST_FAULTS:,}")
        console.print(f" · {words}", highlight=False)
