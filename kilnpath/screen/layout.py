"""Plain tables on the screen, without what computes their numbers."""

from rich.console import Console
from rich.table import Table


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
