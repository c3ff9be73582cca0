"""Stages 1 and 2: what a file is, and its cells, read in an isolated process."""
