"""How the best pathway is found: the Pyomo programme, HiGHS, and the diagnosis of impossible cases."""
