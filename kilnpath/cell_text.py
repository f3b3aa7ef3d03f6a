"""The text of a cell: the same from a CSV file and from a workbook."""

import math
import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f￾￿]")


def number_text(value: float) -> str:
    """A number as a workbook's cell is read: whole ones without a point, as year headers need it.

    >>> number_text(2030.0), number_text(0.1)
    ('2030', '0.1')
    """
    whole = value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(value)


def number(text: str) -> float | None:
    """The number that a cell of a case holds, ``None`` where it holds a text."""
    try:
        value = float(text.replace("_", " "))  # Python reads 1_000, a spreadsheet does not
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def same_number(text: str) -> str:
    """A text that is a number as ``number_text`` writes it, another as it is.

    >>> same_number("43.0"), same_number("sda")
    ('43', 'sda')
    """
    value = number(text)
    return text if value is None else number_text(value)


def clean(cell: str) -> str:
    """A cell without blanks around it, its line breaks as a workbook has them."""
    return cell.strip().replace("\r\n", "\n").replace("\r", "\n")


def is_printable(cell: str) -> bool:
    """Whether it has no invisible control characters, which no workbook can hold."""
    return _UNPRINTABLE.search(cell) is None
