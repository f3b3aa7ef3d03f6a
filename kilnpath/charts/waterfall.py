"""From base year to final year: what the change of emissions is due to."""

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Chart,
    Spec,
    chart_spec,
    colours,
    records,
    rows,
    scaled,
    told_as,
    tooltip,
)
from kilnpath.charts.drawing.palette import FACTORS, INK
from kilnpath.charts.drawing.panels import panel, row_of, stacked
from kilnpath.result.labels import Labels

_ENDS = ("start", "end")
_LINE = 22  # px for each item
_WIDTH, _NAMES = 290, 190  # px of a region: its bars, and left of the next its names
_COLUMNS = ["place", "step", "item", "part", "year", "value", "unit"]


def waterfall_charts(waterfall: pd.DataFrame, labels: Labels, whole: str = "group") -> list[Chart]:
    """The whole, and its parts where there are several; none where there is no plan.

    whole: the group, whose parts are its regions, or a region, whose parts are its sites.
    """
    found = waterfall[waterfall["method"] == "lmdi"]
    if found.empty:
        return []
    own = found[found["place"] == whole]
    title = labels.text("Why emissions change")
    if whole != "group":
        words = labels.text("Why emissions change: {place}")
        title = words.format(place=labels.place(whole))
    charts = [_whole(own, title, labels)]
    parts = found[found["place"] != whole]
    if parts["place"].nunique() > 1:
        charts.append(_parts(parts, title, whole == "group", labels))
    return charts


def _whole(own: pd.DataFrame, title: str, labels: Labels) -> Chart:
    table = _table(own, labels)
    text = _sentence(own, labels)
    scale = scale_for(table["value"], table["unit"].iloc[0])
    body = {
        **FULL_WIDTH,
        "height": _LINE * len(table),
        "data": rows(_drawn(table)),
        "transform": _transforms(scale, table["value"].abs().max()),
        "layer": _layers(table, scale, labels, wide=True),
    }
    return Chart("waterfall", title, text, chart_spec(text, body, _note(labels)), table)


def _parts(found: pd.DataFrame, title: str, regions: bool, labels: Labels) -> Chart:
    """A panel for each region or site, all with the same items and each with a scale of its own."""
    table = _table(found, labels)
    groups = table.groupby("place", sort=False)
    panels = [_part(str(place), own, table, labels) for place, own in groups]
    ends = found[found["item"].isin(_ENDS)]
    scale = scale_for(ends["value"], ends["unit"].iloc[0])
    parts = [
        labels.text("{place} from {start} to {end}").format(
            place=labels.place(str(place)),
            start=scale.bare(own.iloc[0]),
            end=scale.bare(own.iloc[1]),
        )
        for place, own in ends.groupby("place", sort=False)["value"]
    ]
    text = labels.text("From {from_year} to {to_year}: {parts} ({unit}).").format(
        from_year=ends["year"].iloc[0],
        to_year=ends["year"].iloc[1],
        parts=labels.several(parts),
        unit=scale.unit,
    )
    body = stacked([row_of("", panels, 2, left=_NAMES)])
    words = labels.text("{title}, by region") if regions else labels.text("{title}, by site")
    title, name = words.format(title=title), "regions" if regions else "sites"
    spec = chart_spec(text, body, _note(labels))
    return Chart(f"waterfall-{name}", title, text, spec, table)


def _part(place: str, own: pd.DataFrame, table: pd.DataFrame, labels: Labels) -> Spec:
    scale = scale_for(own["value"], own["unit"].iloc[0])
    return panel(
        place,
        _layers(table, scale, labels, wide=False),
        _WIDTH,
        18 * table["item"].nunique(),
        data=rows(_drawn(own).drop(columns="place")),
        transform=_transforms(scale, own["value"].abs().max()),
    )


def _note(labels: Labels) -> str:
    return labels.text("Scope 1 and 2. Each bar is what one cause adds or takes away (LMDI).")


