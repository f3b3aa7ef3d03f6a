"""Questions about bounds, as a library: what if, what is it worth, the curve, why not, how free.

Each gives pandas tables in the units of the register.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pandas as pd

from kilnpath.progress import Progress, collected
from kilnpath.studies.plan import ImpossibleError, PlanResult, plan
from kilnpath.tables.worth import rank_frame
from model.case.faults import CaseError, Fault, did_you_mean
from model.case.types import Case, Objective, Second
from model.formulas.ratios import ratios
from model.levers.changes import with_changes
from optimizer.infeasible.diagnose import Impossible, diagnose
from optimizer.infeasible.repair import Menu, menu
from optimizer.planning.solve import compile_case
from optimizer.programme.rows import Floats
from optimizer.sensitivity.alternatives import alternatives as find_alternatives
from optimizer.sensitivity.curve import Curve, Parameter, parameter, trace
from optimizer.sensitivity.ranges import levers_of
from optimizer.sensitivity.ranges import ranges as find_ranges
from optimizer.sensitivity.rank import confirmed, priced
from optimizer.sensitivity.reoptimize import Reoptimizer, shown_unit
from optimizer.solver.highs import Optimum

SHOWN = 20  # bounds that ``rank`` shows, each confirmed by solves
_MAP_POINTS = 9


@dataclass(frozen=True)
class Variant:
    """A variant of a case: its name, its changes, and its pathway or why there is none."""

    name: str
    changes: tuple[str, ...]
    result: PlanResult | None
    why: Impossible | None


def whatif(
    case: Case,
    variants: Mapping[str, Iterable[str]],
    objective: Objective | str | None = None,
    then: Second | str | None = None,
    progress: Progress | None = None,
) -> list[Variant]:
    """The case as it is, and each variant: name -> changes, always against the case as read.

    progress: where given, an interrupt leaves the variants that are done, here as in the functions
    below. Raises ``CaseError`` with the faults of all variants before anything is solved.
    """
    chosen = {"as it is": (), **{name: tuple(changes) for name, changes in variants.items()}}
    _check_variants(case, chosen)

    def each() -> Iterator[Variant]:
        for name, changes in chosen.items():
            try:
                yield Variant(name, changes, plan(case, objective, then, changes), None)
            except ImpossibleError as impossible:
                yield Variant(name, changes, None, impossible.why)

    return collected(each(), len(chosen), progress)


def _check_variants(case: Case, variants: Mapping[str, Iterable[str]]) -> None:
    faults: list[Fault] = []
    for changes in variants.values():
        try:
            with_changes(case, changes)
        except CaseError as error:
            faults += error.faults
    if faults:
        raise CaseError(case.id, faults)


def comparison(variants: Sequence[Variant], years: Sequence[int]) -> pd.DataFrame:
    """One row a variant: the least CCUS by the objective, and its change against the first.

    Beside it the CCUS of the pathway shown, in total and in some years. Numbers are in ``unit``;
    empty where a variant has no pathway, and then the first year that cannot be met.
    """
    rows: list[dict[str, object]] = []
    base = variants[0].result
    for variant in variants:
        row: dict[str, object] = {
            "variant": variant.name,
            "changes": "; ".join(variant.changes),
            "status": "optimal" if variant.result else "impossible",
            "impossible_from": variant.why.first_year if variant.why else None,
        }
        if variant.result is not None:
            pathway, least = variant.result.pathway, variant.result.solution.least
            row["least"] = least
            if base is not None:
                row["change"] = least - base.solution.least
            row["ccus_total"] = pathway.cumulative_ccus
            row |= {f"ccus_{year}": pathway.ccus(year) for year in years}
        rows.append(row | {"unit": "t CO2"})
    return pd.DataFrame(rows)


def lever_comparison(variants: Sequence[Variant]) -> pd.DataFrame:
    """The levers of every variant that has a pathway, by place and year, as ``levers`` of plan.

    change: against the first variant; empty where that has no pathway, or no such ratio.
    """
    keys = ["place", "year", "lever", "which"]
    parts = {
        variant.name: variant.result.tables["levers"].query("scenario == 'pathway'")
        for variant in variants
        if variant.result is not None
    }
    if not parts:
        return pd.DataFrame(columns=["variant", *keys, "value", "change", "unit"])
    table = pd.concat(parts, names=["variant"]).reset_index("variant")
    base = table[table["variant"] == variants[0].name].set_index(keys)["value"].rename("base")
    table = table.join(base, on=keys)
    table["change"] = table["value"] - table["base"] + 0.0
    return table[["variant", *keys, "value", "change", "unit"]].reset_index(drop=True)


def binding(result: PlanResult) -> set[str]:
    """Ids of the bounds with a shadow price in some year: those that hold the pathway back."""
    return {name for name, _ in result.prices}


def rank(
    case: Case,
    objective: Objective | str | None = None,
    by_year: bool = False,
    most: int = SHOWN,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Every binding bound with its worth, the largest first.

    most: how many are confirmed by solves, those that save the most; the others stand there by
    their duals alone, without holds_for. Columns: id, what, place, kind, years, step and its unit,
    saved [t CO2 a step], confirmed, holds_for and holds_to (how far, and the limit up to which, a
    step goes on saving as much, within 1 %), confidence, check_first (worth times doubt, 1 =
    first), together_with, objective (``cumulative``, ``final`` or ``peak``: of which years the CCUS
    is that is saved). Raises ``ImpossibleError`` without a pathway.
    """
    chosen = Objective(objective or case.objective)
    model, optimum = _solved(case, chosen)
    prices = priced(model, optimum, by_year)
    solves = confirmed(model, optimum, prices, most, together=not by_year)
    sure = collected(solves, min(most, len(prices)), progress)
    return rank_frame(model, sure, prices)


