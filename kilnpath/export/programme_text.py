"""A programme as text that other solvers read: CPLEX's LP format and free MPS.

Written here because every number must come back as it is: HiGHS writes 15 digits of it. Python's
shortest text of a float is read back as the same float. One term stands on a line, so that two
files can be compared line by line and no line is too long for a reader.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from optimizer.planning.named_programme import NamedProgramme

_MPS_SENSES = {"<=": "L", ">=": "G", "=": "E"}


def lp_text(programme: NamedProgramme, about: Iterable[str]) -> str:
    """The programme in CPLEX's LP format; about: lines of the comment at its head."""
    return "\n".join([*(f"\\ {line}".rstrip() for line in about), *_lp_lines(programme), "End", ""])


def mps_text(programme: NamedProgramme, about: Iterable[str]) -> str:
    """The programme in free MPS format; about: lines of the comment at its head."""
    head = [*(f"* {line}".rstrip() for line in about), f"NAME {programme.name}"]
    return "\n".join([*head, *_mps_lines(programme), "ENDATA", ""])


def _lp_lines(programme: NamedProgramme) -> Iterator[str]:
    names = [column.name for column in programme.columns]
    yield "Minimize"
    yield f" {programme.name}:"
    used = np.flatnonzero(programme.costs).tolist() or [0]
    yield from (_term(programme.costs[i], names[i]) for i in used)
    yield "Subject To"
    matrix, starts = programme.matrix, programme.matrix.starts.tolist()
    indices, values = matrix.indices.tolist(), matrix.values.tolist()
    for i, (row, sense) in enumerate(zip(programme.rows, programme.senses, strict=True)):
        yield f" {row.name}:"
        span = range(starts[i], starts[i + 1])
        # A row without columns says that its limit holds by itself, or cannot.
        yield from (_term(values[k], names[indices[k]]) for k in span)
        if not span:
            yield _term(0.0, names[0])
        yield f"  {sense} {_number(programme.limits[i])}"
    yield "Bounds"
    yield from (f" {names[i]} free" for i in np.flatnonzero(programme.free))


def _mps_lines(programme: NamedProgramme) -> Iterator[str]:
    objective, rows = programme.name, [row.name for row in programme.rows]
    yield "ROWS"
    yield f" N {objective}"
    for name, sense in zip(rows, programme.senses, strict=True):
        yield f" {_MPS_SENSES[sense]} {name}"
    yield "COLUMNS"
    matrix = programme.matrix
    row_of = np.repeat(np.arange(len(rows)), np.diff(matrix.starts))
    order = np.argsort(matrix.indices, kind="stable")
    starts = np.searchsorted(matrix.indices[order], np.arange(len(programme.columns) + 1)).tolist()
    for i, column in enumerate(programme.columns):
        entries = order[starts[i] : starts[i + 1]].tolist()
        if programme.costs[i] or not entries:  # a column must stand here to be there
            yield f" {column.name} {objective} {_number(programme.costs[i])}"
        for k in entries:
            yield f" {column.name} {rows[row_of[k]]} {_number(matrix.values[k])}"
    yield "RHS"
    for i in np.flatnonzero(programme.limits).tolist():
        yield f" RHS {rows[i]} {_number(programme.limits[i])}"
    yield "BOUNDS"
    for i in np.flatnonzero(programme.free).tolist():
        yield f" FR BOUND {programme.columns[i].name}"


def _term(value: float, name: str) -> str:
    return f"  {'-' if value < 0 else '+'} {_number(abs(value))} {name}"


def _number(value: float) -> str:
    """The shortest text that is read back as the same float."""
    return repr(float(value)).removesuffix(".0")
