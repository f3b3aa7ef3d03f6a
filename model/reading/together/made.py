"""What is made where and when: at which sites nothing is, and in which years no kiln runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.case.sites import Site
from model.case.types import YearValues
from model.messages.message import message
from model.reading.rows.context import Context

Series = Mapping[tuple[str, str, str], YearValues]
_OF_GROUP = ("cement", "clinker_sold", "substitutes_sold")


@dataclass(frozen=True, slots=True)
class Made:
    """What sites make, as far as series tell it, and what may be decided beside.

    horizon: the years that are decided; decided: sites whose output is, from then on; sending: site
    -> years in which it sends clinker to others, or may.
    """

    sites: Mapping[str, Site]
    series: Series
    horizon: range
    decided: frozenset[str] = frozenset()
    sending: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def idle(self, year: int) -> frozenset[str]:
        """The sites that make no product of the group's in a year."""
        return frozenset(
            site.id
            for site in self.sites.values()
            if self._is_known(site, year) and not self._makes(site, year)
        )

    def without_clinker(self, site: Site) -> frozenset[int]:
        """The years in which a site has no kiln, or makes nothing of clinker, so that none runs."""
        cement = self.series.get((site.id, "cement", ""), {})
        sold = self.series.get((site.id, "clinker_sold", ""), {})
        idle = {year for year, made in cement.items() if made == 0 == sold.get(year, 0.0)}
        if site.id in self.decided:
            idle -= {*self.horizon}
        idle -= self.sending.get(site.id, frozenset())
        return frozenset(idle | {y for y in self.horizon if not site.at(y).kind.has_kiln})

    def grinds(self, site: Site, year: int) -> bool:
        """Whether a site makes cement without a kiln in a year."""
        kind = site.at(year).kind
        if kind.has_kiln or not kind.makes_cement:
            return False
        cement = self.series.get((site.id, "cement", ""), {}).get(year)
        return bool(cement) or (site.id in self.decided and year in self.horizon)

    def _makes(self, site: Site, year: int) -> bool:
        lines = (self.series.get((site.id, quantity, ""), {}) for quantity in _OF_GROUP)
        made = any(line.get(year) for line in lines) or year in self.sending.get(site.id, ())
        decided = site.id in self.decided and year in self.horizon
        return site.at(year).share > 0 and (made or decided)

    def _is_known(self, site: Site, year: int) -> bool:
        return not site.kind.makes_cement or year in self.series.get((site.id, "cement", ""), {})


def none_is_idle(_: int) -> frozenset[str]:
    """Of series that could not be read: what would follow from them is not told."""
    return frozenset()


def makes_something(made: Made, context: Context) -> None:
    """A fault where the group makes nothing in any year of the horizon."""
    if all(made.idle(year).issuperset(made.sites) for year in context.horizon):
        fault = message("the group makes nothing from {start} on", start=context.horizon.start)
        context.faults.add("series.csv", fault)
