"""What a release is made with: locks, licences, the supply-chain list and the wheel."""

import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from email.message import Message
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

from kilnpath import __version__
from release import audit, licences
from release.licences import PAGE, VENDORED, inside, licence, page, vendored
from release.locks import ALL, ASKED, CORE, DEV, WHEELS_ONLY, own_askers, read_lock
from release.sbom import FILE
from tests.tools.page_blocks import blocks
from tests.tools.plants import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
FLOORS = ("model", "optimizer", "kilnpath")


def _wanted(path: Path) -> list[Requirement]:
    """What a lock must hold by pyproject.toml."""
    return [*map(Requirement, PROJECT["dependencies"]), *_of_extras(ASKED[path])]


def _of_extras(extras: Iterable[str]) -> Iterator[Requirement]:
    for extra in extras:
        for wanted in map(Requirement, PROJECT["optional-dependencies"][extra]):
            if wanted.name == "kilnpath":
                yield from _of_extras(wanted.extras)
            else:
                yield wanted


@pytest.mark.parametrize("path", ASKED, ids=lambda p: p.name)
def test_lock_holds_what_the_project_asks_for(path: Path) -> None:
    locked = read_lock(path)
    for wanted in _wanted(path):
        assert wanted.specifier.contains(locked[wanted.name.lower()].version), wanted
    direct = {package.name for package in locked.values() if "kilnpath" in package.asked_by}
    assert direct == {wanted.name.lower() for wanted in _wanted(path)}
    assert all(package.hashes for package in locked.values())
    assert all(set(p.asked_by) <= {*locked, "kilnpath"} and p.asked_by for p in locked.values())
    assert "://" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("less", "more"), [(CORE, ALL), (ALL, DEV)], ids=lambda p: p.name)
def test_locks_agree(less: Path, more: Path) -> None:
    everything = read_lock(more)
    for name, package in read_lock(less).items():
        other = everything[name]
        assert (package.version, package.marker) == (other.version, other.marker), name
        assert package.hashes == other.hashes, name
    assert len(everything) > len(read_lock(less))


def test_development_lock_holds_every_tool_of_the_tests() -> None:
    """Whatever dev names, what installs the clone, and the solver of large programmes."""
    locked = read_lock(DEV)
    tools = {"pytest", "ruff", "mypy", "babel", "sphinx", "altair", "playwright", "duckdb"}
    assert {*tools, *SETTINGS["build-system"]["requires"], "editables"} <= set(locked)
    assert locked["highspy-extras"].asked_by == ("highspy",)
    assert locked["highspy-extras"].version == locked["highspy"].version
    assert f"\n{WHEELS_ONLY}\n" in DEV.read_text(encoding="utf-8")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """To the letter; and nothing of it is installed but from the lock."""
    page = [c for b in blocks(ROOT / "README.md") if b.is_shell for c, _ in b.commands]
    command = next(c for c in page if c.endswith("pytest"))
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in script if "venv" in line or "pip " in line] == [command] == script[-1:]
    make, locked, clone, test = command.split(" && ")
    assert make == "python3 -m venv .venv"
    assert locked == f".venv/bin/pip install --require-hashes -r {DEV.name}"
    assert clone == ".venv/bin/pip install --no-deps --no-build-isolation -e ."
    assert test == ".venv/bin/pytest"


@pytest.mark.parametrize(
    ("noted", "kept"),
    [
        (("-c requirements-dev.lock", "rich"), "    # via rich\n"),
        (
            ("-c requirements-dev.lock", "dask", "rich"),
            "    # via\n    #   dask\n    #   rich\n",
        ),
    ],
)
def test_the_development_lock_asks_for_nothing(noted: tuple[str, ...], kept: str) -> None:
    assert own_askers("    # via\n" + "".join(f"    #   {name}\n" for name in noted)) == kept


def test_a_line_without_hash_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.lock"
    bad.write_text("click==8.1.0\n", encoding="utf-8")
    with pytest.raises(ValueError, match="click==8"):
        read_lock(bad)


