"""What the cell ``which`` of a row may name: fuels, materials, routes, and kinds of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from model.case.sites import Generator, Route
from model.case.tables import Row
from model.case.types import Fuel, FuelKind, Material, MaterialUse
from model.levers.levers import CAPTURE, Lever
from model.messages.faults import did_you_mean
from model.messages.message import Message, message
from model.reading.rows.words import FUEL_CLASSES

Weights = Mapping[str, float]
_NONE: Weights = {}
_TABLES = {  # in which stands what a lever selects; else it is in materials, or in none
    "fuel": "fuels",
    "route": "routes",
    "generator": "generators",
    "capture": "",
    "": "",
}


@dataclass(frozen=True, slots=True)
class Things:
    """What a case has that levers select, by id."""

    fuels: Mapping[str, Fuel]
    materials: Mapping[str, Material]
    routes: Mapping[str, Route]
    generators: Mapping[str, Generator]


class Selection:
    """What ``which`` may name: one fuel, material, route …, a kind of them, or a class.

    at_fault: ids of rows of their tables that are at fault, and are told there; an empty one is of
    a row without an id. unread: those of their tables that are at fault whole.
    """

    def __init__(
        self, things: Things, at_fault: frozenset[str], unread: Collection[str] = ()
    ) -> None:
        self.fuels, self.materials = things.fuels, things.materials
        self.routes, self.generators = things.routes, things.generators
        self._at_fault = at_fault
        self._unread = unread
        of_use = {
            use.value: tuple(m.id for m in things.materials.values() if m.use is use)
            for use in MaterialUse
        }
        self._single: dict[str, tuple[str, ...]] = {
            "fuel": tuple(things.fuels),
            "capture": CAPTURE,
            "route": tuple(things.routes),
            "generator": tuple(things.generators),
            **of_use,
        }
        self._weights: dict[tuple[str, str], Weights] = {}
        self._per_mass: dict[str, Weights] = {}

    def in_doubt(self, lever: Lever, which: str) -> bool:
        """Whether what a row selects may stand in a row or table that is at fault."""
        lost, single = self._at_fault, which in self._at_fault or "" in self._at_fault
        several = which in ("", "all", *FUEL_CLASSES)
        return _table_of(lever) in self._unread or single or (several and bool(lost))

    def unknown(self, row: Row, lever: Lever, which: str, what: Message) -> None:
        """Tells that a row selects what is not there, but for what is told where it should stand.

        what: the fault, where its table has rows.
        """
        if self.in_doubt(lever, which):
            return
        table = _table_of(lever)
        rows: Mapping[str, Mapping[str, object]] = {
            "fuels": self.fuels,
            "materials": self.materials,
            "routes": self.routes,
            "generators": self.generators,
        }
        if table and not rows[table]:
            what = message("selects what should stand in {table}, which has no rows", table=table)
        row.fault(what, "which")

    def single(self, lever: Lever) -> tuple[str, ...]:
        """The single things a lever selects among."""
        return self._single[lever.selects]

    def homes(self, lever: Lever, chosen: Collection[str]) -> frozenset[str] | None:
        """The sites where what is selected is: where routes begin, where power sources stand.

        ``None`` of what may be at any site.
        """
        if lever.selects == "route":
            return frozenset(self.routes[route].origin for route in chosen)
        if lever.selects == "generator":
            return frozenset(self.generators[generator].site for generator in chosen)
        return None

    def weights(self, row: Row, lever: Lever, which: str) -> Weights | None:
        """Weights of the selected, ``None`` and a fault where ``which`` is unknown.

        Rows that select the same get the same mapping.
        """
        if not lever.selects:
            if which:
                row.fault(
                    message("which is '{which}'; this lever takes none", which=which), "which"
                )
            return _NONE
        key = (lever.selects, which)
        if key not in self._weights:
            found = self._find(row, lever, which)
            if found is None:
                return None
            self._weights[key] = found
        return self._weights[key]

    def per_mass(self, row: Row, which: str, weights: Weights) -> Weights | None:
        """Weights of fuels that turn heat into tonnes of fuel."""
        if which in self._per_mass:
            return self._per_mass[which]
        unweighed = [f for f in weights if self.fuels[f].heating_value == 0.0]
        if unweighed:
            row.fault(
                message(
                    "'{fuel}' has no heating value, so it cannot be bounded in t; write "
                    "GJ, or its heating value in fuels.csv",
                    fuel=unweighed[0],
                ),
                "unit",
            )
            return None
        found = {f: w / self.fuels[f].heating_value for f, w in weights.items()}
        self._per_mass[which] = found
        return found

    def _find(self, row: Row, lever: Lever, which: str) -> Weights | None:
        singles = self.single(lever)
        if which in singles:
            return {which: 1.0}
        if lever.selects == "fuel":
            return self._fuel_class(row, lever, which)
        if which in ("", "all"):
            return dict.fromkeys(singles, 1.0)
        of_kind = [m.id for m in self._materials(lever) if m.kind == which]
        if of_kind:
            return dict.fromkeys(of_kind, 1.0)
        kinds = {m.kind for m in self._materials(lever)}
        known = did_you_mean(which, dict.fromkeys([*singles, *kinds, "all"]))
        what = message("which '{which}' is unknown{known}", which=which, known=known)
        self.unknown(row, lever, which, what)
        return None

    def _materials(self, lever: Lever) -> list[Material]:
        """The materials that a lever selects among; none of one that selects something else."""
        if lever.selects not in list(MaterialUse):
            return []
        return [m for m in self.materials.values() if m.use == lever.selects]

    def _fuel_class(self, row: Row, lever: Lever, which: str) -> Weights | None:
        if which == "biomass":
            return dict.fromkeys(self.fuels, 1.0)
        if which == "alternative":
            return {f.id: 1.0 for f in self.fuels.values() if f.kind is not FuelKind.FOSSIL}
        if which in FUEL_CLASSES:
            return {f.id: 1.0 for f in self.fuels.values() if f.kind == which}
        known = did_you_mean(which, [*self.fuels, *FUEL_CLASSES])
        what = message(
            "which '{which}' is not a fuel or a class of fuels{known}", which=which, known=known
        )
        self.unknown(row, lever, which, what)
        return None


def _table_of(lever: Lever) -> str:
    """The table in which stands what a lever selects; empty where that is in none."""
    return _TABLES.get(lever.selects, "materials")
