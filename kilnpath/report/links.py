"""The part of the page on what joins and equips the sites: routes, own power, cement products."""

from collections.abc import Iterable, Mapping

from kilnpath.charts.drawing.chart import records
from kilnpath.report.numbers import number
from kilnpath.report.views import Cell, Section, View
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result
from model.case.places import place_of

Found = Mapping[tuple[str, str], Mapping[int, float]]  # (which, site) -> values by year


def links_section(result: Result, labels: Labels) -> Section | None:
    """A table for each of them, in the milestone and the final year; none where there is none."""
    summary = result.tables["summary"]
    own = summary[(summary["quantity"] == "ccus") & (summary["scenario"] == "pathway")]
    years = [int(year) for year in own["year"]]
    made = (_routes(result, labels, years), _own_power(result, labels, years))
    views = [view for view in (*made, _products(result, labels, years)) if view.rows]
    if not views:
        return None
    title = labels.text("Clinker moved, own power and cement products")
    caption = labels.text("Amounts are of whole sites, as bounds are.")
    return Section("links", title, [caption], views=views)


def _found(result: Result, quantity: str) -> Found:
    table = result.tables["pathway"]
    found: dict[tuple[str, str], dict[int, float]] = {}
    for row in records(table[table["quantity"] == quantity]):
        found.setdefault((row["which"], row["site"]), {})[row["year"]] = row["value"]
    return found


def _numbers(values: Mapping[int, float], years: Iterable[int], unit: str) -> list[Cell]:
    return [number(values[year], unit) for year in years]


def _routes(result: Result, labels: Labels, years: list[int]) -> View:
    """What leaves a site on each route, and what of it arrives in the last year."""
    text, arrived = labels.text, _found(result, "clinker_received")
    ends = {which: (site, values) for (which, site), values in arrived.items()}
    rows: list[list[Cell]] = []
    for (route, origin), sent in _found(result, "clinker_sent").items():
        destination, values = ends[route]
        head = (labels.part(route), labels.place(origin), labels.place(destination))
        sent_then = _numbers(sent, years, "t")
        rows.append([*head, *sent_then, *_numbers(values, years[-1:], "t")])
    arrives = text("{year}, arriving").format(year=years[-1])
    columns = [text("Route"), text("From"), text("To"), *map(str, years), arrives]
    return View(text("Clinker moved between sites of the group, kt"), columns, rows)


def _own_power(result: Result, labels: Labels, years: list[int]) -> View:
    text = labels.text
    rows: list[list[Cell]] = [
        [labels.part(which), labels.place(site), *_numbers(values, years, "MWh")]
        for (which, site), values in _found(result, "own_power").items()
    ]
    columns = [text("Power source"), text("Site"), *map(str, years)]
    return View(text("Own power that burns fuel, GWh"), columns, rows)


def _products(result: Result, labels: Labels, years: list[int]) -> View:
    """Cement and clinker ratio of each product at each of its sites."""
    text, levers = labels.text, result.tables["levers"]
    ours = levers[(levers["scenario"] == "pathway") & (levers["lever"] == "clinker_ratio")]
    ratios = {(row["place"], row["year"]): row["value"] for row in records(ours)}
    rows: list[list[Cell]] = []
    for (product, site), cement in _found(result, "product_cement").items():
        place = place_of(site, product)
        clinker = [ratios.get((place, year)) for year in years]
        shown = ["–" if value is None else number(value, "1") for value in clinker]
        head = (labels.part(product), labels.place(site))
        rows.append([*head, *_numbers(cement, years, "t"), *shown])
    made = [text("Cement in {year}, kt").format(year=year) for year in years]
    ratio = [text("Clinker ratio in {year}, %").format(year=year) for year in years]
    return View(text("Cement products"), [text("Product"), text("Site"), *made, *ratio], rows)
