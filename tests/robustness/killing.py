"""Kills commands that write: at a call that touches the disk, in the midst of a file, or anywhere.

python -m tests.robustness.killing [COUNT]    COUNT kills over all commands, 500 where not given

After each kill every file is the old or the new one and every result is read and proven; after the
last kill the command itself runs through, and nothing that the killed ones left remains. Between
the kills the disk is full at such a call: then the command says so, and leaves nothing.
"""

import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kilnpath.commands.main import main
from kilnpath.files.replace import leftovers, recover
from kilnpath.files.result_folder import MANIFEST
from kilnpath.result.made import SIDECAR, is_earlier
from kilnpath.result.read import read_manifest, read_result
from kilnpath.sweep.store import JOURNAL
from tests.robustness.disk_traps import (
    KILLED,
    Files,
    Trap,
    full,
    in_child,
    kill_somehow,
    state,
    trapped,
)
from tests.tools.plants import CASES

KILN, STUCK = CASES / "one-kiln", CASES / "infeasible"
TARGET = "group-s1-contraction-2024-2026"
SWEEP = """
name = "s"
method = "random"
draws = 64
seed = 3
[[factor]]
set = "wood_permit"
low = "5%"
high = "35%"
"""
DRAWS, LARGEST = 64, 60_000  # the journal is no larger [bytes]
SCREEN = "screen.txt"  # what a command said


def run(folder: Path, words: Iterable[object]) -> None:
    """Runs a command in a folder; what it says is in a file beside that."""
    os.chdir(folder)
    with (folder.parent / SCREEN).open("w", encoding="utf-8") as screen:
        sys.stdout = sys.stderr = screen
        sys.argv = ["kilnpath", *(str(word) for word in words)]
        main()


def done(folder: Path, *words: object) -> int:
    """The exit code of a command, run in a process of its own."""
    return in_child(lambda: run(folder, words))


@dataclass(frozen=True)
class Command:
    """A command that is killed: its words, and what it writes.

    proven: the result in it, and the case of that; before: makes what stands there first;
    each_alone: whether it replaces entries of the target one by one, and not the whole; edited:
    what a person changed or added in the target, all of which must survive; code: what it exits
    with.
    """

    words: tuple[object, ...]
    target: str
    proven: tuple[str, str | Path] | None = None
    before: Callable[[Path], None] = lambda folder: None
    each_alone: bool = False
    edited: tuple[str, ...] = ()
    code: int = 0


PLAN = ("plan", KILN, "--out", "run")
EXPORT = ("export", "run", "--xlsx", "--parquet", "--iamc", "--case", KILN)
EXPORTED = ("result.xlsx", "parquet", "iamc", "report.html", SIDECAR)
EDITED = ("result.xlsx", "levers.csv", "notes/mine.txt")
PAGES = ("report.html", "report.zh-Hant.html")
REPORT = ("report", "run")


def _older(folder: Path) -> None:
    assert done(folder, *PLAN, "--set", "wood_permit=25%") == 0


def _older_exports(folder: Path) -> None:
    """A result with exports that are other ones, as an earlier version could have left."""
    _older(folder)
    assert done(folder, *EXPORT) == done(folder, *REPORT) == 0
    (folder / "run").rename(folder / "older")
    assert done(folder, *PLAN) == 0
    for name in EXPORTED:
        (folder / "older" / name).rename(folder / "run" / name)
    shutil.rmtree(folder / "older")


def _edited(folder: Path) -> None:
    """An older result with pages; its workbook and a table were edited, and notes added."""
    _older(folder)
    assert done(folder, "export", "run", "--xlsx", "--case", KILN) == 0
    assert done(folder, *REPORT) == done(folder, *REPORT, "--lang", "zh-Hant") == 0
    for name in EDITED:
        path = folder / "run" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_mine(name))


def _mine(name: str) -> bytes:
    return f"{name}, edited\n".encode() * 50


def _older_proof(folder: Path) -> None:
    words = ("plan", STUCK, "--set", "wood_permit=21%", "--certify", "proof")
    assert done(folder, *words) == 2


