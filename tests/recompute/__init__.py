"""The reports' figures once more, in plain Python from the truth: nothing here imports the project."""
