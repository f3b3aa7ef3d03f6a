"""Several results beside each other."""

from collections.abc import Callable, Sequence

from kilnpath.charts.side_by_side import side_by_side_chart
from kilnpath.language.headline import PLAN_LEVERS
from kilnpath.report.numbers import Number, number
from kilnpath.report.tables import LEVERS
from kilnpath.report.views import Cell, Section, View
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

Column = tuple[str, Result, str]  # heading, result, scenario


def comparison(results: Sequence[Result], labels: Labels) -> Section:
    """Main numbers and levers of several results, and of the first one's company's own plan."""
    columns: list[Column] = [(one.name, one, "pathway") for one in results]
    if (results[0].tables["summary"]["scenario"] == "plan").any():
        columns.append((labels.of("scenario", "plan"), results[0], "plan"))
    numbers = list(columns)
    if (results[0].tables["summary"]["scenario"] == PLAN_LEVERS).any():
        numbers.append((labels.of("scenario", PLAN_LEVERS), results[0], PLAN_LEVERS))
    views = [_numbers(numbers, labels), _levers(columns, labels)]
    title, drawn = labels.text("Beside other results"), [side_by_side_chart(results, labels)]
    return Section("comparison", title, charts=drawn, views=views)


def _view(
    title: str,
    columns: Sequence[Column],
    keys: Sequence[tuple[str, Callable[[Column], Number | None]]],
) -> View:
    rows: list[list[Cell]] = []
    for words, find in keys:
        cells = [find(column) for column in columns]
        unit = next((cell.unit for cell in cells if cell), None)
        if unit is not None:
            rows.append([words, *(cell or "–" for cell in cells), unit])
    return View(title, ["", *(heading for heading, _, _ in columns), ""], rows)


def _numbers(columns: Sequence[Column], labels: Labels) -> View:
    text = labels.text
    years = sorted({year for _, one, _ in columns for year in _years(one)})
    names = {
        "least_ccus": text("Least CCUS, by the objective"),
        "least_ccus_total": text("… and, with it, the least over all years"),
        "ccus_total": text("CCUS over all years"),
        "ccus": text("CCUS in {year}"),
        "ccus_rise": text("Largest rise of CCUS in a year"),
        "scope12": text("Scope 1 and 2 in {year}"),
        "scope12_total": text("Scope 1 and 2 over all years"),
    }
    keys = [
        (words.format(year=year), _finder(quantity, year))
        for quantity, words in names.items()
        for year in (years if quantity in ("ccus", "scope12") else [""])
    ]
    return _view(text("Main numbers"), columns, keys)


def _years(result: Result) -> list[str]:
    table = result.tables["summary"]
    return list(table[(table["quantity"] == "ccus") & (table["scenario"] == "pathway")]["year"])


def _finder(quantity: str, year: str) -> Callable[[Column], Number | None]:
    def find(column: Column) -> Number | None:
        _, result, scenario = column
        table = result.tables["summary"]
        rows = table[(table["quantity"] == quantity) & (table["scenario"] == scenario)]
        rows = rows[rows["year"] == year] if year else rows
        found = rows.to_dict("records")
        return number(found[0]["value"], found[0]["unit"]) if found else None

    return find


def _levers(columns: Sequence[Column], labels: Labels) -> View:
    """Of the group, in the final year of each."""

    def finder(lever: str, which: str) -> Callable[[Column], Number | None]:
        def find(column: Column) -> Number | None:
            _, result, scenario = column
            table = result.tables["levers"]
            rows = table[
                (table["place"] == "group")
                & (table["scenario"] == scenario)
                & (table["year"] == result.manifest["horizon"][1])
                & (table["lever"] == lever)
                & (table["which"] == which)
            ].to_dict("records")
            return number(rows[0]["value"], rows[0]["unit"]) if rows else None

        return find

    keys = [(labels.lever(lever, which), finder(lever, which)) for lever, which in LEVERS]
    return _view(labels.text("Levers of the group in the final year"), columns, keys)
