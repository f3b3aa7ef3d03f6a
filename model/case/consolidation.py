"""How much of a site is the group's."""

from enum import StrEnum


class Consolidation(StrEnum):
    """How much of a site is the group's: its equity share, or all of what it controls."""

    EQUITY = "equity"
    CONTROL = "control"


def consolidated_share(equity: float, control: bool, approach: Consolidation) -> float:
    """The part of a site that is the group's: its equity share, or 1 and 0 by control. [1]

    Source: GHG Protocol, Corporate Standard, chapter 3.
    """
    return float(control) if approach is Consolidation.CONTROL else equity
