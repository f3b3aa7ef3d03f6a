"""A second model, written on scipy's ``linprog`` straight from the tables, agrees on the optimum.

It shares nothing with the package but the CSV files: own reading, own units, own rows, built from
``docs/mathematics.md``. It knows what the shipped cases use.
"""

import csv
import math
import tomllib
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_array

from kilnpath import read_case
from optimizer.planning.solve import compile_case
from tests.tools.plants import CASES, bound, one_kiln, target
from tests.tools.reference import manifest

FACTORS = {
    **{"%": 0.01, "t": 1, "kt": 1e3, "Mt": 1e6, "10^4 t": 1e4, "10^4 t CO2e": 1e4, "t CO2e": 1},
    **{"GJ/t": 1, "kWh/t": 1e-3, "MWh/t": 1, "t/t": 1, "t CO2/t": 1, "kg/GJ": 1e-3, "kt CO2": 1e3},
    **{"kg CO2/GJ": 1e-3, "t/MWh": 1, "kg CO2e/kWh": 1, "kg CO2/kWh": 1, "MWh": 1, "GWh": 1e3},
    **{"TJ": 1e3, "PJ": 1e6, "GJ": 1, "t CO2": 1, "Mt CO2": 1e6, "% below base": 0.01},
    **{"TJ/yr": 1e3, "PJ/yr": 1e6, "kt/yr": 1e3, "kt CO2/yr": 1e3, "Mt CO2/yr": 1e6},
    **{"GWh/yr": 1e3, "Mt/yr": 1e6, "t/yr": 1, "pp/yr": 0.01, "t CO2e/t": 1, "rest": 1},
}
CO2_OF = {"cao": 44 / 56, "mgo": 44 / 40}
Form = dict[object, float]  # variable -> coefficient; None -> constant


def plus(*forms: tuple[Form, float]) -> Form:
    """A linear combination."""
    result: Form = defaultdict(float)
    for form, factor in forms:
        for key, value in form.items():
            result[key] += value * factor
    return result


def constant(value: float) -> Form:
    return {None: value}


class Tables:
    """The CSV files of a case, with units taken off."""

    def __init__(self, folder: Path, scenario: str | None = None) -> None:
        settings = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        self.base, self.last = settings["base_year"], settings["final_year"]
        self.inventory = settings["inventory_year"]
        self.use_counts = settings["accounting"]["captured_use_counts"]
        self.equity = settings["accounting"]["consolidation"] == "equity"
        (
            self.sites,
            self.fuels,
            self.materials,
            self.series,
            self.bounds,
            self.targets,
            self.plan,
        ) = (
            self._rows(folder / f"{name}.csv")
            for name in ("sites", "fuels", "materials", "series", "bounds", "targets", "plan")
        )
        if scenario:
            instead = self._rows(folder / "scenarios" / f"{scenario}.csv")
            given = {(row["place"], row["quantity"], row["which"]) for row in instead}
            self.series = instead + [
                row for row in self.series
                if (row["place"], row["quantity"], row["which"]) not in given
            ]  # fmt: skip
        self.site = {row["site"]: row for row in self.sites}

    def _rows(self, file: Path) -> list[dict[str, str]]:
        lines = [
            line for line in file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
            if not line.startswith("#")
        ]  # fmt: skip
        rows = []
        for row in csv.DictReader(lines):
            clean = {}
            for column, cell in row.items():
                name, _, unit = column.partition(" [")
                factor = FACTORS[unit.rstrip("]")] if unit else 1.0
                clean[name] = str(float(cell) * factor) if unit and cell else cell
            rows.append(clean)
        return rows

    def line(self, row: dict[str, str]) -> dict[int, float]:
        """The yearly values of a row, straight between given years."""
        given = {int(c): float(v) for c, v in row.items() if c.isdigit() and v and v != "sda"}
        known = sorted(given)
        if not known:
            return {}
        years = range(known[0], known[-1] + 1)
        values = np.interp(list(years), known, [given[year] for year in known])
        factor = FACTORS[row["unit"]]
        return dict(zip(years, (float(v) * factor for v in values), strict=True))

    def where(self, place: str) -> list[str]:
        """The sites of a place."""
        found = []
        for part in place.split("+"):
            part = part.strip()
            found += [
                s for s, row in self.site.items() if part in (s, row["region"], "group")
            ]  # fmt: skip
        return [s for s in self.site if s in found]

    def value(self, site: str, quantity: str, year: int) -> float:
        """A series value, of the site before its region before the group."""
        for place in (site, self.site[site]["region"], "group"):
            for row in self.series:
                if (row["place"], row["quantity"]) == (place, quantity):
                    return self.line(row)[year]
        return 0.0


