"""Drop-down lists in the sheets of a case: its closed vocabularies, and the ids of its sheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from kilnpath.case.columns import choices, units
from kilnpath.files.xlsx_write import Book, column_width
from kilnpath.language.languages import Language, mark, texts
from model.case.tables import Table
from model.levers.levers import CAPTURE
from model.reading.rows.words import FUEL_CLASSES

SHEET = "lists"
_ROWS = 500  # of a sheet in which a list is offered, and from which ids are taken
_ROOM = 60  # ids that a list can grow by
_MORE_IDS = {"routes": "route", "generators": "generator"}  # which ``which`` may name too
_TITLE = mark("This word is not known")
_MESSAGE = mark("Choose one from the list of this cell.")


class Lists:
    """The lists of a workbook. Ids are taken from the sheets by formulas, so they stay up to date.

    A list of ids is an offer: a place may be several joined by ``+``, a material a kind.
    """

    def __init__(self, book: Book, tables: Mapping[str, Table]) -> None:
        self.book = book
        self.sheet = book.sheet(SHEET)
        self.columns = 0
        for name in ("series", "bounds", "targets", "plan", "sectors"):
            self._fixed(f"list_unit_{name}", units(name))
        for name in ("routes", "generators", "products"):
            if name in tables:
                self._fixed(f"list_unit_{name}", units(name))
        regions = dict.fromkeys(_cells(tables["sites"], "region"))
        self._growing("list_place", ("group", *regions), [Ids("sites", tables["sites"], "site")])
        words = ("all", *FUEL_CLASSES, *CAPTURE)
        known = {*words, *_cells(tables["materials"], "material")}
        kinds = [k for k in dict.fromkeys(_cells(tables["materials"], "kind")) if k not in known]
        fuels = Ids("fuels", tables["fuels"], "fuel")
        materials = Ids("materials", tables["materials"], "material")
        more = [Ids(s, tables[s], c) for s, c in _MORE_IDS.items() if s in tables]
        self._growing("list_which", (*words, *kinds), [fuels, materials, *more])
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)

    def offer(self, sheet: Any, kind: str, header: str, column: int, rows: int) -> None:
        """Offers the list of a column, where it has one. kind: the table that the sheet is."""
        rule: dict[str, Any] = {}
        if allowed := choices(kind, header):
            rule = {"source": list(allowed)}
        elif header == "unit":
            rule = {"source": f"=list_unit_{kind}"}
        elif header in ("place", "which"):
            rule = {"source": f"=list_{header}", "show_error": False}
        if rule:
            title, message = (" ".join(texts(x)(w) for x in Language) for w in (_TITLE, _MESSAGE))
            last = max(rows, _ROWS)
            told = {"validate": "list", "error_title": title[:32], "error_message": message}
            sheet.data_validation(1, column, last, column, {**told, **rule})

    def _fixed(self, name: str, words: Sequence[str]) -> None:
        letter = self._column(name, words)
        area = f"={SHEET}!${letter}$2:${letter}${len(words) + 1}"
        self.book.book.define_name(name, area)

    def _growing(self, name: str, words: Sequence[str], sources: Sequence["Ids"]) -> None:
        """Words, and after them the ids that stand in some sheets, as they come to be."""
        column = self.columns
        letter = self._column(name, words)
        ids = [one for source in sources for one in _cells(source.table, source.column)]
        areas = [source.area for source in sources]
        for number in range(1, len(ids) + _ROOM + 1):
            formula = '""'
            for area in reversed(areas):
                before = [f'COUNTIF({other},"?*")' for other in areas[: areas.index(area)]]
                place = "-".join([str(number), *before])
                count = f'COUNTIF({area},"?*")'
                formula = f"IF({place}<={count},INDEX({area},{place}),{formula})"
            value = ids[number - 1] if number <= len(ids) else ""
            self.sheet.write_formula(
                len(words) + number, column, f"={formula}", self.book.format(), value
            )
        cells = f"{SHEET}!${letter}$2:${letter}${len(words) + len(ids) + _ROOM + 1}"
        area = f'=OFFSET({SHEET}!${letter}$2,0,0,COUNTIF({cells},"?*"),1)'
        self.book.book.define_name(name, area)

    def _column(self, name: str, words: Sequence[str]) -> str:
        column, self.columns = self.columns, self.columns + 1
        self.sheet.write_string(0, column, name.removeprefix("list_"), self.book.header)
        for row, word in enumerate(words, start=1):
            self.sheet.write_string(row, column, word, self.book.format())
        self.sheet.set_column(column, column, column_width([name, *words]))
        return str(xl_col_to_name(column))


@dataclass(frozen=True)
class Ids:
    """The column of a sheet in which ids stand."""

    sheet: str
    table: Table
    column: str

    @property
    def area(self) -> str:
        """The cells of the ids, and of those to come."""
        letter = xl_col_to_name(self.table.columns.index(self.column))
        return f"{self.sheet}!${letter}$2:${letter}${_ROWS + 1}"


def _cells(table: Table, column: str) -> list[str]:
    return [cells[column] for _, cells in table.rows if cells[column]]
