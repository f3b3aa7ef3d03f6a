"""What several tests use: plants, cases, rows written in Pyomo, the reference, the catalogue."""
