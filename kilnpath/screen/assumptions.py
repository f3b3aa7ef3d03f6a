"""What the answer rests on, on a screen."""

import pandas as pd
from rich.console import Console
from rich.markup import escape

from kilnpath.charts.drawing.chart import records
from kilnpath.charts.questions.assumptions_words import assumptions_words, change, item_of_trial
from kilnpath.language.chosen import screen_language, text
from kilnpath.language.wording import (
    CONFIDENCES,
    STATUSES,
    named_limit,
    names_on_screen,
    place_words,
    title,
)
from kilnpath.result.labels import Labels
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.layout import grid, number, show
from kilnpath.studies.assumptions import AssumptionsResult
from kilnpath.tables.outcome import names_frame


def show_assumptions(console: Console, result: AssumptionsResult) -> None:
    """The paragraph, the tables of what is otherwise, and bounds by what their doubt is worth."""
    case, tables = result.case, result.tables
    labels = Labels(names_frame(case), screen_language())
    words = text("{case}: what the least CCUS rests on. kt CO2.").format(case=title(case.names))
    console.print(words, highlight=False)
    found = tables["assumptions"]
    in_rooms = found["part"] == "room"
    if in_rooms.any():
        heading = text("Room: bounds moved from their own value towards the plan")
        _show_trials(console, heading, found[in_rooms], case.final_year, labels)
    heading = text("One thing otherwise")
    _show_trials(console, heading, found[~in_rooms], case.final_year, labels)
    _show_doubts(console, result)
    told = escape(assumptions_words(tables, case.final_year, labels))
    console.print(f"\n{told}", highlight=False)


def _show_trials(
    console: Console, heading: str, rows: pd.DataFrame, year: int, labels: Labels
) -> None:
    shown = grid(heading, "", text("all years"), text("more"), str(year), text("more"))
    for row in records(rows):
        cells = []
        for least, more in (("ccus_total", "more_total"), ("ccus_final", "more_final")):
            known = row[least] == row[least]
            cells.append(kilotonnes(row[least]) if known else text("no pathway"))
            differs = known and row["part"] not in ("own", "plan")
            cells.append(change(row[more], labels) if differs else "")
        shown.add_row(escape(item_of_trial(row, labels)), *cells)
    show(console, shown)


def _show_doubts(console: Console, result: AssumptionsResult) -> None:
    case, doubts = result.case, result.tables["doubts"]
    sure = doubts[doubts["solved"]]
    if sure.empty:
        return
    heads = (text("where"), text("status"), text("confidence"), "±", text("worth"))
    columns = (*heads, text("looser"), text("tighter"))
    heading = text("Bounds by what their doubt is worth, and the least CCUS at either end")
    shown, names = grid(heading, "", text("what"), *columns), names_on_screen(case)
    for row in records(sure):
        ends = (row["looser"], row["tighter"])
        shown.add_row(
            str(row["id"]),
            named_limit(case.line(row["id"]), names),
            place_words(str(row["place"]), text, names),
            text(STATUSES[row["status"]]),
            text(CONFIDENCES[row["confidence"]]),
            f"{number(100 * row['doubt'])} %",
            kilotonnes(row["worth"]),
            *(kilotonnes(end) if end == end else text("no pathway") for end in ends),
        )
    show(console, shown)
    if len(doubts) > len(sure):
        words = text("… and {count} more, to first order alone (--out writes all).")
        console.print(words.format(count=len(doubts) - len(sure)))
