"""The cells of a table as they are meant; one that is written plainly is only looked over."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import itemgetter

from kilnpath.files.limits import MOST_UNPLAIN
from kilnpath.meant.numbers import is_thousands, number_meant
from kilnpath.meant.signs import DASHES, LONGEST, has_no_value, plain_signs
from kilnpath.meant.units import unit_meant
from kilnpath.meant.ways import (
    COMMA,
    DASH,
    EITHER,
    EMPTY,
    NO_VALUE,
    REPUBLIC,
    THOUSANDS,
    TOO_MANY,
    UNIT,
    WORD,
    YEAR,
    Notes,
)
from kilnpath.meant.words import word_meant
from kilnpath.meant.years import year_meant, year_of_republic
from model.case.numbers import is_number
from model.case.tables import Cells, Table, is_year
from model.case.units import UNITS

_PLAIN = re.compile(r"(?:(?:[0-9]+(?:\.[0-9]+)?)?\0)*")  # numbers, each before a sign of no cell
_MOST_KNOWN = 100_000
_YEARS = ("expires", "since", "base_year")
_MAY_BE_EMPTY = ("which", "sector", "market_share", *_YEARS)
_NOT_FOR_ALL = ("heating_value", "clinker_cao", "clinker_mgo", "raw_per_clinker")
_REST = "rest"
_SDA = "sda"
Choices = Callable[[str], tuple[str, ...]]


def table_meant(table: Table, choices: Choices, notes: Notes) -> Table:
    """The table with plain cells; what was written otherwise, or may mean two things, is noted.

    choices: of a column, the words that may stand there, or none.
    """
    reader = _Reader(table, choices, notes)
    rows, changed = list(table.rows), False
    for at, (number, cells) in enumerate(table.rows):
        texts = cells.texts if isinstance(cells, Cells) else tuple(cells.values())
        if not reader.is_plain(texts):
            if notes.looked_at > MOST_UNPLAIN:
                reader.refuse(number)
                return table
            meant = reader.row(at, number, texts)
            if meant != texts:
                rows[at], changed = (number, reader.cells(meant)), True
    for at, meant in reader.decided(rows):
        rows[at], changed = (rows[at][0], reader.cells(meant)), True
    return replace(table, rows=tuple(rows)) if changed else table


def _pick(positions: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """What takes the cells at some positions out of a row."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda texts: tuple(texts[at] for at in positions)


