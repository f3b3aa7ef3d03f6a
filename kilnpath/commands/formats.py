"""The formats that a result can be written in beside its tables, for ``export`` and ``plan``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kilnpath.commands.common.options import say_written
from kilnpath.language.chosen import text
from kilnpath.language.languages import Language, file_name

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
    words = text(
        "without Final Energy by carrier: what carrier '{fuel}' is, is not known; its heat is in "
        "'kilnpath|Fuel Heat'"
    )
    return [words.format(fuel=unknown[0])]


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
    description: str
    write: Callable[["Result", Path, Asked], list[str]]
    spoken: bool = False

    def named(self, language: Language) -> str:
        """Its name in a language: ``result.xlsx``, ``result.zh-Hant.xlsx``."""
        return file_name(self.name, language) if self.spoken else self.name


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


def format_options(command: _Command) -> _Command:
    """Gives a command a flag for every format."""
    for flag, about in reversed([*FORMATS.items()]):
        name = about.name if Path(about.name).suffix else f"{about.name}/"
        words = f"Write {name}: {about.description}."
        command = click.option(f"--{flag}", is_flag=True, help=words)(command)
    return command


def write_formats(
    screen: "Console", source: Path, out: Path, chosen: Mapping[str, bool], asked: Asked
) -> None:
    """Writes a stored result into a folder in each format that was chosen, and says where.

    Raises ``ResultError``.
    """
    formats = [FORMATS[flag] for flag, wanted in chosen.items() if wanted]
    if not formats:
        return
    from kilnpath.result.read import check_consistency, read_result  # pandas

    result = read_result(source)
    for about in formats:
        target = out / about.named(asked.language)
        with check_consistency([result]):
            remarks = about.write(result, target, asked)
        say_written(screen, target, apart=False)
        for remark in remarks:
            screen.print(f"  {remark}", highlight=False, markup=False)
