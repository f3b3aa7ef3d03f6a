"""Every text that people read stands in both languages."""

from string import Formatter

import pytest

from kilnpath.languages import Language, texts
from tests.catalogue import TRANSLATED, catalogue, compiled, po_file, untranslated, unused


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: Language) -> None:
    assert untranslated(language) == []
    assert unused(language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_compiled_catalogue_is_the_written_one(language: Language) -> None:
    found = po_file(language).with_suffix(".mo").read_bytes()
    assert found == compiled(language), "run: python -m tests.catalogue --renew"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_their_placeholders(language: Language) -> None:
    for message in catalogue(language):
        if message.id:
            fields = [_fields(str(text)) for text in (message.id, message.string)]
            assert fields[0] == fields[1], message.id


def _fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)} - {None}


def test_traditional_characters_only() -> None:
    """Of the signs that differ, none in the simplified form."""
    simplified = set("产业减标许国场发厂总这个为与东边点热风电网会资计货质运进还选间门头现实际单约")
    for message in catalogue(Language.CHINESE):
        assert not simplified & set(str(message.string)), message.id


def test_texts_of_a_language() -> None:
    assert texts(Language.ENGLISH)("calendar year") == "calendar year"
    assert texts(Language.CHINESE)("calendar year") == "年度"
    assert texts(Language.CHINESE)("") == ""
