"""What the commands say on the screen: numbers of the results, given a form."""

import math
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kilnpath.language.chosen import screen_language, text
from kilnpath.language.languages import mark, name_in
from kilnpath.language.wording import (
    KINDS,
    bound_words,
    line_words,
    lines_words,
    named_limit,
    names_on_screen,
    place_words,
    spans,
    spans_of,
    title,
)
from kilnpath.screen.amounts import kilotonnes, unsigned_zero
from kilnpath.screen.answer import beside_table, ccus_table, say_first
from kilnpath.screen.layout import grid, show
from kilnpath.studies.plan import AccountResult, PlanResult
from kilnpath.tables.outcome import milestone
from kilnpath.tables.unlimited import describe, unlimited_levers
from model.case.places import PRODUCT
from model.case.types import Case, Objective, Scope, Second
from model.formulas.inventory import Inventory, consolidated
from model.pathway.pathway import BoundCheck, Pathway

LEVERS = (
    ("clinker_ratio", "", mark("clinker ratio"), 100, "%"),
    ("alternative_raw", "all", mark("alternative raw materials"), 100, "%"),
    ("heat_intensity", "", mark("kiln heat per clinker"), 1, "GJ/t"),
    ("fuel", "alternative", mark("alternative fuels, of heat"), 100, "%"),
    ("fuel", "biomass", mark("biomass, of heat"), 100, "%"),
    ("waste_heat_power", "", mark("waste heat power, of demand"), 100, "%"),
    ("renewable_power", "", mark("renewable power, of demand"), 100, "%"),
    ("own_power", "all", mark("own power that burns fuel, of demand"), 100, "%"),
    ("grid_power", "", mark("grid power, of demand"), 100, "%"),
    ("capture", "all", mark("CO2 captured, of stack"), 100, "%"),
)


_LEAST = {
    Objective.CUMULATIVE: mark("Least cumulative CCUS"),
    Objective.FINAL: mark("Least CCUS of the final year, then in total"),
    Objective.PEAK: mark("Least CCUS of the peak year, then in total"),
}
_ALGORITHMS = {
    "hipo": mark("HiGHS's interior point method HiPO"),
    "ipx": mark("HiGHS's interior point method IPX (with highspy-extras HiPO would be quicker)"),
}


def show_plan(console: Console, result: PlanResult) -> None:
    """The one-screen summary of a pathway."""
    case, pathway = result.case, result.pathway
    console.print(
        text("{case}, {first}–{last}: optimal, recounted. {least}, then {second}.").format(
            case=title(case.names),
            first=case.horizon.start,
            last=case.final_year,
            least=text(_LEAST[result.objective]),
            second=_second_words(result),
        )
    )
    if result.solution.left_out:
        words = text(
            "No second objective in a group of this size, because it takes long; ask for it by "
            "--then {second}."
        )
        console.print(words.format(second=result.case.second), highlight=False)
    if algorithm := _ALGORITHMS.get(result.solution.algorithm):
        words = text("Found by {algorithm}, proven without a basis.")
        console.print(words.format(algorithm=text(algorithm)), highlight=False)
    if result.changes:
        words = text("Changed: {changes}").format(changes="; ".join(result.changes))
        console.print(words, highlight=False, markup=False)
    say_first(console, result)
    show(console, ccus_table(result))
    if (beside := beside_table(result)) is not None:
        show(console, beside)
    _say_what_the_plan_breaks(console, result)
    if case.targets:
        show(console, _target_table(case, pathway))
    show(console, _lever_table(result))
    show(console, _binding_table(result))
    _say_what_nothing_limits(console, case)


def _say_what_nothing_limits(console: Console, case: Case, most: int = 3) -> None:
    """Levers that the register forgot: a pathway may lean on them."""
    found = list(
        describe(
            (lever for lever in unlimited_levers(case) if not lever.totals),
            text,
            names_on_screen(case),
        )
    )
    if not found:
        return
    said = escape(text("; ").join(found[:most]))
    if len(found) > most:
        said += text("; and {count} more").format(count=len(found) - most)
    words = text("Nothing limits: {levers}; see kilnpath check.").format(levers=said)
    console.print(f"\n{words}", highlight=False)


def _say_what_the_plan_breaks(console: Console, result: PlanResult) -> None:
    """A plan that misses targets or breaks bounds is no fair comparison."""
    plan = result.company.plan if result.company else None
    if plan is None:
        return
    if misses := plan.misses:
        lines = lines_words(plan.case, misses)
        words = text("Violated by the plan itself: {lines}.").format(lines=lines)
        console.print(words, highlight=False)


def _second_words(result: PlanResult) -> str:
    """How the pathway was chosen among those that need hardly more."""
    if result.second is Second.NONE:
        return text("as the solver found it")
    nearest = result.second is Second.PLAN
    if not result.within:
        return text("the nearest to plan.csv") if nearest else text("the steadiest")
    part = f"{result.within:.3%}".rstrip("0%").rstrip(".")
    if result.solution.total is not None:
        both = text("a steady pathway within {part} % of both")
        if nearest:
            both = text("the pathway nearest to plan.csv within {part} % of both")
        return both.format(part=part)
    if nearest:
        return text("the pathway nearest to plan.csv within {part} % of it").format(part=part)
    return text("a steady pathway within {part} % of it").format(part=part)


