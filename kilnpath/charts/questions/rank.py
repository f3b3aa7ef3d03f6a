"""What each bound is worth: the CCUS that a step of it saves."""

from collections.abc import Iterator

import pandas as pd

from kilnpath.charts.drawing.amounts import Scale, scale_for
from kilnpath.charts.drawing.bars import bar_body, bars_by_kind, told_apart
from kilnpath.charts.drawing.chart import (
    Chart,
    Spec,
    among,
    chart_spec,
    records,
    scaled,
    told_as,
    tooltip,
)
from kilnpath.charts.drawing.palette import KINDS
from kilnpath.charts.questions.limits import item_of
from kilnpath.result.labels import Labels
from model.case.types import Case

_ROOM = 1.25  # of the longest bar: the axis, so that its number and step have a place
_UNIT = "t CO2"
_TOLD = 3  # bounds in the sentence


def rank_charts(case: Case, rank: pd.DataFrame, labels: Labels) -> Iterator[Chart]:
    """The bounds that solves confirmed, each by itself; none where no bound saves any.

    rank: the table of that command.
    """
    sure = rank[rank["confirmed"] & (rank["together_with"] == "") & (rank["saved"] > 0)]
    if sure.empty:
        return
    scale = scale_for(sure["saved"], _UNIT)
    table = _table(case, sure, scale, labels)
    text = _sentence(table, scale, labels)
    body = bar_body(
        table.drop(columns="unit"),
        [scaled("value", scale), told_as(scale)],
        _layers(sure, table, scale, labels),
    )
    title = labels.text("What a step of each bound would save")
    note = labels.text("CCUS saved per step of relaxation, confirmed by solving again")
    yield Chart("rank", title, text, chart_spec(text, body, note), table)


def _table(case: Case, sure: pd.DataFrame, scale: Scale, labels: Labels) -> pd.DataFrame:
    items = [item_of(case.line(name), labels) for name in sure["id"]]
    if sure["id"].duplicated().any():  # each year of a bound by itself
        items = [f"{item}, {years}" for item, years in zip(items, sure["years"], strict=True)]
    steps = [f"{row['step']:+.4g} {row['step_unit']}".replace("-", "−") for row in records(sure)]
    words = labels.text("{saved} per {step}")
    return pd.DataFrame(
        {
            "id": list(sure["id"]),
            "item": told_apart(items, list(sure["id"])),
            "kind": [labels.of("kind", kind) for kind in sure["kind"]],
            "years": list(sure["years"]),
            "step": steps,
            "label": [
                words.format(saved=scale.bare(saved), step=step)
                for saved, step in zip(sure["saved"], steps, strict=True)
            ],
            "value": list(sure["saved"]),
            "unit": _UNIT,
        }
    )


def _layers(sure: pd.DataFrame, table: pd.DataFrame, scale: Scale, labels: Labels) -> list[Spec]:
    told = tooltip(
        ("id", labels.text("Bound")),
        ("item", labels.text("Limits")),
        ("kind", labels.text("Kind")),
        ("years", labels.text("Years")),
        ("step", labels.text("Step")),
        ("told", labels.text("CCUS saved")),
    )
    kinds = among(labels, "kind", KINDS, sure["kind"])
    most = float(table["value"].max()) / scale.divisor * _ROOM
    return bars_by_kind(list(table["item"]), kinds, scale.unit, most, told)


def _sentence(table: pd.DataFrame, scale: Scale, labels: Labels) -> str:
    parts = [
        labels.text("{item} ({step}) {saved}").format(
            item=row["item"], step=row["step"], saved=scale.bare(row["value"])
        )
        for row in records(table.head(_TOLD))
    ]
    return labels.text(
        "A step of relaxation saves CCUS, confirmed by solving again, at {count} bounds and "
        "targets, most of it at: {parts} ({unit})."
    ).format(count=table["id"].nunique(), parts=labels.several(parts), unit=scale.unit)
