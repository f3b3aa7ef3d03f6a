"""Certificates of chosen points: values of a curve, draws of a sweep."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kilnpath.case.planned import planned_sheets
from kilnpath.case.read import SETTINGS, case_of
from kilnpath.case.write_folder import case_folder
from kilnpath.files.result_folder import PROOF
from kilnpath.files.write import check_new, write_new
from kilnpath.language.chosen import text
from kilnpath.language.wording import OBJECTIVES
from kilnpath.result.kept import Kept
from kilnpath.result.write import with_manifest
from kilnpath.studies.bounds.curve import known_limit
from kilnpath.studies.bounds.limit_points import point_of
from kilnpath.studies.plan import ImpossibleError, PlanResult, plan
from kilnpath.studies.result_folder import (
    impossible_files,
    plan_files,
    write_impossible,
    write_plan,
)
from model.case.types import Case, Objective
from model.changes.changes import with_changes
from model.messages.faults import CaseError, Fault
from model.messages.message import message
from model.reading.case import RawCase
from model.reading.settings import percentage
from model.sweep.sweep import Sweep, swept_case
from optimizer.sensitivity.reoptimize import Reoptimizer


def changes_at(case: Case, bound: str, value: str, objective: Objective) -> tuple[str, ...]:
    """The changes, as of ``plan --set``, that put a limit where ``curve`` shows ``value``.

    bound: ``ID`` or ``ID@YEAR``; value: as ends of ``curve`` are written, ``30%``, ``+5 pp`` or
    ``*0.9``. Raises ``CaseError``.
    """
    model = Reoptimizer(case, objective)
    point_of(case, model, known_limit(case, model, bound), value, "--certify")
    changes = (f"{bound}={value.strip()}",)
    with_changes(case, changes)
    return changes


def certify(
    case: Case, objective: Objective, changes: tuple[str, ...], folder: Path
) -> tuple[str, Kept]:
    """Writes the pathway of a changed case, or the proof that it has none; says which it is.

    Gives what was kept of an earlier result, too. Raises ``CaseError`` for changes that do not fit,
    ``ResultError`` where it cannot be written.
    """
    found = _found(case, objective, changes)
    if isinstance(found, PlanResult):
        kept = write_plan(found, folder)
    else:
        kept = write_impossible(found, objective, changes, folder)
    return _said(found), kept


def check_draws(sweep: Sweep, points: Iterable[tuple[int, Path]]) -> None:
    """Raises ``CaseError`` for a draw that is not, ``ResultError`` for a folder that is."""
    for draw, folder in points:
        if not 0 <= draw < len(sweep.points):
            what = message(
                "the draws of '{sweep}' are 0 to {last}, not {draw}",
                sweep=sweep.name,
                last=len(sweep.points) - 1,
                draw=draw,
            )
            raise CaseError(sweep.case.id, [Fault("--certify", what)])
        check_new(folder)


def certify_draw(
    sweep: Sweep, draw: int, read: Case, raw: RawCase, objective: Objective, folder: Path
) -> str:
    """Writes the case of a draw as ``folder``, and what plan finds for it as its ``proof``.

    read, raw: the case of the sweep with its scenario. Says what was found. Raises ``ResultError``.
    """
    changed = f"sweep {sweep.name}, draw {draw}"
    swept = swept_case(sweep, draw)
    order = {
        "objective": str(objective),
        "then": str(swept.second),
        "within": percentage(swept.within),
    }
    content = planned_sheets(raw, read, swept, order, changed)
    own = replace(
        raw,
        id=folder.resolve().name,
        where=str(folder),
        settings_name=SETTINGS,
        settings=dict(content.settings),
        settings_places={},
        tables=dict(content.tables),
        scenario="",
    )
    found = _found(case_of(own), objective, ())
    files = case_folder(content.settings, content.tables)
    for name, written in _proof(found, objective).items():
        files[f"{PROOF}/{name}"] = written
    write_new(folder, files)
    return _said(found)


def _found(
    case: Case, objective: Objective, changes: tuple[str, ...]
) -> PlanResult | ImpossibleError:
    try:
        return plan(case, objective, changes=changes)
    except ImpossibleError as impossible:
        return impossible


def _proof(outcome: PlanResult | ImpossibleError, objective: Objective) -> dict[str, bytes]:
    """The files of a result folder of a case as it is."""
    if isinstance(outcome, PlanResult):
        return with_manifest(*plan_files(outcome))
    return with_manifest(*impossible_files(outcome, objective, ()))


def _said(outcome: PlanResult | ImpossibleError) -> str:
    if isinstance(outcome, PlanResult):
        words = text("least CCUS ({objective}) {least} t")
        objective = text(OBJECTIVES[outcome.objective])
        return words.format(objective=objective, least=f"{outcome.solution.least:,.0f}")
    return text("impossible")
