"""What would repair an impossible case: the least change of each limit."""

from collections.abc import Iterator

import pandas as pd

from kilnpath.charts.drawing.bars import bar_body, bars_by_kind, told_apart
from kilnpath.charts.drawing.chart import (
    Chart,
    Spec,
    among,
    chart_spec,
    records,
    tooltip,
)
from kilnpath.charts.drawing.palette import KINDS
from kilnpath.charts.questions.limits import item_of, kind_of
from kilnpath.result.labels import Labels
from kilnpath.studies.bounds.repair_options import far_enough, plain
from model.case.types import Case

_ROOM = 1.45  # of the longest bar: the axis, so that the change and the new limit have a place
_MOST = 15  # options, the smallest first
_TOLD = 3  # changes in the sentence


def repair_charts(case: Case, menu: pd.DataFrame, labels: Labels) -> Iterator[Chart]:
    """The smallest options of a repair menu; none where it is empty.

    menu: the table of ``explain``. A bar is the change against the limit's own range, as the menu
    has it: a limit of 0 has no part of itself.
    """
    if menu.empty:
        return
    count = menu["option"].nunique()
    menu = menu[menu["option"] <= _MOST]
    pairs = bool(menu["option"].duplicated().any())
    table = _table(case, menu, pairs, labels)
    text = _sentence(table, count, pairs, labels)
    body = bar_body(
        table.drop(columns=["unit", "option"]),
        [{"calculate": "datum.value", "as": "shown"}],
        _layers(case, menu, table, labels),
    )
    title = labels.text("What would repair it: the least change of each")
    note = labels.text("In % of a whole for shares, else of the line's largest limit")
    if pairs:
        title = labels.text("What would repair it: the least pairs of changes")
        note += labels.text("; both changes of one number are needed together")
    yield Chart("repair", title, text, chart_spec(text, body, note), table)


def _table(case: Case, menu: pd.DataFrame, pairs: bool, labels: Labels) -> pd.DataFrame:
    lines = [case.line(name) for name in menu["id"]]
    items = [item_of(line, labels) for line in lines]
    items = told_apart(items, list(menu["id"]))
    if pairs:
        items = [f"{n}: {item}" for n, item in zip(menu["option"], items, strict=True)]
    return pd.DataFrame(
        {
            "option": list(menu["option"]),
            "id": list(menu["id"]),
            "item": items,
            "kind": [labels.of("kind", kind_of(line)) for line in lines],
            "label": [_told(row, labels) for row in records(menu)],
            "value": list(100 * menu["relative"]),
            "unit": "%",
        }
    )


def _told(row: dict[str, object], labels: Labels) -> str:
    """The change and the new limit, rounded to the looser side, as the screen has them."""
    change, low, high = (float(str(row[key])) for key in ("change", "lowest", "highest"))
    to = plain(far_enough(low, change))
    if (highest := plain(far_enough(high, change))) != to:
        to = labels.text("{low} to {high}").format(low=to, high=highest)
    sign = "+" if change > 0 else ""
    told = labels.text("{change} {change_unit}, then {to} {unit}").format(
        change=sign + plain(far_enough(change, change)),
        change_unit=row["change_unit"],
        to=to,
        unit=row["unit"],
    )
    return told.replace("-", "−")


def _layers(case: Case, menu: pd.DataFrame, table: pd.DataFrame, labels: Labels) -> list[Spec]:
    told = tooltip(
        ("id", labels.text("Bound")),
        ("item", labels.text("Limits")),
        ("kind", labels.text("Kind")),
        ("label", labels.text("Change")),
    )
    kinds = among(labels, "kind", KINDS, (kind_of(case.line(name)) for name in menu["id"]))
    most = float(table["value"].max()) * _ROOM
    return bars_by_kind(list(table["item"]), kinds, "%", most, told)


def _sentence(table: pd.DataFrame, count: int, pairs: bool, labels: Labels) -> str:
    first = table[table["option"] == 1] if pairs else table.head(_TOLD)
    parts = [
        labels.text("{item}: {change}").format(item=row["item"], change=row["label"])
        for row in records(first)
    ]
    words = (
        labels.text("{count} pairs of changes would repair it, the smallest: {parts}.")
        if pairs
        else labels.text("{count} changes would each repair it, the smallest: {parts}.")
    )
    return words.format(count=count, parts=labels.text("; ").join(parts))
