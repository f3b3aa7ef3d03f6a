"""What the commands say on the screen: numbers of the results, given a form."""

import math
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kilnpath.language.wording import bound_words, lever_words, spans, title
from kilnpath.screen.layout import grid, show
from kilnpath.studies.plan import AccountResult, PlanResult
from kilnpath.tables.outcome import milestone
from kilnpath.tables.unlimited import gaps, told
from model.case.types import Case, Objective, Scope, Second
from model.formulas.inventory import Inventory, consolidated
from model.pathway.pathway import BoundCheck, Pathway

LEVERS = (
    ("clinker_ratio", "", "clinker ratio", 100, "%"),
    ("alternative_raw", "all", "alternative raw materials", 100, "%"),
    ("heat_intensity", "", "kiln heat per clinker", 1, "GJ/t"),
    ("fuel", "alternative", "alternative fuels, of heat", 100, "%"),
    ("fuel", "biomass", "biomass, of heat", 100, "%"),
    ("waste_heat_power", "", "waste heat power, of demand", 100, "%"),
    ("renewable_power", "", "renewable power, of demand", 100, "%"),
    ("capture", "all", "CO2 captured, of stack", 100, "%"),
)


def kilotonnes(tonnes: float) -> str:
    """Tonnes as kt, with digits after the point where they are few."""
    kt = tonnes / 1e3
    digits = 0 if abs(kt) >= 1000 else 1 if abs(kt) >= 10 else 3
    return unsigned_zero(f"{kt:,.{digits}f}") if round(kt, 6) else "0"


def unsigned_zero(text: str) -> str:
    """A printed number without the minus sign of a rounded 0."""
    return text.lstrip("-") if not text.strip("-0.,") else text


_ALGORITHMS = {
    "hipo": "HiGHS's interior point method HiPO",
    "ipx": "HiGHS's interior point method IPX (with highspy-extras HiPO would be quicker)",
}


def show_plan(console: Console, result: PlanResult) -> None:
    """The one-screen summary of a pathway."""
    case, pathway = result.case, result.pathway
    console.print(
        f"{title(case.names)}, {case.horizon.start}–{case.final_year}: "
        f"optimal, recounted. Least {result.objective} CCUS, then {_second_words(result)}."
    )
    if result.solution.left_out:
        words = "No second objective in a group of this size, because it takes long; "
        console.print(f"{words}ask for it by --then {result.case.second}.", highlight=False)
    if algorithm := _ALGORITHMS.get(result.solution.algorithm):
        console.print(f"Found by {algorithm}, proven without a basis.", highlight=False)
    if result.changes:
        console.print(f"Changed: {'; '.join(result.changes)}", highlight=False, markup=False)
    show(console, _ccus_table(result))
    _say_what_the_plan_breaks(console, result)
    if case.targets:
        show(console, _target_table(case, pathway))
    show(console, _lever_table(result))
    show(console, _binding_table(result))
    _say_what_nothing_limits(console, case)


def _say_what_nothing_limits(console: Console, case: Case, most: int = 3) -> None:
    """Levers that the register forgot: a pathway may lean on them."""
    found = list(told(gap for gap in gaps(case) if not gap.totals))
    more = f"; and {len(found) - most} more" if len(found) > most else ""
    if found:
        said = escape("; ".join(found[:most]))
        console.print(f"\nNothing limits: {said}{more}; see kilnpath check.", highlight=False)


def _say_what_the_plan_breaks(console: Console, result: PlanResult) -> None:
    """A plan that misses targets or breaks bounds is no fair comparison."""
    plan = result.company.plan if result.company else None
    if plan is None:
        return
    if misses := plan.misses:
        console.print(f"The plan itself does not keep: {', '.join(misses)}.", highlight=False)


def _second_words(result: PlanResult) -> str:
    """How the pathway was chosen among those that need hardly more."""
    if result.second is Second.NONE:
        return "as the solver found it"
    nearest = result.second is Second.PLAN
    words = "the nearest to plan.csv" if nearest else "the steadiest"
    if result.within:
        words = "the pathway nearest to plan.csv" if nearest else "a steady pathway"
        words += f" within {result.within:.3%}".rstrip("0%").rstrip(".") + " % of it"
    return words


