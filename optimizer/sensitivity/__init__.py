"""What limits are worth: warm re-solves, ranks, curves, ranges, near-optimal alternatives, candidates."""
