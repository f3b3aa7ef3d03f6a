"""The commands that ask about bounds: whatif, rank, curve, explain and range."""
