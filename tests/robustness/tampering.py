"""Changes a single number of a result, and the hashes with it, as a forger would.

python -m tests.robustness.tampering [COUNT]   tampers that often, tells what was not refused

Three ways: a number alone; a number with every hash and seal made to fit; and a price: a multiplier
of a bound with the shadow price that follows from it, and whatever else follows from that.
"""

import csv
import hashlib
import io
import json
import random
import re
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


_WRONG = re.compile(r"(\w+)\.csv, ([^:\n]*): (\w+) is '[^']*', and should be '([^']*)'")
_KEYS = {"bounds": ("id", "year"), "worth": ("id",), "summary": ("quantity", "scenario", "year")}


def tamper_price(folder: Path, rng: random.Random) -> Change:
    """Changes the multiplier of a bound in a year, one that it has or a new one; seals fit."""
    whole = _read(folder / "certificate.json")
    rows = list(csv.DictReader(io.StringIO((folder / "bounds.csv").read_text("utf-8"))))
    row = rng.choice(rows)
    given = whole["multipliers"].setdefault("bound", {}).setdefault(row["id"], {})
    old = given.get(row["year"], "0")
    size = 10 ** rng.uniform(-9, 7)
    new = rng.choice((size, -size, float(old) * rng.uniform(0.5, 1.5), float(old) + size * 1e-6))
    given[row["year"]] = repr(new)
    _write(folder / "certificate.json", whole)
    forge(folder)
    return Change("bounds.csv", f"{row['id']} {row['year']}", old, repr(new))


def follow(folder: Path, said: str) -> bool:
    """Tells what the verifier says that should stand in a table; whether it said any such."""
    found = _WRONG.findall(said)
    for table, key, column, right in found:
        path = folder / f"{table}.csv"
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        at = [rows[0].index(name) for name in _KEYS.get(table, ())]
        for row in rows[1:]:
            if " ".join(filter(None, (row[n] for n in at))) == key:
                row[rows[0].index(column)] = right
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")
    forge(folder)
    return bool(found)


def harmless(change: Change, said: str) -> bool:
    """Whether a price that was not refused is told as open, or is as good as that of before."""
    if f"bound {change.place}: any from" in said:
        return True
    old, new = float(change.old), float(change.new)
    return abs(new - old) <= 0.01 * max(abs(old), abs(new)) or abs(new) < 2e-8


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
        prices(sound, case, count, rng, ends)
    print(dict(ends))


def prices(sound: Path, case: Path, count: int, rng: random.Random, ends: Counter[str]) -> None:
    """Tampers with prices, and lets the tables follow as far as the verifier says what is right."""
    folder = sound.parent / "tampered"
    for _ in range(count):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(sound, folder)
        change, end = tamper_price(folder, rng), ""
        for _ in range(6):
            try:
                end = "harmless" if harmless(change, proven(folder, case)) else "not refused"
                break
            except RefusedError as error:
                if not follow(folder, str(error)):
                    break
        ends[f"price, {end or 'refused'}"] += 1
        if end == "not refused":
            print("price", change, flush=True)


if __name__ == "__main__":
    main()
