"""What the targets command says on the screen."""

import math

from rich.console import Console
from rich.markup import escape

from kilnpath.language.statements import statements
from kilnpath.language.wording import ccus_words, title
from kilnpath.screen.layout import grid, show
from kilnpath.screen.plan import kilotonnes
from kilnpath.studies.targets import TargetGrid
from model.case.types import Metric
from model.targets.candidates import Candidate
from model.targets.criteria import Criterion
from optimizer.sensitivity.candidates import Feasibility

_BOUNDS_ALONE = "The bounds contradict each other whatever the target is: see kilnpath explain."
_MARKS = {True: "passed", False: "failed", None: "open"}


def show_targets(console: Console, found: TargetGrid) -> None:
    """A line a candidate."""
    console.print(f"{title(found.case.names)}: candidate targets, each tried alone.")
    console.print(
        f"Submitted in {found.submitted}. {ccus_words(found.case, found.objective)}, consolidated. "
        "Intensities in t CO2e per t cementitious product, amounts in kt CO2e; missed: no pathway "
        "inside bounds.",
        highlight=False,
    )
    heads = ("base", "target", "cut", "in kt", "CCUS, kt", "decides", "criteria failed")
    table = grid("Candidates", "", *heads)
    for column in (0, 6):  # ids, which other commands take
        table.columns[column].no_wrap = True
    for one, need, judged in zip(found.candidates, found.needs, found.criteria, strict=True):
        table.add_row(
            escape(one.id),
            _measure(one, one.base),
            _measure(one, one.limit),
            f"{100 * one.reduction:.1f} %",
            kilotonnes(one.absolute),
            _ccus(need),
            escape(need.decides) or "–",
            ", ".join(c.name for c in judged if c.passed is False) or "–",
        )
    show(console, table)
    if any(math.isinf(need.shortfall) for need in found.needs):
        console.print(_BOUNDS_ALONE)
    if any(c.passed is None for judged in found.criteria for c in judged):
        console.print("The ambition of some cannot be judged, for want of a sector pathway.")


def show_submission(console: Console, found: TargetGrid) -> None:
    """The statement of one candidate, what it needs and its criteria."""
    (one,), (need,), (judged,) = found.candidates, found.needs, found.criteria
    for text in statements(one):
        console.print(escape(text), highlight=False, soft_wrap=True)
    console.print()
    if need.possible:
        least = f"Least {ccus_words(found.case, found.objective)}, of a pathway"
        console.print(f"{least}: {_ccus(need)} kt.", highlight=False)
    elif math.isinf(need.shortfall):
        console.print(f"No pathway. {_BOUNDS_ALONE} Nothing was written.")
    else:
        console.print(
            f"No pathway inside the bounds meets it; at best it is missed by "
            f"{kilotonnes(need.shortfall)} kt. Nothing was written.",
            highlight=False,
        )
    table = grid(f"Criteria, submitted in {found.submitted}", "", "", "found", "rule", "certainty")
    for criterion in judged:
        table.add_row(*_cells(criterion))
    show(console, table)


def _cells(criterion: Criterion) -> tuple[str, ...]:
    mark = _MARKS[criterion.passed]
    return (
        criterion.name,
        mark,
        escape(str(criterion.words)),
        str(criterion.rule),
        str(criterion.sure),
    )


def _measure(one: Candidate, value: float) -> str:
    return f"{value:.4f}" if one.target.metric is Metric.INTENSITY else kilotonnes(value)


def _ccus(need: Feasibility) -> str:
    if need.possible:
        return kilotonnes(need.least)
    if math.isinf(need.shortfall):
        return "impossible"
    return f"missed by {kilotonnes(need.shortfall)}"
