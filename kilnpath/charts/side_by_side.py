"""CO2 captured by year of several results beside each other, and of the company's plan."""

from collections.abc import Sequence

import pandas as pd

from kilnpath.charts.drawing.amounts import scale_for
from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Chart,
    Spec,
    chart_spec,
    colours,
    records,
    rows,
    scaled,
    toggle,
    told_as,
    tooltip,
    unless_off,
    wrapped_legend,
    y_title,
    year_axis,
)
from kilnpath.charts.drawing.palette import SCENARIOS, region_colours
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_COLUMNS = ["item", "year", "value", "unit"]


def side_by_side_chart(results: Sequence[Result], labels: Labels) -> Chart:
    """A line for each result, and one for the first one's company plan where it has one."""
    parts = [_line(one, "pathway", one.name) for one in results]
    plan = labels.of("scenario", "plan")
    if (results[0].tables["ccus"]["scenario"] == "plan").any():
        parts.append(_line(results[0], "plan", plan))
    table = pd.concat(parts, ignore_index=True)
    names = list(dict.fromkeys(table["item"]))
    known = {**region_colours(names), plan: SCENARIOS["plan"]}
    known = {name: known[name] for name in names}
    scale = scale_for(table["value"], table["unit"].iloc[0])
    years = sorted(set(table["year"]))
    told = tooltip(
        ("item", labels.text("Result")),
        ("year", labels.text("Year")),
        ("told", labels.text("CO2 captured")),
    )
    x: Spec = {"field": "year", "type": "quantitative", "axis": year_axis(years)}
    body = {
        **FULL_WIDTH,
        "height": 300,
        "data": rows(table),
        "transform": [scaled("value", scale), told_as(scale)],
        "params": toggle("item"),
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 28, "filled": True}},
        "encoding": {
            "x": {**x, "scale": {"domain": [years[0], years[-1]], "nice": False}},
            "y": {"field": "shown", "type": "quantitative", "axis": y_title(scale.unit)},
            "color": colours("item", known, wrapped_legend(names)),
            "opacity": unless_off("item"),
            "tooltip": told,
        },
    }
    final = table[table["year"] == years[-1]]
    ends = [f"{row['item']} {scale.bare(row['value'])}" for row in records(final)]
    text = labels.text("CO2 captured in {year}: {parts} ({unit}).").format(
        year=years[-1], parts=labels.several(ends), unit=scale.unit
    )
    title = labels.text("CO2 captured, result by result")
    return Chart("beside", title, text, chart_spec(text, body), table)


def _line(result: Result, scenario: str, name: str) -> pd.DataFrame:
    ccus = result.tables["ccus"]
    own = ccus[(ccus["scenario"] == scenario) & (ccus["place"] == "group")]
    return own.assign(item=name)[_COLUMNS]
