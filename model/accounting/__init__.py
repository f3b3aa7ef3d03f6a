"""Accounting rules: inventories under each rulebook, switches, and the residual emissions."""
