"""Changes a single number of a result, and the hashes with it, as a forger would.

python -m tests.robustness.tampering [COUNT]   tampers that often, tells what was not refused
"""

import csv
import hashlib
import io
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kilnpath.verifier import TABLES, RefusedError, seal
from tests.tools.certifying import certified, proven
from tests.tools.plants import CASES

SEALED = ("certificate.json", "manifest.json")


@dataclass(frozen=True)
class Change:
    """file, where in it, what stood there, what stands there now."""

    file: str
    place: str
    old: str
    new: str


def tamper(folder: Path, rng: random.Random, file: str | None = None) -> Change:
    """Changes one number in one file of a result, and the manifest's hash of that file."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    empty = {"names.csv", "plan_misses.csv", "unlimited.csv"}  # tables that may have no number
    name = file or rng.choice(sorted({*manifest["files"], "manifest.json"} - empty))
    path = folder / name
    change = _in_json(path, rng) if name.endswith(".json") else _in_csv(path, rng)
    if name != "manifest.json":
        manifest["files"][name] = _digest(path)
        _write(folder / "manifest.json", manifest)
    return change


def forge(folder: Path) -> None:
    """Makes every hash and seal fit again, which takes more than a single number."""
    manifest = _read(folder / "manifest.json")
    told = json.loads((folder / "manifest.json").read_text("utf-8"), parse_float=str, parse_int=str)
    about = {key: value for key, value in told.items() if key != "files"}
    whole = _read(folder / "certificate.json")
    whole["files"] = {name: _digest(folder / name) for name in whole["files"]}
    whole["manifest"] = seal(about)
    whole["seal"] = seal({key: value for key, value in whole.items() if key != "seal"})
    _write(folder / "certificate.json", whole)
    manifest["files"] = {name: _digest(folder / name) for name in manifest["files"]}
    _write(folder / "manifest.json", manifest)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _in_csv(path: Path, rng: random.Random) -> Change:
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    cells = [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if _number(cell)]
    row, column = rng.choice(cells)
    old = rows[row][column]
    rows[row][column] = new = other(old, rng)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return Change(path.name, f"row {row + 1} {rows[0][column]} of {rows[row]}", old, new)


def _in_json(path: Path, rng: random.Random) -> Change:
    content = _read(path)
    holder, key = rng.choice(list(_leaves(content)))
    old = holder[key]
    text = other(repr(old) if isinstance(old, float) else str(old), rng)
    holder[key] = type(old)(text) if _fits(type(old), text) else float(text)
    _write(path, content)
    return Change(path.name, str(key), str(old), text)


def _fits(kind: type, text: str) -> bool:
    return kind is str or (kind is int and text.lstrip("-").isdigit()) or kind is float


def _leaves(inside: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in inside.items() if isinstance(inside, dict) else enumerate(inside):
        if isinstance(value, dict | list):
            yield from _leaves(value)
        elif not isinstance(value, bool) and _number(str(value)):
            yield inside, key


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return len(text) < 30


def other(text: str, rng: random.Random) -> str:
    """Another number: a digit replaced, the sign turned, or a little more or less of it."""
    for _ in range(100):
        way = rng.random()
        if way < 0.6:
            at = rng.choice([n for n, c in enumerate(text) if c.isdigit()])
            new = text[:at] + rng.choice("0123456789") + text[at + 1 :]
        elif way < 0.7:
            new = text[1:] if text.startswith("-") else f"-{text}"
        else:
            new = repr(float(text) * (1 + rng.choice((-1, 1)) * 10 ** rng.uniform(-9, 0)) + 0.0)
        if float(new) != float(text):
            return new
    return str(float(text) + 1)


def main() -> None:
    """Tampers with one-kiln's result, and counts what was not refused, forged seals too."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    case, rng = CASES / (sys.argv[2] if len(sys.argv) > 2 else "one-kiln"), random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        sound = Path(place) / "sound"
        certified(case, sound)
        ends: Counter[str] = Counter()
        for forged in (False, True):
            for _ in range(count):
                folder = Path(place) / "tampered"
                shutil.rmtree(folder, ignore_errors=True)
                shutil.copytree(sound, folder)
                computed = [f"{name}.csv" for name in TABLES]
                file = rng.choice([*computed, *SEALED]) if forged else None
                change = tamper(folder, rng, file)
                if forged:
                    forge(folder)
                kind = f"{'forged' if forged else 'tampered'}"
                try:
                    said = proven(folder, case)
                except RefusedError:
                    ends[f"{kind}, refused"] += 1
                else:
                    ends[f"{kind}, not refused, {change.file}"] += 1
                    gaps = [line for line in said.splitlines() if "gap" in line]
                    print(kind, change, gaps, flush=True)
    print(dict(ends))


if __name__ == "__main__":
    main()
