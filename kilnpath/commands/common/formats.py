"""The formats that a result can be written in beside its tables, for ``export`` and ``plan``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kilnpath.commands.common.figures import can_draw_names
from kilnpath.commands.common.kept import say_kept
from kilnpath.commands.common.left_out import done_or_left_out
from kilnpath.commands.common.options import say_written
from kilnpath.commands.common.outputs import check_file_out, check_out
from kilnpath.language.chosen import text
from kilnpath.language.languages import Language, file_name
from model.case.types import Case

if TYPE_CHECKING:  # loads pandas
    from rich.console import Console

    from kilnpath.result.kept import Kept
    from kilnpath.result.read import Result

_Command = Callable[..., Any]
Written = tuple[list[str], "Kept"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a format may need beside the result: where its case is, and for whom it is."""

    case: Path | None
    language: Language


def _xlsx(result: "Result", target: Path, asked: Asked) -> Written:
    from kilnpath.export.workbook import write_result_workbook  # xlsxwriter

    return [], write_result_workbook(result, target, asked.language, asked.case)


def _iamc(result: "Result", target: Path, _: Asked) -> Written:
    from kilnpath.export.iamc import fuels_without_carrier, write_iamc  # pandas

    kept = write_iamc(result, target)
    unknown = fuels_without_carrier(result)
    if not unknown:
        return [], kept
    words = text(
        "without Final Energy by carrier: what carrier '{fuel}' is, is not known; its heat is in "
        "'kilnpath|Fuel Heat'"
    )
    return [words.format(fuel=unknown[0])], kept


def _parquet(result: "Result", target: Path, _: Asked) -> Written:
    from kilnpath.export.parquet import write_parquet  # pyarrow

    return [], write_parquet(result, target)


def _figures(result: "Result", target: Path, asked: Asked) -> Written:
    from kilnpath.export.figures import write_figures  # pandas

    return [], write_figures(result, target, asked.language)


@dataclass(frozen=True, slots=True)
class Format:
    """A format: where it goes in a folder, what it is, and how it is written.

    write: takes the result and the path to write to, gives remarks for the screen and what was kept
    there, and raises ``ResultError``. spoken: whether it has words of a language, which is then in
    its name.
    """

    name: str
    description: str
    write: Callable[["Result", Path, Asked], Written]
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


def check_formats_out(out: Path, chosen: Mapping[str, bool], language: Language) -> None:
    """Raises ``ResultError`` where a format that was chosen could not be written into a folder."""
    for about in (FORMATS[flag] for flag, wanted in chosen.items() if wanted):
        target = out / about.named(language)
        (check_file_out if target.suffix == ".xlsx" else check_out)(target)


def possible_formats(
    chosen: Mapping[str, bool], case: Case | None, language: Language
) -> dict[str, bool]:
    """What was chosen, without what cannot be made here; why not is told before the work.

    case: whose names figures will hold, where it is at hand.
    """
    possible = dict(chosen)
    if chosen["figures"] and case is not None:
        possible["figures"] = can_draw_names(True, case, language)
    elif chosen["figures"]:
        from kilnpath.export.figures import check_figures  # pandas

        possible["figures"] = done_or_left_out(lambda: check_figures(language))
    return possible


def write_formats(
    screen: "Console", source: Path, out: Path, chosen: Mapping[str, bool], asked: Asked
) -> None:
    """Writes a stored result into a folder in each format that was chosen, and says where.

    Where one cannot be written, that is told, and the others are. Raises ``ResultError`` where the
    result cannot be read.
    """
    formats = [FORMATS[flag] for flag, wanted in chosen.items() if wanted]
    if not formats:
        return
    from kilnpath.result.read import check_consistency, read_result  # pandas

    result = read_result(source)

    def write(about: Format) -> None:
        target = out / about.named(asked.language)
        with check_consistency([result]):
            remarks, kept = about.write(result, target, asked)
        say_written(screen, target, apart=False)
        say_kept(kept)
        for remark in remarks:
            screen.print(f"  {remark}", highlight=False, markup=False)

    for about in formats:
        done_or_left_out(partial(write, about))
