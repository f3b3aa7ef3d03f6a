"""The rulebooks, as a table: what each counts, per what, on which sites, and what says so.

A rule only chooses among the accounts; no emission is computed here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from model.accounting.inventories_by_rule import CaptureRule, RuleInventory
from model.case.sites import Site, SiteKind
from model.messages.message import mark
from model.targets.criteria import Certainty

EVERY, CEMENT, KILNS = (
    tuple(SiteKind),
    (SiteKind.INTEGRATED, SiteKind.GRINDING),
    (SiteKind.INTEGRATED,),
)
SITES = {EVERY: "every site", CEMENT: "plants and grinding stations", KILNS: "kiln plants"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One quantity of a rulebook.

    amount: of the books, with the captured CO2 that ``counted`` names deducted [t CO2e]
    per: the product that it is divided by [t]; empty for tonnes
    kinds: of the sites that it covers; whole: they count whole, whoever owns them
    """

    id: str
    rulebook: str
    quantity: str
    amount: Callable[[RuleInventory, CaptureRule], float]
    source: str
    certainty: Certainty
    per: str = ""
    counted: CaptureRule = CaptureRule.CASE
    kinds: tuple[SiteKind, ...] = EVERY
    whole: bool = False

    @property
    def unit(self) -> str:
        return "t/t" if self.per else "t CO2e"

    def value(self, inventory: RuleInventory) -> float | None:
        """The quantity [t CO2e or t/t]; ``None`` where there is no product."""
        amount = self.amount(inventory, self.counted)
        if not self.per:
            return amount
        whole = inventory.amounts[self.per]
        return amount / whole if whole else None

    def parts(self, sites: Iterable[Site], year: int) -> dict[str, float]:
        """The sites that the rule covers in a year: the part of each that counts. [1]"""
        now = {site.id: site.at(year) for site in sites}
        covered = {name: one for name, one in now.items() if one.kind in self.kinds}
        return {name: 1.0 if self.whole else one.share for name, one in covered.items()}


def _direct(inventory: RuleInventory, counted: CaptureRule) -> float:
    return inventory.accounts[counted].scope1


def _power(inventory: RuleInventory, counted: CaptureRule) -> float:
    return inventory.accounts[counted].power


def _both(inventory: RuleInventory, counted: CaptureRule) -> float:
    return _direct(inventory, counted) + _power(inventory, counted)


def _net(inventory: RuleInventory, counted: CaptureRule) -> float:
    return _direct(inventory, counted) - inventory.amounts["waste_left"]


def _biogenic(inventory: RuleInventory, counted: CaptureRule) -> float:
    return inventory.accounts[counted].biogenic


_SBTI = mark(
    "SBTi, Cement Science Based Target Setting Guidance, version 1.0, 2022: waste fuels count, "
    "biogenic CO2 is reported apart, clinker bought is not in the product; how captured CO2 counts "
    "is not verified (the switches above)"
)
_CSI_GROSS = mark(
    "WBCSD Cement Sustainability Initiative, CO2 and Energy Accounting and Reporting Standard, "
    "version 3.0, 2011, on which GCCA's guidelines build: sections 5.2 and 6.2"
)
_CSI_NET = mark(
    "WBCSD Cement Sustainability Initiative, CO2 and Energy Accounting and Reporting Standard, "
    "version 3.0, 2011, on which GCCA's guidelines build: sections 5.3 and 6.2; that captured "
    "waste CO2 is deducted once is our reading"
)
_ISO_DIRECT = mark(
    "ISO 14064-1:2018: category 1, biogenic CO2 apart; that only captured fossil CO2 is deducted "
    "is our reading"
)
_ISO_BIOGENIC = mark(
    "ISO 14064-1:2018: annex on biogenic CO2, as Taiwan Cement's pathway document has it"
)
_ETS = mark(
    "Regulation (EU) 2018/2066: article 49, only CO2 from fossil carbon transferred for "
    "storage is subtracted (read; CO2 bound in carbonate is left out); "
    "article 38, biomass at zero (not verified); mobile sources are not told apart here"
)
_CEMENT_RATIO = mark("a plain ratio; the CSI standard has a cement equivalent of its own instead")

RULES = (
    Rule(
        id="sbti_scope1",
        rulebook="SBTi",
        quantity=mark("gross scope 1"),
        amount=_direct,
        source=_SBTI,
        certainty=Certainty.PUBLISHED,
        per="cementitious",
    ),
    Rule(
        id="sbti_scope12",
        rulebook="SBTi",
        quantity=mark("gross scope 1+2"),
        amount=_both,
        source=_SBTI,
        certainty=Certainty.PUBLISHED,
        per="cementitious",
    ),
    Rule(
        id="gcca_gross",
        rulebook="GCCA, CSI",
        quantity=mark("gross direct"),
        amount=_direct,
        source=_CSI_GROSS,
        certainty=Certainty.SECOND_HAND,
        per="cementitious",
        kinds=CEMENT,
    ),
    Rule(
        id="gcca_net",
        rulebook="GCCA, CSI",
        quantity=mark("net direct, less waste fuels"),
        amount=_net,
        source=_CSI_NET,
        certainty=Certainty.SECOND_HAND,
        per="cementitious",
        kinds=CEMENT,
    ),
    Rule(
        "iso_direct",
        "ISO 14064-1",
        mark("direct"),
        _direct,
        _ISO_DIRECT,
        Certainty.UNVERIFIED,
        counted=CaptureRule.FOSSIL,
    ),
    Rule(
        "iso_energy",
        "ISO 14064-1",
        mark("energy indirect"),
        _power,
        mark("ISO 14064-1:2018: category 2, imported energy"),
        Certainty.SECOND_HAND,
    ),
    Rule(
        "iso_biogenic",
        "ISO 14064-1",
        mark("apart: biogenic, before capture"),
        _biogenic,
        _ISO_BIOGENIC,
        Certainty.SECOND_HAND,
    ),
    Rule(
        "ets_direct",
        mark("ETS-like"),
        mark("direct, plants whole"),
        _direct,
        _ETS,
        Certainty.SECOND_HAND,
        counted=CaptureRule.FOSSIL_STORED,
        kinds=KILNS,
        whole=True,
    ),
    Rule(
        id="per_cement",
        rulebook=mark("ratio"),
        quantity=mark("gross direct"),
        amount=_direct,
        source=_CEMENT_RATIO,
        certainty=Certainty.UNVERIFIED,
        per="cement",
        kinds=CEMENT,
    ),
    Rule(
        id="per_clinker",
        rulebook=mark("ratio"),
        quantity=mark("gross direct of kiln plants"),
        amount=_direct,
        source=mark("a plain ratio, of all that kiln plants emit"),
        certainty=Certainty.UNVERIFIED,
        per="clinker",
        kinds=KILNS,
    ),
)