def _ccus_table(result: PlanResult) -> Table:
    case, pathway = result.case, result.pathway
    years = sorted({milestone(case), case.final_year})
    table = grid("CCUS needed, kt CO2", "", "total", *map(str, years), "peak year")
    plan = result.company.plan if result.company else None
    shown = ("pathway", kilotonnes(pathway.cumulative_ccus), *_ccus_cells(pathway, years))
    if plan is None:
        table.add_row("least, proven", *_least_cells(result, years))
        table.add_row(*shown)
        return table
    total = kilotonnes(plan.cumulative_ccus)
    table.add_row("the case's own plan", total, *_ccus_cells(plan, years))
    table.add_row("least, proven", *_least_cells(result, years))
    if result.objective is Objective.CUMULATIVE:  # each difference below what it is of
        table.add_row(*_less(plan, result.solution.least), *("" for _ in years), "")
        table.add_row(*shown)
        return table
    table.add_row(*shown)
    cells = [kilotonnes(plan.ccus(y) - pathway.ccus(y)) for y in years]
    table.add_row(*_less(plan, pathway.cumulative_ccus), *cells, "")
    return table


def _less(plan: Pathway, total: float) -> tuple[str, str]:
    """How much less than the company's plan, in words and tonnes."""
    less = plan.cumulative_ccus - total
    part = f" ({less / plan.cumulative_ccus:.0%})" if less > 0 else ""
    return f"less than the plan{part}", kilotonnes(less)


def _least_cells(result: PlanResult, years: Iterable[int]) -> list[str]:
    """The least in the column of what the objective makes least; elsewhere nothing is proven."""
    case, least = result.case, kilotonnes(result.solution.least)
    final = result.objective is Objective.FINAL
    return [
        least if result.objective is Objective.CUMULATIVE else "",
        *(least if final and year == case.final_year else "" for year in years),
        least if result.objective is Objective.PEAK else "",
    ]


def _ccus_cells(pathway: Pathway, years: Iterable[int]) -> list[str]:
    peak = max(pathway.case.horizon, key=pathway.ccus)
    most = pathway.ccus(peak)
    named = f"{kilotonnes(most)} ({peak})" if most > 0 else "none"
    return [*(kilotonnes(pathway.ccus(year)) for year in years), named]


def _target_table(case: Case, pathway: Pathway) -> Table:
    table = grid("Targets", "", "year", "limit", "value", "margin", "unit", "")
    for target in case.targets.values():
        checks = [check for check in pathway.targets if check.target == target.id]
        shown = checks if len(checks) <= 2 else [checks[0], min(checks, key=_tightest), checks[-1]]
        for check in dict.fromkeys(shown):
            digits = ".4f" if check.unit == "t/t" else ",.0f"
            amounts = (check.value, check.margin)  # of no product there is no intensity
            table.add_row(
                f"{target.id}, scope {target.scope}, {escape(target.place)}",
                str(check.year),
                f"{check.limit:{digits}}",
                *("–" if math.isnan(v) else unsigned_zero(f"{v:{digits}}") for v in amounts),
                check.unit,
                "" if check.holds else "[red]missed[/]",
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
        ("reported", case.base_year, f"{case.base_year} (reported)"),
        *(("pathway", year, str(year)) for year in sorted({milestone(case), case.final_year})),
        ("plan", case.final_year, f"{case.final_year} (plan)"),
    ]
    shown = [entry for entry in shown if entry[0] in set(group["scenario"])]
    table = grid("Levers of the group", "", *(words for _, _, words in shown), "unit")
    for lever, which, words, factor, unit in LEVERS:
        values = [found.get((scenario, year, lever, which)) for scenario, year, _ in shown]
        if any(value is not None for value in values):
            digits = 2 if factor == 1 else 1
            cells = ["–" if v is None else f"{v * factor:.{digits}f}" for v in values]
            table.add_row(words, *cells, unit)
    return table


