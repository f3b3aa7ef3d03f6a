"""Small multiples: panels side by side in titled rows, 900 px wide in all."""

from collections.abc import Sequence

from kilnpath.charts.drawing.chart import Spec, toggle

WIDTH = 900
_AXIS = 44  # px left of a panel, for the numbers of its axis
_BETWEEN = 74  # px between two rows of panels, for the axis above and the title below


def panel_width(columns: int) -> int:
    """Width of each of several panels side by side. [px]"""
    return WIDTH // columns - _AXIS


def panel(title: str, views: Sequence[Spec], width: int, height: int, **parts: object) -> Spec:
    """Layers under a small title, which is a mark, so that those of a row stand on one line."""
    text = {"type": "text", "align": "left", "baseline": "bottom", "limit": width + _AXIS - 10}
    at = {"x": {"value": 0}, "y": {"value": -10}, "text": {"value": title}}
    head = {"data": {"values": [{}]}, "mark": text, "encoding": at}
    return {"width": width, "height": height, **parts, "layer": [*views, head]}


def row_of(title: str, panels: Sequence[Spec], columns: int, left: int = _AXIS) -> Spec:
    """Panels in a row, or several rows where there are more than ``columns``, under one title.

    left: px between two panels, for the names or numbers of the axis.
    """
    head = {"text": title, "frame": "group", "fontSize": 12, "fontWeight": "bold", "offset": 12}
    found: Spec = {"concat": list(panels), "columns": columns, "bounds": "flush"}
    found["spacing"] = {"row": _BETWEEN, "column": left}
    return {"title": head, **found} if title else found


def stacked(rows: Sequence[Spec], legend_field: str = "") -> Spec:
    """Rows below each other; their legend switches the values of a field on and off."""
    found: Spec = {"vconcat": list(rows), "spacing": 26}
    if not legend_field:
        return found
    names: list[str] = []
    for row in rows:
        for view in row["concat"]:
            names.append(f"panel_{len(names)}")
            first, *others = view["layer"]
            view["layer"] = [{"name": names[-1], **first}, *others]
    (param,) = toggle(legend_field)
    return {"params": [{**param, "views": names}], **found}


def quiet_axis(ticks: int = 3) -> Spec:
    """A y axis of a small panel."""
    return {"title": None, "tickCount": ticks, "labelFontSize": 10}
