"""The commands that read a plan by the rules: every rulebook, and what is left."""

from pathlib import Path

import click

from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import (
    CASE_OF,
    CASE_OR_RESULT,
    OUT,
    SCENARIO,
    console,
    say_written,
)
from kilnpath.commands.common.outputs import check_out
from kilnpath.commands.common.spoken import command


@command()
@CASE_OR_RESULT
@SCENARIO
@CASE_OF
@OUT
def rulebooks(
    case_or_result: Path, scenario: str | None, case: Path | None, out: Path | None
) -> None:
    """The same plan under every rulebook, with its inventory, and the rules that decide.

    Of CASE's own plan, or of the pathway in RESULT, a folder that plan wrote: SBTi, GCCA gross and
    net, ISO 14064-1, ETS; which way each contested rule stands, and the first year in which a
    target fails if it stood the other way; coverage of each boundary. See
    docs/questions/rulebooks.md.
    """
    from kilnpath.commands.common.case_or_result import read_case_or_pathway
    from kilnpath.result.write import write_folder
    from kilnpath.screen.rulebooks import show_rulebooks
    from kilnpath.studies import rulebooks as rulebook_tables  # loads pandas, as below

    screen = console()
    check_out(out)
    read, words = read_case_or_pathway(case_or_result, scenario, case)
    found = rulebook_tables.rulebooks(read)
    if out is not None:
        say_kept(write_folder(out, found.tables, {"kind": "rulebooks", "case": found.case.id}))
    show_rulebooks(screen, found, words)
    if out is not None:
        say_written(screen, out)


@command()
@CASE_OR_RESULT
@SCENARIO
@click.option("--year", type=int, metavar="YEAR", help="[default: the final year]")
@CASE_OF
@OUT
def residual(
    case_or_result: Path,
    scenario: str | None,
    year: int | None,
    case: Path | None,
    out: Path | None,
) -> None:
    """What is left in the net-zero year, by source and site, and the removals to counterbalance it.

    Of CASE's own plan, or of the pathway in RESULT. Removals are never netted into a target here.
    """
    from kilnpath.commands.common.case_or_result import read_case_or_pathway
    from kilnpath.result.write import write_folder
    from kilnpath.screen.rulebooks import show_residual
    from kilnpath.studies import rulebooks as rulebook_tables  # loads pandas, as below

    screen = console()
    check_out(out)
    read, words = read_case_or_pathway(case_or_result, scenario, case)
    found = rulebook_tables.residual(read, year)
    if out is not None:
        say_kept(write_folder(out, found.tables, {"kind": "residual", "case": found.case.id}))
    show_residual(screen, found, words)
    if out is not None:
        say_written(screen, out)
