"""``kilnpath verify``: the verifier's command, for workbooks too."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kilnpath.commands.common.options import CASE_OF, NAMED, echo_path, say_taken
from kilnpath.commands.common.spoken import command
from kilnpath.files.result_folder import PROOF, is_result
from kilnpath.language.chosen import text
from model.messages.faults import CaseError

if TYPE_CHECKING:
    from model.reading.case import RawCase


def _taken(
    raw_case: "Callable[[Path, str | None], RawCase]", path: Path, scenario: str
) -> "RawCase | None":
    """The tables of a workbook, or of a folder in which something is read otherwise than it stands.

    ``None`` where the verifier's own reader can read the folder, or says what is wrong with it.
    """
    try:
        raw = raw_case(path, scenario or None)
    except CaseError:
        if path.is_dir():
            return None
        raise
    say_taken(raw.taken)
    if not path.is_dir():
        return raw
    if not raw.taken:
        return None
    words = text(
        "{path} is read as it is meant; kilnpath check {path} --fix OUT writes it in the plain "
        "form that verifier.py reads alone"
    )
    echo_path(words, path)
    return raw


@command()
@click.argument("result", type=NAMED)
@CASE_OF
def verify(result: Path, case: Path | None) -> None:
    """Prove the RESULT folder of plan, or a proof of impossibility, from its case alone.

    Without the solver and without the programme's code, in whole numbers made from the decimal text
    of the tables: every emission is computed anew, every balance, bound and target checked, and by
    the multipliers in certificate.json it is proven that no pathway needs less CCUS than the least
    that is told; it says how much more the pathway shown needs. The same with nothing but Python:
    python kilnpath/verifier.py RESULT --case CASE. Exit code 0: proven; 1: not, and why.
    """
    from kilnpath.case.read import raw_case  # loads the reader of workbooks
    from kilnpath.verifier import CaseFiles, RefusedError, Table, find_case, read_case
    from kilnpath.verifier import verify as proven  # slow to load

    def read(path: Path, scenario: str) -> CaseFiles:
        book = _taken(raw_case, path, scenario)
        if book is None:
            return read_case(path, scenario)
        tables = {
            name: Table(list(t.columns), [dict(cells) for _, cells in t.rows])
            for name, t in book.tables.items()
        }
        return CaseFiles(book.settings, tables)

    if not is_result(result) and is_result(result / PROOF):
        words = text("{result} is a case; its proof is {proof}")
        raise click.ClickException(words.format(result=result, proof=result / PROOF))
    try:
        path = case or find_case(result)
        echo_path(text("the case is read from {path}"), path)
        for line in proven(result, partial(read, path)):
            click.echo(line.in_words(text))
    except RefusedError as error:
        words = text("not proven: {reason}").format(reason=error.in_words(text))
        raise click.ClickException(words) from None
    click.echo(text("Proven."))
