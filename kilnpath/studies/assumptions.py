"""What the answer rests on: the least CCUS where something that was assumed is otherwise."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd

from kilnpath.progress import Progress, collected
from kilnpath.studies.plan import ImpossibleError, company_of
from kilnpath.tables.shown import ShowsTables
from model.accounting.switches import SWITCHES, with_rule
from model.case.types import Bound, Case, Confidence, Status
from model.levers.at_plan import HELD, PLANNED, held_at_plan
from model.pathway.pathway import Pathway
from model.pathway.towards_plan import limits_at_plan, with_room
from optimizer.infeasible.diagnose import diagnose
from optimizer.planning.solve import activities_of
from optimizer.sensitivity.assumptions import BothYears, Doubted, Least, doubted, solved_again
from optimizer.solver.highs import Optimum

ROOMS = (1.0, 0.75, 0.5, 0.25, 0.0)  # of what lies between a bound and the plan
SHOWN = 10  # bounds both ends of whose error are solved
ALL = "all"  # of the levers: all that a plan decides besides capture
KNOWN = (Status.PUBLISHED, Status.DERIVED)
GROUPS: Mapping[str, Callable[[Bound], bool]] = {  # of bounds whose room is narrowed together
    "assumed": lambda bound: bound.status is Status.ASSUMED,
    "calibrated": lambda bound: bound.status is Status.CALIBRATED,
    "low": lambda bound: bound.confidence is Confidence.LOW,
}
_ROUNDING = 1e-9  # relative: two solves of one programme differ by less
_COLUMNS = ["part", "id", "room", "bounds", "ccus_total", "ccus_final", "more_total", "more_final"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that is otherwise, and the least CCUS then.

    part: ``own`` (nothing is), ``plan`` (what the company's own plan captures), ``room``,
    ``published``, ``target``, ``switch``, ``scenario`` or ``lever``; id: of the group of bounds,
    target, switch, scenario or lever; room: of those bounds, ``None`` elsewhere; bounds: how many
    bounds are moved, left in or added.
    """

    part: str
    id: str
    room: float | None
    bounds: int
    least: Least


@dataclass(frozen=True, repr=False)
class AssumptionsResult(ShowsTables):
    """What the least CCUS of a case rests on.

    plan: the company's own, ``None`` where the case has none over the horizon; tried: first the
    case as it is; doubts: the bounds by what their plausible error is worth; stopped: whether an
    interrupt left only a part.
    """

    case: Case
    plan: Pathway | None
    tried: tuple[Tried, ...]
    doubts: tuple[Doubted, ...]
    stopped: bool = False

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """``assumptions``: each thing that is otherwise, with the least CCUS then.

        Its columns: part, id, room [1], bounds (how many are concerned), ccus_total and ccus_final
        (least over all years, and by itself in the final year) and more_total, more_final (than
        with nothing changed) [t CO2], empty where there is no pathway. ``doubts``: bounds by
        what their error is worth: doubt [1], given (by the case, or taken from the confidence),
        worth (to first order), looser and tighter (the least CCUS at either end, over all years)
        [t CO2], solved (whether those two were; then an empty one has no pathway).
        """
        return {"assumptions": self._assumptions(), "doubts": self._doubts()}

    def _assumptions(self) -> pd.DataFrame:
        own = self.tried[0].least
        rows = []
        for one in self.tried:
            total, final = _finite(one.least.total), _finite(one.least.final)
            more = (_more(total, own.total), _more(final, own.final))
            rows.append((one.part, one.id, one.room, one.bounds, total, final, *more))
        return pd.DataFrame(rows, columns=_COLUMNS).astype({"room": float})

    def _doubts(self) -> pd.DataFrame:
        rows = []
        for one in self.doubts:
            bound = self.case.bounds[one.name]
            rows.append(
                {
                    "id": bound.id,
                    "lever": bound.lever,
                    "which": bound.which,
                    "place": bound.place,
                    "sense": str(bound.sense),
                    "kind": str(bound.kind),
                    "status": str(bound.status),
                    "confidence": str(bound.confidence),
                    "doubt": one.doubt,
                    "given": bound.doubt is not None,
                    "worth": one.worth,
                    "looser": _finite(one.looser),
                    "tighter": _finite(one.tighter),
                    "solved": one.looser == one.looser,
                }
            )
        kinds = dict.fromkeys(("given", "solved"), bool)
        return pd.DataFrame(rows, columns=list(_DOUBT_COLUMNS)).astype(kinds)


_DOUBT_COLUMNS = (
    *("id", "lever", "which", "place", "sense", "kind", "status", "confidence"),
    *("doubt", "given", "worth", "looser", "tighter", "solved"),
)


def _more(value: float, own: float) -> float:
    """How much more it is, without what is rounding."""
    return 0.0 if abs(value - own) <= _ROUNDING * abs(own) else value - own


def _finite(value: float) -> float:
    """A number, NaN where there is no pathway."""
    return value if np.isfinite(value) else np.nan


