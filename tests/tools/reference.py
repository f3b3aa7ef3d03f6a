"""Compares the reference results of the shipped cases with what comes out now, and renews them.

python -m tests.tools.reference           what differs
python -m tests.tools.reference --renew   writes it, after the difference was read
"""

import sys
from pathlib import Path

import pandas as pd

from kilnpath import PlanResult, plan, read_case
from kilnpath.files.result_folder import ResultError
from kilnpath.result.read import read_manifest, read_result
from kilnpath.studies.result_folder import write_plan
from optimizer.planning.confirm import needed
from tests.tools.plants import CASES, ROOT

SHIPPED = ("one-kiln", "tcc-2024")


def folder(case: str) -> Path:
    return ROOT / "results" / case / "reference"


def table(case: str, name: str) -> pd.DataFrame:
    """A reference table."""
    return read_result(folder(case)).tables[name]


def manifest(case: str) -> dict[str, object]:
    return read_manifest(folder(case))


def differences(case: str, result: PlanResult) -> list[str]:
    """What differs, a line each; a lever may differ where several pathways are equally good."""
    try:
        tables = read_result(folder(case)).tables
    except ResultError as error:
        return [str(error)]
    said = []
    for then, now in zip(manifest(case)["objectives"], _objectives(result), strict=True):  # type: ignore[call-overload]
        if abs(now - then["value"]) > 1e-6 * max(abs(now), 1e-9):
            said.append(f"{then['name']}: {then['value']:.9g} -> {now:.9g} {then['unit']}")
    for name, new in result.tables.items():
        old = tables[name]
        if list(old.columns) != list(new.columns) or len(old) != len(new):
            said.append(f"{name}.csv: {len(old)} rows of {list(old.columns)} -> {len(new)} rows")
            continue
        if "value" not in new.columns:
            continue
        size = old["value"].abs().combine(new["value"].abs(), max)
        moved = ((old["value"] - new["value"]).abs() > 1e-6 * size).sum()
        if moved:
            said.append(f"{name}.csv: {moved} of {len(old)} values differ by more than 1e-6")
    return said


def _objectives(result: PlanResult) -> list[float]:
    return [result.solution.least, needed(result.pathway, result.objective)]


def main() -> None:
    for case in SHIPPED:
        result = plan(read_case(CASES / case))
        said = differences(case, result)
        print(f"{case}: {'no difference' if not said else ''}")
        for line in said:
            print(f"  {line}")
        if "--renew" in sys.argv:
            write_plan(result, folder(case))
            print(f"  written to {folder(case).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
