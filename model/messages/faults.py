"""Faults of a case, told all at once in the words of its own tables."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest
from itertools import islice

from model.messages.errors import KilnpathError
from model.messages.identifiers import proposal, with_invisible_shown, without_invisible
from model.messages.location import Location
from model.messages.message import Message, Text, in_a_line, listed, mark, message, said

MOST_FAULTS = 1000  # told at once; who has more repairs these first
_LONGEST_MESSAGE = 1000  # characters
_MOST_PLACES = 3  # that are named beside the first, where the same is told of more
# A hint may take milliseconds, as there may be a thousand, whoever chose the words:
_LONGEST_WORD = 40  # for which a word like it is looked for
_MOST_COMPARED = 20  # known words that are compared letter by letter, which costs most
_MOST_LETTERS = 100  # that may stand in the place of another
_MOST_ASKED = 1000  # known words that are asked for their letters


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it stands, and what stands there and would be right.

    also: the other places of which the same is told.
    """

    place: str | Location | Message
    message: Message
    also: tuple[str | Location | Message, ...] = ()

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, text: Text) -> str:
        """The fault where ``text`` gives another language's words for an English template."""
        place, what = in_a_line(said(self.place, text)), self.message.in_words(text)
        told = text(mark("{place}: {what}")).format(place=place, what=what)
        if not self.also:
            return told
        more = len(self.also) - _MOST_PLACES
        others = self.also[:_MOST_PLACES]
        places = message("{places} and {more} more", places=others, more=more)
        shown = (places if more > 0 else listed(others)).in_words(text)
        return text(mark("{told} (also: {places})")).format(told=told, places=shown)


def together(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults, each that says the same once, with all its places."""
    places: dict[Message, list[str | Location | Message]] = {}
    for fault in faults:
        places.setdefault(fault.message, []).append(fault.place)
    return tuple(Fault(first, what, tuple(more)) for what, (first, *more) in places.items())


class CaseError(KilnpathError):
    """A case that cannot be used, with every fault found."""

    def __init__(self, case: str, faults: Iterable[Fault]) -> None:
        self.case = case
        self.faults = together(faults)
        one = len(self.faults) == 1
        super().__init__(
            message("1 fault in {case}", case=in_a_line(case))
            if one
            else message("{count} faults in {case}", count=len(self.faults), case=in_a_line(case))
        )

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, text: Text) -> str:
        """The number of faults and each of them, a line each."""
        lines = [super().in_words(text)]
        lines += [f" · {shortened(fault.in_words(text))}" for fault in self.faults[:MOST_FAULTS]]
        if len(self.faults) >= MOST_FAULTS:
            lines.append(text(mark(" · and there may be more; repair these first")))
        return "\n".join(lines)


def shortened(text: str) -> str:
    """A text without its middle, where it is longer than anybody reads."""
    half = _LONGEST_MESSAGE // 2
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:half]} … {text[-half:]}"


class TooManyFaultsError(Exception):
    """So many faults were found that no more are looked for."""


def did_you_mean(word: str, known: Iterable[str]) -> Message:
    """``; did you mean …?`` where a known word is near, else the list of known ones."""
    choices = list(known)
    near = [plain] if (plain := proposal(word)) in choices else []
    if not near and len(word) <= _LONGEST_WORD:
        near = _near(word, choices)
    if near and without_invisible(word) != word:
        return message(
            "; it holds an invisible character, as {shown} shows: write {near}",
            shown=with_invisible_shown(word),
            near=either(near),
        )
    if near:
        return message("; did you mean {near}?", near=either(near))
    if not choices:
        return message("; there is none in this case")
    shown = (*choices[:20], "…") if len(choices) > 20 else tuple(choices)
    return message("; known: {known}", known=shown)


def either(words: Sequence[str]) -> Message:
    """``'a', 'b' or 'c'``."""
    quoted = [message("'{word}'", word=word) for word in words]
    if len(quoted) == 1:
        return quoted[0]
    return message("{words} or {last}", words=listed(quoted[:-1]), last=quoted[-1])


def _near(word: str, choices: Collection[str]) -> list[str]:
    """Known words like a word: of few any, of many those one slip away, or with its letters."""
    if len(choices) > _MOST_COMPARED:
        if slips := _slips(word, choices):
            return slips
        if len(choices) > _MOST_ASKED:
            return []
        fitting = (c for c in choices if len(word) <= 2 * len(c) <= 4 * len(word))
        choices = nlargest(_MOST_COMPARED, fitting, key=lambda c: _shared(set(word), set(c)))
    return get_close_matches(word, choices, n=3, cutoff=0.6)


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / (len(one) + len(other))


def _slips(word: str, choices: Collection[str]) -> list[str]:
    """Known words that are one slip of a finger away: to compare with each takes far too long.

    >>> _slips("s1O3", ["s103", "s1034", "s3"])
    ['s103']
    """
    fitting = (choice for choice in choices if abs(len(choice) - len(word)) <= 1)
    found = Counter("".join(islice(fitting, _MOST_ASKED)))
    letters = sorted(letter for letter, _ in found.most_common(_MOST_LETTERS))
    parts = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    slips = dict.fromkeys([word.lower(), word.upper()])
    for left, right in parts:
        slips |= dict.fromkeys(left + letter + right for letter in letters)
        if right:
            slips |= dict.fromkeys(left + letter + right[1:] for letter in ("", *letters))
            slips[left + right[1:2] + right[:1] + right[2:]] = None
    return sorted(slips.keys() & set(choices))[:3]
