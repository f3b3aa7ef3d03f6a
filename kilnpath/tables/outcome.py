"""What a pathway comes to, as tables: the answer, its wedges, targets, criteria and sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import cast

import numpy as np
import pandas as pd

from kilnpath.language.languages import Language, texts
from kilnpath.language.wording import spans, spans_of
from kilnpath.tables.quantities import quantities
from kilnpath.tables.tidy import by_scenario, named, tidy
from kilnpath.tables.unlimited import unlimited_levers
from model.accounting.inventories_by_rule import rule_inventories
from model.accounting.residual import Residual, residuals
from model.attribution.effects import SourceEffects, source_effects
from model.attribution.factors import Factor
from model.attribution.wedges import wedge_columns
from model.case.columns import Column, Grid, Key, divided, grid_of
from model.case.sites import BaseYears
from model.case.types import Case, Names, Objective, Scope
from model.formulas.activity import Activity
from model.formulas.inventory import Inventory, consolidated, consolidated_years
from model.formulas.site_years import shares
from model.pathway.pathway import Pathway
from model.plausibility.doubts import doubts
from model.targets.candidates import as_candidate
from model.targets.criteria import criteria
from optimizer.planning.shadow_prices import BoundWorth

MILESTONE = 2030
VERDICTS = {True: "passed", False: "failed", None: "cannot be judged"}
_CAPTURED = "captured"


def milestone(case: Case) -> int:
    """2030 where the horizon has it and it is not the last year, else the first target year."""
    if MILESTONE in case.horizon and case.final_year != MILESTONE:
        return MILESTONE
    years = [year for target in case.targets.values() for year in target.values]
    return min(years, default=case.horizon.start)


def places_of(case: Case) -> dict[str, tuple[str, ...]]:
    """The group and its regions: name -> sites."""
    found: dict[str, tuple[str, ...]] = {"group": tuple(case.sites)}
    for site in case.sites.values():
        found[site.region] = (*found.get(site.region, ()), site.id)
    return found


def boundaries_of(case: Case) -> dict[str, tuple[str, ...]]:
    """The group, and every other boundary of a target: name -> sites."""
    group = tuple(case.sites)
    others = {t.place: t.sites for t in case.targets.values() if t.sites != group}
    return {"group": group, **others}


def summary_frame(
    pathway: Pathway,
    plan: Pathway | None,
    scenarios: Mapping[str, Grid[Inventory]],
    residual: pd.DataFrame,
    least: tuple[Objective, float],
    least_total: float | None = None,
) -> pd.DataFrame:
    """The answer in few numbers; ``least_ccus`` is what the objective made as small as it can be.

    It is proven, and what a comparison with the plan is of; the pathway may need a little more.

    scenarios: accounts of reported years and frozen baseline; residual: of the final year; least:
    the objective, and the least of it; least_total: over the horizon, of the pathways with the
    least peak or final year, where that is the objective. [t CO2]
    """
    case = pathway.case
    rows = [_least_row(case, *least)]
    if least_total is not None:
        rows.append(("least_ccus_total", "pathway", horizon_of(case), least_total, "t CO2"))
    rows += _ccus_rows(pathway, "pathway")
    if plan is not None:
        rows += _ccus_rows(plan, "plan")
        total = least[1] if least[0] is Objective.CUMULATIVE else pathway.cumulative_ccus
        less = plan.cumulative_ccus - total
        rows.append(("ccus_less_than_plan", "pathway", horizon_of(case), less, "t CO2"))
    rows += _level_rows(pathway, plan, scenarios)
    for kind, values in residual.groupby("kind", sort=False)["consolidated"]:
        if kind != "accounts":
            total = float(values.sum())
            rows.append((str(kind), "pathway", str(case.final_year), total, "t CO2e"))
    counts = {"targets": len(case.targets), "bounds": len(case.bounds)}
    counts |= {f"numbers_{status}": count for status, count in case.provenance.items()}
    rows += [(name, "", "", float(count), "1") for name, count in counts.items()]
    return pd.DataFrame(rows, columns=["quantity", "scenario", "year", "value", "unit"])


def horizon_of(case: Case) -> str:
    """The first and the last year decided."""
    return spans(case.horizon)


def years_of(case: Case, objective: Objective) -> str:
    """The years that a least is of."""
    return str(case.final_year) if objective is Objective.FINAL else horizon_of(case)


def _least_row(case: Case, objective: Objective, least: float) -> tuple[str, str, str, float, str]:
    """The least peak is of all years together: which year has it is for a pathway to choose."""
    return "least_ccus", "pathway", years_of(case, objective), least, "t CO2"


def _ccus_rows(pathway: Pathway, scenario: str) -> Iterator[tuple[str, str, str, float, str]]:
    case = pathway.case
    yield "ccus_total", scenario, horizon_of(case), pathway.cumulative_ccus, "t CO2"
    for year in sorted({milestone(case), case.final_year}):
        yield "ccus", scenario, str(year), pathway.ccus(year), "t CO2"
    peak = max(case.horizon, key=pathway.ccus)
    if pathway.ccus(peak) > 0:
        yield "ccus_peak", scenario, str(peak), pathway.ccus(peak), "t CO2"


def _level_rows(
    pathway: Pathway, plan: Pathway | None, scenarios: Mapping[str, Grid[Inventory]]
) -> Iterator[tuple[str, str, str, float, str]]:
    """Scope 1+2 of the group in base and final year, and how much lower the latter is.

    Lower than the base year by the shares of then, or where the case recalculates base years by
    those of the final year.
    """
    case = pathway.case
    final, start = case.final_year, case.base_year
    levels = {("pathway", final): pathway.accounts}
    if plan is not None:
        levels["plan", final] = plan.accounts
    if scenarios:
        levels["reported", start] = scenarios["plan"]
        levels["baseline", final] = scenarios["baseline"]
    found = {
        key: consolidated(case, case.sites, key[1], accounts).scope(Scope.BOTH)
        for key, accounts in levels.items()
    }
    for (scenario, year), value in found.items():
        yield "scope12", scenario, str(year), value, "t CO2e"
    base = found.get(("reported", start), 0.0)
    if scenarios and case.accounting.base_years is BaseYears.RECALCULATED:
        again = consolidated(case, case.sites, start, scenarios["plan"], shares_of=final)
        base = again.scope(Scope.BOTH)
    if base:
        cut = 1 - found["pathway", final] / base
        yield "scope12_below_base", "pathway", str(final), cut, "1"


def ccus_frame(scenarios: Mapping[str, Pathway]) -> pd.DataFrame:
    """CO2 captured by scenario, region (and group) and year, consolidated. [t CO2]"""
    tables = {}
    every = np.ones(1, dtype=bool)
    for scenario, p in scenarios.items():
        places = places_of(p.case)
        accounts = p.accounts.within(p.case.horizon)
        sums = [consolidated_years(p.case, sites, accounts).captured for sites in places.values()]
        values = np.stack(cast(list[Column], sums))[..., None]
        said = {"place": list(places)}
        tables[scenario] = tidy({"value": values}, every, accounts.years, said, {})
    return by_scenario(tables).assign(unit="t CO2")


def intensities_frame(case: Case, scenarios: Mapping[str, Grid[Inventory]]) -> pd.DataFrame:
    """Emissions per cementitious product of the group and of each target's boundary. [t CO2e/t]

    A year without product is left out.
    """
    places, tables = boundaries_of(case), {}
    for scenario, accounts in scenarios.items():
        sums = [consolidated_years(case, sites, accounts) for sites in places.values()]
        product = np.stack([cast(Column, one.cementitious) for one in sums])[..., None]
        emitted = np.stack([np.stack([one.scope(s) for s in Scope], axis=-1) for one in sums])
        values = divided(emitted, product)
        said = {"place": list(places)}
        scopes = {"scope": [str(scope) for scope in Scope]}
        tables[scenario] = tidy({"value": values}, product > 0, accounts.years, said, scopes)
    columns = ["scenario", "place", "scope", "year", "value"]
    return by_scenario(tables)[columns].assign(unit="t CO2e/t")


def criteria_frame(case: Case) -> pd.DataFrame:
    """Each target in its last year against the criteria, as if submitted after the inventory."""
    chinese, rows = texts(Language.CHINESE), []
    for target in case.targets.values() if case.company_plan else ():
        candidate = as_candidate(case, target)
        for c in criteria(candidate, case.inventory_year + 1) if candidate else ():
            words = [one for said in (c.finding, c.rule) for one in (said, said.in_words(chinese))]
            rows.append((target.id, c.name, VERDICTS[c.passed], *map(str, words), str(c.certainty)))
    columns = ["target", "criterion", "verdict", "found", "found_zh", "rule", "rule_zh"]
    return pd.DataFrame(rows, columns=[*columns, "certainty"])


def worth_frame(worths: Iterable[BoundWorth]) -> pd.DataFrame:
    """The bounds that hold the pathway back, the largest worth first."""
    rows = [
        (
            *(w.bound.id, w.bound.lever, w.bound.which, w.bound.place, str(w.bound.sense)),
            *(
                str(w.bound.kind),
                spans_of(w.bound, w.years),
                w.saved,
                "t CO2",
                str(w.bound.confidence),
            ),
            w.bound.source,
        )
        for w in worths
    ]
    columns = ["id", "lever", "which", "place", "sense", "kind", "years", "value", "unit"]
    return pd.DataFrame(rows, columns=[*columns, "confidence", "source"])


def wedges_frame(pathway: Pathway, plan: Pathway | None) -> pd.DataFrame:
    """Frozen baseline, what each group of levers takes away, and net, by place. [t CO2e]

    plan: the company's own; where it reaches the horizon it is there to compare with, as ``plan``.
    """
    case, found = pathway.case, wedge_columns(pathway.case, pathway.activities)
    parts = [(found.years, found.layers)]
    if plan is not None:
        accounts = plan.accounts.within(case.horizon).columns
        own = cast(Column, accounts.scope1 + accounts.power)
        parts.append((case.horizon, {"plan": own}))
    tables = [_by_place(case, years, layers) for years, layers in parts if layers]
    empty = pd.DataFrame({}, columns=["place", "year", "layer", "value"])
    whole = pd.concat(tables, ignore_index=True) if tables else empty
    return whole.assign(unit="t CO2e")


def _by_place(case: Case, years: range, layers: Mapping[str, Column]) -> pd.DataFrame:
    """Layers by site and year, consolidated: group and first region together, then the others."""
    places = places_of(case)
    share = shares(case, years)
    values = np.stack([_sums(case, share * one, places) for one in layers.values()], axis=-1)
    place, year, layer = np.indices(values.shape).reshape(3, -1)
    rows = np.lexsort((place, layer, year, np.maximum(place - 1, 0)))
    place, year, layer = place[rows], year[rows], layer[rows]
    return pd.DataFrame(
        {
            "place": named(list(places), place),
            "year": years.start + year,
            "layer": named(list(layers), layer),
            "value": values[place, year, layer],
        }
    )


def _sums(case: Case, parts: Column, places: Mapping[str, Sequence[str]]) -> Column:
    """Consolidated numbers of sites, as sums over the sites of places.

    parts: by site; summed are all but the first and the last axis.
    """
    row = {site: n for n, site in enumerate(case.sites)}
    sums = np.zeros((len(places), parts.shape[-1]))
    for place, own in enumerate(places.values()):
        rows = parts[[row[site] for site in own]].reshape(-1, parts.shape[-1])
        np.add.at(sums, np.full(len(rows), place), rows)
    return sums


def waterfall_frame(
    case: Case,
    activities: Mapping[Key, Activity[float]],
    start: int,
    end: int,
    places: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """From one year to another by factor, for places (name -> sites), by both methods.

    Both years are consolidated by the shares of the second. Places are one that is shown and its
    parts; output and structure are of all their sites together, so that the parts of a place add
    up to it in each factor.
    """
    sources = source_effects(case, activities, start, end, {*chain(*places.values())})
    steps = ["start", *map(str, Factor), _CAPTURED, "end"]
    years = [str(start), *[""] * (len(steps) - 2), str(end)]
    methods = ("lmdi", "shapley")
    share = shares(case, range(end, end + 1))[:, :, None]
    values = np.stack(
        [
            _sums(case, share * np.stack(steps_of, axis=1), places)
            for steps_of in (
                [_steps(one, getattr(one, method)) for one in sources] for method in methods
            )
        ]
    )
    method, place, step = np.indices(values.shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "method": named(methods, method),
            "place": named(list(places), place),
            "step": step,
            "item": named(steps, step),
            "year": named(years, step),
            "value": values[method, place, step],
            "unit": "t CO2e",
        }
    )


def _steps(source: SourceEffects, effects: Column) -> Column:
    """A source at the start, the effects of factors, what capture deducts, the end, by site."""
    factors, captured = effects, np.zeros(len(effects))
    if source.source == "counted":
        factors, captured = np.zeros(effects.shape), effects.sum(axis=1)
    return np.column_stack([source.start, factors, captured, source.end])


def residual_frame(
    case: Case, activities: Mapping[Key, Activity[float]], year: int
) -> pd.DataFrame:
    """What is left in a year by site and source, whole and consolidated. [t CO2e]"""
    found = rule_inventories(case, grid_of(case, activities).within(range(year, year + 1)))
    return residual_rows(case, year, residuals(case, found, year))


def residual_rows(case: Case, year: int, residuals: Iterable[Residual]) -> pd.DataFrame:
    """Residuals as a table. ``own_removal`` is biogenic CO2 stored, and so negative."""
    rows = []
    for one in residuals:
        place = case.sites[one.site]
        items = {**one.sources, "own_removal": -one.own_removal, "accounts": one.accounts}
        for source, value in items.items():
            kind = source if source in ("own_removal", "accounts") else "residual"
            head = (one.site, place.region, year, kind, source)
            rows.append((*head, value + 0.0, value * place.at(year).share + 0.0, "t CO2e"))
    columns = ["site", "region", "year", "kind", "source", "value", "consolidated", "unit"]
    return pd.DataFrame(rows, columns=columns)


def unlimited_frame(pathway: Pathway) -> pd.DataFrame:
    """Levers that no bound of a site alone holds from above, and what the pathway uses of them."""
    case, activities, rows = pathway.case, pathway.activities, []
    known = {(one.quantity, one.which): one for one in quantities(pathway)}
    for lever in unlimited_levers(case):
        used = known[lever.quantity, lever.which]
        columns = [year - activities.years.start for year in lever.years]
        amount = sum(used.values[activities.sites.index[lever.site], columns].tolist())
        head = (
            lever.site,
            case.sites[lever.site].region,
            lever.lever,
            lever.which,
            spans(lever.years),
        )
        rows.append((*head, ", ".join(lever.totals), amount, used.unit))
    names = ["site", "region", "lever", "which", "years", "totals", "value", "unit"]
    return pd.DataFrame(rows, columns=names)


def doubtful_frame(case: Case) -> pd.DataFrame:
    """What the case says and hardly means, or what makes its answer small; the gravest first."""
    chinese = texts(Language.CHINESE)
    rows = [(str(one), one.in_words(chinese)) for one in doubts(case)]
    return pd.DataFrame(rows, columns=["doubtful", "doubtful_zh"])


def sources_frame(case: Case) -> pd.DataFrame:
    """Where the numbers of every row of the case come from."""
    rows = [
        (s.table, s.row, str(s.status), str(s.confidence or ""), s.numbers, s.text)
        for s in case.sources
    ]
    columns = ["table", "row", "status", "confidence", "numbers", "source"]
    return pd.DataFrame(rows, columns=columns)


def certainty_frame(case: Case) -> pd.DataFrame:
    """How many numbers of each table are published, derived, calibrated or assumed, how surely."""
    by = ["table", "status", "confidence"]
    groups = sources_frame(case).groupby(by, sort=False)["numbers"]
    return groups.agg(rows="size", numbers="sum").reset_index()


def names_frame(case: Case) -> pd.DataFrame:
    """The names of everything that results speak of."""
    things: Mapping[str, Mapping[str, Names]] = {
        "case": {case.id: case.names},
        "company": {case.id: case.company},
        "region": case.regions,
        "site": {s.id: s.names for s in case.sites.values()},
        "fuel": {f.id: f.names for f in case.fuels.values()},
        "material": {m.id: m.names for m in case.materials.values()},
        "route": {r.id: r.names for r in case.routes.values()},
        "generator": {g.id: g.names for g in case.generators.values()},
        "product": {p.id: p.names for p in case.products.values()},
        "bound": {b.id: b.names for b in case.bounds.values() if b.names},
        "target": {t.id: t.names for t in case.targets.values() if t.names},
    }
    fuel_kinds = {fuel.id: str(fuel.kind) for fuel in case.fuels.values()}
    rows = [
        (kind, key, names.en, names.zh, fuel_kinds[key] if kind == "fuel" else "")
        for kind, named in things.items()
        for key, names in named.items()
    ]
    return pd.DataFrame(rows, columns=["kind", "id", "name", "name_zh", "fuel_kind"])
