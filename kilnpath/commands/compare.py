"""The command that says what changed between cases or results."""

from pathlib import Path

import click

from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import NAMED, OUT, console, say_written
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command
from kilnpath.language.chosen import text


@command()
@click.argument("subjects", metavar="A B …", nargs=-1, type=NAMED)
@OUT
def compare(subjects: tuple[Path, ...], out: Path | None) -> None:
    """What changed between A and B, and further ones: cases, or results that plan wrote.

    A case is a folder or a workbook; a result a folder, or its name as kilnpath results lists it.
    Of cases: inputs that differ, by row and year. Of results: CCUS, levers, targets, bounds,
    criteria, and whether they come from the same case. Each is compared with the first of its kind;
    of a result beside a case, whether it was planned from it. Prints the largest differences; --out
    writes all. See docs/questions/compare.md.
    """
    from kilnpath.result.write import write_folder
    from kilnpath.screen.compare import show_comparison
    from kilnpath.studies import compare as comparison  # loads pandas, as below

    if len(subjects) < 2:
        raise click.UsageError(text("name two cases or results to compare, or more"))
    screen = console()
    check_out(out)
    found = comparison.compare(*subjects)
    if out is not None:
        say_kept(write_folder(out, found.tables, {"kind": "compare", "case": found.first_case}))
    show_comparison(screen, found)
    if out is not None:
        say_written(screen, out)
