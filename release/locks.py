"""The locked dependencies: every package kilnpath runs or is tested with, and its files' SHA-256.

python -m release.locks    locks anew, at the newest versions that pyproject.toml allows
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXTRAS = ("cluster", "figures", "large", "sweep")  # those that kilnpath itself uses
CORE = ROOT / "requirements.lock"
ALL = ROOT / "requirements-extras.lock"
DEV = ROOT / "requirements-dev.lock"
ASKED = {DEV: ("dev",), ALL: EXTRAS, CORE: ()}  # the extras in each; the first holds the others
OURSELVES = "kilnpath"
WHEELS_ONLY = "--only-binary :all:"  # of DEV: to build a package takes tools that no lock holds

_HEAD = """\
# {what}, with the SHA-256 of every file that may be installed.
# Python 3.11 or newer, any platform. Made by: python -m release.locks
"""
_WHAT = {
    CORE: "What kilnpath runs with",
    ALL: f"What kilnpath runs with, its extras {', '.join(EXTRAS)} included",
    DEV: "What kilnpath is developed and tested with, what it runs with included",
}
_COMPILE = (
    *("uv", "pip", "compile", "pyproject.toml", "--quiet", "--generate-hashes"),
    *("--universal", "--python-version", "3.11", "--fork-strategy", "fewest"),
    *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
)
_NEWEST = ("--upgrade", "--emit-build-options", *WHEELS_ONLY.split())
_AS_TESTED = ("--constraint", DEV.name)
_TESTED = re.compile(rf"    # via\n    #   -c {DEV.name}\n(?:    #   (.+)\n(?!    #))?")
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
    lines = _PACKAGE.sub("", text).splitlines()
    left = [line for line in lines if line and line[0] != "#" and line != WHEELS_ONLY]
    if left:
        raise ValueError(f"{path.name}: not a package with version and hashes: {left[0]}")
    found = {}
    for part in _PACKAGE.finditer(text):
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", part["hashes"]))
        via = re.sub(r"#\s*(?:via)?|\(.*?\)", " ", part["via"]).split()
        marker = part["marker"] or ""
        found[part["name"]] = Locked(part["name"], part["version"], marker, hashes, tuple(via))
    return found


def _lock(path: Path) -> None:
    wanted = [word for extra in ASKED[path] for word in ("--extra", extra)]
    versions = _NEWEST if path == DEV else _AS_TESTED
    command = [sys.executable, "-m", *_COMPILE, *versions, *wanted]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    path.write_text(_HEAD.format(what=_WHAT[path]) + own_askers(done.stdout), encoding="utf-8")


def own_askers(locked: str) -> str:
    """The text of a lock, without the development lock among those who ask for a package."""
    return _TESTED.sub(lambda found: f"    # via {found[1] or ''}".rstrip() + "\n", locked)


def main() -> None:
    """Locks anew, and tells how many packages."""
    for path in ASKED:
        _lock(path)
        print(f"{path.name}: {len(read_lock(path))} packages")


if __name__ == "__main__":
    main()
