"""What every site does in every year, as linear forms of what is decided, from the tables alone.

Before the horizon it is what the company's plan says, as constants.
"""

from tests.tools.independent_tables import Line, Tables
from tests.tools.linear_forms import Form, constant, plus, variable

CO2_OF = {"cao": 44 / 56, "mgo": 44 / 40}
SHARES = ("%",)
Forms = dict[str, Form]
Lines = dict[tuple[str, str], tuple[float, str]]  # lever, which -> value, unit


class Quantities:
    """Forms of every quantity of a site and year."""

    def __init__(self, tables: Tables) -> None:
        self.t = tables
        self.raw = [m for m in tables.materials if m["use"] == "alternative_raw"]
        self.add = [m for m in tables.materials if m["use"] == "addition"]
        self.memory: dict[tuple[str, int], Forms] = {}
        self.sending: set[tuple[str, int]] = set()

    def forms(self, s: str, y: int) -> Forms:
        """All forms of a site in a year."""
        if (s, y) not in self.memory:
            decided = y > self.t.inventory
            self.memory[s, y] = self._decided(s, y) if decided else Planned(self).forms(s, y)
        return self.memory[s, y]

    def _decided(self, s: str, y: int) -> Forms:
        kiln, zero = self.t.kiln(s, y), dict[object, float]()
        f: Forms = {"cement": self.cement(s, y), **self._additions(s, y)}
        for m in self.raw:
            f[f"raw {m['material']}"] = variable("raw", m["material"], s, y) if kiln else zero
        hot = self.t.hot(s, y)
        for fuel in self.t.fuels:
            f[f"heat {fuel['fuel']}"] = variable("heat", fuel["fuel"], s, y) if hot else zero
        for name in ("waste", "storage", "use"):
            f[name] = variable(name, s, y) if kiln else zero
        f["sun"] = variable("sun", s, y)
        for oxide in CO2_OF:
            f[f"spare {oxide}"] = variable("spare", oxide, s, y) if kiln else zero
        for g in self.t.generators:
            own = g["site"] == s
            f[f"own {g['generator']}"] = variable("own", g["generator"], y) if own else zero
        for r in self.t.routes:
            way = self.flow(r, y)
            f[f"sent {r['route']}"] = way if r["from"] == s else zero
            f[f"received {r['route']}"] = plus((way, 1 - loss_of(r))) if r["to"] == s else zero
        given = self.t.has_series(s, "clinker_bought")
        bought = constant(self.t.value(s, "clinker_bought", y))
        self._clinker(f, s, y, bought if kiln or given else None)
        return self.derived(f, s, y)

    def cement(self, s: str, y: int) -> Form:
        """What a site makes: decided where a line gives the total of several sites."""
        if self.t.decided_output(s) and self.t.grinds(s, y):
            return variable("cement", s, y)
        return constant(self.t.value(s, "cement", y))

    def flow(self, r: Line, y: int) -> Form:
        """What a route moves: clinker out of a kiln, into cement."""
        there = self.t.kiln(r["from"], y) and self.t.grinds(r["to"], y)
        return variable("flow", r["route"], y) if there else {}

    def _additions(self, s: str, y: int) -> Forms:
        """Each addition, in all cement and in each product."""
        f: Forms = {}
        grinds, products = self.t.grinds(s, y), self.t.product_shares(s, y)
        for m in self.add:
            name = m["material"]
            parts = {p: variable("in", p, name, s, y) if grinds and part else {}
                     for p, part in products.items()}  # fmt: skip
            f.update({f"in {p} {name}": form for p, form in parts.items()})
            whole = variable("add", name, s, y) if grinds else {}
            if products:
                whole = plus(*((form, 1.0) for form in parts.values()))
            f[f"addition {name}"] = whole
        return f

    def _clinker(self, f: Forms, s: str, y: int, bought: Form | None) -> None:
        """Clinker made is what is missing at a kiln, clinker bought what is missing elsewhere."""
        additions = plus(*((f[f"addition {m['material']}"], 1.0) for m in self.add))
        f["for cement"] = plus((f["cement"], 1.0), (additions, -1.0))
        sold = constant(self.t.value(s, "clinker_sold", y))
        moved = [(f[f"sent {r['route']}"], 1.0) for r in self.t.routes]
        moved += [(f[f"received {r['route']}"], -1.0) for r in self.t.routes]
        missing = plus((f["for cement"], 1.0), (sold, 1.0), *moved)
        f["clinker"], f["clinker short"] = {}, {}
        f["clinker bought"] = missing if bought is None else bought
        if not self.t.grinds(s, y):
            f["clinker bought"] = {}
        elif self.t.kiln(s, y):
            f["clinker"] = plus((missing, 1.0), (f["clinker bought"], -1.0))
        elif bought is not None:
            f["clinker short"] = plus((missing, 1.0), (bought, -1.0))

    def derived(self, f: Forms, s: str, y: int) -> Forms:
        """With what follows from the decisions: emissions, heat, power, product."""
        self._process(f, s)
        self._heat(f, s, y)
        self._power(f, s, y)
        own = [(f[f"addition {m['material']}"], m) for m in self.add]
        transport = [
            (f[f"sent {r['route']}"], float(r.get("transport") or 0)) for r in self.t.routes
        ]
        counted = 1.0 if self.t.biogenic_counts else 1 - self.v(s, "captured_biogenic_share", y)
        f["1"] = plus(
            (f["process"], 1.0),
            (f["fossil"], 1.0),
            (f["own co2"], 1.0),
            (constant(self.v(s, "other_direct", y)), 1.0),
            (f["storage"], -counted),
            (f["use"], -counted if self.t.use_counts else 0.0),
            *((a, float(m["co2"] or 0)) for a, m in own),
            *transport,
        )
        f["1+2"] = plus((f["1"], 1.0), (f["2"], 1.0))
        sold = constant(self.v(s, "substitutes_sold", y))
        f["product"] = plus((f["clinker"], 1.0), (sold, 1.0), *((a, 1.0) for a, _ in own))
        for name, part in self.t.product_shares(s, y).items():
            added = [(f[f"in {name} {m['material']}"], -1.0) for m in self.add]
            f[f"cement of {name}"] = plus((f["cement"], part))
            f[f"clinker in {name}"] = plus((f["cement"], part), *added)
        return f

    def v(self, s: str, quantity: str, y: int) -> float:
        return self.t.value(s, quantity, y)

    def _process(self, f: Forms, s: str) -> None:
        site = self.t.site[s]
        held = {oxide: float(site[f"clinker_{oxide}"] or 0) for oxide in CO2_OF}
        co2 = sum(held[oxide] * per for oxide, per in CO2_OF.items())
        avoided = [
            (f[f"raw {m['material']}"],
             -sum(float(m[o]) * per for o, per in CO2_OF.items()) * (1 - float(m["moisture"])))
            for m in self.raw
        ]  # fmt: skip
        spare = [(f[f"spare {oxide}"], per) for oxide, per in CO2_OF.items()]
        f["process"] = plus((f["clinker"], co2), *avoided, *spare)
        f["credited"] = plus((f["clinker"], co2), (f["process"], -1.0))
        for oxide in CO2_OF:
            brought = [
                (f[f"raw {m['material']}"], -float(m[oxide]) * (1 - float(m["moisture"])))
                for m in self.raw
            ]  # fmt: skip
            spared = (f[f"spare {oxide}"], 1.0)
            f[f"left {oxide}"] = plus((f["clinker"], held[oxide]), *brought, spared)
        f["meal"] = plus((f["clinker"], float(site["raw_per_clinker"] or 0)))

    def _heat(self, f: Forms, s: str, y: int) -> None:
        heats = [(x, f[f"heat {x['fuel']}"]) for x in self.t.fuels]
        f["burnt"] = plus(*((h, 1.0) for x, h in heats if x["kind"] != "electric"))
        f["heat"] = plus(*((h, 1.0) for _, h in heats))
        parts = {x["fuel"]: self.t.biomass(s, y, x) for x in self.t.fuels}
        fossil = [(h, float(x["co2_factor"]) * (1 - parts[x["fuel"]])) for x, h in heats]
        green = [(h, float(x["co2_factor"]) * parts[x["fuel"]]) for x, h in heats]
        f["fossil"], f["green"] = plus(*fossil), plus(*green)
        f["captured"] = plus((f["storage"], 1.0), (f["use"], 1.0))
        f["stack"] = plus((f["process"], 1.0), (f["fossil"], 1.0), (f["green"], 1.0))
        f["kiln heat"] = plus(
            (f["heat"], 1.0),
            (f["captured"], -self.v(s, "capture_heat", y)),
            *((f[f"addition {m['material']}"], -float(m["heat"] or 0)) for m in self.add),
        )

    def _power(self, f: Forms, s: str, y: int) -> None:
        f["demand"] = plus(
            (f["clinker"], self.v(s, "power_clinker", y)),
            (f["cement"], self.v(s, "power_cement", y)),
            (constant(self.v(s, "other_power", y)), 1.0),
            (f["captured"], self.v(s, "capture_power", y)),
            *((f[f"addition {m['material']}"], float(m["power"] or 0)) for m in self.add),
            *((f[f"heat {x['fuel']}"], 1 / 3.6) for x in self.t.fuels if x["kind"] == "electric"),
        )
        burnt = []
        for g in self.t.generators:
            (fuel,) = (x for x in self.t.fuels if x["fuel"] == g["fuel"])
            fossil = float(fuel["co2_factor"]) * (1 - self.t.biomass(s, y, fuel))
            burnt.append((f[f"own {g['generator']}"], float(g["heat_rate"]) * fossil))
        f["own co2"] = plus(*burnt)
        f["own power"] = plus(*((f[f"own {g['generator']}"], 1.0) for g in self.t.generators))
        taken = [(f[name], -1.0) for name in ("waste", "sun", "own power")]
        f["bought"] = plus((f["demand"], 1.0), *taken)
        f["2"] = plus((f["bought"], self.v(s, "grid_factor", y)))