def _table(found: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Start, causes and end in their order; causes that are nothing everywhere are left out."""
    sizes = found.assign(size=found["value"].abs()).groupby("item")["size"].max()
    least = 1e-6 * sizes.max()
    kept = found[found["item"].isin(_ENDS) | (found["item"].map(sizes) > least)]
    items = [
        f"{row['year']}" if row["item"] in _ENDS else labels.of("factor", row["item"])
        for row in records(kept)
    ]
    found = kept.assign(
        place=kept["place"].map(labels.place),
        part=kept["item"].map(lambda item: item if item in _ENDS else "cause"),
        item=items,
    )
    return found[_COLUMNS]


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns=["year", "unit"])


def _transforms(scale: Scale, largest: float) -> list[Spec]:
    """Where each bar begins and ends: the bars before it, stacked."""
    stack = {"op": "sum", "field": "stacked", "as": "to"}
    return [
        scaled("value", scale),
        told_as(scale),
        {"calculate": "datum.part === 'end' ? 0 : datum.shown", "as": "stacked"},
        {"window": [stack], "sort": [{"field": "step", "order": "ascending"}]},
        {"calculate": "datum.part === 'cause' ? datum.to - datum.shown : 0", "as": "from"},
        {"calculate": "max(datum.from, datum.to)", "as": "right"},
        {"calculate": _label(scale, largest), "as": "label"},
    ]


def _label(scale: Scale, largest: float) -> str:
    """The formula of a bar's number: all with as many digits after the point, causes signed."""
    shown = largest / scale.divisor
    after = 0 if shown >= 1000 else 1 if shown >= 100 else 2 if shown >= 10 else 3
    told = f"format(datum.shown, datum.part === 'cause' ? '+,.{after}f' : ',.{after}f')"
    return f"abs(datum.shown) < {0.5 * 10**-after:g} ? '0' : {told}"


def _layers(table: pd.DataFrame, scale: Scale, labels: Labels, wide: bool) -> list[Spec]:
    items = list(dict.fromkeys(table.sort_values("step", kind="stable")["item"]))
    axis = {"title": None, "domain": True, "labelLimit": 200, "labelPadding": 6}
    y: Spec = {"field": "item", "type": "nominal", "sort": items, "axis": axis}
    y["scale"] = {"domain": items}
    x_axis = {"title": scale.unit, "titleAnchor": "start", "grid": True, "tickCount": 5}
    x = {"field": "from", "type": "quantitative", "axis": x_axis}
    told = tooltip(("item", labels.text("Cause")), ("told", labels.text("Change")))
    known = {labels.of("factor", item): colour for item, colour in FACTORS.items()}
    colour = colours("item", {item: known.get(item, INK) for item in items}, None)
    bar = {"type": "bar", "height": {"band": 0.72}}
    label = {"type": "text", "align": "left", "dx": 4, "fontSize": 11 if wide else 10}
    return [
        {
            "mark": bar,
            "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "color": colour, "tooltip": told},
        },
        {
            "mark": label,
            "encoding": {
                "y": y,
                "x": {"field": "right", "type": "quantitative"},
                "text": {"field": "label", "type": "nominal"},
                "color": {"value": INK},
            },
        },
    ]


def _sentence(own: pd.DataFrame, labels: Labels) -> str:
    start, end = (own[own["item"] == item].iloc[0] for item in _ENDS)
    causes = own[~own["item"].isin(_ENDS)]
    causes = causes[causes["value"].abs() > 1e-6 * own["value"].abs().max()]
    scale = scale_for(causes["value"], own["unit"].iloc[0])
    parts = [
        f"{labels.of('factor', row['item'])} {scale.bare(row['value'])}" for row in records(causes)
    ]
    ends = scale_for([start["value"], end["value"]], own["unit"].iloc[0])
    text = labels.text(
        "From {from_value} in {from_year} to {to_value} in {to_year}: {parts} ({unit})."
    )
    return text.format(
        from_value=ends.formatted(start["value"]),
        from_year=start["year"],
        to_value=ends.formatted(end["value"]),
        to_year=end["year"],
        parts=labels.several(parts),
        unit=scale.unit,
    )