def test_third_parties_are_those_locked_and_carried() -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, held = text.split("| bundle | inside |")
    text = before + held[held.index("## What is installed") :]
    rows = re.findall(r"^\| (\S+) \| (\S.*?) \|", text, re.MULTILINE)
    names = [name for name, _ in rows if name not in ("library", "package", "---|---|")]
    carried = [library.name for library in vendored()]
    assert names == [*carried, *read_lock(ALL)]
    for name, _, need in re.findall(r"^\| (\S+) \| (.+) \| (kilnpath|extras)", text, re.MULTILINE):
        assert (need == "kilnpath") == (name in read_lock(CORE)), name


def test_every_carried_file_is_listed_with_its_licence_beside_it() -> None:
    assert {library.file for library in vendored()} == {f.name for f in VENDORED.glob("*.js")}
    for library in vendored():
        content = (VENDORED / library.file).read_text(encoding="utf-8")
        assert f'"{library.version}"' in content, library.file
        assert (VENDORED / f"{library.name}.LICENSE").stat().st_size > 500


def test_what_stands_inside_a_bundle_is_listed_and_nothing_else() -> None:
    """The mark of each library is searched in every bundle: where it is found it is listed."""
    listed = {library.file: inside(library.file) for library in vendored()}
    marks = {one.mark: one.name for held in listed.values() for one in held if one.mark}
    assert len(marks) > 50
    for file, held in listed.items():
        content = (VENDORED / file).read_text(encoding="utf-8")
        names = {one.name for one in held}
        found = {name for mark, name in marks.items() if mark in content}
        assert found <= names, file
        assert found >= {one.name for one in held if one.mark}, file
        assert all(one.adapted_in in names for one in held if one.adapted_in)
        said = re.findall(r"\(c\)[ \d,-]*([A-Z]\w+ [A-Z]\w+)", content)
        assert set(said) <= {one.by for one in held}, file


def test_a_library_of_a_page_names_its_licence_whole() -> None:
    texts = (VENDORED / "inside.LICENSES").read_text(encoding="utf-8")
    names = {one.name for library in vendored() for one in inside(library.file)}
    told = {name: name for name in names}
    told["commons-math"] = "Apache Commons Math"
    assert [name for name in sorted(names) if told[name] not in texts] == []
    for words in ("Permission to use, copy, modify", "Redistribution and use", "free of charge"):
        assert words in texts
    text, listed = PAGE.read_text(encoding="utf-8"), json.loads(FILE.read_text(encoding="utf-8"))
    assert text == page()
    for library in vendored():
        (bundle,) = (c for c in listed["components"] if c["name"] == library.name)
        rows = {(one.name, one.licence) for one in inside(library.file)}
        inner = bundle["components"]
        assert {(c["name"], c["licenses"][0]["license"]["id"]) for c in inner} == rows
        assert len({c["bom-ref"] for c in inner}) == len(inner)
        assert text.count(f"\n| {library.name} | ") == len(rows) + 1


