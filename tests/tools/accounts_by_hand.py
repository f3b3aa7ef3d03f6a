"""The accounts of ``four_sites`` worked by hand.

Shared numbers: 0.44 t CO2 per t clinker (56 % CaO), 0.11 t avoided per t of wet ash (28 % CaO, half
water), and capture that needs 2 GJ/t, so that the stack S follows from itself.
"""

from model.formulas.inventory import Inventory

# Kiln 2020: additions 200,000 + 50,000; clinker 750,000 + 100,000 − 50,000 = 800,000; ash 120,000.
# Heat 4 · 800,000 + 0.2 · 200,000 + 2 · 50,000 = 3,340,000 before capture, at 0.7 · 0.1
# + 0.2 · 0.08 + 0.1 · 0.1 = 0.096 t/GJ. S = 338,800 + 0.096 (3,340,000 + 2 (0.1 S + 5,000)).
S_2020 = 660_400 / (1 - 0.0192)
C_2020 = 0.1 * S_2020 + 5_000
H_2020 = 3_340_000 + 2 * C_2020
P_2020 = 48_000 + 40_000 + 10_000 + 4_000 + 500 + 0.1 * C_2020
KILN_2020 = Inventory(
    process=338_800,
    combustion=(0.07 + 0.2 * 0.08 * 0.75) * H_2020,
    additions=5_000,
    other=5_000,
    counted=0.9 * C_2020,
    power=(0.9 * P_2020 - 16_000) * 0.4,
    biogenic=(0.2 * 0.08 * 0.25 + 0.01) * H_2020,
    captured=C_2020,
    cementitious=800_000 + 250_000 + 30_000,
)
# Kiln 2024: slag 300,000, clay 80,000; clinker 820,000 + 120,000 − 100,000 = 840,000; ash 126,000.
# Heat 2,520,000 + 60,000 + 160,000 at 0.5 · 0.1 + 0.4 · 0.08 + 0.1 · 0.1 = 0.092 t/GJ.
S_2024 = (355_740 + 0.092 * (2_740_000 + 20_000)) / (1 - 0.092 * 2 * 0.3)
C_2024 = 0.3 * S_2024 + 10_000
H_2024 = 2_740_000 + 2 * C_2024
P_2024 = 42_000 + 36_000 + 12_000 + 6_000 + 800 + 0.1 * C_2024
KILN_2024 = Inventory(
    process=369_600 - 13_860,
    combustion=(0.05 + 0.4 * 0.08 * 0.5) * H_2024,
    additions=8_000,
    other=6_000,
    counted=0.8 * C_2024,
    power=(0.8 * P_2024 - 21_000) * 0.2,
    biogenic=(0.4 * 0.08 * 0.5 + 0.01) * H_2024,
    captured=C_2024,
    cementitious=840_000 + 380_000 + 40_000,
)
# Mill: 30 % slag, the line of its region; the clinker is bought and not its product.
MILL_2020 = Inventory(0, 2_400, 0, 0, 0, 0.9 * 18_400 * 0.6, 0, 0, 120_000)
MILL_2024 = Inventory(0, 3_000, 0, 0, 0, 0.8 * 18_000 * 0.1, 0, 0, 150_000)
MIXER_2020 = Inventory(0, 0, 0, 1_000, 0, 900, 0, 0, 0)
OFFICE_2020 = Inventory(0, 0, 0, 10, 0, 200, 0, 0, 0)  # 500 − 100 MWh, its own line
OFFICE_2024 = Inventory(0, 0, 0, 20, 0, 150, 0, 0, 0)

# Frozen 2024: shares, heat and power intensities of 2020; clay and use grow with cement + sold,
# 1,320 over 1,100. Slag 240,000, clay 60,000; clinker 900,000 + 120,000 − 100,000 = 920,000; ash
# 138,000; heat 3,680,000 + 48,000 + 120,000. The rdf, the grid and what counts are of 2024.
S_FROZEN = (389_620 + 0.096 * (3_848_000 + 12_000)) / (1 - 0.0192)
C_FROZEN = 0.1 * S_FROZEN + 6_000
H_FROZEN = 3_848_000 + 2 * C_FROZEN
P_FROZEN = 55_200 + 48_000 + 12_000 + 4_800 + 600 + 0.1 * C_FROZEN
KILN_FROZEN = Inventory(
    process=404_800 - 15_180,
    combustion=(0.07 + 0.2 * 0.08 * 0.5) * H_FROZEN,
    additions=6_000,
    other=6_000,
    counted=0.8 * C_FROZEN,
    power=(0.9 * P_FROZEN - 18_400) * 0.2,
    biogenic=(0.2 * 0.08 * 0.5 + 0.01) * H_FROZEN,
    captured=C_FROZEN,
    cementitious=920_000 + 300_000 + 40_000,
)
MILL_FROZEN = Inventory(0, 3_000, 0, 0, 0, 0.9 * (20_000 + 3_000) * 0.1, 0, 0, 150_000)
MIXER_FROZEN = Inventory(0, 0, 0, 1_200, 0, 0.9 * 3_000 * 0.3, 0, 0, 0)
OFFICE_FROZEN = Inventory(0, 0, 0, 20, 0, 600 * 0.3, 0, 0, 0)  # no product, so still 100 MWh

SHARES = {
    "equity": {"kiln": 0.6, "mill": 0.5, "mixer": 0.25, "office": 1.0},
    "control": {"kiln": 1.0, "mill": 0.0, "mixer": 1.0, "office": 1.0},
}
ALL_2020 = {"kiln": KILN_2020, "mill": MILL_2020, "mixer": MIXER_2020, "office": OFFICE_2020}
