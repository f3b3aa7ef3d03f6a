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
from model.targets.limits import off_the_line

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
        text("CCUS, kt"),
        text("as a line"),
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
            _ccus(need.least, need.shortfall),
            _ccus(need.line_least, need.line_shortfall),
            escape(need.decides) or "–",
            text(", ").join(text(c.name) for c in judged if c.passed is False) or "–",
        )
    show(console, table)
    words = text(
        "As a line: the limit holds in every year, straight from the base year or by SDA. A point "
        "binds in one year alone, and asks only for what capture can grow to in it."
    )
    console.print(words, highlight=False)
    if any(math.isinf(need.shortfall) for need in target_grid.needs):
        console.print(text(_BOUNDS_ALONE))
    _say_off_the_line(console, target_grid)
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
        words = text("Least {ccus}, of a pathway: {amount} kt; as a line in every year: {line} kt.")
        amount, by_line = kilotonnes(need.least), _ccus(need.line_least, need.line_shortfall)
        console.print(words.format(ccus=ccus, amount=amount, line=by_line), highlight=False)
    elif math.isinf(need.shortfall):
        words = text("No pathway. {why} Nothing was written.")
        console.print(words.format(why=text(_BOUNDS_ALONE)))
    else:
        words = text(
            "No pathway inside the bounds meets it; at best it is missed by {amount} kt. Nothing "
            "was written."
        )
        console.print(words.format(amount=kilotonnes(need.shortfall)), highlight=False)
    _say_off_the_line(console, target_grid)
    heading = text("Criteria, submitted in {year}").format(year=target_grid.submitted)
    table = grid(heading, "", "", text("found"), text("rule"), text("certainty"))
    for criterion in judged:
        table.add_row(*_cells(criterion))
    show(console, table)


def _say_off_the_line(console: Console, target_grid: TargetGrid) -> None:
    """Of which base years SDA takes the sector's actual values."""
    said = [
        words for one in target_grid.candidates for words in off_the_line(one.basis, [one.target])
    ]
    for words in dict.fromkeys(one.in_words(text) for one in said):
        console.print(words, highlight=False)


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


def _ccus(least: float, shortfall: float) -> str:
    if math.isnan(least) and math.isinf(shortfall):
        return text("impossible")
    if math.isnan(least):
        return text("missed by {amount}").format(amount=kilotonnes(shortfall))
    return kilotonnes(least)
