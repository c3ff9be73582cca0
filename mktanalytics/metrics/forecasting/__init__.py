"""Forecasts of a series and how wrong they were (methods 9)."""
