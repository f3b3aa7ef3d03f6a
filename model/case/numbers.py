"""Numbers as spreadsheets write them in English, and what is nearly one."""

import re
import unicodedata

from model.case.units import UNITS
from model.messages.message import Message, message

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_LONGEST_NUMBER = 60  # characters; a float has 17 digits


def is_number(text: str) -> bool:
    """Whether a text is a number as spreadsheets write it in English, with digits that matter.

    >>> is_number("1.5e-3"), is_number("1_000"), is_number("１２"), is_number("1e99999")
    (True, False, False, False)
    """
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def hint_of(text: str) -> Message:
    """What would be right in place of a text that is nearly a number."""
    if is_number(plain := unicodedata.normalize("NFKC", text)):
        return message("; write it as {plain}", plain=plain)
    if re.fullmatch(r"[-−－]?[\d.．,，]+\s*[%％]", text):
        return message("; write the number alone and '%' as the unit, in a cell not formatted as %")
    if re.fullmatch(r"[-+−－＋]?\s*[\d.．][\d\s,.'’，．、。・]*", text):
        return message("; write it as 1234.5, with one point and nothing else between the digits")
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return message("; it is a date: format the cell as a number")
    number = re.fullmatch(r"[-−－]?[\d.,]+\s*(?P<unit>[^\d\s].*)", text)
    if number and number["unit"] in UNITS:
        return message(
            "; write the number alone, its unit stands in the column 'unit' or in the header"
        )
    return Message("")
