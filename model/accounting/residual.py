"""What is left in the net-zero year, and what would counterbalance it. Never netted in a target."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from model.accounting.inventories_by_rule import CaptureRule, RuleInventory
from model.case.columns import Key
from model.case.types import Case
from model.messages.message import mark

SOURCES = ("process", "combustion", "additions", "own_power", "other", "power")
SOURCE = mark(
    "ISO IWA 42:2022, clause 10, counterbalancing residual emissions, and SBTi: permanent removals "
    "and storage, as Taiwan Cement's pathway document of 2024 cites them (second hand)"
)


@dataclass(frozen=True, slots=True)
class Residual:
    """What one site still emits in a year, by source. [t CO2e]

    Process and combustion are after the capture of fossil CO2, which takes from both alike.
    Own power is a source of cases that have any. own_removal: biogenic CO2 of its stack that is
    stored for good, a removal and no reduction.
    accounts: scope 1+2 as the case counts it.
    """

    site: str
    sources: Mapping[str, float]
    own_removal: float
    accounts: float

    @property
    def total(self) -> float:
        return sum(self.sources.values())


def residuals(
    case: Case, inventories: Mapping[Key, RuleInventory], year: int
) -> Iterator[Residual]:
    """The residual emissions of each site in a year, whole."""
    named = [name for name in SOURCES if name != "own_power" or case.generators]
    for site in case.sites:
        one = inventories[site, year]
        account = one.accounts[CaptureRule.FOSSIL]
        kiln = account.process + account.combustion
        left = 1 - account.counted / kiln if kiln else 1.0
        sources = {name: getattr(account, name) for name in named}
        sources |= {name: left * sources[name] for name in ("process", "combustion")}
        by_case = one.accounts[CaptureRule.CASE]
        own = one.amounts["stored_biogenic"]
        yield Residual(site, sources, own, by_case.scope1 + by_case.power)
