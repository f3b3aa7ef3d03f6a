"""Report pages in a browser."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_DRAWN = """[...document.querySelectorAll('.chart')].every(
    one => !one.checkVisibility() || one.querySelector('[role=graphics-document] svg'))"""


def until_drawn(page: "Page") -> None:
    """Waits until every chart is drawn that is neither folded nor in another language."""
    page.wait_for_function(_DRAWN)


def overhang(page: "Page") -> list[str]:
    """Words and marks of charts that stand outside of the box of their chart, and so are cut."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.chart')].flatMap(chart => {
            const box = chart.getBoundingClientRect();
            return [...chart.querySelectorAll('svg.marks text, svg.marks path')].filter(part => {
                const own = part.getBoundingClientRect();
                return own.width && (own.left < box.left - 1 || own.right > box.right + 1);
            }).map(part => `${chart.ariaLabel}: ${part.textContent || part.ariaLabel}`);
        })"""
    )
    return found
