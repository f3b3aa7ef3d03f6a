"""THIRD-PARTY.md: what kilnpath runs with and carries, and under which licences.

python -m release.licences    writes it, from the locks and from what the installed packages say
"""

import hashlib
import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, metadata

from release.locks import ALL, CORE, EXTRAS, ROOT, read_lock

PAGE = ROOT / "THIRD-PARTY.md"
VENDORED = ROOT / "kilnpath" / "vendored"

_TEXT = """\
# Third parties
Made by `python -m release.licences`; versions are in `requirements.lock` and
`requirements-extras.lock`.

## What the package carries
In `kilnpath/vendored/`, unchanged, each with its licence beside it. The report page contains them,
so whoever hands on a page hands them on too.

| library | licence |
|---|---|
{vendored}

Inside these bundles stand other libraries, or code that was adapted from them. The bundles do not
say in which versions. The licences are in `kilnpath/vendored/inside.LICENSES`, whole.

| bundle | inside | licence | by |
|---|---|---|---|
{inside}

## What is installed beside it
Nothing of these is in the package. Each brings its own licence, and notices of what it contains in
turn, into the environment (`*.dist-info/`). The licence is named as the package names it.

| package | licence | needed for |
|---|---|---|
{installed}
"""


@dataclass(frozen=True)
class Vendored:
    """A library that the package carries: ``file`` stands in kilnpath/vendored/."""

    file: str
    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class Inside:
    """What stands inside a bundle: a library, or code that one of its libraries adapted.

    mark: a text of it that minifying leaves, by which it is found again; empty where it has none.
    """

    name: str
    licence: str
    by: str
    mark: str
    adapted_in: str


def inside(file: str) -> list[Inside]:
    """What stands inside a bundle, by kilnpath/vendored/inside.json.

    Raises ``ValueError`` where that was written for other bytes: who renews a bundle looks into its
    source map, its packages and their notices, and writes the list anew.
    """
    told = json.loads((VENDORED / "inside.json").read_text(encoding="utf-8"))[file]
    if hashlib.sha256((VENDORED / file).read_bytes()).hexdigest() != told["sha256"]:
        raise ValueError(f"{file} is not the one whose contents inside.json lists")
    return [
        Inside(
            name=one["name"],
            licence=one["licence"],
            by=one["by"],
            mark=one.get("mark") or "",
            adapted_in=one.get("adapted_in", ""),
        )
        for one in told["packages"]
    ]


def vendored() -> list[Vendored]:
    """The libraries in the table of kilnpath/vendored/README.md."""
    text = (VENDORED / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\S+)` \| (\S+) (\S+) \| (\S+), `\S+` \|$", text, re.MULTILINE)
    return [
        Vendored(file=file, name=name, version=version, licence=licence)
        for file, name, version, licence in rows
    ]


def licence(about: PackageMetadata) -> str:
    """The licence that a package's metadata name: as an expression, in a word, or by classifier."""
    fields = ("License-Expression", "License")
    word = next((about[field] for field in fields if field in about), "")
    if word and len(word) <= 60 and "\n" not in word:
        return word
    named = [c for c in about.get_all("Classifier") or [] if c.startswith("License :: ")]
    if not named:
        raise ValueError(f"{about['Name']} names no licence; look into its files")
    return " or ".join(c.rpartition(" :: ")[2] for c in named)


def page() -> str:
    """The text of THIRD-PARTY.md."""
    core = read_lock(CORE)
    rows = [
        f"| {name} | {licence(metadata(name))} | {'kilnpath' if name in core else 'extras'} |"
        for name in read_lock(ALL)
    ]
    carried = [f"| {library.name} | {library.licence} |" for library in vendored()]
    held = [
        f"| {library.name} | {one.name}{_adapted(one)} | {one.licence} | {one.by} |"
        for library in vendored()
        for one in inside(library.file)
    ]
    tables = {"vendored": carried, "inside": held, "installed": rows}
    text = _TEXT.format(**{name: "\n".join(lines) for name, lines in tables.items()})
    return text.replace("| extras |", f"| extras ({', '.join(EXTRAS)}) |")


def _adapted(one: Inside) -> str:
    return f" (adapted in {one.adapted_in})" if one.adapted_in else ""


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
