"""The first part of the page: the answer in two sentences, its main numbers and its caveats."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from kilnpath.language.headline import PLAN_LEVERS, first_sentences
from kilnpath.report.beside import beside_view, conclusions, in_markup
from kilnpath.report.numbers import Number, count, number
from kilnpath.report.tables import doubtful_view
from kilnpath.report.views import Card, Section, sentence
from kilnpath.result.labels import Labels
from kilnpath.result.read import Result
from model.case.types import Objective, Second, Status


@dataclass(frozen=True)
class Summary:
    """Looks numbers up in the table ``summary`` of a result."""

    table: pd.DataFrame

    def find(self, quantity: str, scenario: str = "pathway", year: str = "") -> Number | None:
        """A number, or ``None`` where the result has none. year: empty for the only one."""
        rows = self.table[
            (self.table["quantity"] == quantity) & (self.table["scenario"] == scenario)
        ]
        if year:
            rows = rows[rows["year"] == year]
        if rows.empty:
            return None
        row = rows.iloc[-1]
        return number(float(row["value"]), str(row["unit"]))

    def need(self, quantity: str, scenario: str = "pathway", year: str = "") -> Number:
        """A number that every result has."""
        found = self.find(quantity, scenario, year)
        if found is None:
            raise KeyError(quantity)
        return found

    def counted(self, quantity: str) -> Number:
        """A number of things."""
        return count(self.need(quantity, "").value)

    def year_of(self, quantity: str) -> str:
        """The year in which a number stands."""
        rows = self.table[self.table["quantity"] == quantity]
        return str(rows["year"].iloc[-1]) if len(rows) else ""


def answer(result: Result, labels: Labels) -> Section:
    """The answer of a result."""
    summary = Summary(result.tables["summary"])
    said = first_sentences(result.tables, result.manifest["objective"])
    likewise = [one for one in said if one.is_comparison]
    lead = [
        *(in_markup(one, labels) for one in likewise),
        _first(summary, result.manifest, labels),
        _second(result, summary, labels),
    ]
    return Section(
        "answer",
        labels.text("The answer"),
        paragraphs=[*conclusions(result, labels), *_caveats(result, summary, labels)],
        lead=lead,
        cautions=[in_markup(one, labels) for one in said if not one.is_comparison],
        cards=_cards(result, summary, labels),
        views=beside_view(result, labels),
    )


def _first(summary: Summary, manifest: Mapping[str, Any], labels: Labels) -> Markup:
    """The least, which is proven, and what the pathway shown needs."""
    text, least, objective = labels.text, summary.need("least_ccus"), manifest["objective"]
    years = summary.year_of("least_ccus")
    first = text("In {years} no pathway inside these bounds needs less than {least} of CCUS.")
    if objective == Objective.PEAK:
        first = text(
            "Of all pathways inside these bounds, each needs {least} of CCUS or more in some year "
            "of {years}."
        )
    if not least.value:
        first = text("In {years} a pathway inside these bounds needs no CCUS.")
    words = [sentence(first, years=years, least=least)]
    if (total := summary.find("least_ccus_total")) is not None and least.value:
        second = text("Of those that need no more, none needs less than {total} in all.")
        words.append(sentence(second, total=total))
    needed = number(float(manifest["objectives"][1]["value"]), "t CO2")
    if needed.value > least.value * (1 + 1e-8):
        shown = text("The pathway shown needs {needed}, which makes it steadier.")
        if manifest["then"] == Second.PLAN:
            shown = text(
                "The pathway shown needs {needed}, which brings it nearer to the company's plan."
            )
        words.append(sentence(shown, needed=needed))
    return Markup(" ").join(words)


def _second(result: Result, summary: Summary, labels: Labels) -> Markup:
    text, final = labels.text, str(result.manifest["horizon"][1])
    cut = summary.find("scope12_below_base")
    values = {
        "year": final,
        "captured": summary.need("ccus", "pathway", final),
        "net": summary.need("scope12", "pathway", final),
        "targets": summary.counted("targets"),
        "bounds": summary.counted("bounds"),
    }
    if cut is None:
        return sentence(
            text(
                "In {year} it captures {captured} and still emits {net} (scope 1 and 2, after "
                "capture that counts), with all {targets} targets and {bounds} bounds kept."
            ),
            **values,
        )
    return sentence(
        text(
            "In {year} it captures {captured} and still emits {net} (scope 1 and 2, after capture "
            "that counts), {cut} below {base}, with all {targets} targets and {bounds} bounds kept."
        ),
        cut=cut,
        base=str(result.manifest["base_year"]),
        **values,
    )


def _caveats(result: Result, summary: Summary, labels: Labels) -> list[Markup]:
    text = labels.text
    found = []
    misses = result.tables["plan_misses"]
    missed = list(misses[misses["scenario"] == "plan"]["id"])
    if missed:
        template = text("Violated by the company's own plan: {limits}.")
        found.append(sentence(template, limits=labels.several(map(labels.line, missed))))
    found += [*_doubts(result, labels), *_unlimited(result, labels)]
    found += [*_of_the_plan(result, labels), _rules(result, labels)]
    counts = {str(s): summary.counted(f"numbers_{s}") for s in Status}
    template = text(
        "Of the numbers given, {published} are published, {derived} derived, {calibrated} "
        "calibrated and {assumed} assumed: read where they come from before you quote any."
    )
    found.append(sentence(template, **counts))
    return found


def _doubts(result: Result, labels: Labels) -> list[Markup]:
    """How many doubts there are about the case, and the gravest of them."""
    rows = doubtful_view(result, labels).rows
    if not rows:
        return []
    template = labels.text(
        "Doubtful in this case: {first}. All doubts ({count}) stand with its sources, below."
    )
    return [sentence(template, first=rows[0][0], count=count(len(rows)))]


def _unlimited(result: Result, labels: Labels) -> list[Markup]:
    """Levers that no bound holds, alone or in total."""
    table = result.tables["unlimited"]
    sites: dict[tuple[str, str], list[str]] = {}
    for row in table[table["totals"] == ""].to_dict("records"):
        sites.setdefault((row["lever"], row["which"]), []).append(labels.place(row["site"]))
    found = [
        sentence(
            labels.text("{what} ({where})"),
            what=labels.lever(*lever),
            where=labels.several(dict.fromkeys(places)),
        )
        for lever, places in sites.items()
    ]
    if not found:
        return []
    template = labels.text(
        "No bound holds the level of: {levers}. At most a limit on its pace does; see below."
    )
    return [sentence(template, levers=Markup(labels.text("; ")).join(found))]


def _of_the_plan(result: Result, labels: Labels) -> list[Markup]:
    """How much of the company's own plan is published; nothing where the case has none."""
    table = result.tables["certainty"]
    rows = table[table["table"] == "plan"]
    if rows.empty:
        return []
    numbers = dict(zip(rows["status"], rows["numbers"], strict=True))
    counts = {str(s): count(float(numbers.get(str(s), 0))) for s in Status}
    template = labels.text(
        "The company's own plan, as this case has it: of its numbers {published} are published, "
        "{derived} derived, {calibrated} calibrated and {assumed} assumed."
    )
    return [sentence(template, **counts)]


