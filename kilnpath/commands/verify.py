"""``kilnpath verify``: the verifier's command, for workbooks too."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.options import CASE_OF, say_taken
from kilnpath.commands.common.spoken import command
from kilnpath.files.cells import escape_control
from kilnpath.files.result_folder import PROOF, is_result
from kilnpath.language.chosen import text
from model.messages.faults import CaseError

if TYPE_CHECKING:
    from model.reading.case import RawCase


@command()
@click.argument("result", type=click.Path(path_type=Path))
@CASE_OF
def verify(result: Path, case: Path | None) -> None:
    """Prove the RESULT folder of plan, or a proof of impossibility, from its case alone.

    Without the solver and without the programme's code, in whole numbers made from the decimal text
    of the tables: every emission is computed anew, every balance, bound and target checked, and by
    the multipliers in certificate.json it is proven that no pathway needs less CCUS than the least
    that is told; it says how much more the pathway shown needs. The same with nothing but Python:
    python kilnpath/verifier.py RESULT --case CASE. Exit code 0: proven; 1: not, and why.
    """
    from kilnpath.verifier import CaseFiles, RefusedError, Table, find_case, read_case
    from kilnpath.verifier import verify as proven  # slow to load

    def read(path: Path, scenario: str) -> CaseFiles:
        meant = _as_meant(path, scenario)
        if meant is None:
            return read_case(path, scenario)
        say_taken(meant.taken)
        tables = {
            name: Table(list(t.columns), [dict(cells) for _, cells in t.rows])
            for name, t in meant.tables.items()
        }
        return CaseFiles(meant.settings, tables)

    if not is_result(result) and is_result(result / PROOF):
        words = text("{result} is a case; its proof is {proof}")
        raise click.ClickException(words.format(result=result, proof=result / PROOF))
    try:
        path = case or find_case(result)
        click.echo(escape_control(text("the case is read from {path}").format(path=path)))
        for line in proven(result, partial(read, path)):
            click.echo(line.in_words(text))
    except RefusedError as error:
        words = text("not proven: {reason}").format(reason=error.in_words(text))
        raise click.ClickException(words) from None
    click.echo(text("Proven."))


def _as_meant(path: Path, scenario: str) -> "RawCase | None":
    """The tables of a workbook, or of a folder in which cells are written otherwise than read.

    ``None`` of any other folder: the verifier reads it by itself, and says what is wrong with it.
    """
    from kilnpath.case.read import raw_case  # loads the reader of workbooks

    if not path.is_dir():
        return raw_case(path, scenario or None)
    try:
        found = raw_case(path, scenario or None)
    except CaseError:
        return None
    return found if found.taken else None
