"""Workbooks to send back, with their problem cells marked."""
