"""Places: a site, a region, the group, or several joined by ``+``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from model.case import Site
from model.faults import did_you_mean
from model.tables import Row


@dataclass(frozen=True)
class Places:
    """The sites of a case, by the names that tables give to places.

    at_fault: ids and regions of rows of ``sites.csv`` that are at fault, and are told there.
    """

    sites: Mapping[str, Site]
    at_fault: frozenset[str] = frozenset()

    @cached_property
    def regions(self) -> dict[str, list[str]]:
        """Region -> its sites."""
        regions: dict[str, list[str]] = {}
        for site in self.sites.values():
            regions.setdefault(site.region, []).append(site.id)
        return regions

    @cached_property
    def _covered(self) -> dict[tuple[str, ...], tuple[tuple[str, ...], list[str]]]:
        """What ``covered`` gave before: most rows name a place that another names too."""
        return {}

    def resolve(self, row: Row, place: str, *, single: bool = False) -> tuple[str, ...]:
        """The sites that a place covers, in the order of ``sites.csv``; a fault where unknown."""
        if not place:
            return ()
        parts = (place,) if single else tuple(place.split("+"))
        if parts not in self._covered:
            self._covered[parts] = self.covered(parts)
        covered, unknown = self._covered[parts]
        for part in unknown:
            row.fault(self.unknown(part), "place")
        return covered

    def covered(self, parts: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
        """The sites that parts of a place cover, in the order of ``sites.csv``; unknown parts."""
        covered: set[str] = set()
        unknown = []
        regions = self.regions
        for part in (part.strip() for part in parts):
            if part == "group":
                covered.update(self.sites)
            elif part in regions:
                covered.update(regions[part])
            elif part in self.sites:
                covered.add(part)
            elif part not in self.at_fault:
                unknown.append(part)
        return tuple(site for site in self.sites if site in covered), unknown

    def unknown(self, part: str) -> str:
        """The message for a place that is not known."""
        known = ["group", *self.regions, *self.sites]
        return f"place '{part}' is neither a site nor a region{did_you_mean(part, known)}"
