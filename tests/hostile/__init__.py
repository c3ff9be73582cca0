"""Hostile workbooks made by seed: a small table of an invented company, defects combined at random, and the truth."""
