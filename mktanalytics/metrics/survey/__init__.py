"""Surveys: satisfaction, precision, weights, cross tables (methods 6)."""
