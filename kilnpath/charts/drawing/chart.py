"""A chart: a Vega-Lite specification, the table it is drawn from, and what it shows in words."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale
from kilnpath.charts.drawing.palette import GRID, INK, MUTED_TEXT
from kilnpath.result.labels import Labels

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONTS = "Noto Sans TC, Noto Sans CJK TC, Microsoft JhengHei, PingFang TC, sans-serif"
FADED = 0.12  # opacity of what the legend has switched off
_LINE = 15  # px from a label to the next
Spec = dict[str, Any]
FULL_WIDTH: Spec = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}


@dataclass(frozen=True)
class Chart:
    """text: what it shows, in one sentence with its numbers; table: every number that is drawn.

    The specification holds the rows of the table as its data; a single view fills the width of its
    container, several views side by side are 900 px wide. folded: shown on a page when asked for.
    """

    id: str
    title: str
    text: str
    spec: Spec
    table: pd.DataFrame
    folded: bool = False


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each by column."""
    return cast("list[dict[str, Any]]", table.to_dict("records"))


def rows(table: pd.DataFrame) -> Spec:
    """A table as inline data; empty cells are left out of their row."""
    found = records(table.astype(object).where(table.notna(), None))
    return {"values": [{k: v for k, v in row.items() if v is not None} for row in found]}


def chart_spec(text: str, body: Spec, note: str = "") -> Spec:
    """A whole specification. text: what it shows, for screen readers; note: how to read it."""
    title = {"title": {"text": note, **_NOTE}} if note else {}
    return {"$schema": SCHEMA, "description": text, **title, **body, "config": _CONFIG}


