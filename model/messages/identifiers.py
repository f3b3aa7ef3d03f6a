"""What may be the id or the name of a thing, and which ids are taken for one another.

Of a text that can be written in several ways, as an é of one character or of two, the form NFC is
taken everywhere, so that what looks the same is the same.
"""

import re
import unicodedata

LONGEST_ID, LONGEST_NAME = (
    100,
    200,
)  # characters, of which the longest shipped have 26 and 46
# What Unicode calls default ignorable, controls, and what orders text: nobody sees it.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SIGNS = "_-."
_IN_FILES = re.compile(r'[/\\:*?"<>|]')  # what some file system takes for something else


def normalized(text: str) -> str:
    """A text in the form NFC, in which texts are compared.

    >>> normalized("cafe\u0301") == "caf\xe9"
    True
    """
    return unicodedata.normalize("NFC", text)


def without_invisible(text: str) -> str:
    """A text without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def with_invisible_shown(text: str) -> str:
    r"""A text in which the characters that nobody sees are written out.

    >>> print(with_invisible_shown("plant\u200b"))
    plant\u200b
    """
    return _INVISIBLE.sub(lambda found: ascii(found[0])[1:-1], text)


def is_identifier(text: str) -> bool:
    """Whether a text may be an id: a letter, then letters, digits, combining marks, '_-.'.

    >>> [is_identifier(text) for text in ("clinker_1", "和平廠", "1a", "a b", "ａ")]
    [True, True, False, False, False]
    """
    return text[:1].isalpha() and len(text) <= LONGEST_ID and is_name(text)


def alike(text: str) -> str:
    """What people and file systems take ids for: the same for ``wood``, ``WOOD`` and ``Wood``.

    The form NFKC without case, in which a Turkish i is an i with a point or without one.

    >>> alike("WOOD") == alike("wood"), alike("ﾊﾞ") == alike("バ"), alike("Isı") == alike("ISI")
    (True, True, True)
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).upper().casefold()
    return unicodedata.normalize("NFKC", plain).replace("i\u0307", "i")


def is_file_name(text: str) -> bool:
    """Whether a folder or file may have the name on every system: of a case, of a scenario.

    >>> [is_file_name(text) for text in ("TCC 2024", "高需求", "../a", "..", "a ", "a\u200f")]
    [True, True, False, False, False, False]
    """
    ends = text.strip() == text and text.strip(".") != "" and len(text) <= LONGEST_NAME
    return ends and not _IN_FILES.search(text) and without_invisible(text) == text


def is_name(text: str) -> bool:
    """Whether a text is of the signs of ids alone, in NFC; it may begin with a digit, '_', '-'."""
    begins = text[:1].isalnum() or text[:1] in ("_", "-")
    return begins and text == normalized(text) and all(map(_may_stand, text))


def proposal(text: str) -> str:
    """The id that was meant by a text that cannot be one, empty where that is not clear.

    >>> proposal("ｃｏａｌ"), proposal("a\u200bb"), proposal("a b")
    ('coal', 'ab', '')
    """
    plain = unicodedata.normalize("NFKC", without_invisible(text)).strip()
    return plain if plain != text and is_identifier(plain) else ""


def _may_stand(sign: str) -> bool:
    """Whether a character may stand in an id; full-width forms of ASCII may not: ``ａ`` is no a."""
    if sign.isascii():
        return sign.isalnum() or sign in _SIGNS
    if _INVISIBLE.match(sign):
        return False
    plain = unicodedata.normalize("NFKC", sign)
    if any(map(str.isascii, plain)):
        return False
    return sign.isalnum() or unicodedata.category(sign).startswith("M")
