"""What if bounds were others: a case beside its variants."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kilnpath.language.languages import mark
from kilnpath.progress import Progress, collected
from kilnpath.studies.plan import ImpossibleError, PlanResult, plan
from model.case.types import Case, Objective, Second
from model.changes.changes import with_changes
from model.messages.faults import CaseError, Fault
from optimizer.infeasible.diagnose import Impossible

AS_IT_IS = mark("as it is")  # the first variant, which changes nothing


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
    chosen = {AS_IT_IS: (), **{name: tuple(changes) for name, changes in variants.items()}}
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
