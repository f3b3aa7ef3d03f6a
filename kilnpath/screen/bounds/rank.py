"""What each bound is worth, on a screen."""

import pandas as pd
from rich.console import Console

from kilnpath.language.chosen import text
from kilnpath.language.wording import (
    CONFIDENCES,
    ccus_words,
    lines_words,
    named_limit,
    names_on_screen,
    place_words,
    title,
)
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.layout import grid, number, show
from kilnpath.studies.bounds.rank import SHOWN
from model.case.types import Case, Objective


def show_rank(
    console: Console, case: Case, objective: Objective, table: pd.DataFrame, most: int = SHOWN
) -> None:
    """Bounds by worth, in words and units."""
    words = text("{case}: what each bound is worth, in {ccus} saved per step of relaxation, kt.")
    ccus = ccus_words(case, objective, text)
    console.print(words.format(case=title(case.names), ccus=ccus), highlight=False)
    if table.empty:
        console.print(text("No bound or target saves any."))
        return
    columns = (text("where"), text("years"), text("a step"), "kt CO2", text("valid for"))
    heads = (text("what"), *columns, text("confidence"), text("check first"))
    shown, names = grid(text("Bounds by worth"), "", *heads), names_on_screen(case)
    alone = table[table["together_with"] == ""]
    sure = alone[alone["confirmed"]].head(most)
    for row in sure.to_dict("records"):
        far = f"{number(row['holds_for'])} {row['step_unit']}"
        shown.add_row(
            str(row["id"]),
            named_limit(case.line(row["id"]), names),
            place_words(str(row["place"]), text, names),
            str(row["years"]),
            f"{number(row['step'])} {row['step_unit']}",
            kilotonnes(row["saved"]),
            text("no limit") if row["holds_for"] in (float("inf"), float("-inf")) else far,
            text(CONFIDENCES[row["confidence"]]),
            str(row["check_first"]),
        )
    show(console, shown)
    if len(alone) > len(sure):
        words = text("… and {count} more, by their duals alone (--out writes all).")
        console.print(words.format(count=len(alone) - len(sure)))
    for row in table[table["together_with"] != ""].to_dict("records"):
        words = text("{bound} is worth something only together with {others}").format(
            bound=lines_words(case, [row["id"]]),
            others=lines_words(case, row["together_with"].split(", ")),
        )
        console.print(f" · {words}", highlight=False)
