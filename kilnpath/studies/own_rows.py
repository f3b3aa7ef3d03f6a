"""A case's programme handed out in Pyomo, for rows and objectives of one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kilnpath.studies.plan import PathwayResult, company_of
from model.case.columns import Grid
from model.case.types import Case, Objective
from model.changes.changes import with_changes
from model.formulas.activity import SiteYear
from model.reading.collector import collector_paused
from optimizer.planning.changed_programme import read_back, solve_changed
from optimizer.programme.build import Programme, build


@dataclass(frozen=True, eq=False, repr=False)
class CaseProgramme:
    """The least-CCUS programme of a case, as a Pyomo model that anybody may change.

    ``m`` has a variable for every decision and a constraint for every row, under the names of
    ``docs/mathematics.md``: ``m.clinker[site, year]``, ``m.bound[id, year]``.
    """

    _built: Programme

    @property
    def m(self) -> Any:
        """Pyomo's ``ConcreteModel``. Its amounts are divided by ``scale``, its ratios are not."""
        return self._built.m

    @property
    def scale(self) -> float:
        """What every amount is divided by: with 1000, t are kt, GJ are TJ, MWh are GWh."""
        return self._built.scale

    @property
    def case(self) -> Case:
        """The case, with its changes."""
        return self._built.case

    @property
    def parameters(self) -> Grid[SiteYear]:
        """Parameters by (site, year), amounts divided by ``scale``: ``parameters[s, y].cement``."""
        return self._built.parameters

    def solve(self) -> float:
        """Solves the model as it stands by kilnpath's HiGHS; gives the value of its objective.

        The values are then those of the variables, as after any solver of Pyomo. Raises
        ``NotLinearError`` with the name of what no linear programme has, ``NoPathwayError`` where
        no values keep every row.
        """
        return solve_changed(self._built)

    def recounted(self) -> PathwayResult:
        """The pathway that the variables' values give, whichever solver set them, recounted.

        Bounds and targets whose rows were deactivated, rewritten or deleted need not hold; rows of
        one's own must. Raises ``RecountError`` with what does not hold or has no value.
        """
        return PathwayResult(read_back(self._built), company_of(self.case))


def programme(
    case: Case, objective: Objective | str | None = None, changes: Iterable[str] = ()
) -> CaseProgramme:
    """The programme of the least CCUS, to be changed, written to a file and solved by anybody.

    objective: ``cumulative``, ``final`` or ``peak``, as the case says where not given; changes:
    ``ID=VALUE`` texts, applied to the case first. Raises ``CaseError`` for changes that do not fit.
    """
    case = with_changes(case, tuple(changes))
    with collector_paused():
        return CaseProgramme(build(case, Objective(objective or case.objective)))
