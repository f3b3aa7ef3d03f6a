"""Places: a site, a region, the group, or several joined by ``+``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from model.case.tables import Row
from model.case.types import Site, SiteKind
from model.messages.faults import did_you_mean
from model.messages.message import Message, message

MOST_COVERED = 2_000_000  # sites that all bounds and targets of a case name together


class _Covered(NamedTuple):
    """What a place covers, and which of its parts are unknown."""

    sites: tuple[str, ...] = ()
    kinds: frozenset[SiteKind] = frozenset()
    unknown: tuple[str, ...] = ()


@dataclass
class _Seen:
    """What was found before: most rows name a place that another names too.

    places: (place, whether it must be a single one) -> what it covers; sites: of all rows together
    that may name several; unknown: names of places that are none.
    """

    places: dict[tuple[str, bool], _Covered] = field(default_factory=dict)
    sites: int = 0
    unknown: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Places:
    """The sites of a case, by the names that tables give to places.

    at_fault: ids and regions of rows of ``sites.csv`` that are at fault, and are told there; an
    empty one is of a row without an id, which any place may be.
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
    def _positions(self) -> dict[str, int]:
        """Site -> its position in ``sites.csv``."""
        return {site: position for position, site in enumerate(self.sites)}

    @cached_property
    def _seen(self) -> _Seen:
        return _Seen()

    def resolve(self, row: Row, place: str, *, single: bool = False) -> tuple[str, ...]:
        """The sites that a place covers, in the order of ``sites.csv``; a fault where unknown.

        Rows with the same place get the same tuple.
        """
        if not place:
            return ()
        found = self._find(place, single)
        for part in found.unknown:
            self._seen.unknown.add(part)
            row.fault(self.unknown(part), "place")
        return found.sites if single or self._is_within(row, len(found.sites)) else ()

    def kinds(self, place: str, *, single: bool = False) -> frozenset[SiteKind]:
        """The kinds of sites that a place covers; none where a site may be missing."""
        if self._seen.unknown or self.at_fault:
            return frozenset()
        return self._find(place, single).kinds if place else frozenset()

    def without(self, place: str, *, kiln: bool, single: bool = False) -> Message | None:
        """Why what needs cement to be made, or a kiln, has no meaning in a place; ``None``: it has.

        Where nobody makes cement this is said of kilns too, as it is the cause.
        """
        kinds = self.kinds(place, single=single)
        if not kinds or any(kind.has_kiln if kiln else kind.makes_cement for kind in kinds):
            return None
        if any(kind.makes_cement for kind in kinds):
            return message("has no meaning in '{place}', where no site has a kiln", place=place)
        return message("has no meaning in '{place}', where no site makes cement", place=place)

    def _find(self, place: str, single: bool) -> _Covered:
        seen = self._seen
        found = seen.places.get((place, single))
        if found is None:
            found = _Covered()
            if seen.sites <= MOST_COVERED:
                sites, unknown = self.covered((place,) if single else place.split("+"))
                kinds = frozenset(self.sites[site].kind for site in sites)
                found = _Covered(sites, kinds, tuple(unknown))
            seen.places[place, single] = found
        return found

    def _is_within(self, row: Row, sites: int) -> bool:
        """Whether rows do not name more sites than any group needs; told of the first beyond."""
        seen = self._seen
        before, seen.sites = seen.sites, seen.sites + sites
        if before <= MOST_COVERED < seen.sites:
            row.fault(
                message(
                    "with this row bounds and targets name more than {most:,} sites, "
                    "all together; no group needs as many",
                    most=MOST_COVERED,
                ),
                "place",
            )
        return seen.sites <= MOST_COVERED

    def covered(self, parts: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
        """The sites that parts of a place cover, in the order of ``sites.csv``; unknown parts."""
        covered: set[str] = set()
        unknown = []
        regions = self.regions
        for part in dict.fromkeys(part.strip() for part in parts):
            if part == "group":
                covered.update(self.sites)
            elif part in regions:
                covered.update(regions[part])
            elif part in self.sites:
                covered.add(part)
            elif part not in self.at_fault and "" not in self.at_fault:
                unknown.append(part)
        return tuple(sorted(covered, key=self._positions.__getitem__)), unknown

    def unknown(self, part: str) -> Message:
        """The message for a place that is not known."""
        known = ["group", *self.regions, *self.sites]
        return message(
            "place '{part}' is neither a site nor a region{known}",
            part=part,
            known=did_you_mean(part, known),
        )
