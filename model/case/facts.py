"""The few facts by which a case shows itself."""

from typing import TYPE_CHECKING, cast

from model.messages.message import Message, as_told, listed, message
from model.messages.shown import Facts, Shows

if TYPE_CHECKING:
    from model.case.types import Case


def case_facts(case: "Case") -> Facts:
    """Whose case it is, its years, and how much it holds."""
    kilns = sum(site.kind.has_kiln for site in case.sites.values())
    given = {status: count for status, count in case.provenance.items() if count}
    rows: list[tuple[Message, Message | str]] = [
        (message("base year"), str(case.base_year)),
        (message("inventory year"), str(case.inventory_year)),
        (message("pathway"), f"{case.horizon.start}–{case.final_year}"),
        (
            message("sites"),
            message("{count}, of these {kilns} with kilns", count=len(case.sites), kilns=kilns),
        ),
        (message("bounds"), str(len(case.bounds))),
        (message("targets"), listed([*case.targets]) if case.targets else message("none")),
        (
            message("numbers"),
            listed([as_told(f"{count:,} {status}") for status, count in given.items()]),
        ),
    ]
    if case.scenario:
        rows.insert(0, (message("scenario"), case.scenario))
    title = case.names.en
    if case.names.zh != title:
        title = f"{title} ({case.names.zh})"
    return Facts(message("case {id}: {title}", id=case.id, title=title), tuple(rows))


class ShowsCase(Shows):
    """A case, as far as it shows itself."""

    __slots__ = ()

    def facts(self) -> Facts:
        """What a notebook shows of it."""
        return case_facts(cast("Case", self))

    def brief(self) -> str:
        """``one-kiln: sites 1, bounds 9, targets 2, 2025–2026``."""
        case = cast("Case", self)
        known = {"sites": case.sites, "bounds": case.bounds, "targets": case.targets}
        counts = ", ".join(f"{name} {len(things)}" for name, things in known.items())
        return f"{case.id}: {counts}, {case.horizon.start}–{case.final_year}"
