"""The parts of the page after the answer, each from the tables of one result."""

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from kilnpath.charts import Chart
from kilnpath.labels import Labels
from kilnpath.report.numbers import Number, count, intensity, number
from kilnpath.report.views import Cell, Section, View, sentence
from kilnpath.results import Result

_MOST_WORTH = 15
LEVERS = (
    *(("clinker_ratio", ""), ("alternative_raw", "all"), ("heat_intensity", "")),
    *(("fuel", "alternative"), ("fuel", "biomass"), ("waste_heat_power", "")),
    *(("renewable_power", ""), ("capture", "all")),
)


def sections(result: Result, labels: Labels, charts: Sequence[Chart]) -> list[Section]:
    """Every part that the result has something for, from the wedges to the sources."""
    drawn = {chart.id: chart for chart in charts}
    levers = [chart for chart in charts if chart.id.startswith("lever-")]
    text = labels.text
    found = [
        Section(
            "wedges",
            text("From the frozen baseline to the pathway"),
            [
                text(
                    "The frozen baseline keeps the levers of the base year at each year's output. "
                    "Between it and the pathway lies what each group of levers takes away (LMDI, "
                    "whose parts add up); capture comes last, less the energy that it needs."
                )
            ],
            charts=_some(drawn, "wedges"),
        ),
        Section(
            "targets",
            text("Intensities and targets"),
            charts=_some(drawn, "intensities"),
            views=[targets_view(result, labels)],
        ),
        Section(
            "ccus",
            text("CCUS by region and year"),
            charts=_some(drawn, "ccus"),
            views=[ccus_view(result, labels)],
        ),
        Section(
            "levers",
            text("Levers inside their bounds"),
            [
                text(
                    "What lies in the shaded area is forbidden by a permit, a standard, a market, "
                    "a technical limit or a policy. Where the line runs along the shade, the bound "
                    "holds the lever."
                )
            ],
            charts=levers,
            views=[levers_view(result, labels)],
        ),
        Section(
            "waterfall",
            text("From base year to final year"),
            charts=_some(drawn, "waterfall"),
            views=[waterfall_view(result, labels)],
        ),
        Section(
            "worth",
            text("What holds it back"),
            [
                text(
                    "What a 1 % wider limit of a bound would save, in the years in which it binds. "
                    "To first order: a large step saves less."
                )
            ],
            charts=_some(drawn, "worth"),
            views=[worth_view(result, labels)],
        ),
        _ranges(result, labels, drawn),
        Section(
            "criteria",
            text("Criteria of target setting"),
            [
                text("Judged as if submitted in {year}.").format(
                    year=result.facts["inventory_year"] + 1
                )
            ],
            views=[criteria_view(result, labels)],
        ),
        _residual(result, labels, drawn),
    ]
    return [s for s in found if s.charts or any(view.rows for view in s.views) or s.id == "ranges"]


def _some(drawn: Mapping[str, Chart], name: str) -> list[Chart]:
    """The charts of a name: one, or several with a dash behind it."""
    return [chart for key, chart in drawn.items() if key == name or key.startswith(f"{name}-")]


def _yes(labels: Labels, good: bool) -> Markup:
    words, kind = (labels.text("kept"), "good") if good else (labels.text("missed"), "bad")
    return Markup('<span class="{}">{}</span>').format(kind, words)


def targets_view(result: Result, labels: Labels) -> View:
    """Each target in each of its years."""
    text, rows = labels.text, []
    for row in result.tables["targets"].to_dict("records"):
        amounts = [row[name] for name in ("limit", "value", "margin")]
        shown = [_measure(value, row["unit"]) for value in amounts]
        scope = labels.of("scope", row["scope"])
        head = (row["target"], scope, labels.place(row["place"]), str(row["year"]))
        rows.append([*head, *(n for n in shown), shown[0].unit, _yes(labels, row["holds"])])
    columns = [
        *(text("Target"), text("Scope"), text("Boundary"), text("Year"), text("Limit")),
        *(text("Value"), text("Margin"), text("Unit"), ""),
    ]
    return View(text("Every target in every year"), columns, rows, folded=len(rows) > 12)


def _measure(value: float, unit: str) -> Number:
    return intensity(value) if unit == "t/t" else number(value, unit)


