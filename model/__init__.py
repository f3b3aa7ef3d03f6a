"""What is true of a cement group: quantities, emission formulas, case tables, bounds, targets."""
