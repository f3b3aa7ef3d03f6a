"""Where something stands in the tables of a case."""

from typing import NamedTuple

from model.messages.message import Message, Text, mark, said


class Location(NamedTuple):
    """A line of a table or, where the letter of its column is known, a cell of a sheet.

    hidden: whether its user does not see it.
    """

    table: str | Message
    number: int
    letter: str = ""
    hidden: bool = False

    def __str__(self) -> str:
        return self.in_words(str)

    def in_words(self, text: Text) -> str:
        """How its user calls it, where ``text`` gives another language's words."""
        cell, row = mark("{table}, cell {letter}{number}"), mark("{table} row {number}")
        template = cell if self.letter else row
        table = said(self.table, text)
        place = text(template).format(table=table, letter=self.letter, number=self.number)
        return text(mark("{place} (hidden)")).format(place=place) if self.hidden else place
