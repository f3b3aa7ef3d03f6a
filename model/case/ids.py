"""The ids and names that a case gives: what they cannot be, and which are taken for one another."""

from typing import NamedTuple

from model.messages.identifiers import (
    LONGEST_ID,
    LONGEST_NAME,
    alike,
    is_identifier,
    proposal,
    with_invisible_shown,
    without_invisible,
)
from model.messages.location import Location
from model.messages.message import Message, message


class Given(NamedTuple):
    """An id and the row that gave it first."""

    id: str
    place: Location


class Ids:
    """Ids that must be told apart, by what people and file systems take them for."""

    def __init__(self) -> None:
        self._given: dict[str, Given] = {}
        self._written: set[str] = set()

    def like(self, name: str) -> Given | None:
        """What was given before, and is the same but for case or form."""
        return self._given.get(alike(name))

    def has(self, name: str) -> bool:
        """Whether it was given before just so, also where it was taken for another then."""
        return name in self._written

    def add(self, name: str, place: Location) -> None:
        """An id, at a row that gives it."""
        self._written.add(name)
        self._given.setdefault(alike(name), Given(name, place))

    def given(self) -> list[Given]:
        """Every id, once: of those that are taken for one another the first."""
        return list(self._given.values())


def id_fault(text: str) -> Message | None:
    """Why a text cannot be an id; ``None`` where it can."""
    if is_identifier(text):
        return None
    right = message("use letters, digits, '_', '-' and '.', a letter first")
    if len(text) > LONGEST_ID:
        right = message("write at most {most} characters", most=LONGEST_ID)
    if meant := proposal(text):
        right = message("write '{meant}'", meant=meant)
    shown = with_invisible_shown(text)
    return message("'{value}' cannot be an id; {right}", value=shown, right=right)


def taken_for(text: str, before: Given) -> Message:
    """What is wrong with an id that people, or file systems, do not tell from another."""
    return message(
        "'{value}' is taken for '{other}' of {place}: they differ in upper and lower case or in "
        "the form of letters alone; rename one, or write the same where one is meant",
        value=text,
        other=before.id,
        place=before.place,
    )


def name_fault(text: str) -> Message | None:
    """Why people cannot be shown a text as a name; ``None`` where they can."""
    if len(text) > LONGEST_NAME:
        return message("is a name of over {most} characters; shorten it", most=LONGEST_NAME)
    if (plain := without_invisible(text)) == text:
        return None
    shown = with_invisible_shown(text)
    return message(
        "'{value}' holds an invisible character; write '{plain}'", value=shown, plain=plain
    )
