"""Candidate targets: what each allows, and the least CCUS that it needs."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, digits, scale_for
from kilnpath.charts.drawing.bars import bar_height, item_axis, told_apart
from kilnpath.charts.drawing.chart import Chart, Spec, chart_spec, records, rows, scaled, tooltip
from kilnpath.charts.drawing.palette import BRICK, INK, LEVERS
from kilnpath.charts.drawing.panels import WIDTH, panel, row_of, stacked
from kilnpath.language.languages import mark
from kilnpath.result.labels import Labels

_NAMES = 230  # px for the names of candidates
_PANEL = (WIDTH - _NAMES - 40) // 2  # px
_NOTHING = 1e-7  # of the largest amount: no more than this is rounding of a solve
_ROOM = 1.5  # of the largest amount: the axis, so that its number has a place
_METHODS: Mapping[str, str] = {
    "sda": mark("SDA {rest}"),
    "contraction": mark("Absolute contraction {rest}"),
    "frozen": mark("{rest} below the frozen baseline"),
    "below": mark("{rest} below the base year"),
}


def target_charts(candidates: pd.DataFrame, labels: Labels) -> Iterator[Chart]:
    """A row for each candidate: left what it allows in its year, right the least CCUS.

    candidates: the table of ``targets``; none where there is no candidate.
    """
    if candidates.empty:
        return
    limits = scale_for(candidates["absolute"], "t CO2e")
    needs = scale_for(candidates["least_ccus"], "t CO2")
    table = _table(candidates, limits, needs, labels)
    text = _sentence(table, labels)
    panels = [
        _limits(table, limits, labels),
        _needs(table, needs, labels),
    ]
    body = stacked([row_of("", panels, 2, left=24)])
    title = labels.text("Candidate targets, and the least CCUS that each needs")
    note = labels.text(
        "Each tried alone inside all bounds. Left: the limit in the target year, as tonnes at the "
        "output of the frozen baseline. Line: where it holds in every year, straight from the base "
        "year or by SDA."
    )
    yield Chart("targets", title, text, chart_spec(text, body, note), table)


def _table(candidates: pd.DataFrame, limits: Scale, needs: Scale, labels: Labels) -> pd.DataFrame:
    items = [
        labels.text("{method}, {years}").format(
            method=_method(row["method"], labels), years=f"{row['base_year']}–{row['target_year']}"
        )
        + " · "
        + labels.text("{place}, {scope}").format(
            place=labels.place(row["boundary"]), scope=labels.of("scope", str(row["scope"]))
        )
        for row in records(candidates)
    ]
    return pd.DataFrame(
        {
            "id": list(candidates["candidate"]),
            "item": told_apart(items, list(candidates["candidate"])),
            "limit": list(candidates["absolute"]),
            "limit_told": [_limit_told(row, limits, labels) for row in records(candidates)],
            "value": list(candidates["least_ccus"]),
            "value_told": [_need_told(row, needs, labels) for row in records(candidates)],
            "missed": list(candidates["shortfall"].where(~candidates["possible"])),
            "unit": "t",
        }
    )


def _method(method: str, labels: Labels) -> str:
    name, _, rest = method.partition(":")
    if name not in _METHODS:
        return method
    return labels.text(_METHODS[name]).format(rest=rest.replace("%", " %")).strip()


def _limit_told(row: Mapping[str, Any], scale: Scale, labels: Labels) -> str:
    """The limit, and how far its own measure is below the base year."""
    words = labels.text("{amount} ({change} %)")
    if row["unit"].endswith("/t"):
        words = labels.text("{amount} ({change} % per tonne)")
    change = -100 * row["reduction"]
    sign = "+" if change > 0 else ""
    return words.format(amount=scale.bare(row["absolute"]), change=sign + digits(change))


def _need_told(row: Mapping[str, Any], scale: Scale, labels: Labels) -> str:
    if row["possible"]:
        point, line = scale.bare(row["least_ccus"]), scale.bare(row["line_ccus"])
        if math.isnan(row["line_ccus"]):
            line = labels.text("no pathway")
        return (
            point
            if line == point
            else labels.text("{point} (line: {line})").format(point=point, line=line)
        )
    if math.isinf(row["shortfall"]):
        return labels.text("no pathway")
    amount = scale_for([row["shortfall"]], "t CO2e").formatted(row["shortfall"])
    return labels.text("no pathway, missed by {amount}").format(amount=amount)


def _limits(table: pd.DataFrame, scale: Scale, labels: Labels) -> Spec:
    y = item_axis(list(table["item"]))
    y["axis"] |= {"minExtent": _NAMES, "labelLimit": _NAMES, "grid": True}
    x = _x("limit_shown", table["limit"], scale)
    told = tooltip(("id", labels.text("Candidate")), ("limit_told", labels.text("Limit")))
    views: list[Spec] = [
        {
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90}
            | {"color": INK, "opacity": 1},
            "encoding": {"x": x, "y": y, "tooltip": told},
        },
        _words("limit_told", x, y),
    ]
    return _panel(labels.text("Limit in the target year"), views, table, scale, "limit")


def _needs(table: pd.DataFrame, scale: Scale, labels: Labels) -> Spec:
    y = item_axis(list(table["item"]))
    y["axis"] |= {"labels": False, "grid": True}
    x = _x("value_shown", table["value"], scale)
    told = tooltip(("id", labels.text("Candidate")), ("value_told", labels.text("Least CCUS")))
    views: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "bar", "height": {"band": 0.5}, "color": LEVERS["capture"]},
            "encoding": {"x": x, "y": y, "tooltip": told},
        },
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            **_words("value_told", x, y),
        },
        {
            "transform": [{"filter": "!isValid(datum.value)"}],
            "mark": {"type": "text", "align": "left", "dx": 4, "color": BRICK},
            "encoding": {
                "x": {"value": 0},
                "y": y,
                "text": {"field": "value_told", "type": "nominal"},
            },
        },
    ]
    return _panel(labels.text("Least CCUS"), views, table, scale, "value")


def _x(field: str, amounts: pd.Series, scale: Scale) -> Spec:
    least = min(float(amounts.min()) / scale.divisor, 0)  # SDA may ask for less than nothing
    most = float(amounts.max()) / scale.divisor * _ROOM
    axis = {"title": scale.unit, "titleAnchor": "start", "grid": True, "tickCount": 4}
    domain = {"domain": [least, most if most > 0 else 1], "nice": False}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": domain}


def _words(field: str, x: Spec, y: Spec) -> Spec:
    return {
        "mark": {"type": "text", "align": "left", "dx": 8},
        "encoding": {"x": x, "y": y, "text": {"field": field, "type": "nominal"}},
    }


def _panel(title: str, views: list[Spec], table: pd.DataFrame, scale: Scale, field: str) -> Spec:
    return panel(
        title,
        views,
        _PANEL,
        bar_height(table["item"]),
        data=rows(table[["id", "item", field, f"{field}_told"]]),
        transform=[scaled(field, scale, f"{field}_shown")],
    )


def _sentence(table: pd.DataFrame, labels: Labels) -> str:
    possible = table[table["value"].notna()]
    largest = float(table[["limit", "value"]].max().max())
    none = possible["value"] <= _NOTHING * largest
    text = labels.text(
        "{count} candidate targets, of which {possible} can be met inside the bounds and {none} "
        "without CCUS"
    ).format(count=len(table), possible=len(possible), none=int(none.sum()))
    most = possible[~none]
    if most.empty:
        return text + labels.text(".")
    row = records(most.sort_values("value", ascending=False, kind="stable"))[0]
    return text + labels.text("; the most CCUS is needed by {item}: {amount}.").format(
        item=row["item"], amount=scale_for([row["value"]], "t CO2").formatted(row["value"])
    )