def ccus_view(result: Result, labels: Labels) -> View:
    """CO2 captured by year: regions and group of the pathway, and the group of the plan."""
    table = result.tables["ccus"]
    keys = list(dict.fromkeys(zip(table["scenario"], table["place"], strict=True)))
    keys = [(s, p) for s, p in keys if s == "pathway" or p == "group"]
    if len(labels.regions) == 1:
        keys = [(s, p) for s, p in keys if p == "group"]
    heads = [
        labels.place(place)
        if scenario == "pathway" and place != "group"
        else labels.of("scenario", scenario)
        for scenario, place in keys
    ]
    found = table.set_index(["scenario", "place", "year"])["value"]
    rows: list[list[Cell]] = [
        [str(year), *(number(float(found[s, p, year]), "t CO2") for s, p in keys)]
        for year in sorted(set(table["year"]))
    ]
    title = labels.text("CO2 captured, kt, consolidated")
    return View(title, [labels.text("Year"), *heads], rows, folded=True)


def levers_view(result: Result, labels: Labels) -> View:
    """The group's levers in the base year, the milestone and the final year."""
    summary, text = result.tables["summary"], labels.text
    own = summary[(summary["quantity"] == "ccus") & (summary["scenario"] == "pathway")]
    final = str(result.facts["horizon"][1])
    shown = [
        ("reported", str(result.facts["base_year"])),
        *(("pathway", year) for year in own["year"]),
        ("plan", final),
    ]
    table = result.tables["levers"]
    table = table[table["place"] == "group"]
    found = {
        (r["scenario"], str(r["year"]), r["lever"], r["which"]): number(r["value"], r["unit"])
        for r in table.to_dict("records")
    }
    shown = [key for key in shown if any(k[:2] == key for k in found)]
    rows: list[list[Cell]] = []
    for lever, which in LEVERS:
        cells = [found.get((*key, lever, which)) for key in shown]
        if any(cells):
            unit = next(cell.unit for cell in cells if cell)
            rows.append([labels.lever(lever, which), *(c or "–" for c in cells), unit])
    heads = [f"{year} ({labels.of('scenario', scenario)})" for scenario, year in shown]
    title = text("Levers of the group")
    return View(title, [text("Lever"), *heads, text("Unit")], rows)


def waterfall_view(result: Result, labels: Labels) -> View:
    """Both methods and every region beside the group."""
    table = result.tables["waterfall"]
    keys = list(dict.fromkeys(zip(table["method"], table["place"], strict=True)))
    if len(labels.regions) == 1:
        keys = [(m, p) for m, p in keys if p == "group"]
    names = {"lmdi": "LMDI", "shapley": "Shapley"}
    heads = [f"{labels.place(place)} ({names[method]})" for method, place in keys]
    found = table.set_index(["method", "place", "item"])["value"]
    years = table.set_index("item")["year"].to_dict()
    rows: list[list[Cell]] = []
    for item in dict.fromkeys(table["item"]):
        cells = [number(float(found[m, p, item]), "t CO2e") for m, p in keys]
        if any(cell.value for cell in cells):
            rows.append([years[item] or labels.of("factor", item), *cells])
    title = labels.text("What the change is due to, kt CO2e, by two methods")
    return View(title, ["", *heads], rows, folded=True)


def worth_view(result: Result, labels: Labels) -> View:
    """The bounds with the largest worth."""
    text, rows = labels.text, []
    for row in result.tables["worth"].head(_MOST_WORTH).to_dict("records"):
        what = labels.bound(row["lever"], row["which"], row["sense"])
        kind = labels.of("kind", row["kind"])
        amount = number(row["value"], row["unit"])
        head = (row["id"], what, labels.place(row["place"]), kind, row["years"])
        rows.append([*head, amount, labels.of("confidence", row["confidence"]), row["source"]])
    columns = [
        *(text("Bound"), text("What it limits"), text("Place"), text("Kind"), text("Years")),
        *(text("kt CO2 saved"), text("Confidence"), text("Source")),
    ]
    return View(text("Bounds that hold the pathway back"), columns, rows)