def _target_table(case: Case, pathway: Pathway) -> Table:
    columns = (text("year"), text("limit"), text("value"), text("margin"), text("unit"))
    table, names = grid(text("Targets"), "", *columns, ""), names_on_screen(case)
    for target in case.targets.values():
        checks = [check for check in pathway.targets if check.target == target.id]
        shown = checks if len(checks) <= 2 else [checks[0], min(checks, key=_tightest), checks[-1]]
        for check in dict.fromkeys(shown):
            digits = ".4f" if check.unit == "t/t" else ",.0f"
            amounts = (check.value, check.margin)  # of no product there is no intensity
            table.add_row(
                text("{target}, scope {scope}, {place}").format(
                    target=target.id,
                    scope=target.scope,
                    place=place_words(target.place, text, names),
                ),
                spans_of(target, [check.year]),
                f"{check.limit:{digits}}",
                *("–" if math.isnan(v) else unsigned_zero(f"{v:{digits}}") for v in amounts),
                check.unit,
                "" if check.holds else f"[red]{text('missed')}[/]",
            )
    return table


def _tightest(check: object) -> float:
    return -float(getattr(check, "excess", 0.0))


def _lever_table(result: PlanResult) -> Table:
    """The group's levers in the base year and at the milestones, and in the plan's final year."""
    case = result.case
    levers = result.tables["levers"]
    group = levers[levers["place"] == "group"]
    found = dict(
        zip(
            zip(group["scenario"], group["year"], group["lever"], group["which"], strict=True),
            group["value"],
            strict=True,
        )
    )
    shown = [
        ("reported", case.base_year, text("{year} (reported)").format(year=case.base_year)),
        *(("pathway", year, str(year)) for year in sorted({milestone(case), case.final_year})),
        ("plan", case.final_year, text("{year} (plan)").format(year=case.final_year)),
    ]
    shown = [entry for entry in shown if entry[0] in set(group["scenario"])]
    table = grid(text("Levers of the group"), "", *(words for _, _, words in shown), text("unit"))
    for lever, which, words, factor, unit in LEVERS:
        values = [found.get((scenario, year, lever, which)) for scenario, year, _ in shown]
        if any(value is not None for value in values):
            digits = 2 if factor == 1 else 1
            cells = ["–" if v is None else f"{v * factor:.{digits}f}" for v in values]
            table.add_row(text(words), *cells, unit)
    _add_products(table, result, shown)
    _add_moved(table, result, shown)
    return table


def _add_products(table: Table, result: PlanResult, shown: Sequence[tuple[str, int, str]]) -> None:
    """The clinker ratio of each cement product of the group, where the case has products."""
    levers, names = result.tables["levers"], names_on_screen(result.case)
    for product in result.case.products:
        ours = levers["place"] == f"group{PRODUCT}{product}"
        rows = levers[ours & (levers["lever"] == "clinker_ratio")]
        found = rows.set_index(["scenario", "year"])["value"].to_dict()
        values = [found.get((scenario, year)) for scenario, year, _ in shown]
        words = text("clinker ratio, {product}").format(
            product=escape(names.products.get(product, product))
        )
        table.add_row(words, *("–" if v is None else f"{v * 100:.1f}" for v in values), "%")


def _add_moved(table: Table, result: PlanResult, shown: Sequence[tuple[str, int, str]]) -> None:
    """Clinker that sites of the group send to each other, where the case has routes."""
    if not result.case.routes:
        return
    table_of_pathway = result.tables["pathway"]
    rows = table_of_pathway[table_of_pathway["quantity"] == "clinker_sent"]
    sent = rows.groupby("year")["consolidated"].sum().to_dict()
    cells = [kilotonnes(sent[y]) if s == "pathway" else "–" for s, y, _ in shown]
    table.add_row(text("clinker moved between its sites"), *cells, "kt")


def _binding_table(result: PlanResult, most: int = 8) -> Table:
    """The bounds with the largest worth: what a 1 % wider limit saves, to first order."""
    worths, names = result.worths, names_on_screen(result.case)
    table = grid(
        text("Binding bounds, by CCUS saved per 1 % relaxation (first-order)"),
        "",
        text("what"),
        text("where"),
        text("kind"),
        text("years"),
        "kt CO2",
    )
    for worth in worths[:most]:
        bound = worth.bound
        what, years = named_limit(bound, names), spans_of(bound, worth.years)
        kind = text(KINDS[bound.kind])
        cells = (what, place_words(bound.place, text, names), kind, years, kilotonnes(worth.saved))
        table.add_row(bound.id, *cells)
    if not worths:
        table.add_row(text("none: no bound has a shadow price"), "", "", "", "", "")
    elif len(worths) > most:
        table.add_row(
            text("… and {count} more in worth.csv").format(count=len(worths) - most),
            "",
            "",
            "",
            "",
            "",
        )
    return table


