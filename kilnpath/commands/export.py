"""``kilnpath export``: a result in formats of other tools, a case as another file or programmes.

``plan`` has the flags of results too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kilnpath.commands.options import (
    CASE_OF,
    LANGUAGE,
    OBJECTIVE,
    SCENARIO,
    SUBJECT,
    console,
    read_case,
    say_written,
)
from kilnpath.files.result_folder import ResultError, is_result
from kilnpath.language.languages import Language
from model.case.types import Objective

if TYPE_CHECKING:  # loads pandas
    from rich.console import Console

    from kilnpath.result.read import Result

_Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a format may need beside the result: where its case is, and for whom it is."""

    case: Path | None
    language: Language


def _xlsx(result: "Result", target: Path, asked: Asked) -> list[str]:
    from kilnpath.export.workbook import write_result_workbook  # xlsxwriter

    write_result_workbook(result, target, asked.language, asked.case)
    return []


def _iamc(result: "Result", target: Path, _: Asked) -> list[str]:
    from kilnpath.export.iamc import fuels_without_carrier, write_iamc  # pandas

    write_iamc(result, target)
    unknown = fuels_without_carrier(result)
    if not unknown:
        return []
    return [
        f"without Final Energy by carrier: what carrier '{unknown[0]}' is, is not known; its heat "
        "is in 'kilnpath|Fuel Heat'"
    ]


def _parquet(result: "Result", target: Path, _: Asked) -> list[str]:
    from kilnpath.export.parquet import write_parquet  # pyarrow

    write_parquet(result, target)
    return []


def _figures(result: "Result", target: Path, asked: Asked) -> list[str]:
    from kilnpath.export.figures import write_figures  # pandas

    write_figures(result, target, asked.language)
    return []


@dataclass(frozen=True, slots=True)
class Format:
    """A format: where it goes in a folder, what it is, and how it is written.

    write: takes the result and the path to write to, gives remarks for the screen, and raises
    ``ResultError``. spoken: whether it has words of a language, which is then in its name.
    """

    name: str
    words: str
    write: Callable[["Result", Path, Asked], list[str]]
    spoken: bool = False

    def named(self, language: Language) -> str:
        """Its name in a language: ``result.xlsx``, ``result.zh-Hant.xlsx``."""
        path = Path(self.name)
        other = self.spoken and language is not Language.ENGLISH
        return f"{path.stem}.{language}{path.suffix}" if other else self.name


FORMATS: Mapping[str, Format] = {  # flag -> format
    "xlsx": Format(
        "result.xlsx",
        "a workbook with the answer, its charts, every table, and the case, which plan reads again",
        _xlsx,
        spoken=True,
    ),
    "iamc": Format("iamc", "the scenario format of the IAMC, for pyam and nomenclature", _iamc),
    "parquet": Format("parquet", "every table as Parquet, for DuckDB, R and Arrow", _parquet),
    "figures": Format("figures", "every chart as SVG, PNG and its numbers", _figures, spoken=True),
}

FOLDER = "a case folder with case.toml and a CSV file a table, which is the same case"
PROGRAMMES: Mapping[str, str] = {  # flag -> what it is
    "lp": "the programme of the least CCUS, in CPLEX's LP format, for any other solver",
    "mps": "the same in free MPS format",
}


def format_options(command: _Command) -> _Command:
    """Gives a command a flag for every format, and their language."""
    for flag, about in reversed([*FORMATS.items()]):
        name = about.name if Path(about.name).suffix else f"{about.name}/"
        words = f"Write {name}: {about.words}."
        command = click.option(f"--{flag}", is_flag=True, help=words)(command)
    return LANGUAGE(command)


def write_formats(
    screen: "Console", source: Path, out: Path, chosen: Mapping[str, bool], asked: Asked
) -> None:
    """Writes a stored result into a folder in each format that was chosen, and says where.

    Raises ``ResultError``.
    """
    formats = [FORMATS[flag] for flag, wanted in chosen.items() if wanted]
    if not formats:
        return
    from kilnpath.result.read import read_result, shown  # pandas

    result = read_result(source)
    for about in formats:
        target = out / about.named(asked.language)
        with shown([result]):
            remarks = about.write(result, target, asked)
        say_written(screen, target, apart=False)
        for remark in remarks:
            screen.print(f"  {remark}", highlight=False, markup=False)


def _case_options(command: _Command) -> _Command:
    for flag, words in reversed([("csv", FOLDER), *PROGRAMMES.items()]):
        command = click.option(f"--{flag}", is_flag=True, help=f"Of a CASE: {words}.")(command)
    return command


@click.command()
@SUBJECT
@format_options
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
    subject: Path,
    language: str,
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
    if not any(formats.values()):
        flags = ", ".join(f"--{flag}" for flag in formats)
        raise click.UsageError(f"say in which format: {flags}")
    of_case = [flag for flag in ("csv", *PROGRAMMES) if formats.pop(flag)]
    programmes = [flag for flag in of_case if flag in PROGRAMMES]
    if (scenario or objective) and not programmes:
        raise click.UsageError("--scenario and --objective are of --lp and --mps")
    if is_result(subject):
        if of_case:
            raise click.UsageError(f"--{of_case[0]} is of a CASE; {subject} is a RESULT")
        if case is not None and not formats["xlsx"]:
            raise click.UsageError("--case is for --xlsx; the others need only the tables")
        asked = Asked(case, Language(language))
        write_formats(console(), subject, out or subject, formats, asked)
        return
    if case is not None:
        raise click.UsageError("--case is for a RESULT, a folder that plan wrote")
    others = [flag for flag, wanted in formats.items() if wanted and flag != "xlsx"]
    if others:
        raise ResultError(f"{subject} is no result of plan; --{others[0]} is of results")
    stem = (out or Path()) / (subject.resolve().name if subject.is_dir() else subject.stem)
    _write_case(subject, stem, formats["xlsx"], "csv" in of_case)
    for form in programmes:
        _write_programme(subject, scenario, objective, form, stem.with_name(f"{stem.name}-{form}"))


def _write_case(path: Path, stem: Path, book: bool, folder: bool) -> None:
    if book:
        from kilnpath.case.write_workbook import write_case  # xlsxwriter

        target = stem.with_name(f"{stem.name}.xlsx")
        write_case(path, target)
        click.echo(f"Written to {target}")
    if folder:
        from kilnpath.case.write_folder import write_case_folder  # xlsxwriter

        write_case_folder(path, stem)
        click.echo(f"Written to {stem}")


def _write_programme(
    path: Path, scenario: str | None, objective: str | None, form: str, folder: Path
) -> None:
    from kilnpath.export.programme import write_programme  # Pyomo and HiGHS

    case, screen = read_case(path, scenario), console()
    remark = write_programme(case, Objective(objective or case.objective), form, folder)
    say_written(screen, folder, apart=False)
    screen.print(f"  {remark}", highlight=False, markup=False)
