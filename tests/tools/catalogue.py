"""The catalogue of texts: what is in the sources, and its translation.

python -m tests.tools.catalogue           texts without translation, and those no longer used
python -m tests.tools.catalogue --renew   sorts the .po file, drops what is unused, compiles the .mo

A text is the first argument of a call of ``text`` or the like, where that is a string. Sources are
read by the parsers of Python and Jinja themselves: Babel's extraction moves with its version (2.19
takes ``mark["color"]`` too) and does not see into an f-string of Python 3.11. Babel only reads and
writes the catalogue.
"""

import ast
import io
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from inspect import cleandoc
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from kilnpath.commands.main import cli
from kilnpath.language.languages import DOMAIN, LOCALE, Language
from tests.tools.plants import ROOT, VERIFIER

CALLED = {  # functions that take a text
    "model": ("message", "mark"),
    "optimizer": ("message", "mark"),
    "kilnpath": ("text", "message", "mark", "mark_both"),
}
OF_VERIFIER = ("mark", "Message", "RefusedError")  # it shares no code, and has its own
PLURAL = "mark_both"  # takes a text and its plural
Marked = str | tuple[str, str]  # one of two: with its plural
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # so that the same Babel gives the same bytes
TRANSLATED = [language for language in Language if language is not Language.ENGLISH]


def po_file(language: Language) -> Path:
    return LOCALE / language.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.po"


def used() -> set[Marked]:
    """Every text that the sources mark, and the help of every command and option."""
    in_verifier = set(in_python(VERIFIER.read_text(encoding="utf-8"), OF_VERIFIER))
    return (
        in_commands(cli)
        | in_verifier
        | {
            text
            for floor, called in CALLED.items()
            for pattern, marked in (("*.py", in_python), ("*.html", in_page))
            for path in (ROOT / floor).rglob(pattern)
            for text in marked(path.read_text(encoding="utf-8"), called)
        }
    )


def in_commands(command: click.Command) -> set[str]:
    """The help of a command, of its options and of the commands in it."""
    options = [option for option in command.params if isinstance(option, click.Option)]
    found = {cleandoc(one.help or "") for one in (command, *options)}
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        found |= in_commands(inner)
    return found - {""}


def in_python(source: str, called: Sequence[str]) -> Iterator[Marked]:
    """The texts in Python: of calls by the bare name and as an attribute (``labels.text``)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in called:
            if _name(node.func) == PLURAL:
                one, many = map(ast.literal_eval, node.args)
                yield one, many
            elif isinstance(first := node.args[0], ast.Constant) and isinstance(first.value, str):
                yield first.value


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def in_page(source: str, called: Sequence[str]) -> Iterator[str]:
    """The texts in a page of Jinja: of calls by the bare name."""
    for _, _, text in extract_from_ast(Environment().parse(source), called):
        if isinstance(text, str):
            yield text


def catalogue(language: Language) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def messages(found: Catalog) -> dict[str, str]:
    """Text -> translation; without the header, which is Babel's. Of two forms the first."""
    return {one(message.id): one(message.string) for message in found if message.id}


def one(text: object) -> str:
    """A text, or the first of its forms: Chinese has no plurals."""
    return str(text[0] if isinstance(text, list | tuple) else text)


def compiled(language: Language) -> Catalog:
    """What the .mo file holds."""
    with po_file(language).with_suffix(".mo").open("rb") as file:
        return read_mo(file)


def untranslated(language: Language) -> list[Marked]:
    known = {m.id for m in catalogue(language) if m.id and one(m.string) and not m.fuzzy}
    return sorted(used() - known, key=one)


def unused(language: Language) -> list[Marked]:
    return sorted({m.id for m in catalogue(language) if m.id} - used(), key=one)


def _compile(language: Language) -> bytes:
    """The .mo file as it is written."""
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
    for text in sorted(used(), key=one):
        entry = old.get(text)
        new.add(text, entry.string if entry else "")
    content = io.BytesIO()
    write_po(content, new, width=100, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n"Language: zh_Hant\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    po_file(language).write_bytes(header.encode() + content.getvalue())
    po_file(language).with_suffix(".mo").write_bytes(_compile(language))


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