_SOURCES = (
    ("process", mark("process")),
    ("combustion", mark("fuel combustion")),
    ("additions", mark("own CO2 of additions")),
    ("own_power", mark("own power from fuels")),
    ("other", mark("other direct")),
    ("power", mark("bought power (scope 2)")),
)


def show_account(console: Console, result: AccountResult) -> None:
    """Emissions by source for the plan and the frozen baseline, by region, and what is overshot."""
    case = result.case
    years = shown_years(case, result)
    words = text("{case}: accounts of plan.csv, no optimisation. kt CO2e, consolidated.")
    console.print(words.format(case=title(case.names)))
    scenarios = (
        ("plan", text("Plan")),
        ("baseline", text("Frozen baseline (base-year levers)")),
    )
    for name, words in scenarios:
        accounts = result.scenarios[name]
        chosen = [year for year in years if (next(iter(case.sites)), year) in accounts]
        groups = [consolidated(case, case.sites, year, accounts) for year in chosen]
        show(console, _source_table(words, chosen, groups))
    regions: dict[str, list[str]] = {}
    for site in case.sites.values():
        regions.setdefault(site.region, []).append(site.id)
    accounts = result.scenarios["plan"]
    chosen = [year for year in years if (next(iter(case.sites)), year) in accounts]
    table = grid(text("Plan by region, scope 1+2"), "", *map(str, chosen))
    for region, sites in regions.items():
        values = [consolidated(case, sites, year, accounts).scope(Scope.BOTH) for year in chosen]
        table.add_row(
            escape(name_in(screen_language(), case.regions[region])), *map(kilotonnes, values)
        )
    show(console, table)
    if result.plan is not None:
        _show_overshoots(console, result.plan)


def shown_years(case: Case, result: AccountResult) -> list[int]:
    """Base year, inventory year, every tenth year of the horizon and the last."""
    tens = [year for year in case.horizon if year % 10 == 0]
    return sorted({case.base_year, case.inventory_year, *tens, case.final_year})


def _source_table(title: str, years: Sequence[int], groups: Sequence[Inventory]) -> Table:
    table = grid(title, "", *map(str, years))
    for source, words in _SOURCES:
        if any(getattr(group, source) for group in groups):
            table.add_row(text(words), *(kilotonnes(getattr(group, source)) for group in groups))
    counted = (kilotonnes(-group.counted + 0.0) for group in groups)
    table.add_row(text("captured and counted"), *counted)
    table.add_row(
        text("scope 1+2"), *(kilotonnes(group.scope(Scope.BOTH)) for group in groups), style="bold"
    )
    table.add_row(text("memo: biogenic CO2"), *(kilotonnes(group.biogenic) for group in groups))
    table.add_row(text("memo: CO2 captured"), *(kilotonnes(group.captured) for group in groups))
    for scope in (Scope.ONE, Scope.TWO):
        values = [g.scope(scope) / g.cementitious if g.cementitious else 0.0 for g in groups]
        words = text("scope {scope}, t/t cementitious").format(scope=scope)
        table.add_row(words, *(f"{value:.4f}" for value in values))
    return table


def _show_overshoots(console: Console, plan: Pathway) -> None:
    """Bounds and targets that the plan violates, worst year of each, by id."""
    names = names_on_screen(plan.case)
    broken: dict[str, list[BoundCheck]] = {}
    for check in plan.bounds:
        if not check.holds:
            broken.setdefault(check.bound.id, []).append(check)
    missed: dict[str, list[int]] = {}
    for target in plan.targets:
        if not target.holds:
            missed.setdefault(target.target, []).append(target.year)
    if not broken and not missed:
        console.print(text("The plan keeps every bound and target."))
        return
    console.print(f"[bold]{text('Violated by the plan')}[/]")
    for checks in broken.values():
        worst = max(checks, key=lambda check: check.excess)
        bound = worst.bound
        years = spans_of(bound, [check.year for check in checks])
        words = text(
            "{kind} [bold]{bound}[/]: {limit}, the plan has {value} {unit} in {year} ({years})"
        ).format(
            kind=text(KINDS[bound.kind]),
            bound=line_words(bound),
            limit=bound_words(bound, [worst.year], text, names),
            value=f"{worst.value / bound.factor:.4g}",
            unit=bound.unit,
            year=worst.year,
            years=years,
        )
        console.print(f" · {words}", highlight=False)
    for target_id, years_missed in missed.items():
        worst_target = max(
            (t for t in plan.targets if t.target == target_id), key=lambda t: t.excess
        )
        words = text(
            "target '{target}' in {year}: value {value} {unit}, limit {limit} {unit} (missed in "
            "{years})"
        ).format(
            target=line_words(plan.case.targets[worst_target.target]),
            year=worst_target.year,
            value="–" if math.isnan(worst_target.value) else f"{worst_target.value:.9g}",
            unit=worst_target.unit,
            limit=f"{worst_target.limit:.9g}",
            years=spans(years_missed),
        )
        console.print(f" · {words}", highlight=False)