def _binding_table(result: PlanResult, most: int = 8) -> Table:
    """The bounds with the largest worth: what a 1 % wider limit saves, to first order."""
    worths = result.worths
    table = grid(
        "Bounds that hold it back: what a 1 % wider limit saves, to first order",
        "",
        "what",
        "where",
        "kind",
        "years",
        "kt CO2",
    )
    for worth in worths[:most]:
        bound = worth.bound
        what, years = lever_words(bound), spans(worth.years)
        cells = (what, escape(bound.place), str(bound.kind), years, kilotonnes(worth.saved))
        table.add_row(bound.id, *cells)
    if not worths:
        table.add_row("none: no bound has a shadow price", "", "", "", "", "")
    elif len(worths) > most:
        table.add_row(f"… and {len(worths) - most} more in worth.csv", "", "", "", "", "")
    return table


_SOURCES = (
    ("process", "process"),
    ("combustion", "fuel combustion"),
    ("additions", "own CO2 of additions"),
    ("other", "other direct"),
    ("power", "bought power (scope 2)"),
)


def show_account(console: Console, result: AccountResult) -> None:
    """Emissions by source for the plan and the frozen baseline, by region, and what is overshot."""
    case = result.case
    years = shown_years(case, result)
    console.print(
        f"{title(case.names)}: accounts of plan.csv, no optimisation. kt CO2e, consolidated."
    )
    for name, words in (("plan", "Plan"), ("baseline", "Frozen baseline (base-year levers)")):
        accounts = result.scenarios[name]
        chosen = [year for year in years if (next(iter(case.sites)), year) in accounts]
        groups = [consolidated(case, case.sites, year, accounts) for year in chosen]
        show(console, _source_table(words, chosen, groups))
    regions: dict[str, list[str]] = {}
    for site in case.sites.values():
        regions.setdefault(site.region, []).append(site.id)
    accounts = result.scenarios["plan"]
    chosen = [year for year in years if (next(iter(case.sites)), year) in accounts]
    table = grid("Plan by region, scope 1+2", "", *map(str, chosen))
    for region, sites in regions.items():
        values = [consolidated(case, sites, year, accounts).scope(Scope.BOTH) for year in chosen]
        table.add_row(escape(case.regions[region].en), *map(kilotonnes, values))
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
            table.add_row(words, *(kilotonnes(getattr(group, source)) for group in groups))
    table.add_row("captured and counted", *(kilotonnes(-group.counted + 0.0) for group in groups))
    table.add_row(
        "scope 1+2", *(kilotonnes(group.scope(Scope.BOTH)) for group in groups), style="bold"
    )
    table.add_row("memo: biogenic CO2", *(kilotonnes(group.biogenic) for group in groups))
    table.add_row("memo: CO2 captured", *(kilotonnes(group.captured) for group in groups))
    for scope in (Scope.ONE, Scope.TWO):
        values = [g.scope(scope) / g.cementitious if g.cementitious else 0.0 for g in groups]
        table.add_row(f"scope {scope}, t/t cementitious", *(f"{value:.4f}" for value in values))
    return table


def _show_overshoots(console: Console, plan: Pathway) -> None:
    """Bounds and targets that the plan does not keep, worst year of each, by id."""
    broken: dict[str, list[BoundCheck]] = {}
    for check in plan.bounds:
        if not check.holds:
            broken.setdefault(check.bound.id, []).append(check)
    missed: dict[str, list[int]] = {}
    for target in plan.targets:
        if not target.holds:
            missed.setdefault(target.target, []).append(target.year)
    if not broken and not missed:
        console.print("The plan keeps every bound and target.")
        return
    console.print("[bold]What the plan does not keep[/]")
    for checks in broken.values():
        worst = max(checks, key=lambda check: check.excess)
        bound = worst.bound
        years = spans(check.year for check in checks)
        console.print(
            f" · {bound.kind} [bold]{bound.id}[/]: {bound_words(bound, [worst.year])}, the plan "
            f"has {worst.value / bound.factor:.4g} {bound.unit} in {worst.year} ({years})",
            highlight=False,
        )
    for target_id, years_missed in missed.items():
        worst_target = max(
            (t for t in plan.targets if t.target == target_id), key=lambda t: t.excess
        )
        console.print(f" · {worst_target} (missed in {spans(years_missed)})", highlight=False)
