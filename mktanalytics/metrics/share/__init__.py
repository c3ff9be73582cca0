"""Market share, distribution, buyers, competitors, concentration (methods 1)."""
