"""The parts of a workbook, looked at before its reader unpacks them: none may be a bomb."""

import zipfile
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate, errors

from kilnpath.input_limits import (
    DEEPEST_XML,
    LARGEST_UNPACKED,
    MIB,
    MOST_ELEMENTS_BESIDE,
    MOST_PARTS,
    MOST_SHEETS,
)

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what spreadsheet programs write
_CHUNK = 2**16


class WorkbookError(Exception):
    """A file that is not a workbook, or none of a case; the message says what it is."""


def check_parts(parts: zipfile.ZipFile) -> None:
    """Raises ``WorkbookError`` where a part has entities, or parts are beyond what can be."""
    found = parts.infolist()
    if len(found) > MOST_PARTS:
        raise WorkbookError(f"has {len(found):,} parts; no case has more than {MOST_PARTS:,}")
    if sum(part.file_size for part in found) > LARGEST_UNPACKED:
        raise WorkbookError(f"unpacks to more than {LARGEST_UNPACKED // MIB} MiB; no case does")
    for part in found:
        if part.compress_type not in _PACKED:
            raise WorkbookError(f"has a part packed in an unusual way, {part.filename[:60]}")
        with parts.open(part) as content:
            _Scan(part.filename[:60]).look_at(content)


class _EndOfScan(Exception):
    """What comes now is looked at while it is read."""


class _Scan:
    """Counts the elements of a part; of a sheet, those before its rows."""

    def __init__(self, name: str) -> None:
        self.name, self.count, self.depth, self.sheets = name, 0, 0, 0

    def look_at(self, content: IO[bytes]) -> None:
        """Raises ``WorkbookError``; what is no XML, as a picture, is passed over."""
        parser = ParserCreate(namespace_separator="}")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        try:
            while chunk := content.read(_CHUNK):
                parser.Parse(chunk, False)
        except _EndOfScan:
            return
        except ExpatError as error:
            if error.code == errors.codes[errors.XML_ERROR_NO_MEMORY]:
                raise WorkbookError(f"cannot be read: {self.name} needs too much memory") from None

    def _doctype(self, *declared: Any) -> None:
        raise WorkbookError(f"declares entities in {self.name}, which no workbook needs")

    def _start(self, tag: str, attributes: Any) -> None:
        self.count += 1
        self.depth += 1
        if self.depth > DEEPEST_XML:
            raise WorkbookError(f"is nested too deeply in {self.name}")
        if self.count > MOST_ELEMENTS_BESIDE:
            message = f"has over {MOST_ELEMENTS_BESIDE:,} elements in {self.name}; no case does"
            raise WorkbookError(message)
        if tag.endswith("}sheetData"):
            raise _EndOfScan
        self.sheets += tag.endswith("}sheet")
        if self.sheets > MOST_SHEETS:
            raise WorkbookError(f"has over {MOST_SHEETS} sheets; no case does")

    def _end(self, tag: str) -> None:
        self.depth -= 1
