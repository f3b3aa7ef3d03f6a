"""What the page sets beside the least: the company's plan, and what follows for whoever decides."""

from collections.abc import Iterator

from markupsafe import Markup

from kilnpath.language.headline import Amount, Said, Summary, Things, Value
from kilnpath.report.numbers import Number, count, number
from kilnpath.report.tables import LEVERS
from kilnpath.report.views import Cell, View, sentence
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result
from model.formulas.laws import MEANINGS

_SHOWN = 6  # of many bounds, targets or sites
_PERMITS = 3
_DECIDED_BY_OTHERS = ("permit", "standard", "policy")  # kinds of bounds that an authority can move
_NOTHING = 1e-6  # of a site's largest capture


def in_markup(said: Said, labels: Labels) -> Markup:
    """A first sentence as the page shows it."""
    values = {name: _shown(value, labels) for name, value in said.values.items()}
    return sentence(labels.text(said.template), **values)


def _shown(value: Value, labels: Labels) -> str | Markup | Number:
    match value:
        case Amount(found, ""):
            return count(found)
        case Amount(found, unit):
            return number(found, unit)
        case Things(ids, notes):
            return _row_of(ids, notes, labels)
        case str(words):
            return words


def _row_of(ids: tuple[str, ...], notes: tuple[tuple[str, ...], ...], labels: Labels) -> str:
    """Bounds, targets or sites in a row, the first of many, with what is told of each."""
    text, found = labels.text, []
    for place, key in enumerate(ids[:_SHOWN]):
        name = labels.name_of_line(key) or labels.place(key)
        if key in MEANINGS:
            name = text(MEANINGS[key])
        if notes:
            told = labels.several(text(note) for note in notes[place])
            name = text("{name} ({notes})").format(name=name, notes=told)
        found.append(name)
    words = labels.several(found)
    if len(ids) <= _SHOWN:
        return words
    return text("{names}, … and {count} more").format(names=words, count=len(ids) - _SHOWN)


def beside_view(result: Result, labels: Labels) -> list[View]:
    """The company's plan and the pathway in the same numbers; nothing without a plan."""
    summary, text = Summary(result.tables["summary"]), labels.text
    if summary.find("ccus_total", "plan") is None:
        return []
    final = str(result.manifest["horizon"][1])
    years = summary.year("ccus_total", "pathway")
    lines = (
        ("ccus_total", "", text("CCUS, {years}").format(years=years)),
        ("ccus", final, text("CCUS in {year}").format(year=final)),
        ("ccus_peak", "", text("CCUS in the peak year")),
        ("ccus_rise", "", text("Largest rise of CCUS in a year")),
        ("scope12_total", "", text("Scope 1 and 2 emitted, {years}").format(years=years)),
        ("targets_kept", "", text("Targets kept")),
        ("bounds_broken", "", text("Bounds not kept")),
    )
    rows: list[list[Cell]] = []
    for quantity, year, words in lines:
        cells = [_cell(summary, quantity, scenario, year) for scenario in ("plan", "pathway")]
        unit = next((cell.unit for cell in cells if isinstance(cell, Number)), "")
        rows.append([words, *cells, unit])
    heads = ["", labels.of("scenario", "plan"), labels.of("scenario", "pathway"), text("Unit")]
    return [View(text("Beside the company's plan, as it is"), heads, rows)]


def _cell(summary: Summary, quantity: str, scenario: str, year: str) -> Cell:
    found = summary.find(quantity, scenario, year)
    if found is None:
        return "–"
    return count(found.value) if found.unit == "1" else number(found.value, found.unit)


def conclusions(result: Result, labels: Labels) -> list[Markup]:
    """What must be built, which permits are worth fighting for, and what the answer rests on."""
    text = labels.text
    parts = {
        text("What must be built"): list(_built(result, labels)),
        text("Permits worth fighting for"): [_permits(result, labels)],
        text("What it rests on"): list(_rests(result, labels)),
    }
    template, said = text("{title}: {words}"), []
    for title, words in parts.items():
        if words:
            bold = Markup("<strong>{}</strong>").format(title)
            said.append(sentence(template, title=bold, words=Markup(" ").join(words)))
    return said


