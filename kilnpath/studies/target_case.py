"""Writes the case folder of a chosen target: its case, pathway, criteria and statement."""

from pathlib import Path

from kilnpath.case.read import SCENARIO, SETTINGS, case_of, raw_case
from kilnpath.case.write_folder import case_folder
from kilnpath.files.write import check_new, write_new
from kilnpath.language.statements import statements
from kilnpath.language.wording import ccus_words
from kilnpath.result.write import csv_files, with_manifest
from kilnpath.studies.plan import PlanResult, plan
from kilnpath.studies.result_folder import plan_files
from kilnpath.studies.targets import TargetGrid
from model.case.tables import Table, is_year
from model.case.types import Metric, Objective
from model.case.year_lines import interpolate
from model.reading.case import RawCase
from model.reading.targets import COLUMNS, SDA_COLUMNS
from model.targets.candidates import Candidate

PATHWAY = "pathway"


def submit(
    path: Path,
    scenario: str | None,
    grid: TargetGrid,
    folder: Path,
) -> PlanResult:
    """Writes the case folder of the grid's one candidate, and finds its pathway from that folder.

    path, scenario: of the case that the grid was made from; its objective becomes that of the
    folder's case. Raises ``ResultError`` where the folder
    holds something or cannot be written, ``ImpossibleError`` where no pathway inside the bounds
    meets the target; then nothing is written.
    """
    (candidate,) = grid.candidates
    check_new(folder)
    raw = _with_target(raw_case(path, scenario), candidate, grid.objective, folder)
    result = plan(case_of(raw))
    named = {
        f"{SCENARIO}{raw.scenario}" if n == "scenario" else n: t for n, t in raw.tables.items()
    }
    files = case_folder(raw.settings, named)
    for name, content in with_manifest(*plan_files(result)).items():
        files[f"{PATHWAY}/{name}"] = content
    files |= csv_files(grid.tables)
    files["README.md"] = _readme(grid, result).encode()
    write_new(folder, files)
    return result


def _with_target(raw: RawCase, candidate: Candidate, objective: Objective, folder: Path) -> RawCase:
    """The case of a folder, with the candidate's base year and the candidate as only target."""
    chosen = {"base_year": candidate.base_year, "objective": str(objective)}
    settings = {**raw.settings, **chosen}
    tables = {}
    for name, table in raw.tables.items():
        columns = list(table.columns)
        rows = [[cells[c] for c in columns] for _, cells in table.rows]
        if name == "targets":
            columns, rows = _target_row(candidate)
        elif name in ("series", "plan", "scenario"):
            columns, rows = _from_year(columns, rows, candidate.base_year)
        file = f"scenarios/{raw.scenario}" if name == "scenario" else name
        cells = [dict(zip(columns, row, strict=True)) for row in rows]
        tables[name] = Table(f"{file}.csv", file, tuple(columns), tuple(enumerate(cells, start=2)))
    return RawCase(
        id=folder.resolve().name,  # a case is called as its folder
        where=str(folder),
        settings_name=SETTINGS,
        settings=settings,
        settings_places={},
        tables=tables,
        scenario=raw.scenario,
    )


def _from_year(
    columns: list[str], rows: list[list[str]], first: int
) -> tuple[list[str], list[list[str]]]:
    """Without the year columns before the base year, whose own numbers are written out."""
    years = {int(c): i for i, c in enumerate(columns) if is_year(c)}
    if min(years, default=first) >= first:
        return columns, rows
    kept = [i for i, c in enumerate(columns) if not is_year(c) or int(c) > first]
    start = kept.index(years[min(year for year in years if year > first)])

    def at_first(row: list[str]) -> str:
        given = {year: float(row[i]) for year, i in years.items() if row[i]}
        found = interpolate(given, range(first, first + 1))
        return repr(found[first]) if found else ""

    moved = [[row[i] for i in kept] for row in rows]
    for row, new in zip(rows, moved, strict=True):
        new.insert(start, at_first(row))
    header = [columns[i] for i in kept]
    header.insert(start, str(first))
    return header, moved


def _target_row(candidate: Candidate) -> tuple[list[str], list[list[str]]]:
    target, year = candidate.target, str(candidate.year)
    value = "sda" if target.sda else repr(target.values[candidate.year] / target.factor)
    cells = {
        "id": target.id,
        "place": target.place,
        "scope": str(target.scope),
        "metric": str(target.metric),
        "form": "points",
        "unit": "t/t" if target.sda else target.unit,
        "status": str(target.status),
        "source": target.source,
        "sector": target.sector,
        "market_share": str(target.market_share) if target.sda else "",
        year: value,
    }
    columns = [*COLUMNS, *SDA_COLUMNS, year]
    return columns, [[cells[column] for column in columns]]


def _readme(grid: TargetGrid, result: PlanResult) -> str:
    """What the folder is, the statement in both languages and the checklist."""
    (candidate,), (need,), (judged,) = grid.candidates, grid.needs, grid.criteria
    english, chinese = statements(candidate)
    marks = {True: "passed", False: "failed", None: "open"}
    rows = "\n".join(
        f"| {c.name} | {marks[c.passed]} | {c.finding} | {c.rule} | {c.certainty} |" for c in judged
    )
    least = f"least {ccus_words(grid.case, grid.objective)}, of a pathway inside the bounds"
    name = candidate.case.scenario
    scenario = f" under `--scenario {name}`" if name else ""
    return f"""# Target {candidate.id}

{english}

{chinese}

| | |
|---|---|
| base year {candidate.base_year} | {candidate.base:.6g} {_unit(candidate)} |
| target year {candidate.year} | {candidate.limit:.6g} {_unit(candidate)} |
| at the output of the frozen baseline | {candidate.absolute:,.0f} t CO2e |
| {least} | {result.solution.least:,.0f} t CO2 |
| the bound that decides | {need.decides or "none"} |

## Criteria, submitted in {grid.submitted}
| criterion | | found | rule | how sure the rule is |
|---|---|---|---|---|
{rows}

This folder is a case of kilnpath made from {candidate.case.id}: its tables, with this target
alone in targets.csv, base year {candidate.base_year} and objective {grid.objective}. `pathway/` is
what `kilnpath plan` finds for it{scenario}; candidates.csv, criteria.csv and margins.csv are its
rows of `kilnpath targets`.
"""


def _unit(candidate: Candidate) -> str:
    return "t CO2e/t" if candidate.target.metric is Metric.INTENSITY else "t CO2e"
