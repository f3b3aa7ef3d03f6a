"""A result folder: its schema, its manifest, written and read."""
