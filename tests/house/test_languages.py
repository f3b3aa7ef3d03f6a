"""Every text that people read stands in both languages."""

from string import Formatter

import pytest

from kilnpath.language.languages import Language, texts
from tests.tools.catalogue import (
    TRANSLATED,
    catalogue,
    compiled,
    in_page,
    in_python,
    messages,
    one,
    untranslated,
    unused,
)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: Language) -> None:
    assert untranslated(language) == []
    assert unused(language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_compiled_catalogue_is_the_written_one(language: Language) -> None:
    """Its texts, not its bytes: Babel writes its own version into the header."""
    written = messages(catalogue(language))
    assert messages(compiled(language)) == written, "run: python -m tests.tools.catalogue --renew"
    told = texts(language)  # by Python's own gettext
    assert {english: told(english) for english in written} == written


def test_texts_are_first_arguments_of_calls_alone() -> None:
    source = """
mark["color"] = text(key) + text("one {n} "
    "two").format(n=labels.text("three")) + f"{text(mark('six'))}"
text(f"{n} four") + other("five")
def text(name="seven"): ...
text(key, "eight") + mark_both("a {n}", "more {n}")
"""
    assert sorted(in_python(source, ("text", "mark"))) == ["one {n} two", "six", "three"]
    assert list(in_python(source, ("mark_both",))) == [("a {n}", "more {n}")]
    page = """{% if text("one") %}<p title="{{ text('two') }}">{{ text(key) }}text("three")</p>
{{ other("four") }}{{ text["five"] }}{% endif %}"""
    assert sorted(in_page(page, ("text", "mark"))) == ["one", "two"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_their_placeholders(language: Language) -> None:
    for message in catalogue(language):
        if message.id:
            asked = message.id[-1] if isinstance(message.id, tuple) else message.id  # the plural
            fields = [_fields(text) for text in (asked, one(message.string))]
            assert fields[0] == fields[1], message.id


def test_placeholders_are_told_apart_by_their_formats() -> None:
    assert _fields("{n:,} of {n}") == {("n", ",", None), ("n", "", None)}
    assert _fields("{n:.1f}") != _fields("{n:.2f}")
    assert _fields("{n!r}") != _fields("{n}")


def _fields(text: str) -> set[tuple[str, str | None, str | None]]:
    """The placeholders of a text, each with its format and conversion."""
    return {(name, *rest) for _, name, *rest in Formatter().parse(text) if name is not None}


def test_traditional_characters_only() -> None:
    """Of the signs that differ, none in the simplified form."""
    simplified = set("产业减标许国场发厂总这个为与东边点热风电网会资计货质运进还选间门头现实际单约")
    for message in catalogue(Language.CHINESE):
        assert not simplified & set(str(message.string)), message.id


def test_texts_of_a_language() -> None:
    assert texts(Language.ENGLISH)("calendar year") == "calendar year"
    assert texts(Language.CHINESE)("calendar year") == "年度"
    assert texts(Language.CHINESE)("") == ""
