"""The commands about a case itself, without optimisation: new, check, account."""

from pathlib import Path

import click

from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import (
    CASE,
    SCENARIO,
    console,
    echo_path,
    read_case,
    say_written,
)
from kilnpath.commands.common.outputs import check_file_out, check_new_out, check_out
from kilnpath.commands.common.spoken import command
from kilnpath.files.cells import escape_control
from kilnpath.language.chosen import text
from model.messages.message import message

_MOST_SHOWN = 50  # changes of a mended case
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
    from kilnpath.screen.plan import show_account
    from kilnpath.studies import plan as library  # loads pandas
    from kilnpath.studies.result_folder import write_account

    screen = console()
    check_out(out)
    read = read_case(case, scenario)
    result = library.account(read)
    if out is not None:
        say_kept(write_account(result, out))
    show_account(screen, result)
    if out is not None:
        say_written(screen, out)


@command()
@CASE
@SCENARIO
@click.option(
    "--fix",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write the case in plain form into OUT, a new folder or .xlsx workbook, and a list of "
    "what was changed beside it.",
)
def check(case: Path, scenario: str | None, fix: Path | None) -> None:
    """Every fault of CASE at once; if there is none, what it holds.

    Says how many numbers are published, derived, calibrated and assumed, which levers no bound
    limits, and which are limited only in total over several sites.
    """
    from kilnpath.screen.check import show_case  # beside its only use, as with the other commands

    read = read_case(case, scenario)
    if fix is not None:
        _fix(case, fix)
        return
    show_case(console(), read)


def _fix(case: Path, out: Path) -> None:
    """Writes a case in plain form, and shows the first of what was changed."""
    from kilnpath.mending import write_mended  # loads xlsxwriter

    mended = write_mended(case, out, text)
    if mended is None:
        click.echo(text("Everything is read as it stands; nothing was written."))
        return
    for change in mended.changes[:_MOST_SHOWN]:
        click.echo(escape_control(change.told().in_words(text)))
    if mended.count > _MOST_SHOWN:
        words = message("and {count:,} more", count=mended.count - _MOST_SHOWN)
        click.echo(words.in_words(text))
    words = message(
        "Made {case}, which reads as the same case, and {listed}, which lists what was changed "
        "({count:,}).",
        case=mended.case,
        listed=mended.listed,
        count=mended.count,
    )
    click.echo(escape_control(words.in_words(text)))


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
        check_file_out(folder)
        write_case(TEMPLATE, folder)
        echo_path(text("Made {path}. Next: kilnpath plan {path}"), folder)
        return
    from kilnpath.case.described import descriptions  # beside its only use
    from kilnpath.files.write import write_new  # loads pandas

    check_new_out(folder)
    files = {
        path.relative_to(TEMPLATE).as_posix(): path.read_bytes()
        for path in sorted(TEMPLATE.rglob("*"))
        if path.is_file()
    }
    write_new(folder, files | descriptions(TEMPLATE, folder.resolve().name, text))
    echo_path(text("Made {path}. Next: kilnpath plan {path}"), folder)
