"""Measurements of Automator. Not part of the package; each file says how it is run."""
