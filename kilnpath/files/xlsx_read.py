"""Reads the sheets of a workbook as text, as a person sees them.

Error values, formulas that are not computed, merged cells and the number format of a cell are told
apart: ``#DIV/0!`` taken for an empty cell would be interpolated, and a cell shown as 35 % is no
0.35.
"""

import zipfile
from collections.abc import Iterable
from pathlib import Path

from kilnpath.files.limits import LARGEST_WORKBOOK
from kilnpath.files.read import too_large
from kilnpath.files.xlsx_cells import Formats, Sheet, SheetReader, Strings, Values
from kilnpath.files.xlsx_guard import Outline, Parts, Relations, WorkbookError, check_parts
from model.messages.message import as_told, message

_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # of .xls, and of what a password locks
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_NO_WORKBOOK = message(
    "cannot be read as a workbook: it is none, or damaged; save it as 'Excel Workbook (.xlsx)'"
)


def read_sheets(path: Path, wanted: Iterable[str]) -> tuple[dict[str, Sheet], list[str]]:
    """The wanted sheets that are there, by name; and all sheet names.

    Raises ``WorkbookError`` where the file is not a workbook, or larger than a case can be.
    """
    try:
        _check_file(path)
        with zipfile.ZipFile(path) as parts:
            return _sheets(Parts(parts, path.stat().st_size), set(wanted))
    except WorkbookError:
        raise
    except Exception as error:  # of a broken file there are many kinds
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WorkbookError(
            message("cannot be read as a workbook: {reason}", reason=as_told(said))
        ) from None


def _sheets(parts: Parts, wanted: set[str]) -> tuple[dict[str, Sheet], list[str]]:
    main = Relations(parts, "").first("officeDocument")
    if main is None:
        raise WorkbookError(_NO_WORKBOOK)
    outline, relations = Outline(parts, main), Relations(parts, main)
    if not wanted:
        return {}, list(outline.sheets)
    texts, styles = relations.first("sharedStrings"), relations.first("styles")
    values = Values(
        Strings(parts, texts).values if texts else (),
        Formats(parts, styles).values if styles else (),
        outline.from_1904,
    )
    found = {}
    for title, part in outline.sheets.items():
        if title in wanted:
            name = relations.targets.get(("worksheet", part))
            if name is None:
                raise WorkbookError(message("has no table in sheet '{title}'", title=title))
            found[title] = SheetReader(parts, name, title, values).sheet
    return found, list(outline.sheets)


def _check_file(path: Path) -> None:
    if path.stat().st_size > LARGEST_WORKBOOK:
        raise WorkbookError(too_large(LARGEST_WORKBOOK))
    with path.open("rb") as file:
        if file.read(len(_OLD_FORMAT)) == _OLD_FORMAT:
            locked = "EncryptedPackage".encode("utf-16-le") in file.read()
            raise WorkbookError(
                message("is locked with a password; save it without one")
                if locked
                else message(
                    "is a workbook of the old format .xls, whatever its name; save it as "
                    "'Excel Workbook (.xlsx)'"
                )
            )
    if not zipfile.is_zipfile(path):
        raise WorkbookError(_NO_WORKBOOK)
    with zipfile.ZipFile(path) as parts:
        check_parts(parts)
        if "xl/workbook.xml" in parts.namelist() and _STRICT in parts.read("xl/workbook.xml"):
            raise WorkbookError(
                message("is a 'Strict Open XML' workbook; save it as 'Excel Workbook (.xlsx)'")
            )
        if "mimetype" in parts.namelist():
            raise WorkbookError(
                message(
                    "is an OpenDocument spreadsheet under another name; save it as "
                    "'Excel Workbook (.xlsx)'"
                )
            )
