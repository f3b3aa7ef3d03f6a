"""The command line."""

import sys
from typing import NoReturn

import click

from kilnpath import __version__
from kilnpath.commands.assumptions import assumptions
from kilnpath.commands.attribute import attribute
from kilnpath.commands.bounds.curve import curve
from kilnpath.commands.bounds.explain import explain
from kilnpath.commands.bounds.ranges import range_
from kilnpath.commands.bounds.rank import rank
from kilnpath.commands.bounds.whatif import whatif
from kilnpath.commands.case import account, check, new
from kilnpath.commands.common.left_out import end_if_left_out
from kilnpath.commands.common.options import SCREEN_LANGUAGE
from kilnpath.commands.common.spoken import SpokenGroup, spoken_fault
from kilnpath.commands.common.streams import end_at_once, standard_streams
from kilnpath.commands.compare import compare
from kilnpath.commands.export import export
from kilnpath.commands.plan import plan
from kilnpath.commands.report import report
from kilnpath.commands.results import results
from kilnpath.commands.rulebooks import residual, rulebooks
from kilnpath.commands.sweep import sweep
from kilnpath.commands.targets import targets
from kilnpath.commands.verify import verify
from kilnpath.files.cells import escape_control
from kilnpath.language.chosen import text
from kilnpath.screen.exit_codes import FAULT, STOPPED
from model.messages.errors import KilnpathError

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=SpokenGroup, context_settings=_HELP)
@click.version_option(__version__)
@SCREEN_LANGUAGE
def cli() -> None:
    """Find the decarbonization pathway of a cement group that needs the least CCUS.

    CASE is a folder with case.toml, sites.csv, series.csv, fuels.csv, materials.csv, bounds.csv,
    targets.csv and, where there is one, plan.csv; or one .xlsx workbook with the same sheets.

    \b
    A first round:
      kilnpath new my-case       a small commented case to start from
      kilnpath check my-case     every fault at once, or what the case holds
      kilnpath account my-case   the emissions of the company's own plan
      kilnpath plan my-case      the pathway that needs the least CCUS

    \b
    Questions about bounds:
      kilnpath whatif CASE --set permit=30%   the pathway with another bound beside it
      kilnpath rank CASE                      what each bound is worth
      kilnpath curve CASE permit              least CCUS as a function of one bound
      kilnpath explain CASE                   why it is impossible (IIS), and what would repair it
      kilnpath range CASE                     which numbers are conclusions, which a choice (MGA)
      kilnpath assumptions CASE               what the answer rests on
      kilnpath sweep CASE SWEEP.toml          thousands of variants

    \b
    Results to read and hand on:
      kilnpath results                        which there are, by the names that commands take
      kilnpath report RESULT                  one page that opens offline and prints
      kilnpath export RESULT --iamc --parquet for pyam, DuckDB, R
      kilnpath compare A B …                  what changed between cases or results
      kilnpath verify RESULT                  prove it without the solver, in exact fractions

    Exit code 0: done. 1: the case or the command has a fault, which is named. 2: no pathway keeps
    every bound and target; which ones conflict is said.
    """


cli.result_callback()(end_if_left_out)
for command in (
    *(new, check, account, plan),
    *(whatif, rank, curve, explain, range_, assumptions),
    *(sweep, attribute, targets, rulebooks, residual, results, report),
    *(export, compare, verify),
):
    cli.add_command(command)


def main() -> None:
    """Runs a command; every expected failure is one message and an exit code, never a traceback."""
    with standard_streams():
        try:
            cli.main(standalone_mode=False)
        except click.ClickException as error:
            spoken_fault(error).show()
            sys.exit(FAULT)
        except (click.Abort, KeyboardInterrupt):
            click.echo(text("Stopped; nothing was written."), err=True)
            end_at_once(STOPPED)
        except MemoryError:
            _end(
                text(
                    "Not enough memory on this machine for a case of this size; nothing was "
                    "written. docs/case-format.md tells what a size needs."
                )
            )
        except KilnpathError as error:
            _end(error.in_words(text))
        except OSError as error:  # of the machine: its folders, its disk
            place = "" if error.filename is None else f"{error.filename}: "
            _end(f"{place}{error.strerror or error}")
        except RuntimeError as error:
            if not str(error).startswith("Symlink loop"):  # as pathlib tells it before Python 3.13
                raise
            _end(text("{error}: its links go round in a circle").format(error=error))


def _end(words: str) -> NoReturn:
    click.echo(escape_control(words), err=True)
    sys.exit(FAULT)
