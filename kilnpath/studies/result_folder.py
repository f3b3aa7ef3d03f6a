"""The result folders of answers: a pathway, accounts, or the proof that there is no pathway."""

import platform
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kilnpath.files.result_folder import CERTIFICATE, ResultError
from kilnpath.result.data_package import DATA_PACKAGE, data_package
from kilnpath.result.kept import Kept
from kilnpath.result.schema import FORMAT
from kilnpath.result.write import csv_files, write_files, write_folder
from kilnpath.studies.certificate import certificate, impossible_certificate
from kilnpath.studies.plan import AccountResult, PlanResult
from model.case.sites import BaseYears
from model.case.types import Case, Objective
from model.messages.message import message
from optimizer.infeasible.diagnose import ImpossibleError
from optimizer.planning.confirm import needed


def write_plan(result: PlanResult, folder: Path) -> Kept:
    """Writes tables, data package, certificate and manifest into ``folder``.

    Gives what was kept of an earlier result. Raises ``ResultError``.
    """
    return write_files(folder, *plan_files(result))


def plan_files(result: PlanResult) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files of a plan, but for the manifest, and the manifest without its files."""
    manifest = {**manifest_of(result), "format": FORMAT}
    files = csv_files(result.tables)
    files[DATA_PACKAGE] = data_package(result.tables, files, manifest)
    files[CERTIFICATE] = certificate(result, files, manifest)
    return files, manifest


def write_account(result: AccountResult, folder: Path) -> Kept:
    """Writes the tables of the accounts and a manifest into ``folder``. Raises ``ResultError``."""
    case = result.case
    manifest = {
        "kind": "account",
        "case": case.id,
        "case_sha256": case.hash,
        "versions": _versions(),
    }
    return write_folder(folder, result.tables, manifest)


def write_impossible(
    impossible: ImpossibleError, objective: Objective, changes: Iterable[str], folder: Path
) -> Kept:
    """Writes the certificate that a case has no pathway, and a manifest. Raises ``ResultError``.

    changes: those that the case was made by.
    """
    return write_files(folder, *impossible_files(impossible, objective, changes))


def impossible_files(
    impossible: ImpossibleError, objective: Objective, changes: Iterable[str]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The certificate, and the manifest. Raises ``ResultError``."""
    case = impossible.case
    if not impossible.why.multipliers:
        raise ResultError(message("no certificate, because HiGHS gives no multipliers for one"))
    manifest = {
        "kind": "impossible",
        "case": case.id,
        "case_sha256": case.hash,
        "case_parts_sha256": dict(case.hashes),
        "scenario": case.scenario,
        "changes": list(changes),
        "objective": str(objective),
        "versions": _versions(),
        "format": FORMAT,
    }
    return {CERTIFICATE: impossible_certificate(case, impossible.why, manifest)}, manifest


def _versions() -> dict[str, str]:
    packages = ("kilnpath", "pyomo", "highspy", "pandas", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def manifest_of(result: PlanResult) -> dict[str, Any]:
    """What the result is, how it was found and with which versions."""
    case, solution = result.case, result.solution
    return {
        "kind": "plan",
        "case": case.id,
        "names": {"en": case.names.en, "zh-Hant": case.names.zh},
        "case_sha256": case.hash,
        "case_parts_sha256": dict(case.hashes),
        "scenario": case.scenario,
        "changes": list(result.changes),
        "base_year": case.base_year,
        "inventory_year": case.inventory_year,
        "accounting": _rules(case),
        "status": "optimal, recounted",
        "objective": str(result.objective),
        "then": str(result.second),
        "within": result.within,
        "objectives": list(_objectives(result)),
        "cumulative_ccus": {"value": result.pathway.cumulative_ccus, "unit": "t CO2"},
        **_like_for_like(result),
        "horizon": [case.horizon.start, case.final_year],
        "programme": {"columns": solution.columns, "rows": solution.rows},
        "algorithm": solution.algorithm,
        "versions": _versions(),
    }


def _objectives(result: PlanResult) -> Iterator[dict[str, object]]:
    """The least, what the pathway shown needs of it, and the least total where there is one."""
    first, solution = result.objective, result.solution
    shown = needed(result.pathway, first)
    yield {"name": f"least CCUS, {first}", "value": solution.least, "unit": "t CO2"}
    yield {"name": f"CCUS shown, {first}", "value": shown, "unit": "t CO2"}
    if (total := solution.total) is not None:
        name = f"least CCUS, {first}, then cumulative"
        yield {"name": name, "value": total.least, "unit": "t CO2"}


def _rules(case: Case) -> dict[str, Any]:
    """The rules of accounting as ``case.toml`` writes them; base years where not as reported."""
    rules = asdict(case.accounting)
    later, base_years = rules.pop("later"), rules.pop("base_years")
    if later:
        approaches = {case.base_year: rules["consolidation"], **later}
        rules["consolidation"] = {str(year): approach for year, approach in approaches.items()}
    return rules if base_years is BaseYears.AS_REPORTED else {**rules, "base_years": base_years}


def _like_for_like(result: PlanResult) -> dict[str, Any]:
    """The company's plan with capture optimised; nothing without a plan to the last year."""
    if result.at_plan is None:
        return {}
    if result.at_plan.least is None:
        return {"like_for_like": {"status": "no pathway with the plan's levers"}}
    least = {"value": result.at_plan.least, "unit": "t CO2"}
    return {"like_for_like": {"status": "optimal, recounted, not certified", **least}}