def loss_of(route: Line) -> float:
    return float(route.get("loss") or 0)


class Planned:
    """The company's own numbers, as constants."""

    def __init__(self, of: Quantities) -> None:
        self.of, self.t = of, of.t

    def forms(self, s: str, y: int) -> Forms:
        plan, kiln = self._lines(s, y), self.t.kiln(s, y)
        f: Forms = {"cement": constant(self.of.v(s, "cement", y)), **self._additions(s, y)}
        for r in self.t.routes:
            planned = self._lines(r["from"], y).get(("clinker_moved", r["route"]), (0.0, "t"))[0]
            there = self.t.kiln(r["from"], y) and self.t.grinds(r["to"], y)
            sent = planned if there else 0.0
            f[f"sent {r['route']}"] = constant(sent if r["from"] == s else 0.0)
            arrives = sent * (1 - loss_of(r)) if r["to"] == s else 0.0
            f[f"received {r['route']}"] = constant(arrives)
        given = kiln or self.t.has_series(s, "clinker_bought")
        bought = constant(self.of.v(s, "clinker_bought", y)) if given else None
        self.of._clinker(f, s, y, bought)
        clinker = f["clinker"].get(None, 0.0)
        f.update({f"own {g['generator']}": constant(0.0) for g in self.t.generators})
        self._kiln(f, s, y, plan)
        demand = self.of.derived(dict(f), s, y)["demand"].get(None, 0.0)
        for lever, name in (("waste_heat_power", "waste"), ("renewable_power", "sun")):
            own = lever == "renewable_power" or kiln
            f[name] = constant(_power(plan, lever, "", demand, clinker) if own else 0.0)
        for g in self.t.generators:
            own = _power(plan, "own_power", g["generator"], demand, clinker)
            f[f"own {g['generator']}"] = constant(own if g["site"] == s else 0.0)
        return self.of.derived(f, s, y)

    def _lines(self, s: str, y: int) -> Lines:
        """The plan's lines of a site, each the nearest."""
        plan: Lines = {}
        for place in reversed(self.t.levels(s)):
            for row in self.t.plan:
                if row["place"] == place:
                    value = self.t.line(row).get(y, 0.0)
                    plan[row["lever"], row["which"]] = (value, row["unit"])
        return plan

    def _additions(self, s: str, y: int) -> Forms:
        """Of all cement, or of each product by the nearest line that names it."""
        f: Forms = {}
        grinds, products = self.t.grinds(s, y), self.t.product_shares(s, y)
        cement, general = self.of.v(s, "cement", y), self._lines(s, y)
        for m in self.of.add:
            key = ("addition", m["material"])
            parts = []
            for name, part in products.items():
                named = [
                    (self.t.line(row).get(y, 0.0), row["unit"])
                    for level in self.t.levels(s)
                    for row in self.t.plan
                    if row["place"] == f"{level}/{name}" and (row["lever"], row["which"]) == key
                ]
                value, unit = (*named, general.get(key, (0.0, "%")))[0]
                parts.append(value * part * (cement if unit in SHARES else 1.0))
                f[f"in {name} {m['material']}"] = constant(parts[-1] if grinds else 0.0)
            value, unit = general.get(key, (0.0, "%"))
            amount = sum(parts) if products else value * (cement if unit in SHARES else 1.0)
            f[f"addition {m['material']}"] = constant(amount if grinds else 0.0)
        return f

    def _kiln(self, f: Forms, s: str, y: int, plan: Lines) -> None:
        """Raw materials, heat, fuels and capture."""
        clinker = f["clinker"].get(None, 0.0)
        meal = clinker * float(self.t.site[s]["raw_per_clinker"] or 0)
        for m in self.of.raw:
            value, unit = plan.get(("alternative_raw", m["material"]), (0.0, "%"))
            share = value * (meal if unit in SHARES else 1.0)
            f[f"raw {m['material']}"] = constant(share if clinker else 0.0)
        heat = plan.get(("heat_intensity", ""), (0.0, "GJ/t"))[0] * clinker
        heat += sum(
            f[f"addition {m['material']}"].get(None, 0.0) * float(m["heat"] or 0)
            for m in self.of.add
        )
        f.update({f"spare {oxide}": constant(0.0) for oxide in CO2_OF})
        f["storage"] = f["use"] = f["waste"] = f["sun"] = constant(0.0)
        self._burn(f, plan, heat)
        now = self.of.derived(dict(f), s, y)
        beyond = {oxide: -now[f"left {oxide}"].get(None, 0.0) for oxide in CO2_OF}
        f.update({f"spare {o}": constant(max(0.0, beyond[o]) if clinker else 0.0) for o in CO2_OF})
        if self.t.kiln(s, y):
            self._capture(f, s, y, plan, heat)

    def _burn(self, f: Forms, plan: Lines, heat: float) -> None:
        """Heat by fuel; one takes what the others leave."""
        fuels = {x["fuel"]: plan.get(("fuel", x["fuel"]), (0.0, "%")) for x in self.t.fuels}
        rest = 1 - sum(value for value, unit in fuels.values() if unit != "rest")
        for fuel, (value, unit) in fuels.items():
            f[f"heat {fuel}"] = constant(heat * (rest if unit == "rest" else value))

    def _capture(self, f: Forms, s: str, y: int, plan: Lines, heat: float) -> None:
        """Tonnes, or a part of a stack that grows by the heat of capture itself."""
        own = self.of.v(s, "capture_heat", y)

        def stack(captured: float) -> float:
            self._burn(f, plan, heat + own * captured)
            return self.of.derived(dict(f), s, y)["stack"].get(None, 0.0)

        none, more = stack(0.0), stack(1000.0)
        given = {name: plan.get(("capture", name), (0.0, "t")) for name in ("storage", "use")}
        rate = sum(value for value, unit in given.values() if unit in SHARES)
        tonnes = sum(value for value, unit in given.values() if unit not in SHARES)
        slope = (more - none) / 1000.0
        captured = (tonnes + rate * none) / (1 - rate * slope)
        full = stack(captured)
        for name, (value, unit) in given.items():
            f[name] = constant(value * (full if unit in SHARES else 1.0))


def _power(
    plan: Lines,
    lever: str,
    which: str,
    demand: float,
    clinker: float,
) -> float:
    value, unit = plan.get((lever, which), (0.0, "%"))
    return value * {"%": demand, "kWh/t": clinker}.get(unit, 1.0)
