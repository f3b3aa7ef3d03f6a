"""A case written anew in plain form: what was taken as meant stands there, and a list tells it."""

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kilnpath.case.csv_tables import csv_table
from kilnpath.case.described import DATA_PACKAGE, SCHEMA
from kilnpath.case.read import SETTINGS, raw_case, read_case, scenario_names
from kilnpath.case.write_folder import case_folder
from kilnpath.case.write_workbook import CaseSheets, case_sheets, write_sheets
from kilnpath.files.limits import LARGEST_TABLE
from kilnpath.files.read import FileError, read_plain, toml_content
from kilnpath.files.result_folder import ResultError
from kilnpath.files.write import write_bytes, write_new
from kilnpath.language.languages import Text
from kilnpath.meant.taken import MOST_CHANGES, Change, Taken
from model.case.tables import Table
from model.messages.faults import Fault
from model.messages.identifiers import normalized
from model.messages.location import Location
from model.messages.message import message, said

BESIDE = ("README.md", SCHEMA, DATA_PACKAGE)  # of a case, which is read without them
_LIST = ".changes.csv"
_VALUE = re.compile(r'\s*(?:"(?:\\.|[^"\\])*"|\'[^\']*\'|[^\s#,"\']+)')


@dataclass(frozen=True)
class Mended:
    """What was written, and where: the case, and the list of what was changed.

    changes: each, up to ``MOST_CHANGES``; count: how many there are.
    """

    case: Path
    listed: Path
    changes: tuple[Change, ...]
    count: int


def write_mended(path: Path, out: Path, text: Text) -> Mended | None:
    """Writes a case in plain form, and a list of what was changed beside it.

    out: a new folder, or a workbook where it ends with ``.xlsx``; text: the language of the list.
    It reads as the same case, and nothing of it is read otherwise than it stands. ``None``, and
    nothing is written, where that is so of the case already. Raises ``CaseError`` where the case
    or one of its scenarios has faults, ``ResultError`` where something stands there already.
    """
    book = out.suffix.lower() == ".xlsx"
    listed = out.with_name(f"{out.name}{_LIST}")
    for new in (out, listed):
        if os.path.lexists(new):
            raise ResultError(message("{out} exists already; name another place", out=new))
    if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
        raise ResultError(message("{out} lies in the case itself; name another place", out=out))
    changes, count = _changes(path)
    if not count:
        return None
    content = case_sheets(path)
    files = {} if book else _files(path, content)
    write_bytes(listed, _list(changes, count, text))
    try:
        if book:
            write_sheets(content, out)
        else:
            write_new(out, files)
    except BaseException:
        with suppress(OSError):
            listed.unlink()
        raise
    return Mended(out, listed, changes, count)


def _changes(path: Path) -> tuple[tuple[Change, ...], int]:
    """What is taken as meant in a case and its scenarios, and how much."""
    taken = Taken(keep=True)
    read_case(path)
    raw_case(path, taken=taken)
    changes, count = list(taken.changes), taken.count
    for scenario in scenario_names(path):
        read_case(path, scenario)
        of_scenario = Taken(keep=True)
        name = raw_case(path, scenario, of_scenario).tables["scenario"].name
        found = [change for change in of_scenario.changes if _table(change) == name]
        changes += found
        count += len(found)
    return tuple(changes[:MOST_CHANGES]), count


def _table(change: Change) -> object:
    return change.place.table if isinstance(change.place, Location) else change.place


def _list(changes: Iterable[Change], count: int, text: Text) -> bytes:
    found = io.StringIO()
    rows = [
        (said(one.place, text), one.was, one.now, one.told().message.in_words(text))
        for one in changes
    ]
    if count > len(rows):
        more = message("and {count:,} more, not listed", count=count - len(rows))
        rows.append(("", "", "", more.in_words(text)))
    csv.writer(found, lineterminator="\n").writerows([("place", "was", "now", "said"), *rows])
    return found.getvalue().encode()


def _files(path: Path, content: CaseSheets) -> dict[str, bytes]:
    """The files of a folder; of a folder with its comments and ``BESIDE``, where they can stay."""
    files = case_folder(content.settings, content.tables)
    if not path.is_dir():
        return files
    for name, plain in files.items():
        with suppress(FileError, FileNotFoundError):
            given = read_plain(_there(path, name), LARGEST_TABLE, path)
            if name == SETTINGS:
                files[name] = _settings(given, content.settings) or plain
            else:
                sheet = name.removesuffix(".csv").replace("scenarios/", "scenario ")
                files[name] = _commented(given, content.tables[sheet], name, plain)
    for name in BESIDE:
        with suppress(FileError, FileNotFoundError):
            files[name] = read_plain(path / name, LARGEST_TABLE, path)
    return files


def _there(path: Path, name: str) -> Path:
    """The file of a table, whose name may have another Unicode form."""
    file = path / name
    if file.exists() or not file.parent.is_dir():
        return file
    return next((f for f in file.parent.iterdir() if normalized(f.name) == file.name), file)


def _commented(given: bytes, table: Table, name: str, plain: bytes) -> bytes:
    """The lines of a table in plain form, with its comments, where that reads as the same table."""
    if _reads_as(given, name, plain):
        return given
    text = given.decode("utf-8-sig")
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    rows: dict[int, Mapping[str, str]] = dict(table.rows)
    for number, line in _numbered(text):
        if number == table.header:
            writer.writerow(table.columns)
        elif number in rows:
            writer.writerow([rows[number][column] for column in table.columns])
        elif kept := " ".join(line.split()):
            written.write(kept if kept.startswith("#") else f"# {kept}")
            written.write("\n")
    found = written.getvalue().encode()
    return found if _reads_as(found, name, plain) else plain


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """Each record of a table as it stands, with the number of its last line."""
    lines = list(io.StringIO(text, newline=""))
    reader, start = csv.reader(lines), 0
    with suppress(csv.Error):
        for _ in reader:
            yield reader.line_num, "".join(lines[start : reader.line_num])
            start = reader.line_num


def _reads_as(found: bytes, name: str, plain: bytes) -> bool:
    """Whether two files hold one table, in which nothing is read otherwise than it stands."""
    faults: list[Fault] = []
    taken = Taken()
    one, other = (csv_table(name, content, faults, taken) for content in (found, plain))
    same = one.columns == other.columns and len(one.rows) == len(other.rows)
    pairs = zip(one.lines(), other.lines(), strict=False)
    same = same and all(list(a) == list(b) for (_, a), (_, b) in pairs)
    return same and not faults and not taken.count


def _settings(given: bytes, settings: Mapping[str, object]) -> bytes | None:
    """The settings with plain values where they stand; ``None`` where they cannot be put there."""
    section, lines = "", []
    for line in given.decode("utf-8-sig").splitlines():
        if head := re.fullmatch(r"\s*\[([A-Za-z_]+)\]\s*(?:#.*)?", line):
            section = head[1]
        key, equals, rest = line.partition("=")
        inside = settings.get(section) if section else settings
        value = inside.get(key.strip()) if isinstance(inside, Mapping) and equals else None
        old = _VALUE.match(rest) if isinstance(value, str | int) else None
        if old and _value(old[0]) != value:
            line = f"{key}= {json.dumps(value, ensure_ascii=False)}{rest[old.end() :]}"
        lines.append(line)
    written = "\n".join(lines) + "\n"
    with suppress(FileError):
        if toml_content(normalized(written)) == settings:
            return written.encode()
    return None


def _value(text: str) -> object:
    with suppress(FileError):
        return toml_content(f"value = {text}")["value"]
    return None
