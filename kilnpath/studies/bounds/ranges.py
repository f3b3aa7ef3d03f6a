"""How free each lever is: ranges, and near-optimal alternatives (MGA)."""

from collections.abc import Sequence

import pandas as pd

from kilnpath.progress import Progress, collected
from kilnpath.studies.bounds.explain import solved
from kilnpath.studies.plan import ImpossibleError
from model.case.types import Case, Objective
from model.formulas.ratios import ratios
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from optimizer.infeasible.diagnose import diagnose
from optimizer.planning.solve import compile_case
from optimizer.sensitivity.alternatives import alternatives as find_alternatives
from optimizer.sensitivity.ranges import levers_of
from optimizer.sensitivity.ranges import ranges as find_ranges


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
        what = message(
            "{year} is not in the horizon {first}–{last}",
            year=outside[0],
            first=case.horizon.start,
            last=case.final_year,
        )
        raise CaseError(case.id, [Fault("--years", what)])
    chosen = Objective(objective or case.objective)
    model, optimum = solved(case, chosen)
    levers = levers_of(model, years)
    found = collected(find_ranges(model, optimum, levers, within), len(levers), progress)
    rows = [(r.site, r.year, r.lever, r.which, r.least, r.most, r.unit, str(r.tag)) for r in found]
    columns = ["site", "year", "lever", "which", "least", "most", "unit", "tag"]
    return pd.DataFrame(rows, columns=columns)


def alternatives(
    case: Case,
    count: int,
    within: float = 0.0,
    objective: Objective | str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The group's levers in the last year of pathways maximally different.

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
