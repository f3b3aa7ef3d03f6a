"""What the commands show that read a plan by the rules."""

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kilnpath.language.chosen import text
from kilnpath.language.languages import mark
from kilnpath.language.wording import names_on_screen, place_words, spans, title
from kilnpath.screen.amounts import kilotonnes, unsigned_zero
from kilnpath.screen.layout import grid, show
from kilnpath.studies.rulebooks import CASE_RULES, ResidualResult, RulebooksResult
from model.accounting.residual import SOURCE, SOURCES
from model.accounting.rulebooks import RULES
from model.accounting.switches import SWITCHES
from model.targets.criteria import COVERAGE

_ITEMS = {
    "cement": mark("cement"),
    "clinker_own": mark("clinker made for own cement"),
    "clinker_sold": mark("clinker made and sold"),
    "substitutes_sold": mark("substitutes sold"),
    "cementitious": mark("cementitious product"),
    "clinker_bought": mark("clinker bought, left out"),
    "gross direct": mark("gross direct"),
    "of it waste fuels": mark("of it waste fuels"),
    "captured and stored": mark("captured and stored"),
    "captured and used": mark("captured and used"),
    "of it biogenic, stored": mark("of it biogenic, stored"),
    "captured and deducted": mark("captured and deducted"),
    "scope 1": mark("scope 1"),
    "scope 2": mark("scope 2"),
    "memo: biogenic, before capture": mark("memo: biogenic, before capture"),
    "memo: scope 3, clinker and cement bought": mark("memo: scope 3, clinker and cement bought"),
}
_ADDITION = "addition "  # and the id of a material, as an item
_SOURCES = {
    "process": mark("process"),
    "combustion": mark("fuel"),
    "additions": mark("additions"),
    "own_power": mark("own power"),
    "other": mark("other"),
    "power": mark("power"),
}
_PRODUCTS = {"cementitious": mark("cem."), "cement": mark("cement"), "clinker": mark("clinker")}


def show_rulebooks(console: Console, result: RulebooksResult, subject: str) -> None:
    """Rulebooks by boundary, the inventory of the group, switches, limits and coverage."""
    case = result.case
    words = text(
        "{case}: {subject} under every rulebook. Consolidated, but for the ETS; cem.: cementitious "
        "product."
    )
    console.print(words.format(case=title(case.names), subject=escape(subject)))
    years = _years(result)
    for place in result.boundaries:
        show(console, _rule_table(result, place, years))
    show(console, _inventory_table(result, years))
    show(console, _switch_table(result))
    if case.targets:
        show(console, _limit_table(result))
    if case.company_plan:
        show(console, _coverage_table(result))
    console.print(f"\n[bold]{text('Sources')}[/]", highlight=False)
    for source in dict.fromkeys(rule.source for rule in RULES):
        rules = [rule for rule in RULES if rule.source == source]
        words = text("{rulebook}, {quantities}: {source} ({certainty})").format(
            rulebook=text(rules[0].rulebook),
            quantities=text(", ").join(dict.fromkeys(text(rule.quantity) for rule in rules)),
            source=text(source),
            certainty=text(rules[0].certainty),
        )
        console.print(escape(f" · {words}"), highlight=False)


def _years(result: RulebooksResult) -> list[int]:
    case = result.case
    tens = [year for year in case.horizon if year % 10 == 0]
    wanted = {case.base_year, case.inventory_year, *tens, case.final_year}
    return sorted(wanted & set(result.years))


def _rule_table(result: RulebooksResult, place: str, years: list[int]) -> Table:
    heading = text("Rulebooks, {place}").format(
        place=place_words(place, text, names_on_screen(result.case))
    )
    table = grid(heading, "", "", *map(str, years), text("unit"))
    table.columns[1].justify = "left"
    frame = result.tables["rulebooks"]
    cells = frame[frame["place"] == place].set_index(["rule", "year"])["value"]
    for rule in RULES:
        values = [float(cells[rule.id, year]) for year in years]
        shown = [_number(v) if rule.per else kilotonnes(v) for v in values]
        unit = f"t/t {text(_PRODUCTS[rule.per])}" if rule.per else "kt CO2e"
        table.add_row(text(rule.rulebook), text(rule.quantity), *shown, unit)
    return table


def _number(value: float) -> str:
    return "–" if pd.isna(value) else unsigned_zero(f"{value:.4f}")


def _inventory_table(result: RulebooksResult, years: list[int]) -> Table:
    """The group's products and emissions [kt]; lines without anything are left out."""
    table = grid(text("Inventory of the group, kt"), "", *map(str, years))
    frame = result.tables["inventory"]
    wide = frame.pivot_table(
        index="item", columns="year", values="consolidated", aggfunc=_sum, sort=False, dropna=False
    )
    for item in dict.fromkeys(frame["item"]):
        values = [float(wide.loc[item, year]) for year in years]
        if item != "clinker" and any(values):
            style = "bold" if item in ("cementitious", "scope 1", "scope 2") else ""
            shown = [text("not given") if pd.isna(v) else kilotonnes(v) for v in values]
            table.add_row(escape(_item_words(item)), *shown, style=style)
    return table


