"""Writes the programme of a case for other solvers, with a table of its names."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from kilnpath import __version__
from kilnpath.export.programme_text import lp_text, mps_text
from kilnpath.language.chosen import text
from kilnpath.result.kept import Kept
from kilnpath.result.write import write_files
from model.case.types import Case, Objective
from optimizer.planning.named_programme import NamedProgramme, named_programme

Text = Callable[[NamedProgramme, list[str]], str]
TEXTS: dict[str, Text] = {"lp": lp_text, "mps": mps_text}
NAMES = ("kind", "name", "component", "site", "which", "year", "unit", "meaning")


def write_programme(case: Case, objective: Objective, form: str, folder: Path) -> tuple[str, Kept]:
    """Writes the programme of the least CCUS and ``…names.csv`` beside it.

    Gives a remark, and what was kept of what stood there.

    form: ``lp`` or ``mps``. The files begin with 1, the place in the order of objectives.
    Raises ``ResultError`` and ``SolverError``.
    """
    found = named_programme(case, objective)
    files = {
        f"1-{found.name}.{form}": TEXTS[form](found, list(_head(case, found))).encode(),
        f"1-{found.name}.names.csv": _names(found).encode(),
    }
    manifest = {
        "kind": form,
        "case": case.id,
        "case_sha256": case.hash,
        "scenario": case.scenario,
        "objective": str(objective),
    }
    kept = write_files(folder, files, manifest)
    if found.optimum is None:
        return text("HiGHS finds no point in it"), kept
    words = text("HiGHS finds {name} = {value} {unit}")
    return words.format(name=found.name, value=repr(found.optimum), unit=found.unit), kept


def _head(case: Case, programme: NamedProgramme) -> Iterator[str]:
    """What a reader of the file must know."""
    yield f"kilnpath {__version__}: minimise {programme.name} [{programme.unit}]"
    yield f"case {case.id!a}, SHA-256 {case.hash}"
    if case.scenario:
        yield f"scenario {case.scenario!a}"
    yield "amounts are in t, GJ, MWh, t CO2"
    yield "unit and meaning of every row and column: the names.csv beside this file"


def _names(programme: NamedProgramme) -> str:
    """The table of names: ``kind`` is objective, column or row."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(NAMES)
    head = ["objective", programme.name, "", "", "", "", programme.unit, "what is minimised"]
    table.writerow(head)
    for kind, entries in (("column", programme.columns), ("row", programme.rows)):
        for e in entries:
            table.writerow([kind, e.name, e.component, e.site, e.which, e.year, e.unit, e.meaning])
    return stream.getvalue()
