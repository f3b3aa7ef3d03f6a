"""The part of the page that sets the pathway's share of CCUS beside those of public roadmaps."""

from kilnpath.report.numbers import number
from kilnpath.report.views import Cell, Section, View
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result
from kilnpath.studies.ccus_shares import ccus_shares


def shares_section(result: Result, labels: Labels) -> Section | None:
    """Both bases with the published shares; none where there is no frozen baseline."""
    table, text = ccus_shares(result), labels.text
    if table.empty:
        return None
    words = [
        text(
            "A share of CCUS says nothing without what it is a share of. Of the levers of a cement "
            "plant: what capture takes away in the final year, of all that lies between the frozen "
            "baseline and the pathway in that year. Of all levers: of the change from the base "
            "year to the final year, output included; roadmaps add design, concrete and "
            "recarbonation, which a plant does not decide."
        ),
        text(
            "Compare the levers of a plant with those of a plant, and a share of all levers only "
            "where the same levers count. No two roadmaps share a baseline."
        ),
    ]
    rows: list[list[Cell]] = [
        [
            *(text(row["name"]), str(row["year"])),
            *(number(row[name], "1") for name in ("of_plant", "of_all")),
            *(text(row["remark"]), source_words(row["source"], row["checked"], labels)),
        ]
        for row in table.to_dict("records")
    ]
    title = text("The share of CCUS beside that of public roadmaps")
    return Section(
        "shares", title, words, views=[View(text("Share of CCUS, %"), shares_columns(labels), rows)]
    )


def shares_columns(labels: Labels) -> list[str]:
    """What stands above the table, here and in the workbook."""
    text = labels.text
    return [
        *("", text("Year"), text("Of the levers of a cement plant"), text("Of all levers")),
        *(text("What to know"), text("Source")),
    ]


def source_words(source: str, checked: bool, labels: Labels) -> str:
    """A source, and whether it was read."""
    if checked:
        return source
    return labels.text("{source} (not read, from memory)").format(source=source)
