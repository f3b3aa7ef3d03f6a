"""The share of CCUS in a reduction, on the two bases on which roadmaps state it."""

import pandas as pd

from kilnpath.language.languages import mark
from kilnpath.result.read import Result
from model.attribution.roadmaps import ROADMAPS

COLUMNS = ("id", "name", "year", "of_all", "of_plant", "source", "checked", "remark")
PATHWAY = "pathway"
_NAME = mark("This pathway")
_REMARK = mark(
    "Of all: from the base year, lower or higher output included. Net of the heat and power that "
    "capture needs, which roadmaps do not tell."
)


def ccus_shares(result: Result) -> pd.DataFrame:
    """The pathway's share of CCUS in the final year, and those of public roadmaps below it.

    With C the capture wedge of the group in the final year [t CO2e, scope 1+2, net of the energy
    that capture needs], of_plant = C / (sum of all wedges of that year), which is what the levers
    do from those of the base year on at the output of the final year; of_all = C / (emissions of
    the base year − of the final year), so that output counts as a lever. Both [1]; NaN where what
    is divided by is not above 0, or where a roadmap does not tell its levers apart. checked:
    whether the numbers were read in the source. Empty where there is no company plan, and so no
    frozen baseline. Numbers of roadmaps: ``model/attribution/roadmaps.py``.
    """
    wedges, waterfall = (result.tables[name] for name in ("wedges", "waterfall"))
    group = wedges[(wedges["place"] == "group") & (wedges["year"] == wedges["year"].max())]
    if group.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    amount = group.set_index("layer")["value"]
    ends = waterfall[(waterfall["place"] == "group") & waterfall["item"].isin(("start", "end"))]
    level = ends.drop_duplicates("item").set_index("item")["value"]
    captured, year = float(amount["capture"]), int(group["year"].iloc[0])
    rows = [
        (
            *(PATHWAY, _NAME, year),
            _share(captured, float(level["start"] - level["end"])),
            _share(captured, float(amount["baseline"] - amount["net"])),
            *("", True, _REMARK),
        )
    ]
    for road in ROADMAPS:
        plant = float("nan") if road.of_plant is None else road.of_plant
        shares = (road.of_all, plant)
        rows.append(
            (road.id, road.name, road.year, *shares, road.source, road.checked, road.remark)
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
