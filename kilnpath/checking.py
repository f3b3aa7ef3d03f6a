"""``kilnpath check``: what a sound case holds, and what nothing limits."""

from collections.abc import Iterator

from rich.console import Console

from kilnpath.summary import grid, show
from kilnpath.words import title
from model.case import BoundKind, Case, Sense
from model.levers import LEVERS


def show_case(console: Console, case: Case) -> None:
    """Sites, years, bounds by kind, targets, where the numbers come from, and what is unlimited."""
    console.print(
        f"{title(case.names)}: no faults. Base year {case.base_year}, "
        f"inventory {case.inventory_year}, horizon {case.horizon.start}–{case.final_year}."
    )
    sites = grid("Sites", "region", *(k for k in ("integrated", "grinding", "concrete", "office")))
    for region, names in case.regions.items():
        kinds = [site.kind.value for site in case.sites.values() if site.region == region]
        counts = (kinds.count(k) for k in ("integrated", "grinding", "concrete", "office"))
        sites.add_row(title(names), *map(str, counts))
    show(console, sites)
    kinds_of_bounds = grid("Bounds", *BoundKind, "all")
    bounds = [bound.kind for bound in case.bounds.values()]
    kinds_of_bounds.add_row(*(str(bounds.count(kind)) for kind in BoundKind), str(len(bounds)))
    show(console, kinds_of_bounds)
    plan = "to the final year" if case.plan_reaches_horizon else "reported years only"
    console.print(
        f"{len(case.fuels)} fuels, {len(case.materials)} materials, {len(case.targets)} targets; "
        f"plan.csv: {plan if case.plan else 'none'}."
    )
    numbers = sum(case.provenance.values())
    parts = [
        f"{status} {count / numbers:.0%}" for status, count in case.provenance.items() if numbers
    ]
    console.print(f"{numbers} numbers given: {', '.join(parts)}.")
    free = list(unlimited(case))
    if free:
        console.print("[bold]Nothing limits[/] (add a bound if that is not meant):")
        for text in free:
            console.print(f" · {text}", highlight=False)


def unlimited(case: Case) -> Iterator[str]:
    """Levers of a site that no bound holds from above in some year of the horizon."""
    for site in case.sites.values():
        for lever, which, words in _levers(case, site.id):
            years = set(case.horizon)
            for bound in case.bounds.values():
                above = bound.sense in (Sense.MAX, Sense.FIXED) and bound.lever == lever
                covers = not LEVERS[lever].selects or bound.weights.get(which, 0.0) > 0
                if above and covers and site.id in bound.sites:
                    years -= bound.values.keys()
            if years:
                yield f"{words} at '{site.id}', {min(years)}–{max(years)}"


def _levers(case: Case, site: str) -> Iterator[tuple[str, str, str]]:
    kind = case.sites[site].kind
    if kind.has_kiln:
        yield from (
            ("fuel", f.id, f"fuel {f.id}") for f in case.fuels.values() if f.kind != "fossil"
        )
        yield from (("alternative_raw", m.id, f"raw material {m.id}") for m in case.raw_materials)
        yield "heat_intensity", "", "kiln heat per clinker"
        yield "waste_heat_power", "", "waste heat power"
        yield from (("capture", which, f"capture for {which}") for which in ("storage", "use"))
    if kind.makes_cement:
        yield from (("addition", m.id, f"addition {m.id}") for m in case.additions)
    yield "renewable_power", "", "renewable power"
