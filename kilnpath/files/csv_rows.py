"""The rows of a CSV file however a spreadsheet program wrote it: separator, decimal sign, marks."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from kilnpath.files.limits import MOST_LINES, MOST_SEPARATORS
from model.messages.errors import KilnpathError
from model.messages.message import Message, as_told, mark, message

SEPARATORS = {",": mark("commas"), ";": mark("semicolons"), "\t": mark("tabs")}
_DECLARED = re.compile(r'"?sep=([,;\t])"?,*\s*', re.IGNORECASE)  # how Excel is told its separator
_LOOKED_AT = 200  # lines, of which the first that are no comments tell the separator
_TELLING = 10
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")  # with a thousands comma it is another


class CsvError(KilnpathError):
    """What is wrong with a file as CSV, and in which line."""

    def __init__(self, line: int, what: Message) -> None:
        super().__init__(what)
        self.line = line


class _Lines:
    """The lines of a file, within what a table can have; the line ``sep=;`` is taken out.

    separators: how many were read since this was last set to 0.
    """

    def __init__(self, content: bytes, separator: str) -> None:
        self._text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
        self._separator = separator
        self.number = self.separators = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.number += 1
            self.separators += line.count(self._separator)
            if self.number > MOST_LINES:
                what = message("is beyond {most:,} lines; no table has more", most=MOST_LINES)
                raise CsvError(self.number, what)
            if self.separators > MOST_SEPARATORS:
                what = message("has over {most:,} separators; no row has", most=MOST_SEPARATORS)
                raise CsvError(self.number, what)
            declares = self.number == 1 and _DECLARED.fullmatch(line)
            yield "\n" if declares else line


def rows(content: bytes, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The last line of each row, and its cells. Raises ``CsvError``."""
    lines = _Lines(content, separator)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for cells in reader:
            lines.separators = 0
            yield reader.line_num, cells
    except csv.Error as error:
        what = message("is not valid CSV: {error}", error=as_told(error))
        raise CsvError(reader.line_num, what) from None


def separator_of(content: bytes, score: Callable[[Sequence[str]], int]) -> str:
    """What stands between the cells of a file: as it declares, or as its header tells.

    score: how many columns of the table a line of cells names.
    """
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    lines = [line[:10_000] for line in islice(text, _LOOKED_AT)]
    if lines and (declared := _DECLARED.fullmatch(lines[0])):
        return declared[1]
    telling = [x for x in lines if x.strip(" ,;\t#\r\n") and not x.lstrip(" ,;\t").startswith("#")]

    def named(separator: str) -> int:
        split = ([c.strip(' "') for c in x.split(separator)] for x in telling[:_TELLING])
        return max(map(score, split), default=0)

    return max(SEPARATORS, key=named)  # the first of several


def decimal_commas(cells: Iterable[tuple[int, str]]) -> bool:
    """Whether numbers of a file that semicolons separate have a decimal comma.

    cells: those under years and units, with their lines. Raises ``CsvError`` where one may be
    ``1,234`` or ``1234``, or where both signs stand for the point.
    """
    commas, points, sure = (0, ""), (0, ""), False
    for line, cell in cells:
        if _COMMA.fullmatch(cell) or _GROUPED.fullmatch(cell):
            commas = commas if commas[0] else (line, cell)
            sure = sure or not _AMBIGUOUS.fullmatch(cell)
        elif "." in cell and not points[0]:
            points = (line, cell)
    if not commas[0]:
        return False
    if points[0]:
        what = message(
            "'{comma}' has a decimal comma, and '{point}' in row {row} a decimal point; write "
            "points alone",
            comma=commas[1][:20],
            point=points[1][:20],
            row=points[0],
        )
        raise CsvError(commas[0], what)
    if not sure:
        what = message(
            "'{comma}' may have a decimal comma or be in thousands; write numbers with a point",
            comma=commas[1][:20],
        )
        raise CsvError(commas[0], what)
    return True


def with_point(cell: str) -> str:
    """A number with a decimal comma as one with a point; another cell as it is.

    >>> with_point("1.234,5"), with_point("0,5"), with_point("sda")
    ('1234.5', '0.5', 'sda')
    """
    if _COMMA.fullmatch(cell) or _GROUPED.fullmatch(cell):
        return cell.replace(".", "").replace(",", ".")
    return cell
