"""KPI targets, actuals, scores, grades and ranks (methods 5)."""
