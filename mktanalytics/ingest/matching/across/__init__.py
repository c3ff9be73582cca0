"""Headings that are values: periods, brands, questions and KPIs across a sheet, and the totals beside them."""
