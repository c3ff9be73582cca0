"""Stages 6 to 8: a block as understood → its records, its totals proved, its doubtful rows held back."""
