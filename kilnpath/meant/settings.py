"""The values of settings as they are meant: years, switches and words in other writings."""

from collections.abc import Callable, Mapping

from kilnpath.meant.numbers import number_meant
from kilnpath.meant.signs import plain_signs
from kilnpath.meant.ways import REPUBLIC, SETTING, Notes, Place
from kilnpath.meant.words import word_meant
from kilnpath.meant.years import year_meant, year_of_republic

_YEARS = ("base_year", "inventory_year", "final_year")
_LARGEST_YEAR = 9999
Choices = Callable[[str], tuple[str, ...]]


def settings_meant(
    settings: Mapping[str, object],
    place: Callable[[str], Place],
    choices: Choices,
    notes: Notes,
) -> dict[str, object]:
    """Settings with plain values; what was written otherwise, or is doubtful, is noted.

    place: of the value of a key; choices: of a key, the words that may stand there, or none.
    """
    found: dict[str, object] = {}
    for key, value in settings.items():
        if key == "accounting" and isinstance(value, Mapping):
            found[key] = settings_meant(
                value, lambda inner: place(f"accounting.{inner}"), choices, notes
            )
            continue
        if key == "consolidation" and isinstance(value, Mapping):  # by year
            found[key] = _by_year(value, place, choices(key), notes)
            continue
        now = _value(key, value, choices(key))
        found[key] = value if now is None else now
        if now is not None:
            notes.add("settings", place(key), SETTING, str(value), _shown(now))
        elif key in _YEARS and (year := year_of_republic(str(value))):
            notes.doubt(place(key), REPUBLIC, str(value), year)
            found[key] = int(year)
    return found


def _by_year(
    value: Mapping[str, object], place: Callable[[str], Place], words: tuple[str, ...], notes: Notes
) -> dict[str, object]:
    """The approaches of consolidation by year, with plain words."""
    found = dict(value)
    for year, approach in value.items():
        if (now := _value("consolidation", approach, words)) is not None:
            notes.add("settings", place(f"consolidation.{year}"), SETTING, str(approach), str(now))
            found[year] = now
    return found


def _value(key: str, value: object, words: tuple[str, ...]) -> object | None:
    """The plain value; ``None`` where it is plain, or may mean something else."""
    if key in _YEARS:
        return _year(value)
    if not isinstance(value, str):
        return None
    if set(words) == {"true", "false"}:
        meant = word_meant(value, key, words)
        return None if not meant else meant == "true"
    if words:
        meant = word_meant(value, key, words)
        return meant if meant not in ("", value) else None
    if key == "within" and (meant := plain_signs(value)) != value:
        return meant
    return None


def _year(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer() and 0 < value <= _LARGEST_YEAR:
        return int(value)
    if not isinstance(value, str):
        return None
    meaning = number_meant(value, "")
    meant = year_meant(value) or (meaning.now if meaning else "")
    return int(meant) if len(meant) == 4 and meant.isascii() and meant.isdigit() else None


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
