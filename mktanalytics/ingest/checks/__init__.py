"""Stages 8 and 9: what holds rows, blocks or files back, inside them and across them."""
