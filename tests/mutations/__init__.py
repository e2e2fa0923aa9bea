"""Structured mutations through every reader and export, outside the tests: `python -m tests.mutations --help`."""
