"""Questions about bounds: what if, what is it worth, the curve, why not, how free."""
