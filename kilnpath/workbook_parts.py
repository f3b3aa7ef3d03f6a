"""The parts of a workbook, looked at before its reader unpacks them: none may be a bomb."""

import zipfile
from collections.abc import Mapping
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate

from kilnpath.input_limits import (
    DEEPEST_XML,
    LARGEST_UNPACKED,
    LONGEST_TAG,
    MIB,
    MOST_ELEMENTS,
    MOST_ELEMENTS_BESIDE,
    MOST_PARTS,
    MOST_SHEETS,
)

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what spreadsheet programs write
_CHUNK = 2**20


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


class _Scan:
    """Counts the elements of a part, and beside them those of a sheet's rows."""

    def __init__(self, name: str) -> None:
        self.name, self.beside, self.inside, self.depth, self.sheets = name, 0, 0, 0, 0
        self.rows = False

    def look_at(self, content: IO[bytes]) -> None:
        """Raises ``WorkbookError``; what is no XML, as a picture, is passed over."""
        parser = ParserCreate(namespace_separator="}")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CommentHandler = self._long
        parser.ProcessingInstructionHandler = self._long
        try:
            while chunk := content.read(_CHUNK):
                parser.Parse(chunk, False)
        except ExpatError:
            return

    def _doctype(self, *declared: Any) -> None:
        raise WorkbookError(f"declares entities in {self.name}, which no workbook needs")

    def _long(self, *texts: str) -> None:
        if sum(map(len, texts)) > LONGEST_TAG:
            raise WorkbookError(f"has a tag or comment of over {LONGEST_TAG:,} characters")

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._long(tag, *attributes, *attributes.values())
        self.depth += 1
        if self.depth > DEEPEST_XML:
            raise WorkbookError(f"is nested too deeply in {self.name}")
        self.rows = self.rows or tag.endswith("}sheetData")
        self.inside += self.rows
        self.beside += not self.rows
        self.sheets += tag.endswith("}sheet")
        for count, most in ((self.inside, MOST_ELEMENTS), (self.beside, MOST_ELEMENTS_BESIDE)):
            if count > most:
                raise WorkbookError(f"has over {most:,} elements in {self.name}; no case does")
        if self.sheets > MOST_SHEETS:
            raise WorkbookError(f"has over {MOST_SHEETS} sheets; no case does")

    def _end(self, tag: str) -> None:
        self.depth -= 1
        self.rows = self.rows and not tag.endswith("}sheetData")
