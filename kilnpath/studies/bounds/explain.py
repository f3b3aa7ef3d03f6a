"""Why a case has no pathway, and what would repair it."""

from collections.abc import Collection

from kilnpath.progress import Progress
from kilnpath.studies.plan import ImpossibleError
from model.case.types import Case, Objective
from optimizer.infeasible.diagnose import Impossible, diagnose
from optimizer.infeasible.repair import Menu, menu
from optimizer.sensitivity.reoptimize import Reoptimizer
from optimizer.solver.highs import Optimum


def explain(
    case: Case,
    objective: Objective | str | None = None,
    kinds: Collection[str] = (),
    progress: Progress | None = None,
) -> tuple[Impossible, Menu] | None:
    """Why a case is impossible, and what would repair it; ``None`` where it is possible."""
    chosen = Objective(objective or case.objective)
    model = Reoptimizer(case, chosen)
    if model.solve() is not None:
        return None
    why = diagnose(model.compiled)
    found = menu(model, why, kinds, None if progress is None else progress.update)
    if progress is not None:
        progress.stopped = found.stopped
    return why, found


def solved(case: Case, objective: Objective) -> tuple[Reoptimizer, Optimum]:
    """The programme of a case and its optimum. Raises ``ImpossibleError``."""
    model = Reoptimizer(case, objective)
    optimum = model.solve()
    if optimum is None:
        raise ImpossibleError(case, diagnose(model.compiled))
    return model, optimum
