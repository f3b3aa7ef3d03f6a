"""What may differ between equally good pathways, on a screen."""

import numpy as np
import pandas as pd
from rich.console import Console

from kilnpath.language.chosen import text
from kilnpath.language.wording import (
    TAGS,
    ccus_words,
    lever_name,
    names_on_screen,
    place_words,
    title,
)
from kilnpath.screen.layout import grid, joined, number, show
from model.case.types import Case, Objective


def show_ranges(
    console: Console, case: Case, objective: Objective, within: float, table: pd.DataFrame
) -> None:
    """Ranges of the levers that are used or could be, by site and year.

    within: how much more than the least the pathways may need [%].
    """
    words = text("{case}: levers among all pathways with the least {ccus}.")
    if within:
        words = text(
            "{case}: levers among all pathways with the least {ccus}, or up to {part} % more."
        )
    ccus = ccus_words(case, objective, text)
    said = words.format(case=title(case.names), ccus=ccus, part=f"{within:g}")
    console.print(said, highlight=False)
    if objective is not Objective.CUMULATIVE:
        console.print(text("Of these, those with the least in total, by the same measure."))
    counts = table["tag"].value_counts()
    parts = text(", ").join(f"{count} {text(TAGS[str(tag)])}" for tag, count in counts.items())
    words = text("{count} levers: {parts}.").format(count=len(table), parts=parts)
    console.print(words, highlight=False)
    names = names_on_screen(case)
    for (site, year), rows in table.groupby(["site", "year"], sort=False):
        shown = grid(
            joined(place_words(str(site), text, names), str(year)),
            "",
            text("least"),
            text("most"),
            text("unit"),
            "",
        )
        for row in rows.to_dict("records"):
            if row["most"] > 0:
                lever = lever_name(row["lever"], row["which"], text, names)
                least, tag = number(row["least"]), text(TAGS[row["tag"]])
                shown.add_row(lever, least, _or_none(row["most"]), row["unit"], tag)
        show(console, shown)


def _or_none(value: float) -> str:
    return text("no limit") if np.isinf(value) else number(value)


def show_alternatives(console: Console, case: Case, table: pd.DataFrame) -> None:
    """The group's levers in the last year, a column a pathway."""
    names = [name for name in table.columns if str(name).startswith("pathway")]
    words = text("{case}: {count} pathways, maximally different.")
    console.print(words.format(case=title(case.names), count=len(names)))
    heading = text("The group in {year} (CCUS: all years)").format(year=case.final_year)
    numbered = [text("pathway {number}").format(number=str(name).split()[-1]) for name in names]
    shown, screen_names = grid(heading, "", *numbered, text("unit")), names_on_screen(case)
    for row in table.to_dict("records"):
        if any(row[name] > 1e-6 for name in names):
            lever = lever_name(row["lever"], row["which"], text, screen_names)
            share = row["unit"] == "1"
            cells = [number(row[name] * (100 if share else 1)) for name in names]
            shown.add_row(lever, *cells, "%" if share else str(row["unit"]))
    show(console, shown)
