"""The second objective: steady pathways, or those nearest to the company's plan."""
