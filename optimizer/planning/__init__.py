"""A pathway planned: solved, confirmed by the recount, priced, and read back."""
