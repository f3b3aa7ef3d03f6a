"""The published formulas: activities, balances, emissions, inventory and the laws of nature."""
