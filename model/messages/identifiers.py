"""What may be the id of a thing: letters of any script, in one form of Unicode.

Of a text that can be written in several ways, as an é of one character or of two, the form NFC is
taken everywhere, so that what looks the same is the same.
"""

import re
import unicodedata

# What Unicode calls default ignorable, and what turns the direction of text: nobody sees it.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SIGNS = "_-."


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
    return text[:1].isalpha() and is_name(text)


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
