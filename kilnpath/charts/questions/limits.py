"""What a bound or a target of a case is called in a chart."""

from kilnpath.charts.drawing.bars import limit_item
from kilnpath.language.wording import METRICS
from kilnpath.result.labels import Labels
from model.case.types import Bound, Target


def kind_of(line: Bound | Target) -> str:
    """Its kind, as the register has it; of a target that it is one."""
    return str(line.kind) if isinstance(line, Bound) else "target"


def limited(line: Bound | Target, labels: Labels) -> str:
    """What it limits, and in which sense."""
    if isinstance(line, Bound):
        return labels.bound(line.lever, line.which, str(line.sense))
    scope, metric = labels.of("scope", str(line.scope)), labels.text(METRICS[line.metric])
    return labels.text("{scope} {metric} at most").format(scope=scope, metric=metric)


def item_of(line: Bound | Target, labels: Labels) -> str:
    """Its name, or what it limits; and where."""
    return limit_item(labels, line.id, limited(line, labels), line.place)
