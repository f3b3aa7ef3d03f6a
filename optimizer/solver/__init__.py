"""HiGHS: loaded, guarded, interrupted, in threads; and what its multipliers prove."""
