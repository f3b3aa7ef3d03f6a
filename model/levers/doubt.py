"""How wrong a bound may be."""

from collections.abc import Mapping

from model.case.types import Bound, Confidence

# Assumed, not measured: a relative error [1] that whoever gave the confidence would not rule out.
USUAL: Mapping[Confidence, float] = {
    Confidence.HIGH: 0.05,
    Confidence.MEDIUM: 0.10,
    Confidence.LOW: 0.20,
}


def doubt_of(bound: Bound) -> float:
    """The plausible error of a bound's values, as a part of them: its own, else by confidence."""
    return USUAL[bound.confidence] if bound.doubt is None else bound.doubt
