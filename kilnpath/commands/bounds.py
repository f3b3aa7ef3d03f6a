"""The commands that ask about bounds: whatif, rank, curve, explain, range."""

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kilnpath.commands.options import (
    CASE,
    OBJECTIVE,
    OUT,
    PART,
    SCENARIO,
    console,
    read_case,
    say_no_proof,
    say_stopped,
    say_written,
)
from kilnpath.commands.verify import CERTIFY
from kilnpath.files.limits import LARGEST_SETTINGS
from kilnpath.files.read import FileError, read_plain
from kilnpath.screen.exit_codes import IMPOSSIBLE
from model.case.faults import CaseError, Fault
from model.case.types import BoundKind, Case, Objective

if TYPE_CHECKING:
    from kilnpath.progress import Progress


@click.command()
@CASE
@SCENARIO
@OBJECTIVE
@click.option("--set", "changes", multiple=True, metavar="ID=VALUE", help="A change; repeatable.")
@click.option(
    "--variants",
    type=click.Path(path_type=Path),
    help="A CSV with the columns variant and change; rows of one variant are applied together.",
)
@OUT
def whatif(
    case: Path,
    scenario: str | None,
    objective: str | None,
    changes: tuple[str, ...],
    variants: Path | None,
    out: Path | None,
) -> None:
    """The pathway of CASE with other bounds, beside the one as it is.

    Changes are written as for plan --set: permit=30%, permit@2035=0.30, permit@2030-2040=30%,
    permit=+5% (relative), permit=*0.9, 'permit=+5 pp' (percentage points more), or a new line
    permit=2024:15%,2050:40%; always against the case as read. Shows CCUS, the levers of the last
    year, and which bounds begin or cease to hold the pathway back. Exit code 2 where any of them
    has no pathway.
    """
    _check(out)
    from kilnpath.progress import Progress
    from kilnpath.screen.bounds import show_whatif
    from kilnpath.studies.bounds import whatif  # loads Pyomo and pandas, as in the commands below
    from kilnpath.tables.outcome import milestone

    read = read_case(case, scenario)
    chosen: dict[str, tuple[str, ...]] = {}
    if changes:
        chosen[", ".join(changes)] = changes
    if variants is not None:
        chosen |= _read_variants(variants)
    if not chosen:
        raise click.UsageError("name a change with --set, or a file of them with --variants")
    with Progress("variants") as progress:
        found = whatif.whatif(read, chosen, objective, progress=progress)
    years = sorted({milestone(read), read.final_year})
    tables = {
        "comparison": whatif.comparison(found, years),
        "levers": whatif.lever_comparison(found),
    }
    _write(out, tables, "whatif", read, objective, progress)
    show_whatif(console(), read, found, years)
    _finish(out, progress, f"{len(found)} of {len(chosen) + 1} variants")
    if any(variant.result is None for variant in found):
        sys.exit(IMPOSSIBLE)


def _read_variants(path: Path) -> dict[str, tuple[str, ...]]:
    """variant -> changes. Raises ``CaseError`` where the file is not such a table."""
    try:
        text = read_plain(path, LARGEST_SETTINGS).decode("utf-8-sig")
        rows = list(csv.DictReader(text.splitlines(), restkey="more", strict=True))
    except (OSError, FileError, UnicodeDecodeError, csv.Error) as error:
        said = "it does not exist" if isinstance(error, FileNotFoundError) else str(error)
        raise CaseError(str(path), [Fault(str(path), f"cannot be read: {said}")]) from None
    found: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows, start=2):
        name, change = (row.get("variant") or "").strip(), (row.get("change") or "").strip()
        if not name or not change:
            message = "needs a text under 'variant' and one under 'change', such as permit=30%"
            raise CaseError(str(path), [Fault(f"{path.name} row {number}", message)])
        found[name] = (*found.get(name, ()), change)
    if not found:
        raise CaseError(str(path), [Fault(path.name, "has no variants")])
    return found


