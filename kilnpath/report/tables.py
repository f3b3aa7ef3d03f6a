"""The tables of the page, each from one table of the result."""

from markupsafe import Markup

from kilnpath.charts.drawing.chart import records
from kilnpath.charts.questions.assumptions_words import item_of_doubt, item_of_trial
from kilnpath.language.languages import Language
from kilnpath.report.numbers import Number, count, intensity, number
from kilnpath.report.views import Cell, View
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result

_MOST_WORTH = 15
LEVERS = (
    *(("clinker_ratio", ""), ("alternative_raw", "all"), ("heat_intensity", "")),
    *(("fuel", "alternative"), ("fuel", "biomass"), ("waste_heat_power", "")),
    *(("renewable_power", ""), ("own_power", "all"), ("grid_power", ""), ("capture", "all")),
)


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
        scope = labels.several(filter(None, [labels.name_of_line(row["target"]), scope]))
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
    final = str(result.manifest["horizon"][1])
    shown = [
        ("reported", str(result.manifest["base_year"])),
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
        about = filter(None, [labels.name_of_line(row["id"]), what, labels.place(row["place"])])
        head = (row["id"], labels.several(about), kind, row["years"])
        rows.append([*head, amount, labels.of("confidence", row["confidence"]), row["source"]])
    columns = [
        *(text("Bound"), text("What it limits"), text("Kind"), text("Years")),
        *(text("kt CO2 saved"), text("Confidence"), text("Source")),
    ]
    return View(text("Bounds that hold the pathway back"), columns, rows)


def verdicts_view(result: Result, labels: Labels) -> View:
    """The verdict of every target under every criterion."""
    table = result.tables["criteria"]
    names = list(dict.fromkeys(table["criterion"]))
    found = table.set_index(["target", "criterion"])["verdict"]
    rows: list[list[Cell]] = [
        [target, *(_verdict(str(found[target, name]), labels) for name in names)]
        for target in dict.fromkeys(table["target"])
    ]
    heads = [labels.of("criterion", name) for name in names]
    return View(labels.text("Targets and criteria"), [labels.text("Target"), *heads], rows)


def _verdict(verdict: str, labels: Labels) -> Markup:
    kind = {"passed": "good", "failed": "bad"}.get(verdict, "open")
    return Markup('<span class="{}">{}</span>').format(kind, labels.of("verdict", verdict))


def criteria_view(result: Result, labels: Labels) -> View:
    """What was found for every target under every criterion."""
    text, rows = labels.text, []
    chinese = "_zh" if labels.language is Language.CHINESE else ""
    for row in result.tables["criteria"].to_dict("records"):
        verdict = _verdict(row["verdict"], labels)
        words = (row[f"found{chinese}"], row[f"rule{chinese}"])
        sure = labels.of("certainty", row["certainty"])
        name = labels.of("criterion", row["criterion"])
        rows.append([row["target"], name, verdict, *words, sure])
    columns = [
        *(text("Target"), text("Criterion"), text("Verdict"), text("Found"), text("Rule")),
        text("How sure the rule is"),
    ]
    return View(text("What each criterion found"), columns, rows, folded=True)


def ranges_view(result: Result, labels: Labels) -> View:
    """How far each lever can go in the final year."""
    text, table = labels.text, result.tables["ranges"]
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
    return View(text("Ranges in the final year"), columns, rows, folded=True)


def trials_view(result: Result, labels: Labels) -> View:
    """The least CCUS where each thing that it rests on is otherwise."""
    text = labels.text
    rows: list[list[Cell]] = []
    for row in records(result.tables["assumptions"]):
        item = item_of_trial(row, labels)
        if row["ccus_total"] != row["ccus_total"]:
            rows.append([item, *[text("no pathway")] * 2, "–", "–"])
            continue
        names = ("ccus_total", "ccus_final", "more_total", "more_final")
        rows.append([item, *(number(row[name], "t CO2") for name in names)])
    columns = [
        *(text("What is otherwise"), text("All years, kt CO2"), text("Final year, kt CO2")),
        *(text("More, all years"), text("More, final year")),
    ]
    return View(text("Least CCUS where one thing is otherwise"), columns, rows, folded=True)


def doubts_view(result: Result, labels: Labels) -> View:
    """The bounds by what their plausible error is worth."""
    text = labels.text
    rows: list[list[Cell]] = []
    for row in records(result.tables["doubts"]):
        ends = [number(row[name], "t CO2") for name in ("worth", "looser", "tighter")]
        sure = labels.of("status", row["status"]), labels.of("confidence", row["confidence"])
        rows.append([item_of_doubt(row, labels), *sure, number(row["doubt"], "1"), *ends])
    columns = [
        *(text("Bound"), text("Status"), text("Confidence"), text("Doubt, %")),
        *(text("Worth, kt CO2"), text("Looser"), text("Tighter")),
    ]
    return View(text("Bounds by what their doubt is worth"), columns, rows, folded=True)


def unlimited_view(result: Result, labels: Labels) -> View:
    """Levers that no bound of a site alone holds from above; those that none holds first."""
    text, table = labels.text, result.tables["unlimited"]
    rows: list[list[Cell]] = []
    for row in table.sort_values("totals", kind="stable").to_dict("records"):
        held = labels.several(map(labels.place, filter(None, row["totals"].split(", "))))
        amount, lever = number(row["value"], row["unit"]), labels.lever(row["lever"], row["which"])
        head = (lever, labels.place(row["site"]), row["years"], held or text("nothing"))
        rows.append([*head, amount, amount.unit])
    columns = [
        *(text("Lever"), text("Site"), text("Years"), text("Limited in total of"), text("Used")),
        text("Unit"),
    ]
    return View(text("Levers that no bound of a site holds"), columns, rows, folded=len(rows) > 12)


def residual_view(result: Result, labels: Labels) -> View:
    """What is left in the final year, by site and source; consolidated."""
    text, table = labels.text, result.tables["residual"]
    own = table[table["kind"] != "accounts"]
    sources = list(dict.fromkeys(own["source"]))
    found = own.set_index(["site", "source"])["consolidated"]
    rows: list[list[Cell]] = [
        [labels.place(site), *(number(float(found[site, s]), "t CO2e") for s in sources)]
        for site in dict.fromkeys(own.loc[own["consolidated"] != 0, "site"])
    ]
    columns = [text("Site"), *(labels.of("source", source) for source in sources)]
    return View(text("Residual emissions by site, kt CO2e, consolidated"), columns, rows)


def doubtful_view(result: Result, labels: Labels) -> View:
    """What the case says and hardly means; no rows where nothing is doubtful."""
    column = "doubtful_zh" if labels.language is Language.CHINESE else "doubtful"
    table = result.tables.get("doubtful")
    rows: list[list[Cell]] = [] if table is None else [[words] for words in table[column]]
    title = labels.text("Doubts about this case")
    return View(title, [title], rows, folded=len(rows) > 12)


def certainty_view(result: Result, labels: Labels) -> View:
    """How many numbers of each table of the case are how sure."""
    text = labels.text
    rows: list[list[Cell]] = [
        [
            f"{row['table']}.csv",
            labels.of("status", row["status"]),
            labels.of("confidence", row["confidence"]) if row["confidence"] else "–",
            *(count(row["rows"]), count(row["numbers"])),
        ]
        for row in result.tables["certainty"].to_dict("records")
    ]
    columns = [text("Table"), text("How it came to be"), text("Confidence")]
    columns += [text("Rows"), text("Numbers")]
    return View(text("Where the numbers come from"), columns, rows)