class Second:
    """The second model: forms of every quantity of a site and year, and the rows between them."""

    def __init__(self, tables: Tables) -> None:
        self.t = tables
        self.rows: list[tuple[Form, str]] = []  # form <= 0, or == 0
        self.raw = [m for m in tables.materials if m["use"] == "alternative_raw"]
        self.add = [m for m in tables.materials if m["use"] == "addition"]
        self.memory: dict[tuple[str, int], dict[str, Form]] = {}

    def var(self, *key: object) -> Form:
        return {key: 1.0}

    def kiln(self, site: str) -> bool:
        return self.t.site[site]["kind"] == "integrated"

    def grinds(self, site: str) -> bool:
        return self.t.site[site]["kind"] in ("integrated", "grinding")

    def forms(self, s: str, y: int) -> dict[str, Form]:
        """All forms of a site in a year: decisions from inventories before the horizon."""
        if (s, y) not in self.memory:
            decided = y > self.t.inventory
            self.memory[s, y] = self._forms(s, y) if decided else self._planned(s, y)
        return self.memory[s, y]

    def _forms(self, s: str, y: int) -> dict[str, Form]:
        f: dict[str, Form] = {}
        zero: Form = {}
        for m in self.add:
            f[f"addition {m['material']}"] = (
                self.var("add", m["material"], s, y) if self.grinds(s) else zero
            )
        for m in self.raw:
            f[f"raw {m['material']}"] = (
                self.var("raw", m["material"], s, y) if self.kiln(s) else zero
            )
        hot = self.kiln(s) or (
            self.grinds(s) and any(float(m["heat"] or 0) > 0 for m in self.add)
        )  # fmt: skip
        for fuel in self.t.fuels:
            f[f"heat {fuel['fuel']}"] = self.var("heat", fuel["fuel"], s, y) if hot else zero
        for name in ("waste", "storage", "use"):
            f[name] = self.var(name, s, y) if self.kiln(s) else zero
        f["sun"] = self.var("sun", s, y)
        for oxide in CO2_OF:
            f[f"spare {oxide}"] = self.var("spare", oxide, s, y) if self.kiln(s) else zero
        additions = plus(*((f[f"addition {m['material']}"], 1.0) for m in self.add))
        given = self.t.value(s, "cement", y)
        f["for cement"] = plus((constant(given), 1.0), (additions, -1.0))
        sold, bought = (self.t.value(s, q, y) for q in ("clinker_sold", "clinker_bought"))
        f["clinker"] = plus((f["for cement"], 1.0), (constant(sold - bought), 1.0))
        if not self.kiln(s):
            f["clinker"] = {}
        return self._derived(f, s, y)

    def _planned(self, s: str, y: int) -> dict[str, Form]:
        """The company's own numbers, as constants."""
        plan: dict[tuple[str, str], tuple[float, str]] = {}
        for place in ("group", self.t.site[s]["region"], s):
            for row in self.t.plan:
                if row["place"] == place:
                    value = self.t.line(row).get(y, 0.0)
                    plan[row["lever"], row["which"]] = (value, row["unit"])
        f: dict[str, Form] = {}
        cement = self.t.value(s, "cement", y)
        shares = {
            m["material"]: plan.get(("addition", m["material"]), (0.0, "%"))[0] for m in self.add
        }
        for m in self.add:
            amount = shares[m["material"]] * cement if self.grinds(s) else 0.0
            f[f"addition {m['material']}"] = constant(amount)
        total = sum(f[f"addition {m['material']}"][None] for m in self.add)
        sold, bought = (self.t.value(s, q, y) for q in ("clinker_sold", "clinker_bought"))
        clinker = cement - total + sold - bought if self.kiln(s) else 0.0
        f["for cement"], f["clinker"] = constant(cement - total), constant(clinker)
        meal = clinker * float(self.t.site[s]["raw_per_clinker"] or 0)
        for m in self.raw:
            share = plan.get(("alternative_raw", m["material"]), (0.0, "%"))[0]
            f[f"raw {m['material']}"] = constant(share * meal)
        heat = plan.get(("heat_intensity", ""), (0.0, "GJ/t"))[0] * clinker
        heat += sum(
            f[f"addition {m['material']}"][None] * float(m["heat"] or 0) for m in self.add
        )  # fmt: skip
        fuels = {x["fuel"]: plan.get(("fuel", x["fuel"]), (0.0, "%")) for x in self.t.fuels}
        rest = 1 - sum(value for value, unit in fuels.values() if unit != "rest")
        for fuel, (value, unit) in fuels.items():
            f[f"heat {fuel}"] = constant(heat * (rest if unit == "rest" else value))
        f["storage"] = f["use"] = f["spare cao"] = f["spare mgo"] = constant(0.0)
        f["waste"] = f["sun"] = constant(0.0)
        demand = self._derived(dict(f), s, y)["demand"].get(None, 0.0)
        for lever, name in (("waste_heat_power", "waste"), ("renewable_power", "sun")):
            value, unit = plan.get((lever, ""), (0.0, "%"))
            whole = {"%": demand, "kWh/t": clinker}.get(unit, 1.0)
            own = lever == "renewable_power" or self.kiln(s)
            f[name] = constant(value * whole if own else 0.0)
        return self._derived(f, s, y)

    def _derived(self, f: dict[str, Form], s: str, y: int) -> dict[str, Form]:
        site, v = self.t.site[s], lambda q: self.t.value(s, q, y)
        co2 = float(site["clinker_cao"] or 0) * 44 / 56 + float(site["clinker_mgo"] or 0) * 44 / 40
        avoided = [
            (f[f"raw {m['material']}"],
             -(float(m["cao"]) * 44 / 56 + float(m["mgo"]) * 44 / 40) * (1 - float(m["moisture"])))
            for m in self.raw
        ]  # fmt: skip
        heats = [(x, f[f"heat {x['fuel']}"]) for x in self.t.fuels]
        spare = [(f[f"spare {oxide}"], per) for oxide, per in CO2_OF.items()]
        f["process"] = plus((f["clinker"], co2), *avoided, *spare)
        f["credited"] = plus((f["clinker"], co2), (f["process"], -1.0))
        for oxide in CO2_OF:
            brought = [
                (f[f"raw {m['material']}"], -float(m[oxide]) * (1 - float(m["moisture"])))
                for m in self.raw
            ]  # fmt: skip
            held = (f["clinker"], float(site[f"clinker_{oxide}"] or 0))
            f[f"left {oxide}"] = plus(held, *brought, (f[f"spare {oxide}"], 1.0))
        f["burnt"] = plus(*((h, 1.0) for x, h in heats if x["kind"] != "electric"))
        f["heat"] = plus(*((h, 1.0) for _, h in heats))
        fossil = [
            (h, float(x["co2_factor"]) * (1 - float(x["biomass_fraction"]))) for x, h in heats
        ]
        green = [(h, float(x["co2_factor"]) * float(x["biomass_fraction"])) for x, h in heats]
        f["fossil"], f["green"] = plus(*fossil), plus(*green)
        f["captured"] = plus((f["storage"], 1.0), (f["use"], 1.0))
        f["stack"] = plus((f["process"], 1.0), (f["fossil"], 1.0), (f["green"], 1.0))
        own = [(f[f"addition {m['material']}"], m) for m in self.add]
        f["kiln heat"] = plus(
            (f["heat"], 1.0),
            (f["captured"], -v("capture_heat")),
            *((a, -float(m["heat"] or 0)) for a, m in own),
        )
        electric = [(h, 1 / 3.6) for x, h in heats if x["kind"] == "electric"]
        f["demand"] = plus(
            (f["clinker"], v("power_clinker")),
            (constant(v("power_cement") * v("cement") + v("other_power")), 1.0),
            (f["captured"], v("capture_power")),
            *((a, float(m["power"] or 0)) for a, m in own),
            *electric,
        )
        f["bought"] = plus((f["demand"], 1.0), (f["waste"], -1.0), (f["sun"], -1.0))
        f["2"] = plus((f["bought"], v("grid_factor")))
        f["1"] = plus(
            (f["process"], 1.0),
            (f["fossil"], 1.0),
            (constant(v("other_direct")), 1.0),
            (f["storage"], -1.0),
            (f["use"], -1.0 if self.t.use_counts else 0.0),
            *((a, float(m["co2"] or 0)) for a, m in own),
        )
        f["1+2"] = plus((f["1"], 1.0), (f["2"], 1.0))
        f["meal"] = plus((f["clinker"], float(site["raw_per_clinker"] or 0)))
        f["product"] = plus(
            (f["clinker"], 1.0),
            (constant(v("substitutes_sold")), 1.0),
            *((a, 1.0) for a, _ in own),
        )
        f["cement"] = constant(v("cement"))
        f["one"] = constant(1.0)
        return f

    def laws(self) -> None:
        for y in range(self.t.inventory + 1, self.t.last + 1):
            for s in self.t.site:
                f = self.forms(s, y)
                raw = plus(*((f[f"raw {m['material']}"], 1.0) for m in self.raw))
                least = [
                    (plus((f[name], -1.0)), "<") for name in ("for cement", "clinker", "bought")
                ]
                left = ("left cao", "left mgo", "credited")
                self.rows += [*least, *((plus((f[name], -1.0)), "<") for name in left)]
                for source in ("kiln heat", "burnt"):
                    self.rows.append((plus((f["waste"], 1.0), (f[source], -0.014)), "<"))
                self.rows.append((plus((f["captured"], 1.0), (f["stack"], -1.0)), "<"))
                self.rows.append((plus((raw, 1.0), (f["meal"], -1.0)), "<"))
                sign = "<" if self.kiln(s) else "="
                self.rows.append((plus((f["kiln heat"], -1.0)), sign))

    def amount(self, row: dict[str, str], s: str, y: int) -> Form:
        f, lever, which = self.forms(s, y), row["lever"], row["which"]
        if lever == "addition":
            names = [
                m["material"] for m in self.add if which in ("", "all", m["material"], m["kind"])
            ]
            return plus(*((f[f"addition {name}"], 1.0) for name in names))
        if lever == "alternative_raw":
            names = [
                m["material"] for m in self.raw if which in ("", "all", m["material"], m["kind"])
            ]
            return plus(*((f[f"raw {name}"], 1.0) for name in names))
        if lever == "fuel":
            parts = []
            for x in self.t.fuels:
                part = float(which in (x["fuel"], x["kind"]))
                if which == "alternative":
                    part = float(x["kind"] != "fossil")
                if which == "biomass":
                    part = float(x["biomass_fraction"])
                mass = row["unit"] in ("t", "kt", "Mt", "10^4 t")
                parts.append(
                    (
                        f[f"heat {x['fuel']}"],
                        part / float(x["heating_value"]) if mass and part else part,
                    )
                )
            return plus(*parts)
        name = {
            "clinker_ratio": "for cement",
            "heat_intensity": "kiln heat",
            "waste_heat_power": "waste",
            "renewable_power": "sun",
            "clinker": "clinker",
            "capture": {"storage": "storage", "use": "use"}.get(which, "captured"),
        }[lever]
        return f[name]

    def whole(self, row: dict[str, str]) -> str:
        ratios = {
            "clinker_ratio": "cement", "addition": "cement", "alternative_raw": "meal",
            "fuel": "heat", "heat_intensity": "clinker", "renewable_power": "demand",
            "waste_heat_power": "demand" if row["unit"] == "%" else "clinker", "capture": "stack",
        }  # fmt: skip
        return ratios[row["lever"]] if row["unit"] in ("%", "GJ/t", "kWh/t") else ""

    def sum_row(self, row: dict[str, str], last: int) -> None:
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
                if not self.t.inventory < y <= expires:
                    continue
                sites = self.t.where(row["place"])
                now = plus(*((self.amount(row, s, y), 1.0) for s in sites))
                if row["sense"] in ("rise_max", "fall_max"):
                    before = plus(*((self.amount(row, s, y - 1), 1.0) for s in sites))
                    sign = 1.0 if row["sense"] == "rise_max" else -1.0
                    if row["unit"] == "pp/yr":  # of cement, which is given
                        now, before = (
                            plus((amount, 1.0 / sum(self.t.value(s, "cement", x) for s in sites)))
                            for amount, x in ((now, y), (before, y - 1))
                        )
                    right = constant(value)
                    if row["unit"] == "%/yr":
                        seed, _, unit = (row.get("seed") or "0 t/yr").partition(" ")
                        right = plus((before, value), (constant(float(seed) * FACTORS[unit]), 1.0))
                    change = plus((now, sign), (before, -sign), (right, -1.0))
                    self.rows.append((change, "<"))
                    continue
                whole = self.whole(row)
                right = (
                    plus(*((self.forms(s, y)[whole], value) for s in sites))
                    if whole
                    else constant(value)
                )
                form = plus((now, 1.0), (right, -1.0))
                if row["sense"] in ("max", "fixed"):
                    self.rows.append((form, "=" if row["sense"] == "fixed" else "<"))
                else:
                    self.rows.append((plus((form, -1.0)), "<"))

    def share(self, s: str) -> float:
        row = self.t.site[s]
        return float(row["equity"]) if self.t.equity else float(row["control"] == "yes")

    def sum_of(self, name: str, sites: list[str], y: int) -> Form:
        return plus(*((self.forms(s, y)[name], self.share(s)) for s in sites))

    def target_rows(self) -> None:
        for row in self.t.targets:
            sites = self.t.where(row["place"])
            years = sorted(int(c) for c, v in row.items() if c.isdigit() and v)
            sda = any(v == "sda" for v in row.values())
            if row["form"] == "line":
                years = list(range(years[0], years[-1] + 1))
            line = self.t.line(row)
            if row["metric"] == "budget":
                self.budget_row(row, sites, years)
                continue
            base = self.sum_of(row["scope"], sites, self.t.base).get(None, 0.0)
            made = self.sum_of("product", sites, self.t.base).get(None, 0.0)
            for y in years:
                limit = _sda(base / made, self.t.base, y) if sda else line[y]
                if row["unit"] == "% below base":
                    limit = (base / made if row["metric"] == "intensity" else base) * (1 - line[y])
                emitted = self.sum_of(row["scope"], sites, y)
                right = constant(limit)
                if row["metric"] == "intensity":
                    right = plus((self.sum_of("product", sites, y), limit))
                self.rows.append((plus((emitted, 1.0), (right, -1.0)), "<"))

    def budget_row(self, row: dict[str, str], sites: list[str], years: list[int]) -> None:
        line, start = self.t.line(row), int(row.get("since") or self.t.inventory + 1)
        summed = range(years[0] if row["form"] == "line" else start, years[-1] + 1)
        last = years[-1]
        given = [line[y if row["form"] == "line" else last] for y in summed]
        base = self.sum_of(row["scope"], sites, self.t.base).get(None, 0.0)
        if row["unit"] == "% below base":
            most = sum(base * (1 - part) for part in given)
        else:
            most = sum(given) if row["form"] == "line" else line[last]
        emitted = plus(*((self.sum_of(row["scope"], sites, y), 1.0) for y in summed))
        self.rows.append((plus((emitted, 1.0), (constant(most), -1.0)), "<"))

    def least(self) -> float:
        """The least cumulative CCUS, infinite where there is no pathway. [t CO2]"""
        self.laws()
        self.bound_rows()
        self.target_rows()
        horizon = range(self.t.inventory + 1, self.t.last + 1)
        cost = plus(*((self.sum_of("captured", list(self.t.site), y), 1.0) for y in horizon))
        names = list(dict.fromkeys(k for form, _ in [*self.rows, (cost, "")] for k in form if k))
        position = {name: i for i, name in enumerate(names)}
        parts: dict[str, list[Form]] = {
            sign: [
                form for form, s in self.rows if s == sign and any(form.get(k) for k in form if k)
            ]
            for sign in "<="
        }
        matrices = {sign: _matrix(forms, position) for sign, forms in parts.items()}
        limits = {
            s: np.array([-form.get(None, 0.0) / SCALE for form in f]) for s, f in parts.items()
        }
        found = linprog(
            [cost.get(name, 0.0) for name in names],
            A_ub=matrices["<"],
            b_ub=limits["<"],
            A_eq=matrices["="] if parts["="] else None,
            b_eq=limits["="] if parts["="] else None,
            bounds=(0, None),
            method="highs",
        )
        if found.status == _INFEASIBLE:
            return math.inf
        assert found.status == 0, found.message
        return float(found.fun) * SCALE


