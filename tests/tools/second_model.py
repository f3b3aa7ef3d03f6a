"""A second model of the least CCUS, on scipy's ``linprog``, straight from the tables.

It shares nothing with the package but the CSV files: own reading, own units, own rows, built from
``docs/mathematics.md``.
"""

import numpy as np

from tests.tools.independent_tables import FACTORS, Line, Tables
from tests.tools.linear_forms import Form, Rows, constant, least, plus
from tests.tools.second_quantities import Quantities

NAMES = {
    "clinker_ratio": "for cement",
    "heat_intensity": "kiln heat",
    "waste_heat_power": "waste",
    "renewable_power": "sun",
    "grid_power": "bought",
    "clinker": "clinker",
    "clinker_bought": "clinker bought",
    "cement": "cement",
}
WHOLES = {
    "clinker_ratio": "cement", "addition": "cement", "alternative_raw": "meal", "fuel": "heat",
    "heat_intensity": "clinker", "renewable_power": "demand", "own_power": "demand",
    "grid_power": "demand", "waste_heat_power": "demand", "capture": "stack",
}  # fmt: skip
POWERS = ("renewable_power", "own_power", "grid_power")
CHANGES = ("rise_max", "fall_max")


class Second(Quantities):
    """The rows between the quantities, and the least CCUS within them."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.rows: Rows = []

    def below(self, form: Form, most: Form, factor: float = 1.0) -> None:
        self.rows.append((plus((form, 1.0), (most, -factor)), "<"))

    def laws(self) -> None:
        for y in self.t.horizon:
            for s in self.t.site:
                self._laws(s, y)

    def _laws(self, s: str, y: int) -> None:
        f, kiln = self.forms(s, y), self.t.kiln(s, y)
        least_of = ["bought", "clinker bought"]
        least_of += [f"clinker in {p}" for p in self.t.product_shares(s, y)]
        if kiln:
            least_of += ["for cement", "clinker", "left cao", "left mgo", "credited"]
        for name in least_of:
            self.below({}, f[name])
        self.rows.append((f["clinker short"], "="))
        if kiln:
            given = self.t.value(s, "waste_heat_yield", y, "", 0.014)
            for source in ("kiln heat", "burnt"):
                self.below(f["waste"], f[source], given)
            self.below(f["captured"], f["stack"])
            self.below(plus(*((f[f"raw {m['material']}"], 1.0) for m in self.raw)), f["meal"])
            if not self.t.biogenic_counts and not self._captures_nothing(s, y):
                self.below(f["green"], f["stack"], self.v(s, "captured_biogenic_share", y))
        self.rows.append((plus((f["kiln heat"], -1.0)), "<" if kiln else "="))

    def _captures_nothing(self, s: str, y: int) -> bool:
        """Whether the register lets nothing be captured, for storage and for use."""
        shut = set[str]()
        for row in self.t.bounds:
            if row["lever"] != "capture" or row["sense"] not in ("max", "fixed"):
                continue
            here = s in self.t.where(row["place"]) and y <= int(row["expires"] or self.t.last)
            if here and self.t.line(row).get(y) == 0:
                shut |= {row["which"]} if row["which"] in ("storage", "use") else {"storage", "use"}
        return shut == {"storage", "use"}

    def amount(self, row: Line, s: str, y: int) -> Form:
        f, lever, which = self.forms(s, y), row["lever"], row["which"]
        product = row["place"].partition("/")[2]
        if lever == "clinker_ratio" and product:
            return f[f"clinker in {product}"]
        if lever == "addition":
            before = f"in {product}" if product else "addition"
            return self._sum_of(f, before, self.add, which)
        if lever == "alternative_raw":
            return self._sum_of(f, "raw", self.raw, which)
        if lever == "fuel":
            return self._fuel(row, s, y)
        if lever in ("clinker_moved", "own_power"):
            table, key, before = {
                "clinker_moved": (self.t.routes, "route", "sent"),
                "own_power": (self.t.generators, "generator", "own"),
            }[lever]
            names = [r[key] for r in table if which in ("", "all", r[key])]
            return plus(*((f[f"{before} {name}"], 1.0) for name in names))
        if lever == "capture":
            return f[which if which in ("storage", "use") else "captured"]
        return f[NAMES[lever]]

    def _sum_of(self, f: dict[str, Form], before: str, materials: list[Line], which: str) -> Form:
        chosen = [m for m in materials if which in ("", "all", m["material"], m["kind"])]
        return plus(*((f[f"{before} {m['material']}"], 1.0) for m in chosen))

    def _fuel(self, row: Line, s: str, y: int) -> Form:
        f, which, parts = self.forms(s, y), row["which"], []
        for x in self.t.fuels:
            part = float(which in (x["fuel"], x["kind"]))
            if which == "alternative":
                part = float(x["kind"] != "fossil")
            if which == "biomass":
                part = self.t.biomass(s, y, x)
            mass = row["unit"] in ("t", "kt", "Mt", "10^4 t")
            weight = part / float(x["heating_value"]) if mass and part else part
            parts.append((f[f"heat {x['fuel']}"], weight))
        return plus(*parts)

    def whole(self, row: Line) -> str:
        if row["unit"] not in ("%", "GJ/t", "kWh/t"):
            return ""
        product = row["place"].partition("/")[2]
        if product:
            return f"cement of {product}"
        return "clinker" if row["unit"] == "kWh/t" else WHOLES[row["lever"]]

    def sum_row(self, row: Line, last: int) -> None:
        ((first, value),) = self.t.line(row).items()
        sites, years = self.t.where(row["place"]), range(first, last + 1)
        all_of_it = plus(*((self.amount(row, s, y), 1.0) for s in sites for y in years))
        sign = -1.0 if row["sense"] == "total_min" else 1.0
        self.rows.append((plus((all_of_it, sign), (constant(value), -sign)), "<"))

    def bound_rows(self) -> None:
        for row in self.t.bounds:
            expires = int(row["expires"] or self.t.last)
            if row["sense"].startswith("total_"):
                self.sum_row(row, min(expires, self.t.last))
                continue
            for y, value in self.t.line(row).items():
                if self.t.inventory < y <= expires:
                    change = row["sense"] in CHANGES
                    self._change(row, y, value) if change else self._level(row, y, value)

    def _makers(self, row: Line) -> list[str]:
        """The sites of a line; of a product those that make it."""
        sites, product = self.t.where(row["place"]), row["place"].partition("/")[2]
        return [s for s in sites if not product or product in self.t.product_shares(s, self.t.last)]

    def _level(self, row: Line, y: int, value: float) -> None:
        whole, sites = self.whole(row), self._makers(row)
        now = plus(*((self.amount(row, s, y), 1.0) for s in sites))
        right = constant(value)
        if whole:
            right = plus(*((self.forms(s, y)[whole], value) for s in sites))
        form = plus((now, 1.0), (right, -1.0))
        sense, alone = row["sense"], [s for s in sites if self.t.kiln(s, y)]
        if sense in ("max", "fixed"):
            self.rows.append((form, "=" if sense == "fixed" else "<"))
        else:
            self.rows.append((plus((form, -1.0)), "<"))
        if row["lever"] == "heat_intensity" and sense in ("min", "fixed") and len(sites) > 1:
            for s in alone:
                f = self.forms(s, y)
                self.below(plus((f["clinker"], value)), f["kiln heat"])

    def _made(self, row: Line, sites: list[str], y: int) -> float:
        """What must be made in a year, that a change in points or in parts has a level."""
        if row["unit"] == "pp/yr":
            return sum(self.t.value(s, "cement", y) for s in sites)
        made = ["cement", "clinker_sold"]
        made += ["other_power"] * (row["lever"] in POWERS)
        return sum(self.t.value(s, quantity, y) for s in sites for quantity in made)

    def _change(self, row: Line, y: int, value: float) -> None:
        sites = self._makers(row)
        if y == self.t.inventory + 1 and not self.t.plan:
            return
        in_parts = row["unit"] in ("pp/yr", "%/yr")
        if in_parts and not all(self._made(row, sites, x) for x in (y - 1, y)):
            return
        now, before = (plus(*((self.amount(row, s, x), 1.0) for s in sites)) for x in (y, y - 1))
        sign, right = 1.0 if row["sense"] == "rise_max" else -1.0, constant(value)
        if row["unit"] == "pp/yr":  # of cement, whose sum is given
            now, before = (
                plus((amount, 1.0 / self._given(row, sites, x)))
                for amount, x in ((now, y), (before, y - 1))
            )
        if row["unit"] == "%/yr":
            seed, _, unit = (row.get("seed") or "0 t/yr").partition(" ")
            right = plus((before, value), (constant(float(seed) * FACTORS[unit]), 1.0))
        change = plus((now, sign), (before, -sign), (right, -1.0))
        self.rows.append((change, "<"))

    def _given(self, row: Line, sites: list[str], y: int) -> float:
        product = row["place"].partition("/")[2]
        parts = [self.t.product_shares(s, y)[product] if product else 1.0 for s in sites]
        cement = (self.t.value(s, "cement", y) for s in sites)
        return sum(part * made for part, made in zip(parts, cement, strict=True))

    def sum_of(self, name: str, sites: list[str], y: int, shares_of: int | None = None) -> Form:
        """A quantity of sites in a year, consolidated by the shares of that year or of another."""
        shares = {s: self.t.share(s, y if shares_of is None else shares_of) for s in sites}
        return plus(*((self.forms(s, y)[name], shares[s]) for s in sites))

    def base(self, row: Line, name: str, sites: list[str], y: int) -> float:
        """A quantity of the base year, for a limit of a year."""
        base = int(row.get("base_year") or self.t.base)
        shares_of = y if self.t.recalculated else base
        return self.sum_of(name, sites, base, shares_of).get(None, 0.0)

    def target_rows(self) -> None:
        for row in self.t.targets:
            years = sorted(int(c) for c, v in row.items() if c.isdigit() and v)
            if row["form"] == "line":
                years = list(range(years[0], years[-1] + 1))
            if row["metric"] == "budget":
                self.budget_row(row, years)
            else:
                self._target(row, years)

    def _target(self, row: Line, years: list[int]) -> None:
        sites, line = self.t.where(row["place"]), self.t.line(row)
        by_sda = any(v == "sda" for c, v in row.items() if c.isdigit())
        for y in years:
            base, made = (self.base(row, name, sites, y) for name in (row["scope"], "product"))
            start = int(row.get("base_year") or self.t.base)
            limit = sda(base / made, start, y, row.get("sector") or "") if by_sda else line[y]
            if row["unit"] == "% below base":
                limit = (base / made if row["metric"] == "intensity" else base) * (1 - line[y])
            right = constant(limit)
            if row["metric"] == "intensity":
                right = plus((self.sum_of("product", sites, y), limit))
            self.below(self.sum_of(row["scope"], sites, y), right)

    def budget_row(self, row: Line, years: list[int]) -> None:
        sites = self.t.where(row["place"])
        line, start = self.t.line(row), int(row.get("since") or self.t.inventory + 1)
        summed = range(years[0] if row["form"] == "line" else start, years[-1] + 1)
        given = {y: line[y if row["form"] == "line" else years[-1]] for y in summed}
        if row["unit"] == "% below base":
            most = sum(self.base(row, row["scope"], sites, y) * (1 - given[y]) for y in summed)
        else:
            most = sum(given.values()) if row["form"] == "line" else line[years[-1]]
        emitted = plus(*((self.sum_of(row["scope"], sites, y), 1.0) for y in summed))
        self.below(emitted, constant(most))

    def least(self) -> float:
        """The least cumulative CCUS, infinite where there is no pathway. [t CO2]"""
        self.laws()
        self.bound_rows()
        self.target_rows()
        sites = list(self.t.site)
        cost = plus(*((self.sum_of("captured", sites, y), 1.0) for y in self.t.horizon))
        return least(cost, self.rows)


def sda(base: float, base_year: int, year: int, own: str = "") -> float:
    """Fixed share, from the anchors as printed in the sector pathway's table.

    own: of a sector of the case, which has the same anchors; 2020 then lies between them.
    """
    anchors = [2019, 2030, 2040, 2050]

    def sector(y: int) -> float:
        if y == 2020 and not own:
            return 2334 / 4054
        emitted = np.interp(y, anchors, [2461, 1899, 906, 133])
        return float(emitted / np.interp(y, anchors, [4215, 4258, 4129, 4032]))

    part = (sector(year) - sector(2050)) / (sector(base_year) - sector(2050))
    return (base - sector(2050)) * part + sector(2050)