@click.command()
@CASE
@SCENARIO
@OBJECTIVE
@click.option("--by-year", is_flag=True, help="Each year of a bound by itself.")
@OUT
def rank(
    case: Path, scenario: str | None, objective: str | None, by_year: bool, out: Path | None
) -> None:
    """What each bound of CASE is worth: how much CCUS one step more room saves.

    A dual finds it, a solve with the bound moved confirms it. A step is one percentage point, or
    about 1 % of the limit; without --by-year the limits of all years move together. "Goes on for"
    is how far further steps save as much, within 1 %. "Check first" ranks by worth times doubt
    (confidence high 1, medium 2, low 3). Those that save the most are confirmed and shown; --out
    writes all, the others by their duals alone.
    """
    _check(out)
    from kilnpath.progress import Progress
    from kilnpath.screen.bounds import show_rank
    from kilnpath.studies.bounds import rank

    read = read_case(case, scenario)
    with Progress("bounds") as progress:
        table = _or_explain(lambda: rank.rank(read, objective, by_year, progress=progress))
    _write(out, {"rank": table}, "rank", read, objective, progress)
    show_rank(console(), read, Objective(objective or read.objective), table)
    _finish(out, progress, f"{int(table['confirmed'].sum())} bounds were confirmed")


@click.command()
@CASE
@click.argument("bound")
@SCENARIO
@OBJECTIVE
@click.option("--from", "low", metavar="VALUE", help="Lowest value, in the bound's own unit.")
@click.option("--to", "high", metavar="VALUE", help="Highest value, in the bound's own unit.")
@click.option("--and", "other", metavar="BOUND", help="A second bound: a map of both.")
@click.option(
    "--certify",
    "points",
    type=(str, click.Path(path_type=Path)),
    multiple=True,
    metavar="VALUE FOLDER",
    help="Write the pathway at a value, or that there is none, with its proof; repeatable.",
)
@OUT
def curve(
    case: Path,
    bound: str,
    scenario: str | None,
    objective: str | None,
    low: str | None,
    high: str | None,
    other: str | None,
    points: tuple[tuple[str, Path], ...],
    out: Path | None,
) -> None:
    """The least CCUS of CASE as a function of one BOUND (ID, or ID@YEAR): every breakpoint.

    Shows where the bound begins to matter, where it ceases to, and where the case becomes
    impossible. A line whose limits differ between years is shifted in all of them. Where the limit
    multiplies a decision (a share of a variable total), the curve is refined until straight lines
    are within a stated error; else it is exact. With --and: a table of both bounds, each from half
    to half as much again.

    --certify writes a RESULT, as plan does, for kilnpath verify; VALUE is as curve shows it.
    """
    if points and other is not None:
        raise click.UsageError("--certify is for the curve of one bound, without --and")
    for place in (out, *(folder for _, folder in points)):
        _check(place)
    from kilnpath.progress import Progress
    from kilnpath.screen.bounds import show_curve, show_map
    from kilnpath.studies.bounds import curve
    from kilnpath.studies.bounds.certified_points import certify, changes_at

    read = read_case(case, scenario)
    first = Objective(objective or read.objective)
    chosen = [(*point, changes_at(read, bound, point[0], first)) for point in points]
    if other is not None:
        with Progress("points") as progress:
            both = curve.curve_map(read, bound, other, objective, progress)
        _write(out, {"map": both.reset_index()}, "map", read, objective, progress)
        show_map(console(), read, first, both, other)
        _finish(out, progress, f"{both.size} points")
        return
    with Progress("points") as progress:
        found, table = curve.curve(read, bound, low, high, objective, progress)
    _write(out, {"curve": table}, "curve", read, objective, progress)
    show_curve(console(), read, first, bound, found, table)
    _finish(out, progress, f"{found.solves} points")
    for value, folder, changes in chosen:
        said = f"{bound} at {value}: {certify(read, first, changes, folder)}."
        console().print(f"{said} Written to {folder}", highlight=False, markup=False)
    if not found.possible:
        sys.exit(IMPOSSIBLE)


@click.command()
@CASE
@SCENARIO
@OBJECTIVE
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in BoundKind]),
    help="Only mends by bounds of this kind; repeatable.",
)
@click.option("--set", "changes", multiple=True, metavar="ID=VALUE", help="A change; repeatable.")
@OUT
@CERTIFY
def explain(
    case: Path,
    scenario: str | None,
    objective: str | None,
    kinds: tuple[str, ...],
    changes: tuple[str, ...],
    out: Path | None,
    certify: Path | None,
) -> None:
    """Why CASE is impossible, how close the best pathway comes, and what would mend it.

    The repair menu has, for each bound that can mend the case alone, the least change that does, in
    its own unit; where none can, pairs. Each was solved again. Exit code 0 where the case is
    possible after all, else 2.
    """
    _check(out)
    _check(certify)
    from kilnpath.progress import Progress
    from kilnpath.screen.infeasible import show_explain
    from kilnpath.studies.bounds import explain
    from kilnpath.studies.bounds.repair_options import menu_table
    from kilnpath.studies.result_folder import write_impossible
    from model.levers.changes import with_changes
    from optimizer.infeasible.diagnose import ImpossibleError

    read = with_changes(read_case(case, scenario), changes)
    with Progress("mends") as progress:
        found = explain.explain(read, objective, kinds, progress)
    if found is not None and not progress.stopped:
        _write(out, {"menu": menu_table(read, found[1])}, "explain", read, objective, progress)
        if certify is not None:
            first = Objective(objective or read.objective)
            write_impossible(ImpossibleError(read, found[0]), first, changes, certify)
    screen = console()
    show_explain(screen, read, found)
    if found is None and certify is not None:
        say_no_proof(screen, certify)
    if found is not None:
        _finish(out, progress, "what is above")
        _say_written(certify)
        sys.exit(IMPOSSIBLE)


