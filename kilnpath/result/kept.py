"""What stays of a result folder when another result takes its place.

What a person added stays where it is. What was changed by hand, and what was made from the old
result and is not made anew, goes into ``earlier``, or ``earlier-2`` where that is taken. All of it
is told from what is ours by SHA-256: the manifest has those of the tables, ``derived.json`` those
of reports and workbooks. Where neither knows a file it is a person's.
"""

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from kilnpath.files.replace import link, put, recover
from kilnpath.files.result_folder import MANIFEST, ResultError
from kilnpath.result.made import (
    DERIVED,
    LEFTOVERS,
    SIDECAR,
    Made,
    earlier_name,
    file_sha256,
    is_earlier,
    made_content,
    read_made,
)
from kilnpath.result.manifest import ManifestError, load_manifest
from model.messages.message import message

DESKTOP = {".DS_Store", "Thumbs.db", "desktop.ini"}  # left by file managers, of no worth


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of a folder that was replaced, as paths inside it.

    added: what a person added, where it stays. changed: where what was changed by hand is now.
    earlier: what was made from the old result: its name -> where it is now. stood: the reports,
    workbooks and so on that stood there under fixed names -> the results beside which a report
    showed its own. taken: where a file is now -> where it was; folders: those without a file.
    made: for ``derived.json``.
    """

    folder: Path
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)
    stood: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    made: Mapping[str, Made] = field(default_factory=dict)


def own_files(folder: Path) -> dict[str, str] | None:
    """The files of a result, or of what was made from one, with their SHA-256.

    ``None`` where the manifest is missing, damaged, or not of ours.
    """
    try:
        manifest = load_manifest(folder / MANIFEST, signs=True)
        if {"kind", "case", "files"} <= manifest.keys():
            return {str(name): str(digest) for name, digest in manifest["files"].items()}
    except (OSError, ManifestError, AttributeError):
        pass
    return None


def survey(folder: Path, wanted: Collection[str]) -> Kept:
    """What of a folder must stay when files of these names take its place.

    Raises ``OSError``, and ``ResultError`` as ``refuse_devices`` does.
    """
    if not folder.is_dir():
        return Kept(folder)
    refuse_devices(folder)
    looking = _Survey(folder, wanted)
    looking.look()
    return looking.kept()


def refuse_devices(folder: Path) -> None:
    """Raises ``ResultError`` where a folder holds a pipe, a socket or a device, at any depth.

    What it is of cannot be told from its content, and no copy of it would be the same. Links are
    not followed. Also raises ``OSError``.
    """
    for inside, is_file in _tree(folder):
        path = folder / inside.removeprefix("/")
        if is_file and stat.S_IFMT(path.lstat().st_mode) not in (stat.S_IFREG, stat.S_IFLNK):
            raise ResultError(
                message("{path} is a pipe, a socket or a device; name another folder", path=path)
            )


def keep(kept: Kept, fresh: Path) -> None:
    """Puts what stays into the folder that takes the place. Raises ``OSError``."""
    for name in kept.folders:
        (fresh / name).mkdir(parents=True, exist_ok=True)
    for place, name in kept.taken.items():
        (fresh / place).parent.mkdir(parents=True, exist_ok=True)
        link(kept.folder / name, fresh / place)
    if kept.made:
        put(fresh / SIDECAR, made_content(kept.made))


def free_earlier(folder: Path) -> str:
    """The first of ``earlier``, ``earlier-2``, … that is free. Raises ``OSError``."""
    there = {entry.name.casefold() for entry in folder.iterdir()}
    return next(name for name in map(earlier_name, count(1)) if name not in there)


def is_unchanged(folder: Path, name: str, made: Mapping[str, Made]) -> bool:
    """Whether something made from a result is as it was written, with nothing added."""
    path = folder / name
    if path.is_dir() and not path.is_symlink():
        return own_files(path) is not None and survey(path, ()) == Kept(path)
    return name in made and file_sha256(path) in made[name].sha256


class _Survey:
    """A folder that is looked through, entry by entry."""

    def __init__(self, folder: Path, wanted: Collection[str]) -> None:
        for name in DERIVED:
            recover(folder / name)
        self._folder, self._made = folder, read_made(folder)
        own = own_files(folder)
        self._known = own or {}
        self._ours = {SIDECAR, *LEFTOVERS, *([] if own is None else [MANIFEST])}
        self._wanted = {name.casefold() for name in wanted}  # as some systems know names
        self._place = free_earlier(folder)
        self._added: list[str] = []
        self._changed: list[str] = []
        self._folders: list[str] = []
        self._earlier: dict[str, str] = {}
        self._stood: dict[str, tuple[str, ...]] = {}
        self._taken: dict[str, str] = {}
        self._still_made: dict[str, Made] = {}

    def kept(self) -> Kept:
        """What was found, with what a killed command should have made anew."""
        for name, made in self._made.items():
            if name in DERIVED and not made.sha256 and name not in self._stood:
                self._to_be_made(name)
        return Kept(
            folder=self._folder,
            added=tuple(self._added),
            changed=tuple(self._changed),
            earlier=self._earlier,
            stood=self._stood,
            taken=self._taken,
            folders=tuple(self._folders),
            made=self._still_made,
        )

    def look(self, inside: str = "") -> None:
        """Looks through the folder, or one inside it of which some files are ours."""
        for entry in self._entries(inside):
            name = f"{inside}{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if name in self._ours or entry.name in DESKTOP:
                continue
            if is_folder and is_earlier(name):
                self._earlier_folder(name)
            elif name in DERIVED and not self._is_part(name):
                self._derived(name)
            elif name in self._known or name in self._made:
                self._file(name)
            elif is_folder and self._has_ours(name):
                self.look(f"{name}/")
            else:
                self._of_a_person(name)

    def _entries(self, inside: str) -> list["os.DirEntry[str]"]:
        with os.scandir(self._folder / inside) as entries:
            return sorted(entries, key=lambda entry: entry.name)

    def _is_part(self, name: str) -> bool:
        """Whether the manifest names files in a folder, so that it is no export of its own."""
        return any(one.startswith(f"{name}/") for one in self._known)

    def _has_ours(self, name: str) -> bool:
        made = any(one.startswith(f"{name}/") for one in self._made)
        return self._is_part(name) or made or self._is_wanted(name)

    def _is_wanted(self, name: str) -> bool:
        """Whether a folder of this name is to be, or files in it."""
        return any(one.startswith(f"{name}/".casefold()) for one in self._wanted)

    def _earlier_folder(self, name: str) -> None:
        """What is of earlier results stays; what should have been made anew still is to be."""
        self._take(name, name)
        for path, made in self._made.items():
            if path.startswith(f"{name}/") and os.path.lexists(self._folder / path):
                self._still_made[path] = made
        for what in sorted(DERIVED):
            if is_unchanged(self._folder, f"{name}/{what}", self._made):
                self._note(what, f"{name}/{what}", f"{name}/{what}")

    def _derived(self, name: str) -> None:
        """What was made from the old result: known again where it is made anew, else kept."""
        place = f"{self._place}/{name}"
        if is_unchanged(self._folder, name, self._made):
            self._note(name, name, place)
            if name in self._made:
                self._still_made[place] = self._made[name]
        else:
            self._changed.append(place)
            self._to_be_made(name)
        self._take(name, place)

    def _to_be_made(self, name: str) -> None:
        self._stood[name] = self._beside(name)
        self._still_made[name] = Made((), self._stood[name])

    def _note(self, what: str, name: str, place: str) -> None:
        self._earlier[what] = place
        self._stood.setdefault(what, self._beside(name))

    def _file(self, name: str) -> None:
        """A file of ours: gone where it is as it was written, but for a report of another name."""
        place = f"{self._place}/{name}"
        digest = file_sha256(self._folder / name)
        if digest and digest == self._known.get(name):
            return
        if name in self._made and digest in self._made[name].sha256:
            self._earlier[name] = place
            self._still_made[place] = self._made[name]
        else:
            self._changed.append(place)
        self._take(name, place)

    def _of_a_person(self, name: str) -> None:
        if name == MANIFEST or name.casefold() in self._wanted or self._is_wanted(name):
            place = f"{self._place}/{name}"
            self._changed.append(place)
            self._take(name, place)
        else:
            self._added.append(name)
            self._take(name, name)

    def _beside(self, name: str) -> tuple[str, ...]:
        return self._made[name].beside if name in self._made else ()

    def _take(self, name: str, place: str) -> None:
        path = self._folder / name
        if not path.is_dir() or path.is_symlink():
            self._taken[place] = name
            return
        for inside, file in _tree(path):
            if file:
                self._taken[f"{place}{inside}"] = f"{name}{inside}"
            else:
                self._folders.append(f"{place}{inside}")


def _tree(folder: Path) -> Iterator[tuple[str, bool]]:
    """What a folder holds, as ``/…``: its files and links, and folders without any (``False``)."""
    for root, folders, files in os.walk(folder, onerror=_raised):
        inside = Path(root).relative_to(folder).as_posix()
        start = "" if inside == "." else f"/{inside}"
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        yield from ((f"{start}/{name}", True) for name in sorted([*files, *links]))
        if not files and not folders:
            yield start, False


def _raised(error: OSError) -> None:
    raise error
