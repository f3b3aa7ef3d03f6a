"""Accounting rules: inventories under each rulebook, switches, and what is left in the net-zero year."""