_NOTE: Spec = {"fontSize": 12, "fontWeight": "normal", "color": MUTED_TEXT, "offset": 14}
_CONFIG: Spec = {
    "background": "white",
    "font": FONTS,
    "view": {"stroke": None},
    "axis": {
        "domainColor": "#8A8A85",
        "gridColor": GRID,
        "labelColor": INK,
        "labelFontSize": 11,
        "tickColor": "#8A8A85",
        "titleColor": MUTED_TEXT,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "axisX": {"grid": False},
    "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
    "legend": {
        "offset": 24,
        "labelColor": INK,
        "labelFontSize": 11,
        "labelLimit": 260,
        "title": None,
    },
    "header": {"labelColor": INK, "labelFontSize": 12, "labelFontWeight": "bold", "title": None},
    "title": {"anchor": "start", "color": INK, "frame": "bounds"},
    "text": {"color": INK, "fontSize": 11},
    "mark": {"aria": False},  # the description tells the chart; thousands of marks would not
}


def scaled(field: str, scale: Scale, name: str = "shown") -> Spec:
    """A transform: a field of the table in the unit that is shown."""
    return {"calculate": f"datum.{field} / {scale.divisor:.0f}", "as": name}


def told_as(scale: Scale, field: str = "shown", name: str = "told") -> Spec:
    """A transform: a shown number with its unit, for tooltips."""
    unit = json.dumps(f" {scale.unit}" if scale.unit else "")
    return {"calculate": f"format(datum.{field}, ',.4~r') + {unit}", "as": name}


def tooltip(*fields: tuple[str, str]) -> list[Spec]:
    """Tooltips of fields (or already told texts) under their titles."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in fields]


def y_title(unit: str) -> Spec:
    """The unit over the axis, where it is read without turning the head."""
    place = {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -10}
    return {"title": unit, **place, "titleX": 0}


def marked_years(years: Sequence[int], most: int = 12) -> list[int]:
    """The years that an axis names: all of a few, else every fifth and the last."""
    if len(years) <= most:
        return list(years)
    found = [year for year in years if year % 5 == 0]
    return found or [years[0], years[-1]]


def year_axis(years: Sequence[int], most: int = 12) -> Spec:
    """The axis of years, without a thousands separator."""
    values = marked_years(years, most)
    return {"title": None, "format": "d", "values": values, "labelAngle": 0, "labelOverlap": True}


def year_bands(years: Sequence[int]) -> Spec:
    """An x encoding of a band for each year, for bars."""
    return {
        "field": "year",
        "type": "ordinal",
        "axis": {**year_axis(years), "ticks": False},
        "scale": {"domain": list(years), "padding": 0.1},
    }


def colours(field: str, known: Mapping[str, str], legend: Spec | None) -> Spec:
    """A colour encoding: shown name -> colour, in the order of the legend."""
    scale = {"domain": list(known), "range": list(known.values())}
    return {"field": field, "type": "nominal", "scale": scale, "legend": legend}


def wrapped_legend(names: Sequence[str]) -> Spec:
    """A legend above a single view: in one row, or in columns where the page is narrow."""
    widest = max(sum(13 if ord(sign) > 0x2E7F else 7 for sign in name) for name in names) + 34
    narrow = f"max(1, floor((width + 120) / {widest}))"
    return {"orient": "top", "columns": {"expr": f"width < 480 ? {narrow} : {len(names)}"}}


def toggle(field: str) -> list[Spec]:
    """A selection by clicks on the legend."""
    select = {"type": "point", "fields": [field]}
    return [{"name": f"shown_{field}", "select": select, "bind": "legend"}]


def unless_off(field: str, on: float = 1.0) -> Spec:
    """An opacity encoding: faint where the legend has switched it off."""
    return {"condition": {"param": f"shown_{field}", "value": on}, "value": FADED}


def only(field: str, value: object) -> Spec:
    """A transform: the rows in which a field has a value; no value is written into a formula."""
    return {"filter": {"field": field, "equal": value}}


def among(
    labels: Labels, kind: str, known: Mapping[str, str], ids: Iterable[str]
) -> dict[str, str]:
    """Shown name -> colour of the ids that occur, in the order of the palette."""
    found = set(ids)
    return {labels.of(kind, key): colour for key, colour in known.items() if key in found}


def haloed(transform: list[Spec], mark: Spec, encoding: Spec) -> list[Spec]:
    """A text that stays legible on any colour: first its white outline, then itself."""
    outline = {"type": "text", **mark, "stroke": "white", "strokeWidth": 3, "strokeJoin": "round"}
    return [
        {"transform": transform, "mark": {**outline, "color": "white"}, "encoding": encoding},
        {"transform": transform, "mark": {"type": "text", **mark}, "encoding": encoding},
    ]


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A name and a number of the table, to stand at the right end of a line."""

    name: str
    value: float
    colour: str
    bold: bool


def end_labels(entries: Iterable[EndLabel], scale: Scale, height: int) -> list[Spec]:
    """Labels right of the last year, moved apart where they would lie on each other."""
    ordered = sorted(entries, key=lambda entry: -entry.value)
    top = max((entry.value for entry in ordered), default=0.0) or 1.0
    wanted = [height * (1 - entry.value / top) for entry in ordered]
    views: list[Spec] = []
    for entry, at, line in zip(ordered, wanted, _apart(wanted, height), strict=True):
        text = f"{entry.name} {scale.bare(entry.value)}"
        mark: Spec = {"type": "text", "align": "left", "dx": 12, "dy": round(line - at)}
        mark |= {"color": entry.colour, "fontWeight": "bold" if entry.bold else "normal"}
        y = {"datum": entry.value / scale.divisor}
        views.append(
            {
                "data": {"values": [{}]},
                "mark": mark,
                "encoding": {"x": {"value": "width"}, "y": y, "text": {"value": text}},
            }
        )
    return views


def _apart(wanted: Sequence[float], height: float) -> list[float]:
    """Places from the top down, each a line below the one before, moved as little as needed."""
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + _LINE) if places else place)
    limit = height - 8.0  # above the years of the axis
    for n in reversed(range(len(places))):
        places[n] = min(places[n], limit)
        limit = places[n] - _LINE
    return places
