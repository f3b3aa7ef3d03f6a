"""The recount: a pathway is shown only if plain arithmetic confirms its every row."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from model.activity import Activity, SiteYear
from model.balances import (
    cement_made,
    clinker_for_cement,
    kiln_heat,
    raw_meal,
)
from model.case import Case
from model.emissions import (
    biogenic_emissions,
    bought_power,
    captured,
    plain_sum,
    process_emissions,
    stack_co2,
)
from model.pathway import TOLERANCE, Pathway, account_pathway, site_size
from model.site_years import Key

_SHOWN = 8


class RecountError(Exception):
    """A pathway that the recount does not confirm; the message names the rows, laws first."""


def verify(case: Case, activities: Mapping[Key, Activity[float]]) -> Pathway:
    """The pathway, if every law, bound and target holds within 1e-6, relative.

    Raises ``RecountError`` naming the rows that fail.
    """
    pathway = account_pathway(case, activities)
    broken = [
        (one.excess / one.size, f"{one.law}, '{one.site}' in {one.year}: by {one.excess:.6g}")
        for one in broken_laws(case, activities, pathway.known)
    ]
    broken_limits = [(c.excess, str(c)) for c in pathway.bounds if not c.holds]
    broken_limits += [(c.excess, str(c)) for c in pathway.targets if not c.holds]
    failed = [*sorted(broken, reverse=True), *sorted(broken_limits, reverse=True)]
    if failed:
        shown = "".join(f"\n · {text}" for _, text in failed[:_SHOWN])
        more = f"\n · and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
        raise RecountError(f"the recount does not confirm the pathway:{shown}{more}")
    return pathway


class Broken(NamedTuple):
    """A law that a site does not keep in a year, and by how much of which size."""

    law: str
    site: str
    year: int
    excess: float
    size: float


def broken_laws(
    case: Case, activities: Mapping[Key, Activity[float]], known: Mapping[Key, SiteYear]
) -> Iterator[Broken]:
    """Balances and laws of nature that do not hold within 1e-6, relative."""
    for (site, year), a in activities.items():
        k = known[site, year]
        size = max(site_size(k), a.clinker, 1e-9)
        has_kiln = case.sites[site].kind.has_kiln
        for law, excess in laws(a, k, has_kiln, case.accounting.captured_biogenic_counts):
            if not excess <= TOLERANCE * size:
                yield Broken(law, site, year, excess, size)


def laws(
    a: Activity[float], k: SiteYear, has_kiln: bool, biogenic_counts: bool
) -> Iterator[tuple[str, float]]:
    """Each balance and law of nature of one site and year, with the amount by which it fails."""
    yield "cement is not the sum of its parts", abs(cement_made(a, k) - k.cement)
    yield "clinker used for cement is below zero", -clinker_for_cement(a, k)
    if has_kiln:
        yield "clinker bought is not as given", abs(a.clinker_bought - k.clinker_bought)
        yield "kiln heat is below zero", -kiln_heat(a, k)
    else:
        yield "clinker is made without a kiln", abs(a.clinker)
        yield "heat is not what the additions need", abs(kiln_heat(a, k))
    raw = plain_sum(list(a.alternative_raw.values()))
    yield "alternative raw materials exceed the raw meal", raw - raw_meal(a, k)
    yield "process emissions are below zero", -process_emissions(a, k)
    yield "more own power than demand", -bought_power(a, k)
    yield "more CO2 captured than the stack holds", captured(a) - stack_co2(a, k)
    if not biogenic_counts and has_kiln:
        ceiling = stack_co2(a, k) * (1 - k.counted_storage)
        yield "biogenic CO2 exceeds captured_biogenic_share", biogenic_emissions(a, k) - ceiling
    for name, quantity in _quantities(a):
        yield f"{name} is below zero", -quantity


def _quantities(a: Activity[float]) -> Iterator[tuple[str, float]]:
    for name in Activity.__dataclass_fields__:
        value = getattr(a, name)
        if isinstance(value, Mapping):
            yield from ((f"{name} {key}", quantity) for key, quantity in value.items())
        else:
            yield name, value
