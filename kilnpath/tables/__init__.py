"""Results as tidy pandas tables."""
