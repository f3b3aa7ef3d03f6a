"""The levers, the bounds on them as rows, changes of bounds, and the company's own plan."""