class _Reader:
    """Knows what each column of a table holds, and reads its rows."""

    def __init__(self, table: Table, choices: Choices, notes: Notes) -> None:
        self.table, self.notes = table, notes
        self.columns = table.columns
        self.positions = {column: at for at, column in enumerate(table.columns)}
        self.names = [column.partition(" [")[0] for column in table.columns]
        self.units = {
            at: column.partition("[")[2].removesuffix("]")
            for at, column in enumerate(table.columns)
            if column.endswith("]")
        }
        years = [at for at, column in enumerate(table.columns) if is_year(column)]
        self.numbers = [*years, *self.units]
        self.unit = self.positions.get("unit", -1)
        self.closed = {
            at: words for at, column in enumerate(table.columns) if (words := choices(column))
        }
        self.years = _YEARS if table.sheet != "stages" else ("from",)
        may_be_empty = {*_MAY_BE_EMPTY, *self.years}
        self.free = [at for at, name in enumerate(self.names) if name in may_be_empty]
        self.which = self.positions.get("which", -1)  # ids, of which there are many
        few = {*self.closed, *self.free, self.unit} - {self.which, -1}
        self._numbers, self._words = _pick(self.numbers), _pick(sorted(few))
        self._known: set[tuple[str, ...]] = set()
        self._open: list[tuple[int, int, str]] = []  # cells with one comma: row, column, number
        self._comma = self._english = False
        self._last = ""

    def cells(self, texts: Sequence[str]) -> Cells:
        return Cells(self.positions, tuple(texts))

    def is_plain(self, texts: Sequence[str]) -> bool:
        """Whether nothing in a row is written otherwise than a reader takes it."""
        numbers = "\0".join((*self._numbers(texts), ""))
        plain = _PLAIN.fullmatch(numbers) is not None and self._words(texts) in self._known
        return plain and (self.which < 0 or texts[self.which] not in DASHES)

    def row(self, at: int, number: int, texts: Sequence[str]) -> tuple[str, ...]:
        """The cells of a row as they are meant; at: its position among the rows."""
        meant = list(texts)
        for column, words in self.closed.items():
            meant[column] = self._word(number, column, texts[column], words)
        for column in self.free:
            meant[column] = self._free(number, column, meant[column])
        if self.unit >= 0:
            meant[self.unit] = self._unit(number, texts[self.unit])
        for column in self.numbers:
            meant[column] = self._number(at, number, column, meant)
        if tuple(meant) == tuple(texts):
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known.add(self._words(texts))
        return tuple(meant)

    def _look(self, text: str) -> None:
        self.notes.looked_at += 1
        self._last = text[:LONGEST]

    def refuse(self, number: int) -> None:
        """Tells that no more rows are looked at."""
        self.notes.doubt(self.table.place(number), TOO_MANY, self._last, f"{MOST_UNPLAIN:,}")

    def _add(self, number: int, column: int, way: str, was: str, now: str) -> None:
        place = self.table.place(number, self.columns[column])
        self.notes.add(self.table.name, place, way, was, now)

    def _doubt(self, number: int, column: int, way: str, was: str, now: str) -> None:
        self.notes.doubt(self.table.place(number, self.columns[column]), way, was, now)

    def _word(self, number: int, column: int, text: str, words: tuple[str, ...]) -> str:
        if not text or text in words:
            return text
        now = word_meant(text, self.names[column], words)
        self._look(text)
        if now:
            self._add(number, column, WORD, text, now)
        return now or text

    def _free(self, number: int, column: int, text: str) -> str:
        """A cell that may be empty; a year where it is one."""
        name = self.names[column]
        if not text or (name in self.years and is_year(text)):
            return text
        named = name not in self.years and text.isalpha()  # ``na`` may be an id
        if text in DASHES or (has_no_value(text) and not named):
            self._add(number, column, EMPTY, text, "")
            return ""
        if name in self.years and (year := year_meant(text)):
            self._add(number, column, YEAR, text, year)
            return year
        if name in self.years and (year := year_of_republic(text)):
            self._doubt(number, column, REPUBLIC, text, year)
            return year
        return text

    def _unit(self, number: int, text: str) -> str:
        if not text or text in UNITS or text == _REST:
            return text
        now = unit_meant(text)
        self._look(text)
        if now:
            self._add(number, self.unit, UNIT, text, now)
        return now or text

    def _number(self, at: int, number: int, column: int, row: Sequence[str]) -> str:
        """A number; one that may be another stays as it is, and is told with the others."""
        text = row[column]
        if not text or is_number(text) or plain_signs(text).casefold() == _SDA:
            return text
        self._look(text)
        unit = self.units.get(column) or (row[self.unit] if self.unit >= 0 else "")
        meaning = number_meant(text, unit)
        if meaning is None:
            return text
        if meaning.way == DASH and self._is_empty(column, row):
            meaning = meaning._replace(now="", way=EMPTY, sure=True)
        elif meaning.way == NO_VALUE and column in self.units:
            meaning = meaning._replace(way=EMPTY)
        if meaning.sure:
            self._english |= meaning.way == THOUSANDS and "," in plain_signs(text)
            self._add(number, column, meaning.way, text, meaning.now)
            return meaning.now
        self._comma |= meaning.way == COMMA
        if meaning.way == EITHER:
            self._open.append((at, column, meaning.now))
        else:
            self._doubt(number, column, meaning.way, text, meaning.now)
        return text

    def _is_empty(self, column: int, row: Sequence[str]) -> bool:
        """Whether a dash says that nothing stands there: where 0 would have no meaning."""
        if self.unit >= 0 and row[self.unit] == _REST:
            return True
        return self.names[column] in _NOT_FOR_ALL

    def decided(self, rows: Sequence[tuple[int, object]]) -> Iterable[tuple[int, tuple[str, ...]]]:
        """The rows with commas that can only stand between thousands, now that all are known."""
        by_row: dict[int, list[tuple[int, str]]] = {}
        for at, column, plain in self._open:
            by_row.setdefault(at, []).append((column, plain))
        for at, cells in by_row.items():
            number, given = rows[at]
            texts = list(given.texts) if isinstance(given, Cells) else []
            others = [texts[column] for column in self.numbers]
            unit = texts[self.unit] if self.unit >= 0 else ""
            for column, plain in cells:
                sure = self._english or is_thousands(plain, self.units.get(column, unit), others)
                if sure and not self._comma:
                    self._add(number, column, THOUSANDS, texts[column], plain)
                    texts[column] = plain
                else:
                    decimal = plain_signs(texts[column]).replace(",", ".")
                    way, now = EITHER, f"{plain} / {decimal}"
                    if self._comma:
                        way, now = COMMA, decimal
                    self._doubt(number, column, way, texts[column], now)
            yield at, tuple(texts)
