"""``kilnpath export``: a result in formats of other tools, a case as another file or programmes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from kilnpath.commands.common.formats import (
    Asked,
    check_formats_out,
    format_options,
    possible_formats,
    write_formats,
)
from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.options import (
    CASE_OF,
    CASE_OR_RESULT,
    LANGUAGE,
    OBJECTIVE,
    SCENARIO,
    console,
    echo_path,
    read_case,
    say_written,
)
from kilnpath.commands.common.outputs import check_file_out, check_new_out, check_out
from kilnpath.commands.common.spoken import command
from kilnpath.files.outputs import check_kind
from kilnpath.files.result_folder import ResultError, is_result
from kilnpath.language.chosen import text
from kilnpath.language.languages import Language
from model.case.types import Objective
from model.messages.message import message

_Command = Callable[..., Any]

FOLDER = "a case folder with case.toml and a CSV file a table, which is the same case"
PROGRAMMES: Mapping[str, str] = {  # flag -> what it is
    "lp": "the programme of the least CCUS, in CPLEX's LP format, for any other solver",
    "mps": "the same in free MPS format",
}


def _case_options(command: _Command) -> _Command:
    for flag, words in reversed([("csv", FOLDER), *PROGRAMMES.items()]):
        command = click.option(f"--{flag}", is_flag=True, help=f"Of a CASE: {words}.")(command)
    return command


@command()
@CASE_OR_RESULT
@format_options
@LANGUAGE
@_case_options
@CASE_OF
@SCENARIO
@OBJECTIVE
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder to write into.  [default: RESULT; of a CASE: here]",
)
def export(
    case_or_result: Path,
    language: Language,
    case: Path | None,
    scenario: str | None,
    objective: str | None,
    out: Path | None,
    **formats: bool,
) -> None:
    """Write RESULT, a folder that plan wrote, in formats of other tools; or CASE as another file.

    Or the linear programme of CASE, to check the least CCUS with another solver.

    Into RESULT itself, each format under a fixed name, or into another folder. An earlier export is
    replaced; anything else is left alone. Numbers are those of the tables.

    \b
    result.xlsx  The answer with charts, every table, and the case as it was planned: `kilnpath
                 plan result.xlsx` finds the same pathway.
    iamc/        data.csv (Model, Scenario, Region, Variable, Unit, years), and definitions/ with
                 what each variable and region is. Standard names of
                 IAMconsortium/common-definitions where they fit, others begin with "kilnpath|".
    parquet/     a file a table, with types, meanings and units.
    figures/     every chart as SVG, PNG (1,800 px wide) and the CSV that it was drawn from.

    What holds words is of one language, and in others than English called so: figures.zh-Hant/.

    The workbook (--xlsx) or folder (--csv) of a CASE, with its scenarios, is the same case. The
    workbook has drop-down lists, and explains its columns in both languages; kilnpath/verifier.py
    alone reads a folder. What stands there is never replaced.

    The programme goes into a folder CASE-lp or CASE-mps: the least CCUS, in the case's own amounts,
    and what every row and column is, with unit.
    """
    of_case = _flags_of_cases(formats, scenario, objective)
    if out is not None:
        check_kind(out, folder=True)
    if is_result(case_or_result):
        _check_result_flags(case_or_result, case, formats, of_case)
        _write_result(case_or_result, out or case_or_result, formats, Asked(case, language))
        return
    _check_case_flags(case_or_result, case, formats)
    path = case_or_result
    stem = (out or Path()) / (path.resolve().name if path.is_dir() else path.stem)
    programmes = {form: stem.with_name(f"{stem.name}-{form}") for form in PROGRAMMES}
    chosen = {form: folder for form, folder in programmes.items() if form in of_case}
    _check_case_out(stem, formats["xlsx"], "csv" in of_case, chosen.values())
    _write_case(case_or_result, stem, formats["xlsx"], "csv" in of_case)
    for form, folder in chosen.items():
        _write_programme(case_or_result, scenario, objective, form, folder)


def _write_result(result: Path, folder: Path, formats: Mapping[str, bool], asked: Asked) -> None:
    check_formats_out(folder, formats, asked.language)
    possible = possible_formats(formats, None, asked.language)
    write_formats(console(), result, folder, possible, asked)


def _flags_of_cases(
    formats: dict[str, bool], scenario: str | None, objective: str | None
) -> list[str]:
    """The chosen flags that only a case has, taken out of all. Raises ``UsageError``."""
    if not any(formats.values()):
        flags = ", ".join(f"--{flag}" for flag in formats)
        raise click.UsageError(text("say in which format: {options}").format(options=flags))
    chosen = [flag for flag in ("csv", *PROGRAMMES) if formats.pop(flag)]
    if (scenario or objective) and PROGRAMMES.keys().isdisjoint(chosen):
        raise click.UsageError(text("--scenario and --objective are of --lp and --mps"))
    return chosen


def _check_result_flags(
    result: Path, case: Path | None, formats: Mapping[str, bool], of_case: Sequence[str]
) -> None:
    """Raises ``UsageError`` for what cannot be asked of a result; of_case: flags of cases."""
    if of_case:
        words = text("--{option} is of a CASE; {path} is a RESULT")
        raise click.UsageError(words.format(option=of_case[0], path=result))
    if case is not None and not formats["xlsx"]:
        raise click.UsageError(text("--case is for --xlsx; the others need only the tables"))


def _check_case_flags(path: Path, case: Path | None, formats: Mapping[str, bool]) -> None:
    """Raises ``UsageError`` or ``ResultError`` for what cannot be asked of a case."""
    if case is not None:
        raise click.UsageError(text("--case is for a RESULT, a folder that plan wrote"))
    others = [flag for flag, wanted in formats.items() if wanted and flag != "xlsx"]
    if others:
        raise ResultError(
            message(
                "{path} is no result of plan; --{option} is of results", path=path, option=others[0]
            )
        )


def _check_case_out(stem: Path, book: bool, folder: bool, programmes: Iterable[Path]) -> None:
    """Raises ``ResultError`` where one of what is to be made of a case cannot be written."""
    if book:
        check_file_out(stem.with_name(f"{stem.name}.xlsx"))
    if folder:
        check_new_out(stem)
    for place in programmes:
        check_out(place)


def _write_case(path: Path, stem: Path, book: bool, folder: bool) -> None:
    if book:
        from kilnpath.case.write_workbook import write_case  # xlsxwriter

        target = stem.with_name(f"{stem.name}.xlsx")
        write_case(path, target)
        echo_path(text("Written to {path}"), target)
    if folder:
        from kilnpath.case.write_folder import write_case_folder  # xlsxwriter

        write_case_folder(path, stem)
        echo_path(text("Written to {path}"), stem)


def _write_programme(
    path: Path, scenario: str | None, objective: str | None, form: str, folder: Path
) -> None:
    from kilnpath.export.programme import write_programme  # Pyomo and HiGHS

    case, screen = read_case(path, scenario), console()
    remark, kept = write_programme(case, Objective(objective or case.objective), form, folder)
    say_written(screen, folder, apart=False)
    screen.print(f"  {remark}", highlight=False, markup=False)
    say_kept(kept)
