"""What each bound is worth, confirmed by solving again."""

import pandas as pd

from kilnpath.progress import Progress, collected
from kilnpath.studies.bounds.explain import solved
from kilnpath.tables.worth import rank_frame
from model.case.types import Case, Objective
from optimizer.sensitivity.rank import confirmed, priced

SHOWN = 20  # bounds that ``rank`` shows, each confirmed by solves


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
    model, optimum = solved(case, chosen)
    prices = priced(model, optimum, by_year)
    solves = confirmed(model, optimum, prices, most, together=not by_year)
    sure = collected(solves, min(most, len(prices)), progress)
    return rank_frame(model, sure, prices)
