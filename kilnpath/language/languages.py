"""The languages of what people read: one gettext catalogue, in which English is the key."""

import gettext
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from pathlib import Path

from model.case.types import Names
from model.messages.errors import KilnpathError
from model.messages.message import mark as mark
from model.messages.message import mark_both as mark_both
from model.messages.message import message

DOMAIN = "kilnpath"
LOCALE = Path(__file__).parent.parent / "locale"

Text = Callable[[str], str]


class Language(StrEnum):
    """A language, as HTML and people name it."""

    ENGLISH = "en"
    CHINESE = "zh-Hant"

    @property
    def own_name(self) -> str:
        """What those who read it call it."""
        return {"en": "English", "zh-Hant": "繁體中文"}[self]


class LanguageError(KilnpathError):
    """A language that kilnpath does not speak."""


def language_of(name: str) -> Language:
    """The language of a name as people and machines write it.

    >>> [str(language_of(name)) for name in ("zh", "zh_TW", "zh-Hant-TW", "zh_TW.UTF-8", "en_GB")]
    ['zh-Hant', 'zh-Hant', 'zh-Hant', 'zh-Hant', 'en']

    Raises ``LanguageError`` for any other; simplified Chinese (``zh_CN``) is another.
    """
    parts = name.split(".")[0].split("@")[0].replace("_", "-").lower().split("-")
    if parts[0] == "zh" and set(parts[1:]) <= {"hant", "tw", "hk", "mo", "chinese"}:
        return Language.CHINESE
    if parts[0] in ("en", "c", "posix"):
        return Language.ENGLISH
    raise LanguageError(
        message("'{name}' is no language of kilnpath; known: en, zh-Hant.", name=name)
    )


@cache
def texts(language: Language) -> Text:
    """English text -> the same in a language; a text without a translation is a fault of ours.

    Call it ``text``, and mark texts that stand in tables with ``mark``, so that they are found.
    """
    if language is Language.ENGLISH:
        return mark
    folder = [language.replace("-", "_")]
    translate = gettext.translation(DOMAIN, LOCALE, folder).gettext
    return lambda english: translate(english) if english else ""  # gettext's "" is its header


def name_in(language: Language, names: Names) -> str:
    """The name of a place, fuel, material or case in a language."""
    return names.zh if language is Language.CHINESE else names.en


def file_name(name: str, language: Language) -> str:
    """What a file or folder with words of a language is called: English ones as they are.

    >>> file_name("result.xlsx", Language.ENGLISH), file_name("result.xlsx", Language.CHINESE)
    ('result.xlsx', 'result.zh-Hant.xlsx')
    """
    path = Path(name)
    return name if language is Language.ENGLISH else f"{path.stem}.{language}{path.suffix}"