def _ranges(result: Result, labels: Labels, drawn: Mapping[str, Chart]) -> Section:
    text = labels.text
    title = text("What is determined, and what is free")
    if "ranges" not in result.tables:
        hint = text(
            "Not computed for this result; plan with --ranges to see how far each lever can go "
            "among all pathways with the least CCUS."
        )
        return Section("ranges", title, [hint])
    table = result.tables["ranges"]
    rows: list[list[Cell]] = []
    for row in table[table["year"] == table["year"].max()].to_dict("records"):
        ends = [number(row[name], row["unit"]) for name in ("least", "most")]
        lever = labels.lever(row["lever"], row["which"])
        tag = labels.of("tag", row["tag"])
        rows.append([labels.place(row["site"]), lever, *ends, ends[0].unit, tag])
    columns = [
        *(text("Site"), text("Lever"), text("Least"), text("Most"), text("Unit")),
        text("What it is"),
    ]
    words = [
        text(
            "The least and the most of each lever among all pathways that need no more CCUS. A "
            "lever with one value is a conclusion; the others are choices of this pathway."
        )
    ]
    view = View(text("Ranges in the final year"), columns, rows, folded=True)
    return Section("ranges", title, words, charts=_some(drawn, "ranges"), views=[view])


def criteria_view(result: Result, labels: Labels) -> View:
    """Every target against every criterion."""
    text, rows = labels.text, []
    chinese = "_zh" if labels.language.value == "zh-Hant" else ""
    marks = {"passed": "good", "failed": "bad"}
    for row in result.tables["criteria"].to_dict("records"):
        verdict = Markup('<span class="{}">{}</span>').format(
            marks.get(row["verdict"], "open"), labels.of("verdict", row["verdict"])
        )
        words = (row[f"found{chinese}"], row[f"rule{chinese}"])
        sure = labels.of("certainty", row["certainty"])
        name = labels.of("criterion", row["criterion"])
        rows.append([row["target"], name, verdict, *words, sure])
    columns = [
        *(text("Target"), text("Criterion"), text("Verdict"), text("Found"), text("Rule")),
        text("How sure the rule is"),
    ]
    return View(text("Targets and criteria"), columns, rows)


def _residual(result: Result, labels: Labels, drawn: Mapping[str, Chart]) -> Section:
    """What is left in the final year, by site and source; consolidated."""
    text, table = labels.text, result.tables["residual"]
    own = table[table["kind"] != "accounts"]
    sources = list(dict.fromkeys(own["source"]))
    found = own.set_index(["site", "source"])["consolidated"]
    rows: list[list[Cell]] = [
        [labels.place(site), *(number(float(found[site, s]), "t CO2e") for s in sources)]
        for site in dict.fromkeys(own["site"])
    ]
    columns = [text("Site"), *(labels.of("source", source) for source in sources)]
    totals = _totals(result.tables["summary"])
    words = [
        sentence(
            text(
                "In {year} {residual} is left after the capture of fossil CO2. Biogenic CO2 that "
                "is stored for good removes {removal}; it is told apart and nets no target."
            ),
            year=str(result.facts["horizon"][1]),
            residual=totals["residual"],
            removal=totals["own_removal"],
        )
    ]
    view = View(text("Residual emissions by site, kt CO2e, consolidated"), columns, rows)
    title = text("Residual emissions and removals")
    return Section("residual", title, words, charts=_some(drawn, "residual"), views=[view])


def _totals(summary: pd.DataFrame) -> dict[str, Number]:
    rows = summary[summary["quantity"].isin(["residual", "own_removal"])].to_dict("records")
    return {row["quantity"]: number(abs(row["value"]), row["unit"]) for row in rows}


def sources_section(result: Result, labels: Labels) -> Section:
    """Where every number comes from, the tables with the most doubt first."""
    text = labels.text
    views: list[View] = []
    table = result.tables["sources"]
    columns = [
        *(text("Row"), text("How it came to be"), text("Confidence"), text("Source")),
        text("Numbers"),
    ]
    for name, rows in table.groupby("table", sort=False):
        cells = [_source(row, labels) for row in rows.to_dict("records")]
        views.append(View(f"{name}.csv", columns, cells, folded=True))
    words = [text("Every row of the case, with where its numbers come from and how sure they are.")]
    return Section("sources", text("Assumptions and sources"), words, views=views)


def _source(row: Mapping[str, object], labels: Labels) -> list[Cell]:
    sure = str(row["confidence"])
    return [
        *(str(row["row"]), labels.of("status", str(row["status"]))),
        *(labels.of("confidence", sure) if sure else "", str(row["source"])),
        count(float(str(row["numbers"]))),
    ]
