"""How far each lever can go among all pathways with the least CCUS, site by site."""

import json
from collections.abc import Iterator

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.chart import (
    Chart,
    Spec,
    among,
    chart_spec,
    colours,
    records,
    rows,
    scaled,
    tooltip,
)
from kilnpath.charts.drawing.palette import TAGS
from kilnpath.charts.drawing.panels import WIDTH, panel, row_of, stacked
from kilnpath.result.labels import Labels

_NAMES = 280  # px for the names of levers
_LINE = 26  # px for each lever
_COLUMNS = ["item", "year", "least", "most", "unit", "tag"]


def range_charts(ranges: pd.DataFrame, labels: Labels) -> Iterator[Chart]:
    """A chart for each site, with a row of panels for each unit.

    ranges: as ``range`` and results have it; a largest amount without limit is infinite or empty.
    """
    ranges = ranges.assign(most=ranges["most"].where(ranges["most"].abs() < float("inf")))
    for site, own in ranges.groupby("site", sort=False):
        table = _table(own, labels)
        place = labels.place(str(site))
        title = labels.text("How far the levers can go: {place}").format(place=place)
        text = _sentence(place, own, labels)
        tags = among(labels, "tag", TAGS, own["tag"])
        body = stacked(
            [_row(group, tags, labels) for _, group in table.groupby("unit", sort=False)]
        )
        note = labels.text(
            "Among all pathways that need no more CCUS, or hardly more. A dot: fixed."
        )
        spec = chart_spec(text, body, note)
        yield Chart(f"ranges-{site}", title, text, spec, table)


def _table(own: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    items = [
        labels.text("Clinker in cement")
        if row["lever"] == "clinker_ratio"  # told as an amount here
        else labels.lever(row["lever"], row["which"])
        for row in records(own)
    ]
    tags = own["tag"].map(lambda tag: labels.of("tag", tag))
    return own.assign(item=items, tag=tags)[_COLUMNS]


def _row(group: pd.DataFrame, tags: dict[str, str], labels: Labels) -> Spec:
    """The levers of one unit, a panel for each year."""
    unit = group["unit"].iloc[0]
    scale = scale_for([*group["least"], *group["most"]], unit)
    years = sorted(set(group["year"]))
    items = list(dict.fromkeys(group["item"]))
    width = (WIDTH - _NAMES) // len(years) - 24
    found = [
        panel(
            str(year),
            _layers(items, tags, scale, labels, year == years[0], _ends(group, year)),
            width,
            _LINE * len(items),
            data=rows(group[group["year"] == year].drop(columns=["year", "unit"])),
            transform=[
                scaled("least", scale, "from"),
                {"calculate": _most(scale), "as": "to"},
                _told(scale, labels),
            ],
        )
        for year in years
    ]
    row = row_of("", found, len(found), left=24)
    return {**row, "resolve": {"scale": {"x": "shared"}}}


def _ends(group: pd.DataFrame, year: int) -> tuple[bool, bool]:
    limited = group.loc[group["year"] == year, "most"].abs() < float("inf")
    return bool(limited.any()), not bool(limited.all())


def _most(scale: Scale) -> str:
    return f"isValid(datum.most) ? datum.most / {scale.divisor:.0f} : null"


def _told(scale: Scale, labels: Labels) -> Spec:
    end = f"isValid(datum.to) ? format(datum.to, ',.4~r') : {json.dumps(labels.text('no limit'))}"
    unit = json.dumps(f" {scale.unit}")
    return {"calculate": f"format(datum.from, ',.4~r') + ' – ' + ({end}) + {unit}", "as": "told"}


def _layers(
    items: list[str],
    tags: dict[str, str],
    scale: Scale,
    labels: Labels,
    first: bool,
    ends: tuple[bool, bool],
) -> list[Spec]:
    """ends: whether there are levers with a largest amount, and without; none is drawn for none."""
    axis = {"title": None, "labelLimit": _NAMES, "domain": False, "grid": True}
    axis |= {"minExtent": _NAMES} if first else {"labels": False}
    y = {"field": "item", "type": "nominal", "sort": items, "axis": axis}
    title = {"title": scale.unit, "titleAnchor": "start", "grid": True, "tickCount": 4}
    x: Spec = {"field": "from", "type": "quantitative", "axis": title, "scale": {"zero": True}}
    told = tooltip(
        ("item", labels.text("Lever")), ("told", labels.text("Range")), ("tag", labels.text("Kind"))
    )
    encoding: Spec = {"x": x, "y": y, "tooltip": told}
    encoding["color"] = colours("tag", tags, {"orient": "top", "symbolType": "circle"})
    bar = {"type": "rule", "strokeWidth": 7, "strokeCap": "round"}
    views: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.to)"}],
            "mark": bar,
            "encoding": {**encoding, "x2": {"field": "to"}},
        },
        {
            "transform": [{"filter": "!isValid(datum.to)"}],
            "mark": {**bar, "strokeDash": [1, 10]},
            "encoding": {**encoding, "x2": {"value": "width"}},
        },
    ]
    return [
        *(view for view, is_there in zip(views, ends, strict=True) if is_there),
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1}, "encoding": encoding},
    ]


def _sentence(place: str, own: pd.DataFrame, labels: Labels) -> str:
    """How many levers are of each kind in each year."""
    parts = []
    for year, of_year in own.groupby("year"):
        counts = [
            f"{labels.of('tag', tag)} {count}"
            for tag in TAGS
            if (count := int((of_year["tag"] == tag).sum()))
        ]
        parts.append(
            labels.text("{year}: {counts}").format(year=year, counts=labels.several(counts))
        )
    text = labels.text(
        "Levers of {place} among all pathways that need no more CCUS, or hardly more. {parts}."
    )
    return text.format(place=place, parts=labels.text("; ").join(parts))
