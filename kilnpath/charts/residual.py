"""What is left in the final year, by site and source; removals to the left of zero."""

from collections.abc import Iterator

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Chart,
    Spec,
    among,
    chart_spec,
    colours,
    only,
    rows,
    scaled,
    toggle,
    told_as,
    tooltip,
    unless_off,
    wrapped_legend,
)
from kilnpath.charts.drawing.palette import INK, SOURCES
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_COLUMNS = ["region", "site", "part", "item", "order", "consolidated", "unit"]


def residual_chart(result: Result, labels: Labels) -> Chart:
    """Stacked bars of each site by source, and a mark for what the case counts."""
    found = result.tables["residual"]
    table = _table(found, labels)
    scale = scale_for(table["consolidated"], table["unit"].iloc[0])
    year = found["year"].iloc[0]
    text = _sentence(result, labels)
    body = {
        **FULL_WIDTH,
        "height": 34 * table["site"].nunique(),
        "data": rows(table.drop(columns="unit")),
        "transform": [scaled("consolidated", scale), told_as(scale)],
        "layer": list(_layers(table, found, scale, labels)),
    }
    title = labels.text("What is left in {year}, by site and source").format(year=year)
    note = labels.text("Consolidated. Mark: as the case counts it.")
    return Chart("residual", title, text, chart_spec(text, body, note), table)


def _table(found: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Sites in the order of the regions; those that emit next to nothing are left out."""
    part = found["kind"].map({"accounts": "accounts"}).fillna("source")
    item = [labels.of("source", source) for source in found["source"]]
    order = found["source"].map({source: n for n, source in enumerate(SOURCES)}).fillna(0)
    table = found.assign(part=part, item=item, order=order.astype(int))
    sizes = table.assign(size=table["consolidated"].abs()).groupby("site")["size"].max()
    table = table[table["site"].map(sizes) > 1e-3 * sizes.max()] if sizes.max() else table
    place = {region: n for n, region in enumerate(labels.regions)}
    table = table.sort_values("region", key=lambda r: r.map(place), kind="stable")
    return table.assign(
        region=table["region"].map(labels.place), site=table["site"].map(labels.place)
    )[_COLUMNS]


def _layers(
    table: pd.DataFrame, found: pd.DataFrame, scale: Scale, labels: Labels
) -> Iterator[Spec]:
    axis = {"title": None, "labelLimit": 260, "domain": False}
    sites = list(dict.fromkeys(table["site"]))
    y = {"field": "site", "type": "nominal", "sort": sites, "axis": axis}
    title = {"title": scale.unit, "titleAnchor": "start", "grid": True, "tickCount": 6}
    x: Spec = {"field": "shown", "type": "quantitative", "axis": title}
    told = tooltip(
        ("region", labels.text("Region")),
        ("site", labels.text("Site")),
        ("item", labels.text("Source")),
        ("told", labels.text("Amount")),
    )
    sources = among(labels, "source", SOURCES, found[found["consolidated"] != 0]["source"])
    yield {
        "transform": [only("part", "source")],
        "params": toggle("item"),
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "x": {**x, "stack": "zero"},
            "y": y,
            "color": colours("item", sources, wrapped_legend(list(sources))),
            "order": {"field": "order"},
            "opacity": unless_off("item"),
            "tooltip": told,
        },
    }
    mark = {"type": "tick", "color": INK, "thickness": 3, "size": 30, "opacity": 1}
    yield {
        "transform": [only("part", "accounts")],
        "mark": mark,
        "encoding": {"x": x, "y": y, "tooltip": [told[1], told[3]]},
    }
    yield {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 0}}}


def _sentence(result: Result, labels: Labels) -> str:
    """The totals of the summary."""
    summary = result.tables["summary"]
    found = {kind: summary[summary["quantity"] == kind] for kind in ("residual", "own_removal")}
    row = found["residual"].iloc[0]
    removed = found["own_removal"]
    values = [float(row["value"]), float(removed["value"].iloc[0]) if len(removed) else 0.0]
    scale = scale_for(values, row["unit"])
    text = labels.text("In {year} {left} are left; own removals are {removed}.")
    return text.format(
        year=row["year"], left=scale.formatted(values[0]), removed=scale.formatted(values[1])
    )
