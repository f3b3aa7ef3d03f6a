"""Why emissions change: LMDI and Shapley splits, effects of levers, and wedges."""
