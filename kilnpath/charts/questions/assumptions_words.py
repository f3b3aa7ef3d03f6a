"""What the answer rests on, in words: one paragraph, and what each thing tried is called."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

import pandas as pd

from kilnpath.charts.drawing.amounts import digits
from kilnpath.charts.drawing.bars import limit_item
from kilnpath.charts.drawing.chart import records
from kilnpath.language.languages import mark
from kilnpath.result.labels import Labels

_TOLD = 3  # bounds in the paragraph
GROUPS = {
    "assumed": mark("assumed bounds"),
    "calibrated": mark("calibrated bounds"),
    "low": mark("bounds of low confidence"),
}
_SWITCHES = {
    "consolidation": mark("consolidation the other way"),
    "captured_biogenic_counts": mark("captured biogenic CO2 counted the other way"),
    "captured_use_counts": mark("CO2 captured for use counted the other way"),
}
_TO_PLAN = {
    "assumed": mark("Without room beyond the plan in the {count} assumed bounds: {least}."),
    "calibrated": mark("Without room beyond the plan in the {count} calibrated bounds: {least}."),
    "low": mark("Without room beyond the plan in the {count} bounds of low confidence: {least}."),
}


def item_of_trial(row: Mapping[str, Any], labels: Labels) -> str:
    """What is otherwise in a row of the table ``assumptions``."""
    text, key = labels.text, str(row["id"])
    match row["part"]:
        case "own":
            return text("as it is")
        case "plan":
            return text("the company's plan as it is")
        case "room":
            group = text(GROUPS[key])
            return text("{bounds}, room {room} %").format(
                bounds=group, room=f"{100 * row['room']:g}"
            )
        case "published":
            return text("published and derived bounds alone ({count})").format(count=row["bounds"])
        case "target":
            return text("without the target {target}").format(target=labels.line(key))
        case "switch":
            return text(_SWITCHES[key])
        case "scenario":
            return text("scenario {name}").format(name=key) if key else text("without scenario")
    if key == "all":
        return text("all levers as in the plan, capture decided anew")
    return text("as in the plan: {lever}").format(lever=labels.lever(key, ""))


def item_of_doubt(row: Mapping[str, Any], labels: Labels) -> str:
    """What a bound of the table ``doubts`` is called."""
    what = labels.bound(row["lever"], row["which"], row["sense"])
    return limit_item(labels, row["id"], what, row["place"])


def assumptions_words(tables: Mapping[str, pd.DataFrame], year: int, labels: Labels) -> str:
    """The paragraph: what is least as it is and where nothing, or only what is known, is believed.

    tables: ``assumptions`` and ``doubts``; year: the final one.
    """
    text, found = labels.text, tables["assumptions"]
    by_part = {part: records(rows) for part, rows in found.groupby("part", sort=False)}
    parts = [text("As the case is: {least}.").format(least=_least(by_part["own"][0], year, labels))]
    for row in by_part.get("plan", []):
        words = text("The company's own plan: {least}.")
        parts.append(words.format(least=_least(row, year, labels)))
    for row in by_part.get("room", []):
        if row["room"] == 0:
            words = text(_TO_PLAN[row["id"]])
            parts.append(words.format(count=row["bounds"], least=_least(row, year, labels)))
    if "plan" not in by_part:
        parts.append(
            text(
                "The case has no plan.csv that reaches {year}, so no bound is moved towards its "
                "levels and no lever is held at them."
            ).format(year=year)
        )
    for row in by_part.get("published", []):
        words = text(
            "If only the {count} published and derived bounds are believed, no more than this is "
            "proven to be needed: {least}."
        )
        parts.append(words.format(count=row["bounds"], least=_least(row, year, labels)))
    parts += _largest(by_part, labels)
    parts += _doubts(tables["doubts"], labels)
    joined = text("{before} {after}")
    return reduce(lambda before, after: joined.format(before=before, after=after), parts)


def _largest(by_part: Mapping[Any, list[dict[str, Any]]], labels: Labels) -> list[str]:
    """Of targets, of switches and scenarios, and of levers that which moves the total most."""
    found = []
    for names, words in (
        (("target",), labels.text("Of the targets, most hangs on this: {item} ({change}).")),
        (
            ("switch", "scenario"),
            labels.text("Of rules and scenarios, this moves most: {item} ({change})."),
        ),
        (("lever",), labels.text("Of the levers, this is worth most: {item} ({change}).")),
    ):
        rows = [row for name in names for row in by_part.get(name, []) if row["id"] != "all"]
        moved = [row for row in rows if row["more_total"] != 0]
        if moved:
            row = max(moved, key=lambda one: _size(one["more_total"]))
            item = item_of_trial(row, labels)
            found.append(words.format(item=item, change=change(row["more_total"], labels)))
    return found


def _size(more: float) -> float:
    """How far it moves; what has no pathway the farthest."""
    return abs(more) if more == more else float("inf")


def _doubts(doubts: pd.DataFrame, labels: Labels) -> list[str]:
    if doubts.empty:
        return []
    told = [
        labels.text("{item} (±{doubt} %: {worth} kt)").format(
            item=item_of_doubt(row, labels),
            doubt=f"{100 * row['doubt']:g}",
            worth=digits(row["worth"] / 1e3),
        )
        for row in records(doubts.head(_TOLD))
    ]
    words = labels.text("What is most worth checking: {bounds}.")
    return [words.format(bounds=labels.several(told))]


def _least(row: Mapping[str, Any], year: int, labels: Labels) -> str:
    if row["ccus_total"] != row["ccus_total"]:
        return labels.text("no pathway")
    return labels.text("{total} kt of CCUS over all years, {final} kt in {year}").format(
        total=digits(row["ccus_total"] / 1e3), final=digits(row["ccus_final"] / 1e3), year=year
    )


def change(more: float, labels: Labels) -> str:
    """How much more CCUS than as it is, in kt; that there is no pathway."""
    if more != more:
        return labels.text("no pathway")
    return labels.text("{more} kt").format(more=("+" if more > 0 else "") + digits(more / 1e3))
