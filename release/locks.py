"""The locked dependencies: every package kilnpath runs with, its version and its files' SHA-256.

python -m release.locks    locks anew, at the newest versions that pyproject.toml allows
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXTRAS = ("cluster", "figures", "sweep")  # those that kilnpath itself uses; the others test it
CORE = ROOT / "requirements.lock"
ALL = ROOT / "requirements-extras.lock"
OURSELVES = "kilnpath"

_HEAD = """\
# {what}, with the SHA-256 of every file that may be installed.
# Python 3.11 or newer, any platform. Made by: python -m release.locks
"""
_WHAT = {
    CORE: "What kilnpath runs with",
    ALL: f"What kilnpath runs with, its extras {', '.join(EXTRAS)} included",
}
_COMPILE = (
    *("uv", "pip", "compile", "pyproject.toml", "--quiet", "--upgrade", "--generate-hashes"),
    *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)
_PACKAGE = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\\n"
    r"(?P<hashes>(?:    --hash=\S+(?: \\)?\n)+)"
    r"(?P<via>(?:    #.*\n)*)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Locked:
    """A package of a lock: where it is installed (``marker``), and which packages ask for it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    asked_by: tuple[str, ...]


def read_lock(path: Path) -> dict[str, Locked]:
    """The packages of a lock by name; a ``ValueError`` where a line is none of one's."""
    text = path.read_text(encoding="utf-8")
    left = [line for line in _PACKAGE.sub("", text).splitlines() if line and line[0] != "#"]
    if left:
        raise ValueError(f"{path.name}: not a package with version and hashes: {left[0]}")
    found = {}
    for part in _PACKAGE.finditer(text):
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", part["hashes"]))
        via = re.sub(r"#\s*(?:via)?|\(.*?\)", " ", part["via"]).split()
        marker = part["marker"] or ""
        found[part["name"]] = Locked(part["name"], part["version"], marker, hashes, tuple(via))
    return found


def main() -> None:
    """Locks anew, and tells how many packages."""
    for path, extras in ((ALL, EXTRAS), (CORE, ())):
        wanted = [word for extra in extras for word in ("--extra", extra)]
        done = subprocess.run(
            [sys.executable, "-m", *_COMPILE, *wanted], cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(done.stderr)
        path.write_text(_HEAD.format(what=_WHAT[path]) + done.stdout, encoding="utf-8")
        print(f"{path.name}: {len(read_lock(path))} packages")


if __name__ == "__main__":
    main()
