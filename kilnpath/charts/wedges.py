"""Wedges: from the frozen baseline to what is left, by group of levers, with targets and plan."""

from collections.abc import Iterator, Sequence

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.chart import (
    FULL_WIDTH,
    Chart,
    EndLabel,
    Spec,
    chart_spec,
    colours,
    end_labels,
    haloed,
    only,
    records,
    rows,
    scaled,
    toggle,
    told_as,
    tooltip,
    unless_off,
    wrapped_legend,
    y_title,
    year_bands,
)
from kilnpath.charts.drawing.palette import INK, LEVERS, SCENARIOS
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_HEIGHT = 360
_NOTHING = 1e-6  # of the largest: what is smaller is rounding
_AREA_YEARS = 3  # fewer years than this are drawn as bars
_COLUMNS = ["part", "item", "order", "year", "value", "unit"]


def wedges_chart(result: Result, labels: Labels) -> Chart | None:
    """The wedges of the group; none where there is no company plan, and so no baseline."""
    wedges = result.tables["wedges"]
    wedges = wedges[wedges["place"] == "group"]
    if wedges.empty:
        return None
    layers, baseline = _layers(wedges, labels), _baseline(wedges, labels)
    targets, plan = _targets(result, labels), _plan(wedges, labels)
    table = pd.concat([layers, baseline, *(t for t in (targets, plan) if not t.empty)])
    scale = scale_for(wedges["value"], wedges["unit"].iloc[0])
    title = labels.text("From the frozen baseline to the pathway, by lever")
    text = _sentence(wedges, labels)
    body = {
        **FULL_WIDTH,
        "height": _HEIGHT,
        "data": rows(table),
        "transform": [scaled("value", scale), told_as(scale)],
        "layer": _views(layers, baseline, targets, plan, scale, labels),
    }
    note = labels.text(
        "Scope 1 and 2 of the group. From top to bottom: what each lever takes away."
    )
    return Chart("wedges", title, text, chart_spec(text, body, note), table)


