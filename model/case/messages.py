"""Sentences with their values apart, so that they can be said in another language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


def mark(text: str) -> str:
    """The text itself: marks it as one of the catalogue, to be translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with the values that stand in it; a value may be a sentence too."""

    template: str
    values: Mapping[str, "str | Message"]

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, text: Callable[[str], str]) -> str:
        """The sentence where ``text`` gives another language's words for an English template."""
        values = {
            k: v.in_words(text) if isinstance(v, Message) else v for k, v in self.values.items()
        }
        return text(self.template).format(**values)


def message(template: str, **values: "str | Message") -> Message:
    """A sentence; the call marks its template as one to translate."""
    return Message(template, values)