def _item_words(item: str) -> str:
    """What a line of the inventory is called."""
    if item.startswith(_ADDITION):
        return text("addition {material}").format(material=item.removeprefix(_ADDITION))
    return text(_ITEMS[item])


def _sum(values: "pd.Series[float]") -> float:
    """A sum that is unknown where a part of it is."""
    return float(values.sum(skipna=False))


def _switch_table(result: RulebooksResult) -> Table:
    heading = text("Contested rules, as the case has them")
    table = grid(heading, "", "", text("source"), text("certainty"))
    for _, row in result.tables["switches"].iterrows():
        way = f"{row['switch']} = {row['way']}"
        table.add_row(way, *(text(row[column]) for column in ("meaning", "source", "certainty")))
    for column in table.columns:
        column.justify = "left"
    return table


def _limit_table(result: RulebooksResult) -> Table:
    """Each target by the case's rules and with one switch turned: kept, or the years it fails."""
    frame, case = result.tables["limits"], result.case
    if frame.empty:
        return grid(text("Limits: the plan ends with the inventory, so none is checked"), "")
    rules = [CASE_RULES, *(switch.options[switch.other(case)] for switch in SWITCHES)]
    heading = text("Limits: kept, or the years that fail, if one rule stood otherwise")
    table = grid(heading, "", *map(text, rules))
    for target in case.targets:
        cells = []
        for rule in rules:
            failed = frame[(frame["target"] == target) & (frame["rules"] == rule)]
            years = failed.loc[~failed["holds"], "year"].tolist()
            cells.append(spans(years) if years else text("kept"))
        table.add_row(target, *cells)
    return table


def _coverage_table(result: RulebooksResult) -> Table:
    heading = text("Coverage, % of gross scope 1+2 (SBTi: at least {part} %, second hand)")
    heads = ("", text("year"), "", "", text("left out"))
    table = grid(heading.format(part=f"{100 * COVERAGE:.0f}"), *heads)
    table.columns[4].justify = "left"
    names = names_on_screen(result.case)
    for _, row in result.tables["coverage"].iterrows():
        verdict = text("covers") if row["holds"] else text("too little")
        sites = filter(None, row["left_out"].split(", "))
        left_out = text(", ").join(place_words(site, text, names) for site in sites)
        cells = (str(row["year"]), f"{row['value']:.1f}", verdict, left_out or "–")
        table.add_row(place_words(row["place"], text, names), *cells)
    return table


def show_residual(console: Console, result: ResidualResult, subject: str) -> None:
    """By site and source, then what would counterbalance it."""
    frame = result.tables["residual"]
    case, names = result.case, names_on_screen(result.case)
    words = text("{case}: what {subject} leaves in {year}. kt CO2e, consolidated.")
    console.print(words.format(case=title(case.names), subject=escape(subject), year=result.year))
    left = frame[frame["kind"] == "residual"]
    used = [s for s in SOURCES if left.loc[left["source"] == s, "consolidated"].any()]
    heads = (*(text(_SOURCES[source]) for source in used), text("all"))
    table = grid(text("Residual emissions"), "", *heads)
    for site, rows in left.groupby("site", sort=False):
        _residual_row(table, place_words(str(site), text, names), rows, used)
    _residual_row(table, place_words("group", text), left, used, "bold")
    show(console, table)
    totals = frame.groupby("kind")["consolidated"].sum()
    total, own = float(totals["residual"]), -float(totals["own_removal"])
    lines = grid(text("Permanent removals to counterbalance it"), "", "kt CO2e")
    lines.add_row(text("needed"), kilotonnes(total))
    lines.add_row(text("biogenic CO2 of its own stacks, stored"), kilotonnes(own))
    lines.add_row(text("from elsewhere"), kilotonnes(max(total - own, 0.0)), style="bold")
    show(console, lines)
    console.print(f"\n{_netting(result, float(totals['accounts']), own)}", highlight=False)


def _residual_row(
    table: Table, name: str, rows: pd.DataFrame, used: list[str], style: str = ""
) -> None:
    values = rows.groupby("source")["consolidated"].sum()
    if values.any():
        cells = [kilotonnes(float(values[s])) for s in used]
        table.add_row(name, *cells, kilotonnes(float(values.sum())), style=style)


def _netting(result: ResidualResult, accounts: float, own: float) -> str:
    words = text(
        "By the case's own rules scope 1+2 of {year} is {amount} kt, which is what its targets "
        "limit. No removal is netted into it."
    )
    if own and result.case.accounting.captured_biogenic_counts:
        words = text(
            "By the case's own rules scope 1+2 of {year} is {amount} kt, which is what its targets "
            "limit. That has captured biogenic CO2 deducted already (captured_biogenic_counts = "
            "true): a removal netted into targets, which this table undoes."
        )
    rule = text("Rule: {source}.").format(source=text(SOURCE))
    return f"{words.format(year=result.year, amount=kilotonnes(accounts))}\n{rule}"
