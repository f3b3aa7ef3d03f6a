"""Target-setting cases: a grid of candidate targets, and a case folder for the one chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kilnpath.progress import Progress, collected
from kilnpath.tables.outcome import VERDICTS
from kilnpath.tables.shown import ShowsTables
from model.case.types import Case, Metric, Objective
from model.formulas.inventory import consolidated
from model.messages.faults import CaseError, Fault, did_you_mean
from model.messages.message import message
from model.targets.candidates import Candidate, candidates, parse_method
from model.targets.criteria import NEAR, Criterion, criteria, line
from model.targets.limits import reported_accounts
from optimizer.sensitivity.candidates import Feasibility, feasibilities

METHODS = ("sda", "contraction", "frozen:20%", "frozen:25%")
_ROUND_YEARS = 5


@dataclass(frozen=True, repr=False)
class TargetGrid(ShowsTables):
    """Candidates with what each needs and which criteria it meets, in the same order.

    objective: of which years the CCUS is that they need.
    """

    case: Case
    objective: Objective
    submitted: int
    candidates: tuple[Candidate, ...]
    needs: tuple[Feasibility, ...]
    criteria: tuple[tuple[Criterion, ...], ...]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """candidates, criteria and margins (by year, against the reported years and the plan)."""
        return {
            "candidates": self._candidates(),
            "criteria": self._criteria(),
            "margins": self._margins(),
        }

    def _candidates(self) -> pd.DataFrame:
        rows = []
        for one, need, judged in zip(self.candidates, self.needs, self.criteria, strict=True):
            intensity = one.target.metric is Metric.INTENSITY
            rows.append(
                {
                    "candidate": one.id,
                    "boundary": one.target.place,
                    "scope": str(one.target.scope),
                    "method": one.method.text,
                    "base_year": one.base_year,
                    "target_year": one.year,
                    "unit": "t CO2e/t" if intensity else "t CO2e",
                    "base": one.base,
                    "limit": one.limit,
                    "reduction": one.reduction,
                    "absolute": one.absolute,
                    "possible": need.possible,
                    "least_ccus": need.least,
                    "objective": str(self.objective),
                    "shortfall": need.shortfall,
                    "value": need.value,
                    "margin": one.limit - need.value,
                    "decides": need.decides,
                    "line_ccus": need.line_least,
                    "line_shortfall": need.line_shortfall,
                    "criteria_failed": ", ".join(c.name for c in judged if c.passed is False),
                    "criteria_open": ", ".join(c.name for c in judged if c.passed is None),
                }
            )
        return pd.DataFrame(rows)

    def _criteria(self) -> pd.DataFrame:
        rows = [
            (one.id, c.name, VERDICTS[c.passed], str(c.finding), str(c.rule), str(c.certainty))
            for one, judged in zip(self.candidates, self.criteria, strict=True)
            for c in judged
        ]
        return pd.DataFrame(
            rows, columns=["candidate", "criterion", "verdict", "found", "rule", "certainty"]
        )

    def _margins(self) -> pd.DataFrame:
        """candidate, year, limit of the candidate's line, value of reports or plan, margin."""
        accounts = reported_accounts(self.case)
        rows = []
        for one in self.candidates:
            for year, limit in line(one):
                if (one.target.sites[0], year) not in accounts:
                    continue
                inventory = consolidated(self.case, one.target.sites, year, accounts)
                value = inventory.measure(one.target.scope, one.target.metric)
                rows.append((one.id, year, limit, value, limit - value))
        return pd.DataFrame(rows, columns=["candidate", "year", "limit", "value", "margin"])


def targets(
    case: Case,
    base_years: Sequence[int] = (),
    target_years: Sequence[int] = (),
    methods: Sequence[str] = METHODS,
    boundaries: Sequence[str] = ("group",),
    submitted: int | None = None,
    objective: Objective | str | None = None,
    only: str | None = None,
    progress: Progress | None = None,
) -> TargetGrid:
    """The grid of candidate targets of a case; each is tried alone, without the case's targets.

    base_years: the case's where not given; target_years: the near-term year that ends in 0 or 5,
    and the last year; methods: ``sda``, ``sda:SECTOR:RULE``, ``contraction``, ``frozen:20%``,
    ``below:25%``; submitted: year of submission, by default the year after the inventory; only: id
    of the one candidate to look at; progress: where given, an interrupt leaves the candidates that
    are done.
    Raises ``CaseError`` for what the case does not have.
    """
    year = submitted or case.inventory_year + 1
    found = candidates(
        case,
        tuple(base_years) or (case.base_year,),
        tuple(target_years) or _target_years(case, year),
        [parse_method(text, case) for text in methods],
        boundaries,
    )
    if only is not None:
        found = _only(case, found, only)
    chosen = Objective(objective or case.objective)
    needs = tuple(collected(feasibilities(case, found, chosen), len(found), progress))
    found = found[: len(needs)]
    judged = tuple(tuple(criteria(one, year)) for one in found)
    return TargetGrid(case, chosen, year, tuple(found), needs, judged)


def _only(case: Case, candidates: Sequence[Candidate], name: str) -> list[Candidate]:
    chosen = [one for one in candidates if one.id == name]
    if not chosen:
        what = message(
            "no candidate is called '{name}'{hint}",
            name=name,
            hint=did_you_mean(name, [one.id for one in candidates]),
        )
        raise CaseError(case.id, [Fault("--submit", what)])
    return chosen


def _target_years(case: Case, submitted: int) -> tuple[int, ...]:
    near = [submitted + ahead for ahead in NEAR if (submitted + ahead) % _ROUND_YEARS == 0]
    years = [year for year in (*near[:1], case.final_year) if year in case.horizon]
    return tuple(dict.fromkeys(years))
