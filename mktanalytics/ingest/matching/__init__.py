"""Stage 5: which table a block is, what its columns are, and when its figures happened."""
