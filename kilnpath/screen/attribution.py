"""What the command that says why emissions change shows."""

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kilnpath.language.wording import title
from kilnpath.screen.layout import grid, show
from kilnpath.screen.plan import kilotonnes
from kilnpath.studies.attribution import METHODS, AttributionResult
from model.attribution.effects import Factor

_FUEL = ("combustion", "additions", "other")
_SOURCES = {
    "process": ("process",),
    "fuel": _FUEL,
    "power": ("power",),
    "all": ("process", *_FUEL, "power", "counted"),
}
_COUNTED = "captured and counted"
_LINES = {factor: str(factor) for factor in Factor} | {Factor.CAPTURE: "heat and power of capture"}
_MOST = 6  # places beside each other


def show_attribution(console: Console, found: AttributionResult, place: str, subject: str) -> None:
    """By source with both methods, by region or site with each, and the accounts behind.

    Raises ``CaseError`` where the place is unknown.
    """
    sites = found.sites(place)
    frame = found.tables["attribution"]
    frame = frame[frame["site"].isin(sites)]
    line = frame["factor"].map(_LINES).mask(frame["source"] == "counted", _COUNTED)
    parts = [
        (words, frame.assign(line=line)[frame["method"] == method])
        for method, words in METHODS.items()
    ]
    console.print(
        f"{title(found.case.names)}: why emissions change from {found.start} to {found.end}, "
        f"{escape(subject)}. kt CO2e, consolidated."
    )
    by_source = [
        (words if position else f"{method}: {words}", part[part["source"].isin(members)])
        for method, part in parts
        for position, (words, members) in enumerate(_SOURCES.items())
    ]
    show(console, _table(f"{escape(place)}, by emission source", by_source))
    if len(sites) > 1:
        for method, part in parts:
            level, places = _places(found, part)
            show(console, _table(f"{escape(place)}, by {level}, {method}", places))
    console.print(f"\n{_accounts(found, sites)}", highlight=False)


def _places(
    found: AttributionResult, part: pd.DataFrame
) -> tuple[str, list[tuple[str, pd.DataFrame]]]:
    """The regions, or the sites of a single one; the smallest together where there are many."""
    level = "region" if part["region"].nunique() > 1 else "site"
    names = {region: escape(words.en) for region, words in found.case.regions.items()}
    size = part["consolidated"].abs().groupby(part[level]).sum()
    shown = set(size.nlargest(_MOST).index)
    key = part[level].where(part[level].isin(shown), "others")
    groups = part.groupby(key, sort=False)
    places = [(names.get(str(place), str(place)), rows) for place, rows in groups]
    return level, [*places, ("all", part)]


def _table(words: str, columns: list[tuple[str, pd.DataFrame]]) -> Table:
    """Effects by factor, their sum, what capture deducts, and the sum after it.

    A cell is empty where a factor has no part in a column.
    """
    table = grid(words, "", *(heading for heading, _ in columns))
    sums = [part.groupby("line")["consolidated"].sum().to_dict() for _, part in columns]
    gross = [sum(value for line, value in s.items() if line != _COUNTED) for s in sums]
    for line in _LINES.values():
        _add(table, line, [s.get(line) for s in sums])
    table.add_row("gross scope 1+2", *map(kilotonnes, gross), style="bold")
    deducted = [s.get(_COUNTED) for s in sums]
    if any(deducted):
        _add(table, _COUNTED, deducted)
        net = ["" if d is None else kilotonnes(g + d) for g, d in zip(gross, deducted, strict=True)]
        table.add_row("net", *net, style="bold")
    return table


def _add(table: Table, line: str, values: list[float | None]) -> None:
    if any(values):
        table.add_row(line, *("" if v is None else kilotonnes(v) for v in values))


def _accounts(found: AttributionResult, sites: tuple[str, ...]) -> str:
    """Both years in the accounts; that the effects meet them was confirmed."""
    changes = [(c, found.case.sites[c.site].share) for c in found.changes if c.site in sites]
    said = []
    for year, name in ((found.start, "start"), (found.end, "end")):
        net = sum(getattr(c, name) * share for c, share in changes)
        gross = sum(getattr(c, name) * share for c, share in changes if c.source != "counted")
        said.append(f"{year} {kilotonnes(gross)} gross, {kilotonnes(net)} net")
    return (
        f"Accounts: {'; '.join(said)}. By both methods the effects add up to the accounts in every "
        "source of every site, within 1e-9."
    )