def assumptions(
    case: Case, scenarios: Mapping[str, Case] | None = None, progress: Progress | None = None
) -> AssumptionsResult:
    """The least CCUS where each thing that it rests on is otherwise, alone.

    Bounds of ``GROUPS`` moved towards the level of the company's plan; published and derived bounds
    alone; each target left out, each switch of accounting turned; each lever held at the plan; and
    bounds by what their error is worth. scenarios: name -> the case with it, to be tried too (the
    name is empty for the case without the scenario that it has). What needs a plan is left out
    where the case has none over its horizon. Raises ``ImpossibleError`` where the case as it is has
    no pathway.
    """
    both = BothYears(case)
    optimum = both.total.solve()
    if optimum is None:
        raise ImpossibleError(case, diagnose(both.total.compiled))
    own = Tried("own", "", None, 0, both.least())
    both.start_here()
    doubts = doubted(both.total, optimum)
    company = company_of(case)
    plan = None if company is None else company.plan
    first = [own] if plan is None else [own, _of_plan(plan)]
    trials = _Trials(case, both, optimum, scenarios or {}, plan, own.least)
    sure = solved_again(both.total, optimum, doubts[:SHOWN])
    known = [trials.rooms(), trials.others(), trials.cases(), trials.levers()]
    total = trials.count() + min(SHOWN, len(doubts))
    found = collected(chain(sure, *known), total, progress)
    ends = {one.name: one for one in found if isinstance(one, Doubted)}
    return AssumptionsResult(
        case=case,
        plan=plan,
        tried=(*first, *(one for one in found if isinstance(one, Tried))),
        doubts=tuple(ends.get(one.name, one) for one in doubts),
        stopped=progress is not None and progress.stopped,
    )


def _of_plan(plan: Pathway) -> Tried:
    """What the company's own plan captures, for comparison."""
    return Tried("plan", "", None, 0, Least(plan.cumulative_ccus, plan.ccus(plan.case.final_year)))


@dataclass(frozen=True)
class _Trials:
    """The things that are otherwise, one after another, each solved when it is asked for."""

    case: Case
    both: BothYears
    optimum: Optimum
    scenarios: Mapping[str, Case]
    plan: Pathway | None
    own: Least

    def count(self) -> int:
        """How many there are."""
        groups = len(self._groups()) * len(ROOMS)
        levers = 0 if self.plan is None else len(HELD) + 1
        return groups + 1 + len(self.case.targets) + len(SWITCHES) + len(self.scenarios) + levers

    @cached_property
    def _ends(self) -> dict[str, dict[int, float]]:
        return {} if self.plan is None else limits_at_plan(self.plan)

    def _groups(self) -> dict[str, list[str]]:
        """Group -> its bounds that can be moved; without those that have none."""
        moved = [self.case.bounds[name] for name in self._ends]
        found = {key: [b.id for b in moved if belongs(b)] for key, belongs in GROUPS.items()}
        return {key: names for key, names in found.items() if names}

    def rooms(self) -> Iterator[Tried]:
        """Each group of bounds, narrowed step by step."""
        for key, names in self._groups().items():
            for room in ROOMS:
                limits = {
                    name: with_room(self.case.bounds[name].values, self._ends[name], room)
                    for name in names
                }
                least = self.own if room == 1 else self.both.with_limits(limits)
                yield Tried("room", key, room, len(names), least)

    def others(self) -> Iterator[Tried]:
        """Published and derived bounds alone, and each target left out."""
        left = [b.id for b in self.case.bounds.values() if b.status not in KNOWN]
        kept = len(self.case.bounds) - len(left)
        yield Tried("published", "", None, kept, self.both.without(left))
        for target in self.case.targets:
            yield Tried("target", target, None, 0, self.both.without([target]))

    def cases(self) -> Iterator[Tried]:
        """Each switch turned, and each scenario.

        Where captured biogenic CO2 ceases to count, its share of each stack is that of the pathway
        with the least CCUS over all years.
        """
        chosen = activities_of(self.both.total.compiled.programme, self.optimum.values)
        for switch in SWITCHES:
            turned = with_rule(self.case, chosen, {switch: switch.other(self.case)})
            yield Tried("switch", switch.key, None, 0, BothYears(turned, self.both).least())
        for name, case in self.scenarios.items():
            yield Tried("scenario", name, None, 0, BothYears(case, self.both).least())

    def levers(self) -> Iterator[Tried]:
        """Each lever held at the plan, and all of them, with the rest decided anew."""
        if self.plan is None:
            return
        held = held_at_plan(self.case, HELD)
        both = BothYears(held)
        added = [bound for name, bound in held.bounds.items() if name not in self.case.bounds]
        both.without(bound.id for bound in added)
        both.start_here()
        for key, levers in (*((lever, (lever,)) for lever in HELD), (ALL, PLANNED)):
            left = [bound.id for bound in added if bound.lever not in levers]
            yield Tried("lever", key, None, len(added) - len(left), both.without(left))
