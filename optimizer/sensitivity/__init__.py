"""What limits are worth: warm re-solves, ranks, curves, ranges, alternatives, candidates."""
