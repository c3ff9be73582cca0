"""Workbooks → tidy tables: a folder for each few stages, in the order guard, read, match, take, check."""
