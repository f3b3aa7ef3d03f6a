"""What a command may look at: the company's own plan in a case, or a pathway that plan wrote."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from kilnpath.case_files import read_case
from kilnpath.result_folder import is_result
from kilnpath.result_reading import read_pathway
from model.formulas.activity import Activity
from model.case.types import Case
from model.case.columns import Key
from model.case.faults import CaseError, Fault
from model.pathway.pathway import Pathway
from model.levers.company_plan import plan_activities, with_reported


def read_subject(path: Path, scenario: str | None, case: Path | None) -> tuple[Case | Pathway, str]:
    """The case or the pathway of a path, and what it is in words.

    Raises ``UsageError`` for an option of the other kind, and what the readers raise.
    """
    if is_result(path):
        if scenario is not None:
            raise click.UsageError("--scenario is for a CASE; a RESULT has its own")
        return read_pathway(path, case), f"the pathway of {path}"
    if case is not None:
        raise click.UsageError("--case is for a RESULT, a folder that plan wrote")
    return read_case(path, scenario), "the company's own plan"


def all_years(subject: Case | Pathway) -> tuple[Case, Mapping[Key, Activity[float]]]:
    """The case, and its activities in every year known: a pathway's after the reported ones.

    Raises ``CaseError`` where there are none.
    """
    if isinstance(subject, Case):
        case, activities = subject, plan_activities(subject)
    else:
        case, activities = subject.case, with_reported(subject.case, subject.activities)
    if not activities:
        message = "is missing; without it only a pathway has years to look at"
        raise CaseError(case.id, [Fault("plan.csv", message)])
    return case, activities


def year_fault(subject: Case | Pathway, years: Sequence[int], year: int) -> Fault:
    """That a year is none of those there are, and where it may be found."""
    message = f"is outside; there are accounts from {years[0]} to {years[-1]}"
    if isinstance(subject, Case) and not subject.plan_reaches_horizon and year > years[-1]:
        message += ", where plan.csv ends: name a RESULT of plan for later years"
    return Fault(f"year {year}", message)
