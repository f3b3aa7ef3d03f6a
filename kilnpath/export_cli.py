"""``kilnpath export``: a stored result in formats of other tools; ``plan`` has the flags too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from kilnpath.languages import Language
from kilnpath.options import LANGUAGE, console

if TYPE_CHECKING:  # loads pandas
    from kilnpath.results import Result

_Command = Callable[..., Any]


def _iamc(result: "Result", target: Path, _: Language) -> list[str]:
    from kilnpath.iamc import fuels_without_carrier, write_iamc  # pandas

    write_iamc(result, target)
    unknown = fuels_without_carrier(result)
    if not unknown:
        return []
    return [
        f"without Final Energy by carrier: what carrier '{unknown[0]}' is, is not known; its heat "
        "is in 'kilnpath|Fuel Heat'"
    ]


def _parquet(result: "Result", target: Path, _: Language) -> list[str]:
    from kilnpath.parquet import write_parquet  # pyarrow

    write_parquet(result, target)
    return []


def _figures(result: "Result", target: Path, language: Language) -> list[str]:
    from kilnpath.figures import write_figures  # pandas

    write_figures(result, target, language)
    return []


@dataclass(frozen=True, slots=True)
class Format:
    """A format: where it goes in a folder, what it is, and how it is written.

    write: takes the result, the path to write to and the language, gives remarks for the screen,
    and raises ``ResultError``. spoken: whether it holds words, and so is of a language.
    """

    name: str
    words: str
    write: Callable[["Result", Path, Language], list[str]]
    spoken: bool = False

    def name_in(self, language: Language) -> str:
        """Its name in a folder: ``figures``, ``figures.zh-Hant``."""
        return f"{self.name}.{language}" if self.spoken and language != "en" else self.name


FORMATS: Mapping[str, Format] = {  # flag -> format
    "iamc": Format("iamc", "the scenario format of the IAMC, for pyam and nomenclature", _iamc),
    "parquet": Format("parquet", "every table as Parquet, for DuckDB, R and Arrow", _parquet),
    "figures": Format("figures", "every chart as SVG, PNG and its numbers", _figures, spoken=True),
}


def format_options(command: _Command) -> _Command:
    """Gives a command a flag for every format, and their language."""
    for flag, about in reversed([*FORMATS.items()]):
        words = f"Write {about.name}/: {about.words}."
        command = click.option(f"--{flag}", is_flag=True, help=words)(command)
    return LANGUAGE(command)


def write_formats(
    screen: Console, source: Path, out: Path, chosen: Mapping[str, bool], language: Language
) -> None:
    """Writes a stored result into a folder in each format that was chosen, and says where.

    Raises ``ResultError``.
    """
    formats = [FORMATS[flag] for flag, wanted in chosen.items() if wanted]
    if not formats:
        return
    from kilnpath.results import read_result  # pandas

    result = read_result(source)
    for about in formats:
        target = out / about.name_in(language)
        remarks = about.write(result, target, language)
        screen.print(f"Written to {target}", highlight=False)
        for remark in remarks:
            screen.print(f"  {remark}", highlight=False)


@click.command()
@click.argument("subject", metavar="RESULT", type=click.Path(path_type=Path))
@format_options
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder to write into.  [default: RESULT]"
)
def export(subject: Path, out: Path | None, language: str, **formats: bool) -> None:
    """Write RESULT, a folder that plan wrote, in formats of other tools.

    Into RESULT itself, each format under a fixed name, or into another folder. An earlier export is
    replaced; anything else is left alone. Numbers are those of the tables.

    \b
    iamc/      data.csv (Model, Scenario, Region, Variable, Unit, years), and definitions/ with
               what each variable and region is. Standard names of IAMconsortium/common-definitions
               where they fit, others begin with "kilnpath|".
    parquet/   a file a table, with types, meanings and units.
    figures/   every chart as SVG, PNG (1,800 px wide) and the CSV that it was drawn from; with
               --lang zh-Hant figures.zh-Hant/.
    """
    if not any(formats.values()):
        flags = ", ".join(f"--{flag}" for flag in FORMATS)
        raise click.UsageError(f"say in which format: {flags}")
    write_formats(console(), subject, out or subject, formats, Language(language))
