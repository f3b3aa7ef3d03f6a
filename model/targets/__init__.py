"""Targets: their limits in each year, the SDA formulas, candidates, and criteria."""
