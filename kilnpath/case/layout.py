"""How a table is laid out: where its header stands, and what is a title, a unit, a note, a total.

People keep tables with a title above, units below the names, a column of their own, a row of
totals. Where that is certain it is taken and told; where it is not, it is one fault at its cause.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import zip_longest

from kilnpath.case.columns import COLUMNS
from model.case.tables import is_year
from model.case.units import UNITS, Dimension
from model.messages.identifiers import is_identifier
from model.messages.message import mark
from model.reading.bounds import DOUBT
from model.reading.generators import GENERATOR_NUMBERS
from model.reading.routes import ROUTE_NUMBERS
from model.reading.rows.bound_years import SEED
from model.reading.rows.provenance import OWN_NAMES
from model.reading.sectors import OPTIONAL as SECTOR_OPTIONAL
from model.reading.targets import OWN_BASE_YEAR, SDA_COLUMNS, SINCE

LOOKED_AT = 10  # lines, among which the header of a table is looked for
Numbered = tuple[int, list[str]]  # the number of a line, and its cells
_MORE: Mapping[str, Mapping[str, Dimension | None]] = {
    "bounds": {**dict.fromkeys((*OWN_NAMES, SEED)), **DOUBT},
    "targets": dict.fromkeys((*OWN_NAMES, *SDA_COLUMNS, SINCE, OWN_BASE_YEAR)),
    "sectors": dict.fromkeys(SECTOR_OPTIONAL),
    "routes": {**dict.fromkeys(OWN_NAMES), **ROUTE_NUMBERS},
    "generators": {**dict.fromkeys(OWN_NAMES), **GENERATOR_NUMBERS},
}
_WITHOUT_YEARS = ("case", "sites", "fuels", "materials", "stages")
_SETTINGS: Mapping[str, Dimension | None] = {"key": None, "value": None}
_WITH_UNIT = re.compile(
    r"([^\[\]()（）［］]+?)\s*(?:[\[(（［]\s*([^\[\]()（）［］]*?)\s*[\])）］])?"
)
_YEAR_IN = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_TITLE_CELLS = 3  # of a row above the header; one row of data has more
_TOTALS = {"total", "totals", "subtotal", "sub-total", "grand total", "sum"}
_TOTALS |= {"合計", "总计", "總計", "小計", "總和", "加總", "計"}
_BESIDE = ("unit", "source", "status", "note", "confidence")  # what a row of totals may fill
_BRACKETS = "[]()（）［］ "
_UNIT_WORDS = ("unit", "units", "單位")
_NEAR, _VERY_NEAR = 0.6, 0.85

TWO_ROWS = mark("the header stands in rows {was} and {now}, read as one")
UNITS_BELOW = mark("row {now} is taken as the units of the header above it: '{was}'")


@dataclass(frozen=True)
class Columns:
    """The columns that a kind of table knows: those it must have, and those it may have."""

    needed: Mapping[str, Dimension | None]
    optional: Mapping[str, Dimension | None]
    has_years: bool

    @property
    def all(self) -> Mapping[str, Dimension | None]:
        return {**self.needed, **self.optional}


def kind_of_table(sheet: str) -> str:
    """The kind of table that a sheet or file holds: scenarios have lines of ``series``."""
    return "series" if sheet.startswith("scenario") else sheet


def columns_of(sheet: str) -> Columns:
    """Of a sheet or file by its plain name; a scenario has those of series."""
    kind = kind_of_table(sheet)
    needed = _SETTINGS if kind == "case" else COLUMNS[kind]
    optional = {**_MORE.get(kind, {}), "note": None}
    return Columns(needed, optional, kind not in _WITHOUT_YEARS)


@dataclass(frozen=True)
class Layout:
    """Where the header of a table stands, and what it names.

    first, last: its lines; below: how many of the lines that were looked at it ends; names: of the
    columns by position, empty where a column has none; found: whether a line names columns at all;
    above: the first line above it; titles: what stands in such; misplaced: those that are no
    titles; said: what was taken of the header itself, each a way, what stood there and what it is.
    """

    first: int
    last: int
    below: int
    names: tuple[str, ...]
    found: bool = True
    above: int = 0
    titles: tuple[str, ...] = ()
    misplaced: tuple[int, ...] = ()
    said: tuple[tuple[str, str, str], ...] = ()


def named(cell: str, known: Columns) -> str:
    """The name that a cell of a header means, as the format writes it; the cell where it is none.

    Capitals, blanks, line breaks and round brackets around a unit do not matter.

    >>> named("Heating value\\n(GJ/t)", columns_of("fuels"))
    'heating_value [GJ/t]'
    """
    plain = cell.strip()
    match = _WITH_UNIT.fullmatch(plain)
    if match is None or plain in known.all:
        return plain
    name, unit = match[1], match[2]
    meant = _plain(name)
    if meant not in known.all:
        return plain
    dimension = known.all[meant]
    if unit is None:
        return meant
    fitting = _unit_like(unit, dimension)
    return f"{meant} [{fitting}]" if fitting else plain


def _unit_like(unit: str, dimension: Dimension | None) -> str:
    """The unit of a dimension that a text is, in whatever letters; empty where it is none."""
    wide = unicodedata.normalize("NFKC", unit).strip()
    same = [
        u for u, (of, _) in UNITS.items() if of is dimension and u.casefold() == wide.casefold()
    ]
    return wide if wide in same else same[0] if len(same) == 1 else ""


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFKC", name).strip().casefold())


def _known_name(cell: str, known: Columns) -> str:
    """The known column that a cell names, whatever its unit; empty where it names none."""
    match = _WITH_UNIT.fullmatch(cell.strip())
    name = _plain(match[1]) if match else ""
    return name if name in known.all else ""


def like_year(cell: str) -> bool:
    """Whether a cell of a header may stand for a year: ``2030``, ``FY2030``, ``2030年``."""
    return len(cell) <= 24 and _YEAR_IN.search(unicodedata.normalize("NFKC", cell)) is not None


def score(cells: Sequence[str], known: Columns) -> int:
    """How many columns of a table a line names."""
    return len({name for cell in cells if (name := _known_name(cell, known))})


def find_layout(lines: Sequence[Numbered], known: Columns) -> Layout:
    """The layout of a table by its first lines that are no comments."""
    wanted = min(max(3, (len(known.needed) + 1) // 2), len(known.needed))
    scores = [score(cells, known) for _, cells in lines]
    at = next((n for n, found in enumerate(scores) if found >= wanted), 0)
    if not lines or (at == 0 and scores[0] == 0):
        first, cells = lines[0] if lines else (1, [])
        return Layout(first, first, 1, tuple(c.strip() for c in cells), found=not any(cells))
    number, cells = lines[at]
    names, last, said = [cell.strip() for cell in cells], at, []
    below = [cell.strip() for cell in lines[at + 1][1]] if at + 1 < len(lines) else []
    if _continues(names, below, known):
        last, names = at + 1, _joined(names, below)
        said.append((TWO_ROWS, str(number), str(lines[last][0])))
    elif _are_units(names, below, known):
        last, names = at + 1, _with_units(names, below, known)
        shown = ", ".join(filter(None, below))[:60]
        said.append((UNITS_BELOW, shown, str(lines[last][0])))
    titles = [[c.strip() for c in above if c.strip()] for _, above in lines[:at]]
    most = max(_TITLE_CELLS, len(names) // 3)
    return Layout(
        first=number,
        last=lines[last][0],
        below=last + 1,
        names=tuple(names),
        above=lines[0][0],
        titles=tuple(title[0] for title in titles),
        misplaced=tuple(lines[n][0] for n, title in enumerate(titles) if len(title) > most),
        said=tuple(said),
    )


def _continues(names: Sequence[str], below: Sequence[str], known: Columns) -> bool:
    """Whether a line ends the header above it: it names only columns that have no known name yet.

    As where ``Limit`` stands, merged, above 2024, 2030 and 2035.
    """
    filled = [n for n, cell in enumerate(below) if cell]
    above = [names[n] if n < len(names) else "" for n in filled]
    if not filled or any(_known_name(cell, known) or is_year(cell) for cell in above):
        return False
    return all(
        _known_name(below[n], known) or (known.has_years and is_year(below[n])) for n in filled
    )


def _joined(names: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(names), len(below))
    upper, lower = ([*row, *[""] * width][:width] for row in (names, below))
    return [b or a for a, b in zip(upper, lower, strict=True)]


def _are_units(names: Sequence[str], below: Sequence[str], known: Columns) -> bool:
    """Whether a line holds nothing but units, each of a column that has none and needs one."""
    found = 0
    for position, cell in enumerate(below):
        if not cell or (cell.casefold() in _UNIT_WORDS and position == 0):
            continue
        name = names[position] if position < len(names) else ""
        dimension = known.all.get(_plain(name))
        if dimension is None or not _unit_like(cell.strip(_BRACKETS), dimension):
            return False
        found += 1
    return found > 0


def _with_units(names: Sequence[str], below: Sequence[str], known: Columns) -> list[str]:
    found = []
    for name, cell in zip_longest(names, below[: len(names)], fillvalue=""):
        dimension = known.all.get(_plain(name))
        unit = _unit_like(cell.strip(_BRACKETS), dimension) if dimension else ""
        found.append(f"{name} [{unit}]" if unit else name)
    return found


def spelled(names: Sequence[str], known: Columns) -> Iterator[tuple[str, str]]:
    """Each name of a header, and how the format writes it."""
    present = {cell for cell in names if _known_name(cell, known)}
    for cell in names:
        meant = named(cell, known)
        yield cell, cell if meant != cell and meant in present else meant


def own_columns(names: Sequence[str], known: Columns) -> list[str]:
    """The columns that are certainly their user's own: near no name of the table, and no year.

    None where a column that is needed is missing, as one of them may be it.
    """
    present = {name for cell in names if (name := _known_name(cell, known))}
    if not present.issuperset(known.needed):
        return []
    absent = [name for name in known.all if name not in present]
    found = []
    for cell in filter(None, names):
        plain = _plain(cell)
        if _known_name(cell, known) or re.search(r"\d\d", unicodedata.normalize("NFKC", cell)):
            continue
        slip = get_close_matches(plain, absent, n=1, cutoff=_NEAR)
        slip += get_close_matches(plain, present, n=1, cutoff=_VERY_NEAR)
        if not slip and not _plain_unit(cell):
            found.append(cell)
    return found


def _plain_unit(cell: str) -> bool:
    """Whether a header states a unit, so that its column holds numbers somebody counts on."""
    return cell.endswith(("]", ")", "）", "］"))


def is_remark(cells: Sequence[str]) -> bool:
    """Whether a row holds one text and nothing else, which is no id."""
    alone = bool(cells) and bool(cells[0]) and len(cells) > 1 and not any(cells[1:])
    return alone and not is_identifier(cells[0])


def is_total(cells: Sequence[str]) -> bool:
    """Whether the first cell of a row, or the second below an empty one, is a word for a total."""
    first = next(filter(None, cells[:2]), "")
    return len(first) < 20 and first.rstrip(":： ").casefold() in _TOTALS


def total_word(cells: Mapping[str, str], texts: Sequence[str]) -> str:
    """The word that marks a row as one of totals; empty where it is none.

    texts: the columns of words; all of them but one must be empty, beside unit, source and status.
    """
    filled = [cells[name] for name in texts if cells[name] and name not in _BESIDE]
    if len(filled) == 1 and filled[0].rstrip(":： ").casefold() in _TOTALS:
        return filled[0]
    return ""


def word_columns(names: Sequence[str], known: Columns) -> list[str]:
    """The columns of a table that hold words, and no numbers."""
    return [
        n for n in names if n and not like_year(n) and known.all.get(_known_name(n, known)) is None
    ]
