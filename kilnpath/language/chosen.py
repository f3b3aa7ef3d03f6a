"""The language of the screen: chosen once, where a command begins; English until then."""

import gettext
import locale
import os
from contextvars import ContextVar

from kilnpath.language.languages import DOMAIN, LOCALE, Language, LanguageError, language_of, texts

VARIABLE = "KILNPATH_LANG"
_CHOSEN: ContextVar[Language | None] = ContextVar("language of the screen", default=None)


def choose(language: Language) -> None:
    """What is shown from now on is in this language; so are the words of Python's gettext.

    The library of the command line asks that for its own words.
    """
    _CHOSEN.set(language)
    os.environ["LANGUAGE"] = language.replace("-", "_")
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


def screen_language() -> Language:
    """The language of the screen."""
    return _CHOSEN.get() or Language.ENGLISH


def is_chosen() -> bool:
    """Whether a language was chosen at all."""
    return _CHOSEN.get() is not None


def text(english: str) -> str:
    """A text of the catalogue in the language of the screen; the call marks it as one."""
    return texts(screen_language())(english)


def usual() -> Language:
    """The language where no option names one: ``KILNPATH_LANG``, else that of the machine.

    Raises ``LanguageError`` where ``KILNPATH_LANG`` names no language of ours.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return language_of(named)
    return of_machine()


def of_machine() -> Language:
    """The language of the machine; one that is none of ours is no fault: then it is English."""
    names = map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))
    try:
        return language_of(next(filter(None, names), locale.getlocale()[0] or ""))
    except LanguageError:
        return Language.ENGLISH
