"""The commands about a case itself, without optimisation: new, check, account."""

from pathlib import Path

import click

from kilnpath.commands.common.options import CASE, SCENARIO, console, read_case, say_written
from kilnpath.commands.common.spoken import command
from kilnpath.language.chosen import text

TEMPLATE = Path(__file__).parent.parent / "template"


@command()
@CASE
@SCENARIO
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the tables of all sites and years."
)
def account(case: Path, scenario: str | None, out: Path | None) -> None:
    """The emissions of CASE's own plan and of its frozen baseline, without optimisation.

    By source, region and year; and every bound and target that the plan violates, by id. The
    frozen baseline holds the levers and power intensities of the base year at each year's output
    and grid factor.
    """
    from kilnpath.result.write import check_folder
    from kilnpath.screen.plan import show_account
    from kilnpath.studies import plan as library  # loads pandas
    from kilnpath.studies.result_folder import write_account

    screen = console()
    read = read_case(case, scenario)
    if out is not None:
        check_folder(out)
    result = library.account(read)
    if out is not None:
        write_account(result, out)
    show_account(screen, result)
    if out is not None:
        say_written(screen, out)


@command()
@CASE
@SCENARIO
def check(case: Path, scenario: str | None) -> None:
    """Every fault of CASE at once; if there is none, what it holds.

    Says how many numbers are published, derived, calibrated and assumed, which levers no bound
    limits, and which are limited only in total over several sites.
    """
    from kilnpath.screen.check import show_case  # beside its only use, as with the other commands

    show_case(console(), read_case(case, scenario))


@command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--xlsx",
    is_flag=True,
    help="Make the workbook FOLDER.xlsx instead, with drop-down lists and explanations.",
)
def new(folder: Path, xlsx: bool) -> None:
    """Make FOLDER with a small commented case to start from, which plans as it is.

    In the folder, case.schema.json tells editors what case.toml may hold (Even Better TOML, Taplo),
    and datapackage.json tells data tools the types, units and allowed values of the tables.
    """
    if xlsx:
        from kilnpath.case.write_workbook import write_case  # loads xlsxwriter

        folder = folder if folder.suffix.lower() == ".xlsx" else Path(f"{folder}.xlsx")
        write_case(TEMPLATE, folder)
        click.echo(text("Made {folder}. Next: kilnpath plan {folder}").format(folder=folder))
        return
    from kilnpath.case.described import descriptions  # beside its only use
    from kilnpath.files.write import write_new  # loads pandas

    files = {
        path.relative_to(TEMPLATE).as_posix(): path.read_bytes()
        for path in sorted(TEMPLATE.rglob("*"))
        if path.is_file()
    }
    write_new(folder, files | descriptions(TEMPLATE, folder.resolve().name, text))
    click.echo(text("Made {folder}. Next: kilnpath plan {folder}").format(folder=folder))
