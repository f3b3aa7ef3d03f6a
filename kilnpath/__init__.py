"""kilnpath: the decarbonization pathway of a cement group that needs the least CCUS.

>>> from kilnpath import read_case, plan, account
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import model

if TYPE_CHECKING:
    from kilnpath.attribution import AttributionResult, attribute
    from kilnpath.case_files import read_case
    from kilnpath.comparison import Comparison, compare
    from kilnpath.library import AccountResult, PathwayResult, PlanResult, account, plan
    from kilnpath.own_rows import CaseProgramme, programme
    from kilnpath.rulebook_tables import ResidualResult, RulebooksResult, residual, rulebooks
    from kilnpath.target_cases import targets
    from model.case.faults import CaseError
    from model.pathway.recount import RecountError
    from optimizer.planning.changed_programme import NoPathwayError
    from optimizer.programme.compile import NotLinearError
    from optimizer.infeasible.diagnose import ImpossibleError

__version__ = "0.1.0"
__all__ = [
    "AccountResult",
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
    "read_case": "kilnpath.case_files",
    "attribute": "kilnpath.attribution",
    "AttributionResult": "kilnpath.attribution",
    "compare": "kilnpath.comparison",
    "Comparison": "kilnpath.comparison",
    "rulebooks": "kilnpath.rulebook_tables",
    "RulebooksResult": "kilnpath.rulebook_tables",
    "residual": "kilnpath.rulebook_tables",
    "ResidualResult": "kilnpath.rulebook_tables",
    "targets": "kilnpath.target_cases",
    "programme": "kilnpath.own_rows",
    "CaseProgramme": "kilnpath.own_rows",
    "CaseError": "model.case.faults",
    "RecountError": "model.pathway.recount",
    "NotLinearError": "optimizer.programme.compile",
    "NoPathwayError": "optimizer.planning.changed_programme",
    "ImpossibleError": "optimizer.infeasible.diagnose",
}

if Path(str(model.__file__)).resolve().parent.parent != Path(__file__).resolve().parent.parent:
    raise ImportError(
        f"{model.__file__} hides kilnpath's own package 'model'; rename it or run elsewhere"
    )


def __getattr__(name: str) -> Any:
    # Loaded when first asked for: pandas and Pyomo cost most of a second, which `--help` and
    # `check` do not need.
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'kilnpath' has no attribute '{name}'")
    return getattr(import_module(_HOMES.get(name, "kilnpath.library")), name)