def _solved(case: Case, objective: Objective) -> tuple[Reoptimizer, Optimum]:
    """The programme of a case and its optimum. Raises ``ImpossibleError``."""
    model = Reoptimizer(case, objective)
    optimum = model.solve()
    if optimum is None:
        raise ImpossibleError(case, diagnose(model.compiled))
    return model, optimum


def curve(
    case: Case,
    bound: str,
    low: str | None = None,
    high: str | None = None,
    objective: Objective | str | None = None,
    progress: Progress | None = None,
) -> tuple[Curve, pd.DataFrame]:
    """The least CCUS as a function of one limit, ``ID`` or ``ID@YEAR``, and its table.

    Table: value (in the register's unit; a shift where the line differs between years, in
    percentage points of a share), ccus [t CO2], slope to the next point [t CO2 per unit], now
    (whether it is the present value, which is always there; without ccus where it is impossible),
    unit of value, objective (of which years the CCUS is: ``cumulative``, ``final``, ``peak``).
    Raises ``CaseError`` for an unknown bound.
    """
    chosen = Objective(objective or case.objective)
    model = Reoptimizer(case, chosen)
    name, year = known_limit(case, model, bound)
    moving = parameter(model, name, year)
    unit, factor = shown_unit(model.line(name))
    first, last = (
        None if text is None else number_in(text, unit, option, moving.shifts) * factor
        for text, option in ((low, "--from"), (high, "--to"))
    )
    if (first if first is not None else moving.low) >= (last if last is not None else moving.high):
        message = "the lowest value must be below the highest"
        raise CaseError(case.id, [Fault("--from, --to", message)])
    found = trace(model, moving, first, last, None if progress is None else progress.update)
    if progress is not None:
        progress.stopped = found.stopped
    shown = "pp" if moving.shifts and unit == "%" else unit
    return found, _curve_table(found, factor, model.least()).assign(
        unit=shown, objective=str(chosen)
    )


def _curve_table(found: Curve, factor: float, least_now: float) -> pd.DataFrame:
    """The points of a curve and the present value, in order, with the slope from each to the next.

    There is no slope to or from a present value beyond the points, where nothing was looked at.
    """
    now = found.parameter.now
    points = {point.value: point.least for point in found.points}
    ends = (min(points), max(points)) if points else (np.inf, -np.inf)
    room = 1e-9 * (found.looked[1] - found.looked[0])
    near = min(points, key=lambda value: abs(value - now), default=np.inf)
    mark = near if abs(near - now) <= room else now
    points.setdefault(mark, least_now if np.isfinite(least_now) else np.nan)
    values = sorted(points)
    rows = []
    for value, after in zip_longest(values, values[1:]):
        inside = after is not None and ends[0] <= value and after <= ends[1]
        slope = (points[after] - points[value]) / (after - value) * factor if inside else None
        rows.append((value / factor, points[value], slope, value == mark))
    return pd.DataFrame(rows, columns=["value", "ccus", "slope", "now"])


