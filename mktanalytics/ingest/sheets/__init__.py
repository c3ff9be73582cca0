"""Stages 3 and 4: the blocks on a sheet and their headers."""
