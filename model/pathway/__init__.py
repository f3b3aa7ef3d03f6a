"""A pathway with its accounts and checks, and the recount that confirms it."""
