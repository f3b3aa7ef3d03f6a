"""The regions of an IAMC export: the group, its regions, its sites, and boundaries of targets."""

import re
from collections.abc import Mapping

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


def region_names(result: Result) -> Mapping[str, str]:
    """Place of the tables -> region: ``Group``, ``Group|Region`` and ``Group|Region|Site``."""
    names = result.tables["names"]
    company = list(plain_names(names, "company").values())
    group = company[0] if company else plain(result.manifest["case"])
    regions, sites = plain_names(names, "region"), plain_names(names, "site")
    place_of = result.tables["pathway"][["site", "region"]].drop_duplicates()
    found = {GROUP: group}
    for site, region in zip(place_of["site"], place_of["region"], strict=True):
        found.setdefault(region, f"{group}|{regions.get(region, region)}")
        found[site] = f"{found[region]}|{sites.get(site, site)}"
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
