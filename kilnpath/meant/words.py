"""Words of closed lists in other writings, and the Chinese words by which kilnpath shows them."""

from collections.abc import Mapping, Sequence
from functools import cache

from kilnpath.language.languages import Language, mark, texts
from kilnpath.meant.signs import LONGEST, word_key

_YES = ("y", "true", "t", mark("yes"))
_NO = ("n", "false", "f", mark("no"))
_SWITCHES: Mapping[str, Sequence[str]] = {"yes": _YES, "no": _NO}
_LEVERS: Mapping[str, Sequence[str]] = {
    "clinker_ratio": (mark("clinker ratio"),),
    "clinker": (mark("clinker made"),),
    "cement": (mark("cement made"),),
    "clinker_bought": (mark("clinker bought"),),
    "clinker_moved": (mark("clinker moved between own sites"), mark("clinker moved")),
    "addition": (mark("mineral addition"),),
    "alternative_raw": (mark("alternative raw material"),),
    "fuel": (mark("fuel"),),
    "heat_intensity": (mark("kiln heat per clinker"),),
    "waste_heat_power": (mark("waste heat power"),),
    "renewable_power": (mark("renewable power"),),
    "own_power": (mark("own power"),),
    "grid_power": (mark("grid power"),),
    "capture": (mark("CO2 captured"), mark("capture")),
}
_SHOWN: Mapping[str, Mapping[str, Sequence[str]]] = {  # column -> word -> texts that show it
    "control": _SWITCHES,
    "captured_biogenic_counts": {"true": _YES, "false": _NO},
    "captured_use_counts": {"true": _YES, "false": _NO},
    "lever": _LEVERS,
    "sense": {
        "min": (mark("at least"), mark("{what} at least")),
        "max": (mark("at most"), mark("{what} at most")),
        "fixed": (mark("fixed at"), mark("{what} fixed")),
        "rise_max": (mark("rising at most"), mark("{what}, rise in a year at most")),
        "fall_max": (mark("falling at most"), mark("{what}, fall in a year at most")),
        "total_min": (mark("over its years at least"), mark("{what}, over its years at least")),
        "total_max": (mark("over its years at most"), mark("{what}, over its years at most")),
    },
    "kind": {
        **{"permit": (mark("permit"),), "standard": (mark("standard"),)},
        **{"market": (mark("market"),), "technical": (mark("technical"),)},
        **{"policy": (mark("policy"),)},
        **{"integrated": (mark("integrated"),), "grinding": (mark("grinding"),)},
        **{"concrete": (mark("concrete"),), "office": (mark("office"),)},
        **{"fossil": (mark("fossil fuels"),), "fossil_waste": (mark("fossil wastes"),)},
        **{"mixed_waste": (mark("mixed wastes"),), "biomass": (mark("biomass"),)},
        **{"hydrogen": (mark("hydrogen"),), "electric": (mark("electric heat"),)},
    },
    "use": {
        "addition": (mark("mineral addition"),),
        "alternative_raw": (mark("alternative raw material"),),
    },
    "confidence": {
        "high": (mark("high"),),
        "medium": (mark("medium"),),
        "low": (mark("low"),),
    },
    "status": {
        "published": (mark("published"),),
        "derived": (mark("derived"),),
        "calibrated": (mark("calibrated"),),
        "assumed": (mark("assumed"),),
    },
    "metric": {
        "intensity": (mark("intensity"),),
        "absolute": (mark("absolute"),),
        "budget": (mark("budget"),),
    },
    "scope": {
        "1": (mark("Scope 1"),),
        "2": (mark("Scope 2"),),
        "1+2": (mark("Scope 1+2"),),
    },
    "objective": {
        "cumulative": (mark("cumulative"),),
        "final": (mark("final"),),
        "peak": (mark("peak"),),
    },
}


def word_meant(word: str, column: str, choices: tuple[str, ...]) -> str:
    """The one word of a closed list that a text can only mean; empty where there is none.

    choices: the list of the column.

    >>> word_meant("Rise max", "sense", ("min", "rise_max"))
    'rise_max'
    >>> word_meant("是", "control", ("yes", "no"))
    'yes'
    """
    if not word or len(word) > LONGEST:
        return ""
    found = set(_known(column, choices).get(word_key(word), ()))
    return found.pop() if len(found) == 1 else ""


@cache
def _known(column: str, choices: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """The words of a list by the keys of all that stands for them."""
    chinese = texts(Language.CHINESE)
    known: dict[str, frozenset[str]] = {}
    for choice in choices:
        shown = _SHOWN.get(column, {}).get(choice, ())
        said = [english.replace("{what}", "").strip(" ,") for english in shown]
        said += [chinese(english).replace("{what}", "").strip() for english in shown]
        for key in {word_key(one) for one in (choice, *said)}:
            known[key] = known.get(key, frozenset()) | {choice}
    return known
