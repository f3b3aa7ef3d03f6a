"""A stranger's file costs no more than it weighs: seconds and 1 GiB, or it is refused."""

import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.case_tools import new_case, write_workbook
from tests.tools.plants import ROOT

_SECONDS, _MEMORY = 20, 2**30  # of a processor; what is read here takes three at most
_READ = """
import sys
from kilnpath.case.read import read_case
from model.messages.faults import CaseError
try:
    read_case(sys.argv[1])
except CaseError as error:
    print(str(error).splitlines()[1])
"""
Parts = dict[str, bytes]
SHEET, STRINGS = "xl/worksheets/sheet3.xml", "xl/sharedStrings.xml"


def said(path: Path) -> str:
    """What is told of a case that is read in a process with little time and memory."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))

    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        preexec_fn=limit,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout.strip()


def _before(part: str, end: bytes, more: bytes) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        assert end in parts[part]
        parts[part] = parts[part].replace(end, more + end)

    return change


def _rows(cell: bytes, rows: int, columns: int) -> bytes:
    start = 100
    return b"".join(
        b'<row r="%d">' % row + cell * columns + b"</row>" for row in range(start, start + rows)
    )


def _hidden(rows: int) -> bytes:
    return b"".join(b'<row r="%d" hidden="1"/>' % row for row in range(99, rows))


def _everywhere(parts: Parts) -> None:
    for number in range(1, 9):
        _before(f"xl/worksheets/sheet{number}.xml", b"</sheetData>", _rows(b"<c/>", 250, 1000))(
            parts
        )


BOOKS: dict[str, tuple[Callable[[Parts], None], str]] = {
    "empty cells": (
        _before(SHEET, b"</sheetData>", _rows(b'<c s="1"/>', 990, 1000)),
        "up to xl/worksheets/sheet3.xml; no workbook of its size does",
    ),
    "empty cells in each sheet": (_everywhere, "no workbook of its size does"),
    "cells that pack well": (
        _before(SHEET, b"</sheetData>", _rows(b"<c><v>1</v></c>", 150_000, 50)),
        "no workbook of its size does",
    ),
    "texts that pack well": (
        _before(STRINGS, b"</sst>", b"<si><t>a</t></si>" * 3_000_000),
        "up to xl/sharedStrings.xml; no workbook of its size does",
    ),
    "styles": (
        _before("xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="0"/>' * 900_000),
        "up to xl/styles.xml; no workbook of its size does",
    ),
    "merged cells": (
        _before(SHEET, b"</worksheet>", b'<mergeCell ref="A9:B9"/>' * 100_000),
        "has over 10,000 merged cells in sheet series; no case does",
    ),
    "hidden rows": (
        _before(
            SHEET,
            b"</sheetData>",
            b"".join(b'<row r="%d" hidden="1"/>' % n for n in range(99, 900_000)),
        ),
        "",
    ),
    "lists to choose from": (
        _before(SHEET, b"</worksheet>", b'<dataValidation sqref="A1"/>' * 900_000),
        "no workbook of its size does",
    ),
    "names of cells": (
        _before("xl/workbook.xml", b"</workbook>", b"<definedName>A1</definedName>" * 900_000),
        "up to xl/workbook.xml; no workbook of its size does",
    ),
    "a text that unpacks": (
        _before(
            SHEET,
            b"</sheetData>",
            b'<row r="99"><c t="inlineStr"><is><t>' + b"a" * 200_000_000 + b"</t></is></c></row>",
        ),
        "has too much text, in sheet series row 99",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BOOKS)
def test_workbooks_that_pack_well(tmp_path: Path, kind: str) -> None:
    change, words = BOOKS[kind]
    sound = write_workbook(new_case(tmp_path / "demo"), tmp_path / "sound.xlsx")
    with zipfile.ZipFile(sound) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    path = tmp_path / "demo.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    assert words in said(path)


_MOST = 64 * 2**20
TABLES = {
    "lines of commas": (b"," * 999 + b"\n", ""),
    "one line of commas": (b",", "has over 100,000 separators; no row has"),
    "a row of commas and quoted breaks": (b"," * 1000 + b'"\n"', "has over 100,000 separators"),
    "empty lines": (b"\n", "is beyond 400,000 lines; no table has more"),
    "comments": (b"#\n", "is beyond 400,000 lines; no table has more"),
    "semicolons": (b";" * 999 + b"\n", ""),
    "totals": (b"total\n", "is beyond"),
    "a text without an end": (b'"' + b"a\n" * 500, "is not valid CSV"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", TABLES)
def test_tables_of_64_mib(tmp_path: Path, kind: str) -> None:
    unit, words = TABLES[kind]
    case = new_case(tmp_path / "demo")
    with (case / "series.csv").open("ab") as file:
        file.write(unit * ((_MOST - 10_000) // len(unit)))
    assert words in said(case)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["a." * 1900 + "k{n} = 1\n", "[k{n}." + ".".join("a" * 1900) + "]\n", "k{n} = 1\n"]
)
def test_settings_of_256_kib(tmp_path: Path, line: str) -> None:
    case = new_case(tmp_path / "demo")
    file = case / "case.toml"
    left = 2**18 - file.stat().st_size - 100
    more = "\n" + "".join(line.format(n=n) for n in range(left // (len(line) + 4)))
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert "case.toml: " in said(case)
