"""What the answer rests on: room curves, what is otherwise alone, and doubts."""

from collections.abc import Iterator, Mapping

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.bars import bar_body, bars_by_kind, told_apart
from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Chart,
    Spec,
    among,
    chart_spec,
    colours,
    records,
    rows,
    scaled,
    told_as,
    tooltip,
    wrapped_legend,
    y_title,
)
from kilnpath.charts.drawing.palette import (
    BLUE,
    BRICK,
    GOLD,
    GREEN,
    INK,
    KINDS,
    MAUVE,
    TEAL,
    VIOLET,
)
from kilnpath.charts.questions.assumptions_words import (
    GROUPS,
    assumptions_words,
    change,
    item_of_doubt,
    item_of_trial,
)
from kilnpath.language.languages import mark
from kilnpath.result.labels import Labels

_HEIGHT = 300
_MOST = 12  # bounds in doubt that are drawn
_ROOM = 1.25  # of the longest bar: the axis, so that its words have a place
_UNIT = "t CO2"
_COLOURS = {"assumed": BRICK, "calibrated": GOLD, "low": BLUE}
_PARTS = {
    "own": (mark("As it is"), INK),
    "plan": (mark("Company's plan"), MAUVE),
    "published": (mark("Bounds"), TEAL),
    "target": (mark("Target"), BRICK),
    "switch": (mark("Rule"), GOLD),
    "scenario": (mark("Scenario"), GREEN),
    "lever": (mark("Lever at the plan"), VIOLET),
}


def assumptions_charts(
    tables: Mapping[str, pd.DataFrame], year: int, labels: Labels
) -> Iterator[Chart]:
    """Room curves where the case has a plan; what is otherwise alone; bounds by their doubt.

    tables: of ``kilnpath assumptions``; year: the final one.
    """
    found, doubts = tables["assumptions"], tables["doubts"]
    rooms = found[found["part"] == "room"]
    if not rooms.empty:
        over_all = labels.text("Least CCUS over all years, by room beyond the plan")
        yield _room_chart("assumptions-room", over_all, rooms, "ccus_total", labels)
        title = labels.text("Least CCUS in {year}, by room beyond the plan").format(year=year)
        yield _room_chart("assumptions-room-final", title, rooms, "ccus_final", labels)
    text = assumptions_words(tables, year, labels)
    yield _alone_chart(found[found["part"] != "room"], text, labels)
    if not doubts.empty:
        yield _doubts_chart(doubts.head(_MOST), labels)


def _room_chart(key: str, title: str, rooms: pd.DataFrame, column: str, labels: Labels) -> Chart:
    groups = {g: labels.text(GROUPS[g]) for g in _COLOURS if (rooms["id"] == g).any()}
    table = pd.DataFrame(
        {
            "group": [groups[key] for key in rooms["id"]],
            "room": list(100 * rooms["room"]),
            "value": list(rooms[column]),
            "unit": _UNIT,
        }
    )
    scale = scale_for(table["value"], _UNIT)
    told = tooltip(
        ("group", labels.text("Bounds")),
        ("room", labels.text("Room, %")),
        ("told", labels.text("Least CCUS")),
    )
    axis: Spec = {"title": labels.text("room beyond the plan, %"), "titleAnchor": "middle"}
    axis |= {"values": sorted(set(table["room"]))}
    x = {"field": "room", "type": "quantitative", "axis": axis, "scale": {"reverse": True}}
    y = {"field": "shown", "type": "quantitative", "axis": y_title(scale.unit)}
    shown = {groups[g]: _COLOURS[g] for g in groups}
    point = {"filled": True, "size": 50}
    mark_: Spec = {"type": "line", "strokeWidth": 2.2, "point": point}
    body = {
        **FULL_WIDTH,
        "height": _HEIGHT,
        "data": rows(table.drop(columns="unit")),
        "transform": [{"filter": "isValid(datum.value)"}, scaled("value", scale), told_as(scale)],
        "mark": mark_,
        "encoding": {
            "x": x,
            "y": {**y, "scale": {"zero": False}},
            "color": colours("group", shown, wrapped_legend(list(shown))),
            "tooltip": told,
        },
    }
    note = labels.text(
        "100 %: the bounds' own values; 0 %: the levels of the company's plan. Without a point: no "
        "pathway."
    )
    text = _room_sentence(title, table, scale, labels)
    return Chart(key, title, text, chart_spec(text, body, note), table)


