"""All doubts about a case, in one order, so that every page and screen tells the same."""

from collections.abc import Iterator
from itertools import islice

from model.case.types import Case
from model.messages.faults import MOST_FAULTS, Fault
from model.plausibility.flattering import flattering
from model.plausibility.linked import unlikely_links
from model.plausibility.natural import unnatural
from model.plausibility.off_plan import off_plan
from model.plausibility.target_limits import unlikely_targets
from model.plausibility.unlikely import unlikely


def doubts(case: Case) -> Iterator[Fault]:
    """Each doubt once, the gravest first; as many as are told at once.

    Numbers that nature does not know, then what in the structure makes the answer small, then what
    is ten times off the company's plan or else unlikely. What is off the plan is told only of rows
    of which nothing else was told before.
    """
    return islice(_doubts(case), MOST_FAULTS)


def _doubts(case: Case) -> Iterator[Fault]:
    told = set[object]()
    for find in (unnatural, unlikely_targets, flattering, unlikely_links, off_plan, unlikely):
        for fault in find(case):
            row = fault.place[:2] if isinstance(fault.place, tuple) else None
            again = find is off_plan and row in told
            if row is not None:
                told.add(row)
            if not again:
                yield fault
