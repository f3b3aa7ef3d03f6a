"""The charts of answers about a case: rank, curve, repair, candidates."""
