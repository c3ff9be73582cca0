"""Customers: who buys how often, who stays, what they are worth (methods 7.1 to 7.3)."""
