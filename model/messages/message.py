"""Sentences with their values apart, so that they can be said in another language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol, runtime_checkable

Text = Callable[[str], str]  # gives a language's words for an English template


def mark(text: str) -> str:
    """The text itself: marks it as one of the catalogue, to be translated where it is shown."""
    return text


def mark_both(one: str, many: str) -> tuple[str, str]:
    """A text and its plural themselves, as ``mark`` does: what gettext's ``ngettext`` is asked."""
    return one, many


@runtime_checkable
class InWords(Protocol):
    """What can be said in any language."""

    def in_words(self, text: Text) -> str: ...


def said(value: object, text: Text) -> object:
    """A value as it stands in a sentence; numbers stay, for their formats.

    Of several, a tuple, each in a row. ``text`` gives another language's words for an English
    template.

    >>> said(("a", as_told("b")), str)
    'a, b'
    """
    if isinstance(value, InWords):
        return value.in_words(text)
    if isinstance(value, PurePath):
        return in_a_line(value)
    if isinstance(value, tuple):
        return text(mark(", ")).join(str(said(one, text)) for one in value)
    return value


def in_a_line(name: object) -> str:
    """A name as it stands in a sentence: a break of lines in it starts none.

    >>> print(in_a_line(PurePath("a" + chr(10) + "b")))
    a\\nb
    """
    return str(name).replace("\n", "\\n").replace("\r", "\\r")


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with the values that stand in it.

    A value may be a sentence or a place too, or a tuple of such and of words. The template may hold
    formats of numbers: ``{count:,} rows``.
    """

    template: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, text: Text) -> str:
        """The sentence where ``text`` gives another language's words for an English template."""
        values = {name: said(value, text) for name, value in self.values}
        return text(self.template).format(**values)


def message(template: str, **values: object) -> Message:
    """A sentence; the call marks its template as one to translate."""
    return Message(template, tuple(values.items()))


def listed(words: Iterable[object]) -> Message:
    """Several of them in a row; each a text or a sentence."""
    return Message("{words}", (("words", tuple(words)),))


def in_lines(head: Message, lines: Iterable[Message]) -> Message:
    """A sentence, and below it a line for each of others."""
    values = {f"line_{number}": line for number, line in enumerate([head, *lines])}
    return Message("\n · ".join(f"{{{name}}}" for name in values), tuple(values.items()))


def as_told(words: object) -> Message:
    """What another library says, in its own words and language."""
    return Message("{words}", (("words", str(words)),))
