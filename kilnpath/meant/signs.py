"""Signs as keyboards of another script, and word processors, write them."""

import re

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # the full-width forms of ASCII
_BLANKS = dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000), 0x20)
_OTHERS = {0x2212: 0x2D, 0x2010: 0x2D, 0x2011: 0x2D, 0xFE63: 0x2D, 0x2019: 0x27, 0x2018: 0x27}
_OTHERS |= {0x2215: 0x2F, 0x2044: 0x2F, 0xFE6A: 0x25, 0x3010: 0x5B, 0x3011: 0x5D}
_SIGNS = {**_FULL, **_BLANKS, **_OTHERS}
_GAPS = re.compile(r"[\s_\-]+")
_AROUND_PLUS = re.compile(r"\s*\+\s*")
DASHES = frozenset(("-", "--", "–", "—", "―", "－", "−", "‐", "─"))
NO_VALUES = frozenset(("n/a", "n.a.", "na", "not applicable", "not available", "不適用", "無資料"))
LONGEST = 60  # characters of a text in which another writing is looked for


def plain_signs(text: str) -> str:
    """A text with the signs of an English keyboard for their full-width and typographic forms.

    >>> plain_signs("－５．５ ％"), plain_signs("−1\u202f200")
    ('-5.5 %', '-1 200')
    """
    return text if text.isascii() else text.translate(_SIGNS).strip()


def word_key(word: str) -> str:
    """What is the same of a word in whatever case, signs and blanks.

    >>> word_key("Rise-Max "), word_key("ＭＩＮ"), word_key("1 ＋ 2")
    ('rise_max', 'min', '1+2')
    """
    plain = _AROUND_PLUS.sub("+", plain_signs(word).strip())
    return _GAPS.sub("_", plain).casefold()


def has_no_value(text: str) -> bool:
    """Whether a text says that there is no value, as ``n/a`` does."""
    return plain_signs(text).casefold() in NO_VALUES
