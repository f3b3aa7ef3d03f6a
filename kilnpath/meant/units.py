"""Units in nearby writings: ``GJ／t``, ``kwh / t``, ``tCO2/GJ``, ``公噸``."""

import re
from functools import cache, lru_cache

from kilnpath.meant.signs import LONGEST, plain_signs
from model.case.units import UNITS

_REST = "rest"
_GAS = re.compile(r"(?<=[gt])[ _-]?CO(?:2|₂)(?:-?(e)q?)?(?![a-z0-9])", re.IGNORECASE)
_PARTS = {
    **dict.fromkeys(("tonne", "tonnes", "公噸", "噸"), "t"),
    **{"千噸": "kt", "百萬噸": "Mt", "公斤": "kg", "度": "kWh"},
    **dict.fromkeys(("percent", "per cent", "pct"), "%"),
    **dict.fromkeys(("year", "yr", "y", "a", "年"), "yr"),
}


@lru_cache(maxsize=1000)
def unit_meant(text: str) -> str:
    """The unit that a text can only mean; empty where there is none.

    >>> [unit_meant(text) for text in ("％", "GJ／t", "kwh / t", "tCO2/GJ", "公噸/年", "MT")]
    ['%', 'GJ/t', 'kWh/t', 't CO2/GJ', 't/yr', '']
    """
    if len(text) > LONGEST:
        return ""
    plain = " ".join(plain_signs(text).split())
    if plain in UNITS:
        return plain
    spaced = _GAS.sub(lambda gas: f" CO2{(gas[1] or '').lower()}", plain)
    parts = [part.strip() for part in spaced.split("/")]
    key = "/".join([_PARTS.get(part.casefold(), part) for part in parts])
    if key in UNITS:
        return key
    found = _by_letters().get(key.casefold(), "")
    # MT and mt are tonnes to some, and millions of them to others.
    return "" if found.startswith("Mt") and not key.startswith("Mt") else found


@cache
def _by_letters() -> dict[str, str]:
    """The units by their letters in whatever case, but for those of which two are alike."""
    known: dict[str, str] = {_REST: _REST}
    for unit in UNITS:
        known[unit.casefold()] = "" if unit.casefold() in known else unit
    return known
