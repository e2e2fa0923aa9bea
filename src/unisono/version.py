"""The version, on the lowest floor: it is part of every stage's key."""

__version__ = "0.1.0"
