"""The parts of the page after the answer, each from the tables of one result."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kilnpath.charts import Chart
from kilnpath.charts.questions.assumptions_words import assumptions_words
from kilnpath.language.languages import mark
from kilnpath.report.links import links_section
from kilnpath.report.numbers import count, number
from kilnpath.report.shares import shares_section
from kilnpath.report.tables import (
    ccus_view,
    certainty_view,
    criteria_view,
    doubtful_view,
    doubts_view,
    levers_view,
    ranges_view,
    residual_view,
    targets_view,
    trials_view,
    unlimited_view,
    verdicts_view,
    waterfall_view,
    worth_view,
)
from kilnpath.report.views import Cell, Section, View, sentence
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result


@dataclass(frozen=True)
class _Part:
    """A part of the page: charts whose id is that of the part or begins with it, and a table."""

    id: str
    title: str
    view: Callable[[Result, Labels], View] | None
    caption: str = ""


_PARTS = (
    _Part(
        "wedges",
        mark("From the frozen baseline to the pathway"),
        None,
        mark(
            "The frozen baseline keeps the levers of the base year at each year's output. Between "
            "it and the pathway lies what each group of levers takes away (LMDI, whose parts add "
            "up); capture comes last, less the energy that it needs."
        ),
    ),
    _Part("intensities", mark("Intensities and targets"), targets_view),
    _Part("ccus", mark("CCUS by region and year"), ccus_view),
    _Part(
        "lever",
        mark("Levers inside their bounds"),
        levers_view,
        mark(
            "What lies in the shaded area is forbidden by a permit, a standard, a market, a "
            "technical limit or a policy. Where the line runs along the shade, the bound holds "
            "the lever."
        ),
    ),
    _Part("waterfall", mark("From base year to final year"), waterfall_view),
    _Part(
        "worth",
        mark("What holds it back"),
        worth_view,
        mark(
            "What a 1 % wider limit of a bound would save, in the years in which it binds. To "
            "first order: a large step saves less."
        ),
    ),
)


def sections(result: Result, labels: Labels, charts: Sequence[Chart]) -> list[Section]:
    """Every part that the result has something for, from the wedges to the residual."""
    parts = [_section(part, result, labels, charts) for part in _PARTS]
    found = [part for part in parts if part.charts or any(view.rows for view in part.views)]
    if (links := links_section(result, labels)) is not None:
        after = [n for n, part in enumerate(found) if part.id in ("intensities", "ccus", "lever")]
        found.insert(after[-1] + 1 if after else len(found), links)
    if (shares := shares_section(result, labels)) is not None:
        found.insert(1, shares)
    if not result.tables["unlimited"].empty:
        found.append(_unlimited(result, labels))
    found.append(_assumptions(result, labels, charts))
    found.append(_ranges(result, labels, charts))
    if not result.tables["criteria"].empty:
        found.append(_criteria(result, labels))
    return [*found, _residual(result, labels, charts)]


def _section(part: _Part, result: Result, labels: Labels, charts: Sequence[Chart]) -> Section:
    return Section(
        part.id,
        labels.text(part.title),
        [labels.text(part.caption)] if part.caption else [],
        charts=_drawn(charts, part.id),
        views=[part.view(result, labels)] if part.view else [],
    )


def _drawn(charts: Sequence[Chart], name: str) -> list[Chart]:
    return [chart for chart in charts if chart.id == name or chart.id.startswith(f"{name}-")]


def _ranges(result: Result, labels: Labels, charts: Sequence[Chart]) -> Section:
    text = labels.text
    title = text("What is determined, and what is free")
    if "ranges" not in result.tables:
        hint = text(
            "Not computed for this result; plan with --ranges to see how far each lever can go "
            "among all pathways that need no more CCUS, or hardly more."
        )
        return Section("ranges", title, [hint])
    words = text(
        "The least and the most of each lever among all pathways that need no more CCUS, or hardly "
        "more. A lever with one value is a conclusion; the others are choices of this pathway."
    )
    drawn, view = _drawn(charts, "ranges"), ranges_view(result, labels)
    return Section("ranges", title, [words], charts=drawn, views=[view])


def _assumptions(result: Result, labels: Labels, charts: Sequence[Chart]) -> Section:
    text = labels.text
    title = text("What the answer rests on")
    if "assumptions" not in result.tables:
        hint = text(
            "Not computed for this result; plan with --assumptions to see the least CCUS where "
            "each thing that it assumes is otherwise."
        )
        return Section("assumptions", title, [hint])
    words = [assumptions_words(result.tables, result.manifest["horizon"][1], labels)]
    words.append(
        text(
            "Room: all bounds of a kind moved from their own value (100 %) to the level of the "
            "company's plan (0 %). Each line is solved for twice: for all years, and for the final "
            "year by itself."
        )
    )
    views = [trials_view(result, labels), doubts_view(result, labels)]
    drawn = _drawn(charts, "assumptions")
    return Section("assumptions", title, words, charts=drawn, views=views)


def _unlimited(result: Result, labels: Labels) -> Section:
    """What the register of bounds leaves open: a pathway may lean on it."""
    text = labels.text
    words = [
        text(
            "No bound of one site alone holds these levers from above: where a total holds them, "
            "one site may take all of it; where nothing does, at most a limit on its pace slows "
            "it. What is used of it in those years stands beside it. Where that is not meant, the "
            "case needs a bound."
        )
    ]
    views = [unlimited_view(result, labels)]
    return Section("unlimited", text("Levers without a bound on their level"), words, views=views)


def _criteria(result: Result, labels: Labels) -> Section:
    year = str(result.manifest["inventory_year"] + 1)
    words = labels.text("Judged as if submitted in {year}.").format(year=year)
    title = labels.text("Criteria of target setting")
    views = [verdicts_view(result, labels), criteria_view(result, labels)]
    return Section("criteria", title, [words], views=views)


def _residual(result: Result, labels: Labels, charts: Sequence[Chart]) -> Section:
    text, summary = labels.text, result.tables["summary"]
    rows = summary[summary["quantity"].isin(["residual", "own_removal"])].to_dict("records")
    totals = {row["quantity"]: number(abs(row["value"]), row["unit"]) for row in rows}
    removal = text(
        "In {year} {residual} is left after the capture of fossil CO2. Biogenic CO2 that is stored "
        "for good removes {own_removal}; it is told apart and nets no target."
    )
    if result.manifest["accounting"]["captured_biogenic_counts"]:
        removal = text(
            "In {year} {residual} is left after the capture of fossil CO2. Biogenic CO2 that is "
            "stored for good removes {own_removal}. This case deducts it from scope 1 "
            "(captured_biogenic_counts = true): emissions and targets on this page are net of it; "
            "where removals may not count, emissions are higher by as much."
        )
    year = str(result.manifest["horizon"][1])
    words: list[str | Markup] = [sentence(removal, year=year, **totals)]
    title = text("Residual emissions and removals")
    drawn, view = _drawn(charts, "residual"), residual_view(result, labels)
    return Section("residual", title, words, charts=drawn, views=[view])


def sources_section(result: Result, labels: Labels) -> Section:
    """Where every number comes from, the tables with the most doubt first."""
    text = labels.text
    views = [doubtful_view(result, labels), certainty_view(result, labels)]
    table = result.tables["sources"]
    columns = [
        *(text("Row"), text("How it came to be"), text("Confidence"), text("Source")),
        text("Numbers"),
    ]
    for name, rows in table.groupby("table", sort=False):
        cells = [_source(row, labels) for row in rows.to_dict("records")]
        views.append(View(f"{name}.csv", columns, cells, folded=True))
    words = [text("Every row of the case, with where its numbers come from and how sure they are.")]
    return Section("sources", text("Assumptions and sources"), words, views=views)


def _source(row: Mapping[Hashable, object], labels: Labels) -> list[Cell]:
    sure = str(row["confidence"])
    return [
        *(str(row["row"]), labels.of("status", str(row["status"]))),
        *(labels.of("confidence", sure) if sure else "", str(row["source"])),
        count(float(str(row["numbers"]))),
    ]