SCALE = 1e3
_INFEASIBLE = 2  # linprog's number for it


def _matrix(forms: list[Form], position: dict[object, int]) -> coo_array:
    entries = [
        (i, position[k], v) for i, form in enumerate(forms) for k, v in form.items() if k and v
    ]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return coo_array((values, (rows, columns)), shape=(len(forms), len(position)))


def _sda(base: float, base_year: int, year: int) -> float:
    """Fixed share, from the anchors as printed in the sector pathway's table."""
    anchors = [2019, 2030, 2040, 2050]

    def sector(y: int) -> float:
        emitted = np.interp(y, anchors, [2461, 1899, 906, 133])
        return float(emitted / np.interp(y, anchors, [4215, 4258, 4129, 4032]))

    part = (sector(year) - sector(2050)) / (sector(base_year) - sector(2050))
    return (base - sector(2050)) * part + sector(2050)


SHIPPED = [
    *(("one-kiln", None), ("infeasible", None), ("tcc-2024", None)),
    *(("tcc-2024", path.stem) for path in sorted((CASES / "tcc-2024" / "scenarios").glob("*.csv"))),
]


@pytest.mark.parametrize(("case", "scenario"), SHIPPED)
def test_second_model_agrees(case: str, scenario: str | None) -> None:
    """The least CCUS of an independent model is that of the programme; infinite without any."""
    read = read_case(CASES / case, scenario)
    compiled = compile_case(read, read.objective)
    optimum = compiled.highs.solve()
    least = math.inf if optimum is None else optimum.objective * compiled.programme.scale
    second = Second(Tables(CASES / case, scenario)).least()
    assert math.isclose(second, least, rel_tol=1e-11)


