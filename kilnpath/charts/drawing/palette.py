"""The colours of charts and workbook: one colour for one thing, everywhere.

Eight hues that stay apart under every kind of colour blindness (CIEDE2000 of 13 and more between
any two), each with a contrast of 3 : 1 and more against white.
"""

from collections.abc import Iterable, Mapping

BLUE, TEAL, BRICK, GREEN = "#156AD0", "#3A9FB0", "#B13612", "#1C5A49"
GOLD, MAUVE, VIOLET, GREY = "#B58500", "#8A4E7E", "#4C1F71", "#888780"
INK = "#222222"  # totals, limits, text
PALE = "#D6D5CF"  # what is left: an area that always carries a line of ink
GRID = "#E4E4E0"
MUTED_TEXT = "#5A5A55"

LEVERS: Mapping[str, str] = {
    "clinker_ratio": BLUE,
    "raw_materials": TEAL,
    "heat": GOLD,
    "fuels": BRICK,
    "power": GREEN,
    "other": GREY,
    "capture": VIOLET,
    "net": PALE,
}
FACTORS: Mapping[str, str] = {
    "output": GREY,
    "structure": GREY,
    "clinker ratio": LEVERS["clinker_ratio"],
    "clinker bought": LEVERS["clinker_ratio"],
    "raw materials": LEVERS["raw_materials"],
    "heat per clinker": LEVERS["heat"],
    "fuel mix": LEVERS["fuels"],
    "biomass": LEVERS["fuels"],
    "power intensity": LEVERS["power"],
    "waste heat power": LEVERS["power"],
    "renewable power": LEVERS["power"],
    "grid": LEVERS["power"],
    "other sources": GREY,
    "capture": LEVERS["capture"],
    "captured": LEVERS["capture"],
}
SOURCES: Mapping[str, str] = {
    "process": BLUE,
    "combustion": LEVERS["fuels"],
    "additions": TEAL,
    "own_power": MAUVE,
    "other": GREY,
    "power": LEVERS["power"],
    "own_removal": LEVERS["capture"],
}
KINDS: Mapping[str, str] = {
    "permit": BRICK,
    "standard": MAUVE,
    "market": GOLD,
    "technical": BLUE,
    "policy": GREEN,
    "target": INK,
}
SCENARIOS: Mapping[str, str] = {
    "pathway": BLUE,
    "plan": MAUVE,
    "reported": TEAL,
    "baseline": GREY,
    "target": INK,
}
TAGS: Mapping[str, str] = {
    "fixed": BLUE,
    "must-have": GREEN,
    "free": GOLD,
    "avoidable": GREY,
}
REGIONS = (BLUE, GOLD, BRICK, TEAL, VIOLET, GREEN, GREY)


def region_colours(regions: Iterable[str]) -> dict[str, str]:
    """A colour for every region, in the order of the case; the eighth has the first again."""
    return {region: REGIONS[n % len(REGIONS)] for n, region in enumerate(regions)}
