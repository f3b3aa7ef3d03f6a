"""Emissions per cementitious product against the targets, by boundary and scope."""

import pandas as pd

from kilnpath.charts.drawing.amounts import digits
from kilnpath.charts.drawing.chart import (
    Chart,
    Spec,
    chart_spec,
    colours,
    only,
    records,
    rows,
    tooltip,
    unless_off,
    year_axis,
)
from kilnpath.charts.drawing.palette import SCENARIOS
from kilnpath.charts.drawing.panels import panel, panel_width, quiet_axis, row_of, stacked
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_SCENARIOS = ("reported", "pathway", "plan")
_DASHES = {"reported": [1, 0], "pathway": [1, 0], "plan": [4, 2], "target": [2, 2]}
_FEW = 3  # points of fewer years than this are marked
_COLUMNS = ["place", "scope", "item", "target", "year", "value", "unit"]


def intensities_chart(result: Result, labels: Labels) -> Chart:
    """One panel for each boundary of a target (and the group) and each scope."""
    table = _table(result, labels)
    title = labels.text("Emission intensities and targets")
    text = _sentence(result, labels)
    layers = _layers(table, labels)
    places = table.groupby("place", sort=False)
    found = [
        row_of(
            str(place) if len(places) > 1 else "",
            [_panel(str(place), scope, layers) for scope in dict.fromkeys(own["scope"])],
            columns=3,
        )
        for place, own in places
    ]
    told = {"calculate": "format(datum.value, ',.4~r') + ' ' + datum.unit", "as": "told"}
    body = {"data": rows(table), "transform": [told], **stacked(found, "item")}
    unit = table["unit"].iloc[0]
    note = labels.text("{unit} of cementitious product").format(unit=unit)
    return Chart("intensities", title, text, chart_spec(text, body, note), table)


def _panel(place: str, scope: str, layers: list[Spec]) -> Spec:
    own = [only("place", place), only("scope", scope)]
    return panel(scope, layers, panel_width(3), 170, transform=own)


def _table(result: Result, labels: Labels) -> pd.DataFrame:
    """The scenarios, and the limits of targets that are intensities."""
    found = result.tables["intensities"]
    found = found[found["scenario"].isin(_SCENARIOS)]
    names = {key: labels.of("scenario", key) for key in _SCENARIOS}
    found = found.assign(item=found["scenario"].map(names), target=None)
    targets = result.tables["targets"]
    targets = targets[targets["metric"] == "intensity"]
    limits = targets.assign(
        item=labels.text("Target"), value=targets["limit"], unit=found["unit"].iloc[0]
    )
    table = pd.concat([found, limits]) if len(limits) else found
    return table.assign(
        place=table["place"].map(labels.place),
        scope=table["scope"].map(lambda scope: labels.of("scope", scope)),
    )[_COLUMNS]


def _layers(table: pd.DataFrame, labels: Labels) -> list[Spec]:
    known = {labels.of("scenario", key): SCENARIOS[key] for key in _SCENARIOS}
    known |= {labels.text("Target"): SCENARIOS["target"]}
    dashes = dict(zip(known, _DASHES.values(), strict=True))
    known = {item: colour for item, colour in known.items() if item in set(table["item"])}
    years = sorted(set(table["year"]))
    x = {
        "field": "year",
        "type": "quantitative",
        "axis": {**year_axis(years, most=4), "tickCount": 4},
        "scale": {"domain": [years[0], years[-1]], "nice": False},
    }
    legend = {"orient": "top", "symbolType": "stroke", "symbolStrokeWidth": 2, "symbolSize": 250}
    strokes = {"domain": list(known), "range": [dashes[item] for item in known]}
    encoding = {
        "x": x,
        "y": {"field": "value", "type": "quantitative", "axis": quiet_axis(5)},
        "color": colours("item", known, legend),
        "opacity": unless_off("item"),
    }
    told = tooltip(
        ("item", labels.text("Scenario")),
        ("target", labels.text("Target")),
        ("year", labels.text("Year")),
        ("told", labels.text("Intensity")),
    )
    dash = {"field": "item", "type": "nominal", "scale": strokes, "legend": legend}
    line = {**encoding, "strokeDash": dash, "detail": {"field": "target"}}
    return [
        {"mark": {"type": "line", "strokeWidth": 2}, "encoding": line},
        {
            "mark": {"type": "point", "filled": True, "size": 30, "opacity": 1},
            "encoding": {**encoding, "opacity": _seen(table, labels), "tooltip": told},
        },
    ]


def _seen(table: pd.DataFrame, labels: Labels) -> Spec:
    """Points are seen where a line would hardly be: reported years, and where there are few."""
    years = table.groupby(table["target"].fillna(table["item"]))["year"].nunique()
    few = [labels.of("scenario", "reported"), *years[years < _FEW].index]
    of_scenario, of_target = ({"field": field, "oneOf": few} for field in ("item", "target"))
    seen = {"and": [{"or": [of_scenario, of_target]}, {"param": "shown_item"}]}
    return {"condition": {"test": seen, "value": 1}, "value": 0}


def _sentence(result: Result, labels: Labels) -> str:
    """The final year of the group, and what comes of the targets."""
    found, targets = result.tables["intensities"], result.tables["targets"]
    final = found[(found["scenario"] == "pathway") & (found["place"] == "group")]
    final = final[final["year"] == final["year"].max()]
    parts = [f"{labels.of('scope', row['scope'])} {digits(row['value'])}" for row in records(final)]
    text = labels.text(
        "In {year} the group emits per cementitious product: {parts} ({unit})"
    ).format(year=final["year"].iloc[0], parts=labels.several(parts), unit=final["unit"].iloc[0])
    if targets.empty:
        return text + labels.text("; there are no targets.")
    kept = labels.text("; every target is kept in every year.")
    return text + (kept if targets["holds"].all() else labels.text("; not every target is kept."))
