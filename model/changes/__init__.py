"""Changes of a case: other limits and other series, in one syntax of quantities."""
