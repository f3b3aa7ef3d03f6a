"""The least-CCUS programme in Pyomo: variables, rows, names, and the matrices compiled from it."""
