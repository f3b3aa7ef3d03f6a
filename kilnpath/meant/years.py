"""Years as headers and cells have them: ``FY2030``, ``2030年度``, a date, and of the Republic."""

import re
from datetime import date

from kilnpath.meant.signs import LONGEST, plain_signs

_YEAR = re.compile(
    r"(?:(?:FY|CY|Y|year|西元|公元)[ .'_-]{0,2})?(?P<year>(?:19|20|21)[0-9]{2})"
    r"(?:\.0{1,3}| ?(?:年度?|FY|CY|[AEFP]))?",
    re.IGNORECASE,
)
_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T]00:00:00)?")
_FIRST_AND_LAST = ((1, 1), (12, 31))  # another day may lie in another business year
_REPUBLIC = re.compile(r"(?P<named>(?:中華)?民國?|ROC)? ?(?P<year>[0-9]{2,3}) ?(?P<of>年度?)?")
_BEFORE_REPUBLIC = 1911
_KNOWN = range(1990, 2101)


def year_meant(text: str) -> str:
    """The year that a text can only mean; empty where it is none, or may be another.

    >>> [year_meant(text) for text in ("FY2030", "２０３０年度", "2030-12-31", "2031-03-31")]
    ['2030', '2030', '2030', '']
    """
    if len(text) > LONGEST:
        return ""
    plain = plain_signs(text)
    if found := _YEAR.fullmatch(plain):
        return found["year"]
    found = _DATE.fullmatch(plain)
    if found is None:
        return ""
    year, month, day = map(int, found.groups())
    try:
        serial = (date(year, month, day) - date(1899, 12, 30)).days
    except ValueError:
        return ""
    if serial in _KNOWN:  # a year as a plain number, in a cell that is formatted as a date
        return str(serial)
    return str(year) if (month, day) in _FIRST_AND_LAST else ""


def year_of_republic(text: str) -> str:
    """The year in the common era, where a text looks like one of the Republic of China.

    >>> year_of_republic("民國119年"), year_of_republic("119"), year_of_republic("19")
    ('2030', '2030', '')
    """
    found = _REPUBLIC.fullmatch(plain_signs(text)) if len(text) <= LONGEST else None
    if found is None or not (found["named"] or found["of"] or len(found["year"]) == 3):
        return ""
    year = int(found["year"]) + _BEFORE_REPUBLIC
    return str(year) if year in _KNOWN else ""