def _rules(result: Result, labels: Labels) -> Markup:
    """The contested rules of accounting by which all numbers are counted."""
    text, rules = labels.text, result.manifest["accounting"]
    words = [
        *_consolidation(rules, labels),
        text("Captured biogenic CO2 is deducted from scope 1.")
        if rules["captured_biogenic_counts"]
        else text("Captured biogenic CO2 is not deducted."),
        text("CO2 captured for use is deducted from scope 1.")
        if rules["captured_use_counts"]
        else text("CO2 captured for use is not deducted."),
    ]
    return Markup(" ").join(words)


def _consolidation(rules: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    """By which approach sites count, or by which from which year on."""
    text, approach = labels.text, rules["consolidation"]
    if not isinstance(approach, Mapping):
        by_share = text("Sites count by the group's share of them.")
        whole = text("Sites that the group controls count whole.")
        yield by_share if approach == "equity" else whole
        return
    for year, one in approach.items():
        words = text("From {year} sites that the group controls count whole.")
        if one == "equity":
            words = text("From {year} sites count by the group's share of them.")
        yield words.format(year=year)
    if rules.get("base_years") == "recalculated":
        yield text("Base years count by the shares of the year that they are compared with.")


def _cards(result: Result, summary: Summary, labels: Labels) -> list[Card]:
    text, final = labels.text, str(result.manifest["horizon"][1])
    years = summary.year_of("ccus_total")
    needed = Card(text("CCUS needed, {years}").format(years=years), summary.need("ccus_total"))
    if result.manifest["objective"] == Objective.CUMULATIVE:
        least = summary.need("least_ccus")
        needed = Card(text("Least CCUS, {years}").format(years=years), least)
    cards = [
        needed,
        Card(
            text("CCUS needed in {year}").format(year=final),
            summary.need("ccus", "pathway", final),
        ),
        Card(
            text("Scope 1 and 2 in {year}").format(year=final),
            summary.need("scope12", "pathway", final),
        ),
    ]
    levers = summary.find("least_ccus", PLAN_LEVERS)
    if levers is not None:
        words = text("With the levers of the company's plan, capture optimised")
        cards.insert(1, Card(words, levers))
    return cards
