"""What a study looks at: a case with the company's own plan, or a pathway."""

from collections.abc import Mapping, Sequence

from model.case.columns import Key
from model.case.types import Case
from model.formulas.activity import Activity
from model.levers.company_plan import plan_activities, with_reported
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from model.pathway.pathway import Pathway


def all_years(case_or_pathway: Case | Pathway) -> tuple[Case, Mapping[Key, Activity[float]]]:
    """The case, and its activities in every year known: a pathway's after the reported ones.

    Raises ``CaseError`` where there are none.
    """
    if isinstance(case_or_pathway, Case):
        case, activities = case_or_pathway, plan_activities(case_or_pathway)
    else:
        case, activities = (
            case_or_pathway.case,
            with_reported(case_or_pathway.case, case_or_pathway.activities),
        )
    if not activities:
        what = message("is missing; without it only a pathway has years to look at")
        raise CaseError(case.id, [Fault("plan.csv", what)])
    return case, activities


def year_fault(case_or_pathway: Case | Pathway, years: Sequence[int], year: int) -> Fault:
    """That a year is none of those there are, and where it may be found."""
    first, last = years[0], years[-1]
    what = message("is outside; there are accounts from {first} to {last}", first=first, last=last)
    if (
        isinstance(case_or_pathway, Case)
        and not case_or_pathway.plan_reaches_horizon
        and year > last
    ):
        what = message(
            "{what}, where plan.csv ends: name a RESULT of plan for later years", what=what
        )
    return Fault(message("year {year}", year=year), what)
