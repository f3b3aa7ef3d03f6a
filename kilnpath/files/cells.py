"""The text of a cell: the same from a CSV file and from a workbook."""

import math
import re

from kilnpath.files.limits import LONGEST_CELL
from model.case.numbers import is_number
from model.case.tables import is_year
from model.messages.identifiers import normalized
from model.messages.message import Message, message

INVISIBLE = message("holds an invisible character; delete it")
NO_VALUE = "=?"  # of a formula in a sheet that has none: neither empty nor a comment
# Control characters but tab and line break, those that turn the direction of text, and halves of
# characters; what a terminal obeys, a reader does not see, or no workbook can hold.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]"
)
# What a spreadsheet that opens a table of results would run; where lists are separated by
# semicolons, also in the middle of a text.
_FORMULA = re.compile(r"(?:^|[;\t])[=+\-@＝＋－＠](?=.)|\n[=@＝＠]")


def number_text(value: float) -> str:
    """A number as a workbook's cell is read: whole ones without a point, as year headers need it.

    >>> number_text(2030.0), number_text(0.1)
    ('2030', '0.1')
    """
    whole = value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(value)


def number(text: str) -> float | None:
    """The number that a cell of a case holds, ``None`` where it holds a text."""
    value = float(text) if is_number(text) else math.nan
    return value if math.isfinite(value) else None


def same_number(text: str) -> str:
    """A text that is a number as ``number_text`` writes it, another as it is.

    >>> same_number("43.0"), same_number("sda")
    ('43', 'sda')
    """
    if text.isdigit() and text.isascii() and len(text) < 10 and text[0] != "0":
        return text
    value = number(text)
    return text if value is None else number_text(value)


def clean(cell: str) -> str:
    """A cell without blanks around it, in NFC, its line breaks as a workbook has them."""
    return normalized(cell.strip()).replace("\r\n", "\n").replace("\r", "\n")


def cell_fault(text: str, numeric: bool = False) -> Message | None:
    """Why a text cannot be taken over into results, screens and workbooks; ``None`` where it can.

    >>> cell_fault("Annual report 2024, p. 3"), cell_fault("-5", numeric=True)
    (None, None)
    >>> print(cell_fault("=1+1"))
    is taken for a formula by spreadsheets; begin it otherwise than with =, +, - or @
    """
    if len(text) > LONGEST_CELL:
        return message("is a text of over {most:,} characters; shorten it", most=LONGEST_CELL)
    if _UNPRINTABLE.search(text):
        return INVISIBLE
    if not numeric and _FORMULA.search(text):
        return message(
            "is taken for a formula by spreadsheets; begin it otherwise than with =, +, - or @"
        )
    return None


def has_numbers(column: str) -> bool:
    """Whether the cells under a header are numbers: a year, or a name with a unit."""
    return is_year(column) or column.endswith("]")


def escape_control(text: str) -> str:
    r"""A text for the screen, on which what a terminal would obey is shown and not obeyed.

    >>> print(escape_control("clear \x1b[2J the screen"))
    clear \x1b[2J the screen
    """
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)
