"""What the command that says why emissions change shows."""

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kilnpath.language.chosen import screen_language, text
from kilnpath.language.languages import mark, name_in
from kilnpath.language.wording import names_on_screen, place_words, title
from kilnpath.screen.amounts import kilotonnes
from kilnpath.screen.layout import grid, show
from kilnpath.studies.attribution import METHODS, AttributionResult
from model.attribution.factors import Factor

_FUEL = ("combustion", "additions", "other")
_SOURCES = {
    mark("process"): ("process",),
    mark("fuel"): _FUEL,
    mark("own power"): ("own_power",),
    mark("power"): ("power",),
    mark("all"): ("process", *_FUEL, "own_power", "power", "counted"),
}
_COUNTED = mark("captured and counted")
_LINES = {factor: str(factor) for factor in Factor}
_LINES[Factor.CAPTURE] = mark("heat and power of capture")
_MOST = 6  # places beside each other


def show_attribution(console: Console, result: AttributionResult, place: str, subject: str) -> None:
    """By source with both methods, by region or site with each, and the accounts behind.

    result: that of the place, ``AttributionResult.of``. Raises ``CaseError`` where it is unknown.
    """
    sites = result.sites(place)
    frame = result.tables["attribution"]
    line = frame["factor"].map(_LINES).mask(frame["source"] == "counted", _COUNTED)
    parts = [
        (words, frame.assign(line=line)[frame["method"] == method])
        for method, words in METHODS.items()
    ]
    words = text(
        "{case}: why emissions change from {start} to {end}, {subject}. kt CO2e, consolidated."
    )
    console.print(
        words.format(
            case=title(result.case.names),
            start=result.start,
            end=result.end,
            subject=escape(subject),
        )
    )
    known = set(frame["source"])
    sources = {w: members for w, members in _SOURCES.items() if not known.isdisjoint(members)}
    by_source = [
        (
            text(words) if position else f"{method}: {text(words)}",
            part[part["source"].isin(members)],
        )
        for method, part in parts
        for position, (words, members) in enumerate(sources.items())
    ]
    where = place_words(place, text, names_on_screen(result.case))
    show(console, _table(text("{place}, by emission source").format(place=where), by_source))
    if len(sites) > 1:
        for method, part in parts:
            heading, places = _places(result, part)
            show(console, _table(heading.format(place=where, method=method), places))
    console.print(f"\n{_accounts(result, sites)}", highlight=False)
    held = [result.case.sites[site] for site in sites]
    if any(one.at(result.start).share != one.at(result.end).share for one in held):
        words = text("Both years are consolidated by the group's shares of {year}.")
        console.print(words.format(year=result.end), highlight=False)


def _places(
    result: AttributionResult, part: pd.DataFrame
) -> tuple[str, list[tuple[str, pd.DataFrame]]]:
    """The regions, or the sites of a single one; the smallest together where there are many.

    With the heading of their table, for a place and a method.
    """
    level, heading = "site", text("{place}, by site, {method}")
    if part["region"].nunique() > 1:
        level, heading = "region", text("{place}, by region, {method}")
    language, sites = screen_language(), names_on_screen(result.case)
    names = {r: escape(name_in(language, words)) for r, words in result.case.regions.items()}
    names[text("others")] = text("others")
    size = part["consolidated"].abs().groupby(part[level]).sum()
    shown = set(size.nlargest(_MOST).index)
    key = part[level].where(part[level].isin(shown), text("others"))
    groups = part.groupby(key, sort=False)
    places = [
        (names.get(str(place)) or place_words(str(place), text, sites), rows)
        for place, rows in groups
    ]
    return heading, [*places, (text("all"), part)]


def _table(words: str, columns: list[tuple[str, pd.DataFrame]]) -> Table:
    """Effects by factor, their sum, what capture deducts, and the sum after it.

    A cell is empty where a factor has no part in a column. That output changes nothing is told; of
    other factors it goes without saying.
    """
    table = grid(words, "", *(heading for heading, _ in columns))
    sums = [part.groupby("line")["consolidated"].sum().to_dict() for _, part in columns]
    gross = [sum(value for line, value in s.items() if line != _COUNTED) for s in sums]
    for line in _LINES.values():
        _add(table, line, [s.get(line) for s in sums], always=line == str(Factor.OUTPUT))
    table.add_row(text("gross scope 1+2"), *map(kilotonnes, gross), style="bold")
    deducted = [s.get(_COUNTED) for s in sums]
    if any(deducted):
        _add(table, _COUNTED, deducted)
        net = ["" if d is None else kilotonnes(g + d) for g, d in zip(gross, deducted, strict=True)]
        table.add_row(text("net"), *net, style="bold")
    return table


def _add(table: Table, line: str, values: list[float | None], always: bool = False) -> None:
    if always or any(values):
        table.add_row(text(line), *("" if v is None else kilotonnes(v) for v in values))


def _accounts(result: AttributionResult, sites: tuple[str, ...]) -> str:
    """Both years in the accounts; that the effects meet them was confirmed."""
    shares = {site: result.case.sites[site].at(result.end).share for site in sites}
    changes = [(c, shares[c.site]) for c in result.changes if c.site in shares]
    said = []
    for year, name in ((result.start, "start"), (result.end, "end")):
        net = sum(getattr(c, name) * share for c, share in changes)
        gross = sum(getattr(c, name) * share for c, share in changes if c.source != "counted")
        words = text("{year} {gross} gross, {net} net")
        said.append(words.format(year=year, gross=kilotonnes(gross), net=kilotonnes(net)))
    words = text(
        "Accounts: {years}. By both methods the effects add up to the accounts in every source of "
        "every site, within 1e-9."
    )
    return words.format(years=text("; ").join(said))
