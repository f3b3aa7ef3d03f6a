"""Levers inside their bounds: a chart for each lever, a panel for each place."""

from collections.abc import Iterator, Sequence

import pandas as pd

from kilnpath.charts.drawing.amounts import digits
from kilnpath.charts.drawing.chart import (
    Chart,
    Spec,
    among,
    chart_spec,
    colours,
    records,
    rows,
    tooltip,
    year_axis,
)
from kilnpath.charts.drawing.palette import INK, KINDS
from kilnpath.charts.drawing.panels import panel, panel_width, quiet_axis, row_of, stacked
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_COLUMNS = 4
_WIDEST, _HEIGHT = 280, 84  # of a panel [px]
_ROOM = 0.2  # of the span of values and limits, left free beyond them
_UPPER, _LOWER = ("max", "rise_max", "fall_max", "fixed"), ("min", "fixed")
_SUMS = ("total_min", "total_max")  # of all years together, which have no place in a year
_TOLD = 4  # bounds in the sentence
_TABLE = ["id", "what", "place", "sense", "kind", "year", "value", "limit", "unit", "binds"]
_LEGEND: Spec = {"orient": "top", "symbolType": "square", "symbolOpacity": 1}
Domain = tuple[float, float]


def lever_charts(result: Result, labels: Labels) -> Iterator[Chart]:
    """For each lever a chart of the panels in which a bound binds, and one of the others.

    Of bounds that limit year by year. A panel binds where one of its bounds leaves no room in some
    year. The chart of the others is folded on a page; its id ends with ``-slack``, or is the
    lever's own where nothing binds.
    """
    bounds = result.tables["bounds"]
    yearly = bounds[~bounds["sense"].isin(_SUMS)]
    for lever, own in yearly.groupby("lever", sort=False):
        table = _table(own, labels)
        binds = table.groupby(["what", "unit", "place"])["binds"].transform("any").astype(bool)
        for folded in (False, True):
            drawn = binds != folded
            if drawn.any():
                slack = folded and not drawn.all()
                key = f"lever-{lever}-slack" if slack else f"lever-{lever}"
                yield _chart(key, str(lever), own[drawn], table, drawn, folded, labels)


def _chart(
    key: str,
    lever: str,
    bounds: pd.DataFrame,
    whole: pd.DataFrame,
    drawn: "pd.Series[bool]",
    folded: bool,
    labels: Labels,
) -> Chart:
    """The drawn rows of the whole table of a lever; bounds: as the result has them, of the same."""
    table, name = whole[drawn], labels.of("lever", lever)
    text = _sentence(name, bounds, labels)
    found = table.groupby(["what", "unit"], sort=False)
    columns = min(_COLUMNS, max(group["place"].nunique() for _, group in found))
    kinds = among(labels, "kind", KINDS, bounds["kind"])
    years = sorted(set(whole["year"]))
    body = stacked(
        [
            row_of(
                f"{what} ({unit})",
                _panels(group, _common(whole, str(what), str(unit)), kinds, years, columns, labels),
                columns,
            )
            for (what, unit), group in found
        ]
    )
    note = labels.text("Line: the pathway. Shaded: out of bounds. Dots: no room is left.")
    title = labels.text("{lever}: pathway and bounds").format(lever=name)
    if folded:
        words = labels.text("{lever}: where no bound ever binds (bounds: {count})")
        title = words.format(lever=name, count=table["id"].nunique())
    return Chart(key, title, text, chart_spec(text, body, note), table, folded)


def _common(whole: pd.DataFrame, what: str, unit: str) -> Domain | None:
    """One scale for all places, drawn here or not, where they are ratios; else none."""
    if unit != "%" and "/t" not in unit:
        return None
    return _domain(whole[(whole["what"] == what) & (whole["unit"] == unit)])


