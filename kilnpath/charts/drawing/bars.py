"""Horizontal bars of bounds and targets, coloured by kind, each with its words at its end."""

import json
from collections.abc import Iterable, Mapping, Sequence, Sized

import pandas as pd

from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Spec,
    colours,
    rows,
    toggle,
    unless_off,
    wrapped_legend,
)
from kilnpath.result.labels import Labels

_BREAK = " · "  # between what is limited and where; the axis has them on two lines
_LINE = 40  # px for a bar
_HALF = 6  # px that two lines of words begin above the middle of a bar


def limit_item(labels: Labels, key: str, what: str, place: str) -> str:
    """How a bound or target is called beside its bar: by its name, else by what it limits."""
    return (labels.name_of_line(key) or what) + _BREAK + labels.place(place)


def told_apart(items: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Items, each with its id behind it where two are called alike."""
    return [
        f"{item} ({key})" if items.count(item) > 1 else item
        for item, key in zip(items, ids, strict=True)
    ]


def bar_height(items: Sized) -> int:
    """Height of a chart with a bar for each item. [px]"""
    return _LINE * len(items)


def bar_body(table: pd.DataFrame, transform: list[Spec], layer: list[Spec]) -> Spec:
    """A chart with a bar for each row of a table, as wide as its page."""
    body = {"height": bar_height(table), "data": rows(table), "transform": transform}
    return {**FULL_WIDTH, **body, "layer": layer}


def item_axis(items: Sequence[str]) -> Spec:
    """The y encoding of items in their order, each on two lines."""
    lines = f"split(datum.label, {json.dumps(_BREAK)})"
    axis = {"title": None, "labelLimit": 400, "domain": True, "labelExpr": lines}
    axis["labelOffset"] = -_HALF
    return {"field": "item", "type": "nominal", "sort": list(items), "axis": axis}


def bars_by_kind(
    items: Sequence[str],
    kinds: Mapping[str, str],
    title: str,
    most: float,
    told: Iterable[Spec],
) -> list[Spec]:
    """Layers of bars and their labels.

    kinds: shown name -> colour; title: of the axis; most: its end, in the unit shown; told:
    tooltips. The data have the fields item, kind, shown (how long a bar is) and label (what stands
    at its end).
    """
    y = item_axis(items)
    axis = {"title": title, "titleAnchor": "start", "grid": True, "tickCount": 5}
    scale = {"domain": [0, most], "nice": False}
    x = {"field": "shown", "type": "quantitative", "axis": axis, "scale": scale}
    return [
        {
            "params": toggle("kind"),
            "mark": {"type": "bar", "height": {"band": 0.72}},
            "encoding": {
                "x": x,
                "y": y,
                "color": colours("kind", kinds, wrapped_legend(list(kinds))),
                "opacity": unless_off("kind"),
                "tooltip": list(told),
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 4},
            "encoding": {"x": x, "y": y, "text": {"field": "label", "type": "nominal"}},
        },
    ]
