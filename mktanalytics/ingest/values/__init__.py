"""Cells → typed values: numbers, dates, text; each distinct value read once, by the evidence of its column."""
