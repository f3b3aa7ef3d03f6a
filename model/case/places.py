"""Places: a site, a region, the group, or several joined by ``+``; of them all or one product."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from model.case.sites import Site, SiteKind
from model.case.tables import Row
from model.messages.faults import did_you_mean
from model.messages.message import Message, message

PRODUCT = "/"  # between a place and one of its products, as plant/cem2; no id has it
MOST_COVERED = 2_000_000  # sites that all bounds and targets of a case name together


def parts_of_place(place: str) -> tuple[str, str]:
    """Where a place is, and the product that it names; empty for all cement.

    >>> parts_of_place("plant+station/cem2"), parts_of_place("plant")
    (('plant+station', 'cem2'), ('plant', ''))
    """
    where, slash, product = place.rpartition(PRODUCT)
    return (where.strip(), product.strip()) if slash else (place, "")


def place_of(where: str, product: str) -> str:
    """The place that names a product, as ``parts_of_place`` reads it; without one where it is.

    >>> place_of("plant+station", "cem2"), place_of("plant", "")
    ('plant+station/cem2', 'plant')
    """
    return f"{where}{PRODUCT}{product}" if product else where


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
    empty one is of a row without an id, which any place may be. products: of each cement product
    the sites that make it; lost: ids of products whose rows are at fault.
    """

    sites: Mapping[str, Site]
    at_fault: frozenset[str] = frozenset()
    products: Mapping[str, Collection[str]] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()

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

    def resolve(
        self, row: Row, place: str, *, single: bool = False, product: bool = False
    ) -> tuple[str, ...]:
        """The sites that a place covers, in the order of ``sites.csv``; a fault where unknown.

        Rows with the same place get the same tuple. product: whether the place may name one; it
        then covers the sites that make it.
        """
        if not place:
            return ()
        where, named = parts_of_place(place)
        if named and not product and self._is_place(where, single):
            what = message(
                "place '{place}' names a product; only addition and clinker_ratio may be of one",
                place=place,
            )
            row.fault(what, "place")
            return ()
        if named and product and not self._has_product(row, place, single):
            return ()
        found = self._find(place, single)
        for part in found.unknown:
            self._seen.unknown.add(part)
            row.fault(self.unknown(part), "place")
        looked_at = len(self._find(where, single).sites)
        return found.sites if single or self._is_within(row, looked_at) else ()

    def kinds(self, place: str, *, single: bool = False) -> frozenset[SiteKind]:
        """The kinds of sites that a place covers; none where a site may be missing."""
        if self._seen.unknown or self.at_fault:
            return frozenset()
        return self._find(place, single).kinds if place else frozenset()

    def site(self, row: Row, column: str) -> Site | None:
        """The site in a column of a row; ``None``, and a fault, where there is none."""
        found = row.needed(column)
        if found and found not in self.sites and self.at_fault.isdisjoint((found, "")):
            what = message(
                "{column} '{site}' is not a site{known}",
                column=column,
                site=found,
                known=did_you_mean(found, self.sites),
            )
            row.fault(what, column)
        return self.sites.get(found)

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
                where, product = parts_of_place(place)
                sites, unknown = self.covered((where,) if single else where.split("+"))
                if product:
                    making = self.products.get(product, ())
                    sites = tuple(site for site in sites if site in making)
                kinds = frozenset(self.sites[site].kind for site in sites)
                found = _Covered(sites, kinds, tuple(unknown))
            seen.places[place, single] = found
        return found

    def _is_place(self, where: str, single: bool) -> bool:
        """Whether what stands before the product in a place is a place by itself."""
        return bool(where) and not self._find(where, single).unknown

    def _has_product(self, row: Row, place: str, single: bool) -> bool:
        """Whether a place makes the product that it names; a fault where it does not."""
        where, product = parts_of_place(place)
        if self.lost:
            return product in self.products
        if product not in self.products:
            known = did_you_mean(product, self.products)
            what = message("product '{product}' is unknown{known}", product=product, known=known)
            row.fault(what, "place")
            return False
        nowhere = self._is_place(where, single) and not self._find(place, single).sites
        if nowhere and not self.at_fault:
            what = message("'{product}' is not made at '{place}'", product=product, place=where)
            row.fault(what, "place")
        return not nowhere

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
