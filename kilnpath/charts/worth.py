"""What the bounds are worth that hold the pathway back."""

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.bars import bar_body, bars_by_kind, limit_item, told_apart
from kilnpath.charts.drawing.chart import (
    Chart,
    Spec,
    among,
    chart_spec,
    records,
    scaled,
    told_as,
    tooltip,
)
from kilnpath.charts.drawing.palette import KINDS
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_MOST = 12
_ROOM = 1.1  # of the longest bar: the axis, so that its number has a place
_COLUMNS = ["id", "item", "kind", "years", "value", "unit"]


def worth_chart(result: Result, labels: Labels) -> Chart | None:
    """The bounds of the most worth; none where no bound holds the pathway back."""
    worth = result.tables["worth"].head(_MOST)
    if worth.empty:
        return None
    table = _table(worth, labels)
    scale = scale_for(table["value"], table["unit"].iloc[0])
    text = _sentence(table, len(result.tables["worth"]), labels)
    body = bar_body(
        table.drop(columns="unit"),
        [
            scaled("value", scale),
            told_as(scale),
            {"calculate": "format(datum.shown, ',.3r')", "as": "label"},
        ],
        _layers(table, worth, scale, labels),
    )
    title = labels.text("What a wider bound would save")
    note = labels.text("CCUS saved over all years by a 1 % wider limit, to first order")
    return Chart("worth", title, text, chart_spec(text, body, note), table)


def _table(worth: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    items = [
        limit_item(
            labels,
            row["id"],
            labels.bound(row["lever"], row["which"], row["sense"]),
            row["place"],
        )
        for row in records(worth)
    ]
    kinds = worth["kind"].map(lambda kind: labels.of("kind", kind))
    return worth.assign(item=told_apart(items, list(worth["id"])), kind=kinds)[_COLUMNS]


def _layers(table: pd.DataFrame, worth: pd.DataFrame, scale: Scale, labels: Labels) -> list[Spec]:
    told = tooltip(
        ("id", labels.text("Bound")),
        ("item", labels.text("Limits")),
        ("kind", labels.text("Kind")),
        ("years", labels.text("Years")),
        ("told", labels.text("CCUS saved")),
    )
    most = float(table["value"].max()) / scale.divisor * _ROOM
    kinds = among(labels, "kind", KINDS, worth["kind"])
    return bars_by_kind(list(table["item"]), kinds, scale.unit, most, told)


def _sentence(table: pd.DataFrame, count: int, labels: Labels) -> str:
    unit = table["unit"].iloc[0]
    scale = scale_for(table["value"], unit)
    parts = [f"{row['item']} {scale.bare(row['value'])}" for row in records(table.head(3))]
    text = labels.text(
        "{count} bounds hold the pathway back; a 1 % wider limit saves most of CCUS in: {parts} "
        "({unit})."
    )
    return text.format(count=count, parts=labels.several(parts), unit=scale.unit)
