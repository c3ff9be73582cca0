"""Dealers, receivables and the sales funnel (methods 8.1 to 8.3)."""
