"""What the bounds are worth that hold the pathway back."""

import json

import pandas as pd

from kilnpath.charts.amounts import Scale, scale_for
from kilnpath.charts.chart import (
    Chart,
    Spec,
    among,
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
)
from kilnpath.charts.palette import KINDS
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_MOST = 12
_ROOM = 1.1  # of the longest bar: the axis, so that its number has a place
_BREAK = " · "  # between what is limited and where; the axis has them on two lines
_COLUMNS = ["id", "item", "kind", "years", "value", "unit"]


def worth_chart(result: Result, labels: Labels) -> Chart | None:
    """The bounds of the most worth; none where no bound holds the pathway back."""
    worth = result.tables["worth"].head(_MOST)
    if worth.empty:
        return None
    table = _table(worth, labels)
    scale = scale_for(table["value"], table["unit"].iloc[0])
    text = _sentence(table, len(result.tables["worth"]), labels)
    body = {
        "width": "container",
        "height": 40 * len(table),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": rows(table.drop(columns="unit")),
        "transform": [
            scaled("value", scale),
            told_as(scale),
            {"calculate": "format(datum.shown, ',.3r')", "as": "label"},
        ],
        "layer": _layers(table, worth, scale, labels),
    }
    title = labels.text("What a wider bound would save")
    note = labels.text("CCUS saved over all years by a 1 % wider limit, to first order")
    return Chart("worth", title, text, chart_spec(text, body, note), table)


def _table(worth: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    items = [
        (labels.name_of_line(row["id"]) or labels.bound(row["lever"], row["which"], row["sense"]))
        + _BREAK
        + labels.place(row["place"])
        for row in records(worth)
    ]
    kinds = worth["kind"].map(lambda kind: labels.of("kind", kind))
    table = worth.assign(item=items, kind=kinds)[_COLUMNS]
    twice = table["item"].duplicated(keep=False)
    return table.assign(item=table["item"].where(~twice, table["item"] + " (" + table["id"] + ")"))


def _layers(table: pd.DataFrame, worth: pd.DataFrame, scale: Scale, labels: Labels) -> list[Spec]:
    lines = f"split(datum.label, {json.dumps(_BREAK)})"
    axis = {"title": None, "labelLimit": 400, "domain": True, "labelExpr": lines}
    y = {"field": "item", "type": "nominal", "sort": list(table["item"]), "axis": axis}
    title = {"title": scale.unit, "titleAnchor": "start", "grid": True, "tickCount": 5}
    most = float(table["value"].max()) / scale.divisor * _ROOM
    x = {
        "field": "shown",
        "type": "quantitative",
        "axis": title,
        "scale": {"domain": [0, most], "nice": False},
    }
    told = tooltip(
        ("id", labels.text("Bound")),
        ("item", labels.text("Limits")),
        ("kind", labels.text("Kind")),
        ("years", labels.text("Years")),
        ("told", labels.text("CCUS saved")),
    )
    kinds = among(labels, "kind", KINDS, worth["kind"])
    return [
        {
            "params": toggle("kind"),
            "mark": {"type": "bar", "height": {"band": 0.72}},
            "encoding": {
                "x": x,
                "y": y,
                "color": colours("kind", kinds, wrapped_legend(list(kinds))),
                "opacity": unless_off("kind"),
                "tooltip": told,
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 4},
            "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
        },
    ]


def _sentence(table: pd.DataFrame, count: int, labels: Labels) -> str:
    unit = table["unit"].iloc[0]
    scale = scale_for(table["value"], unit)
    parts = [f"{row['item']} {scale.bare(row['value'])}" for row in records(table.head(3))]
    text = labels.text(
        "{count} bounds hold the pathway back; a 1 % wider limit saves most of CCUS in: {parts} "
        "({unit})."
    )
    return text.format(count=count, parts=labels.several(parts), unit=scale.unit)
