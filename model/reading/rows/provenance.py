"""Where the numbers of a row come from, its names, and how many rows a table may have."""

from model.case.tables import Row, members
from model.case.types import Confidence, Names, Source, Status
from model.messages.message import message

OWN_NAMES = ("name", "name_zh")  # columns that bounds, targets, routes and generators may have


def provenance(row: Row, numbers: int, sources: list[Source], *key: str) -> None:
    """Checks source and status of a row, and keeps them.

    numbers: how many are given in the row; key: the columns that name it.
    """
    text, status = row.needed("source"), row.choice("status", Status)
    if status is not None:
        name = " ".join(filter(None, map(row.text, key)))
        confidence = members(Confidence).get(row.text("confidence"))
        sources.append(
            Source(
                table=row.header.table.sheet,
                row=name,
                place=row.place,
                status=status,
                confidence=confidence,
                numbers=numbers,
                text=text,
                unit=row.text("unit"),
                units=row.header.units,
                letters=row.header.letters,
            )
        )


def names_of(row: Row) -> Names:
    """The names that a row must have; the English one where there is none in Chinese."""
    row.needed("name")
    english, chinese = row.name("name"), row.name("name_zh")
    return Names(english, chinese or english)


def own_names(row: Row) -> Names | None:
    """The names that a row may have; one stands for both."""
    english, chinese = row.name("name"), row.name("name_zh")
    return Names(english or chinese, chinese or english) if english or chinese else None


def not_too_many(rows: list[Row], most: int) -> list[Row]:
    """The rows, or none and a fault: all things in all places and years would never end."""
    if len(rows) <= most:
        return rows
    rows[most].fault(
        message(
            "is one of {count:,} rows; no group has more than {most:,}", count=len(rows), most=most
        )
    )
    return []