def _room_sentence(title: str, table: pd.DataFrame, scale: Scale, labels: Labels) -> str:
    parts = []
    for group, own in table.groupby("group", sort=False):
        told = [
            scale.bare(value) if value == value else labels.text("no pathway")
            for value in own["value"]
        ]
        parts.append(
            labels.text("{bounds} ({values})").format(bounds=group, values=" – ".join(told))
        )
    rooms = " – ".join(f"{room:g}" for room in dict.fromkeys(table["room"]))
    words = labels.text("{title}, at {rooms} %: {parts} ({unit}).")
    return words.format(title=title, rooms=rooms, parts=labels.several(parts), unit=scale.unit)


def _alone_chart(alone: pd.DataFrame, text: str, labels: Labels) -> Chart:
    scale = scale_for(alone["ccus_total"], _UNIT)
    items = [item_of_trial(row, labels) for row in records(alone)]
    table = pd.DataFrame(
        {
            "id": list(alone["id"]),
            "item": told_apart(items, list(alone["id"])),
            "part": [labels.text(_PARTS[part][0]) for part in alone["part"]],
            "label": [
                change(row["more_total"], labels)
                if row["part"] not in ("own", "plan") or row["ccus_total"] != row["ccus_total"]
                else scale.formatted(row["ccus_total"])
                for row in records(alone)
            ],
            "value": list(alone["ccus_total"].fillna(0.0)),
            "unit": _UNIT,
        }
    )
    parts = {labels.text(n): c for k, (n, c) in _PARTS.items() if (alone["part"] == k).any()}
    title = labels.text("Least CCUS over all years where one thing is otherwise")
    note = labels.text("Words at the bars: more or less than as it is")
    body = _bars(table.rename(columns={"part": "kind"}), parts, scale, labels)
    return Chart("assumptions-alone", title, text, chart_spec(text, body, note), table)


def _doubts_chart(doubts: pd.DataFrame, labels: Labels) -> Chart:
    scale = scale_for(doubts["worth"], _UNIT)
    items = [item_of_doubt(row, labels) for row in records(doubts)]
    words = labels.text("{worth} for ±{doubt} %")
    table = pd.DataFrame(
        {
            "id": list(doubts["id"]),
            "item": told_apart(items, list(doubts["id"])),
            "kind": [labels.of("kind", kind) for kind in doubts["kind"]],
            "doubt": list(doubts["doubt"]),
            "label": [
                words.format(worth=scale.bare(row["worth"]), doubt=f"{100 * row['doubt']:g}")
                for row in records(doubts)
            ],
            "value": list(doubts["worth"]),
            "unit": _UNIT,
        }
    )
    told = [f"{row['item']} ({row['label']})" for row in records(table.head(3))]
    text = labels.text("Doubt is worth most of CCUS in: {parts} ({unit}).").format(
        parts=labels.several(told), unit=scale.unit
    )
    kinds = among(labels, "kind", KINDS, doubts["kind"])
    title = labels.text("What the doubt of each bound is worth")
    note = labels.text(
        "Change of the least CCUS over all years by its plausible error, first order"
    )
    body = _bars(table, kinds, scale, labels)
    return Chart("assumptions-doubts", title, text, chart_spec(text, body, note), table)


def _bars(table: pd.DataFrame, kinds: Mapping[str, str], scale: Scale, labels: Labels) -> Spec:
    told = tooltip(
        ("item", labels.text("What")),
        ("kind", labels.text("Kind")),
        ("told", labels.text("CCUS")),
    )
    most = max(float(table["value"].max()), 1e-9) / scale.divisor * _ROOM
    layers = bars_by_kind(list(table["item"]), kinds, scale.unit, most, told)
    data = table.drop(columns="unit")
    return bar_body(data, [scaled("value", scale), told_as(scale)], layers)