def _table(bounds: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Bounds in the order of what they limit, of the regions, and of the register."""
    what = [labels.limited(row["lever"], row["which"], row["sense"]) for row in records(bounds)]
    found = bounds.assign(
        what=what,
        place=bounds["place"].map(labels.place),
        kind=bounds["kind"].map(lambda kind: labels.of("kind", kind)),
    )
    return found[_TABLE]


def _panels(
    group: pd.DataFrame,
    common: Domain | None,
    kinds: dict[str, str],
    years: Sequence[int],
    columns: int,
    labels: Labels,
) -> list[Spec]:
    """A panel for each place. common: one scale for all; not given, one for each."""
    unit = str(group["unit"].iloc[0])
    width = min(panel_width(columns), _WIDEST)
    return [
        panel(
            str(place),
            _layers(own, common or _domain(own), kinds, unit, labels),
            width,
            _HEIGHT,
            data=rows(own[["id", "sense", "kind", "year", "value", "limit", "binds"]]),
            encoding={"x": _years(years)},
        )
        for place, own in group.groupby("place", sort=False)
    ]


def _years(years: Sequence[int]) -> Spec:
    ends = sorted({years[0], years[-1], *(year for year in years if year % 10 == 0)})
    scale = {"domain": [years[0], years[-1]], "nice": False, "padding": 4}
    axis = {**year_axis(ends), "labelFontSize": 10}
    return {"field": "year", "type": "quantitative", "axis": axis, "scale": scale}


def _domain(own: pd.DataFrame) -> Domain:
    """The span of an axis: all values and limits, and beyond them room for what is forbidden."""
    numbers = pd.concat([own["value"], own["limit"]])
    low, high = float(numbers.min()), float(numbers.max())
    if not own["sense"].isin(_LOWER).any():
        low = min(low, 0.0)
    room = _ROOM * (high - low) or abs(high) * _ROOM or 1.0
    return (0.0 if low == 0.0 else low - room, high + room)


def _layers(
    own: pd.DataFrame, domain: Domain, kinds: dict[str, str], unit: str, labels: Labels
) -> list[Spec]:
    y: Spec = {"type": "quantitative", "title": None}
    scale = {"domain": list(domain), "nice": False, "zero": False}
    value: Spec = {"y": {"field": "value", **y, "scale": scale, "axis": quiet_axis()}}
    limit: Spec = {"y": {"field": "limit", **y}, "color": colours("kind", kinds, _LEGEND)}
    limit["detail"] = [{"field": "sense"}]  # a least and a most are two lines
    if own.duplicated(["sense", "kind", "year"]).any():
        limit["detail"].append({"field": "id"})  # else bounds that follow each other are one line
    told = tooltip(
        ("id", labels.text("Bound")), ("kind", labels.text("Kind")), ("year", labels.text("Year"))
    )
    told += [
        {"field": field, "format": ",.4~r", "title": f"{name} [{unit}]"}
        for field, name in (("value", labels.text("Pathway")), ("limit", labels.text("Limit")))
    ]
    seen = {"condition": {"test": "datum.binds", "value": 1}, "value": 0}
    return [
        *_forbidden(own, limit, domain),
        {"mark": {"type": "line", "strokeWidth": 1.5}, "encoding": limit},
        {"mark": {"type": "line", "color": INK, "strokeWidth": 1.8}, "encoding": value},
        {
            "mark": {"type": "point", "filled": True, "size": 26, "color": INK, "opacity": 1},
            "encoding": {"y": {"field": "value", **y}, "opacity": seen, "tooltip": told},
        },
    ]


def _forbidden(own: pd.DataFrame, limit: Spec, domain: Domain) -> Iterator[Spec]:
    """Areas beyond the limits, up to the edge of the panel; bars where there is one year."""
    one_year = own["year"].nunique() == 1
    mark: Spec = {"type": "bar", "width": 24} if one_year else {"type": "area"}
    for senses, edge in ((_UPPER, domain[1]), (_LOWER, domain[0])):
        if own["sense"].isin(senses).any():
            yield {
                "transform": [{"filter": {"field": "sense", "oneOf": list(senses)}}],
                "mark": {**mark, "opacity": 0.25},
                "encoding": {**limit, "y2": {"datum": edge}},
            }


def _sentence(name: str, bounds: pd.DataFrame, labels: Labels) -> str:
    """How many bounds there are, how many bind, and those that bind in the final year."""
    binding = bounds[bounds["binds"]]
    final = binding[binding["year"] == bounds["year"].max()]
    text = labels.text(
        "{lever}: number of bounds {count}, of which without room in some year {binding}"
    ).format(lever=name, count=bounds["id"].nunique(), binding=binding["id"].nunique())
    if final.empty:
        return text + labels.text(".")
    parts = [
        labels.text("{what} {limit} {unit} in {place}").format(
            what=labels.bound(row["lever"], row["which"], row["sense"]),
            limit=digits(row["limit"]),
            unit=row["unit"],
            place=labels.place(row["place"]),
        )
        for row in records(final.head(_TOLD))
    ]
    return text + labels.text("; in {year} without room: {parts}.").format(
        year=final["year"].iloc[0], parts=labels.several(parts)
    )
