"""``kilnpath report``."""

from pathlib import Path

import click

from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import NAMED, PAGE_LANGUAGE, echo_path
from kilnpath.commands.common.outputs import check_file_out
from kilnpath.commands.common.spoken import command
from kilnpath.language.chosen import text
from kilnpath.language.languages import Language


@command()
@click.argument("result", type=NAMED)
@PAGE_LANGUAGE
@click.option(
    "--compare",
    "others",
    multiple=True,
    type=NAMED,
    metavar="RESULT",
    help="Another result beside it; repeatable.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The page.  [default: report.html, report.zh-Hant.html or report.both.html in RESULT]",
)
def report(
    result: Path, language: Language | None, others: tuple[Path, ...], out: Path | None
) -> None:
    """A page to read and hand on, of the RESULT folder that plan wrote.

    One file that opens offline and prints: the answer, wedges, intensities against targets, CCUS by
    region, every lever inside its bounds, the way from the base year, what holds the pathway back,
    criteria, residual emissions, sources, and how it was computed.
    """
    from kilnpath.report.writing import REPORTS, write_report  # loads pandas and Jinja
    from kilnpath.result.read import check_consistency, read_result

    target = out or result / REPORTS[language]
    check_file_out(target)
    found, beside = read_result(result), [read_result(one) for one in others]
    with check_consistency([found, *beside]):
        written, kept = write_report(found, language, beside, target)
    echo_path(text("Written to {path}"), written)
    say_kept(kept)
