"""Cases for tests: the hand-worked plant, with lines of its tables replaced or added."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from kilnpath.case.read import read_case
from model.case.types import Case

ROOT = Path(__file__).parent.parent.parent
VERIFIER = ROOT / "kilnpath" / "verifier.py"
CASES = ROOT / "cases"
TCC_BEFORE = ROOT / "tests" / "cases" / "tcc-2024"  # before its paces and standards


def one_kiln(
    folder: Path,
    add: Mapping[str, Iterable[str]] | None = None,
    drop: Iterable[str] = (),
    swap: Mapping[str, str] | None = None,
) -> Case:
    """``cases/one-kiln`` with lines added to tables, lines dropped by id, and texts swapped.

    add: table -> lines, its header first where the case has no such table; drop: first cells of
    lines to leave out, in any table; swap: old -> new text, in any file; a text that is not found
    fails.
    """
    target = folder / "plant"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(CASES / "one-kiln", target)
    missing = set(swap or {})
    for table in add or {}:
        (target / f"{table}.csv").touch()
    for file in [*target.glob("*.csv"), target / "case.toml"]:
        text = file.read_text(encoding="utf-8")
        for old, new in (swap or {}).items():
            if old in text:
                missing.discard(old)
                text = text.replace(old, new)
        lines = [line for line in text.splitlines() if line.split(",")[0] not in set(drop)]
        lines += list((add or {}).get(file.stem, ()))
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert not missing, f"not found in the tables: {missing}"
    return read_case(target)


def first_tcc(folder: Path) -> Case:
    """The first tables of tcc-2024, in which bounds alone limit what waste heat gives."""
    target = Path(shutil.copytree(TCC_BEFORE, folder / "tcc"))
    file = target / "series.csv"
    text = file.read_text(encoding="utf-8").rstrip("\n")
    known = ["group", "waste_heat_yield", "", "kWh/GJ", "assumed", "test"]
    columns = text.partition("\n")[0].count(",") + 1
    line = ",".join([*known, *["100"] * (columns - len(known))])
    file.write_text(f"{text}\n{line}\n", encoding="utf-8")
    return read_case(target)


def bound(line: str) -> str:
    """A whole line of bounds.csv from ``id,lever,which,place,sense,unit,2025,2026``."""
    return f"{line},technical,test,,assumed,medium"


def target(line: str) -> str:
    """A whole line of targets.csv from ``id,place,scope,metric,form,unit,2025,2026``."""
    return f"{line},test,assumed"
