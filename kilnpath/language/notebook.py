"""The language of what shows itself in a notebook, where no command has chosen one."""

from kilnpath.language.chosen import is_chosen, screen_language, usual
from kilnpath.language.languages import Language, LanguageError, Text, texts


def words() -> Text:
    """The words of the language chosen, else of ``KILNPATH_LANG``, else of the machine."""
    if is_chosen():
        return texts(screen_language())
    try:
        return texts(usual())
    except LanguageError:
        return texts(Language.ENGLISH)
