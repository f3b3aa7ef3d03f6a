"""The table of what each bound is worth, in the units of the register."""

from collections.abc import Sequence

import pandas as pd

from kilnpath.language.wording import spans_of, what_limits
from model.case.types import Bound
from optimizer.sensitivity.rank import Worth
from optimizer.sensitivity.reoptimize import Reoptimizer, shown_unit

_COLUMNS = [
    *("id", "what", "place", "kind", "years", "step", "step_unit", "saved", "confirmed"),
    *("holds_for", "holds_to", "unit", "confidence", "check_first", "together_with", "objective"),
]


def rank_frame(model: Reoptimizer, sure: Sequence[Worth], prices: Sequence[Worth]) -> pd.DataFrame:
    """All worths, the largest first: those that solves confirmed, and of the rest their prices."""
    known = {(worth.name, worth.years) for worth in sure}
    rest = [price for price in prices if (price.name, price.years) not in known]
    found = sorted([*sure, *rest], key=lambda worth: -worth.saved)
    order = sorted(found, key=lambda worth: -worth.worth_of_checking)
    first = {id(worth): number for number, worth in enumerate(order, start=1)}
    rows = [_row(model, worth, first[id(worth)]) for worth in found]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _row(model: Reoptimizer, worth: Worth, check_first: int) -> dict[str, object]:
    line = model.line(worth.name)
    unit, factor = shown_unit(line)
    ends = [model.values(worth.name)[year] + (worth.holds_to or 0.0) for year in worth.years]
    looked = worth.holds_to is not None
    return {
        "id": worth.name,
        "what": what_limits(line),
        "place": line.place,
        "kind": str(line.kind) if isinstance(line, Bound) else "target",
        "years": spans_of(line, worth.years),
        "step": worth.step / factor,
        "step_unit": "pp" if unit == "%" else unit,
        "saved": worth.saved,
        "confirmed": worth.confirmed,
        "holds_for": None if worth.holds_to is None else worth.holds_to / factor,
        "holds_to": ends[0] / factor if looked and len(ends) == 1 else None,
        "unit": unit,
        "confidence": str(line.confidence) if isinstance(line, Bound) else "",
        "check_first": check_first,
        "together_with": ", ".join(worth.partners),
        "objective": str(model.objective),
    }
