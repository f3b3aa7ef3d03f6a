"""The charts of answers about a case: worth, curve, repair, candidates."""
