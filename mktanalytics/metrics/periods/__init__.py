"""Periods: growth, cumulative levels, contributions, fiscal calendars, moving holidays (methods 2)."""