def _layers(wedges: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """The layers from the bottom up; those that are nothing in every year are left out."""
    found = wedges[wedges["layer"].isin(LEVERS)]
    largest = found["value"].abs().max()
    sizes = found.assign(size=found["value"].abs()).groupby("layer")["size"].max()
    order = reversed(list(LEVERS))
    kept = [n for n in order if n == "net" or sizes.get(n, 0.0) > _NOTHING * largest]
    found = found[found["layer"].isin(kept)]
    items = found["layer"].map(lambda layer: labels.of("layer", layer))
    return found.assign(part="layer", item=items, order=found["layer"].map(kept.index))[_COLUMNS]


def _baseline(wedges: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    found = wedges[wedges["layer"] == "baseline"]
    return found.assign(part="baseline", item=labels.of("layer", "baseline"), order=0)[_COLUMNS]


def _targets(result: Result, labels: Labels) -> pd.DataFrame:
    """The limits of the group's own targets as tonnes; a budget is of many years."""
    found = result.tables["targets"]
    yearly = found["metric"] != "budget"
    found = found[(found["place"] == "group") & (found["scope"] != "2") & yearly]
    items = [
        labels.text("{target} ({scope})").format(
            target=row["target"], scope=labels.of("scope", str(row["scope"]))
        )
        for row in records(found)
    ]
    found = found.assign(part="target", item=items, order=0, value=found["tonnes"], unit="t CO2e")
    return found[_COLUMNS]


def _plan(wedges: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Scope 1 and 2 of the company's plan, where it reaches the final year."""
    found = wedges[wedges["layer"] == "plan"]
    return found.assign(part="plan", item=labels.of("scenario", "plan"), order=0)[_COLUMNS]


def _views(
    layers: pd.DataFrame,
    baseline: pd.DataFrame,
    targets: pd.DataFrame,
    plan: pd.DataFrame,
    scale: Scale,
    labels: Labels,
) -> list[Spec]:
    years = sorted(set(layers["year"]))
    x, as_area = year_bands(years), len(years) >= _AREA_YEARS
    views = [*_stack(layers, scale, x, as_area, labels)]
    net = layers[layers["item"] == labels.of("layer", "net")]
    for own, dash in ((baseline, [2, 2]), (net, [1, 0])):
        line = {"type": "line", "strokeDash": dash} if as_area else {"type": "tick"}
        mark = {**line, "color": INK, "strokeWidth": 1.5, **({} if as_area else {"thickness": 2})}
        which = [only("part", own["part"].iloc[0]), only("item", own["item"].iloc[0])]
        views.append({"transform": which, "mark": mark, "encoding": _at(x)})
    views += _target_views(targets, x, years, labels)
    if not plan.empty:
        views += _plan_views(x, as_area, labels)
    ends = _ends(pd.concat([baseline, net]), targets, plan, years)
    return [*views, *end_labels(ends, scale, _HEIGHT)]


def _ends(
    lines: pd.DataFrame, targets: pd.DataFrame, plan: pd.DataFrame, years: Sequence[int]
) -> Iterator[EndLabel]:
    """What stands right of the final year: both lines, the plan, and targets of that year."""
    for row in records(lines[lines["year"] == years[-1]]):
        yield EndLabel(row["item"], row["value"], INK, bold=True)
    sign = "●" if len(years) >= _AREA_YEARS else "◆"
    for row in records(plan[plan["year"] == years[-1]]):
        yield EndLabel(f"{sign} {row['item']}", row["value"], SCENARIOS["plan"], bold=False)
    for name, own in targets.groupby("item", sort=False):
        final = own[own["year"] == years[-1]]
        sign = "┄" if len(own) > 1 and len(years) >= _AREA_YEARS else "▾"
        for value in final["value"]:
            yield EndLabel(f"{sign} {name}", value, INK, bold=False)


def _at(x: Spec) -> Spec:
    return {"x": x, "y": {"field": "shown", "type": "quantitative"}}


def _stack(
    layers: pd.DataFrame, scale: Scale, x: Spec, as_area: bool, labels: Labels
) -> list[Spec]:
    """The stacked areas, and bars over them that nobody sees, which tell each year's number."""
    names = list(dict.fromkeys(layers.sort_values("order", ascending=False)["item"]))
    known = {labels.of("layer", layer): colour for layer, colour in LEVERS.items()}
    colour = colours("item", {name: known[name] for name in names}, wrapped_legend(names))
    y = {"field": "shown", "type": "quantitative", "stack": "zero", "axis": y_title(scale.unit)}
    encoding = {"x": x, "y": y, "color": colour, "order": {"field": "order"}}
    told = tooltip(
        ("item", labels.text("Lever")),
        ("year", labels.text("Year")),
        ("told", labels.text("Amount")),
    )
    seen = {
        "transform": [only("part", "layer")],
        "params": toggle("item"),
        "mark": {"type": "area" if as_area else "bar", "stroke": "white", "strokeWidth": 0.5},
        "encoding": {
            **encoding,
            "opacity": unless_off("item"),
            **({} if as_area else {"tooltip": told}),
        },
    }
    hover = {
        "transform": [only("part", "layer")],
        "mark": {"type": "bar", "opacity": 0},
        "encoding": {**encoding, "tooltip": told},
    }
    return [seen, hover] if as_area else [seen]


def _target_views(
    targets: pd.DataFrame, x: Spec, years: Sequence[int], labels: Labels
) -> list[Spec]:
    """Each target as a dashed line, or as a mark where it is of one year, with its name."""
    views: list[Spec] = []
    told = tooltip(
        ("item", labels.text("Target")),
        ("year", labels.text("Year")),
        ("told", labels.text("Limit")),
    )
    for name, own in targets.groupby("item", sort=False):
        line: Spec = {"type": "line", "strokeDash": [6, 3], "strokeWidth": 1.5}
        point: Spec = {"type": "point", "shape": "triangle-down", "filled": True, "opacity": 1}
        mark = {**(line if len(years) >= _AREA_YEARS and len(own) > 1 else point), "color": INK}
        views.append(
            {
                "transform": [only("part", "target"), only("item", name)],
                "mark": mark,
                "encoding": {**_at(x), "tooltip": told},
            }
        )
        if years[-1] in set(own["year"]):
            continue  # its name stands at the right end
        first = [
            only("part", "target"),
            only("item", name),
            only("year", int(own["year"].iloc[-1])),
        ]
        place = {"align": "right", "baseline": "top", "dx": -4, "dy": 2}
        views += haloed(first, place, {**_at(x), "text": {"value": name}})
    return views


def _plan_views(x: Spec, as_area: bool, labels: Labels) -> list[Spec]:
    """A line with marks; marks alone beside bars."""
    told = tooltip(
        ("item", labels.text("Scenario")),
        ("year", labels.text("Year")),
        ("told", labels.text("Amount")),
    )
    colour = SCENARIOS["plan"]
    mark: Spec = {"type": "line", "strokeWidth": 1.5, "point": {"size": 25, "color": colour}}
    if not as_area:
        mark = {"type": "point", "shape": "diamond", "filled": True, "size": 90, "xOffset": 24}
        mark |= {"stroke": "white", "strokeWidth": 1, "opacity": 1}
    mark["color"] = colour
    which = [only("part", "plan")]
    return [{"transform": which, "mark": mark, "encoding": {**_at(x), "tooltip": told}}]


def _sentence(wedges: pd.DataFrame, labels: Labels) -> str:
    final = wedges[wedges["year"] == wedges["year"].max()]
    values = dict(zip(final["layer"], final["value"], strict=True))
    scale = scale_for(values.values(), final["unit"].iloc[0])
    parts = [
        f"{labels.of('layer', layer)} {scale.bare(values[layer])}"
        for layer in LEVERS
        if layer != "net" and abs(values.get(layer, 0.0)) > _NOTHING * values["baseline"]
    ]
    text = labels.text(
        "In {year} the levers bring the frozen baseline of {baseline} down to {net}: {parts} "
        "({unit})."
    )
    return text.format(
        year=final["year"].iloc[0],
        baseline=scale.formatted(values["baseline"]),
        net=scale.formatted(values["net"]),
        parts=labels.several(parts),
        unit=scale.unit,
    )
