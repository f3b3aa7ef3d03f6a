"""The least CCUS as one limit moves."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, digits, scale_for
from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Chart,
    Spec,
    chart_spec,
    haloed,
    only,
    records,
    rows,
    scaled,
    told_as,
    tooltip,
    y_title,
)
from kilnpath.charts.drawing.palette import GRID, INK, LEVERS, MUTED_TEXT
from kilnpath.charts.questions.limits import item_of
from kilnpath.result.labels import Labels
from kilnpath.studies.bounds.limit_points import shown_in
from model.case.types import Case
from model.changes.quantity import Way
from optimizer.sensitivity.curve import Curve

_HEIGHT = 320
_FEW = 40  # points that are drawn large
_UNIT = "t CO2"
_EDGE = 0.25  # of the width: nearer than this to an end there is no room for words
_DIAMOND: Spec = {"type": "point", "shape": "diamond", "filled": True, "color": INK}
_DIAMOND |= {"size": 110, "opacity": 1}


def curve_charts(case: Case, found: Curve, curve: pd.DataFrame, labels: Labels) -> Iterator[Chart]:
    """The curve with its points, the case's own limit, and where there is no pathway.

    found: the curve; curve: the table of that command. None where there is no pathway at all.
    """
    if not found.possible:
        return
    name = found.parameter.name
    item = item_of(case.line(name), labels)
    if len(found.parameter.years) == 1:
        item = f"{item}, {found.parameter.years[0]}"
    table = _table(found, curve)
    scale = scale_for(table["value"], _UNIT)
    unit = str(curve["unit"].iloc[0])
    ends = _ends(case, found)
    text = _sentence(item, table, ends, unit, scale, labels)
    axis = _axis(found, curve, unit, labels)
    body = {
        **FULL_WIDTH,
        "height": _HEIGHT,
        "data": rows(table.drop(columns="unit")),
        "transform": [scaled("value", scale), told_as(scale)],
        "layer": _layers(table, ends, axis, scale, labels),
    }
    title = labels.text("Least CCUS by limit: {item}").format(item=item)
    yield Chart("curve", title, text, chart_spec(text, body, _note(found, labels)), table)


def _axis(found: Curve, curve: pd.DataFrame, unit: str, labels: Labels) -> Spec:
    """The axis of limits; of shifts and factors each label says the limit too, in parentheses."""
    axis: Spec = {"title": unit, "titleAnchor": "start", "grid": False}
    way = found.parameter.way
    if way is Way.IS:
        return axis
    words = labels.text("shift in every year, {unit}")
    if way is Way.TIMES:
        words = labels.text("factor in every year")
    beside = labels.text("{axis} (limit in {year}, {limit_unit})")
    first, last = curve.iloc[0], curve.iloc[-1]
    each = (last["limit"] - first["limit"]) / ((last["value"] - first["value"]) or 1.0)
    limit = f"datum.value * {each:.12g} + {first['limit'] - each * first['value']:.12g}"
    axis["labelExpr"] = f"datum.label + ' (' + format({limit}, '.4~g') + ')'"
    axis["title"] = beside.format(
        axis=words.format(unit=unit), year=found.parameter.years[-1], limit_unit=first["limit_unit"]
    )
    return axis


def _note(found: Curve, labels: Labels) -> str:
    if found.exact:
        return labels.text(
            "Dots: both ends and every limit at which the slope changes. Diamond: the limit now."
        )
    return labels.text(
        "Dots: where it was solved; straight lines between are within {error}. Diamond: the limit "
        "now."
    ).format(error=scale_for([found.error], _UNIT).formatted(found.error))


def _table(found: Curve, curve: pd.DataFrame) -> pd.DataFrame:
    """Points of the curve, and the limit now, which may lie beyond them or have no pathway.

    limit: as the axis has it; at: of the last year that moves.
    """
    known = curve["slope"].notna()
    inside = known | known.shift(fill_value=False) | (len(found.points) == 1)
    part = np.where(inside, "curve", "beyond")
    return pd.DataFrame(
        {
            "part": part,
            "limit": curve["value"],
            "at": curve["limit"],
            "now": curve["now"],
            "value": curve["ccus"],
            "unit": _UNIT,
        }
    )


def _ends(case: Case, found: Curve) -> tuple[float, float, float, float]:
    """The range looked at, and inside it the range with a pathway, in the unit of the table."""
    factor = shown_in(case.line(found.parameter.name), found.parameter.way)[1]
    (low, high), (first, last) = found.looked, found.ends
    return low / factor, first / factor, last / factor, high / factor


def _layers(
    table: pd.DataFrame,
    ends: tuple[float, float, float, float],
    axis: Spec,
    scale: Scale,
    labels: Labels,
) -> list[Spec]:
    limits = [*table["limit"], ends[0], ends[-1]]
    span = (min(limits), max(limits))
    domain = {"domain": list(span), "nice": False, "zero": False, "padding": 6}
    x: Spec = {"field": "limit", "type": "quantitative", "scale": domain}
    x["axis"] = axis
    y: Spec = {"field": "shown", "type": "quantitative", "scale": {"zero": True}}
    y["axis"] = y_title(scale.unit)
    told = tooltip(("limit", labels.text("Limit")), ("told", labels.text("Least CCUS")))
    colour = LEVERS["capture"]
    size = 45 if len(table) <= _FEW else 16
    return [
        *_impossible(ends, labels),
        {
            "transform": [only("now", True)],
            "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]},
            "encoding": {"x": x},
        },
        {
            "transform": [only("part", "curve")],
            "mark": {"type": "line", "color": colour, "strokeWidth": 2.2},
            "encoding": {"x": x, "y": y},
        },
        {
            "transform": [only("now", False)],
            "mark": {"type": "point", "filled": True, "color": colour, "size": size, "opacity": 1},
            "encoding": {"x": x, "y": y, "tooltip": told},
        },
        {
            "transform": [only("now", True), {"filter": "isValid(datum.value)"}],
            "mark": _DIAMOND,
            "encoding": {"x": x, "y": y, "tooltip": told},
        },
        *_now(table, span, x, y, scale, labels),
    ]


def _impossible(ends: tuple[float, float, float, float], labels: Labels) -> Iterator[Spec]:
    """Shaded, where it was looked and there is no pathway."""
    words = labels.text("no pathway")
    for low, high in (ends[:2], ends[2:]):
        if low == high:
            continue
        place = {"x": {"datum": low, "type": "quantitative"}, "x2": {"datum": high}}
        yield {
            "data": {"values": [{}]},
            "mark": {"type": "rect", "color": GRID},
            "encoding": place,
        }
        middle = {"datum": (low + high) / 2, "type": "quantitative"}
        yield {
            "data": {"values": [{}]},
            "mark": {"type": "text", "color": MUTED_TEXT, "angle": 270},
            "encoding": {"x": middle, "y": {"value": _HEIGHT / 2}, "text": {"value": words}},
        }


def _now(
    table: pd.DataFrame, span: tuple[float, float], x: Spec, y: Spec, scale: Scale, labels: Labels
) -> list[Spec]:
    """The words at the limit now: above the curve, or below it where there is no room above."""
    if not table["now"].any():
        return []
    (now,) = records(table[table["now"]])
    known = table[table["value"].notna()]["value"]
    rises = known.empty or known.iloc[-1] > known.iloc[0]
    at = (now["limit"] - span[0]) / (span[1] - span[0])
    left = at > _EDGE if rises else at > 1 - _EDGE
    above = left == rises
    place = {"align": "right" if left else "left", "dx": -9 if left else 9}
    place |= {"baseline": "bottom" if above else "top"}
    words = labels.text("now: no pathway")
    if pd.notna(now["value"]):
        words = labels.text("now: {amount}").format(amount=scale.formatted(now["value"]))
    where: Spec = {"x": x, "text": {"value": words}, "y": {"value": 14}}
    if pd.notna(now["value"]):
        where["y"] = y
        place["dy"] = -6 if above else 8
    return haloed([only("now", True)], place, where)


def _sentence(
    item: str,
    table: pd.DataFrame,
    ends: tuple[float, float, float, float],
    unit: str,
    scale: Scale,
    labels: Labels,
) -> str:
    text = labels.text("Least CCUS by {item}: {parts}").format(
        item=item,
        parts=labels.several(_told(row, unit, scale, labels) for row in _told_rows(table)),
    )
    if ends[0] < ends[1]:
        text += labels.text("; no pathway below {value} {unit}").format(
            value=digits(ends[1]), unit=unit
        )
    if ends[2] < ends[3]:
        text += labels.text("; no pathway above {value} {unit}").format(
            value=digits(ends[2]), unit=unit
        )
    return text + labels.text(".")


def _told_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """First and last point, and the limit now."""
    chosen = sorted({0, *map(int, np.flatnonzero(table["now"])), len(table) - 1})
    return records(table.iloc[chosen])


def _told(row: dict[str, Any], unit: str, scale: Scale, labels: Labels) -> str:
    amount = scale.formatted(row["value"]) if pd.notna(row["value"]) else labels.text("no pathway")
    words = labels.text("{amount} at {value} {unit}")
    if row["now"]:
        words = labels.text("{amount} at {value} {unit} as it is now")
    return words.format(amount=amount, value=digits(row["limit"]), unit=unit)