@pytest.mark.parametrize(
    "line",
    [
        "fuel,fuel,wood,plant,total_max,TJ,210,",
        "slag,addition,slag,plant,total_max,kt,500,",
        "slag,addition,slag,plant,total_max,kt,,200",
        "heat,heat_intensity,,plant,total_min,TJ,4650,",
        "raw,alternative_raw,all,here,total_max,t,30000,",
        "sun,renewable_power,,plant,total_min,GWh,60,",
        "ccs,capture,storage,plant,total_min,t,100000,",
    ],
)
def test_second_model_agrees_on_sums_over_years(line: str, tmp_path: Path) -> None:
    read = one_kiln(tmp_path, {"bounds": [bound(line)]})
    compiled = compile_case(read, read.objective)
    optimum = compiled.highs.solve()
    least = math.inf if optimum is None else optimum.objective * compiled.programme.scale
    assert math.isclose(Second(Tables(tmp_path / "plant")).least(), least, rel_tol=1e-9)


@pytest.mark.parametrize(
    "line",
    [
        "t1,group,1,budget,points,kt,,1000",
        "t1,plant,1,budget,line,kt,550,450",
        "t1,group,1,budget,points,% below base,,27",
        "t1,group,1+2,budget,line,% below base,20,34",
        "t1,group,2,budget,points,kt,,40",
    ],
)
def test_second_model_agrees_on_budgets(line: str, tmp_path: Path) -> None:
    read = one_kiln(tmp_path, {"targets": [target(line)]}, drop=["scope1"])
    compiled = compile_case(read, read.objective)
    optimum = compiled.highs.solve()
    least = math.inf if optimum is None else optimum.objective * compiled.programme.scale
    assert math.isclose(Second(Tables(tmp_path / "plant")).least(), least, rel_tol=1e-9)


@pytest.mark.parametrize("case", ["one-kiln", "tcc-2024"])
def test_second_model_agrees_with_the_reference(case: str) -> None:
    least = manifest(case)["objectives"][0]["value"]  # type: ignore[index]
    assert math.isclose(Second(Tables(CASES / case)).least(), least, rel_tol=1e-9)