def curve_map(
    case: Case,
    first: str,
    second: str,
    objective: Objective | str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The least CCUS [t CO2] as two limits move, from half of each to half as much again.

    Index: values of the first, columns: of the second, in the register's units (shifts where a
    line differs between years); NaN where there is no pathway. Raises ``CaseError``.
    """
    model = Reoptimizer(case, Objective(objective or case.objective))
    axes = []
    for text in (first, second):
        name, year = known_limit(case, model, text)
        moving = parameter(model, name, year)
        largest = max(abs(v) for v in model.values(name).values()) or 1.0
        low, high = moving.now - largest / 2, moving.now + largest / 2
        factor = shown_unit(model.line(name))[1]
        values = np.linspace(max(low, moving.low), min(high, moving.high), _MAP_POINTS)
        axes.append((moving, factor, values))
    (one, factor_one, values_one), (two, factor_two, values_two) = axes
    if one.name == two.name:
        raise CaseError(case.id, [Fault("--and", "name another bound than the first")])
    cells = collected(_cells(model, one, values_one, two, values_two), _MAP_POINTS**2, progress)
    rows = np.full((len(values_one), len(values_two)), np.nan)
    rows.flat[: len(cells)] = cells
    index = pd.Index(values_one / factor_one, name=first)
    whole = len(cells) // len(values_two)  # rows, where an interrupt ended it
    return pd.DataFrame(rows, index=index, columns=values_two / factor_two)[:whole]


def _cells(
    model: Reoptimizer, one: Parameter, ones: Floats, two: Parameter, twos: Floats
) -> Iterator[float]:
    """The least CCUS at each pair of values, NaN without a pathway. [t CO2]"""
    for value in ones:
        _move(model, one, float(value))
        for other in twos:
            _move(model, two, float(other))
            least = model.least()
            yield least if np.isfinite(least) else np.nan


def _move(model: Reoptimizer, moving: Parameter, value: float) -> None:
    base = model.values(moving.name)
    model.set(moving.name, {y: base[y] + value if moving.shifts else value for y in moving.years})


def alternatives(
    case: Case,
    count: int,
    within: float = 0.0,
    objective: Objective | str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The group's levers in the last year of pathways as different as can be.

    within: how much more CCUS than the least, as a fraction. Columns: lever, which, unit, then one
    a pathway. Raises ``ImpossibleError`` without a pathway.
    """
    chosen = Objective(objective or case.objective)
    found = collected(find_alternatives(case, chosen, count, within), count + 1, progress)
    if not found:
        raise ImpossibleError(case, diagnose(compile_case(case, chosen)))
    columns = {}
    for number, pathway in enumerate(found, start=1):
        last = {key: a for key, a in pathway.activities.items() if key[1] == case.final_year}
        entries = [e for e in ratios(case, last) if e[0] == "group"]
        columns[f"pathway {number}"] = {(e[2], e[3], e[5]): e[4] for e in entries}
        columns[f"pathway {number}"]["ccus", "total", "t"] = pathway.cumulative_ccus
    table = pd.DataFrame(columns).rename_axis(["lever", "which", "unit"])
    return table.reset_index()


def number_in(text: str, unit: str, option: str, is_shift: bool) -> float:
    """A number in the unit of the register, written with it or without. Raises ``CaseError``.

    is_shift: of a line whose limits differ between years; of a share it is in percentage points.
    """
    shown = "pp" if is_shift and unit == "%" else unit
    try:
        number = float(text.strip().removesuffix(shown).strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise CaseError("curve", [Fault(option, f"'{text}' is not a number in {shown}")])
    return number


def known_limit(case: Case, model: Reoptimizer, text: str) -> tuple[str, int | None]:
    """The id and year of ``ID`` or ``ID@YEAR``. Raises ``CaseError`` where there is none."""
    name, _, year = text.partition("@")
    if name not in case.bounds and name not in case.targets:
        known = did_you_mean(name, [*case.bounds, *case.targets])
        raise CaseError(case.id, [Fault(text, f"no bound or target is called '{name}'{known}")])
    years = sorted(model.values(name))
    if not years:
        raise CaseError(case.id, [Fault(text, f"'{name}' limits no year of the horizon")])
    if not year:
        return name, None
    if not (year.isdigit() and int(year) in years):
        message = f"'{name}' holds from {years[0]} to {years[-1]}, not in {year}"
        raise CaseError(case.id, [Fault(text, message)])
    return name, int(year)


def explain(
    case: Case,
    objective: Objective | str | None = None,
    kinds: Collection[str] = (),
    progress: Progress | None = None,
) -> tuple[Impossible, Menu] | None:
    """Why a case is impossible, and what would mend it; ``None`` where it is possible."""
    chosen = Objective(objective or case.objective)
    model = Reoptimizer(case, chosen)
    if model.solve() is not None:
        return None
    why = diagnose(model.compiled)
    found = menu(model, why, kinds, None if progress is None else progress.update)
    if progress is not None:
        progress.stopped = found.stopped
    return why, found


def ranges(
    case: Case,
    years: Sequence[int],
    within: float = 0.0,
    objective: Objective | str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Smallest and largest amount of each lever, site and year among least-CCUS pathways.

    within: how much more CCUS than the least is allowed, as a fraction. Raises ``CaseError`` for
    years outside the horizon, ``ImpossibleError`` without a pathway.
    """
    outside = [year for year in years if year not in case.horizon]
    if outside:
        message = f"{outside[0]} is not in the horizon {case.horizon.start}–{case.final_year}"
        raise CaseError(case.id, [Fault("--years", message)])
    chosen = Objective(objective or case.objective)
    model, optimum = _solved(case, chosen)
    levers = levers_of(model, years)
    found = collected(find_ranges(model, optimum, levers, within), len(levers), progress)
    rows = [(r.site, r.year, r.lever, r.which, r.least, r.most, r.unit, str(r.tag)) for r in found]
    columns = ["site", "year", "lever", "which", "least", "most", "unit", "tag"]
    return pd.DataFrame(rows, columns=columns)
