"""The template as people keep it: every cell of some kind written as they write it."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from kilnpath.commands.case import TEMPLATE

Row = Mapping[str, str]
YEARS = {"series", "bounds", "targets", "plan"}
TABLES = ("sites", "series", "fuels", "materials", "bounds", "targets", "plan")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True)
class Habit:
    """cell: (column, row, plain cell) -> what stands there; header: (table, column) -> its name.

    percent: whether numbers under % are stored as parts, in cells that are formatted as %.
    """

    cell: Callable[[str, Row, str], str] = lambda column, row, cell: cell
    header: Callable[[str, str], str] = lambda table, column: column
    percent: bool = False


def is_year(column: str) -> bool:
    return len(column) == 4 and column.isdigit()


def has_number(column: str, cell: str) -> bool:
    return (is_year(column) or column.endswith("]")) and _NUMBER.fullmatch(cell) is not None


def unit_of(column: str, row: Row) -> str:
    return row["unit"] if is_year(column) else column.partition("[")[2].removesuffix("]")


def wide(text: str) -> str:
    """The full-width form of a text."""
    return text.translate(_FULL)


def numbers(write: Callable[[str, str], str]) -> Callable[[str, Row, str], str]:
    """A habit for each number: (number, unit) -> what stands there."""

    def cell(column: str, row: Row, cell: str) -> str:
        return write(cell, unit_of(column, row)) if has_number(column, cell) else cell

    return cell


def words(column: str, said: Mapping[str, str]) -> Callable[[str, Row, str], str]:
    """A habit for the words of a column: plain -> what stands there."""
    return lambda at, row, cell: said.get(cell, cell) if at == column else cell


def thousands(between: str) -> Callable[[str, Row, str], str]:
    """Numbers of 1,000 and more with a sign between thousands."""

    def write(number: str, unit: str) -> str:
        return f"{int(number):,}".replace(",", between) if number.isdigit() else number

    return numbers(write)


def years(write: Callable[[str], str]) -> Callable[[str, str], str]:
    """A habit for the headers of years: plain -> what stands there."""
    return lambda table, column: write(column) if table in YEARS and is_year(column) else column


def _rows(table: str) -> tuple[list[str], list[str], list[dict[str, str]]]:
    """Comment lines, columns and rows of a table of the template."""
    text = (TEMPLATE / f"{table}.csv").read_text(encoding="utf-8")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    lines = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    return comments, lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def write_folder(folder: Path, habit: Habit) -> Path:
    """The template as a folder in which a habit is kept."""
    folder.mkdir()
    (folder / "case.toml").write_bytes((TEMPLATE / "case.toml").read_bytes())
    for table in TABLES:
        comments, columns, rows = _rows(table)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([habit.header(table, column) for column in columns])
        writer.writerows([[habit.cell(c, row, row[c]) for c in columns] for row in rows])
        content = "\n".join([*comments, text.getvalue()])
        (folder / f"{table}.csv").write_text(content, encoding="utf-8")
    return folder


def write_book(path: Path, habit: Habit) -> Path:
    """The template as a workbook in which a habit is kept; plain numbers are numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "case"
    for line in (("key", "value"), *SETTINGS):
        sheet.append(line)
    for table in TABLES:
        _, columns, rows = _rows(table)
        sheet = book.create_sheet(table)
        sheet.append([_typed(habit.header(table, column)) for column in columns])
        for row in rows:
            sheet.append([_typed(habit.cell(c, row, row[c])) for c in columns])
            for at, column in enumerate(columns, start=1):
                if (
                    habit.percent
                    and has_number(column, row[column])
                    and unit_of(column, row) == "%"
                ):
                    cell = sheet.cell(sheet.max_row, at)
                    cell.value, cell.number_format = float(row[column]) / 100, "0.0%"
    book.save(path)
    return path


SETTINGS = (
    ("base_year", 2020),
    ("inventory_year", 2023),
    ("final_year", 2035),
    ("objective", "cumulative"),
    ("then", "steady"),
    ("within", "0.1 %"),
    ("names.en", "Example group"),
    ("names.zh-Hant", "範例集團"),
    ("regions.north.en", "North"),
    ("regions.north.zh-Hant", "北區"),
    ("accounting.consolidation", "equity"),
    ("accounting.captured_biogenic_counts", "false"),
    ("accounting.captured_use_counts", "false"),
)


def _typed(text: str) -> str | float | int:
    if text.isascii() and text.isdigit():
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) and text.isascii() else text
