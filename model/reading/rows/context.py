"""What the readers of a case's tables know before they start, and what they fill together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from model.case.ids import Ids
from model.case.places import Places
from model.case.sites import Product
from model.case.tables import Faults
from model.case.types import Source


@dataclass(frozen=True, slots=True)
class Context:
    """Places and years that tables may name; every reader adds its sources and faults.

    years: all of the case; reported: those known from inventories; horizon: those decided; ids: of
    bounds and targets, which share them, so that one names one thing.
    """

    places: Places
    years: range
    reported: range
    horizon: range
    sources: list[Source]
    ids: Ids
    faults: Faults

    def with_products(self, products: Mapping[str, Product], lost: Iterable[str]) -> "Context":
        """The same, with places that may name products; lost: ids of rows at fault."""
        sites = {name: frozenset(product.shares) for name, product in products.items()}
        places = replace(self.places, products=sites, lost=frozenset(lost))
        return replace(self, places=places)
