"""Stage 9: what only shows when blocks and files are laid side by side."""