@click.command("range")
@CASE
@SCENARIO
@OBJECTIVE
@click.option("--years", metavar="YEAR,…", help="Years to look at, or all.  [default: the last]")
@click.option(
    "--within",
    type=PART,
    default=0.0,
    metavar="PERCENT",
    help="Also pathways that need up to so much more CCUS.  [default: 0]",
)
@click.option(
    "--alternatives",
    type=click.IntRange(1, 20),
    metavar="N",
    help="Instead: N more pathways, as different from each other as can be.",
)
@OUT
def range_(
    case: Path,
    scenario: str | None,
    objective: str | None,
    years: str | None,
    within: float,
    alternatives: int | None,
    out: Path | None,
) -> None:
    """Which numbers of the plan are conclusions, and which only one choice.

    For each lever, site and year the smallest and largest amount among all pathways with the least
    CCUS, or up to --within more: fixed (one value, to 0.01 % of the site's size), free (whatever
    bounds and targets allow), must-have (never 0), avoidable (may be 0).
    """
    _check(out)
    from kilnpath.progress import Progress
    from kilnpath.screen.bounds import show_alternatives, show_ranges
    from kilnpath.studies.bounds import ranges

    read = read_case(case, scenario)
    if alternatives is not None:
        with Progress("pathways") as progress:
            other = _or_explain(
                lambda: ranges.alternatives(read, alternatives, within / 100, objective, progress)
            )
        _write(out, {"alternatives": other}, "alternatives", read, objective, progress)
        show_alternatives(console(), read, other)
        _finish(out, progress, "what is above")
        return
    chosen = _years(years, list(read.horizon))
    with Progress("levers") as progress:
        table = _or_explain(lambda: ranges.ranges(read, chosen, within / 100, objective, progress))
    _write(out, {"ranges": table}, "range", read, objective, progress)
    show_ranges(console(), read, Objective(objective or read.objective), within, table)
    _finish(out, progress, f"{len(table)} levers")


def _years(text: str | None, horizon: list[int]) -> list[int]:
    if text is None:
        return horizon[-1:]
    if text == "all":
        return horizon
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() for part in parts):
        raise click.UsageError(f"--years {text}: write years such as 2030,2050, or all")
    return [int(part) for part in parts]


def _or_explain(work: Callable[[], Any]) -> Any:
    """The result of work; where there is no pathway, why, and exit code 2."""
    from kilnpath.screen.infeasible import show_impossible
    from kilnpath.studies.plan import ImpossibleError

    try:
        return work()
    except ImpossibleError as impossible:
        show_impossible(console(), impossible.case, impossible.why)
        sys.exit(IMPOSSIBLE)


def _check(out: Path | None) -> None:
    """A folder that cannot be written is told before the work, which may take minutes."""
    from kilnpath.result.write import check_folder  # loads pandas

    if out is not None:
        check_folder(out)


def _write(
    out: Path | None,
    tables: dict[str, Any],
    kind: str,
    case: Case,
    objective: str | None,
    progress: "Progress",
) -> None:
    """Writes before anything is shown, so that a reader who stops reading loses no table.

    What was stopped is shown, and not written.
    """
    from kilnpath.result.write import write_folder

    if out is not None and not progress.stopped:
        first = Objective(objective or case.objective)
        write_folder(out, tables, {"kind": kind, "case": case.id, "objective": str(first)})


def _finish(out: Path | None, progress: "Progress", done: str) -> None:
    """Tells where the tables are; or that an interrupt left only a part, and ends."""
    if progress.stopped:
        say_stopped(done)
    _say_written(out)


def _say_written(out: Path | None) -> None:
    if out is not None:
        say_written(console(), out)
