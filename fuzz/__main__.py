"""``python -m fuzz READER [--minutes 10]``: fuzzes a reader, guided by what of its code runs."""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kilnpath", "model", "tomllib", "fuzz.readers"]):
    from fuzz.readers import READERS, ROOT, made_ready

from fuzz.files import LARGEST, pack, place, unpack
from fuzz.guard import Guard
from fuzz.mutating import mutate
from kilnpath.files.cells import escape_control

FINDINGS = ROOT / "fuzz" / "findings"


class Fuzzing:
    """One run over one reader: counts inputs, keeps those that find something new."""

    def __init__(self, name: str, minutes: float) -> None:
        self.name, self.reader = name, READERS[name]
        self.seeds = self.reader.seeds()
        self.place = Path(tempfile.mkdtemp(prefix="fuzz-", dir=_memory()))
        self.guard = Guard(self.place, (ROOT,), self.reader.declared)
        self.start, self.end = time.monotonic(), time.monotonic() + 60 * minutes
        self.inputs, self.refused = 0, 0
        self.found: set[str] = set()

    def change(self, data: bytes, most: int, seed: int) -> bytes:
        """The next input: changed by its structure, at times by the fuzzer's own ways."""
        rng = random.Random(seed)
        files = unpack(data) or rng.choice(self.seeds)
        if rng.random() < 0.05:
            files = rng.choice(self.seeds)
        if rng.random() < 0.15:
            wanted = [name for name in files if name in self.reader.names or not self.reader.names]
            if wanted:
                name = rng.choice(wanted)
                files = {**files, name: atheris.Mutate(files[name], LARGEST)}
        else:
            files = mutate(files, rng, self.reader.names, self.reader.links)
        return pack(made_ready(self.reader, files, rng))[:most]

    def test(self, data: bytes) -> None:
        """Reads one input; tells a finding of a new kind and keeps its input."""
        if time.monotonic() > self.end:
            self.tell()
            shutil.rmtree(self.place, ignore_errors=True)
            os._exit(bool(self.found))
        folder = self.place / "case"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        files = unpack(data)
        if not self.reader.links:
            names = {name for seed in self.seeds for name in seed}
            files = {n: c for n, c in files.items() if n in names and not c.startswith(b"\x01")}
        place({**(files or self.seeds[0])}, folder)
        self.reader.laid(folder)
        self.inputs += 1
        wrong = self.guard.run(lambda: self.reader.read(folder))
        kind = wrong.split(": ")[0] + wrong.partition(": ")[2].split(": ")[0]
        if wrong and kind not in self.found:
            self.found.add(kind)
            FINDINGS.mkdir(exist_ok=True)
            path = FINDINGS / f"{self.name}-{sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            print(f"FINDING {path.name}: {escape_control(wrong)}", flush=True)

    def tell(self) -> None:
        minutes = (time.monotonic() - self.start) / 60
        print(
            f"{self.name}: {minutes:.1f} min, {self.inputs:,} inputs, {len(self.found)} findings",
            flush=True,
        )


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def main() -> None:
    """Fuzzes a reader for a time; the exit code is 1 where something was found."""
    asked = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    asked.add_argument("reader", choices=READERS)
    asked.add_argument("--minutes", type=float, default=10.0)
    asked.add_argument("--again", type=Path, help="reads one kept input, with its traceback")
    given = asked.parse_args()
    fuzzing = Fuzzing(given.reader, given.minutes)
    if given.again:
        folder = fuzzing.place / "case"
        folder.mkdir()
        place(unpack(given.again.read_bytes()), folder)
        print(folder)
        fuzzing.reader.laid(folder)
        fuzzing.reader.read(folder)
        return
    corpus = fuzzing.place / "seeds"
    corpus.mkdir()
    for number, files in enumerate(fuzzing.seeds):
        (corpus / str(number)).write_bytes(pack(files))
    options = [
        f"-max_len={4 * LARGEST}",
        "-rss_limit_mb=4096",
        "-timeout=120",
        "-print_final_stats=0",
    ]
    options += ["-len_control=0", "-verbosity=0", str(corpus)]
    atheris.Setup([sys.argv[0], *options], fuzzing.test, custom_mutator=fuzzing.change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
