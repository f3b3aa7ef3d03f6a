"""Why there is no pathway: the conflict (IIS), the least miss, and what would repair it."""
