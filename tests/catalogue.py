"""The catalogue of texts: what is in the sources, and its translation.

python -m tests.catalogue           which texts have no translation, and which are no longer used
python -m tests.catalogue --renew   sorts the .po file, drops what is not used, compiles the .mo
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kilnpath.languages import DOMAIN, LOCALE, Language
from tests.plants import ROOT

KEYWORDS = {"model": {"said": None, "mark": None}, "kilnpath": {"text": None, "mark": None}}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # so that the same texts give the same bytes
TRANSLATED = [language for language in Language if language is not Language.ENGLISH]


def po_file(language: Language) -> Path:
    return LOCALE / language.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"


def used() -> set[str]:
    """Every text that the sources mark."""
    found: Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]
    found = chain.from_iterable(
        extract_from_dir(ROOT / floor, METHODS, keywords=words) for floor, words in KEYWORDS.items()
    )
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def catalogue(language: Language) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def untranslated(language: Language) -> list[str]:
    known = {m.id for m in catalogue(language) if m.id and m.string and not m.fuzzy}
    return sorted(used() - known)


def unused(language: Language) -> list[str]:
    return sorted({str(m.id) for m in catalogue(language) if m.id} - used())


def compiled(language: Language) -> bytes:
    """The .mo file as it should be."""
    found = Catalog(locale=language.replace("-", "_"), creation_date=EPOCH, revision_date=EPOCH)
    for message in catalogue(language):
        if message.id:
            found.add(message.id, message.string)
    content = io.BytesIO()
    write_mo(content, found)
    return content.getvalue()


def renew(language: Language) -> None:
    old = catalogue(language)
    new = Catalog(locale=language.replace("-", "_"), header_comment="", fuzzy=False)
    for text in sorted(used()):
        entry = old.get(text)
        new.add(text, entry.string if entry else "")
    content = io.BytesIO()
    write_po(content, new, width=100, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n"Language: zh_Hant\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    po_file(language).write_bytes(header.encode() + content.getvalue())
    po_file(language).with_suffix(".mo").write_bytes(compiled(language))


def main() -> None:
    for language in TRANSLATED:
        if "--renew" in sys.argv:
            renew(language)
        for text in untranslated(language):
            print(f"{language}: no translation: {text!r}")
        for text in unused(language):
            print(f"{language}: not used: {text!r}")


if __name__ == "__main__":
    main()
