"""CO2 captured by region and year, beside the company's plan."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Chart,
    EndLabel,
    Spec,
    chart_spec,
    colours,
    end_labels,
    only,
    records,
    rows,
    scaled,
    toggle,
    told_as,
    tooltip,
    unless_off,
    wrapped_legend,
    y_title,
    year_bands,
)
from kilnpath.charts.drawing.palette import INK, SCENARIOS, region_colours
from kilnpath.language.headline import PLAN_LEVERS
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result
from model.case.types import Objective

_HEIGHT = 300
_COLUMNS = ["scenario", "part", "item", "order", "year", "value", "unit"]


def ccus_chart(result: Result, labels: Labels) -> Chart:
    """Bars of the pathway by region, and the total of the plan as a line."""
    table = _table(result.tables["ccus"], labels)
    scale = scale_for(table["value"], table["unit"].iloc[0])
    years = sorted(set(table["year"]))
    text = _sentence(result, labels)
    body = {
        **FULL_WIDTH,
        "height": _HEIGHT,
        "data": rows(table),
        "transform": [scaled("value", scale), told_as(scale)],
        "layer": [*_views(table, scale, years, labels), *_ends(table, scale, years, labels)],
    }
    note = labels.text("Bars: the pathway, by region.")
    if "plan" in set(table["scenario"]):
        note = labels.text("Bars: the pathway, by region. Line: the company's plan.")
    spec = chart_spec(text, body, note)
    return Chart("ccus", labels.text("CO2 captured, by region"), text, spec, table)


def _table(ccus: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Regions and total of the pathway; of the plan the total."""
    total = ccus["place"] == "group"
    found = ccus[(ccus["scenario"] == "pathway") | ((ccus["scenario"] == "plan") & total)]
    part = (found["place"] == "group").map({True: "total", False: "region"})
    places = list(dict.fromkeys(found["place"]))
    order = found["place"].map(places.index)  # of the stack, and of the legend
    return found.assign(part=part, item=found["place"].map(labels.place), order=order)[_COLUMNS]


def _views(
    table: pd.DataFrame, scale: Scale, years: Sequence[int], labels: Labels
) -> Iterator[Spec]:
    x = year_bands(years)
    own = table[table["part"] == "region"]
    places = list(dict.fromkeys(own["item"]))
    known = _colours(labels, places)
    y: Spec = {"field": "shown", "type": "quantitative"}
    axis: Spec = {"axis": y_title(scale.unit)}
    if not table["value"].abs().max():
        axis = {"axis": {**y_title(scale.unit), "values": [0]}, "scale": {"domain": [0, 1]}}
    legend = wrapped_legend(places) if len(places) > 1 else None
    told = tooltip(
        ("item", labels.text("Region")),
        ("year", labels.text("Year")),
        ("told", labels.text("CO2 captured")),
    )
    yield {
        "transform": [only("part", "region")],
        "params": toggle("item"),
        "mark": {"type": "bar"},
        "encoding": {
            "x": x,
            "y": {**y, **axis, "stack": "zero"},
            "color": colours("item", known, legend),
            "order": {"field": "order"},
            "opacity": unless_off("item"),
            "tooltip": told,
        },
    }
    yield {
        "transform": [only("scenario", "plan")],
        "mark": {"type": "line", "color": SCENARIOS["plan"], "strokeWidth": 2.5, **_POINT},
        "encoding": {"x": x, "y": y, "tooltip": told[1:]},
    }


_POINT: Spec = {"point": {"size": 28, "filled": True, "color": SCENARIOS["plan"], "opacity": 1}}


def _colours(labels: Labels, places: Sequence[str]) -> Mapping[str, str]:
    known = {labels.place(r): c for r, c in region_colours(labels.regions).items()}
    return {name: known.get(name, SCENARIOS["pathway"]) for name in places}


def _ends(
    table: pd.DataFrame, scale: Scale, years: Sequence[int], labels: Labels
) -> Iterator[Spec]:
    """The totals of the final year."""
    final = table[(table["year"] == years[-1]) & (table["part"] == "total")]
    words = {"pathway": INK, "plan": SCENARIOS["plan"]}
    entries = [
        EndLabel(
            labels.of("scenario", row["scenario"]),
            row["value"],
            words[row["scenario"]],
            row["scenario"] == "pathway",
        )
        for row in records(final)
    ]
    yield from end_labels(entries, scale, _HEIGHT)


def _sentence(result: Result, labels: Labels) -> str:
    """The totals of the summary, and the final year by region."""
    summary, ccus = result.tables["summary"], result.tables["ccus"]
    totals = summary[summary["quantity"] == "ccus_total"]
    unit = totals["unit"].iloc[0]
    found = dict(zip(totals["scenario"], totals["value"], strict=True))
    scale = scale_for(found.values(), unit)
    if not any(found.values()):
        return labels.text("No CO2 is captured in any year.")
    years = totals["year"].iloc[0]
    text = labels.text("The pathway captures {total} in {years}").format(
        total=scale.formatted(found["pathway"]), years=years
    )
    if "plan" in found:
        text += labels.text(", the company's plan {total}").format(
            total=scale.formatted(found["plan"])
        )
    levers = summary[(summary["quantity"] == "least_ccus") & (summary["scenario"] == PLAN_LEVERS)]
    if len(levers) and result.manifest["objective"] == Objective.CUMULATIVE:
        text += labels.text(" and with its capture optimised {total}").format(
            total=scale.formatted(levers["value"].iloc[0])
        )
    own = ccus[(ccus["scenario"] == "pathway") & (ccus["year"] == ccus["year"].max())]
    own = own[own["place"] != "group"]
    of_year = scale_for(own["value"], unit)
    parts = [f"{labels.place(row['place'])} {of_year.bare(row['value'])}" for row in records(own)]
    return text + labels.text("; in {year}: {parts} ({unit}).").format(
        year=ccus["year"].max(), parts=labels.several(parts), unit=of_year.unit
    )
