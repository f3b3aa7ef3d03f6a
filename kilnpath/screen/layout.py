"""Plain tables on the screen, without what computes their numbers."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from kilnpath.language.chosen import text

SHORT = 6  # of many names, and rows of a minor table


def grid(title: str, *columns: str) -> Table:
    """A plain table: the first column to the left, numbers to the right."""
    table = Table(title=title, box=None, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="left" if position == 0 else "right", overflow="fold")
    return table


def show(console: Console, table: Table) -> None:
    """Prints a table under its title, which may be wider than the table."""
    title, table.title = table.title, None
    console.print(f"\n[bold]{title}[/]", highlight=False)
    console.print(table)


def number(value: float) -> str:
    """A number with five digits at most, without the minus of a rounded 0."""
    return f"{value:,.0f}" if abs(value) >= 99_999.5 else f"{value + 0.0:,.5g}"


def joined(what: str, which: str) -> str:
    """What something is, and of which years or the like."""
    return text("{what}, {which}").format(what=what, which=which)


def first_of(names: Sequence[str], most: int = SHORT) -> str:
    """The first of many names, and how many more there are."""
    said = text(", ").join(names[:most])
    if len(names) <= most:
        return said
    return text("{names}, … and {count} more").format(names=said, count=len(names) - most)