def _built(result: Result, labels: Labels) -> Iterator[Markup]:
    """Capture by site: from when, and how much; and where the group's levers must go."""
    text = labels.text
    found = sorted(_captures(result), key=lambda one: -one[2])
    words = [
        sentence(
            text("{place} from {year}, up to {most} a year"),
            place=labels.place(site),
            year=str(year),
            most=number(most, "t CO2"),
        )
        for site, year, most in found
    ]
    if not words:
        yield Markup.escape(text("No capture."))
    else:
        template = text("Capture, of each plant as a whole: {places}.")
        if len(words) > _SHOWN:
            template = text("Capture, of each plant as a whole: {places}, and at {more} more.")
        places = Markup(text("; ")).join(words[:_SHOWN])
        yield sentence(template, places=places, more=str(len(words) - _SHOWN))
    if moves := list(_moves(result, labels)):
        template = text("In the group, from {base} to {final}: {levers}.")
        first = result.manifest["base_year"]
        final = result.manifest["horizon"][1]
        levers = Markup(text("; ")).join(moves)
        yield sentence(template, base=str(first), final=str(final), levers=levers)


def _captures(result: Result) -> Iterator[tuple[str, int, float]]:
    """Site, first year and most of a year of what each plant captures. [t CO2]"""
    table = result.tables["pathway"]
    table = table[table["quantity"] == "capture"]
    for site, rows in table.groupby("site", sort=False):
        years = rows.groupby("year")["value"].sum()
        most = float(years.max())
        used = years[years > _NOTHING * most]
        if most > 1.0 and len(used):
            yield str(site), int(used.index.min()), most


def _moves(result: Result, labels: Labels) -> Iterator[Markup]:
    """The group's levers but capture: where they are reported, and where they must be."""
    table = result.tables["levers"]
    table = table[table["place"] == "group"]
    base, final = result.manifest["base_year"], result.manifest["horizon"][1]
    for lever, which in LEVERS:
        own = table[(table["lever"] == lever) & (table["which"] == which)]
        then = own[(own["scenario"] == "reported") & (own["year"] == base)]
        now = own[(own["scenario"] == "pathway") & (own["year"] == final)]
        if lever == "capture" or then.empty or now.empty:
            continue
        shown = [
            number(float(rows["value"].iloc[0]), str(rows["unit"].iloc[0])) for rows in (then, now)
        ]
        template = labels.text("{lever} from {then} to {now}")
        yield sentence(template, lever=labels.lever(lever, which), then=shown[0], now=shown[1])


def _permits(result: Result, labels: Labels) -> Markup:
    """The three bounds that an authority can move and that are worth most."""
    text, table = labels.text, result.tables["worth"]
    rows = table[table["kind"].isin(_DECIDED_BY_OTHERS)].head(_PERMITS).to_dict("records")
    if not rows:
        words = text("none: no permit, standard or policy holds the pathway back.")
        return Markup.escape(words)
    found = [
        sentence(
            text("{bound}: {what} ({place}, {years}), of which 1 % more room saves {saved}"),
            bound=labels.line(row["id"]),
            what=labels.bound(row["lever"], row["which"], row["sense"]),
            place=labels.place(row["place"]),
            years=row["years"],
            saved=number(float(row["value"]), row["unit"]),
        )
        for row in rows
    ]
    template = text("{bounds}. To first order, over all years.")
    return sentence(template, bounds=Markup(text("; ")).join(found))


def _rests(result: Result, labels: Labels) -> Iterator[Markup]:
    """How much of what wider bounds would save is of bounds that are assumed, or unsure."""
    summary, worth = Summary(result.tables["summary"]), result.tables["worth"]
    assumed = summary.find("worth_assumed_share", "")
    low = summary.find("worth_low_confidence_share", "")
    if assumed is None or low is None:
        return
    sources, first = result.tables["sources"], worth.iloc[0]
    own = sources[(sources["table"] == "bounds") & (sources["row"] == first["id"])]
    template = labels.text(
        "Of what a little more room in the binding bounds would save, {assumed} stands with bounds "
        "that are assumed and {low} with bounds of low confidence. The bound worth most is {bound} "
        "({status}, confidence {confidence})."
    )
    yield sentence(
        template,
        assumed=number(assumed.value, "1"),
        low=number(low.value, "1"),
        bound=labels.line(first["id"]),
        status=labels.several(labels.of("status", one) for one in own["status"]),
        confidence=labels.of("confidence", str(first["confidence"])),
    )
