"""The command that says why emissions change."""

from pathlib import Path

import click

from kilnpath.case_files import read_case
from kilnpath.options import SCENARIO, console


@click.command()
@click.argument("subject", metavar="CASE|RESULT", type=click.Path(path_type=Path))
@SCENARIO
@click.option("--from", "start", type=int, metavar="YEAR", help="[default: the base year]")
@click.option("--to", "end", type=int, metavar="YEAR", help="[default: the last year]")
@click.option(
    "--place", default="group", metavar="PLACE", help="A region or a site.  [default: group]"
)
@click.option(
    "--case",
    type=click.Path(path_type=Path),
    help="The case of RESULT.  [default: the case of its name, here or in cases]",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the tables as CSV.")
def attribute(
    subject: Path,
    scenario: str | None,
    start: int | None,
    end: int | None,
    place: str,
    case: Path | None,
    out: Path | None,
) -> None:
    """What the change of emissions is due to: output, each lever, the grid and capture.

    Of CASE's own plan, or of the pathway in RESULT, a folder that plan wrote. By two methods that
    leave no residual and ask for no order of the levers, LMDI-I and Shapley value, side by side; by
    emission source, and by region or site. See docs/questions/attribution.md.
    """
    from kilnpath import attribution  # loads pandas, as below
    from kilnpath.attribution_screen import show_attribution
    from kilnpath.result_files import write_folder
    from kilnpath.result_reading import is_result, read_pathway

    screen = console()
    if is_result(subject):
        if scenario is not None:
            raise click.UsageError("--scenario is for a CASE; a RESULT has its own")
        found = attribution.attribute(read_pathway(subject, case), start, end)
        show_attribution(screen, found, place, f"the pathway of {subject}")
    else:
        if case is not None:
            raise click.UsageError("--case is for a RESULT, a folder that plan wrote")
        found = attribution.attribute(read_case(subject, scenario), start, end)
        show_attribution(screen, found, place, "the company's own plan")
    if out is not None:
        write_folder(out, found.tables, {"kind": "attribution", "case": found.case.id})
        screen.print(f"\nWritten to {out}", highlight=False)
