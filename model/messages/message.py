"""Sentences with their values apart, so that they can be said in another language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


def mark(text: str) -> str:
    """The text itself: marks it as one of the catalogue, to be translated where it is shown."""
    return text


def mark_both(one: str, many: str) -> tuple[str, str]:
    """A text and its plural themselves, as ``mark`` does: what gettext's ``ngettext`` is asked."""
    return one, many


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with the values that stand in it; a value may be a sentence too.

    The template may hold formats of numbers: ``{count:,} rows``.
    """

    template: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, text: Callable[[str], str]) -> str:
        """The sentence where ``text`` gives another language's words for an English template."""
        values = {k: v.in_words(text) if isinstance(v, Message) else v for k, v in self.values}
        return text(self.template).format(**values)


def message(template: str, **values: object) -> Message:
    """A sentence; the call marks its template as one to translate."""
    return Message(template, tuple(values.items()))


def listed(words: Iterable[object], between: str = ", ") -> Message:
    """Several of them in a row; each a text or a sentence."""
    values = {f"word_{number}": word for number, word in enumerate(words)}
    return Message(between.join(f"{{{name}}}" for name in values), tuple(values.items()))


def as_told(words: object) -> Message:
    """What another library says, in its own words and language."""
    return Message("{words}", (("words", str(words)),))
