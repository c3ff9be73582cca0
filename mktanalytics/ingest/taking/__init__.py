"""Stages 6 and 7: a block as understood → its records, with every value parsed."""
