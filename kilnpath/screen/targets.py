"""What the targets command says on the screen."""

import math

from rich.console import Console
from rich.markup import escape

from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.language.statements import statements
from kilnpath.language.wording import ccus_words, title
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.layout import grid, show
from kilnpath.studies.targets import TargetGrid
from model.case.types import Metric
from model.targets.candidates import Candidate
from model.targets.criteria import Criterion
from optimizer.sensitivity.candidates import Feasibility

_BOUNDS_ALONE = mark("The bounds conflict whatever the target is: see kilnpath explain.")
_VERDICTS = {True: mark("passed"), False: mark("failed"), None: mark("open")}


def show_targets(console: Console, target_grid: TargetGrid) -> None:
    """A line a candidate."""
    words = text("{case}: candidate targets, each tried alone.")
    console.print(words.format(case=title(target_grid.case.names)))
    words = text(
        "Submitted in {year}. {ccus}, consolidated. Intensities in t CO2e per t cementitious "
        "product, amounts in kt CO2e; missed: no pathway inside bounds."
    )
    ccus = ccus_words(target_grid.case, target_grid.objective, text)
    console.print(words.format(year=target_grid.submitted, ccus=ccus), highlight=False)
    heads = (
        text("base"),
        text("target"),
        text("cut"),
        text("in kt"),
        text("CCUS, kt"),
        text("decides"),
        text("criteria failed"),
    )
    table = grid(text("Candidates"), "", *heads)
    for column in (0, 6):  # ids, which other commands take
        table.columns[column].no_wrap = True
    for one, need, judged in zip(
        target_grid.candidates, target_grid.needs, target_grid.criteria, strict=True
    ):
        table.add_row(
            escape(one.id),
            _measure(one, one.base),
            _measure(one, one.limit),
            f"{100 * one.reduction:.1f} %",
            kilotonnes(one.absolute),
            _ccus(need),
            escape(need.decides) or "–",
            text(", ").join(text(c.name) for c in judged if c.passed is False) or "–",
        )
    show(console, table)
    if any(math.isinf(need.shortfall) for need in target_grid.needs):
        console.print(text(_BOUNDS_ALONE))
    if any(c.passed is None for judged in target_grid.criteria for c in judged):
        words = text("The ambition of some cannot be judged, for want of a sector pathway.")
        console.print(words)


def show_submission(console: Console, target_grid: TargetGrid) -> None:
    """The statement of one candidate, what it needs and its criteria."""
    (one,), (need,), (judged,) = target_grid.candidates, target_grid.needs, target_grid.criteria
    for statement in statements(one):
        console.print(escape(statement), highlight=False, soft_wrap=True)
    console.print()
    if need.possible:
        ccus = ccus_words(target_grid.case, target_grid.objective, text)
        words = text("Least {ccus}, of a pathway: {amount} kt.")
        console.print(words.format(ccus=ccus, amount=_ccus(need)), highlight=False)
    elif math.isinf(need.shortfall):
        words = text("No pathway. {why} Nothing was written.")
        console.print(words.format(why=text(_BOUNDS_ALONE)))
    else:
        words = text(
            "No pathway inside the bounds meets it; at best it is missed by {amount} kt. Nothing "
            "was written."
        )
        console.print(words.format(amount=kilotonnes(need.shortfall)), highlight=False)
    heading = text("Criteria, submitted in {year}").format(year=target_grid.submitted)
    table = grid(heading, "", "", text("found"), text("rule"), text("certainty"))
    for criterion in judged:
        table.add_row(*_cells(criterion))
    show(console, table)


def _cells(criterion: Criterion) -> tuple[str, ...]:
    return (
        text(criterion.name),
        text(_VERDICTS[criterion.passed]),
        escape(criterion.finding.in_words(text)),
        criterion.rule.in_words(text),
        text(criterion.certainty),
    )


def _measure(candidate: Candidate, value: float) -> str:
    return f"{value:.4f}" if candidate.target.metric is Metric.INTENSITY else kilotonnes(value)


def _ccus(need: Feasibility) -> str:
    if need.possible:
        return kilotonnes(need.least)
    if math.isinf(need.shortfall):
        return text("impossible")
    return text("missed by {amount}").format(amount=kilotonnes(need.shortfall))
