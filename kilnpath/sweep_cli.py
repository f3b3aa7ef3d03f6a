"""The command that runs a sweep."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kilnpath.case_files import read_case
from kilnpath.options import CASE, OBJECTIVE, SCENARIO, console
from model.faults import CaseError, Fault

if TYPE_CHECKING:
    from kilnpath.sweep import SweepResult


@click.command()
@CASE
@click.argument("file", type=click.Path(path_type=Path))
@SCENARIO
@OBJECTIVE
@click.option("--workers", type=click.IntRange(1, 256), help="Processes.  [default: one a core]")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster to use instead.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of the outcomes.  [default: results/<case>/sweep-<name>]",
)
def sweep(
    case: Path,
    file: Path,
    scenario: str | None,
    objective: str | None,
    workers: int | None,
    scheduler: str | None,
    out: Path | None,
) -> None:
    """Solve many variants of CASE: the sweep of FILE (TOML) over bounds and series.

    Methods: grid and list (values), latin, random and sobol (between low and high). Outcomes are
    kept as they come; the same command after an interruption goes on where it stopped. At the end
    draws.parquet has a row a draw, impossible ones with how far their targets are missed at best.
    See docs/sweep.md.
    """
    from kilnpath.policy_screen import Progress
    from kilnpath.sweep import run_sweep
    from model.sweep import read_sweep

    read = read_case(case, scenario)
    plan = read_sweep(_toml(file), file.name, read)
    suffix = f"-{scenario}" if scenario else ""
    folder = out or Path("results") / read.id / f"sweep-{plan.name}{suffix}"
    with Progress(f"{len(plan.points):,} draws") as progress:
        result = run_sweep(read, plan, folder, objective, workers, scheduler, progress.update)
    _show(result)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        message = f"is not valid TOML: {error}"
    raise CaseError(str(file), [Fault(str(file), message)])


def _show(result: "SweepResult") -> None:
    """Quantiles of the least CCUS, and where asked for Sobol indices."""
    from kilnpath.summary import grid, kilotonnes, show

    screen, frame = console(), result.frame
    optimal = frame.loc[frame["status"] == "optimal", "ccus"]
    screen.print(
        f"{len(frame):,} draws: {len(optimal):,} with a pathway, "
        f"{len(frame) - len(optimal):,} impossible.",
        highlight=False,
    )
    if len(optimal):
        parts = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
        table = grid(
            "Least CCUS, kt CO2", "", "least", "5 %", "25 %", "median", "75 %", "95 %", "most"
        )
        table.add_row("", *(kilotonnes(float(optimal.quantile(part))) for part in parts))
        show(screen, table)
    if result.sweep.method == "sobol":
        _show_sobol(result)
    screen.print(f"\nWritten to {result.file}", highlight=False)


def _show_sobol(result: "SweepResult") -> None:
    from kilnpath.summary import grid, show
    from model.sweep import sobol_indices

    screen, frame = console(), result.frame
    if (frame["status"] != "optimal").any():
        screen.print("Some draws are impossible, so there are no Sobol indices.")
        return
    first, total = sobol_indices(result.sweep, frame["ccus"].to_numpy())
    table = grid("What the variance of the least CCUS is due to", "", "alone", "with others")
    for factor, one, all_ in zip(result.sweep.factors, first, total, strict=True):
        table.add_row(factor.name, f"{one:.3f}", f"{all_:.3f}")
    show(screen, table)