COMMANDS = {
    "plan": Command(PLAN, "run", ("run", KILN), _older),
    "plan of what was edited": Command(
        PLAN, "run", ("run", KILN), _edited, each_alone=True, edited=EDITED
    ),
    "report": Command(REPORT, "run", ("run", KILN), _older_exports, each_alone=True),
    "export": Command(EXPORT, "run", ("run", KILN), _older_exports, each_alone=True),
    "targets --submit": Command(
        ("targets", KILN, "--submit", TARGET, "--out", "target"),
        "target",
        ("target/pathway", "target"),
    ),
    "explain --certify": Command(
        ("explain", STUCK, "--certify", "proof"), "proof", ("proof", STUCK), _older_proof, code=2
    ),
    "new": Command(("new", "own"), "own"),
}


def kill_command(about: Command, place: Path, wanted: int, chance: random.Random) -> Counter[str]:
    """Kills a command so often, some over what a killed one left: how often what stood after."""
    before, folder, after = place / "before", place / "folder", place / "after"
    before.mkdir(parents=True)
    about.before(before)
    shutil.copytree(before, after)
    calls = _calls(after, about.words)
    old, new = (state(p / about.target) for p in (before, after))
    assert old != new
    largest = max(len(content) for content in new.values())
    found: Counter[str] = Counter()
    while found.total() < wanted:
        if not folder.exists() or chance.random() < 0.5 or state(folder / about.target) == new:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(before, folder)
        if chance.random() < 0.2:
            _fill(about, folder, chance.randint(1, calls), new)
            continue
        code = kill_somehow(chance, calls, largest, folder, lambda: run(folder, about.words))
        assert code in (*KILLED, about.code), (code, (place / SCREEN).read_text("utf-8"))
        if code in KILLED:
            found[_stands(about, folder, old, new)] += 1
    if state(folder / about.target) != new or about.each_alone:
        assert done(folder, *about.words) == about.code
        assert state(folder) == {f"{about.target}/{name}": new[name] for name in new}
    return found


def _fill(about: Command, folder: Path, number: int, new: Files) -> None:
    """Runs a command on a disk that is full at its n-th call: it says so, or only left a trace."""
    before = state(folder / about.target)
    code = in_child(trapped(number, folder, full, lambda: run(folder, about.words)))
    now, said = state(folder / about.target), (folder.parent / SCREEN).read_text(encoding="utf-8")
    if code == 1:
        assert re.search(rf"{about.target}\S*: cannot be .*No space left on device", said), said
        assert about.each_alone or _whole(now) == _whole(before)
    elif about.edited and "could not be made anew" in said:
        assert code == 0 and "No space left on device" in said, said
    else:
        assert code == about.code, (code, said)
        assert _whole(now) == _whole(new), ({*now} ^ {*new}, said)
    _stands(about, folder, before, new)


def _whole(files: Files) -> Files:
    """Files without the traces of killed exports among them."""
    return {name: content for name, content in files.items() if ".kilnpath-" not in name}


def _calls(folder: Path, words: Iterable[object]) -> int:
    """How many calls of a command touch the disk under a folder."""
    told, tell = os.pipe()

    def counted() -> None:
        with Trap(folder, 0, lambda: None) as trap:
            try:
                run(folder, words)
            finally:
                os.write(tell, str(trap.calls).encode())

    in_child(counted)
    os.close(tell)
    with os.fdopen(told) as pipe:
        return int(pipe.read())


def _stands(about: Command, folder: Path, old: Files, new: Files) -> str:
    """What stands after a kill; an ``AssertionError`` where that is not whole, or something else.

    put back: the old one, which a command had to put back first.
    """
    path, away = folder / about.target, False
    if old and not path.exists():
        away = True
        recover(path)
    now = _whole(state(path))
    if not about.each_alone:
        assert now in (old, new)
    _survives(about, now, old, new)
    for part in {name.split("/")[0] for name in now} - {SIDECAR}:
        if is_earlier(part):
            continue
        assert _part(now, part) in (_part(old, part), _part(new, part)), part
    left = {file.name for file in folder.iterdir()} - {about.target}
    assert left <= leftovers(about.target), left
    if about.proven and now and not (about.edited and now == old):  # its table was edited
        result, case = about.proven
        assert in_child(lambda: _read(folder, result, case)) == 0
    if now == old:
        return "put back" if away else "old" if old else "nothing"
    return "new" if now == new else "some of each"


