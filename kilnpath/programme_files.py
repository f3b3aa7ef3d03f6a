"""Writes the programmes of a case for other solvers, each with a table of its names."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from kilnpath import __version__
from kilnpath.programme_text import lp_text, mps_text
from kilnpath.result_files import write_files
from model.case import Case, Objective
from optimizer.named_programme import NamedProgramme, programmes

Text = Callable[[NamedProgramme, list[str]], str]
TEXTS: dict[str, Text] = {"lp": lp_text, "mps": mps_text}
NAMES = ("kind", "name", "component", "site", "which", "year", "unit", "meaning")


def write_programmes(case: Case, objective: Objective, form: str, folder: Path) -> list[str]:
    """Writes a file for each objective and ``…names.csv`` beside it; gives remarks.

    form: ``lp`` or ``mps``. Raises ``ResultError`` and ``SolverError``.
    """
    found = programmes(case, objective, case.second)
    files: dict[str, bytes] = {}
    for number, programme in enumerate(found, start=1):
        stem = f"{number}-{programme.name}"
        files[f"{stem}.{form}"] = TEXTS[form](programme, list(_head(case, programme))).encode()
        files[f"{stem}.names.csv"] = _names(programme).encode()
    facts = {
        "kind": form,
        "case": case.id,
        "case_sha256": case.hash,
        "scenario": case.scenario,
        "objective": str(objective),
        "then": str(case.second),
    }
    write_files(folder, files, facts)
    first = found[0]
    if first.optimum is None:
        return ["HiGHS finds no point in it, so there is no second objective"]
    return [f"HiGHS finds {first.name} = {first.optimum!r} {first.unit}"]


def _head(case: Case, programme: NamedProgramme) -> Iterator[str]:
    """What a reader of the file must know."""
    yield f"kilnpath {__version__}: minimise {programme.name} [{programme.unit}]"
    yield f"case {case.id!a}, SHA-256 {case.hash}"
    if case.scenario:
        yield f"scenario {case.scenario!a}"
    amounts = ", ".join(_amount(unit, programme.scale) for unit in ("t", "GJ", "MWh", "t CO2"))
    yield f"amounts are in {amounts}"
    yield "unit and meaning of every row and column: the names.csv beside this file"


def _amount(unit: str, scale: float) -> str:
    return unit if scale == 1 or unit == "1" else f"{scale:g} {unit}"


def _names(programme: NamedProgramme) -> str:
    """The table of names: ``kind`` is objective, column or row."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(NAMES)
    unit = _amount(programme.unit, programme.scale)
    table.writerow(["objective", programme.name, "", "", "", "", unit, "what is minimised"])
    for kind, entries in (("column", programme.columns), ("row", programme.rows)):
        for e in entries:
            unit = _amount(e.unit, programme.scale)
            table.writerow([kind, e.name, e.component, e.site, e.which, e.year, unit, e.meaning])
    return stream.getvalue()