def test_another_bundle_needs_another_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it has inside: nobody looked into it."""
    for file in (*VENDORED.glob("*.js"), VENDORED / "inside.json"):
        shutil.copy(file, tmp_path)
    with (tmp_path / "vega.min.js").open("a", encoding="utf-8") as file_of_bundle:
        file_of_bundle.write("var unlisted=1;")
    monkeypatch.setattr(licences, "VENDORED", tmp_path)
    assert inside("vega-embed.min.js")
    with pytest.raises(ValueError, match=r"vega\.min\.js is not the one whose contents"):
        inside("vega.min.js")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"License-Expression": "MIT", "License": "something"}, "MIT"),
        ({"License": "BSD-3-Clause"}, "BSD-3-Clause"),
        ({"License": "Copyright (c)\nall of it", "Classifier": "License :: X :: Y"}, "Y"),
    ],
)
def test_licence_as_metadata_name_it(given: dict[str, str], said: str) -> None:
    about = Message()
    for key, value in given.items():
        about[key] = value
    assert licence(about) == said  # type: ignore[arg-type]


def test_supply_chain_list_is_exactly_what_is_locked_and_carried() -> None:
    text = FILE.read_text(encoding="utf-8")
    listed = json.loads(text)
    found = {(c["name"], c["version"], c["scope"]) for c in listed["components"]}
    core = read_lock(CORE)
    locked = {
        (p.name, p.version, "required" if p.name in core else "optional")
        for p in read_lock(ALL).values()
    }
    assert found == locked | {(v.name, v.version, "required") for v in vendored()}
    assert len(listed["components"]) == len(found)
    references = {c["bom-ref"] for c in listed["components"]}
    asked = {ref for d in listed["dependencies"] for ref in d["dependsOn"]}
    assert asked == references  # nothing is there that nobody asks for
    assert listed["metadata"]["component"]["version"] == __version__ == PROJECT["version"]
    assert "timestamp" not in text and "serialNumber" not in text
    assert set(re.findall(r"https?://[^/\"]+", text)) == {"http://cyclonedx.org"}


def _told(**instead: dict[str, object]) -> dict[str, object]:
    """What pip-audit says of all that is locked, with other words for some."""
    packages = read_lock(ALL).values()
    plain = {p.name: {"name": p.name, "version": p.version, "vulns": []} for p in packages}
    return {"dependencies": [*{**plain, **instead}.values()], "fixes": []}


def test_audit_names_weaknesses_and_what_nobody_answered_for() -> None:
    weak = {"id": "PYSEC-2099-1", "fix_versions": ["99.1"], "aliases": [], "description": ""}
    jinja = read_lock(ALL)["jinja2"].version
    assert audit.faults(_told()) == []
    assert audit.faults(
        _told(
            jinja2={"name": "jinja2", "version": jinja, "vulns": [weak]},
            numpy={"name": "numpy", "skip_reason": "Dependency not found on PyPI"},
        )
    ) == [
        f"jinja2 {jinja} has PYSEC-2099-1; fixed in 99.1",
        f"numpy {read_lock(ALL)['numpy'].version} was not audited: Dependency not found on PyPI",
    ]
    nothing = audit.faults({"dependencies": []})
    assert len(nothing) == len(read_lock(ALL))
    assert all("was not audited" in line for line in nothing)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (json.dumps({"dependencies": []}), "was not audited"),
        ("", "the audit did not come about: Name or service not known"),
    ],
)
def test_audit_that_does_not_come_about_fails(
    said: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = "Traceback …\nName or service not known\n"
    done = subprocess.CompletedProcess[str]([], 0, said, error)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(SystemExit, match=words):
        audit.main()


def test_changes_name_this_version() -> None:
    assert f"\n## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def _wheel(root: Path, into: Path) -> Path:
    return Path(next(WheelBuilder(str(root)).build(directory=str(into), versions=["standard"])))


def test_wheel_is_the_same_bytes_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another folder, later file times, a bytecode cache beside the sources: the same wheel."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    other = tmp_path / "clone"
    other.mkdir()
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, other / floor, copy_function=shutil.copyfile)
    for name in ("pyproject.toml", "README.md", "THIRD-PARTY.md", ".gitignore"):
        shutil.copyfile(ROOT / name, other / name)
    (other / "model" / "__pycache__").mkdir(exist_ok=True)
    (other / "model" / "__pycache__" / "left.pyc").write_bytes(b"left")
    first, second = _wheel(ROOT, tmp_path / "1"), _wheel(other, tmp_path / "2")
    assert first.read_bytes() == second.read_bytes()


def test_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    names = set(zipfile.ZipFile(_wheel(ROOT, tmp_path)).namelist())
    about = f"kilnpath-{__version__}.dist-info/"
    files = {
        path.relative_to(ROOT).as_posix()
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if not name.startswith(about)} == files
    assert f"{about}licenses/THIRD-PARTY.md" in names
    assert {
        "kilnpath/template/case.toml",
        "kilnpath/locale/zh_Hant/LC_MESSAGES/kilnpath.mo",
        "kilnpath/vendored/vega.min.js",
        "kilnpath/vendored/vega.LICENSE",
        "kilnpath/report/page.html",
        "kilnpath/report/page.css",
        "kilnpath/report/page.js",
    } <= names