def _survives(about: Command, now: Files, old: Files, new: Files) -> None:
    """What a person changed is there; so are pages, and none of the old result beside the new."""
    for name in about.edited:
        assert _mine(name) in (now.get(name), now.get(f"earlier/{name}")), name
    is_new = now.get(MANIFEST) == new.get(MANIFEST)
    for page in PAGES if about.edited else ():
        whole = {new[page], *(old[name] for name in old if Path(name).name == page)}
        if page in now:
            assert now[page] == (new if is_new else old)[page], page
        else:
            kept = [now[name] for name in now if re.fullmatch(rf"earlier(-\d+)?/{page}", name)]
            assert whole & {*kept}, page
    known = json.loads(now.get(SIDECAR, b"{}"))
    for name in known.keys() & now.keys() - {*about.edited}:
        assert hashlib.sha256(now[name]).hexdigest() in known[name]["sha256"], name


def _read(folder: Path, result: str, case: str | Path) -> None:
    """Proves a result from its case, and reads it as the other commands do."""
    run(folder, ("verify", result, "--case", case))
    if read_manifest(folder / result)["kind"] == "plan":
        read_result(folder / result)


def _part(files: Files, part: str) -> Files:
    return {name: content for name, content in files.items() if name.split("/")[0] == part}


def kill_sweep(place: Path, wanted: int, chance: random.Random) -> Counter[str]:
    """Kills a sweep and what goes on from it; its clock jumps, so that it writes parts often."""
    place.mkdir(parents=True)
    (place / "s.toml").write_text(SWEEP, encoding="utf-8")
    words = ("sweep", KILN, "s.toml", "--workers", "1", "--out", "out")

    def sweep() -> None:
        time.monotonic = count(0.0, 40.0).__next__
        run(place, words)

    calls = _calls(place, words)
    new = state(place / "out")
    found: Counter[str] = Counter()
    before = 0
    while found.total() < wanted:
        if state(place / "out") == new:
            shutil.rmtree(place / "out")
            before = 0
        code = kill_somehow(chance, 3 * calls, LARGEST, place, sweep)
        assert code in (*KILLED, 0)
        if code in KILLED:
            rows = _rows(place / "out", new)
            assert rows >= before, (rows, before)
            before = rows
            found["new" if rows == DRAWS else "some rows" if rows else "nothing"] += 1
    assert done(place, *words) == 0
    assert state(place / "out") == new
    return found


def _rows(folder: Path, new: Files) -> int:
    """The rows that a killed sweep has: of its journal, or all of a sweep that is done."""
    if not (folder / JOURNAL).exists():
        return DRAWS if new.items() <= state(folder).items() else 0
    with closing(sqlite3.connect(folder / JOURNAL)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if not base.execute("SELECT name FROM sqlite_master").fetchall():
            return 0
        return int(base.execute("SELECT count(*) FROM outcomes").fetchone()[0])


def kill_all(wanted: int) -> None:
    """Kills every command in turn, and tells."""
    chance, total = random.Random(wanted), 0
    each, more = divmod(wanted, len(COMMANDS) + 1)
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, about) in enumerate(COMMANDS.items()):
            found = kill_command(about, Path(folder, str(number)), each, chance)
            total += _told(name, found)
        total += _told("sweep", kill_sweep(Path(folder, "sweep"), each + more, chance))
    print(f"{total} kills: nothing lost or half written")


def _told(name: str, found: Counter[str]) -> int:
    counts = ", ".join(f"{stood} {number}" for stood, number in sorted(found.items()))
    print(f"{name}: {found.total()} kills; stood after: {counts}", flush=True)
    return found.total()


if __name__ == "__main__":
    kill_all(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
