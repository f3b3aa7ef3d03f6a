"""kilnpath: the decarbonization pathway of a cement group that needs the least CCUS.

>>> from kilnpath import read_case, plan, account
"""

from pathlib import Path
from typing import TYPE_CHECKING

import model

if TYPE_CHECKING:
    from kilnpath.case.read import read_case
    from kilnpath.studies.assumptions import AssumptionsResult, assumptions
    from kilnpath.studies.attribution import AttributionResult, attribute
    from kilnpath.studies.compare import Comparison, compare
    from kilnpath.studies.own_rows import CaseProgramme, programme
    from kilnpath.studies.plan import AccountResult, PathwayResult, PlanResult, account, plan
    from kilnpath.studies.rulebooks import ResidualResult, RulebooksResult, residual, rulebooks
    from kilnpath.studies.targets import targets
    from model.messages.faults import CaseError
    from model.pathway.recount import RecountError
    from optimizer.infeasible.diagnose import ImpossibleError
    from optimizer.planning.changed_programme import NoPathwayError
    from optimizer.programme.compile import NotLinearError

__version__ = "0.1.0"
__all__ = [
    "AccountResult",
    "AssumptionsResult",
    "AttributionResult",
    "CaseError",
    "CaseProgramme",
    "Comparison",
    "ImpossibleError",
    "NoPathwayError",
    "NotLinearError",
    "PathwayResult",
    "PlanResult",
    "RecountError",
    "ResidualResult",
    "RulebooksResult",
    "account",
    "assumptions",
    "attribute",
    "compare",
    "plan",
    "programme",
    "read_case",
    "residual",
    "rulebooks",
    "targets",
]

_HOMES = {
    "read_case": "kilnpath.case.read",
    "assumptions": "kilnpath.studies.assumptions",
    "AssumptionsResult": "kilnpath.studies.assumptions",
    "attribute": "kilnpath.studies.attribution",
    "AttributionResult": "kilnpath.studies.attribution",
    "compare": "kilnpath.studies.compare",
    "Comparison": "kilnpath.studies.compare",
    "rulebooks": "kilnpath.studies.rulebooks",
    "RulebooksResult": "kilnpath.studies.rulebooks",
    "residual": "kilnpath.studies.rulebooks",
    "ResidualResult": "kilnpath.studies.rulebooks",
    "targets": "kilnpath.studies.targets",
    "programme": "kilnpath.studies.own_rows",
    "CaseProgramme": "kilnpath.studies.own_rows",
    "CaseError": "model.messages.faults",
    "RecountError": "model.pathway.recount",
    "NotLinearError": "optimizer.programme.compile",
    "NoPathwayError": "optimizer.planning.changed_programme",
    "ImpossibleError": "optimizer.infeasible.diagnose",
}

if Path(str(model.__file__)).resolve().parent.parent != Path(__file__).resolve().parent.parent:
    raise ImportError(
        f"{model.__file__} hides kilnpath's own package 'model'; rename it or run elsewhere"
    )


def __getattr__(name: str) -> object:
    # Loaded when first asked for: pandas and Pyomo cost most of a second, which `--help` and
    # `check` do not need.
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'kilnpath' has no attribute '{name}'")
    return getattr(import_module(_HOMES.get(name, "kilnpath.studies.plan")), name)
