"""The parts of a workbook, read with care: none may be a bomb."""

import posixpath
import zipfile
from collections.abc import Mapping
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate

from kilnpath.files.limits import (
    DEEPEST_XML,
    LARGEST_UNPACKED,
    LEAST_ELEMENTS,
    LONGEST_TAG,
    MIB,
    MOST_ELEMENTS,
    MOST_PARTS,
    MOST_SHEETS,
)
from model.messages.errors import KilnpathError
from model.messages.identifiers import normalized
from model.messages.message import as_told, message

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what spreadsheet programs write
_CHUNK = 2**20


class WorkbookError(KilnpathError):
    """A file that is not a workbook, or none of a case; the message says what it is."""


def check_parts(parts: zipfile.ZipFile) -> None:
    """Raises ``WorkbookError`` where parts are more or larger than can be."""
    found = parts.infolist()
    if len(found) > MOST_PARTS:
        raise WorkbookError(
            message(
                "has {count:,} parts; no case has more than {most:,}",
                count=len(found),
                most=MOST_PARTS,
            )
        )
    if sum(part.file_size for part in found) > LARGEST_UNPACKED:
        raise WorkbookError(
            message("unpacks to more than {most} MiB; no case does", most=LARGEST_UNPACKED // MIB)
        )
    for part in found:
        if part.compress_type not in _PACKED:
            raise WorkbookError(
                message("has a part packed in an unusual way, {part}", part=part.filename[:60])
            )


class Parts:
    """The parts of a workbook, and how many elements of XML may still be read of them all.

    size: of its file. [B]
    """

    def __init__(self, parts: zipfile.ZipFile, size: int) -> None:
        self._parts = parts
        self.most = self.left = min(LEAST_ELEMENTS + size, MOST_ELEMENTS)

    def open(self, name: str) -> IO[bytes]:
        """Raises ``KeyError`` where there is no such part."""
        return self._parts.open(name)


class PartReader:
    """Reads a part from its start to its end; what it holds is for those that inherit.

    Tags are as ``MAIN`` and a name.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self._of: Parts

    def read(self, parts: Parts) -> None:
        """Raises ``WorkbookError`` where the part has entities, is none, or is beyond what can be.

        No part that is not read by this is ever unpacked.
        """
        self._of = parts
        parser = ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.text
        parser.CommentHandler = self._long
        parser.ProcessingInstructionHandler = self._long
        try:
            with parts.open(self.name) as content:
                while chunk := content.read(_CHUNK):
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except ExpatError as error:
            raise WorkbookError(
                message("is damaged in {part}: {error}", part=self.name[:60], error=as_told(error))
            ) from None
        except KeyError:
            raise WorkbookError(message("has no part {part}", part=self.name[:60])) from None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text inside an element."""

    def _doctype(self, *declared: Any) -> None:
        raise WorkbookError(
            message("declares entities in {part}, which no workbook needs", part=self.name[:60])
        )

    def _long(self, *texts: str) -> None:
        if sum(map(len, texts)) > LONGEST_TAG:
            raise WorkbookError(
                message("has a tag or comment of over {most:,} characters", most=LONGEST_TAG)
            )

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        self._of.left -= 1
        if self.depth > DEEPEST_XML:
            raise WorkbookError(message("is nested too deeply in {part}", part=self.name[:60]))
        if self._of.left < 0:
            raise WorkbookError(
                message(
                    "has over {most:,} elements, up to {part}; no workbook of its size does",
                    most=self._of.most,
                    part=self.name[:60],
                )
            )
        self.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        self.end(tag)


class Relations(PartReader):
    """Which parts belong to a part: (kind, id) -> their names."""

    def __init__(self, parts: Parts, of: str) -> None:
        folder, _, name = of.rpartition("/")
        super().__init__(f"{folder}/_rels/{name}.rels".lstrip("/"))
        self._folder = folder
        self.targets: dict[tuple[str, str], str] = {}
        self.read(parts)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag.endswith("}Relationship"):
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = attributes.get("Target", "")
            within = posixpath.normpath(posixpath.join("/", self._folder, target))
            self.targets[kind, attributes.get("Id", "")] = within.lstrip("/")

    def first(self, kind: str) -> str | None:
        """The name of a part of a kind, where there is one."""
        return next((name for (of, _), name in self.targets.items() if of == kind), None)


class Outline(PartReader):
    """The names of a workbook's sheets, each with the id of its part; and how it counts days."""

    def __init__(self, parts: Parts, name: str) -> None:
        super().__init__(name)
        self.sheets: dict[str, str] = {}
        self.from_1904 = False
        self.read(parts)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == f"{MAIN}sheet":
            part = next((v for key, v in attributes.items() if key.endswith("}id")), "")
            title = attributes.get("name", f"Sheet{len(self.sheets) + 1}")
            name = normalized(title)
            if name in self.sheets:
                raise WorkbookError(
                    message("two sheets have the name '{name}'; rename one", name=name[:60])
                )
            self.sheets[name] = part
            if len(self.sheets) > MOST_SHEETS:
                raise WorkbookError(
                    message("has over {most} sheets; no case does", most=MOST_SHEETS)
                )
        elif tag == f"{MAIN}workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")
