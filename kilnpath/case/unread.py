"""The files and sheets beside a case's own: named where they are not read."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from kilnpath.files.limits import MOST_PARTS
from kilnpath.language.headings import TABLES
from kilnpath.language.languages import Language, texts
from kilnpath.meant.taken import Taken
from model.messages.faults import Fault
from model.messages.message import Message, mark, message
from model.reading.case import OPTIONAL, REQUIRED

CALLED = mark("'{was}' is taken as {now}")
NOT_READ = mark("not read, as no table of a case is called so: {was}")
_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers")
# Sheets that kilnpath itself adds to a workbook; the latter in the language of the workbook.
_ADDED = ("guide 說明", "lists")
_ADDED_IN_WORDS = (*TABLES.values(), "overview", "about", "chart data", "share of CCUS")
_NEAR, _VERY_NEAR = 0.7, 0.85
_LIKE_OTHERS = {"routes", "products", "stages"}  # as ``notes``, ``production``, ``pages``
_SHOWN = 10  # names, of those that are not read


def meant(names: Iterable[str], wanted: Sequence[str]) -> dict[str, str]:
    """Wanted name -> the name that is certainly it: but for capitals and blanks the same."""
    given = list(names)
    found: dict[str, str] = {}
    for name in wanted:
        same = [n for n in given if n.strip().casefold() == name.casefold()]
        if name not in given and len(same) == 1:
            found[name] = same[0]
    return found


def near(name: str, known: Sequence[str]) -> str:
    """The known name that another is near: a slip of it, or it with words beside; or empty.

    >>> near("serie", ["series", "plan"]), near("plan 2024版", ["series", "plan"])
    ('series', 'plan')
    """
    plain = name.strip().casefold()
    words = re.split(r"[\s_\-()（）.]+", plain)
    found = [k for k in known if k in words]
    for names, cutoff in ((_LIKE_OTHERS, _VERY_NEAR), ({*known} - _LIKE_OTHERS, _NEAR)):
        found += get_close_matches(plain, [k for k in known if k in names], n=1, cutoff=cutoff)
    return found[0] if found else ""


def names_in(folder: Path) -> list[str]:
    """The names of the files and folders in a folder, not more than a case can have."""
    return sorted(path.name for path in islice(folder.iterdir(), MOST_PARTS))


def other_files(folder: Path, names: Iterable[str], read: Iterable[str]) -> dict[str, str]:
    """The files of a folder that may be meant as tables of its case, and are not read.

    read: the names of those that are. Each with its name without ending.
    """
    return {
        name: Path(name).stem
        for name in names
        if name not in {*read}
        and not name.startswith((".", "~$"))
        and Path(name).suffix.lower() in _TABLES
        and (folder / name).is_file()
    }


def other_sheets(names: Iterable[str], read: Iterable[str]) -> list[str]:
    """The sheets of a workbook that are not read, but for those that kilnpath itself adds."""
    others = [name for name in names if name not in {*read, *_ADDED}]
    if not others:
        return []
    added = {texts(language)(words) for language in Language for words in _ADDED_IN_WORDS}
    return [name for name in others if name not in added]


def tell_others(
    where: str,
    others: Mapping[str, str],
    present: Iterable[str],
    place: Callable[[str], str | Message],
    faults: list[Fault],
    taken: Taken,
) -> None:
    """Names what is not read: as a fault where it is near an optional table that is not there.

    others: how its user calls it -> its plain name; present: the tables that are read; place: how
    a fault about one is headed. Near a table that is needed and not there it is told with that.
    """
    here = set(present)
    unread = []
    for called, name in others.items():
        nearest = near(name, [*REQUIRED, *OPTIONAL])
        if nearest in OPTIONAL and nearest not in here:
            what = message(
                "is not read under this name; rename it to '{name}', or to something else",
                name=nearest,
            )
            faults.append(Fault(place(called), what))
        elif not (nearest and nearest not in here):
            unread.append(called)
    if unread and not faults:
        shown = [*unread[:_SHOWN], "…"] if len(unread) > _SHOWN else unread
        taken.add(where, where, NOT_READ, ", ".join(shown)[:400], "")


def missing(what: Message, name: str, others: Mapping[str, str]) -> Message:
    """What is said of a table that is needed and not there: with the name that may be it.

    what: the plain fault; name: of the table; others: as in ``tell_others``.
    """
    called = [
        c for c, plain in others.items() if near(plain, [*REQUIRED, *OPTIONAL, "case"]) == name
    ]
    if called:
        return message(
            "{what}; if it is '{near}', rename that to '{name}'",
            what=what,
            near=called[0],
            name=name,
        )
    if others:
        return message("{what}; not read are: {others}", what=what, others=tuple(others)[:_SHOWN])
    return what
