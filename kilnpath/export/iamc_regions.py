"""The regions of an IAMC export: the group, its regions, its sites, and boundaries of targets."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from kilnpath.result.read import Result

GROUP = "group"
_RESERVED = re.compile(r'[|*:;"{}\s]+')  # of pyam, which splits and matches by them; nomenclature


def plain(name: str) -> str:
    """A name without the signs that pyam or nomenclature reserve.

    >>> plain('Kiln 1: "north" | wet')
    'Kiln 1 north wet'
    """
    return _RESERVED.sub(" ", name).strip()


def plain_names(names: pd.DataFrame, kind: str) -> dict[str, str]:
    """id -> English name of what is of a kind; the id is added where two have the same name."""
    rows = names[names["kind"] == kind]
    found = {key: plain(name) or key for key, name in zip(rows["id"], rows["name"], strict=True)}
    several = {name for name in found.values() if list(found.values()).count(name) > 1}
    return {key: f"{name} ({key})" if name in several else name for key, name in found.items()}


def by_share(sites: Iterable[str]) -> dict[str, str]:
    """Site -> the place that stands for it where it is counted by the share of the group.

    >>> by_share(["plant"])
    {'plant': 'plant by share'}
    """
    return {site: f"{site} by share" for site in sites}


def region_names(result: Result) -> Mapping[str, str]:
    """Place of the tables -> region: whole sites, and apart from them what is consolidated.

    A site as a whole is ``Company|Region|Site``. The group, regions and a site by its share are
    ``Company (consolidated)`` and below it, so that whole sites are never taken for its parts.
    """
    names = result.tables["names"]
    companies = list(plain_names(names, "company").values())
    company = companies[0] if companies else plain(result.manifest["case"])
    regions, sites = plain_names(names, "region"), plain_names(names, "site")
    place_of = result.tables["pathway"][["site", "region"]].drop_duplicates()
    group = f"{company} (consolidated)"
    found = {GROUP: group}
    shares = by_share(place_of["site"])
    for site, region in zip(place_of["site"], place_of["region"], strict=True):
        there, name = regions.get(region, region), sites.get(site, site)
        found[region] = f"{group}|{there}"
        found[site] = f"{company}|{there}|{name}"
        found[shares[site]] = f"{group}|{there}|{name}"
    return found


def with_boundaries(places: Mapping[str, str], wanted: set[str]) -> dict[str, str]:
    """Adds the boundaries of targets that are several places, written ``a+b``.

    >>> with_boundaries({"group": "G", "a": "G|A", "b": "G|B|S"}, {"a", "a+b"})["a+b"]
    'G|A and S'
    """
    found = dict(places)
    for place in sorted(wanted - places.keys()):
        parts = [places[part].rsplit("|", 1)[-1] for part in place.split("+")]
        found[place] = f"{places[GROUP]}|{' and '.join(parts)}"
    return found
