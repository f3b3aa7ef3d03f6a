"""A sweep run: on processes or a cluster, its journal, and its tables."""
